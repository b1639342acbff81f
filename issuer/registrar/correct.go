package registrar

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"hallmark/issuer"
	"hallmark/verifier/ob3"
)

// Correction is what was wrong about a person; empty members stay as they are.
type Correction struct{ Name, Email string }

// PersonDetail is a person as who manages them sees them, with the badges of
// the programs that the caller runs whose signed name is another.
type PersonDetail struct {
	PersonView
	Outdated   []BadgeView
	MayAddress bool // the caller may correct the address
}

// Person shows a person to who runs a program that they are part of.
func (r *Registrar) Person(ctx context.Context, by issuer.Caller, id issuer.PersonID) (*PersonDetail, error) {
	return look(ctx, r, by, func(w *work) (*PersonDetail, error) {
		p, err := w.mayKnow(id)
		if err != nil {
			return nil, err
		}
		return w.personDetail(p)
	})
}

// mayKnow reads a person for who runs a program that they are part of; for
// others who run one they are not there.
func (w *work) mayKnow(id issuer.PersonID) (*issuer.Person, error) {
	if err := w.mayManageAny(); err != nil {
		return nil, err
	}
	p, err := w.Person(id)
	if err != nil {
		return nil, err
	}
	theirs, err := w.managedOf(p.ID)
	if err != nil {
		return nil, err
	}
	if !theirs[p.ID] {
		return nil, hidden("person")
	}
	return p, notErased(p)
}

// managedOf tells of people whether the caller runs a program that they are part
// of; who runs the installation runs all.
func (w *work) managedOf(ids ...issuer.PersonID) (map[issuer.PersonID]bool, error) {
	theirs := map[issuer.PersonID]bool{}
	enrollments, err := w.Enrollments(ids...)
	if err != nil {
		return nil, err
	}
	grants, err := w.Grants(ids...)
	for _, e := range enrollments {
		theirs[e.PersonID] = theirs[e.PersonID] || w.by.Manages(e.ProgramID)
	}
	for _, g := range grants {
		theirs[g.PersonID] = theirs[g.PersonID] || w.by.Manages(g.ProgramID)
	}
	for _, id := range ids {
		theirs[id] = theirs[id] || w.by.Manages("")
	}
	return theirs, err
}

func notErased(p *issuer.Person) error {
	if p.ErasedAt != nil {
		return issuer.Refuse(issuer.Gone, "This person was erased.")
	}
	return nil
}

// partsOf lists the programs that a person learns or has a role in, and tells
// whether they have a role in the whole installation.
func (w *work) partsOf(id issuer.PersonID) (programs []issuer.ProgramID, everywhere bool, err error) {
	enrollments, err := w.Enrollments(id)
	if err != nil {
		return nil, false, err
	}
	grants, err := w.Grants(id)
	for _, e := range enrollments {
		programs = append(programs, e.ProgramID)
	}
	for _, g := range grants {
		programs = append(programs, g.ProgramID)
		everywhere = everywhere || g.ProgramID == ""
	}
	return programs, everywhere, err
}

// mayReaddress lets through who may say which mailbox is a person's. Whoever
// reads it is let in as that person, so it takes someone who runs everything
// that the person is part of.
func (w *work) mayReaddress(id issuer.PersonID) error {
	if w.by.Manages("") {
		return nil
	}
	programs, everywhere, err := w.partsOf(id)
	if err != nil {
		return err
	}
	for _, program := range programs {
		everywhere = everywhere || !w.by.Manages(program)
	}
	if everywhere {
		return forbid("This person is part of what you do not run; ask an admin of the installation to correct the address.")
	}
	return nil
}

func (w *work) personDetail(p *issuer.Person) (*PersonDetail, error) {
	v, err := w.personView(p)
	if err != nil {
		return nil, err
	}
	_, outdated, err := w.outdated(p)
	if err != nil {
		return nil, err
	}
	badges, err := w.credentialViews(outdated, nil)
	return &PersonDetail{PersonView: *v, Outdated: badges, MayAddress: w.mayReaddress(p.ID) == nil}, err
}

// outdated lists the badges of a person, in programs that the caller runs, that
// carry another name than theirs.
func (w *work) outdated(p *issuer.Person) ([]issuer.Award, []issuer.Credential, error) {
	awards, err := w.AwardsOf(p.ID)
	if err != nil {
		return nil, nil, err
	}
	awards = slices.DeleteFunc(awards, func(a issuer.Award) bool { return !a.Live() || !a.NameSigned || !w.by.Manages(a.ProgramID) })
	running, err := w.running(awards...)
	if err != nil {
		return nil, nil, err
	}
	var out []issuer.Credential
	for _, c := range running {
		name, err := w.signedName(c.ID)
		if err != nil {
			return nil, nil, err
		}
		if name != p.Name {
			out = append(out, c)
		}
	}
	return awards, out, nil
}

// signedName is the name that a badge carries.
func (w *work) signedName(id issuer.CredentialID) (string, error) {
	copied, err := w.SignedCopy(id, issuer.FormatDataIntegrity)
	if err != nil {
		return "", err
	}
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(copied.Bytes, &doc); err != nil {
		return "", fmt.Errorf("read signed copy %s: %w", id, err)
	}
	for _, i := range doc.CredentialSubject.Identifier {
		return i.IdentityHash, nil
	}
	return "", nil
}

// CorrectPerson puts the name or the main address of a person right. Badges
// stay as they are: ReissueOutdated replaces those that carry the old name, if
// that is wanted. With a new address the old one lets nobody in any more, and
// both are told.
func (r *Registrar) CorrectPerson(ctx context.Context, by issuer.Caller, id issuer.PersonID, in Correction) (*PersonDetail, error) {
	return act(ctx, r, by, "person.correct", string(id), func(w *work) (*PersonDetail, error) {
		if _, err := w.mayKnow(id); err != nil {
			return nil, err
		}
		if err := w.LockPeople(id); err != nil {
			return nil, err
		}
		p, err := w.mayKnow(id)
		if err != nil {
			return nil, err
		}
		if in.Name != "" {
			if err := w.rename(p, in.Name); err != nil {
				return nil, err
			}
		}
		if in.Email != "" {
			if err := w.readdress(p, in.Email); err != nil {
				return nil, err
			}
		}
		return w.personDetail(p)
	})
}

// rename notes that the name was corrected, not what it was: audit entries are
// for ever, names are not. Mails that wait say the new one, so that nothing has
// a name of someone's that the records do not know.
func (w *work) rename(p *issuer.Person, name string) error {
	name, _, err := issuer.CleanName(name)
	if err != nil || name == p.Name {
		return err
	}
	if err := w.takeOutOfMails(name, p.Name); err != nil {
		return err
	}
	p.Name = name
	w.note("name", true)
	return w.SavePerson(p)
}

func (w *work) readdress(p *issuer.Person, email string) error {
	address, _, err := issuer.NormalEmail(email)
	if err != nil {
		return err
	}
	emails, err := w.Emails(p.ID)
	if err != nil {
		return err
	}
	main := find(emails, func(e issuer.Email) bool { return e.Main })
	if main != nil && main.Address == address {
		return nil
	}
	if err := w.mayReaddress(p.ID); err != nil {
		return err
	}
	if err := w.tellOfAddress(p); err != nil {
		return err
	}
	if main != nil {
		if err := w.RemoveEmail(main.Address); err != nil {
			return err
		}
	}
	if find(emails, func(e issuer.Email) bool { return e.Address == address }) != nil { // a second one of theirs
		if err := w.RemoveEmail(address); err != nil {
			return err
		}
	}
	added, err := w.AddEmailOnce(&issuer.Email{Address: address, IssuerID: w.us.ID, PersonID: p.ID, Main: true, CreatedAt: w.Now})
	if err != nil {
		return err
	}
	if !added {
		return &issuer.Error{Kind: issuer.Conflict, Field: "email", Reason: "Someone else has this address."}
	}
	w.note("email", true)
	if err := w.SignOut(p.ID); err != nil {
		return err
	}
	return w.mailAll([]letter{w.addressLetter(p, address)})
}

// tellOfAddress tells every address of a person that the main one is corrected.
func (w *work) tellOfAddress(p *issuer.Person) error {
	emails, err := w.Emails(p.ID)
	if err != nil {
		return err
	}
	letters := make([]letter, len(emails))
	for i, e := range emails {
		letters[i] = w.addressLetter(p, e.Address)
	}
	return w.mailAll(letters)
}

func (w *work) addressLetter(p *issuer.Person, to string) letter {
	return letter{to: p, at: to, template: "address-changed", data: map[string]any{"Issuer": w.us.Name, "Ask": w.askAt(), "Link": w.r.BaseURL + "/signin"}}
}

// askAt is where people can ask the issuer, for mails.
func (w *work) askAt() string {
	if w.us.Email != "" {
		return w.us.Email
	}
	return w.us.URL
}

// ReissueOutdated replaces the badges of a person that carry another name than
// theirs, in the programs that the caller runs, and tells the holder why. Doing
// it again changes nothing.
func (r *Registrar) ReissueOutdated(ctx context.Context, by issuer.Caller, id issuer.PersonID, reason string) ([]BadgeView, error) {
	return act(ctx, r, by, "person.reissue", string(id), func(w *work) ([]BadgeView, error) {
		reason := reason // the act may be run again
		if _, err := w.mayKnow(id); err != nil {
			return nil, err
		}
		if err := w.LockPeople(id); err != nil {
			return nil, err
		}
		p, err := w.mayKnow(id)
		if err != nil {
			return nil, err
		}
		if reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
			return nil, err
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		return w.reissueOutdated(ctx, p, reason)
	})
}

// reissueOutdated replaces what carries another name than a person's, in the
// programs that the caller runs, and tells them why: "" says that it was corrected.
func (w *work) reissueOutdated(ctx context.Context, p *issuer.Person, reason string) ([]BadgeView, error) {
	if reason == "" {
		reason = "Your name was corrected."
	}
	awards, outdated, err := w.outdated(p)
	if err != nil {
		return nil, err
	}
	all, replaced := make([]*restatement, len(outdated)), make([]issuer.Credential, len(outdated))
	for i := range outdated {
		c := &outdated[i]
		all[i] = w.renamed(find(awards, func(a issuer.Award) bool { return a.ID == c.AwardID }), c, p)
	}
	if err := w.restateThese(ctx, all); err != nil {
		return nil, err
	}
	for i, s := range all {
		replaced[i] = *s.new
	}
	badges, err := w.credentialViews(replaced, nil)
	if err != nil {
		return nil, err
	}
	w.note("reissued", len(badges))
	return badges, w.tellOfNew(p, badges, reason)
}
