package issuer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var states = []CapstoneState{Draft, ScopeSubmitted, ScopeApproved, ScopeReturned, Submitted, Returned, Approved, Withdrawn}

func plan() Plan {
	return Plan{What: "A form.", Tools: Strings{"Power Apps"}, Data: Strings{"internal"}}
}

// TestScopeStates: from which states a scope can be handed in and decided.
func TestScopeStates(t *testing.T) {
	asks := &Brief{TeamMin: 1, TeamMax: 2, Scope: true, Policy: Policy{Version: "2"}}
	for _, state := range states {
		c := &Capstone{ID: "c", State: state, Plan: plan()}
		s, err := c.SubmitScope(asks, team, "2", 1, "lea", now)
		if can := state == Draft || state == ScopeReturned; (err == nil) != can || can && (c.State != ScopeSubmitted || s.Policy.Version != "2" || s.Number != 1) {
			t.Errorf("hand in from %s: %v %+v", state, err, s)
		}
		for decision, to := range map[Decision]CapstoneState{Approve: ScopeApproved, Return: ScopeReturned} {
			c, s := &Capstone{State: state}, &CapstoneScope{Number: 1}
			err := s.Decide(c, team, 1, "lee", Lead, decision, "Why.", now)
			if can := state == ScopeSubmitted; (err == nil) != can || can && (c.State != to || s.Decision != decision || *s.ReviewerID != "lee") || !can && (c.State != state || s.DecidedAt != nil) {
				t.Errorf("%s from %s: %v %+v", decision, state, err, s)
			}
		}
	}
}

func TestScopeRefusals(t *testing.T) {
	asks := &Brief{Scope: true, Policy: Policy{Version: "2"}}
	hand := func(change func(c *Capstone), brief *Brief, by PersonID, accepted string) error {
		c := &Capstone{State: Draft, Plan: plan()}
		change(c)
		_, err := c.SubmitScope(brief, team, accepted, 1, by, now)
		return err
	}
	same := func(*Capstone) {}
	decide := func(number int, by PersonID, d Decision, note string) error {
		return (&CapstoneScope{Number: 2}).Decide(&Capstone{State: ScopeSubmitted}, team, number, by, Lead, d, note, now)
	}
	decided := &CapstoneScope{Number: 2, DecidedAt: &now}
	tests := []struct {
		name  string
		err   error
		kind  Kind
		field string
	}{
		{"a stranger hands in", hand(same, asks, "eve", "2"), Forbidden, ""},
		{"none is asked for", hand(same, brief, "lea", ""), Conflict, ""},
		{"no plan", hand(func(c *Capstone) { c.Plan.What = "" }, asks, "lea", "2"), Invalid, "what"},
		{"no tools", hand(func(c *Capstone) { c.Plan.Tools = nil }, asks, "lea", "2"), Invalid, "tools"},
		{"no data", hand(func(c *Capstone) { c.Plan.Data = nil }, asks, "lea", "2"), Invalid, "data"},
		{"the policy not accepted", hand(same, asks, "lea", ""), Invalid, "policy"},
		{"an old policy accepted", hand(same, asks, "lea", "1"), Invalid, "policy"},
		{"their own", decide(2, "lea", Approve, ""), Forbidden, ""},
		{"an old version", decide(1, "lee", Approve, ""), Conflict, ""},
		{"no decision", decide(2, "lee", "", ""), Invalid, "decision"},
		{"returned without a note", decide(2, "lee", Return, ""), Invalid, "note"},
		{"decided already", decided.Decide(&Capstone{State: ScopeSubmitted}, team, 2, "lee", Lead, Approve, "", now), Conflict, ""},
		{"a class of data that is none", (&Plan{Data: Strings{"secret"}}).Check(), Invalid, "data"},
		{"too many tools", (&Plan{Tools: make(Strings, 31)}).Check(), Invalid, "tools"},
		{"a tool of many words", (&Plan{Tools: Strings{strings.Repeat("x", MaxName+1)}}).Check(), Invalid, "tools"},
	}
	for _, test := range tests {
		var refusal *Error
		if !errors.As(test.err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v, want %s of %q", test.name, test.err, test.kind, test.field)
		}
	}
}

// TestTeams: a team changes until it hands something in.
func TestTeams(t *testing.T) {
	alone := team[:1]
	for _, state := range states {
		for _, handed := range []int{0, 1} {
			c := &Capstone{ID: "c", State: state, Submission: handed}
			open := handed == 0 && !c.Closed()
			if m, err := c.Join(brief, alone, "lea", "max", now); (err == nil) != open || open && m.PersonID != "max" || !open && !errors.Is(err, Conflict) {
				t.Errorf("join in %s after %d: %v", state, handed, err)
			}
			if err := c.Leave(team, "max"); (err == nil) != open {
				t.Errorf("leave in %s after %d: %v", state, handed, err)
			}
		}
	}
	c := &Capstone{State: Draft}
	_, stranger := c.Join(brief, alone, "eve", "max", now)
	_, full := c.Join(brief, team, "lea", "ola", now)
	_, twice := c.Join(&Brief{TeamMax: 9}, team, "lea", "max", now)
	for name, test := range map[string]struct {
		err  error
		kind Kind
	}{"a stranger takes in": {stranger, Forbidden}, "full": {full, Invalid}, "twice": {twice, Invalid},
		"the last leaves": {c.Leave(alone, "lea"), Conflict}, "a stranger leaves": {c.Leave(team, "eve"), Forbidden}} {
		if !errors.Is(test.err, test.kind) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
}

// TestConfirmations: an answer is given once, by someone else, in time, and
// stands behind that claim alone.
func TestConfirmations(t *testing.T) {
	claim := Impact{Measure: "Hours per month", Before: "40", After: "5"}
	ask := func() *Confirmation {
		c, err := (&Capstone{State: Draft, Impact: claim}).AskFor(team, "lea", "hash", now)
		if err != nil {
			t.Fatal(err)
		}
		c.Address = "pat@example.org"
		return c
	}
	c := ask()
	if err := c.Reply(team, "", "Pat", ClaimRight, now.Add(time.Hour)); err != nil || c.Address != "" || !c.Confirms(claim) {
		t.Errorf("%v %+v", err, c)
	}
	other := claim
	other.After = "4"
	if c.Confirms(other) || ask().Confirms(claim) {
		t.Error("an answer confirms what it was not asked about, or one that nobody gave does")
	}
	if declined := ask(); declined.Reply(team, "pat", "", ClaimWrong, now) != nil || declined.Confirms(claim) || *declined.PersonID != "pat" {
		t.Errorf("a no: %+v", declined)
	}
	for name, test := range map[string]struct {
		err  error
		kind Kind
	}{
		"twice":           {c.Reply(team, "", "Pat", ClaimRight, now), Conflict},
		"too late":        {ask().Reply(team, "", "Pat", ClaimRight, now.Add(ConfirmationLife+1)), Gone},
		"their own":       {ask().Reply(team, "max", "", ClaimRight, now), Forbidden},
		"neither":         {ask().Reply(team, "", "Pat", "maybe", now), Invalid},
		"without a name":  {ask().Reply(team, "", "", ClaimRight, now), Invalid},
		"a stranger asks": {second((&Capstone{Impact: claim}).AskFor(team, "eve", "", now)), Forbidden},
		"nothing claimed": {second((&Capstone{}).AskFor(team, "lea", "", now)), Invalid},
		"withdrawn":       {second((&Capstone{State: Withdrawn, Impact: claim}).AskFor(team, "lea", "", now)), Conflict},
	} {
		if !errors.Is(test.err, test.kind) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
}

func second(_ *Confirmation, err error) error { return err }

// TestChanges: the pieces of both versions together are the versions, and say
// what was said anew and what was taken out.
func TestChanges(t *testing.T) {
	many := strings.Repeat("One. ", 2*maxPieces)
	tests := []struct {
		old, new string
		want     []Piece
	}{
		{"", "", nil},
		{"Same. ", "Same. ", nil},
		{"", "New.", []Piece{{Added, "New."}}},
		{"A. B. C.", "A. C.", []Piece{{Same, "A. "}, {Removed, "B. "}, {Same, "C."}}},
		{"A.\nB.\nC.", "A.\nX.\nY.\nC.", []Piece{{Same, "A.\n"}, {Removed, "B.\n"}, {Added, "X.\nY.\n"}, {Same, "C."}}},
		{"A. " + many + "Z.", "A. " + strings.ReplaceAll(many, "One", "Two") + "Z.",
			[]Piece{{Same, "A. "}, {Removed, many}, {Added, strings.ReplaceAll(many, "One", "Two")}, {Same, "Z."}}},
	}
	for _, test := range tests {
		got := Changes(test.old, test.new)
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%.30q to %.30q: %s", test.old, test.new, d)
		}
		var old, new strings.Builder
		for _, p := range got {
			if p.Kind != Added {
				old.WriteString(p.Text)
			}
			if p.Kind != Removed {
				new.WriteString(p.Text)
			}
		}
		if got != nil && (old.String() != test.old || new.String() != test.new) {
			t.Errorf("the pieces of %.30q and %.30q are not the texts", test.old, test.new)
		}
	}
	before := &Submission{Title: "T", Summary: "A.", Impact: Impact{After: "5"}}
	after := &Submission{Title: "T", Summary: "A. B.", Impact: Impact{After: "4"}}
	if d := cmp.Diff([]Change{{"summary", []Piece{{Removed, "A."}, {Added, "A. B."}}}, {"after", []Piece{{Removed, "5"}, {Added, "4"}}}}, after.Compare(before)); d != "" {
		t.Error(d)
	}
}
