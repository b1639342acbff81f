package registrar

import (
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
)

// PersonRef names a person by id or by address; ID wins where both are set.
type PersonRef struct {
	ID    issuer.PersonID
	Email string
}

// Link is evidence that lies elsewhere.
type Link struct{ URL, Name string }

// NewCompletion is a completion to record. Module is a code or an id; Cohort
// a code, an id or "" for the newest cohort of the module's program that the
// person is enrolled in. CompletedAt is a day, an RFC 3339 instant or "" for
// today. Score is a decimal number as text, "" for none; Unit is "percent".
// Delivery is one of issuer.Deliveries or "". What was recorded and withdrawn
// stands again if it comes by hand, and stays withdrawn otherwise.
type NewCompletion struct {
	Person      PersonRef
	Module      string
	Cohort      string
	CompletedAt string
	Score       string
	Unit        string
	Delivery    string
	Note        string // for mentors and who runs the program
	Evidence    []Link
	Source      string // "api" or "hand"; "" counts as "api"
}

// CompletionResult answers NewCompletion. Recorded is false if the same fact
// was already there; Credentials holds what the fact earned all the same.
type CompletionResult struct {
	Completion  CompletionView
	Credentials []BadgeView
	Recorded    bool
	Warnings    []string
}

// NewEvidence is one piece of a capstone's draft: a link; a file that comes with
// it; or, by its ID, a file that the draft has already.
type NewEvidence struct {
	Kind, Name, URL string
	ID              issuer.EvidenceID
	File            *evidence.File
	FileName        string // as it came; it takes the place of a Name that is missing
}

// Draft is what a team says of its capstone before it hands it in. It takes
// the place of the draft before it as a whole.
type Draft struct {
	Title    string
	Summary  string
	Impact   issuer.Impact
	Evidence []NewEvidence
	Revision *int // of the draft that its writer read; nil writes over whatever is there
}

// NewReview is a mentor's decision about one submission. Sign makes an approval
// the mentor's own word, for which they show that it is them.
type NewReview struct {
	Submission int
	Decision   issuer.Decision
	Scores     issuer.Scores
	Reason     string // of a return, a code of the program's list; "" for none
	Note       string
	Sign       bool
}

// ReviewResult answers NewReview: what is still missing, or what was issued.
type ReviewResult struct {
	Review      ReviewView
	Capstone    CapstoneView
	Missing     []string // "second approval", "lead approval"
	Credentials []BadgeView
}

// NewAward is an admin's word, with a reason, that someone earned something.
// Achievement is a code or an id; Program is needed only where several
// programs have an achievement of that code.
type NewAward struct {
	Achievement string
	Program     string
	Person      PersonRef
	Reason      string
}

// AwardResult answers NewAward. Issued is false if they held it already.
// Further holds what the award brought about, such as a level's badge.
type AwardResult struct {
	Badge   BadgeView
	Issued  bool
	Further []BadgeView
}

// StatusChange says why a badge is revoked or suspended. Code is one of
// issuer.RevocationCodes; Code and Reason are public, Note is private. Also
// names badges that rest on a revoked one and are to be revoked with it.
type StatusChange struct {
	Code, Reason, Note string
	Also               []issuer.CredentialID
}

// NewPerson is somebody to add.
type NewPerson struct {
	Email, Name, Department, Experience, TimeZone string
}

// NewGrant gives a role. Program and Cohort are codes or ids; Tier is for
// mentors, who are granted in a cohort.
type NewGrant struct {
	Person  issuer.PersonID
	Role    issuer.Role
	Program string
	Cohort  string
	Tier    issuer.Tier
}

// Page asks for a part of a list: what follows Cursor, at most Limit items
// (0: 50, at most 200).
type Page struct {
	Cursor string
	Limit  int
}

// PeopleFilter narrows the list of people; empty members do not.
type PeopleFilter struct {
	Page
	Search  string // part of a name or an address
	Program string // code or id
	Cohort  string // code or id
	Role    issuer.Role
	NeverIn bool // those alone who never signed in
}

// CompletionFilter narrows the list of completions.
type CompletionFilter struct {
	Page
	Person issuer.PersonID
	Cohort string
	Module string
	Newest bool // the last recorded first
}

// CredentialFilter narrows the list of credentials.
type CredentialFilter struct {
	Page
	Person      issuer.PersonID
	Achievement string
	Program     string
	State       issuer.AwardState
}

// CapstoneFilter narrows the list of capstones.
type CapstoneFilter struct {
	Page
	Cohort string
	State  issuer.CapstoneState
}

// PersonRow is one line of a roster; Row counts as a spreadsheet does.
type PersonRow struct {
	Row                                                               int
	Email, Name, Department, Experience, TimeZone, Role, Tier, Cohort string
	Problem                                                           *RowProblem // found by the reader of the file
}

// CompletionRow is one line of an LMS export.
type CompletionRow struct {
	Row                   int
	Email, Module, Cohort string
	CompletedOn           issuer.Day
	Score, Unit           string
	Delivery              string
	Problem               *RowProblem // found by the reader of the file
}

// ImportOptions say how an import behaves. By default one wrong row means
// that nothing is written and that no one is mailed.
type ImportOptions struct {
	DryRun    bool                  // find out, write nothing
	SkipWrong bool                  // write the good rows
	Notify    bool                  // mail people about their badges
	Progress  func(done, total int) // called now and then; nil for no calls
}

// RowProblem says what is wrong with, or odd about, a row. Field is "" where
// the row as a whole is meant. In a program's file Row is 0 and Field says
// where: "modules[2].level".
type RowProblem struct {
	Row    int    `json:"row"`
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// ImportResult counts what an import did, or with DryRun would do. Written
// tells whether anything was: a wrong row without SkipWrong leaves nothing.
type ImportResult struct {
	Rows        int          `json:"rows"`
	Added       int          `json:"added"`
	Changed     int          `json:"changed"`
	Unchanged   int          `json:"unchanged"`
	Removed     int          `json:"removed,omitempty"` // of a program
	Refused     []RowProblem `json:"refused"`
	Warnings    []RowProblem `json:"warnings,omitempty"`
	Credentials int          `json:"credentials,omitempty"`
	Written     bool         `json:"-"`

	Changes []ProgramChange `json:"-"` // of a program
}

// Once makes an act answer a repeated request with its first answer: Key and
// RequestHash name the request, Answer renders what the act returned, inside
// the transaction of the act. A repeat ends in *Replay; the same key with
// another request is refused.
type Once struct {
	Key         string
	RequestHash []byte
	Answer      func(result any) (status int, body []byte, err error)
}

// Replay is the error that carries the first answer to a repeated request.
type Replay struct {
	Status int
	Body   []byte
	At     time.Time
}

func (*Replay) Error() string { return "this request was answered before" }
