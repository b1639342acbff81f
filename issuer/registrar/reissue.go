package registrar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/ob3"
)

// restatement is a badge that is to be signed anew. The act holds the row of
// its holder. What the badge says stays word for word; only its name changes,
// where rename is set: to that of the holder, or to none if the award says
// that none is signed.
type restatement struct {
	award  *issuer.Award
	rename bool
	holder *issuer.Person // needed to rename

	old *issuer.Credential
	new *issuer.Credential
}

// reissue signs badges anew, each under a new id that replaces the old one by
// the key that signs now: links go both ways, and the bit of the old one is
// set as superseded, which is no blame. The award goes on as it is.
func (w *work) reissue(ctx context.Context, all ...*restatement) error {
	if err := w.currentOf(all); err != nil {
		return err
	}
	ids := make([]issuer.CredentialID, len(all))
	for i := range all {
		ids[i] = issuer.CredentialID(rand.Text())
	}
	entries, err := w.ReserveStatuses(w.us.ID, revocation, ids...)
	if err != nil {
		return err
	}
	papers := make([]*paper, len(all))
	for i, s := range all {
		if papers[i], err = w.restate(s, ids[i], entries[i]); err != nil {
			return err
		}
	}
	if err := w.keepSigned(ctx, papers...); err != nil {
		return err
	}
	for _, s := range all {
		if err := w.supersede(s.old, s.new); err != nil {
			return err
		}
	}
	return nil
}

// currentOf finds the credential of each award that is to be replaced.
func (w *work) currentOf(all []*restatement) error {
	credentials, err := w.CredentialsOfAwards(unique(all, func(s *restatement) issuer.AwardID { return s.award.ID })...)
	if err != nil {
		return err
	}
	for _, s := range all {
		s.old = find(credentials, func(c issuer.Credential) bool { return c.AwardID == s.award.ID && c.SupersededBy == "" })
		if s.old == nil {
			return fmt.Errorf("restate award %s: it has no current credential", s.award.ID)
		}
	}
	return nil
}

// restate makes the document that replaces the one that was signed.
func (w *work) restate(s *restatement, id issuer.CredentialID, entry *issuer.StatusEntry) (*paper, error) {
	copied, err := w.SignedCopy(s.old.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return nil, err
	}
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(copied.Bytes, &doc); err != nil {
		return nil, fmt.Errorf("read signed copy %s: %w", s.old.ID, err)
	}
	doc.ID, doc.Issuer, doc.ValidFrom = badgeURL(w.r.BaseURL, id), profile(w.us), ob3.At(w.Now)
	doc.CredentialStatus = statusEntry(w.r.BaseURL, entry)
	if s.rename {
		doc.CredentialSubject.Identifier = nil
		if s.award.NameSigned {
			doc.CredentialSubject.Identifier = identifier(s.holder.Name)
		}
	}
	s.new = &issuer.Credential{ID: id, AwardID: s.award.ID, StatusListID: entry.StatusListID, StatusIndex: entry.StatusIndex, Supersedes: s.old.ID}
	return &paper{credential: s.new, person: s.award.PersonID, doc: &doc}, nil
}

// supersede says of a credential that another took its place.
func (w *work) supersede(old, by *issuer.Credential) error {
	if err := w.Supersede(old.ID, by.ID, w.Now); err != nil {
		return err
	}
	if err := w.SetStatus(old.ID, "superseded"); err != nil {
		return err
	}
	return w.leaf(old.ID, ledger.Supersede, ledger.Event(ledger.Supersede, string(old.ID), w.Now, string(by.ID)))
}

// Reissued answers ReissueCredential.
type Reissued struct {
	Badge BadgeView // the one that stands now
	Done  bool      // false: it had been replaced before
}

// ReissueCredential replaces a badge by one with the name that its holder has
// now, if they let it be signed, and tells the holder why. It is for what was
// wrong in the old one; what the badge stands for does not change. Who runs the
// program may, and clients with credentials:write. A badge that was replaced
// already is answered with the one that stands now, so that of those who ask at
// once one replaces it.
func (r *Registrar) ReissueCredential(ctx context.Context, by issuer.Caller, id issuer.CredentialID, reason string) (*Reissued, error) {
	return act(ctx, r, by, "credential.reissue", string(id), func(w *work) (*Reissued, error) {
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayAward(l.ProgramID); err != nil {
			return nil, err
		}
		if reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
			return nil, err
		}
		if reason == "" {
			return nil, issuer.Wrong("reason", "Say what was wrong with the old badge; its holder reads it.")
		}
		w.note("reason", reason)
		if l.credential.SupersededBy != "" {
			return w.replaced(l.Award)
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		if !l.Live() || l.Lapsed(w.Now) {
			return nil, issuer.Refuse(issuer.Conflict, "This badge is not current any more; it cannot be issued anew.")
		}
		return w.reissueOne(ctx, l.Award, reason)
	})
}

// replaced shows the badge that took the place of another.
func (w *work) replaced(a *issuer.Award) (*Reissued, error) {
	w.note("done", false)
	views, err := w.badgeViews([]issuer.Award{*a})
	if err != nil {
		return nil, err
	}
	return &Reissued{Badge: views[0]}, nil
}

func (w *work) reissueOne(ctx context.Context, a *issuer.Award, reason string) (*Reissued, error) {
	holder, err := w.Person(a.PersonID)
	if err != nil {
		return nil, err
	}
	s := w.renamed(a, holder)
	if err := w.reissue(ctx, s); err != nil {
		return nil, err
	}
	if err := w.SaveAward(a); err != nil {
		return nil, err
	}
	w.note("done", true)
	w.note("by", s.new.ID)
	v, err := (&awarded{a, s.new}).view(w)
	if err != nil {
		return nil, err
	}
	return &Reissued{*v, true}, w.tellOfNew(holder, []BadgeView{*v}, reason)
}

// renamed restates an award's badge with the name that its holder wants signed.
func (w *work) renamed(a *issuer.Award, holder *issuer.Person) *restatement {
	a.NameSigned = holder.NameConsent == issuer.ConsentGiven
	return &restatement{award: a, holder: holder, rename: true}
}

// tellOfNew mails a person that badges of theirs were replaced, and why.
func (w *work) tellOfNew(holder *issuer.Person, badges []BadgeView, reason string) error {
	for _, b := range badges {
		if err := w.mail(holder, "badge-replaced", map[string]any{"Badge": b.Achievement.Name, "Issuer": w.us.Name,
			"Reason": reason, "Link": b.URL}); err != nil {
			return err
		}
	}
	return nil
}
