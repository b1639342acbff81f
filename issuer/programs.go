package issuer

import (
	"sync"
	"time"
)

// Issuer is the organisation that signs. There is one per installation; its
// id is on every row all the same.
type Issuer struct {
	ID          IssuerID
	DID         string // did:web or did:key, as in the credentials it issues
	Name        string
	URL         string
	Email       string
	Description string
	BaseURL     string // of the first start, or of the last move; credentials carry it
	CreatedAt   time.Time
}

// Program is what people take part in.
type Program struct {
	ID           ProgramID
	IssuerID     IssuerID
	Code         string // unique in the installation
	Name         string
	Purpose      string
	Expectations string
	CreatedAt    time.Time
	ChangedAt    time.Time

	ReturnReasons ReturnReasons // why capstones are returned; none: the usual ones
	Guidance      Guidance
	Questions     QuestionSets
}

// Skill is something a module teaches, aligned to a framework if URL is set.
type Skill struct {
	ID        SkillID
	IssuerID  IssuerID
	ProgramID ProgramID
	Code      string
	Name      string
	Framework string
	URL       string
	Question  string // that learners rate themselves by; "": by its name
}

// Level is a rung of a program's ladder; Rank counts from 1.
type Level struct {
	ID        LevelID
	IssuerID  IssuerID
	ProgramID ProgramID
	Code      string
	Name      string
	Rank      int
	RetiredAt *time.Time // nothing but what is retired stands on it
}

// ModuleKind says how large a module is.
type ModuleKind string

// A short module takes hours; a track takes weeks.
const (
	Short ModuleKind = "short"
	Track ModuleKind = "track"
)

// Module is one thing to complete. Skills and Requires hold codes of the
// same program; prerequisites guide, they never refuse a recorded fact.
type Module struct {
	ID        ModuleID
	IssuerID  IssuerID
	ProgramID ProgramID
	LevelID   LevelID
	Code      string
	Name      string
	Kind      ModuleKind
	Hours     int
	Pass      *int // per cent needed to pass; nil = any grade passes
	Skills    Strings
	Requires  Strings
	Position  int
	RetiredAt *time.Time
}

// Brief is what a program asks of a capstone: the task, the rubric, the
// evidence and who must approve.
type Brief struct {
	ID            BriefID
	IssuerID      IssuerID
	ProgramID     ProgramID
	LevelID       LevelID
	Code          string
	Name          string
	Text          string
	TeamMin       int
	TeamMax       int
	Requires      Strings // module codes
	Approvals     int     // 1 or 2
	NeedsLead     bool
	Scope         bool    // scope approval before work starts
	Policy        Policy  // that who hands in a scope accepts
	EvidenceKinds Strings // what must be handed in
	Measures      Strings // of business impact
	Rubric        Rubric
	Position      int
	RetiredAt     *time.Time
}

// Cohort is a group that goes through a program together.
type Cohort struct {
	ID           CohortID
	IssuerID     IssuerID
	ProgramID    ProgramID
	Code         string // unique in the installation
	Name         string
	Purpose      string
	Expectations string
	StartsOn     Day
	EndsOn       Day
	TimeZone     string
	CreatedAt    time.Time
	ClosedAt     *time.Time // nobody new comes in
	ArchivedAt   *time.Time // it is only read; closed as well
}

// zones are the time zones by name as they were read from the disk, once each.
var zones sync.Map // string → *time.Location

// Zone is the cohort's time zone; one that cannot be loaded counts as UTC.
func (c *Cohort) Zone() *time.Location {
	if z, ok := zones.Load(c.TimeZone); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	zones.Store(c.TimeZone, z)
	return z
}

// Enrollment puts a learner into a cohort. Who left stays in its records, and
// may come back.
type Enrollment struct {
	ID        EnrollmentID
	IssuerID  IssuerID
	CohortID  CohortID
	ProgramID ProgramID
	PersonID  PersonID
	CreatedAt time.Time
	LeftAt    *time.Time
}

// Update brings what an issuer says of itself up to date; empty values leave
// what is there. Credentials that were signed keep what they said.
func (i *Issuer) Update(name, url, email, description string) (changed bool) {
	set := func(have *string, want string) {
		if want != "" && *have != want {
			*have, changed = want, true
		}
	}
	set(&i.Name, name)
	set(&i.URL, url)
	set(&i.Email, email)
	set(&i.Description, description)
	return changed
}

// ProgramVersion is what the file of a program said after a change of it.
type ProgramVersion struct {
	ProgramID ProgramID
	Number    int // counts from 1
	IssuerID  IssuerID
	Actor     string // who changed it; "" for what it said before versions were kept
	At        time.Time
	PutBack   int    // number of the earlier version that it is again; 0: none
	File      string // JSON
}
