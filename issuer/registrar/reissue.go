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
// that none is signed. Where redate is set it has the dates that the award has
// come to. Where renew is set it is of the term that the award has come to, with
// its dates, and stands beside the old one. What mentors signed is
// about the old badge and stays there; the new one says so.
type restatement struct {
	award  *issuer.Award
	old    *issuer.Credential
	rename bool
	holder *issuer.Person // needed to rename
	redate bool
	renew  bool

	new *issuer.Credential
}

// reissue signs badges anew, each under a new id by the key that signs now.
// But for those that renew, the new one replaces the old one: links go both
// ways, and the bit of the old one is set as superseded, which is no blame. The
// award goes on as it is.
func (w *work) reissue(ctx context.Context, all ...*restatement) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]issuer.CredentialID, len(all))
	for i := range all {
		ids[i] = issuer.CredentialID(rand.Text())
	}
	entries, err := w.reserve(ids...)
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
		if s.renew {
			continue
		}
		if err := w.supersede(s.old, s.new); err != nil {
			return err
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
	was := doc.ID
	doc.ID, doc.Issuer, doc.ValidFrom = badgeURL(w.r.BaseURL, id), profile(w.us), ob3.At(w.Now)
	doc.CredentialStatus = statusEntry(w.r.BaseURL, entry)
	withoutWords(&doc, "the badge before this one", was)
	if s.rename {
		doc.CredentialSubject.Identifier = nil
		if s.award.NameSigned {
			doc.CredentialSubject.Identifier = identifier(s.holder.Name)
		}
	}
	s.new = &issuer.Credential{ID: id, AwardID: s.award.ID, Term: s.old.Term, StatusListID: entry.StatusListID, StatusIndex: entry.StatusIndex, Supersedes: s.old.ID}
	if s.renew {
		s.new.Term, s.new.Supersedes = s.award.Term, ""
	}
	if s.renew || s.redate {
		doc.AwardedDate, doc.ValidUntil = ob3.At(s.award.AwardedOn.Time()), ob3.Time{}
		if s.award.ValidUntil != nil {
			doc.ValidUntil = ob3.At(*s.award.ValidUntil)
		}
		if err := w.repicture(&doc, s.award); err != nil {
			return nil, err
		}
	}
	return &paper{credential: s.new, person: s.award.PersonID, doc: &doc}, nil
}

// repicture names the picture of the year in which a term was earned.
func (w *work) repicture(doc *ob3.AchievementCredential, a *issuer.Award) error {
	versions, err := w.versions(a.AchievementVersionID)
	if err != nil {
		return err
	}
	achievement, version := &doc.CredentialSubject.Achievement, versions[a.AchievementVersionID]
	digest, err := w.pictureOf(&version, achievement.HumanCode, a.ProgramID, a.AwardedOn)
	achievement.Image, doc.RelatedResource = image(w.r.BaseURL, digest), bound(w.r.BaseURL, digest)
	return err
}

// supersede says of a credential that another took its place, and of the copies
// that wallets have of it.
func (w *work) supersede(old, by *issuer.Credential) error {
	copies, err := w.liveCopies(old)
	if err != nil {
		return err
	}
	for i := range copies {
		if err := w.supersedeOne(&copies[i], by); err != nil {
			return err
		}
	}
	return w.supersedeOne(old, by)
}

func (w *work) supersedeOne(old, by *issuer.Credential) error {
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
		reason := reason // the act may be run again
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayAward(l.ProgramID); err != nil {
			return nil, err
		}
		if of := l.credential.CopyOf; of != "" { // only a wallet can have its copy made anew
			if l.credential, err = w.Credential(of); err != nil {
				return nil, err
			}
		}
		if reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
			return nil, err
		}
		if reason == "" {
			return nil, issuer.Wrong("reason", "Say what was wrong with the old badge; its holder reads it.")
		}
		w.say("reason", reason)
		if l.credential.SupersededBy != "" {
			return w.replaced(l)
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		running, err := w.running(*l.Award)
		if err != nil {
			return nil, err
		}
		if !l.Live() || find(running, func(c issuer.Credential) bool { return c.ID == l.credential.ID }) == nil {
			return nil, issuer.Refuse(issuer.Conflict, "This badge is not current any more; it cannot be issued anew.")
		}
		return w.reissueOne(ctx, l, running, reason)
	})
}

// replaced shows the badge that took the place of another.
func (w *work) replaced(l *awarded) (*Reissued, error) {
	w.note("done", false)
	all, err := w.CredentialsOfAwards(l.ID)
	if err != nil {
		return nil, err
	}
	now := find(all, func(c issuer.Credential) bool { return c.Term == l.credential.Term && c.SupersededBy == "" })
	if now == nil {
		return nil, fmt.Errorf("look for what replaced badge %s: there is none", l.credential.ID)
	}
	v, err := (&awarded{l.Award, now}).view(w)
	if err != nil {
		return nil, err
	}
	return &Reissued{Badge: *v}, nil
}

// reissueOne replaces a badge, and with it what runs of the same award in
// another term if that says something else of the name.
func (w *work) reissueOne(ctx context.Context, l *awarded, running []issuer.Credential, reason string) (*Reissued, error) {
	holder, err := w.Person(l.PersonID)
	if err != nil {
		return nil, err
	}
	named := l.NameSigned
	all := []*restatement{w.renamed(l.Award, l.credential, holder)}
	for i := range running {
		if c := &running[i]; c.ID != l.credential.ID && l.NameSigned != named {
			all = append(all, w.renamed(l.Award, c, holder))
		}
	}
	if err := w.restateThese(ctx, all); err != nil {
		return nil, err
	}
	w.note("done", true)
	w.note("by", all[0].new.ID)
	v, err := (&awarded{l.Award, all[0].new}).view(w)
	if err != nil {
		return nil, err
	}
	return &Reissued{*v, true}, w.tellOfNew(holder, []BadgeView{*v}, reason)
}

// renamed restates a badge of an award with the name that its holder wants
// signed.
func (w *work) renamed(a *issuer.Award, c *issuer.Credential, holder *issuer.Person) *restatement {
	a.NameSigned = holder.NameConsent == issuer.ConsentGiven
	return &restatement{award: a, old: c, holder: holder, rename: true}
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
