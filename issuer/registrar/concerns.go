package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Concerns are kept apart from everything else: who runs a program reads those
// of its desk, an admin of the installation all, and nobody one that they are
// involved in, whatever else they may do. No entry of the audit trail has a word
// of one, nor names who reported it, and no export of everything has them.

// reporter acts for who reports a concern, so that the audit trail, which those
// whom it is about may read, does not say who did.
var reporter = issuer.Caller{System: "reporter"}

// NewConcern is a concern to report. Program is a code or an id of one that the
// caller has to do with, or ""; Badge is the id of a badge, or "".
type NewConcern struct {
	Kind        issuer.ConcernKind
	Program     string
	Badge       string
	About       string
	Words       string
	AboutRunner bool // it is about someone who runs the program
	Nameless    bool // the caller is not to be named
}

// ConcernReceipt is what a reporter gets. Code leads back to a concern that was
// reported without a name; it is not kept.
type ConcernReceipt struct {
	ID      issuer.ConcernID
	Code    string
	GoesTo  issuer.ConcernDesk
	Program Named
	Nobody  bool // who could read it is involved; it waits for someone else
}

func concernHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// ReportConcern takes a concern from anyone, signed in or not. Without an
// account, or without their name, a reporter gets a code to come back with.
func (r *Registrar) ReportConcern(ctx context.Context, by issuer.Caller, in NewConcern) (*ConcernReceipt, error) {
	id, code := issuer.ConcernID(rand.Text()), rand.Text()[:issuer.ConcernCodeSize]
	return act(ctx, r, reporter, "concern.report", string(id), func(w *work) (*ConcernReceipt, error) {
		c := &issuer.Concern{ID: id, IssuerID: w.us.ID, Kind: in.Kind, About: in.About, Words: in.Words, State: issuer.ConcernReceived,
			CreatedAt: w.Now, ChangedAt: w.Now, RemindedAt: w.Now}
		if err := c.Check(); err != nil {
			return nil, err
		}
		receipt := &ConcernReceipt{ID: id}
		if by.Person != "" && !in.Nameless {
			if _, err := w.living(by.Person); err != nil {
				return nil, err
			}
			c.ReporterID = by.Person
		} else {
			receipt.Code, c.CodeHash = code, concernHash(code)
		}
		involved, err := w.placeConcern(c, by, in)
		if err != nil {
			return nil, err
		}
		if err := w.AddConcern(c, involved...); err != nil {
			return nil, err
		}
		at, err := w.places()
		if err != nil {
			return nil, err
		}
		receipt.GoesTo, receipt.Program = c.GoesTo, at.programs[c.ProgramID]
		told, err := w.tellHandlers(c, "new")
		receipt.Nobody = told == 0
		return receipt, err
	})
}

// placeConcern finds the program of a concern and who is involved in it, and
// from these to whom it goes.
func (w *work) placeConcern(c *issuer.Concern, from issuer.Caller, in NewConcern) (involved []issuer.PersonID, err error) {
	if in.Badge != "" {
		if involved, err = w.placeByBadge(c, in.Badge); err != nil {
			return nil, err
		}
	} else if in.Program != "" {
		asked := &work{Tx: w.Tx, r: w.r, by: from, us: w.us}
		p, err := asked.seenProgram(in.Program)
		if err != nil {
			return nil, unknown(err, "program", in.Program)
		}
		c.ProgramID = p.ID
	}
	admins, err := w.GrantsOfAdmins()
	if err != nil {
		return nil, err
	}
	grants := slices.Clone(admins)
	if c.ProgramID != "" {
		here, err := w.GrantsIn(c.ProgramID)
		if err != nil {
			return nil, err
		}
		grants = append(grants, here...)
	}
	named, err := w.namedIn(c, unique(grants, func(g issuer.Grant) issuer.PersonID { return g.PersonID }))
	if err != nil {
		return nil, err
	}
	named = slices.DeleteFunc(named, func(p issuer.PersonID) bool { return p == c.ReporterID }) // who speaks of themself
	involved = unique(append(involved, named...), func(p issuer.PersonID) issuer.PersonID { return p })
	c.GoesTo = issuer.Desk(c.ProgramID, in.AboutRunner, runners(grants, c.ProgramID), runners(admins, ""), involved)
	return involved, nil
}

// placeByBadge makes a badge what a concern is about. Its holder is involved,
// and so are who worked on it with them and who decided about it.
func (w *work) placeByBadge(c *issuer.Concern, id string) ([]issuer.PersonID, error) {
	badge, a, err := shown(w.Tx, issuer.CredentialID(strings.ToUpper(id)))
	if errors.Is(err, issuer.NotFound) || errors.Is(err, issuer.Gone) {
		return nil, issuer.Wrong("badge", "There is no such badge. Leave the field empty, and say in your own words which one you mean.")
	}
	if err != nil {
		return nil, err
	}
	c.CredentialID, c.ProgramID = badge.ID, a.ProgramID
	involved := []issuer.PersonID{a.PersonID}
	if a.Fact != issuer.FactReview {
		return involved, nil
	}
	team, err := w.Members(issuer.CapstoneID(a.FactID))
	if err != nil {
		return nil, err
	}
	reviews, err := w.Reviews(issuer.CapstoneID(a.FactID))
	if err != nil {
		return nil, err
	}
	involved = append(involved, unique(team, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
	return append(involved, unique(reviews, func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...), nil
}

// namedIn lists whom of some people a concern names: by their name or an address
// anywhere, by a part of their name where the reporter says whom it is about.
func (w *work) namedIn(c *issuer.Concern, people []issuer.PersonID) ([]issuer.PersonID, error) {
	known, err := w.Unerased(people...)
	if err != nil {
		return nil, err
	}
	emails, err := w.Emails(people...)
	if err != nil {
		return nil, err
	}
	var named []issuer.PersonID
	for _, p := range known {
		said := issuer.Mentions(c.About+"\n"+c.Words, p.Name)
		for _, part := range strings.Fields(p.Name) {
			said = said || len(part) > 2 && issuer.Mentions(c.About, part)
		}
		for _, e := range emails {
			said = said || e.PersonID == p.ID && issuer.Mentions(c.About+"\n"+c.Words, e.Address)
		}
		if said {
			named = append(named, p.ID)
		}
	}
	return named, nil
}

// runners lists who of those with roles runs a program, but for admins of the
// installation; of "" it lists the latter.
func runners(grants []issuer.Grant, p issuer.ProgramID) []issuer.PersonID {
	var ids []issuer.PersonID
	for _, g := range grants {
		if g.ProgramID == p && g.CohortID == "" && (g.Role == issuer.Admin || g.Role == issuer.Owner) {
			ids = append(ids, g.PersonID)
		}
	}
	return ids
}

// handlers lists who handles a concern: those at its desk who are not involved
// in it and did not report it.
func (w *work) handlers(c *issuer.Concern) ([]issuer.Person, error) {
	grants, err := w.GrantsOfAdmins()
	if err != nil {
		return nil, err
	}
	ids := runners(grants, "")
	if c.GoesTo == issuer.DeskProgram {
		here, err := w.GrantsIn(c.ProgramID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, runners(here, c.ProgramID)...)
	}
	involved, err := w.ConcernPeople(c.ID)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(p issuer.PersonID) bool {
		return p == c.ReporterID || slices.ContainsFunc(involved, func(k issuer.ConcernPerson) bool { return k.PersonID == p })
	})
	return w.Unerased(unique(ids, func(p issuer.PersonID) issuer.PersonID { return p })...)
}

// tellHandlers mails those who handle a concern that there is one, or that it
// waits, and tells how many they are. The mail says nothing of it.
func (w *work) tellHandlers(c *issuer.Concern, what string) (int, error) {
	people, err := w.handlers(c)
	if err != nil {
		return 0, err
	}
	letters := make([]letter, len(people))
	for i := range people {
		letters[i] = w.concernLetter(&people[i], c, what)
	}
	return len(people), w.mailAll(letters)
}

func (w *work) concernLetter(to *issuer.Person, c *issuer.Concern, what string) letter {
	return letter{to: to, template: "concern", data: map[string]any{"What": what, "Link": w.r.BaseURL + "/concerns/" + string(c.ID)}}
}

// role is how someone stands to a concern.
type role int

const (
	asReporter role = iota
	asHandler
)

// seenConcern reads a concern that the caller reported or handles. To others,
// and to those it is about, it is not there.
func (w *work) seenConcern(id issuer.ConcernID, read func(issuer.ConcernID) (*issuer.Concern, error)) (*issuer.Concern, role, error) {
	if err := w.onlyPeople("Only people report and handle concerns."); err != nil {
		return nil, 0, err
	}
	c, err := read(id)
	if err != nil {
		return nil, 0, err
	}
	if c.ReporterID == w.by.Person {
		return c, asReporter, nil
	}
	involved, err := w.ConcernPeople(id)
	if err != nil {
		return nil, 0, err
	}
	if !c.HandledBy(w.by) || slices.ContainsFunc(involved, func(k issuer.ConcernPerson) bool { return k.PersonID == w.by.Person }) {
		return nil, 0, hidden("concern")
	}
	return c, asHandler, nil
}

// Concerns lists what the caller reported under their name, and what they
// handle, the longest waiting first.
func (r *Registrar) Concerns(ctx context.Context, by issuer.Caller, closed bool) (*ConcernsView, error) {
	return look(ctx, r, by, func(w *work) (*ConcernsView, error) {
		if err := w.onlyPeople("Only people report and handle concerns."); err != nil {
			return nil, err
		}
		v := &ConcernsView{Closed: closed}
		mine, err := w.ConcernsOf(w.by.Person)
		if err != nil {
			return nil, err
		}
		q := store.ConcernQuery{Reader: w.by.Person, Closed: closed, Limit: maxConcerns}
		q.Programs, q.All = w.managed()
		v.Handles = q.All || len(q.Programs) > 0
		var desk []issuer.Concern
		if v.Handles {
			if desk, err = w.Tx.Concerns(q); err != nil {
				return nil, err
			}
		}
		desk = slices.DeleteFunc(desk, func(c issuer.Concern) bool { return c.ReporterID == w.by.Person })
		if v.Mine, err = w.concernLines(mine); err != nil {
			return nil, err
		}
		v.Desk, err = w.concernLines(desk)
		return v, err
	})
}

// maxConcerns is how many concerns a desk shows.
const maxConcerns = 200
