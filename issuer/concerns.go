package issuer

import (
	"slices"
	"strings"
	"time"
)

// ConcernKind says what a concern is about.
type ConcernKind string

// The kinds of concern.
const (
	AboutBadge   ConcernKind = "badge"
	AboutProject ConcernKind = "project"
	AboutConduct ConcernKind = "conduct"
	AboutOther   ConcernKind = "other"
)

// ConcernKinds lists them as a form offers them.
var ConcernKinds = []ConcernKind{AboutBadge, AboutProject, AboutConduct, AboutOther}

// ConcernState is where a concern stands. It goes on, and back only to be
// worked on again.
type ConcernState string

// The states of a concern.
const (
	ConcernReceived ConcernState = "received"
	ConcernWorking  ConcernState = "working"
	ConcernAnswered ConcernState = "answered"
	ConcernClosed   ConcernState = "closed"
)

// ConcernDesk is who reads a concern.
type ConcernDesk string

// A concern goes to who runs the program, admins of the installation among
// them, or to the latter alone.
const (
	DeskProgram ConcernDesk = "program"
	DeskAdmins  ConcernDesk = "admins"
)

// What bounds a concern.
const (
	MaxConcern      = 5000
	MaxConcernAbout = 300
	ConcernCodeSize = 20                   // characters of the code that leads back to one
	ConcernPatience = 7 * 24 * time.Hour   // after which those who handle it are reminded
	ConcernLife     = 180 * 24 * time.Hour // how long a closed one is kept, if a configuration does not say
)

// Concern is a report about a badge, a project, someone's conduct or something
// else. A reporter with a name has ReporterID, one without a code of which
// CodeHash is kept.
type Concern struct {
	ID           ConcernID
	IssuerID     IssuerID
	ProgramID    ProgramID // "" if it is about none that is known
	Kind         ConcernKind
	GoesTo       ConcernDesk
	CredentialID CredentialID // of a badge; "" for none
	About        string       // whom or what, in the reporter's words
	Words        string
	ReporterID   PersonID
	CodeHash     string // SHA-256 of the code, hex
	State        ConcernState
	AssignedTo   PersonID
	CreatedAt    time.Time
	ChangedAt    time.Time
	RemindedAt   time.Time // when those who handle it were last told
	ClosedAt     *time.Time
}

// ConcernPerson keeps a concern from someone whom it is about.
type ConcernPerson struct {
	ConcernID ConcernID
	PersonID  PersonID
	IssuerID  IssuerID
}

// NoteKind says who a note on a concern is from and for.
type NoteKind string

// The kinds of notes: what the reporter adds, what they are answered, and what
// those who handle it note for themselves.
const (
	NoteAdded  NoteKind = "added"
	NoteAnswer NoteKind = "answer"
	NoteInner  NoteKind = "note"
)

// ConcernNote is something said about a concern after it was reported.
type ConcernNote struct {
	ID        ConcernNoteID
	IssuerID  IssuerID
	ConcernID ConcernID
	Kind      NoteKind
	AuthorID  PersonID // "" for the reporter
	Words     string
	At        time.Time
}

// Check brings what was reported into the form that is kept.
func (c *Concern) Check() error {
	if !slices.Contains(ConcernKinds, c.Kind) {
		return Wrong("kind", "Choose what it is about.")
	}
	about, err := CleanText("about", c.About, MaxConcernAbout)
	if err != nil {
		return err
	}
	words, err := CleanText("words", c.Words, MaxConcern)
	if err != nil {
		return err
	}
	if words == "" {
		return Wrong("words", "Say what happened.")
	}
	c.About, c.Words = about, words
	return nil
}

// Desk says where a concern goes: one that involves someone who runs the
// program, or that is about no program that is known, goes to the admins of the
// installation. So it does if the reporter says that it is about who runs it. A
// desk at which nobody is left but those involved hands on to the other one.
// Runners are who runs the program without being such an admin.
func Desk(program ProgramID, aboutRunner bool, runners, admins, involved []PersonID) ConcernDesk {
	free := func(p PersonID) bool { return !slices.Contains(involved, p) }
	runs := func(p PersonID) bool { return slices.Contains(runners, p) }
	anyAdmin := slices.ContainsFunc(admins, free)
	switch {
	case program == "":
		return DeskAdmins
	case aboutRunner || slices.ContainsFunc(involved, runs):
		if anyAdmin || !slices.ContainsFunc(runners, free) {
			return DeskAdmins
		}
	}
	return DeskProgram
}

// HandledBy tells whether someone who is not involved handles a concern.
func (c *Concern) HandledBy(by Caller) bool {
	if by.Person == "" {
		return false
	}
	if c.GoesTo == DeskAdmins {
		return by.Manages("")
	}
	return by.Manages(c.ProgramID)
}

// Take gives a concern to who works on it.
func (c *Concern) Take(by PersonID, at time.Time) error {
	if err := c.open(); err != nil {
		return err
	}
	c.AssignedTo, c.ChangedAt = by, at
	if c.State == ConcernReceived {
		c.State = ConcernWorking
	}
	return nil
}

// Answer moves a concern on when its reporter is answered.
func (c *Concern) Answer(by PersonID, at time.Time) error {
	if err := c.open(); err != nil {
		return err
	}
	if c.AssignedTo == "" {
		c.AssignedTo = by
	}
	c.State, c.ChangedAt = ConcernAnswered, at
	return nil
}

// Add moves a concern on when its reporter says more: what was answered, or
// closed, is to be looked at again.
func (c *Concern) Add(at time.Time) {
	if c.State == ConcernAnswered || c.State == ConcernClosed {
		c.State, c.ClosedAt = ConcernWorking, nil
	}
	c.ChangedAt = at
}

// Close ends the work on a concern. Its reporter is answered first.
func (c *Concern) Close(answered bool, at time.Time) error {
	if err := c.open(); err != nil {
		return err
	}
	if !answered {
		return Refuse(Conflict, "Answer the reporter first, if only to say that nothing was found.")
	}
	c.State, c.ChangedAt, c.ClosedAt = ConcernClosed, at, &at
	return nil
}

func (c *Concern) open() error {
	if c.State == ConcernClosed {
		return Refuse(Conflict, "This concern is closed.")
	}
	return nil
}

// Due tells whether nothing happened for so long that those who handle a
// concern are reminded.
func (c *Concern) Due(at time.Time) bool {
	if c.State != ConcernReceived && c.State != ConcernWorking {
		return false
	}
	last := c.ChangedAt
	if c.RemindedAt.After(last) {
		last = c.RemindedAt
	}
	return !at.Before(last.Add(ConcernPatience))
}

// Mentions tells whether a name or an address stands in a text, as a word or
// words of its own, however it is cased.
func Mentions(text, name string) bool {
	return strings.TrimSpace(name) != "" && TakeOut(text, "", name) != text
}

// ConcernCode brings a code as someone typed it into the form that it was given
// in: in upper case, without the blanks and hyphens that help reading it. One
// that cannot be a code is "".
func ConcernCode(typed string) string {
	code := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, typed))
	if len(code) != ConcernCodeSize || !IsID(code) {
		return ""
	}
	return code
}
