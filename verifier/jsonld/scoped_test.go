package jsonld

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scoper makes well-formed contexts with terms, types and properties scoped
// within each other, and documents that use them.
type scoper struct{ *rand.Rand }

func (s scoper) one(list ...any) any { return list[s.IntN(len(list))] }

func (s scoper) termName() string { return "t" + strconv.Itoa(s.IntN(6)) }
func (s scoper) typeName() string { return "T" + strconv.Itoa(s.IntN(4)) }

// definitions makes one context object.
func (s scoper) definitions(depth int) map[string]any {
	out := map[string]any{}
	if s.IntN(3) == 0 {
		out["@protected"] = true
	}
	if s.IntN(6) == 0 {
		out["@language"] = s.one("en", "DE-at")
	}
	if s.IntN(8) == 0 {
		out["@vocab"] = s.one("https://example.org/vocab#", "urn:vocab:")
	}
	if s.IntN(4) == 0 {
		out["@version"] = json.Number("1.1")
	}
	if s.IntN(3) > 0 || depth == 2 {
		out["id"], out["type"] = "@id", "@type"
	}
	if s.IntN(3) == 0 {
		out["p"] = s.one("https://example.org/p/", map[string]any{"@id": "https://example.org/prefix", "@prefix": true}, "urn:plain")
	}
	for range 2 + s.IntN(4) {
		out[s.termName()] = s.term(depth)
	}
	for range s.IntN(3) {
		name := s.typeName()
		if depth == 0 || s.IntN(3) == 0 {
			out[name] = "urn:" + name
		} else {
			out[name] = map[string]any{"@id": "urn:" + name, "@context": s.definitions(depth - 1)}
		}
	}
	return out
}

func (s scoper) term(depth int) any {
	iri := fmt.Sprintf("https://example.org/v%d#x%d", s.IntN(2), s.IntN(9))
	if s.IntN(3) == 0 {
		return iri
	}
	out := map[string]any{"@id": iri}
	switch s.IntN(6) {
	case 0, 1:
		out["@type"] = s.one("@id", "@vocab", "@none", "@json", "urn:datatype", "http://www.w3.org/2001/XMLSchema#double")
	case 2:
		out["@language"] = s.one("fr", nil)
	}
	if out["@type"] != "@json" && s.IntN(3) == 0 {
		out["@container"] = s.one("@list", "@set", "@graph", "@language", []any{"@graph", "@set"}, []any{"@language", "@set"})
	}
	if depth > 0 && s.IntN(4) == 0 {
		out["@context"] = s.definitions(depth - 1)
	}
	if s.IntN(6) == 0 {
		out["@protected"] = s.IntN(2) == 0
	}
	return out
}

func (s scoper) object(depth int) map[string]any {
	out := map[string]any{}
	if s.IntN(3) == 0 {
		out["id"] = fmt.Sprintf("urn:node:%d", s.IntN(5))
	}
	switch s.IntN(4) {
	case 0:
		out["type"] = s.typeName()
	case 1:
		out["type"] = []any{s.typeName(), s.typeName()}
	}
	if s.IntN(8) == 0 {
		out["@context"] = s.definitions(1)
	}
	for range 1 + s.IntN(3) {
		out[s.termName()] = s.value(depth)
	}
	return out
}

func (s scoper) value(depth int) any {
	switch n := s.IntN(10); {
	case n < 4 && depth > 0:
		return s.object(depth - 1)
	case n < 5 && depth > 0:
		return []any{s.value(depth - 1), s.object(depth - 1)}
	case n < 6:
		return map[string]any{"@value": s.one("x", true, json.Number("3")), "@type": s.one("urn:dt", s.typeName())}
	case n < 7:
		return map[string]any{"@value": "x", "@language": s.one("en", "EN-gb")}
	}
	return s.one("x", "urn:y", s.typeName(), "p:z", json.Number("3"), json.Number("2.5"), true, "5.0E0")
}

func (s scoper) next() []byte {
	doc := s.object(3)
	contexts := []any{}
	if s.IntN(4) == 0 {
		contexts = append(contexts, "https://www.w3.org/ns/credentials/v2")
	}
	for range 1 + s.IntN(2) {
		contexts = append(contexts, s.definitions(2))
	}
	doc["@context"] = contexts
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return text
}

// TestScopedContextsAgainstNPM is TestAgainstNPM over what inline contexts can
// do. Most random documents are refused somewhere: what counts is that those
// that are not come out alike.
func TestScopedContextsAgainstNPM(t *testing.T) {
	t.Parallel()
	count, seed := 1000, uint64(7)
	if n, err := strconv.Atoi(os.Getenv("HALLMARK_COUNT")); err == nil {
		count = n
	}
	if n, err := strconv.ParseUint(os.Getenv("HALLMARK_SEED"), 10, 64); err == nil {
		seed = n
	}
	s := scoper{rand.New(rand.NewPCG(seed, 2))}
	var docs [][]byte
	for range count {
		docs = append(docs, s.next())
	}
	same, stricter, bad := 0, map[string]int{}, 0
	for i, answer := range askNPM(t, docs) {
		ours, err := canonicalText(docs[i])
		switch {
		case err == nil && answer.Error != "":
			bad++
			t.Errorf("laxer than npm (%s): %s\n%s", answer.Error, docs[i], ours)
		case err == nil && ours != codePointOrder(answer.Canonical):
			bad++
			t.Errorf("another form: %s\n%s", docs[i], cmp.Diff(codePointOrder(answer.Canonical), ours))
		case err == nil:
			same++
		case answer.Error == "":
			stricter[kindOf(err)]++
		}
		if bad > 5 {
			t.Fatal("and so on")
		}
	}
	if same < count/50 {
		t.Errorf("only %d accepted", same)
	}
	var reasons []string
	for reason, n := range stricter {
		reasons = append(reasons, fmt.Sprintf("%5d %s", n, reason))
	}
	slices.Sort(reasons)
	t.Logf("%d of %d alike; refused here alone: %q", same, count, reasons)
}
