package issuer

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var (
	now   = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	team  = []Member{{PersonID: "lea"}, {PersonID: "max"}}
	brief = &Brief{TeamMin: 1, TeamMax: 2, Approvals: 1, NeedsLead: true, EvidenceKinds: Strings{"link", "demo"},
		Rubric: Rubric{{Code: "build", Name: "Build", Levels: []string{"no", "sound", "strong"}, Required: "sound"}}}
	evidence = []Evidence{{Kind: "link"}, {Kind: "demo"}}
)

// TestSubmitStates: from which states a capstone can be handed in.
func TestSubmitStates(t *testing.T) {
	can := map[CapstoneState]bool{ScopeApproved: true, Returned: true, Submitted: true}
	for _, scope := range []bool{false, true} {
		b := *brief
		b.Scope = scope
		for _, state := range []CapstoneState{Draft, ScopeSubmitted, ScopeApproved, ScopeReturned, Submitted, Returned, Approved, Withdrawn} {
			c := &Capstone{ID: "c", State: state, Title: "T", Summary: "S", Submission: 3}
			s, err := c.Submit(&b, team, evidence, "lea", now)
			want := can[state] || !scope && (state == Draft || state == ScopeSubmitted || state == ScopeReturned)
			switch {
			case (err == nil) != want:
				t.Errorf("from %s, scope %v: %v", state, scope, err)
			case err != nil && (!errors.Is(err, Conflict) || c.State != state || c.Submission != 3):
				t.Errorf("a refusal changed the capstone: %v %+v", err, c)
			case err == nil && (c.State != Submitted || s.Number != 4 || s.SubmittedBy != "lea"):
				t.Errorf("from %s: %+v %+v", state, c, s)
			}
		}
	}
}

func TestSubmitRefusals(t *testing.T) {
	tests := []struct {
		name  string
		do    func(c *Capstone) error
		kind  Kind
		field string
	}{
		{"not in the team", func(c *Capstone) error { _, err := c.Submit(brief, team, evidence, "eve", now); return err }, Forbidden, ""},
		{"team too large", func(c *Capstone) error {
			_, err := c.Submit(brief, append(team, Member{PersonID: "ola"}), evidence, "lea", now)
			return err
		}, Invalid, "team"},
		{"no title", func(c *Capstone) error {
			c.Title = ""
			_, err := c.Submit(brief, team, evidence, "lea", now)
			return err
		}, Invalid, "title"},
		{"no summary", func(c *Capstone) error {
			c.Summary = ""
			_, err := c.Submit(brief, team, evidence, "lea", now)
			return err
		}, Invalid, "summary"},
		{"a kind of evidence missing", func(c *Capstone) error { _, err := c.Submit(brief, team, evidence[:1], "lea", now); return err }, Invalid, "evidence"},
	}
	for _, test := range tests {
		err := test.do(&Capstone{State: Draft, Title: "T", Summary: "S"})
		var refusal *Error
		if !errors.As(err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestReviewStates: only what waits can be decided.
func TestReviewStates(t *testing.T) {
	for _, state := range []CapstoneState{Draft, ScopeSubmitted, ScopeApproved, ScopeReturned, Submitted, Returned, Approved, Withdrawn} {
		for _, decision := range []Decision{Approve, Return} {
			c := &Capstone{State: state, Submission: 1}
			_, err := c.Review(Review{Submission: 1, ReviewerID: "lee", Tier: Lead, Decision: decision, Note: "x", Scores: Scores{"build": "sound"}, At: now}, brief, team, nil)
			want := map[Decision]CapstoneState{Approve: Approved, Return: Returned}[decision]
			if state != Submitted && (!errors.Is(err, Conflict) || c.State != state) {
				t.Errorf("%s from %s: %v", decision, state, err)
			}
			if state == Submitted && (err != nil || c.State != want) {
				t.Errorf("%s: %v %s", decision, err, c.State)
			}
		}
	}
}

// TestMissing is the whole policy of approvals.
func TestMissing(t *testing.T) {
	review := func(d Decision, tier Tier) Review { return Review{Decision: d, Tier: tier} }
	tests := []struct {
		approvals int
		lead      bool
		reviews   []Review
		want      string
	}{
		{1, false, nil, "[second approval]"},
		{1, false, []Review{review(Approve, Community)}, "[]"},
		{1, true, []Review{review(Approve, Community)}, "[lead approval]"},
		{1, true, []Review{review(Approve, Lead)}, "[]"},
		{2, true, []Review{review(Approve, Lead)}, "[second approval]"},
		{2, true, []Review{review(Approve, Community)}, "[second approval lead approval]"},
		{2, true, []Review{review(Approve, Community), review(Approve, Community)}, "[lead approval]"},
		{2, true, []Review{review(Approve, Community), review(Approve, Lead)}, "[]"},
		{2, false, []Review{review(Return, Lead), review(Approve, Lead)}, "[second approval]"},
	}
	for _, test := range tests {
		b := &Brief{Approvals: test.approvals, NeedsLead: test.lead}
		if got := fmt.Sprint(b.Missing(test.reviews)); got != test.want {
			t.Errorf("%d, lead %v, %v: %s, want %s", test.approvals, test.lead, test.reviews, got, test.want)
		}
	}
}

func TestWithdrawAndEdit(t *testing.T) {
	for _, state := range []CapstoneState{Draft, ScopeSubmitted, ScopeApproved, ScopeReturned, Submitted, Returned, Approved, Withdrawn} {
		c := &Capstone{State: state}
		if err := c.Withdraw(now); (err != nil) != (state == Approved) || err == nil && c.State != Withdrawn {
			t.Errorf("withdraw from %s: %v", state, err)
		}
		c = &Capstone{State: state}
		if err := c.Edit(team, "lea", "T", "S", Impact{}, now); (err != nil) != (state == Approved || state == Withdrawn) {
			t.Errorf("edit in %s: %v", state, err)
		}
		if err := c.Edit(team, "eve", "T", "S", Impact{}, now); !errors.Is(err, Forbidden) {
			t.Errorf("a stranger edits: %v", err)
		}
	}
}

// TestAwardStates: revoked is final, a suspension is not.
func TestAwardStates(t *testing.T) {
	tests := []struct {
		from                       AwardState
		revoke, suspend, reinstate string // "changed", "same" or the kind of refusal
	}{
		{Issued, "changed", "changed", "same"},
		{Suspended, "changed", "same", "changed"},
		{Expired, "changed", "conflict", "conflict"},
		{Revoked, "same", "conflict", "conflict"},
		{Erased, "gone", "conflict", "conflict"},
	}
	told := func(changed bool, err error) string {
		var refusal *Error
		switch {
		case errors.As(err, &refusal):
			return string(refusal.Kind)
		case changed:
			return "changed"
		}
		return "same"
	}
	for _, test := range tests {
		for name, step := range map[string]struct {
			want string
			do   func(a *Award) (bool, error)
		}{
			"revoke":    {test.revoke, func(a *Award) (bool, error) { return a.Revoke("misconduct", "", "", now) }},
			"suspend":   {test.suspend, func(a *Award) (bool, error) { return a.Suspend("x", now) }},
			"reinstate": {test.reinstate, func(a *Award) (bool, error) { return a.Reinstate() }},
		} {
			a := &Award{State: test.from}
			if got := told(step.do(a)); got != step.want || got != "changed" && a.State != test.from {
				t.Errorf("%s from %s: %s, want %s; now %s", name, test.from, got, step.want, a.State)
			}
		}
	}
	if _, err := (&Award{State: Issued}).Revoke("because", "", "", now); !errors.Is(err, Invalid) {
		t.Errorf("a code that is none: %v", err)
	}
}
