package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

// The mentor's own word: an approval that its mentor signs, with a key that the
// service holds for them, as an EndorsementCredential (Open Badges 3.0 §B.1.10)
// about each badge that the approval would issue. It waits unsent until all
// approvals are there, and then stands in the badge as its endorsement.

// allot gives the badges that approving the current submission would issue
// their ids, so that an endorsement can be about a badge before there is one.
// Those that were allotted before stay.
func (w *work) allot(h *heldCapstone) ([]issuer.Allotment, error) {
	have, err := w.Allotments(h.ID, h.Submission)
	if err != nil {
		return nil, err
	}
	offers, err := w.offers(h.ProgramID)
	if err != nil {
		return nil, err
	}
	var added []*issuer.Allotment
	for _, m := range h.team {
		for _, o := range offers {
			if o.RetiredAt != nil || !o.Current.Rule.Meets(o.Code, issuer.News{Capstone: h.brief.Code}) || allotted(have, m.PersonID, o.ID) != "" {
				continue
			}
			added = append(added, &issuer.Allotment{CredentialID: issuer.CredentialID(rand.Text()), IssuerID: w.us.ID, CapstoneID: h.ID,
				Submission: h.Submission, PersonID: m.PersonID, AchievementID: o.ID})
		}
	}
	for _, a := range added {
		have = append(have, *a)
	}
	return have, w.AddAllotments(added...)
}

// allotted finds the id of a badge that may come, "" if it has none.
func allotted(list []issuer.Allotment, p issuer.PersonID, a issuer.AchievementID) issuer.CredentialID {
	if found := find(list, func(l issuer.Allotment) bool { return l.PersonID == p && l.AchievementID == a }); found != nil {
		return found.CredentialID
	}
	return ""
}

// keepWord keeps what a mentor signs with a decision. A return voids what others
// signed before.
func (w *work) keepWord(ctx context.Context, h *heldCapstone, review *issuer.Review, sign bool) error {
	switch {
	case review.Decision == issuer.Return:
		return w.VoidEndorsements(h.ID)
	case sign:
		return w.endorse(ctx, h, review)
	}
	return nil
}

// endorse signs an approval in the name of its mentor, about every badge that
// was allotted an id.
func (w *work) endorse(ctx context.Context, h *heldCapstone, review *issuer.Review) error {
	mentor, err := w.Person(review.ReviewerID)
	if err != nil {
		return err
	}
	key, err := w.mentorKey(mentor.ID)
	if err != nil {
		return err
	}
	program, err := w.Program(h.ProgramID)
	if err != nil {
		return err
	}
	comment, err := w.verdict(h, review)
	if err != nil {
		return err
	}
	allotments, err := w.allot(h)
	if err != nil {
		return err
	}
	e := ob3.EndorsementCredential{Context: contexts(), Type: []string{"VerifiableCredential", "EndorsementCredential"},
		Name:      "Approval of “" + h.brief.Name + "”",
		Issuer:    ob3.Profile{ID: keyring.MentorDID(key), Type: []string{"Profile"}, Name: endorser(mentor, review.Tier, program)},
		ValidFrom: ob3.At(w.Now), CredentialSubject: ob3.EndorsementSubject{Type: []string{"EndorsementSubject"}, EndorsementComment: comment}}
	rows, digests := make([]*issuer.Endorsement, len(allotments)), map[issuer.CredentialID]string{}
	for i, a := range allotments {
		e.ID, e.CredentialSubject.ID = newURN(), badgeURL(w.r.BaseURL, a.CredentialID)
		signed, err := w.r.signEndorsement(ctx, key, &e, w.Now)
		if err != nil {
			return err
		}
		rows[i] = &issuer.Endorsement{ID: e.ID, IssuerID: w.us.ID, ReviewID: review.ID, CredentialID: a.CredentialID, Bytes: signed, CreatedAt: w.Now}
		sum := sha256.Sum256(signed)
		digests[a.CredentialID] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	w.note("signed", len(rows))
	w.note("endorsed", digests)
	return w.AddEndorsements(rows...)
}

// mentorKey gives the key of a mentor, made when it is first needed. The row of
// the mentor is locked.
func (w *work) mentorKey(p issuer.PersonID) (*issuer.MentorKey, error) {
	key, err := w.MentorKey(p)
	if !errors.Is(err, issuer.NotFound) {
		return key, err
	}
	if key, err = w.r.Ring.MakeMentorKey(p, w.us.ID); err != nil {
		return nil, err
	}
	key.CreatedAt = w.Now
	w.note("key", key.Public)
	return key, w.AddMentorKey(key)
}

// endorser is how an endorsement names its mentor: by name with their consent,
// else by what they are.
func endorser(p *issuer.Person, tier issuer.Tier, program *issuer.Program) string {
	if p.NameConsent == issuer.ConsentGiven {
		return p.Name
	}
	return oneMentor(tier) + " of " + program.Name
}

func oneMentor(tier issuer.Tier) string {
	if tier == issuer.Lead {
		return "a lead mentor"
	}
	return "a mentor"
}

// verdict is what an endorsement says: the result in every line of the rubric,
// and the digest of what was judged.
func (w *work) verdict(h *heldCapstone, review *issuer.Review) (string, error) {
	sealed, err := w.sealed(h.ID, review.Submission)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, c := range h.brief.Rubric {
		if rank := c.Rank(review.Scores[c.Code]); rank >= 0 {
			lines = append(lines, fmt.Sprintf("%s: %s (%d of %d)", c.Name, c.Levels[rank], rank+1, len(c.Levels)))
		}
	}
	result := "Approved."
	if len(lines) > 0 {
		result = "Approved against the rubric. " + strings.Join(lines, "; ") + "."
	}
	return fmt.Sprintf("%s What was judged is submission %d, whose digest is %s.", result, review.Submission, verifier.Digest(sealed)), nil
}

// signEndorsement signs an endorsement and reads the exact bytes with our own
// verifier, as signOne does with badges.
func (r *Registrar) signEndorsement(ctx context.Context, key *issuer.MentorKey, e *ob3.EndorsementCredential, at time.Time) ([]byte, error) {
	doc, err := ob3.Marshal(e)
	if err != nil {
		return nil, err
	}
	signed, err := r.Ring.SignEndorsement(key, doc, at)
	if err != nil {
		return nil, err
	}
	v := verifier.Verifier{Now: func() time.Time { return at }}
	report, err := v.Verify(ctx, signed, verifier.Ask{})
	if err != nil {
		return nil, fmt.Errorf("check endorsement before keeping it: %w", err)
	}
	return signed, fit(report, keyring.MentorDID(key))
}
