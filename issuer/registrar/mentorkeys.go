package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// CompromiseMentorKey says that the key of a mentor, which is named by its did:key
// or the Multikey in it, has been in other hands since a time; the zero time
// stands for now. Its private part is deleted, and the next approval that the
// mentor signs makes a new key. What it signed since then is no more shown as the
// mentor's word, and what of that no badge carries yet never will be; a time that
// was given can be set earlier. Who runs the installation may.
func (r *Registrar) CompromiseMentorKey(ctx context.Context, by issuer.Caller, key string, since time.Time) (*issuer.LostMentorKey, error) {
	public := strings.TrimPrefix(key, "did:key:")
	return act(ctx, r, by, "mentor.key.compromise", "", func(w *work) (*issuer.LostMentorKey, error) {
		since := since // the act may be run again
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		if since.IsZero() {
			since = w.Now
		}
		since = since.UTC().Truncate(time.Second)
		if since.After(w.Now) {
			return nil, issuer.Wrong("since", "A key cannot have been stolen in the future.")
		}
		lost, err := w.loseMentorKey(public, since)
		if err != nil {
			return nil, err
		}
		w.object = string(lost.PersonID)
		w.note("key", lost.Public)
		w.note("since", lost.Since)
		return lost, w.VoidEndorsementsSince(lost.PersonID, lost.Since)
	})
}

// loseMentorKey moves a key to those that are lost, or the time of one that is to
// an earlier one.
func (w *work) loseMentorKey(public string, since time.Time) (*issuer.LostMentorKey, error) {
	lost, err := w.LostMentorKey(public)
	if err == nil {
		if since.After(lost.Since) {
			return nil, issuer.Refuse(issuer.Conflict, "This key is known to be compromised since %s; that can be set earlier, not later.", lost.Since.UTC().Format(time.RFC3339))
		}
		lost.Since = since
		return lost, w.MoveLostMentorKey(public, since)
	}
	if !errors.Is(err, issuer.NotFound) {
		return nil, err
	}
	keys, err := w.MentorKeys()
	if err != nil {
		return nil, err
	}
	k := find(keys, func(k issuer.MentorKey) bool { return k.Public == public })
	if k == nil {
		return nil, issuer.Refuse(issuer.NotFound, "There is no key %s; see hallmark keys list, and for those of mentors /v/…/endorsements of a badge.", clip(public))
	}
	if err := w.LockPeople(k.PersonID); err != nil {
		return nil, err
	}
	lost = &issuer.LostMentorKey{Public: k.Public, IssuerID: w.us.ID, PersonID: k.PersonID, Since: since, CreatedAt: w.Now}
	if err := w.AddLostMentorKey(lost); err != nil {
		return nil, err
	}
	return lost, w.RemoveMentorKey(k.Public)
}

// stolen tells whether an endorsement was signed with its mentor's key after that
// was in other hands.
func stolen(tx *store.Tx, e *issuer.Endorsement, mentor issuer.PersonID) (bool, error) {
	lost, err := tx.LostMentorKeys(mentor)
	if err != nil || len(lost) == 0 {
		return false, err
	}
	var doc struct{ Issuer struct{ ID string } }
	if err := json.Unmarshal(e.Bytes, &doc); err != nil {
		return false, fmt.Errorf("read endorsement %s: %w", e.ID, err)
	}
	for _, k := range lost {
		if doc.Issuer.ID == keyring.MentorDID(&issuer.MentorKey{Public: k.Public}) && !e.CreatedAt.Before(k.Since) {
			return true, nil
		}
	}
	return false, nil
}
