package verifier_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
)

// change alters one place of a JSON value: a leaf, a member's name, its place,
// or its presence.
func change(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 {
			return map[string]any{"id": "urn:x:1"}
		}
		key := keys[r.IntN(len(keys))]
		switch r.IntN(9) {
		case 0:
			delete(v, key)
		case 1: // another case
			v[strings.ToUpper(key[:1])+key[1:]] = v[key]
			delete(v, key)
		case 2: // a second one in another case
			v[strings.ToLower(key)+"K"] = v[key]
		case 3: // beside
			other := keys[r.IntN(len(keys))]
			v[key], v[other] = v[other], v[key]
		case 4:
			v[[]string{"name", "description", "validUntil", "grade", "@id", "@type", "@graph", "@included", "evidence", "id", "type"}[r.IntN(11)]] = "urn:x:2"
		default:
			v[key] = change(r, v[key])
		}
		return v
	case []any:
		if len(v) == 0 {
			return append(v, "urn:x:3")
		}
		i := r.IntN(len(v))
		switch r.IntN(6) {
		case 0:
			return slices.Delete(v, i, i+1)
		case 1:
			return append(v, v[i])
		case 2:
			slices.Reverse(v)
			return v
		}
		v[i] = change(r, v[i])
		return v
	case string:
		return changeText(r, v)
	case bool:
		return !v
	}
	return "urn:x:4"
}

func changeText(r *rand.Rand, s string) string {
	if s == "" {
		return "x"
	}
	b := []byte(s)
	i := r.IntN(len(b))
	switch r.IntN(5) {
	case 0:
		b[i] ^= 0x20
	case 1:
		return s[:i] + s[i+1:]
	case 2:
		return s + " "
	case 3:
		return s[:i] + "\u200b" + s[i:]
	default:
		b[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[r.IntN(62)]
	}
	return strings.ToValidUTF8(string(b), "?")
}

// statements gives claims in a form in which equal sets of statements are equal:
// arrays of one are their element, the order in arrays does not matter (no term
// of a badge is a list), and what is there twice is there once.
func statements(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, each := range v {
			out[k] = statements(each)
		}
		return out
	case []any:
		var texts []string
		for _, each := range v {
			raw, err := json.Marshal(statements(each))
			if err != nil {
				panic(err)
			}
			texts = append(texts, string(raw))
		}
		slices.Sort(texts)
		texts = slices.Compact(texts)
		if len(texts) == 1 {
			var one any
			if err := json.Unmarshal([]byte(texts[0]), &one); err != nil {
				panic(err)
			}
			return one
		}
		return texts
	}
	return v
}

// No mutation of a genuine badge is accepted with other claims than were signed.
func TestMutations(t *testing.T) {
	w := newWorld(t)
	genuine := w.sign(t, badge())
	jcsSigned := w.sign(t, badge(), func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 })
	r := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	check := func(what string, doc, original []byte, same func(a, b any) bool) {
		report, err := w.verifier().Verify(t.Context(), doc, verifier.Ask{})
		if err != nil || outcome(report, "proof") != verifier.Verified {
			return
		}
		accepted++
		var got, want map[string]any
		if json.Unmarshal(report.Credential, &got) != nil || json.Unmarshal(original, &want) != nil {
			t.Fatalf("%s: %s", what, report.Credential)
		}
		delete(want, "proof")
		if !same(got, want) {
			t.Errorf("%s: accepted with other claims: %s\n%s", what, report.Summary, doc)
		}
	}
	contextless := func(v any) map[string]any {
		m := maps.Clone(v.(map[string]any))
		delete(m, "@context") // adding an unused vocabulary adds no statement
		return m
	}
	sameStatements := func(a, b any) bool {
		return canonical(t, statements(contextless(a))) == canonical(t, statements(contextless(b)))
	}
	sameBytes := func(a, b any) bool { return canonical(t, a) == canonical(t, b) }
	for i := range 2000 {
		var doc any
		if err := json.Unmarshal(genuine, &doc); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(change(r, doc))
		if err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("statements %d", i), raw, genuine, sameStatements)
		if i%4 > 0 {
			continue
		}
		if err := json.Unmarshal(jcsSigned, &doc); err != nil {
			t.Fatal(err)
		}
		if raw, err = json.Marshal(change(r, doc)); err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("jcs %d", i), raw, jcsSigned, sameBytes)
	}
	structural := accepted
	// A byte anywhere.
	for i := range genuine {
		doc := bytes.Clone(genuine)
		doc[i] ^= 1 << r.IntN(8)
		check(fmt.Sprintf("byte %d", i), doc, genuine, sameStatements)
	}
	t.Logf("%d of 2500 structural and %d of %d single-bit mutations left the statements as they were", structural, accepted-structural, len(genuine))
}

// Any input is answered within bounds; nothing panics, and the report holds.
func FuzzVerify(f *testing.F) {
	w := newWorld(f)
	f.Add(w.sign(f, badge()))
	f.Add(w.sign(f, badge(), func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 }))
	f.Add(w.lists[listURL])
	f.Add([]byte(`{"@context":["https://www.w3.org/2018/credentials/v1"],"type":["VerifiableCredential"],"issuer":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2","issuanceDate":"2010-01-01T00:00:00Z","credentialSubject":{"id":"urn:x:1"},"proof":[]}`))
	f.Add([]byte("eyJhbGciOiJub25lIn0.eyJhIjoxfQ.AAAA"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		w.asked = nil
		began := time.Now()
		r, err := w.verifier().Verify(t.Context(), doc, verifier.Ask{Name: "Ada Lovelace", Email: "ada@example.org"})
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%d bytes took %v", len(doc), took)
		}
		if err == nil {
			wellFormed(t, r)
		}
	})
}
