package dataintegrity_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
)

// TestOtherVendorsProofSets: each side adds a proof to what the other signed,
// under every pair of suites; both say of each proof what it is.
func TestOtherVendorsProofSets(t *testing.T) {
	t.Parallel()
	all := signers(t)
	const doc = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:uuid:8c1a","type":["VerifiableCredential"],"issuer":"did:example:school","credentialSubject":{"id":"did:example:ann","name":"Ann"}}`
	var names []string
	var asked, again []any
	for i, s := range all {
		for _, other := range append(all[i+1:len(all):len(all)], all[:i]...) {
			names = append(names, s.suite+" and then "+other.suite)
			asked = append(asked, request{"op": "issue", "document": json.RawMessage(s.sign(t, []byte(doc), nil)), "suite": other.suite, "key": other.secret})
		}
	}
	for i, a := range askDB(t, asked...) {
		if got := states(verify(t, a.Document)); got != "good good" {
			t.Errorf("%s there: %s", names[i], got)
		}
		three := all[i%len(all)].sign(t, a.Document, func(o *dataintegrity.Options) { o.Created = o.Created.Add(time.Hour) })
		if got := states(verify(t, three)); got != "good good good" {
			t.Errorf("%s there, and one more here: %s", names[i], got)
		}
		broken := strings.Replace(string(three), "created\":\"2026-11-21T09:00:00Z", "created\":\"2026-11-21T09:00:01Z", 1)
		if got := states(verify(t, []byte(broken))); got != "bad good good" {
			t.Errorf("%s, and one more, the first changed: %s", names[i], got)
		}
		other := strings.Replace(string(three), `"Ann"`, `"Ben"`, 1)
		if got := states(verify(t, []byte(other))); got != "bad bad bad" {
			t.Errorf("%s, and one more, the document changed: %s", names[i], got)
		}
		for _, d := range []string{string(three), broken, other} {
			again = append(again, request{"op": "proofs", "document": json.RawMessage(d)})
		}
	}
	for i, a := range askDB(t, again...) {
		want := [][]bool{{true, true, true}, {false, true, true}, {false, false, false}}[i%3]
		if !slices.Equal(a.Proofs, want) {
			t.Errorf("%s, and one more here: they say %+v, want %v", names[i/3], a, want)
		}
	}
	t.Logf("%d sets of three", len(names))
}

// TestOtherVendorsPresentations: presentations with a challenge and a domain,
// of both versions of the data model, hold between these two alone.
func TestOtherVendorsPresentations(t *testing.T) {
	t.Parallel()
	const challenge, domain = "3e1f-9", "https://reader.example"
	type trial struct {
		name  string
		doc   string
		ours  []byte
		their json.RawMessage
	}
	var trials []*trial
	var asked, again []any
	for _, s := range signers(t) {
		for _, version := range []string{"https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"} {
			inner := `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:uuid:8c1a","type":["VerifiableCredential"],"issuer":"` + s.id + `","credentialSubject":{"id":"` + s.id + `","name":"Ann"}}`
			context := `"` + version + `"`
			if strings.Contains(version, "2018") {
				inner = strings.Replace(strings.Replace(inner, "ns/credentials/v2", "2018/credentials/v1", 1), `"credentialSubject"`, `"issuanceDate":"2024-01-01T00:00:00Z","credentialSubject"`, 1)
				inner = strings.Replace(inner, `,"name":"Ann"`, "", 1)
				context += `,"https://w3id.org/security/data-integrity/v2"`
			}
			signed := s.sign(t, []byte(inner), nil)
			presentation := `{"@context":[` + context + `],"id":"urn:uuid:77","type":["VerifiablePresentation"],"holder":"` + s.id + `","verifiableCredential":[` + string(signed) + `]}`
			tr := &trial{name: s.suite + " under " + version, doc: presentation}
			tr.ours = s.sign(t, []byte(presentation), func(o *dataintegrity.Options) {
				o.Purpose, o.Challenge, o.Domain = "authentication", challenge, domain
			})
			trials = append(trials, tr)
			asked = append(asked, request{"op": "present", "document": json.RawMessage(presentation), "suite": s.suite, "key": s.secret, "challenge": challenge, "domain": domain})
		}
	}
	for i, a := range askDB(t, asked...) {
		tr := trials[i]
		if tr.their = a.Document; a.Document == nil {
			t.Fatalf("%s: they did not sign: %s", tr.name, a.Error)
		}
		for _, c := range []struct {
			doc               []byte
			challenge, domain string
			want              dataintegrity.State
		}{
			{tr.their, challenge, domain, dataintegrity.Good}, {tr.their, "other", domain, dataintegrity.Bad}, {tr.their, challenge, "https://other.example", dataintegrity.Bad},
			{[]byte(strings.Replace(string(tr.their), "urn:uuid:77", "urn:uuid:78", 1)), challenge, domain, dataintegrity.Bad},
			{[]byte(strings.Replace(string(tr.their), "urn:uuid:8c1a", "urn:uuid:8c1b", 1)), challenge, domain, dataintegrity.Bad},
		} {
			got := dataintegrity.Verify(t.Context(), parse(t, c.doc), fromFragment, dataintegrity.Expect{Purpose: "authentication", Challenge: c.challenge, Domain: c.domain})[0]
			if got.State != c.want {
				t.Errorf("%s, signed there, for %s and %s: %s: %s", tr.name, c.challenge, c.domain, got.State, got.Reason)
			}
		}
		for _, q := range [][3]string{{string(tr.ours), challenge, domain}, {string(tr.ours), "other", domain}, {string(tr.ours), challenge, "https://other.example"},
			{strings.Replace(string(tr.ours), "urn:uuid:77", "urn:uuid:78", 1), challenge, domain}, {strings.Replace(string(tr.ours), "urn:uuid:8c1a", "urn:uuid:8c1b", 1), challenge, domain}} {
			again = append(again, request{"op": "verifyPresentation", "document": json.RawMessage(q[0]), "challenge": q[1], "domain": q[2]})
		}
	}
	for i, a := range askDB(t, again...) {
		if want := i%5 == 0; a.Verified != want || slices.Contains(a.Proofs, true) != want {
			t.Errorf("%s, signed here, question %d: they say %+v", trials[i/5].name, i%5, a)
		}
	}
	t.Logf("%d presentations each way", len(trials))
}
