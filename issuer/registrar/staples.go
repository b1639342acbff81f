package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/staple"
	"hallmark/verifier/strictjson"
)

// Staple signs where a badge stands now, for whoever keeps a copy of it: a
// stapled status, as package staple writes it. "Good" is said only of what the
// records show in the same moment, and counts no longer than the status list that
// is out; while records that were put back may have forgotten a revocation, it is
// not said at all. Of a badge that ended by its date there is none.
func (p *Published) Staple(ctx context.Context, id issuer.CredentialID) (string, error) {
	claims, err := p.stands(ctx, id)
	if err != nil {
		return "", err
	}
	key, kid, err := p.Ring.StapleSigner(claims.Issuer)
	if err != nil {
		return "", err
	}
	return staple.Sign(claims, claims.Issuer+"#"+string(kid), key)
}

// stands says where a badge stands now, and how long that may be repeated.
func (p *Published) stands(ctx context.Context, id issuer.CredentialID) (staple.Claims, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (staple.Claims, error) {
		c, a, err := shown(tx, id)
		if err != nil {
			return staple.Claims{}, err
		}
		return p.stapled(tx, c, a)
	})
}

// stapleStates are the states of our records that staples know.
var stapleStates = map[string]staple.State{
	string(issuer.Issued): staple.Good, string(issuer.Suspended): staple.Suspended,
	string(issuer.Revoked): staple.Revoked, string(issuer.Superseded): staple.Superseded,
}

// stapled says where a badge stands. The time of the transaction is from before
// anything was read in it: what was acknowledged before that time is seen.
func (p *Published) stapled(tx *store.Tx, c *issuer.Credential, a *issuer.Award) (staple.Claims, error) {
	s := staple.Claims{State: stapleStates[standing(c, a, p.BaseURL).State], AsOf: tx.Now, Until: tx.Now.Add(staple.MaxLife)}
	copied, err := tx.SignedCopy(c.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return s, err
	}
	doc, err := strictjson.Parse(copied.Bytes)
	if err != nil {
		return s, err
	}
	s.Issuer, s.Credential = doc.Get("issuer").Get("id").Text(), doc.Get("id").Text()
	if s.State != "" && s.State != staple.Good {
		return s, nil
	}
	if end, err := time.Parse(time.RFC3339, doc.Get("validUntil").Text()); err == nil {
		s.Until = earlier(s.Until, end)
	}
	if s.State == "" || !tx.Now.Before(s.Until) {
		return s, issuer.Refuse(issuer.Conflict, "This badge has ended; its dates say so by themselves.")
	}
	out, err := listGoodUntil(tx, c)
	s.Until = earlier(s.Until, out)
	return s, err
}

// listGoodUntil is how long the status list of a badge counts that is out now. It
// refuses where there is none, or where it may have forgotten a revocation.
func listGoodUntil(tx *store.Tx, c *issuer.Credential) (time.Time, error) {
	held, err := tx.Held()
	if err != nil {
		return time.Time{}, err
	}
	out, err := tx.StatusListPublishedAt(c.StatusListID)
	if err != nil {
		return time.Time{}, err
	}
	if held.Holds() && !held.Known || out == nil || !out.Add(issuer.StatusListLife).After(tx.Now) {
		return time.Time{}, issuer.Refuse(issuer.Unavailable, "Where this badge stands cannot be vouched for just now; try again in a moment.")
	}
	return out.UTC().Add(issuer.StatusListLife), nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
