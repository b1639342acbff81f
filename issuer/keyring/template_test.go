package keyring

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
)

func TestSignFromTemplate(t *testing.T) {
	r, rows := started(t, "https://badges.example")
	const doc = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"https://badges.example/v/1",` +
		`"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:web:badges.example","type":["Profile"]},"validFrom":"2026-11-21T09:00:00Z",` +
		`"credentialSubject":{"type":["AchievementSubject"],"identifier":[{"type":"IdentityObject","hashed":false,"identityHash":"Ann","identityType":"name"}],` +
		`"achievement":{"id":"https://badges.example/achievements/A","type":["Achievement"],"name":"A","description":"A.","criteria":{"narrative":"All."}}}}`
	template, err := dataintegrity.NewTemplate([]byte(doc), "/id", "/credentialSubject/identifier/0/identityHash")
	if err != nil {
		t.Fatal(err)
	}
	for _, values := range [][]string{{"https://badges.example/v/2", "Ben"}, {"https://badges.example/v/3", "O\"Neil\n\u2028"}, {"urn:uuid:4", ""}, {"no address", "Ann"}} {
		filled, err := template.Fill(values)
		if err != nil {
			t.Fatal(err)
		}
		want, wantKey, wantErr := r.SignCredential(filled, at.Add(time.Second))
		got, gotKey, gotErr := r.SignFromTemplate(template, values, at.Add(time.Second))
		if (wantErr == nil) != (gotErr == nil) || wantKey != gotKey {
			t.Errorf("%q: key %s, %v; want %s, %v", values, gotKey, gotErr, wantKey, wantErr)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%q is signed otherwise than in full: %s", values, diff)
		}
	}
	for i := range rows.rows {
		rows.rows[i].State = issuer.KeyRetired
	}
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.SignFromTemplate(template, []string{"urn:uuid:5", "Ann"}, at); err == nil {
		t.Error("a badge was signed with a key that is retired")
	}
}
