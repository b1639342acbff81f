package registrar

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Caller gives a person as a caller, with their grants and enrollments as
// they are now; cohorts that they left are not among them. Someone who was erased is nobody: the error is Unsigned.
func (r *Registrar) Caller(ctx context.Context, person issuer.PersonID) (issuer.Caller, error) {
	return store.Read(ctx, r.Store, func(tx *store.Tx) (issuer.Caller, error) {
		p, err := tx.Person(person)
		if err != nil {
			return issuer.Caller{}, err
		}
		if p.ErasedAt != nil {
			return issuer.Caller{}, issuer.Refuse(issuer.Unsigned, "Sign in first.")
		}
		by := issuer.Caller{Person: p.ID, Name: p.Name, Language: p.Locale}
		if by.Grants, err = tx.Grants(p.ID); err != nil {
			return issuer.Caller{}, err
		}
		by.Enrollments, err = tx.Enrollments(p.ID)
		by.Enrollments = slices.DeleteFunc(by.Enrollments, func(e issuer.Enrollment) bool { return e.LeftAt != nil })
		return by, err
	})
}

// AddAdmin makes a person admin of the installation; they are added if the
// address is new. Only who runs the installation, or its command line, may.
func (r *Registrar) AddAdmin(ctx context.Context, by issuer.Caller, email, name string) (*issuer.Person, error) {
	return act(ctx, r, by, "admin.add", "", func(w *work) (*issuer.Person, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		return w.addAdmin(email, name)
	})
}

func (w *work) addAdmin(email, name string) (*issuer.Person, error) {
	if name == "" {
		name = email
	}
	p, _, err := w.findOrAdd(NewPerson{Email: email, Name: name})
	if err != nil {
		return nil, err
	}
	w.object = string(p.ID)
	_, err = w.grant(&issuer.Grant{PersonID: p.ID, Role: issuer.Admin})
	return p, err
}

// AddPerson adds a person whose address is new; it refuses one that is not.
// Whoever runs any program may add people.
func (r *Registrar) AddPerson(ctx context.Context, by issuer.Caller, in NewPerson) (*PersonView, error) {
	return act(ctx, r, by, "person.add", "", func(w *work) (*PersonView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		p, added, err := w.findOrAdd(in)
		if err != nil {
			return nil, err
		}
		if !added {
			return nil, &issuer.Error{Kind: issuer.Conflict, Field: "email", Reason: "Someone with this address is there already."}
		}
		w.object = string(p.ID)
		return w.personView(p)
	})
}

// mayManageAny lets through who runs the installation or any program.
func (w *work) mayManageAny() error {
	if err := w.signed(); err != nil {
		return err
	}
	if programs, all := w.managed(); all || len(programs) > 0 {
		return nil
	}
	return forbid("Only an owner or admin of a program may do this.")
}

// findOrAdd finds the person of an address or adds them.
func (w *work) findOrAdd(in NewPerson) (p *issuer.Person, added bool, err error) {
	address, _, err := issuer.NormalEmail(in.Email)
	if err != nil {
		return nil, false, err
	}
	p, err = w.holdAddress(address)
	if err == nil || !errors.Is(err, issuer.NotFound) {
		return p, false, err
	}
	p, err = w.newPerson(in)
	if err != nil {
		return nil, false, err
	}
	if err := w.AddPerson(p); err != nil {
		return nil, false, err
	}
	added, err = w.AddEmailOnce(&issuer.Email{Address: address, IssuerID: w.us.ID, PersonID: p.ID, Main: true, CreatedAt: w.Now})
	if err == nil && !added {
		err = issuer.Refuse(issuer.Conflict, "Someone with this address was added a moment ago; try again.")
	}
	return p, true, err
}

// newPerson checks what is said of a person.
func (w *work) newPerson(in NewPerson) (*issuer.Person, error) {
	name, _, err := issuer.CleanName(in.Name)
	if err != nil {
		return nil, err
	}
	department, err := issuer.CleanText("department", in.Department, issuer.MaxName)
	if err != nil {
		return nil, err
	}
	experience, err := issuer.CleanText("experience", in.Experience, issuer.MaxName)
	if err != nil {
		return nil, err
	}
	if err := checkZone("timeZone", in.TimeZone); err != nil {
		return nil, err
	}
	return &issuer.Person{ID: issuer.PersonID(rand.Text()), IssuerID: w.us.ID, Name: name, Department: department,
		Experience: experience, TimeZone: in.TimeZone, CreatedAt: w.Now}, nil
}

// checkZone refuses a time zone that the IANA database does not have.
// "Local" is one that Go knows and no one else.
func checkZone(field, zone string) error {
	if zone == "" {
		return nil
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return issuer.Wrong(field, "“%s” is not a time zone; write it as Europe/Berlin.", zone)
	}
	return nil
}

// GrantRole gives a person a role. Whoever runs the program may; an admin
// without a program is made by who runs the installation.
func (r *Registrar) GrantRole(ctx context.Context, by issuer.Caller, in NewGrant) (*PersonView, error) {
	return act(ctx, r, by, "role.grant", string(in.Person), func(w *work) (*PersonView, error) {
		g, err := w.place(in)
		if err != nil {
			return nil, err
		}
		if err := w.mayManage(g.ProgramID); err != nil {
			return nil, err
		}
		p, err := w.living(in.Person)
		if err != nil {
			return nil, err
		}
		w.note("role", in.Role)
		w.note("program", g.ProgramID)
		w.note("cohort", g.CohortID)
		if _, err := w.grant(g); err != nil {
			return nil, err
		}
		return w.personView(p)
	})
}

// place finds where a role is to be held and checks that it can be held
// there: mentors in a cohort, the others in a program, admins also everywhere.
func (w *work) place(in NewGrant) (*issuer.Grant, error) {
	g := &issuer.Grant{PersonID: in.Person, Role: in.Role}
	if in.Cohort != "" {
		c, err := w.CohortNamed(in.Cohort)
		if err != nil {
			return nil, unknown(err, "cohort", in.Cohort)
		}
		g.ProgramID, g.CohortID = c.ProgramID, c.ID
	}
	if in.Program != "" {
		p, err := w.ProgramNamed(in.Program)
		if err != nil {
			return nil, unknown(err, "program", in.Program)
		}
		if g.ProgramID != "" && g.ProgramID != p.ID {
			return nil, issuer.Wrong("cohort", "This cohort belongs to another program.")
		}
		g.ProgramID = p.ID
	}
	switch in.Role {
	case issuer.Mentor:
		if g.CohortID == "" {
			return nil, issuer.Wrong("cohort", "Say which cohort they mentor.")
		}
		if in.Tier != issuer.Lead && in.Tier != issuer.Community {
			return nil, issuer.Wrong("tier", "A mentor is “lead” or “community”.")
		}
		g.Tier = in.Tier
	case issuer.Owner, issuer.Sponsor:
		if g.ProgramID == "" {
			return nil, issuer.Wrong("program", "Say in which program.")
		}
		g.CohortID = ""
	case issuer.Admin:
		g.CohortID = ""
	default:
		return nil, issuer.Wrong("role", "“%s” is not a role that can be given.", in.Role)
	}
	return g, nil
}

// unknown turns "there is none" about something that the input names into a
// wrong input.
func unknown(err error, field, name string) error {
	if !errors.Is(err, issuer.NotFound) {
		return err
	}
	return issuer.Wrong(field, "There is no %s “%s”.", field, clip(name))
}

// clip keeps what people sent short enough for a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// grant gives a role once; a mentor's tier may change.
func (w *work) grant(g *issuer.Grant) (changed bool, err error) {
	g.ID, g.IssuerID, g.CreatedAt = issuer.GrantID(rand.Text()), w.us.ID, w.Now
	g.GrantedBy = cmp.Or(g.GrantedBy, w.by.Person)
	added, err := w.AddGrantOnce(g)
	if err != nil || added || g.Role != issuer.Mentor {
		return added, err
	}
	have, err := w.Grants(g.PersonID)
	for _, h := range have {
		if h.Role == g.Role && h.CohortID == g.CohortID && h.Tier != g.Tier {
			return true, w.SaveGrantTier(g)
		}
	}
	return false, err
}

// RemoveGrant takes a role away. The last admin of the installation stays, and so
// does the last owner of a program.
func (r *Registrar) RemoveGrant(ctx context.Context, by issuer.Caller, id issuer.GrantID) error {
	_, err := act(ctx, r, by, "role.remove", string(id), func(w *work) (struct{}, error) {
		if err := w.mayManageAny(); err != nil {
			return struct{}{}, err
		}
		g, err := w.Grant(id)
		if err != nil {
			return struct{}{}, err
		}
		if err := w.mayManage(g.ProgramID); err != nil {
			return struct{}{}, err
		}
		w.note("person", g.PersonID)
		w.note("role", g.Role)
		w.note("program", g.ProgramID)
		w.note("cohort", g.CohortID)
		if err := w.notLast(g); err != nil {
			return struct{}{}, err
		}
		_, err = w.RemoveGrant(id)
		return struct{}{}, err
	})
	return err
}

// notLast refuses to take away the role of who alone runs the installation, or
// alone owns a program.
func (w *work) notLast(g *issuer.Grant) error {
	var n int
	var err error
	switch {
	case g.Role == issuer.Admin && g.ProgramID == "":
		n, err = w.admins()
	case g.Role == issuer.Owner:
		n, err = w.owners(g.ProgramID)
	default:
		return nil
	}
	if err == nil && n < 2 {
		err = issuer.Refuse(issuer.Conflict, "This is the last %s; make another one first.", g.Role)
	}
	return err
}

// owners counts the owners of a program, and holds that number until the act is
// over.
func (w *work) owners(p issuer.ProgramID) (int, error) {
	if err := w.LockIssuer(w.us.ID); err != nil {
		return 0, err
	}
	return w.CountOwners(p)
}

// Enroll puts a person into a cohort as a learner. Whoever runs the program
// may; doing it again changes nothing.
func (r *Registrar) Enroll(ctx context.Context, by issuer.Caller, who PersonRef, cohort string) (*PersonView, error) {
	return act(ctx, r, by, "person.enroll", string(who.ID), func(w *work) (*PersonView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		c, err := w.CohortNamed(cohort)
		if err != nil {
			return nil, unknown(err, "cohort", cohort)
		}
		if err := w.mayManage(c.ProgramID); err != nil {
			return nil, err
		}
		p, err := w.person(who)
		if err != nil {
			return nil, err
		}
		if p, err = w.living(p.ID); err != nil {
			return nil, err
		}
		w.object = string(p.ID)
		w.note("cohort", c.ID)
		if _, err := w.enroll(p, c); err != nil {
			return nil, err
		}
		return w.personView(p)
	})
}

// enroll puts a person who is held into a cohort, if it admits them.
func (w *work) enroll(p *issuer.Person, c *issuer.Cohort) (added bool, err error) {
	if err := w.admits(p, c); err != nil {
		return false, err
	}
	return w.AddEnrollmentOnce(&issuer.Enrollment{ID: issuer.EnrollmentID(rand.Text()), IssuerID: w.us.ID,
		CohortID: c.ID, ProgramID: c.ProgramID, PersonID: p.ID, CreatedAt: w.Now})
}

// admits refuses a person, nil for someone new, who is not in a cohort into which
// nobody new comes.
func (w *work) admits(p *issuer.Person, c *issuer.Cohort) error {
	closed := c.Admits()
	if closed == nil || p == nil {
		return closed
	}
	have, err := w.Enrollments(p.ID)
	if err != nil || slices.ContainsFunc(have, func(e issuer.Enrollment) bool { return e.CohortID == c.ID && e.LeftAt == nil }) {
		return err
	}
	return closed
}

// person finds the person that a reference means; where there is none, the
// input is wrong.
func (w *work) person(ref PersonRef) (*issuer.Person, error) {
	if ref.ID != "" {
		p, err := w.became(ref.ID)
		if err != nil || p.ErasedAt != nil {
			return nil, unknownPerson(err)
		}
		return p, nil
	}
	address, _, err := issuer.NormalEmail(ref.Email)
	if err != nil {
		return nil, issuer.Wrong("person", "%s", err.Error())
	}
	p, err := w.PersonByEmail(address)
	if err != nil {
		return nil, unknownPerson(err)
	}
	return p, nil
}

// became reads who someone is by now: other systems may know them by the id that
// they had here before they became one with another.
func (w *work) became(id issuer.PersonID) (*issuer.Person, error) {
	p, err := w.Person(id)
	for err == nil && p.MergedInto != "" {
		p, err = w.Person(p.MergedInto)
	}
	return p, err
}

func unknownPerson(err error) error {
	if err != nil && !errors.Is(err, issuer.NotFound) {
		return err
	}
	return issuer.Wrong("person", "This person is not known here; add them first.")
}
