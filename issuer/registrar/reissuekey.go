package registrar

import (
	"context"
	"slices"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// KeyReissue says which badges of a key are to be issued anew.
type KeyReissue struct {
	Key      issuer.KeyID
	Doubtful bool   // also those that are refused: logged after the key was stolen
	Notify   bool   // tell their holders
	Cursor   string // where the batch before ended; "" is the start
}

// KeyReissued is what one batch did.
type KeyReissued struct {
	Reissued int    `json:"reissued"`
	Doubtful int    `json:"doubtful"` // left as they are, because they are refused
	Next     string `json:"-"`        // cursor of the next batch; "" is the end
}

// reissueBatch is how many badges one act issues anew: few enough that others
// hardly wait.
const reissueBatch = 100

// ReissueOfKey issues badges anew that a key signed which signs no more: each
// under a new id, signed with the key of now, in the place of the old one, which
// leads to it. What the badges say stays word for word. Of a compromised key
// they are those that the public log has from before, which are good; the others
// are refused, and somebody should look at them before they are issued anew.
// Batch by batch: stopped in between, those that were done are not done again.
func (r *Registrar) ReissueOfKey(ctx context.Context, by issuer.Caller, in KeyReissue) (*KeyReissued, error) {
	return act(ctx, r, by, "key.reissue", string(in.Key), func(w *work) (*KeyReissued, error) {
		_, k, err := w.keyNamed(in.Key)
		if err != nil {
			return nil, err
		}
		if k.State != issuer.KeyRetired && k.State != issuer.KeyCompromised {
			return nil, issuer.Refuse(issuer.Conflict, "The key %s is %s; badges are issued anew when another key signs in its place.", k.ID, k.State)
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		credentials, err := w.CredentialsOfKey(in.Key, issuer.CredentialID(in.Cursor), reissueBatch)
		if err != nil {
			return nil, err
		}
		out := &KeyReissued{}
		if len(credentials) == reissueBatch {
			out.Next = string(credentials[len(credentials)-1].ID)
		}
		all, copies, err := w.restatements(k, credentials, in.Doubtful, out)
		if err != nil || len(all)+len(copies) == 0 {
			return out, err
		}
		out.Reissued = len(all)
		w.note("reissued", out.Reissued)
		if err := w.reissue(ctx, all...); err != nil {
			return nil, err
		}
		if err := w.endCopies(copies); err != nil {
			return nil, err
		}
		return out, w.tellOfKey(all, in.Notify)
	})
}

// endCopies ends copies that wallets have and that the key signed: only a wallet
// can have one made anew. Those of badges that were replaced just now ended with
// them; of the others, which another key signed, the badge itself takes the place.
func (w *work) endCopies(copies []issuer.CredentialID) error {
	for _, id := range copies {
		c, err := w.Credential(id)
		if err != nil {
			return err
		}
		if c.SupersededBy != "" {
			continue
		}
		of, err := w.Credential(c.CopyOf)
		if err != nil {
			return err
		}
		if err := w.supersedeOne(c, of); err != nil {
			return err
		}
	}
	return nil
}

// restatements picks, under the locks of their holders, the badges that still
// stand, and of a compromised key those that are good, and so the copies that
// wallets have.
func (w *work) restatements(k *issuer.Key, credentials []issuer.Credential, doubtful bool, out *KeyReissued) (all []*restatement, copies []issuer.CredentialID, err error) {
	ids := unique(credentials, func(c issuer.Credential) issuer.AwardID { return c.AwardID })
	awards, err := w.Awards(ids...)
	if err != nil {
		return nil, nil, err
	}
	if err := w.LockPeople(unique(awards, func(a issuer.Award) issuer.PersonID { return a.PersonID })...); err != nil {
		return nil, nil, err
	}
	if awards, err = w.Awards(ids...); err != nil { // as they are under the locks
		return nil, nil, err
	}
	running, err := w.running(awards...)
	if err != nil {
		return nil, nil, err
	}
	good, err := w.loggedBefore(k, credentials)
	if err != nil {
		return nil, nil, err
	}
	for i := range credentials {
		c := &credentials[i]
		a := find(awards, func(a issuer.Award) bool { return a.ID == c.AwardID })
		runs := slices.ContainsFunc(running, func(r issuer.Credential) bool { return r.ID == c.ID || r.ID == c.CopyOf })
		switch {
		case a == nil || !a.Live() || !runs:
		case !good[c.ID] && !doubtful:
			out.Doubtful++
		case c.CopyOf != "":
			copies = append(copies, c.ID)
		default:
			all = append(all, &restatement{award: a, old: c})
		}
	}
	return all, copies, nil
}

// loggedBefore finds the credentials that are good by the public log; all are,
// of a key that was not compromised. It is the verifier's rule.
func (w *work) loggedBefore(k *issuer.Key, credentials []issuer.Credential) (map[issuer.CredentialID]bool, error) {
	good := map[issuer.CredentialID]bool{}
	ids := make([]issuer.CredentialID, len(credentials))
	for i, c := range credentials {
		ids[i], good[c.ID] = c.ID, k.State != issuer.KeyCompromised
	}
	if k.State != issuer.KeyCompromised {
		return good, nil
	}
	leaves, err := w.LeavesOf(ids...)
	for _, l := range leaves {
		if l.Type == ledger.Issue && l.Sequence != nil && l.At.Before(*k.CompromisedAt) {
			good[l.CredentialID] = true
		}
	}
	return good, err
}

// tellOfKey mails holders that their badges were issued anew.
func (w *work) tellOfKey(all []*restatement, notify bool) error {
	if !notify {
		return nil
	}
	for _, s := range all {
		holder, err := w.Person(s.award.PersonID)
		if err != nil {
			return err
		}
		v, err := (&awarded{s.award, s.new}).view(w)
		if err != nil {
			return err
		}
		if err := w.tellOfNew(holder, []BadgeView{*v}, "The key that signed it was replaced. What the badge says is the same as before."); err != nil {
			return err
		}
	}
	return nil
}
