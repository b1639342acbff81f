package verifier_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
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

// fixedKeys knows one issuer and fetches nothing; goroutines may share it.
type fixedKeys struct {
	document *did.Document
	set      *did.KeySet
}

func (k fixedKeys) Document(_ context.Context, id string) (*did.Document, error) {
	if id != academy {
		return nil, did.ErrNotFound
	}
	return k.document, nil
}

func (k fixedKeys) KeySet(_ context.Context, url string) (*did.KeySet, error) {
	if url != keyURL {
		return nil, did.ErrNotFound
	}
	return k.set, nil
}

// genuine is a badge that is accepted, and what it says.
type genuine struct {
	keys fixedKeys
	doc  []byte
	says any
	same func(a, b any) bool
}

func newGenuine(t testing.TB, w *tokenWorld, doc []byte, same func(a, b any) bool) *genuine {
	g := &genuine{doc: doc, same: same}
	var err error
	if g.keys.document, err = did.ParseDocument(academy, []byte(w.documents[academy])); err != nil {
		t.Fatal(err)
	}
	if g.keys.set, err = did.ParseKeySet([]byte(w.sets[keyURL])); err != nil {
		t.Fatal(err)
	}
	claims, accepted := g.claims(t, doc)
	if !accepted {
		t.Fatalf("the genuine badge is not accepted: %s", doc)
	}
	if text := canonical(t, claims); !strings.Contains(text, badgeID) || !strings.Contains(text, "Builds governed applications.") {
		t.Fatalf("the genuine badge says %s", text)
	}
	g.says = claims
	return g
}

// claims are what a document is accepted as saying.
func (g *genuine) claims(t testing.TB, doc []byte) (any, bool) {
	v := &verifier.Verifier{Keys: g.keys, Now: func() time.Time { return today }}
	report, err := v.Verify(t.Context(), doc, verifier.Ask{})
	if err != nil || outcome(report, "proof") != verifier.Verified {
		return nil, false
	}
	var claims any
	if err := json.Unmarshal(report.Credential, &claims); err != nil {
		t.Fatalf("%v in %s", err, report.Credential)
	}
	return claims, true
}

// try reports whether a mutation was accepted, and complains if as something
// else than what was signed.
func (g *genuine) try(t testing.TB, doc []byte) bool {
	claims, accepted := g.claims(t, doc)
	if accepted && !g.same(claims, g.says) {
		t.Errorf("accepted with other claims: %s", doc)
	}
	return accepted
}

// decoded is a fresh tree of the genuine document, for change to alter.
func (g *genuine) decoded(t testing.TB) any {
	decoder := json.NewDecoder(bytes.NewReader(g.doc))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// shards is how many parts a family of mutations is tested in, at the same time.
const shards = 8

// TestMutations tries more than 100,000 mutations of genuine badges with the key
// known and nothing to fetch: none may be accepted with other claims than were
// signed. Claims are compared by an account of their own, over encoding/json. A
// race build, where each takes twenty times as long, tries a tenth of them.
func TestMutations(t *testing.T) {
	w := newTokenWorld(t)
	contextless := func(v any) map[string]any {
		m := maps.Clone(v.(map[string]any))
		delete(m, "@context") // adding an unused vocabulary adds no statement
		return m
	}
	sameStatements := func(a, b any) bool {
		return canonical(t, statements(contextless(a))) == canonical(t, statements(contextless(b)))
	}
	sameText := func(a, b any) bool { return canonical(t, a) == canonical(t, b) }
	rdf := newGenuine(t, w, w.sign(t, badge()), sameStatements)
	inJSON := newGenuine(t, w, w.sign(t, badge(), func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 }), sameText)
	token := newGenuine(t, w, w.badgeToken(t, keyURL), sameText)

	changed := func(g *genuine) func(testing.TB, *rand.Rand, int) []byte {
		return func(t testing.TB, r *rand.Rand, _ int) []byte {
			raw, err := json.Marshal(change(r, g.decoded(t)))
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}
	}
	flipped := func(g *genuine) func(testing.TB, *rand.Rand, int) []byte {
		return func(_ testing.TB, _ *rand.Rand, i int) []byte {
			doc := bytes.Clone(g.doc)
			doc[i/8] ^= 1 << (i % 8)
			return doc
		}
	}
	respelt := func(g *genuine) func(testing.TB, *rand.Rand, int) []byte {
		return func(t testing.TB, r *rand.Rand, _ int) []byte { return respell(t, r, nil, g.decoded(t)) }
	}
	total := 0
	for _, family := range []struct {
		name   string
		of     *genuine
		count  int
		mutate func(t testing.TB, r *rand.Rand, i int) []byte
		all    bool // the same claims in another spelling: every one is accepted
	}{
		{"leaves and members", rdf, 60000, changed(rdf), false},
		{"leaves and members under JCS", inJSON, 10000, changed(inJSON), false},
		{"every bit of the document", rdf, 8 * len(rdf.doc), flipped(rdf), false},
		{"every bit of a token", token, 8 * len(token.doc), flipped(token), false},
		{"white space, order, escapes", rdf, 2000, respelt(rdf), true},
		{"white space, order, escapes under JCS", inJSON, 1000, respelt(inJSON), true},
	} {
		total += family.count
		step := 1
		if slow > 1 {
			step = 10
		}
		for shard := range shards {
			t.Run(fmt.Sprintf("%s/%d", family.name, shard), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(2026, uint64(shard)))
				tried, accepted := 0, 0
				for i := shard * step; i < family.count; i += shards * step {
					doc := family.mutate(t, r, i)
					tried++
					if family.of.try(t, doc) {
						accepted++
					} else if family.all {
						t.Fatalf("the same claims are refused in another spelling: %s", doc)
					}
				}
				t.Logf("%d tried, 1 in %d; %d accepted, all with the signed claims", tried, step, accepted)
			})
		}
	}
	if t.Logf("%d mutations", total); total < 100000 {
		t.Errorf("%d mutations are too few", total)
	}
}

// respell writes the same JSON with members in another order, white space here
// and there, and characters escaped that need not be.
func respell(t testing.TB, r *rand.Rand, dst []byte, v any) []byte {
	space := func() { dst = append(dst, " \t\r\n"[:r.IntN(5)]...) }
	defer space()
	space()
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		dst = append(dst, '{')
		for i, key := range keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(respell(t, r, dst, key), ':')
			dst = respell(t, r, dst, v[key])
		}
		dst = append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, each := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = respell(t, r, dst, each)
		}
		dst = append(dst, ']')
	case string:
		dst = append(dst, '"')
		for _, c := range v {
			if c < 0x10000 && (c < ' ' || c == '"' || c == '\\' || r.IntN(8) == 0) {
				dst = fmt.Appendf(dst, `\u%04x`, c)
			} else {
				dst = utf8.AppendRune(dst, c)
			}
		}
		dst = append(dst, '"')
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		dst = append(dst, raw...)
	}
	return dst
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
