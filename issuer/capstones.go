package issuer

import (
	"database/sql/driver"
	"time"
)

// CapstoneState is where a capstone stands.
type CapstoneState string

// The states: draft → (scope_submitted → scope_approved | scope_returned, only
// where the brief asks for it) → submitted → returned → submitted … → approved;
// withdrawn from any but approved. Approved is final.
const (
	Draft          CapstoneState = "draft"
	ScopeSubmitted CapstoneState = "scope_submitted"
	ScopeApproved  CapstoneState = "scope_approved"
	ScopeReturned  CapstoneState = "scope_returned"
	Submitted      CapstoneState = "submitted"
	Returned       CapstoneState = "returned"
	Approved       CapstoneState = "approved"
	Withdrawn      CapstoneState = "withdrawn"
)

// Capstone is the work of one learner or one team on a brief.
type Capstone struct {
	ID         CapstoneID
	IssuerID   IssuerID
	ProgramID  ProgramID
	CohortID   CohortID
	BriefID    BriefID
	Title      string
	Summary    string // the draft of what the next submission says
	Impact     Impact
	Plan       Plan // the draft of what the next scope says
	State      CapstoneState
	Submission int // number of the current submission, 0 before the first
	Revision   int // grows with every change of the draft
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// Member is a learner in a capstone's team.
type Member struct {
	CapstoneID CapstoneID
	PersonID   PersonID
	IssuerID   IssuerID
	Part       string // what they did in the team
	JoinedAt   time.Time
}

// Impact is the claim of business value: a measure before and after, in a unit,
// over a period. ConfirmedBy is who the team says stands behind it; who really
// does is a Confirmation.
type Impact struct {
	Measure     string `json:"measure,omitempty"`
	Before      string `json:"before,omitempty"`
	After       string `json:"after,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Period      string `json:"period,omitempty"`
	ConfirmedBy string `json:"confirmedBy,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (Impact) GormDataType() string { return "text" }

// Value makes the JSON text.
func (i Impact) Value() (driver.Value, error) { return toJSON(i) }

// Scan reads the JSON text.
func (i *Impact) Scan(src any) error { return fromJSON(src, i) }

// Submission is what a team handed in, by number. It never changes: a change
// is a new submission, which voids approvals of the old one.
type Submission struct {
	ID          SubmissionID
	IssuerID    IssuerID
	CapstoneID  CapstoneID
	Number      int
	Title       string
	Summary     string
	Impact      Impact
	SubmittedBy PersonID
	SubmittedAt time.Time
}

// Evidence is one thing handed in with a submission, or, before the first,
// kept with the draft (Submission 0). Digest seals its bytes where the
// service holds them.
type Evidence struct {
	ID         EvidenceID
	IssuerID   IssuerID
	CapstoneID CapstoneID
	Submission int
	Kind       string // one of the brief's evidence kinds
	Name       string
	URL        string // a link, or "" for a file
	MediaType  string
	Size       int64
	Digest     string // digestMultibase of the file's bytes, SHA-256; "" for a link
	AddedBy    PersonID
	AddedAt    time.Time
}

// Decision is what a mentor decides about a submission.
type Decision string

// The decisions.
const (
	Approve Decision = "approve"
	Return  Decision = "return"
)

// Review is a mentor's decision about one submission.
type Review struct {
	ID         ReviewID
	IssuerID   IssuerID
	CapstoneID CapstoneID
	Submission int
	ReviewerID PersonID
	Tier       Tier // as it was when they decided
	Decision   Decision
	Scores     Scores
	Reason     string // of a return, a code of the program's list; "" if none was given
	Note       string
	At         time.Time

	TakenBackAt *time.Time // since when it does not count any more
}

// Submit hands in what the draft says. Evidence must hold every kind the
// brief asks for.
func (c *Capstone) Submit(brief *Brief, team []Member, evidence []Evidence, by PersonID, at time.Time) (*Submission, error) {
	switch {
	case c.Closed():
		return nil, Refuse(Conflict, "This capstone is %s; it cannot be handed in.", c.State)
	case !c.MayHandIn(brief):
		return nil, Refuse(Conflict, "The scope of this capstone must be approved before you hand it in.")
	}
	if err := brief.Takes(c.State); err != nil {
		return nil, err
	}
	if !inTeam(team, by) {
		return nil, Refuse(Forbidden, "Only a member of the team can hand in a capstone.")
	}
	if len(team) < brief.TeamMin || len(team) > brief.TeamMax {
		return nil, Wrong("team", "This capstone takes a team of %d to %d.", brief.TeamMin, brief.TeamMax)
	}
	if c.Title == "" {
		return nil, Wrong("title", "Give your capstone a title.")
	}
	if c.Summary == "" {
		return nil, Wrong("summary", "Say in a few sentences what you built and who uses it.")
	}
	have := map[string]bool{}
	for _, e := range evidence {
		have[e.Kind] = true
	}
	for _, kind := range brief.EvidenceKinds {
		if !have[kind] {
			return nil, Wrong("evidence", "Add evidence of the kind “%s”.", kind)
		}
	}
	c.State, c.Submission, c.ChangedAt = Submitted, c.Submission+1, at
	return &Submission{IssuerID: c.IssuerID, CapstoneID: c.ID, Number: c.Submission, Title: c.Title,
		Summary: c.Summary, Impact: c.Impact, SubmittedBy: by, SubmittedAt: at}, nil
}

// MayHandIn tells whether the state lets the team hand in: where the brief asks
// for approval of the scope, that comes first.
func (c *Capstone) MayHandIn(brief *Brief) bool {
	switch c.State {
	case Draft, ScopeSubmitted, ScopeReturned:
		return !brief.Scope
	}
	return !c.Closed()
}

// Review judges a mentor's decision about submission number; before holds the
// reviews of that submission so far. It changes c and gives what is still
// missing ("second approval", "lead approval") only if the decision counts.
func (c *Capstone) Review(r Review, brief *Brief, team []Member, before []Review) (missing []string, err error) {
	switch {
	case inTeam(team, r.ReviewerID):
		return nil, Refuse(Forbidden, "No one reviews their own work or the work of their own team.")
	case r.Submission != c.Submission:
		return nil, Refuse(Conflict, "This is not the current submission; look at submission %d.", c.Submission)
	case c.State != Submitted:
		return nil, Refuse(Conflict, "This capstone is already %s.", c.State)
	case r.Decision != Approve && r.Decision != Return:
		return nil, Wrong("decision", "Decide “approve” or “return”.")
	case r.Decision == Return && r.Note == "":
		return nil, Wrong("note", "Say what should change before you return a capstone.")
	}
	for _, b := range before {
		if b.ReviewerID == r.ReviewerID {
			return nil, Refuse(Conflict, "You have already decided about this submission.")
		}
	}
	if err := brief.Rubric.Judge(r.Scores, r.Decision == Approve); err != nil {
		return nil, err
	}
	if r.Decision == Return {
		c.State, c.ChangedAt = Returned, r.At
		return nil, nil
	}
	if missing = brief.Missing(append(append([]Review{}, before...), r)); len(missing) == 0 {
		c.State, c.ChangedAt = Approved, r.At
	}
	return missing, nil
}

// Missing says what approvals are still needed, given the reviews so far.
func (b *Brief) Missing(reviews []Review) []string {
	approvals, lead := 0, false
	for _, r := range reviews {
		if r.Decision == Approve {
			approvals++
			lead = lead || r.Tier == Lead
		}
	}
	var missing []string
	if approvals < b.Approvals {
		missing = append(missing, "second approval")
	}
	if b.NeedsLead && !lead {
		missing = append(missing, "lead approval")
	}
	return missing
}

// Withdraw takes a capstone back; approved is final.
func (c *Capstone) Withdraw(at time.Time) error {
	if c.State == Approved {
		return Refuse(Conflict, "An approved capstone cannot be withdrawn.")
	}
	c.State, c.ChangedAt = Withdrawn, at
	return nil
}

func inTeam(team []Member, p PersonID) bool {
	for _, m := range team {
		if m.PersonID == p {
			return true
		}
	}
	return false
}
