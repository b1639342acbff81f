package registrar

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Approval is one that a badge rests on, as anyone may know of it.
type Approval struct {
	Tier   issuer.Tier
	Signed bool                // reviewed and signed; else it was only recorded
	Lost   bool                // it was signed with a key that was in other hands then, and does not count as signed
	Name   string              // as it was signed, while its mentor lets it be shown; "" else
	Of     issuer.CredentialID // of a signed one: the badge it is about, which is this one or one that it replaced
}

// Endorsements gives what mentors signed about a badge: a JSON array, empty if
// nobody did, each element the bytes that were signed. What was signed about a
// badge that this one replaced is served there.
func (p *Published) Endorsements(ctx context.Context, id issuer.CredentialID) ([]byte, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
		c, _, err := shown(tx, id)
		if err != nil {
			return nil, err
		}
		rows, err := tx.Endorsements(c.ID)
		if err != nil {
			return nil, err
		}
		all := make([][]byte, len(rows))
		for i, e := range rows {
			all[i] = e.Bytes
		}
		return fmt.Appendf(nil, "[%s]", bytes.Join(all, []byte(","))), nil
	})
}

// approvalsOf lists the approvals that a badge rests on, in their order; none if
// it came of something else than a capstone.
func (w *work) approvalsOf(v *BadgeView, award issuer.AwardID) ([]Approval, error) {
	if v.Fact != issuer.FactReview {
		return nil, nil
	}
	c, err := w.Capstone(issuer.CapstoneID(v.FactID))
	if err != nil {
		return nil, err
	}
	reviews, err := w.Reviews(c.ID)
	if err != nil {
		return nil, err
	}
	credentials, err := w.CredentialsOfAwards(award)
	if err != nil {
		return nil, err
	}
	words, err := w.Endorsements(unique(credentials, func(c issuer.Credential) issuer.CredentialID { return c.ID })...)
	if err != nil {
		return nil, err
	}
	var all []Approval
	for _, r := range reviews {
		if r.Submission != c.Submission || r.Decision != issuer.Approve {
			continue
		}
		approval := Approval{Tier: r.Tier}
		if e := find(words, func(e issuer.Endorsement) bool { return e.ReviewID == r.ID }); e != nil {
			if approval.Lost, err = stolen(w.Tx, e, r.ReviewerID); err != nil {
				return nil, err
			}
			if !approval.Lost {
				approval.Signed, approval.Of = true, e.CredentialID
				if approval.Name, err = w.signedBy(e, r.ReviewerID); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, approval)
	}
	return all, nil
}

// signedBy is the name that a mentor signed with, while they let it be shown.
func (w *work) signedBy(e *issuer.Endorsement, mentor issuer.PersonID) (string, error) {
	p, err := w.Person(mentor)
	if err != nil || p.NameConsent != issuer.ConsentGiven || p.ErasedAt != nil {
		return "", err
	}
	var doc struct {
		Issuer struct {
			Name string `json:"name"`
		} `json:"issuer"`
	}
	if err := json.Unmarshal(e.Bytes, &doc); err != nil {
		return "", fmt.Errorf("read endorsement %s: %w", e.ID, err)
	}
	if doc.Issuer.Name != p.Name { // signed before they consented, or under another name
		return "", nil
	}
	return p.Name, nil
}
