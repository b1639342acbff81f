package dataintegrity_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
)

// pointers are JSON pointers to all that can be shown by itself of a document.
// VC DI ECDSA (canonicalizeAndGroup) has pointers lead into the compacted form of
// a document, in which an array of one may be its element, and an object of
// nothing but its id that id: here these are whole or not there. So is a JSON
// literal.
func pointers(v *strictjson.Value, at string) (all []string) {
	if len(v.Kids) == 1 && (v.Kind == strictjson.Array || v.Kids[0].Name == "id") || v.Name == "raw" {
		return nil
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		name := kid.Name
		if v.Kind == strictjson.Array {
			name = strconv.Itoa(i)
		}
		if strings.HasPrefix(name, "@") { // a value object is one value
			continue
		}
		here := at + "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
		all = append(append(all, here), pointers(kid, here)...)
	}
	return all
}

// choices draws pointers that an issuer makes mandatory and a holder shows.
func choices(r *rand.Rand, all []string) (mandatory, chosen []string) {
	draw := func(n int) []string {
		picked := []string{}
		for range n {
			picked = append(picked, all[r.IntN(len(all))])
		}
		return picked
	}
	return draw(r.IntN(4)), draw(1 + r.IntN(4))
}

// TestOtherVendorsSelective: what either side issues under ecdsa-sd-2023 is
// derived by both to the same document, and each derived document verifies with
// both, for pointers into objects, arrays and nameless things.
func TestOtherVendorsSelective(t *testing.T) {
	t.Parallel()
	s := newSigner(t, dataintegrity.EcdsaSD2023, "P-256")
	type trial struct {
		name    string
		refusal string // what they say to both of it, if they have to
		chosen  []string
		derived map[string][]byte // by who issued and who derived
	}
	var trials []*trial
	var asked, again []any
	add := func(name, text string, mandatory, chosen []string, refusal string) {
		tr := &trial{name: fmt.Sprintf("%s with %q, showing %q", name, mandatory, chosen), refusal: refusal, chosen: chosen, derived: map[string][]byte{}}
		base := s.sign(t, []byte(text), func(o *dataintegrity.Options) { o.Mandatory = mandatory })
		tr.derived["here, here"] = derived(t, tr.name, base, chosen)
		trials = append(trials, tr)
		asked = append(asked,
			request{"op": "derive", "document": json.RawMessage(base), "pointers": chosen},
			request{"op": "issue", "document": json.RawMessage(text), "suite": s.suite, "key": s.secret, "mandatory": mandatory},
		)
	}
	r := rand.New(rand.NewPCG(2023, 1))
	for _, d := range documents(s.id) {
		if d.jsonOnly || d.whole || d.renamed {
			continue
		}
		all := pointers(parse(t, []byte(d.text)), "")
		for range 2 {
			mandatory, chosen := choices(r, all)
			add(d.name, d.text, mandatory, chosen, "")
		}
	}
	for _, c := range selectiveCases(s.id) {
		add(c.name, c.text, c.mandatory, c.chosen, c.refusal)
	}
	answers := askDB(t, asked...)
	var bases []any
	for i, tr := range trials {
		shown, base := answers[2*i], answers[2*i+1]
		switch {
		case tr.refusal != "":
			if !strings.Contains(shown.Error, tr.refusal) || !strings.Contains(base.Error, tr.refusal) {
				t.Errorf("%s: derived there: %q; issued there: %q, want %s", tr.name, shown.Error, base.Error, tr.refusal)
			}
			base.Document = json.RawMessage("{}")
		case shown.Document == nil || base.Document == nil:
			t.Errorf("%s: derived there: %s; issued there: %s", tr.name, shown.Error, base.Error)
			base.Document = json.RawMessage("{}")
		default:
			tr.derived["here, there"] = shown.Document
			tr.derived["there, here"] = derived(t, tr.name, base.Document, tr.chosen)
		}
		bases = append(bases, request{"op": "derive", "document": base.Document, "pointers": tr.chosen})
	}
	for i, a := range askDB(t, bases...) {
		trials[i].derived["there, there"] = a.Document
	}
	var names []string
	for _, tr := range trials {
		var first any
		for _, who := range []string{"here, here", "here, there", "there, here", "there, there"} {
			doc, name := tr.derived[who], tr.name+", issued and derived "+who
			if doc == nil {
				if tr.refusal == "" {
					t.Errorf("%s: not derived", name)
				}
				continue
			}
			if r := verify(t, doc)[0]; r.State != dataintegrity.Good {
				t.Errorf("%s: %s: %s", name, r.State, r.Reason)
			}
			content := parse(t, doc).Without("proof").Any()
			if first == nil {
				first = content
			} else if diff := cmp.Diff(first, content); diff != "" {
				t.Errorf("%s shows other than issued and derived here:\n%s", name, diff)
			}
			names = append(names, name)
			again = append(again, request{"op": "proofs", "document": json.RawMessage(doc)})
			again = append(again, refusals(t, name, doc, 3)[:1]...)
		}
	}
	for i, a := range askDB(t, again...) {
		if want := i%2 == 0; a.Verified != want || slices.Contains(a.Proofs, true) != want {
			t.Errorf("%s, document %d: they say %+v\n%s", names[i/2], i%2, a, again[i].(request)["document"])
		}
	}
	t.Logf("%d credentials issued here and there, %d derived documents", len(trials), len(names))
}

// derived derives here; nil and a failed test when it cannot be done.
func derived(t *testing.T, name string, base []byte, chosen []string) []byte {
	t.Helper()
	shown, err := dataintegrity.Derive(base, chosen)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return shown
}

type selectiveCase struct {
	name, text        string
	mandatory, chosen []string
	refusal           string
}

// selectiveCases are pointers that a draw would seldom hit. Some are refused by
// libraries that choose from the compacted form, as VC DI ECDSA
// (canonicalizeAndGroup) writes it down; here the document as it stands is chosen
// from, and what is derived verifies with them too.
func selectiveCases(issuer string) []selectiveCase {
	text := map[string]string{}
	for _, d := range documents(issuer) {
		text[d.name] = d.text
	}
	return []selectiveCase{
		{"one of several types", text["badge"], []string{"/type/0"}, []string{"/name"}, ""},
		{"an identifier", text["badge"], []string{"/id"}, []string{"/credentialSubject/id"}, ""},
		{"the whole", text["results"], []string{"/issuer"}, []string{""}, ""},
		{"mandatory alone", text["results"], []string{"/issuer", "/credentialSubject/result/1"}, []string{}, ""},
		{"all is mandatory", text["twins"], []string{""}, []string{"/issuer"}, ""},
		{"the part and its parent", text["alignments"], []string{"/credentialSubject/achievement/alignment/1/targetCode"}, []string{"/credentialSubject/achievement/alignment", "/credentialSubject/achievement/alignment/0/targetName"}, ""},
		{"elements out of order", text["twins"], []string{"/credentialSubject/grades/3"}, []string{"/credentialSubject/grades/2", "/credentialSubject/grades/0"}, ""},
		{"one of two alike", text["nameless subjects alike"], []string{}, []string{"/credentialSubject/1/knows"}, ""},
		{"escaped names", text["odd names"], []string{"/credentialSubject/a~1b~0c"}, []string{"/credentialSubject/0"}, ""},
		{"one language", text["languages"], []string{}, []string{"/name/1"}, ""},
		{"one reference", text["typed values"], []string{}, []string{"/credentialSubject/seen/1"}, ""},
		{"one subject of two", text["two subjects"], []string{"/issuer"}, []string{"/credentialSubject/1/name"}, ""},
		// Compacted, an array of one type is a text.
		{"a single type", text["badge"], []string{"/credentialSubject/type/0"}, []string{"/name"}, "Cannot assign to read only property"},
		// Compacted, an object of its id alone is that id.
		{"an identifier alone", text["least"], []string{"/credentialSubject/id"}, []string{"/issuer"}, "does not match document"},
		// The context of Open Badges has one IRI for the class GeoCoordinates and for
		// the term geo; compacted, the class has the name of the term, and its own
		// terms are gone.
		{"a class renamed", text["profile"], []string{"/issuer/address"}, []string{"/issuer/name"}, "Safe mode validation error"},
		// RFC 6901 §4: only digits are an index; they take whatever begins with some.
		{"a name like an index", strings.Replace(text["twins"], `"grades"`, `"2nd":"B","grades"`, 1), []string{"/credentialSubject/2nd"}, []string{"/issuer"}, "does not match document"},
	}
}

// TestOtherVendorsGraphs: a badge with a signed endorsement, whose proof is a
// graph of its own, is issued there and shown without its endorsement; that is
// genuine here, and changed it is not. Neither side shows such a graph (theirs has
// no label for it), here such a credential is not issued.
func TestOtherVendorsGraphs(t *testing.T) {
	t.Parallel()
	s := newSigner(t, dataintegrity.EcdsaSD2023, "P-256")
	for _, d := range documents(s.id) {
		if d.name != "endorsed" {
			continue
		}
		text := json.RawMessage(d.text)
		base := askDB(t, request{"op": "issue", "document": text, "suite": s.suite, "key": s.secret, "mandatory": []string{"/issuer"}})[0].Document
		shown := askDB(t, request{"op": "derive", "document": base, "pointers": []string{"/credentialSubject/achievement/name"}},
			request{"op": "derive", "document": base, "pointers": []string{"/endorsement"}})
		if r := verify(t, shown[0].Document)[0]; r.State != dataintegrity.Good {
			t.Errorf("%s: %s", r.State, r.Reason)
		}
		refusals(t, "endorsed", shown[0].Document, 1)
		if shown[1].Document != nil {
			t.Errorf("they show a graph now: %s", shown[1].Document)
		}
		if _, err := dataintegrity.Sign(text, s.key, dataintegrity.Options{VerificationMethod: s.vm, Cryptosuite: s.suite}, true); err == nil {
			t.Error("signed here")
		}
		if _, err := dataintegrity.Derive(base, []string{"/endorsement"}); err == nil {
			t.Error("shown here")
		}
		return
	}
	t.Fatal("there is no such document")
}
