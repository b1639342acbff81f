package rdfc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func canonical(t testing.TB, text string) string {
	t.Helper()
	d, err := ParseNQuads([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	out, err := d.Canonicalize(Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestEscapes(t *testing.T) {
	var d Dataset
	d.AddLiteral(IRI("urn:s"), "urn:p", "\x00\x07\b\t\n\v\f\r\x1f \"\\\x7f\u0080é😀", "", 0, Node{})
	d.AddLiteral(IRI("urn:s"), "urn:p", "x", "urn:t", 0, IRI("urn:g"))
	d.AddTagged(IRI("urn:s"), "urn:p", "x", "en-gb", Node{})
	d.Add(IRI("urn:<>"), "urn:p", IRI("urn:é"), Node{})
	want := `<urn:\u003C\u003E> <urn:p> <urn:é> .
<urn:s> <urn:p> "\u0000\u0007\b\t\n\u000B\f\r\u001F \"\\\u007F` + "\u0080é😀" + `" .
<urn:s> <urn:p> "x"@en-gb .
<urn:s> <urn:p> "x"^^<urn:t> <urn:g> .
`
	got, err := d.Canonicalize(Limits{})
	if err != nil || string(got) != want {
		t.Fatalf("%s (%v)", got, err)
	}
	if again := canonical(t, string(got)); again != want {
		t.Errorf("read back as %s", again)
	}
}

func TestLinesAreInCodePointOrder(t *testing.T) {
	got := canonical(t, "<urn:s> <urn:p> \"\U0001f600\" .\n<urn:s> <urn:p> \"\uffee\" .\n")
	if want := "<urn:s> <urn:p> \"\uffee\" .\n<urn:s> <urn:p> \"\U0001f600\" .\n"; got != want {
		t.Error(got)
	}
}

func TestDedup(t *testing.T) {
	var d Dataset
	b := d.Blank()
	for range 2 {
		d.Add(b, "urn:p", IRI("urn:o"), Node{})
		d.AddLiteral(b, "urn:p", "x", "", 1, Node{})
	}
	if d.Dedup() || d.Len() != 2 {
		t.Errorf("%d quads", d.Len())
	}
	d.AddLiteral(b, "urn:p", "x", XSDString, 2, Node{})
	if !d.Dedup() || d.Len() != 2 {
		t.Error("another origin was not noticed")
	}
	d.AddLiteral(b, "urn:q", "x", "urn:t", Distinct, Node{})
	d.AddLiteral(b, "urn:q", "x", "urn:t", Distinct, Node{})
	if !d.Dedup() || d.Len() != 3 {
		t.Error("a distinct literal was taken for a repetition")
	}
	d.AddLiteral(b, "urn:q", "x", "urn:u", 0, Node{})
	d.Add(b, "urn:p", IRI("urn:o"), IRI("urn:g"))
	if d.Dedup() || d.Len() != 5 {
		t.Error("quads that differ were dropped")
	}
}

// TestLabelsDoNotMatter renames and shuffles: the form stays.
func TestLabelsDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		nodes, quads := 1+r.IntN(6), 1+r.IntN(12)
		type edge struct{ from, to, predicate, graph int }
		edges := make([]edge, quads)
		for i := range edges {
			edges[i] = edge{r.IntN(nodes), r.IntN(nodes), r.IntN(2), r.IntN(nodes + 2)}
		}
		write := func(labels []int) string {
			var b strings.Builder
			for _, e := range edges {
				graph := ""
				if e.graph < nodes {
					graph = fmt.Sprintf("_:n%d ", labels[e.graph])
				}
				fmt.Fprintf(&b, "_:n%d <urn:p%d> _:n%d %s.\n", labels[e.from], e.predicate, labels[e.to], graph)
			}
			return b.String()
		}
		first := canonical(t, write(r.Perm(nodes)))
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		if second := canonical(t, write(r.Perm(nodes))); first != second {
			t.Fatalf("%s\n%s", first, second)
		}
		if again := canonical(t, first); again != first {
			t.Fatalf("%s\nbecomes\n%s", first, again)
		}
	}
}

func TestLimits(t *testing.T) {
	var d Dataset
	for range 3 {
		d.Add(d.Blank(), "urn:p", IRI("urn:o"), Node{})
	}
	if _, err := d.Canonicalize(Limits{BlankNodes: 2}); !errors.Is(err, ErrTooComplex) {
		t.Error("too many blank nodes:", err)
	}
	if _, err := d.Canonicalize(Limits{Steps: 2}); !errors.Is(err, ErrTooComplex) {
		t.Error("too many steps:", err)
	}
	if _, err := d.Canonicalize(Limits{}); err != nil {
		t.Error(err)
	}
	d.Reset()
	if out, err := d.Canonicalize(Limits{}); err != nil || len(out) != 0 || d.Len() != 0 || d.Blanks() != 0 {
		t.Errorf("after Reset: %q %v", out, err)
	}
}

// entangledGraphs are graphs of n nodes that all look alike, or nearly.
func entangledGraphs(n int) map[string]*Dataset {
	build := func(n int, linked func(i, j int) bool) *Dataset {
		d := &Dataset{}
		nodes := make([]Node, n)
		for i := range nodes {
			nodes[i] = d.Blank()
		}
		for i := range n {
			for j := range n {
				if linked(i, j) {
					d.Add(nodes[i], "urn:p", nodes[j], Node{})
				}
			}
		}
		return d
	}
	return map[string]*Dataset{
		"clique": build(min(n, 90), func(i, j int) bool { return i != j }),
		"ring":   build(n, func(i, j int) bool { return j == (i+1)%n }),
		"star":   build(n, func(i, j int) bool { return i == 0 && j > 0 }),
		"loops":  build(n, func(i, j int) bool { return i == j }),
		"ladder": build(n, func(i, j int) bool { return j == i^1 || j == (i+2)%n }),
		"forest": build(n, func(i, j int) bool { return i > 0 && j == (i-1)/3 }),
	}
}

// BenchmarkEntangled puts the largest of them in order, or gives up.
func BenchmarkEntangled(b *testing.B) {
	for name, d := range entangledGraphs(MaxBlankNodes) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Canonicalize(Limits{}); err != nil && !errors.Is(err, ErrTooComplex) {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestEntangledGraphs: cliques, rings and stars of unnamed nodes are put in
// order or refused, within the steps and hashes that are allowed and in bounded
// memory. BenchmarkPoison and BenchmarkEntangled have the time.
func TestEntangledGraphs(t *testing.T) {
	for n := 2; n <= MaxBlankNodes; n *= 2 {
		for name, d := range entangledGraphs(n) {
			const most = 16 << 20
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := d.Canonicalize(Limits{})
			runtime.ReadMemStats(&after)
			if err != nil && !errors.Is(err, ErrTooComplex) {
				t.Errorf("%s of %d: %v", name, n, err)
			}
			// The budgets end below zero when they are used up, by the one step that
			// was refused.
			if d.work.steps < -1 || d.work.hashes < -1 {
				t.Errorf("%s of %d: %d steps and %d hashes are left", name, n, d.work.steps, d.work.hashes)
			}
			if bytes := after.TotalAlloc - before.TotalAlloc; bytes > slow*most {
				t.Errorf("%s of %d: %d bytes allocated", name, n, bytes)
			}
		}
	}
}

func TestParseNQuads(t *testing.T) {
	good := "# comment\n\n <urn:s>\t<urn:p> \"a\\u00e9\\U0001F600\\t\\'\" . # more\r\n_:a.b <urn:p> _:0-x <urn:g> .\n<urn:s> <urn:p> \"1\"^^<urn:t>."
	d, err := ParseNQuads([]byte(good))
	if err != nil || d.Len() != 3 || d.Blanks() != 2 {
		t.Fatalf("%v %d", err, d.Len())
	}
	bad := []string{`<urn:s> <urn:p> .`, `<urn:s> _:p <urn:o> .`, `"x" <urn:p> <urn:o> .`, `<urn:s> <urn:p> <urn:o>`, `<urn:s> <urn:p> <urn:o> . x`, `<a b> <urn:p> <urn:o> .`, `<urn:s> <urn:p> "x .`,
		`<urn:s> <urn:p> "x"@ .`, `<urn:s> <urn:p> "x"@1 .`, `<urn:s> <urn:p> "x"^^y .`, `<urn:s> <urn:p> "\x" .`, `<urn:s> <urn:p> "\ud800" .`, `<urn:s> <urn:p> "\UFFFFFFFF" .`, `<relative> <urn:p> <urn:o> .`, `_: <urn:p> <urn:o> .`,
		`<urn:s> <urn:p> <urn:o> "g" .`, "<urn:s> <urn:p> \"\xff\" .", `<urn:s <urn:p> <urn:o> .`, `<urn:s> <urn:p> "x\`}
	for _, text := range bad {
		if d, err := ParseNQuads([]byte(text)); err == nil {
			t.Errorf("%s: accepted, %d quads", text, d.Len())
		}
	}
}

func FuzzNQuads(f *testing.F) {
	f.Add([]byte("_:a <urn:p> _:b _:g .\n_:b <urn:p> _:a .\n<urn:s> <urn:p> \"x\\n\"@en .\n"))
	f.Add([]byte(`<urn:s> <urn:p> "\u0000"^^<urn:t> <urn:g> .`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ParseNQuads(text)
		if err != nil {
			return
		}
		out, err := d.Canonicalize(Limits{})
		if err != nil {
			return
		}
		lines := strings.SplitAfter(string(out), "\n")
		if !slices.IsSorted(lines[:len(lines)-1]) {
			t.Fatalf("not sorted: %s", out)
		}
		again, err := ParseNQuads(out)
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		second, err := again.Canonicalize(Limits{})
		if err != nil || string(second) != string(out) {
			t.Fatalf("%s\nbecomes\n%s (%v)", out, second, err)
		}
	})
}
