package verifier_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier"
)

// says tells whether a name stands anywhere in a report.
func says(t testing.TB, r *verifier.Report, name string) bool {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), name)
}

func TestUnnamed(t *testing.T) {
	w := newTokenWorld(t)
	own := newTokenWorld(t)
	own.standing = map[string]verifier.Standing{badgeID: {Known: true, Issuer: academy, State: "superseded", Unnamed: true}}
	token := w.badgeToken(t, w.method)
	secured := vcToken(t, w.key, w.method, "")
	several := []byte(strings.Replace(strings.Replace(string(toJSON(t, badge())), `"credentialSubject":{`, `"credentialSubject":[{`, 1), `},"evidence"`, `}],"evidence"`, 1))
	if string(several) == string(toJSON(t, badge())) || !json.Valid(several) {
		t.Fatalf("%s", several)
	}
	docs := map[string][]byte{"JSON": w.sign(t, badge()), "token": token, "vc+jwt": secured, "several subjects": w.sign(t, several)}
	for name, doc := range docs {
		named := verify(t, w.verifier(), doc)
		if !says(t, named, "Ada Lovelace") {
			t.Errorf("%s: the name is not shown: %s", name, named.Summary)
		}
		r, err := w.verifier().Verify(t.Context(), doc, verifier.Ask{Unnamed: true, Name: "Ada Lovelace"})
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, r)
		if says(t, r, "Ada Lovelace") || says(t, r, "emailAddress") || !says(t, r, "Low-code Foundations") {
			t.Errorf("%s: %s\n%s", name, r.Summary, r.Credential)
		}
		expect{"undetermined", "recipient", "undetermined", "not to be named", "Genuine and current, but whose it is"}.compare(t, name, r)
		if r := verify(t, own.verifier(), doc); says(t, r, "Ada Lovelace") || outcome(r, "status") != verifier.Refused {
			t.Errorf("%s: by our records: %s\n%s", name, r.Summary, r.Credential)
		}
	}
	strangers := *own
	strangers.standing = map[string]verifier.Standing{badgeID: {Known: true, Issuer: "did:web:elsewhere.example", Unnamed: true}}
	if r := verify(t, strangers.verifier(), docs["JSON"]); outcome(r, "issuer") != verifier.Refused {
		t.Errorf("%s", r.Summary)
	}
}

// A presentation holds the names of its credentials a second time, and perhaps
// in tokens.
func TestUnnamedPresentation(t *testing.T) {
	w := newTokenWorld(t)
	one := string(w.sign(t, adasBadge()))
	doc := presentWith(t, adaKey, adaMethod(), presentation(adaID(), one, enveloped(vcToken(t, w.key, w.method, ""))))
	asked := verifier.Ask{Challenge: nonce, Domain: reader}
	if r := present(t, w.verifier(), doc, asked); !says(t, r, "Ada Lovelace") {
		t.Errorf("the name is not shown: %s", r.Summary)
	}
	asked.Unnamed = true
	r := present(t, w.verifier(), doc, asked)
	if says(t, r, "Ada Lovelace") || strings.Contains(string(r.Credential), "vc+jwt") || r.Verdict != verifier.Verified || len(within(r)) != 2 {
		t.Errorf("%s\n%s", r.Summary, r.Credential)
	}
	asked.Unnamed = false
	w.standing = map[string]verifier.Standing{badgeID: {Known: true, State: "issued", Unnamed: true}}
	if r := present(t, w.verifier(), doc, asked); says(t, r, "Ada Lovelace") || r.Verdict != verifier.Verified {
		t.Errorf("by our records: %s\n%s", r.Summary, r.Credential)
	}
}
