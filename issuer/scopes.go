package issuer

import (
	"database/sql/driver"
	"slices"
	"strings"
	"time"
)

// ScopeID is the id of a scope.
type ScopeID string

// DataClasses are the classes of data that a capstone can work with, from what
// anyone may see to what tells of people.
var DataClasses = []string{"public", "internal", "confidential", "personal"}

// Plan is what a team means to build: with which tools, on which data.
type Plan struct {
	What     string  `json:"what,omitempty"`
	Tools    Strings `json:"tools,omitempty"`
	Data     Strings `json:"data,omitempty"` // of DataClasses
	DataNote string  `json:"dataNote,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (Plan) GormDataType() string { return "text" }

// Value makes the JSON text.
func (p Plan) Value() (driver.Value, error) { return toJSON(p) }

// Scan reads the JSON text.
func (p *Plan) Scan(src any) error { return fromJSON(src, p) }

// Policy is what the organisation asks of whoever builds something: a version,
// such as "2026-03", and where to read it. The zero Policy is none.
type Policy struct {
	Version string `json:"version,omitempty"`
	URL     string `json:"url,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (Policy) GormDataType() string { return "text" }

// Value makes the JSON text.
func (p Policy) Value() (driver.Value, error) { return toJSON(p) }

// Scan reads the JSON text.
func (p *Policy) Scan(src any) error { return fromJSON(src, p) }

// CapstoneScope is a plan as a team handed it in for approval, by number, with the
// policy that they accepted. It is decided once and never changes then; a change
// is a new scope.
type CapstoneScope struct {
	ID          ScopeID
	IssuerID    IssuerID
	CapstoneID  CapstoneID
	Number      int
	Plan        Plan
	Policy      Policy
	SubmittedBy PersonID
	SubmittedAt time.Time
	Decision    Decision // "" while it waits
	ReviewerID  *PersonID
	Tier        Tier // of the reviewer, as it was when they decided
	Note        string
	DecidedAt   *time.Time
}

// Check refuses a plan that says too little to be approved, or too much to be
// kept.
func (p *Plan) Check() error {
	for _, tool := range p.Tools {
		if len([]rune(tool)) > MaxName {
			return Wrong("tools", "The name of a tool is longer than %d characters.", MaxName)
		}
	}
	for _, class := range p.Data {
		if !slices.Contains(DataClasses, class) {
			return Wrong("data", "There is no class of data “%s”; there are %s.", shorten(class), strings.Join(DataClasses, ", "))
		}
	}
	if len(p.Tools) > 30 {
		return Wrong("tools", "Name at most 30 tools.")
	}
	return nil
}

// whole refuses a plan that says too little to be approved.
func (p *Plan) whole() error {
	switch {
	case p.What == "":
		return Wrong("what", "Say in a few sentences what you mean to build.")
	case len(p.Tools) == 0:
		return Wrong("tools", "Name the tools that you mean to use, one on a line.")
	case len(p.Data) == 0:
		return Wrong("data", "Say which classes of data you work with.")
	}
	return nil
}

// MayPlan tells whether the plan can be changed and handed in now.
func (c *Capstone) MayPlan() bool { return c.State == Draft || c.State == ScopeReturned }

// Replan changes what the team means to build, while it can be handed in.
func (c *Capstone) Replan(brief *Brief, team []Member, by PersonID, p Plan, at time.Time) error {
	if !inTeam(team, by) {
		return Refuse(Forbidden, "Only a member of the team can change what it means to build.")
	}
	if !brief.Scope {
		return Refuse(Conflict, "This capstone does not ask for approval of its scope.")
	}
	if !c.MayPlan() {
		return Refuse(Conflict, "This capstone is %s; its scope cannot be changed.", c.State.Words())
	}
	c.Plan, c.ChangedAt = p, at
	return nil
}

// SubmitScope hands in the plan for approval as the scope of a number; accepted
// is the version of the policy that whoever hands it in has accepted.
func (c *Capstone) SubmitScope(brief *Brief, team []Member, accepted string, number int, by PersonID, at time.Time) (*CapstoneScope, error) {
	if !inTeam(team, by) {
		return nil, Refuse(Forbidden, "Only a member of the team can hand in the scope of a capstone.")
	}
	if !brief.Scope {
		return nil, Refuse(Conflict, "This capstone does not ask for approval of its scope.")
	}
	if !c.MayPlan() {
		return nil, Refuse(Conflict, "This capstone is %s; its scope cannot be handed in.", c.State.Words())
	}
	if err := brief.Takes(c.State); err != nil {
		return nil, err
	}
	if err := c.Plan.whole(); err != nil {
		return nil, err
	}
	if accepted != brief.Policy.Version {
		return nil, Wrong("policy", "Read version %s of the policy and accept it.", brief.Policy.Version)
	}
	c.State, c.ChangedAt = ScopeSubmitted, at
	return &CapstoneScope{IssuerID: c.IssuerID, CapstoneID: c.ID, Number: number, Plan: c.Plan, Policy: brief.Policy, SubmittedBy: by, SubmittedAt: at}, nil
}

// Decide records a mentor's decision about the scope that waits, and moves the
// capstone on. It changes neither if it refuses.
func (s *CapstoneScope) Decide(c *Capstone, team []Member, number int, by PersonID, tier Tier, decision Decision, note string, at time.Time) error {
	switch {
	case inTeam(team, by):
		return Refuse(Forbidden, "No one decides about their own work or the work of their own team.")
	case number != s.Number:
		return Refuse(Conflict, "This is not the current scope; look at version %d.", s.Number)
	case c.State != ScopeSubmitted || s.DecidedAt != nil:
		return Refuse(Conflict, "No scope of this capstone waits for a decision; it is %s.", c.State.Words())
	case decision != Approve && decision != Return:
		return Wrong("decision", "Decide “approve” or “return”.")
	case decision == Return && note == "":
		return Wrong("note", "Say what should change before you return a scope.")
	}
	s.Decision, s.ReviewerID, s.Tier, s.Note, s.DecidedAt = decision, &by, tier, note, &at
	c.State, c.ChangedAt = ScopeApproved, at
	if decision == Return {
		c.State = ScopeReturned
	}
	return nil
}

// Words says a state within a sentence.
func (s CapstoneState) Words() string {
	switch s {
	case Draft:
		return "a draft"
	case ScopeSubmitted:
		return "waiting for the approval of its scope"
	case ScopeApproved:
		return "not handed in yet"
	case ScopeReturned:
		return "waiting for a change of its scope"
	}
	return string(s)
}
