package keyring

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"hallmark/issuer"
)

func TestLogKey(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", "http://127.0.0.1:8080"} {
		r, rows := started(t, base)
		const origin = "badges.example.org/log"
		s, err := r.LogSigner(origin)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := note.Sign(&note.Note{Text: "text\n"}, s)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := r.LogKeys(origin)
		if err != nil || len(keys) != 1 {
			t.Fatalf("%v, %v", keys, err)
		}
		open := func(keys []string) error {
			var known []note.Verifier
			for _, k := range keys {
				v, err := note.NewVerifier(k)
				if err != nil {
					t.Fatal(err)
				}
				known = append(known, v)
			}
			_, err := note.Open(signed, note.VerifierList(known...))
			return err
		}
		if err := open(keys); err != nil {
			t.Error(err)
		}
		at := slices.IndexFunc(rows.rows, func(k issuer.Key) bool { return k.Purpose == PurposeLog })
		holdUnlisted(t, r, rows.rows[at].Public)

		rows.rows[at].State = issuer.KeyRetired
		next, err := r.newKey("I", PurposeLog, rows.rows[at].CreatedAt)
		if err != nil {
			t.Fatal(err)
		}
		rows.rows = append(rows.rows, *next)
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		both, err := r.LogKeys(origin)
		if err != nil || len(both) != 2 || both[1] != keys[0] || open(both) != nil {
			t.Errorf("%v after the key was retired: %v", both, err)
		}
		rows.rows[at].State = issuer.KeyCompromised
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if one, err := r.LogKeys(origin); err != nil || !slices.Equal(one, both[:1]) || open(one) == nil {
			t.Errorf("a compromised key counts: %v, %v", one, err)
		}
	}
}

// holdUnlisted: the key of the log stands in no document about credentials.
func holdUnlisted(t *testing.T, r *Ring, public string) {
	t.Helper()
	doc, err := r.DIDDocument()
	if err != nil {
		t.Fatal(err)
	}
	set, err := r.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(doc, []byte(public)) || bytes.Contains(set, []byte(public)) {
		t.Error("the key of the log is listed")
	}
	if _, err := r.JWK(issuer.KeyID(public)); err == nil {
		t.Error("the key of the log has an address")
	}
}

func TestLogOfNoName(t *testing.T) {
	r, _ := started(t, "https://badges.example.org")
	if _, err := r.LogSigner("two words"); err == nil {
		t.Error("a log was given a name of two words")
	}
}
