package jsonld

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallmark/verifier/strictjson"
)

// hostile are documents of up to 256 KiB that cost as much as can be.
func hostile() map[string]string {
	const size = 250 << 10
	const head = `{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/undefined-terms/v2"],"type":"VerifiableCredential",`
	inline := func(extra, body string) string {
		return `{"@context":["https://www.w3.org/ns/credentials/v2",` + extra + `],"type":"VerifiableCredential",` + body + `}`
	}
	fill := func(prefix, unit, suffix string, max int) string {
		n := min(max, (size-len(prefix)-len(suffix))/(len(unit)+1))
		return prefix + strings.TrimSuffix(strings.Repeat(unit+",", n), ",") + suffix
	}
	numbered := func(prefix, format, suffix string, n int) string {
		var b strings.Builder
		b.WriteString(prefix)
		for i := range n {
			if b.Len() > size-100 {
				break
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String() + suffix
	}
	tree := `{"a":1}`
	for range 6 {
		tree = `{"a":[` + tree + `,` + tree + `]}`
	}
	wide := `{"a":1}`
	for range 3 {
		wide = fill(`{"a":[`, wide, `]}`, 7)
	}
	return map[string]string{
		"honest":                   honest,
		"twin leaves":              fill(head+`"x":[`, `{"a":1}`, `]}`, 1000),
		"twin leaves, too many":    fill(head+`"x":[`, `{"a":1}`, `]}`, 9000),
		"twin trees":               fill(head+`"x":[`, tree, `]}`, 6),
		"wide trees":               fill(head+`"x":[`, wide, `]}`, 2),
		"twin pairs":               fill(head+`"x":[`, `{"a":{"b":{}}}`, `]}`, 300),
		"twin fans":                fill(head+`"x":[`, `{"a":[{},{},{},{},{},{},{}]}`, `]}`, 100),
		"twin graphs":              fill(head+`"x":[`, `{"proof":[{"a":1},{"a":1},{"a":1}],"type":"VerifiableCredential"}`, `]}`, 100),
		"many texts":               numbered(head+`"x":[`, `"#"`, `]}`, 9900),
		"many names":               numbered(head, `"x#":1`, `}`, 5800),
		"one long text":            head + `"x":"` + strings.Repeat(`\u0001`, size/6-100) + `"}`,
		"one long IRI":             head + `"id":"urn:` + strings.Repeat("é", size/2-200) + `"}`,
		"deep":                     head + `"x":` + strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60) + "}",
		"many types":               numbered(head+`"x":[`, `{"type":["T#","U#","V#"]}`, `]}`, 1000),
		"type combinations":        numbered(inlineTypes(), `{"type":["T#","T1#"]}`, `]}`, 1000),
		"contexts in every object": numbered(inline(`{"t":"urn:t"}`, `"t":[`)[:len(inline(`{"t":"urn:t"}`, `"t":[`))-1], `{"@context":{"u#":"urn:u"},"u#":1}`, `]}`, 1000),
		"many terms":               inline(numbered(`{`, `"t#":"urn:#"`, `}`, 4000), `"t1":1`),
		"names by vocabulary":      numbered(inline(`{"@vocab":"urn:v:"}`, "")[:len(inline(`{"@vocab":"urn:v:"}`, ""))-1], `"x#":1`, `}`, 5800),
		"numbers":                  numbered(head+`"x":[`, `1.#5e300`, `]}`, 9900),
		"lists":                    numbered(inline(`{"l":{"@id":"urn:l","@container":"@list"}}`, `"l":[`)[:len(inline(`{"l":{"@id":"urn:l","@container":"@list"}}`, `"l":[`))-1], `"#"`, `]}`, 1000),
		"JSON":                     numbered(inline(`{"j":{"@id":"urn:j","@type":"@json"}}`, `"j":{`)[:len(inline(`{"j":{"@id":"urn:j","@type":"@json"}}`, `"j":{`))-1], `"k#":[1.5e-9,"\u0001"]`, `}}`, 2400),
		"directions":               numbered(head+`"x":[`, `{"@value":"#","@direction":"rtl"}`, `]}`, 2400),
		"language tags":            numbered(head+`"x":[`, `{"@value":"#","@language":"en-a-b-c-d-e-f-g"}`, `]}`, 2400),
		"the same again":           fill(head+`"x":[`, `"y"`, `]}`, 9900),
	}
}

// inlineTypes begins a document whose context scopes ten types.
func inlineTypes() string {
	var b strings.Builder
	b.WriteString(`{"@context":["https://www.w3.org/ns/credentials/v2",{"x":"urn:x"`)
	for i := range 20 {
		fmt.Fprintf(&b, `,"T%d":{"@id":"urn:T%d","@context":{"a%d":"urn:a"}}`, i, i, i)
	}
	b.WriteString(`}],"type":"VerifiableCredential","x":[`)
	return b.String()
}

// processor is the processor time that this process has used.
func processor(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestHostileDocuments holds every document to 8 MiB of memory and to the work
// of 5,000 small honest documents, counted just before because a busy machine
// slows both alike: 50 ms of one processor on the machine that the promise was
// made for. The log has the figures.
func TestHostileDocuments(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			if len(text) > 256<<10 {
				t.Fatalf("%d bytes", len(text))
			}
			const most = 5000
			best, memory, answer, work := time.Hour, uint64(1<<40), "", math.Inf(1)
			for range 5 {
				const several = 1000
				began := processor(t)
				for range several {
					if _, err := canonicalText([]byte(honest)); err != nil {
						t.Fatal(err)
					}
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := processor(t)
				answer = "accepted"
				doc, err := strictjson.Parse([]byte(text))
				if err == nil {
					_, err = Canonicalize(doc, Options{})
				}
				took := processor(t) - start
				if one := (start - began) / several; one > 0 {
					work = min(work, float64(took)/float64(one))
				}
				runtime.ReadMemStats(&after)
				if err != nil {
					answer = err.Error()
				}
				best, memory = min(best, took), min(memory, after.TotalAlloc-before.TotalAlloc)
			}
			t.Logf("%8d bytes %10v %5.0f times an honest one %6d KiB: %.100s", len(text), best.Round(time.Microsecond), work, memory>>10, answer)
			if work > most {
				t.Errorf("took as much work as %.0f honest documents", work)
			}
			if memory > slow*8<<20 {
				t.Errorf("took %d KiB", memory>>10)
			}
		})
	}
}
