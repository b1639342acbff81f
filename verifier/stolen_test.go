package verifier_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
)

// TestStolenKey: a key that its issuer gave up is good for what the public log
// shows to be older, whatever a thief writes.
func TestStolenKey(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(t, badge())
	forged := w.sign(t, bytes.Replace(toJSON(t, badge()), []byte("Ada Lovelace"), []byte("Eve Lovelace"), 1))
	backdated := w.sign(t, badge(), func(o *dataintegrity.Options) { o.Created = o.Created.AddDate(-1, 0, 0) })
	const later, same, earlier = "2026-11-21T13:00:00Z", "2026-11-21T12:00:00Z", "2026-11-21T11:59:00Z"
	tests := []struct {
		name, since string
		doc         []byte
		change      func(v *verifier.Verifier, b *book)
		want        verifier.Outcome
		says        string
	}{
		{"logged before", later, signed, nil, verifier.Verified, "as of 2026-11-21 13:00 UTC; the public log shows"},
		{"written in another way", later, bytes.Replace(signed, []byte("{"), []byte("{ "), 1), nil, verifier.Verified, "signed this before"},
		{"logged in the minute of the theft, which began with it", same, signed, nil, verifier.Refused, "nothing shows"},
		{"logged after", earlier, signed, nil, verifier.Refused, "nothing shows"},
		{"never logged", later, signed, func(_ *verifier.Verifier, b *book) { b.logged = nil }, verifier.Refused, "nothing shows"},
		{"waiting", later, signed, func(_ *verifier.Verifier, b *book) { b.logged.Proof = nil }, verifier.Refused, "nothing shows"},
		{"by a thief, under the id of a good one", later, forged, nil, verifier.Refused, "nothing shows"},
		{"by a thief, with a good signature copied beside it", later, borrow(t, forged, signed), nil, verifier.Refused, "nothing shows"},
		{"by a thief, with an old date", later, backdated, nil, verifier.Refused, "nothing shows"},
		{"a proof of another log", later, signed, func(_ *verifier.Verifier, b *book) { b.logged.Keys = bookOf(t, signed).logged.Keys }, verifier.Refused, "nothing shows"},
		{"no log", later, signed, func(v *verifier.Verifier, _ *book) { v.Log = nil }, verifier.Refused, "nothing shows"},
		{"the log is away", later, signed, func(_ *verifier.Verifier, b *book) { b.err = errors.New("away") }, verifier.Undetermined, "could not be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w.documents[academy] = strings.Replace(document(academy, w.key, `,"revoked":"`+test.since+`"`), `"assertionMethod":["`, `"assertionMethod":["urn:none`, 1)
			v, b := w.verifier(), bookOf(t, signed)
			v.Now = func() time.Time { return today.Add(2 * time.Hour) }
			v.Log = b
			if test.change != nil {
				test.change(v, b)
			}
			r := verify(t, v, test.doc)
			if c := find(r, "issuer"); c.Outcome != test.want || !strings.Contains(c.Reason, test.says) || r.Issuer.How != c.Reason {
				t.Errorf("%+v", c)
			}
			if good := test.want == verifier.Verified; good != (outcome(r, "log") == verifier.Verified) {
				t.Errorf("%+v", find(r, "log"))
			}
		})
	}
}

// TestStolenKeyListed: whatever the log shows, a key that was given up must be
// the issuer's as any other must.
func TestStolenKeyListed(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(t, badge())
	given := document(academy, w.key, `,"revoked":"2026-11-21T13:00:00Z"`)
	for name, doc := range map[string]string{
		"":                              given,
		"of somebody else":              strings.Replace(given, `"controller":"`+academy, `"controller":"did:web:else.example`, 1),
		"of nobody":                     strings.Replace(given, `"controller":"`+academy+`",`, "", 1),
		"another under the same name":   strings.Replace(given, `"publicKeyMultibase":"`+multikey(w.key), `"publicKeyMultibase":"`+multikey(keyOf(3)), 1),
		"the same under another's name": strings.ReplaceAll(given, academy+"#"+multikey(w.key), academy+"#"+multikey(keyOf(3))),
	} {
		w.documents[academy] = doc
		v := w.verifier()
		v.Now, v.Log = func() time.Time { return today.Add(2 * time.Hour) }, bookOf(t, signed)
		if c := find(verify(t, v, signed), "issuer"); (c.Outcome == verifier.Verified) != (name == "") {
			t.Errorf("%q: %+v", name, c)
		}
	}
}

// TestTokenOfStolenKey: the log does not record tokens, so that nothing shows
// that one is older.
func TestTokenOfStolenKey(t *testing.T) {
	w := newTokenWorld(t)
	text := w.badgeToken(t, w.method)
	w.documents[academy] = strings.Replace(w.documents[academy], `"controller":`, `"revoked":"2026-11-21T13:00:00Z","controller":`, -1)
	v := w.verifier()
	v.Now = func() time.Time { return today.Add(2 * time.Hour) }
	v.Log = bookOf(t, text)
	if c := find(verify(t, v, text), "issuer"); c.Outcome != verifier.Refused || !strings.Contains(c.Reason, "nothing shows") {
		t.Errorf("%+v", c)
	}
}
