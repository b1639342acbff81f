package verifier_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/inclusion"
)

// book is a log with one leaf.
type book struct {
	logged *verifier.Logged
	err    error
	asked  []string
}

func (b *book) Logged(_ context.Context, id string) (*verifier.Logged, error) {
	b.asked = append(b.asked, id)
	return b.logged, b.err
}

// bookOf logs a credential.
func bookOf(t testing.TB, signed []byte) *book {
	t.Helper()
	const origin = "badges.example.org/log"
	private, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	salt := bytes.Repeat([]byte{9}, inclusion.SaltSize)
	leaf := inclusion.Leaf{At: today, Type: inclusion.Issue, Commit: inclusion.Commit(salt, signed)}.Data()
	head := inclusion.Checkpoint{Origin: origin, Size: 1, Root: tlog.RecordHash(leaf)}
	checkpoint, err := note.Sign(&note.Note{Text: head.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return &book{logged: &verifier.Logged{Proof: &inclusion.Proof{Leaf: leaf, Salt: salt, Checkpoint: checkpoint}, Signed: signed, Keys: []string{public}}}
}

// borrow adds the signature of one credential to another under a suite that
// nobody knows: it cannot be checked and speaks for nothing.
func borrow(t testing.TB, doc, from []byte) []byte {
	t.Helper()
	var to, other struct {
		Proof []map[string]any `json:"proof"`
	}
	var all map[string]any
	for _, err := range []error{json.Unmarshal(doc, &all), json.Unmarshal(doc, &to), json.Unmarshal(from, &other)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	other.Proof[0]["cryptosuite"] = "of-tomorrow-2031"
	all["proof"] = append(to.Proof, other.Proof...)
	return toJSON(t, all)
}

func TestLog(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(t, badge())
	another := w.sign(t, badge(), func(o *dataintegrity.Options) { o.Created = o.Created.Add(-time.Hour) })
	borrowed := borrow(t, w.sign(t, bytes.Replace(toJSON(t, badge()), []byte("Ada Lovelace"), []byte("Eve Lovelace"), 1)), signed)
	tests := []struct {
		name   string
		doc    []byte
		change func(b *book)
		want   verifier.Outcome
		says   string
	}{
		{"another with the recorded signature beside its own", borrowed, nil, verifier.Refused, "another credential"},
		{"logged", signed, nil, verifier.Verified, "since 2026-11-21"},
		{"the bytes at hand are the logged ones", signed, func(b *book) { b.logged.Signed = nil }, verifier.Verified, "since"},
		{"written in another way", bytes.Replace(signed, []byte("{"), []byte("{ "), 1), nil, verifier.Verified, "since"},
		{"written in another way, nobody has the logged bytes", bytes.Replace(signed, []byte("{"), []byte("{ "), 1), func(b *book) { b.logged.Signed = nil }, verifier.Refused, "other bytes"},
		{"another of the same id", another, nil, verifier.Refused, "another credential"},
		{"waiting", signed, func(b *book) { b.logged.Proof = nil }, verifier.Undetermined, "in a moment"},
		{"not of this log", signed, func(b *book) { b.logged = nil }, verifier.Skipped, "No proof"},
		{"away", signed, func(b *book) { b.err = errors.New("away") }, verifier.Undetermined, "could not be read"},
		{"no key", signed, func(b *book) { b.logged.Keys = nil }, verifier.Refused, "does not show it"},
		{"another leaf", signed, func(b *book) { b.logged.Proof.Leaf = bookOf(t, another).logged.Proof.Leaf }, verifier.Refused, "other bytes"},
		{"recorded bytes that are none", another, func(b *book) { b.logged.Signed = []byte("{") }, verifier.Refused, "another credential"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := bookOf(t, signed)
			if test.change != nil {
				test.change(b)
			}
			v := w.verifier()
			v.Log = b
			r := verify(t, v, test.doc)
			if c := find(r, "log"); c.Outcome != test.want || !strings.Contains(c.Reason, test.says) {
				t.Errorf("%+v", c)
			}
			if r.Verdict != verifier.Verified {
				t.Errorf("the log decides: %s", r.Summary)
			}
		})
	}
}

// TestLogAfterIssuer: about a badge that is not its issuer's the log is not
// asked.
func TestLogAfterIssuer(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(t, badge())
	b := bookOf(t, signed)
	v := w.verifier()
	v.Log = b
	r := verify(t, v, bytes.Replace(signed, []byte("Ada Lovelace"), []byte("Eve Lovelace"), 1))
	if len(b.asked) > 0 || outcome(r, "log") != verifier.Skipped {
		t.Errorf("asked %v, %+v", b.asked, find(r, "log"))
	}
}

// TestLogOfToken: the log records another form than a token.
func TestLogOfToken(t *testing.T) {
	w := newTokenWorld(t)
	v := w.verifier()
	v.Log = bookOf(t, w.sign(t, badge()))
	r := verify(t, v, w.badgeToken(t, w.method))
	if c := find(r, "log"); c.Outcome != verifier.Skipped || !strings.Contains(c.Reason, "token") || outcome(r, "issuer") != verifier.Verified {
		t.Errorf("%+v", c)
	}
}
