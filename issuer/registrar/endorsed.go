package registrar

import (
	"encoding/json"
	"fmt"
	"slices"

	"hallmark/issuer"
	"hallmark/verifier/ob3"
)

// ownWord is the name of the evidence that says who signed.
const ownWord = "The mentors' own word"

// wordsAbout reads what was signed about the badges of an approval, for their
// documents.
func (w *work) wordsAbout(h *heldCapstone, a *approvedWork) error {
	var err error
	if a.allotted, err = w.Allotments(h.ID, h.Submission); err != nil || len(a.allotted) == 0 {
		return err
	}
	found, err := w.Endorsements(unique(a.allotted, func(l issuer.Allotment) issuer.CredentialID { return l.CredentialID })...)
	if err != nil {
		return err
	}
	a.endorsements = map[issuer.CredentialID][]endorsement{}
	for _, row := range found {
		e := endorsement{review: row.ReviewID}
		if err := json.Unmarshal(row.Bytes, &e.doc); err != nil {
			return fmt.Errorf("read endorsement %s: %w", row.ID, err)
		}
		a.endorsements[row.CredentialID] = append(a.endorsements[row.CredentialID], e)
	}
	return nil
}

// endorsement is what a mentor signed with a decision, as a badge carries it.
type endorsement struct {
	review issuer.ReviewID
	doc    ob3.EndorsementCredential
}

// sent says of the badges of an approval that they carry what was signed about
// them; what was signed about a badge that did not come of it is void.
func (w *work) sent(h *heldCapstone, awards []*earned) error {
	var ids []issuer.CredentialID
	for _, e := range awards {
		if e.work != nil && len(e.work.endorsements[e.credential.ID]) > 0 {
			ids = append(ids, e.credential.ID)
		}
	}
	if len(ids) > 0 {
		if err := w.SendEndorsements(ids...); err != nil {
			return err
		}
	}
	return w.VoidEndorsements(h.ID)
}

// signedAndNot says who signed their approval and who did not, "" where nobody
// did.
func (f *badgeFacts) signedAndNot() string {
	signed := f.work.endorsements[f.id]
	if len(signed) == 0 {
		return ""
	}
	var with, without []issuer.Review
	for _, r := range f.work.approvals {
		if slices.ContainsFunc(signed, func(e endorsement) bool { return e.review == r.ID }) {
			with = append(with, r)
		} else {
			without = append(without, r)
		}
	}
	text := "Reviewed and signed by " + mentors(with) + " of " + f.program.Name + "."
	if len(without) > 0 {
		text += " Approved by " + mentors(without) + " of " + f.program.Name + "."
	}
	return text
}

// mentors says who decided, without names.
func mentors(decisions []issuer.Review) string {
	lead := slices.ContainsFunc(decisions, func(r issuer.Review) bool { return r.Tier == issuer.Lead })
	switch {
	case len(decisions) > 1 && lead:
		return fmt.Sprintf("%d mentors, a lead mentor among them,", len(decisions))
	case len(decisions) > 1:
		return fmt.Sprintf("%d mentors", len(decisions))
	case lead:
		return oneMentor(issuer.Lead)
	}
	return oneMentor(issuer.Community)
}

// withoutWords takes what mentors signed out of a badge that comes after the one
// it is about, and leads to that one.
func withoutWords(doc *ob3.AchievementCredential, which, url string) {
	if len(doc.Endorsement) == 0 {
		return
	}
	doc.Endorsement = nil
	for i := range doc.Evidence {
		if e := &doc.Evidence[i]; e.Name == ownWord {
			e.Narrative += " What was signed is about " + which + ": " + url
		}
	}
}
