package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/ob3"
)

// Erasing a person takes away what is said of them, what they wrote, what was
// signed for them and the keys that were theirs. What stays has no word of
// theirs: an id that was drawn at random, awards and completions to be counted,
// decisions of a mentor, the bits of status lists, the leaves of the public log,
// which mean nothing without their salts, and the audit chain.
//
// Of an audit entry with words someone wrote, the words go and the rest stays.
// Its hash in the chain is of the whole entry, so the entry of the erasure says
// what the rest hashes to: package auditor holds it against that. New entries
// with words carry a salt beside them (work.say), so that the hash does not let
// anyone try words.

// Erasure is what goes and what stays when a person is erased.
type Erasure struct {
	Person      PersonView
	Badges      int // whose pages answer from then on that they were withdrawn
	Live        int // of them, that count now
	Completions int
	Alone       int // projects that nobody else is in: their texts go
	Shared      int // projects whose team stays; the name is taken out
	Reviews     int // decisions that stay, without the note, as a mentor's who left
	LastAdmin   bool
}

// Sign is what whoever erases a person types to say that they mean this one:
// the address, or the id of someone without one.
func (e *Erasure) Sign() string { return signOf(&e.Person) }

// Erasure tells what erasing a person would take away, to who may do it.
func (r *Registrar) Erasure(ctx context.Context, by issuer.Caller, id issuer.PersonID) (*Erasure, error) {
	return look(ctx, r, by, func(w *work) (*Erasure, error) {
		if err := w.mayErase(id); err != nil {
			return nil, err
		}
		p, err := w.Person(id)
		if err != nil {
			return nil, err
		}
		if err := notErased(p); err != nil {
			return nil, err
		}
		return w.erasure(p)
	})
}

// mayErase lets through who runs the installation, and people for themselves.
func (w *work) mayErase(id issuer.PersonID) error {
	if err := w.signed(); err != nil {
		return err
	}
	if w.by.Manages("") || w.by.Person != "" && w.by.Person == id {
		return nil
	}
	return forbid("Only an admin of this installation, or the person themselves, may erase someone.")
}

func (w *work) erasure(p *issuer.Person) (*Erasure, error) {
	v, err := w.personView(p)
	if err != nil {
		return nil, err
	}
	e := &Erasure{Person: *v}
	awards, err := w.AwardsOf(p.ID)
	if err != nil {
		return nil, err
	}
	e.Badges = len(awards)
	for i := range awards {
		if awards[i].Live() && !awards[i].Lapsed(w.Now) {
			e.Live++
		}
	}
	completions, err := w.CompletionsOf(p.ID)
	if err != nil {
		return nil, err
	}
	e.Completions = len(completions)
	capstones, err := w.CapstonesOf(p.ID)
	if err != nil {
		return nil, err
	}
	for i := range capstones {
		others, err := w.othersIn(capstones[i].ID, p.ID)
		if err != nil {
			return nil, err
		}
		if others {
			e.Shared++
		} else {
			e.Alone++
		}
	}
	reviews, err := w.ReviewsBy(p.ID, -1)
	if err != nil {
		return nil, err
	}
	e.Reviews = len(reviews)
	e.LastAdmin, err = w.lastAdmin(p.ID, w.CountAdmins)
	return e, err
}

// othersIn tells whether anyone else of a team is left.
func (w *work) othersIn(c issuer.CapstoneID, but issuer.PersonID) (bool, error) {
	team, err := w.Members(c)
	if err != nil {
		return false, err
	}
	people, err := w.Unerased(unique(team, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
	return find(people, func(p issuer.Person) bool { return p.ID != but }) != nil, err
}

// lastAdmin tells whether nobody else runs the installation, as its admins are
// counted.
func (w *work) lastAdmin(id issuer.PersonID, count func() (int, error)) (bool, error) {
	grants, err := w.Grants(id)
	if err != nil || find(grants, func(g issuer.Grant) bool { return g.Role == issuer.Admin && g.ProgramID == "" }) == nil {
		return false, err
	}
	n, err := count()
	return n < 2, err
}

// ErasePerson erases a person for good. Doing it again changes nothing. The last
// admin of the installation makes another one first.
func (r *Registrar) ErasePerson(ctx context.Context, by issuer.Caller, id issuer.PersonID) error {
	files, err := act(ctx, r, by, "person.erase", string(id), func(w *work) ([]string, error) {
		if err := w.mayErase(id); err != nil {
			return nil, err
		}
		if err := w.LockPeople(id); err != nil {
			return nil, err
		}
		p, err := w.Person(id)
		if err != nil {
			return nil, err
		}
		w.note("changed", p.ErasedAt == nil)
		if p.ErasedAt != nil {
			return nil, nil
		}
		if err := w.notLastAdmin(id); err != nil {
			return nil, err
		}
		words, files, err := w.erase(p)
		w.note("words", words)
		return files, err
	})
	if err != nil {
		return err
	}
	if err := r.dropFiles(ctx, files); err != nil {
		return err
	}
	if err := r.Store.Scrub(ctx); !errors.Is(err, issuer.Unavailable) { // a job does it later
		return err
	}
	return nil
}

// notLastAdmin refuses to take away who alone runs the installation.
func (w *work) notLastAdmin(id issuer.PersonID) error {
	last, err := w.lastAdmin(id, w.admins)
	if err != nil || !last {
		return err
	}
	return issuer.Refuse(issuer.Conflict, "This is the last admin; make another one first.")
}

// blanked is an audit entry whose words were erased, and the hash of what is left
// of it.
type blanked struct {
	Entry issuer.AuditID `json:"entry"`
	Rest  []byte         `json:"rest"`
}

// erase erases a person whose row the act holds, and gives the audit entries
// whose words went, and the files that nothing of theirs names any more.
func (w *work) erase(p *issuer.Person) (words []blanked, files []string, err error) {
	awards, err := w.AwardsOf(p.ID)
	if err != nil {
		return nil, nil, err
	}
	former, err := w.MergedInto(p.ID)
	if err != nil {
		return nil, nil, err
	}
	names, err := w.namesOf(p, former, awards)
	if err != nil {
		return nil, nil, err
	}
	capstones, err := w.CapstonesOf(p.ID)
	if err != nil {
		return nil, nil, err
	}
	p.Erase(w.Now)
	if err := w.SavePerson(p); err != nil {
		return nil, nil, err
	}
	for i := range awards {
		if err := w.eraseAward(&awards[i]); err != nil {
			return nil, nil, err
		}
	}
	for _, c := range capstones {
		if err := w.eraseFrom(c.ID, p.ID, names); err != nil {
			return nil, nil, err
		}
	}
	if err := w.eraseVoices(p.ID, capstones, names); err != nil {
		return nil, nil, err
	}
	if err := w.takeOutOfMails(issuer.SomeoneErased, names...); err != nil {
		return nil, nil, err
	}
	if files, err = w.FilesOf(p.ID); err != nil {
		return nil, nil, err
	}
	for _, id := range append(former, p.ID) {
		said, err := w.eraseWords(id)
		if err != nil {
			return nil, nil, err
		}
		words = append(words, said...)
		if err := w.Tx.ErasePerson(id); err != nil {
			return nil, nil, err
		}
	}
	return words, files, nil
}

// eraseAward ends an award and sets the bit of every credential of it, with a
// reason that is no blame. Their salts go after.
func (w *work) eraseAward(a *issuer.Award) error {
	credentials, err := w.EveryCredentialOf(a.ID)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		if err := w.logErased(&c); err != nil {
			return err
		}
		if err := w.SetStatus(c.ID, "erased"); err != nil {
			return err
		}
	}
	a.Erase(w.Now)
	return w.SaveErasedAward(a)
}

// erasedWord takes the place of the code of a revocation in the event that the
// log commits to.
const erasedWord = "erased"

// logErased says in the log that a credential ended, unless it did before.
func (w *work) logErased(c *issuer.Credential) error {
	leaves, err := w.LeavesOf(c.ID)
	if err != nil || c.SupersededBy != "" || find(leaves, func(l issuer.LogLeaf) bool { return l.Type == ledger.Revoke }) != nil {
		return err
	}
	return w.leaf(c.ID, ledger.Revoke, ledger.Event(ledger.Revoke, string(c.ID), w.Now, erasedWord))
}

// eraseFrom takes names out of a project that others keep. Of one that nobody
// keeps the words go with the person's rows, and here what mails say of it.
func (w *work) eraseFrom(c issuer.CapstoneID, p issuer.PersonID, names []string) error {
	others, err := w.othersIn(c, p)
	if err != nil {
		return err
	}
	if others {
		return w.takeOut(c, names)
	}
	_, err = w.RemoveMessages(string(c))
	return err
}

// takeOut takes names out of what a team wrote and was told.
func (w *work) takeOut(id issuer.CapstoneID, names []string) error {
	c, err := w.Capstone(id)
	if err != nil {
		return err
	}
	scopes, err := w.Scopes(id)
	if err != nil {
		return err
	}
	confirmations, err := w.Confirmations(id)
	if err != nil {
		return err
	}
	submissions, err := w.Submissions(id)
	if err != nil {
		return err
	}
	evidence, err := w.Evidence(id)
	if err != nil {
		return err
	}
	reviews, err := w.ReviewsEver(id)
	if err != nil {
		return err
	}
	appeals, err := w.Appeals(id)
	if err != nil {
		return err
	}
	out := func(texts ...*string) {
		for _, text := range texts {
			*text = issuer.TakeOut(*text, issuer.SomeoneErased, names...)
		}
	}
	of := func(i *issuer.Impact) { out(&i.Measure, &i.Before, &i.After, &i.Unit, &i.Period, &i.ConfirmedBy) }
	plan := func(p *issuer.Plan) {
		out(&p.What, &p.DataNote)
		for i := range p.Tools {
			out(&p.Tools[i])
		}
	}
	out(&c.Title, &c.Summary)
	of(&c.Impact)
	plan(&c.Plan)
	for i := range scopes {
		plan(&scopes[i].Plan)
		out(&scopes[i].Note)
	}
	for i := range confirmations {
		of(&confirmations[i].Impact)
		out(&confirmations[i].Name)
	}
	for i := range submissions {
		out(&submissions[i].Title, &submissions[i].Summary)
		of(&submissions[i].Impact)
	}
	for i := range evidence {
		out(&evidence[i].Name, &evidence[i].URL)
	}
	for i := range reviews {
		out(&reviews[i].Note)
	}
	for i := range appeals {
		out(&appeals[i].Words, &appeals[i].Answer)
		if err := w.SaveAppeal(&appeals[i]); err != nil {
			return err
		}
	}
	return w.SaveWords(c, scopes, confirmations, submissions, evidence, reviews)
}

// namesOf lists what a person is called: their addresses, which go first because
// a name may be part of one, their name, and those that badges of theirs were
// signed with, or that they had here under another id.
func (w *work) namesOf(p *issuer.Person, former []issuer.PersonID, awards []issuer.Award) ([]string, error) {
	emails, err := w.Emails(p.ID)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range emails {
		names = append(names, e.Address)
	}
	credentials, err := w.EveryCredentialOf(unique(awards, func(a issuer.Award) issuer.AwardID { return a.ID })...)
	if err != nil {
		return nil, err
	}
	signed, err := w.SignedCopiesOf(unique(credentials, func(c issuer.Credential) issuer.CredentialID { return c.ID })...)
	if err != nil {
		return nil, err
	}
	names = append(names, p.Name)
	before, err := w.formerNames(p.ID, former)
	if err != nil {
		return nil, err
	}
	names = append(names, before...)
	for _, s := range signed {
		if name := nameIn(s.Bytes); s.Format == issuer.FormatDataIntegrity && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// nameIn is the name that signed bytes of ours carry; "" if they carry none.
func nameIn(signed []byte) string {
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(signed, &doc); err != nil || len(doc.CredentialSubject.Identifier) == 0 {
		return ""
	}
	return doc.CredentialSubject.Identifier[0].IdentityHash
}

// takeOutOfMails puts other words in place of names in what waits to be told to
// others, such as who handed something in.
func (w *work) takeOutOfMails(instead string, names ...string) error {
	for _, name := range names {
		text, err := json.Marshal(name)
		if err != nil {
			return fmt.Errorf("encode name: %w", err)
		}
		mails, err := w.MessagesAbout(strings.Trim(string(text), `"`))
		if err != nil {
			return err
		}
		for i := range mails {
			if err := w.takeOutOfMail(&mails[i], instead, names); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *work) takeOutOfMail(m *issuer.Message, instead string, names []string) error {
	var said map[string]any
	if err := json.Unmarshal([]byte(m.Data), &said); err != nil {
		return fmt.Errorf("read message %s: %w", m.ID, err)
	}
	text, err := json.Marshal(takenOut(said, instead, names))
	if err != nil {
		return fmt.Errorf("encode message %s: %w", m.ID, err)
	}
	m.Data = string(text)
	return w.SaveMessageData(m)
}

// takenOut puts other words in place of names in every text of a JSON value.
func takenOut(value any, instead string, names []string) any {
	switch v := value.(type) {
	case string:
		return issuer.TakeOut(v, instead, names...)
	case []any:
		for i := range v {
			v[i] = takenOut(v[i], instead, names)
		}
	case map[string]any:
		for key := range v {
			v[key] = takenOut(v[key], instead, names)
		}
	}
	return value
}

// eraseWords erases the words of audit entries about a person.
func (w *work) eraseWords(id issuer.PersonID) ([]blanked, error) {
	entries, err := w.WordyEntries(id)
	if err != nil {
		return nil, err
	}
	words, ids := make([]blanked, len(entries)), make([]issuer.AuditID, len(entries))
	for i := range entries {
		words[i], ids[i] = blanked{entries[i].ID, ledger.Rest(&entries[i])}, entries[i].ID
	}
	return words, w.EraseDetails(ids...)
}

// eraseAgain erases people who were erased before and whom a backup brought
// back, and tells how many they were.
func (w *work) eraseAgain(ids []issuer.PersonID) (int, error) {
	back, err := w.Unerased(ids...)
	if err != nil {
		return 0, err
	}
	for i := range back {
		id := back[i].ID
		if err := w.LockPeople(id); err != nil {
			return 0, err
		}
		words, _, err := w.erase(&back[i]) // their files are swept
		if err != nil {
			return 0, err
		}
		detail, err := json.Marshal(map[string]any{"changed": true, "restored": true, "words": words})
		if err != nil {
			return 0, fmt.Errorf("encode audit detail: %w", err)
		}
		if err := w.AddAuditEntry(w.entry("person.erase", string(id), "done", string(detail))); err != nil {
			return 0, err
		}
	}
	return len(back), nil
}

// living holds a person until the act is over and reads them as they are then.
// Who was erased meanwhile is not known here.
func (w *work) living(id issuer.PersonID) (*issuer.Person, error) {
	if err := w.LockPeople(id); err != nil {
		return nil, err
	}
	p, err := w.Person(id)
	if err == nil && p.ErasedAt != nil {
		return nil, unknownPerson(nil)
	}
	return p, err
}

// holdAddress finds the person of an address, holds them until the act is over
// and reads them as they are then. One that nobody has is NotFound.
func (w *work) holdAddress(address string) (*issuer.Person, error) {
	p, err := w.PersonByEmail(address)
	if err != nil {
		return nil, err
	}
	for {
		if err := w.LockPeople(p.ID); err != nil {
			return nil, err
		}
		now, err := w.PersonByEmail(address)
		if err != nil || now.ID == p.ID {
			return now, err
		}
		p = now // who had it became someone else meanwhile
	}
}

// stillThere refuses a caller who was erased since they were let in.
func (w *work) stillThere() error {
	if w.by.Person == "" {
		return nil
	}
	p, err := w.Person(w.by.Person)
	if err == nil && p.ErasedAt != nil {
		return issuer.Refuse(issuer.Unsigned, "Sign in first.")
	}
	return err
}
