package verifier

import (
	"bytes"
	"context"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/inclusion"
	"hallmark/verifier/jcs"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// LogSource gives what is needed to see that a credential stands in the public
// log of its issuer.
type LogSource interface {
	// Logged is nil for a credential that is not of this log, and an error
	// where the log cannot be read.
	Logged(ctx context.Context, credentialID string) (*Logged, error)
}

// Logged is where the log has a credential and how that can be checked. Which
// keys are the log's is the source's word; everything else is checked.
type Logged struct {
	Proof  *inclusion.Proof // nil: it waits for its position
	Signed []byte           // the bytes that the log recorded; nil: those at hand
	Keys   []string         // verifier keys of the log (C2SP signed-note)
}

// judgeLog answers whether the credential stands in the public log. It informs
// and does not decide: a badge is recorded within a second of its commit, and a
// log that is away makes no badge bad.
func (r *run) judgeLog(c *vc.Credential) {
	if r.v.Log == nil || c.ID == "" || r.report.check(issuer).Outcome != Verified {
		return
	}
	l, err := r.v.Log.Logged(r.ctx, c.ID)
	switch {
	case err != nil:
		r.report.set(log, Undetermined, "Whether it stands in the public log could not be checked: the log could not be read.")
	case l == nil:
	case r.tokens[c] != nil:
		r.report.set(log, Skipped, "The public log records the form of it that carries its proof inside; this one is a token.")
	case l.Proof == nil:
		r.report.set(log, Undetermined, "It will stand in the public log in a moment.").Detail = map[string]any{"state": "pending"}
	case !recorded(c, l.Signed):
		r.report.set(log, Refused, "The public log has recorded another credential under this address.")
	default:
		r.prove(c, l)
	}
}

// signedBefore answers for a badge whose key its issuer has given up: the key is
// good for what the public log shows to be older than the theft, and for nothing
// else. Whoever has the key can sign with any date; into the log they cannot
// get, least of all into its past. The log tells minutes: what it has from the
// minute of the theft counts as older.
func (r *run) signedBefore(c *vc.Credential, used *did.Method, refused Check) Check {
	base, _, _ := strings.Cut(used.ID, "#")
	doc, err := r.document(base)
	if r.v.Log == nil || c.ID == "" || r.tokens[c] != nil || err != nil {
		return refused
	}
	m := doc.Method(used.ID)
	if m == nil || m.Revoked == nil || m.Key == nil || base != c.Issuer.ID || m.Controller != base || !sameKey(m.Key, used.Key) {
		return refused
	}
	l, err := r.v.Log.Logged(r.ctx, c.ID)
	switch {
	case err != nil:
		return issuerCheck(Undetermined, problemMethod, "The issuer has given up the key that signed, and whether it signed before could not be checked: the public log could not be read.", used.ID)
	case l == nil || l.Proof == nil || !recorded(c, l.Signed):
		return refused
	}
	signed := l.Signed
	if signed == nil {
		signed = c.Raw
	}
	place, err := l.Proof.Check(signed, l.Keys)
	if err != nil || !place.At.Before(*m.Revoked) {
		return refused
	}
	lost := m.Revoked.UTC().Format("2006-01-02 15:04 UTC")
	good := issuerCheck(Verified, "", "The issuer gave up the key that signed, as of "+lost+"; the public log shows that it had signed this before.", used.ID)
	good.Detail["givenUp"], good.Detail["logged"] = m.Revoked.UTC().Format("2006-01-02T15:04:05Z"), place.At.Format("2006-01-02T15:04:05Z")
	return good
}

// prove holds the proof against the bytes.
func (r *run) prove(c *vc.Credential, l *Logged) {
	signed := l.Signed
	if signed == nil {
		signed = c.Raw
	}
	place, err := l.Proof.Check(signed, l.Keys)
	if err != nil {
		r.report.set(log, Refused, "The public log does not show it: "+plainCause(err)+".")
		return
	}
	r.report.set(log, Verified, "It has stood in the public log "+place.Origin+" since "+place.At.Format("2006-01-02 15:04")+" UTC.").Detail = map[string]any{
		"origin": place.Origin, "index": place.Index, "size": place.Size, "at": place.At.Format("2006-01-02T15:04:05Z")}
}

// recorded tells whether a credential is the one of these bytes, however it is
// written: it says the same and bears a proof that they bear. The proof alone
// would not do: one of an unknown suite may stand beside the one that was found
// right, and be copied from anywhere.
func recorded(c *vc.Credential, signed []byte) bool {
	if signed == nil || bytes.Equal(c.Raw, signed) {
		return true
	}
	doc, err := strictjson.Parse(signed)
	if err != nil || !sameClaims(c.Doc, doc) {
		return false
	}
	for want := range doc.Get("proof").Each() {
		for have := range c.Doc.Get("proof").Each() {
			if v := want.Get("proofValue").Text(); v != "" && v == have.Get("proofValue").Text() {
				return true
			}
		}
	}
	return false
}

// sameClaims compares all but the proofs, in their canonical form (RFC 8785).
func sameClaims(a, b *strictjson.Value) bool {
	x, errX := jcs.Append(nil, a.Without("proof"))
	y, errY := jcs.Append(nil, b.Without("proof"))
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
