package registrar

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// asksScope makes the brief of a code ask for approval of the scope.
func (c *cast) asksScope(code, policy string) {
	c.t.Helper()
	f := program()
	for i := range f.Capstones {
		if b := &f.Capstones[i]; b.Code == code {
			b.Scope, b.Policy = true, FilePolicy{Version: policy, URL: "https://intranet.example.org/policy"}
		}
	}
	r, err := c.ImportProgram(c.t.Context(), system, f, false)
	if err != nil || !r.Written {
		c.t.Fatal(err, r)
	}
}

var goodPlan = issuer.Plan{What: "A form for expenses.", Tools: issuer.Strings{"Power Apps", "Excel"}, Data: issuer.Strings{"internal", "personal"}, DataNote: "Names of staff."}

// TestScopeWalk: a scope is drafted, handed in with the policy accepted, returned
// by a mentor, changed, approved; then the work can be handed in.
func TestScopeWalk(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		c.asksScope("C1", "2026-03")
		v, err := c.StartCapstone(ctx, c.as("lea"), "C1", "autumn", "Helper", []issuer.PersonID{c.ids["max"]})
		c.must(err)
		id := v.ID
		hand := func(who string, p issuer.Plan, accepted string) error {
			v, err = c.SaveScope(ctx, c.as(who), id, ScopeDraft{p, accepted, true})
			return err
		}
		decide := func(who string, n int, d issuer.Decision, note string) error {
			v, err = c.DecideScope(ctx, c.as(who), id, NewScopeDecision{n, d, note})
			return err
		}
		_, err = c.SaveScope(ctx, c.as("lea"), id, ScopeDraft{Plan: issuer.Plan{What: "Half a thought"}})
		c.must(err)
		if seen, err := c.Capstone(ctx, c.as("lee"), id); err != nil || seen.Plan.What != "" {
			t.Errorf("a mentor sees the draft of a plan: %v %+v", err, seen.Plan)
		}
		if _, err := c.SubmitCapstone(ctx, c.as("lea"), id); !errors.Is(err, issuer.Conflict) {
			t.Errorf("the work before its scope: %v", err)
		}
		if err := hand("lea", goodPlan, "2025-01"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("an old policy: %v", err)
		}
		if err := decide("lee", 1, issuer.Approve, ""); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a decision about nothing: %v", err)
		}
		c.must(hand("max", goodPlan, "2026-03"))
		if v.State != issuer.ScopeSubmitted || len(v.Scopes) != 1 || v.WaitingSince == nil || v.MayPlan || v.Scopes[0].Policy.Version != "2026-03" {
			t.Errorf("handed in: %+v", v)
		}
		if q, err := c.Queue(ctx, c.as("com"), QueueFilter{}); err != nil || len(q.Waiting) != 1 || q.Waiting[0].State != issuer.ScopeSubmitted || q.Waiting[0].WaitingSince == nil {
			t.Errorf("the queue: %v %+v", err, q)
		}
		for who, want := range map[string]error{"lea": issuer.Forbidden, "owen": issuer.Forbidden, "far": issuer.NotFound, "ola": issuer.NotFound, "client": issuer.NotFound} {
			if err := decide(who, 1, issuer.Approve, ""); !errors.Is(err, want) {
				t.Errorf("%s decides: %v", who, err)
			}
		}
		if err := decide("com", 1, issuer.Return, " "); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a return without a note: %v", err)
		}
		c.must(decide("com", 1, issuer.Return, "Leave the names out."))
		if err := hand("lea", goodPlan, ""); !errors.Is(err, issuer.Invalid) {
			t.Errorf("the policy not accepted anew: %v", err)
		}
		better := goodPlan
		better.Data, better.DataNote = issuer.Strings{"internal"}, ""
		c.must(hand("lea", better, "2026-03"))
		if len(v.Scopes) != 2 || len(v.Scopes[0].Changes) != 2 || v.Scopes[1].Note != "Leave the names out." {
			t.Errorf("the rounds: %+v", v.Scopes)
		}
		if err := decide("com", 1, issuer.Approve, ""); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a decision about the version before: %v", err)
		}
		c.must(decide("com", 2, issuer.Approve, ""))
		if v.State != issuer.ScopeApproved || hand("lea", better, "2026-03") == nil {
			t.Errorf("approved: %s", v.State)
		}
		_, err = c.SaveCapstone(ctx, c.as("lea"), id, goodDraft)
		c.must(err)
		done, err := c.SubmitCapstone(ctx, c.as("lea"), id)
		if err != nil || done.State != issuer.Submitted {
			t.Errorf("the work after its scope: %v", err)
		}
	})
}

// TestScopeOnce: of mentors who decide at the same moment one does.
func TestScopeOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		c.asksScope("C1", "1")
		v, err := c.StartCapstone(ctx, c.as("lea"), "C1", "autumn", "Helper", nil)
		c.must(err)
		_, err = c.SaveScope(ctx, c.as("lea"), v.ID, ScopeDraft{goodPlan, "1", true})
		c.must(err)
		errs := make([]error, 6)
		callers := []issuer.Caller{c.as("com"), c.as("lee")}
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = c.DecideScope(ctx, callers[i%2], v.ID, NewScopeDecision{1, []issuer.Decision{issuer.Approve, issuer.Return}[i%2], "Note."})
			})
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !errors.Is(err, issuer.Conflict) {
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d decisions", done)
		}
	})
}

// TestTwoWriters: who writes over what another saved meanwhile is told so, gets
// nothing written, and both go on from there; the same save again is no clash.
func TestTwoWriters(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		v, err := c.StartCapstone(ctx, c.as("lea"), "C1", "autumn", "Helper", []issuer.PersonID{c.ids["max"]})
		c.must(err)
		mine, theirs := goodDraft, goodDraft
		mine.Summary, mine.Revision = "By Lea.", &v.Revision
		theirs.Summary, theirs.Revision = "By Max.", &v.Revision
		saved, err := c.SaveCapstone(ctx, c.as("lea"), v.ID, mine)
		c.must(err)
		if again, err := c.SaveCapstone(ctx, c.as("lea"), v.ID, mine); err != nil || again.Summary != "By Lea." {
			t.Errorf("a double click: %v", err)
		}
		_, err = c.SaveCapstone(ctx, c.as("max"), v.ID, theirs)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != issuer.Conflict || refusal.Field != "revision" {
			t.Errorf("over the other's: %v", err)
		}
		now, err := c.Capstone(ctx, c.as("max"), v.ID)
		if err != nil || now.Summary != "By Lea." || now.Revision <= saved.Revision-1 {
			t.Errorf("%v %+v", err, now)
		}
		theirs.Revision = &now.Revision
		if got, err := c.SaveCapstone(ctx, c.as("max"), v.ID, theirs); err != nil || got.Summary != "By Max." {
			t.Errorf("having seen it: %v", err)
		}
		theirs.Revision, theirs.Summary = nil, "By a program."
		if _, err := c.SaveCapstone(ctx, c.as("max"), v.ID, theirs); err != nil {
			t.Errorf("without a revision: %v", err)
		}
	})
}

// TestTeamChanges: a team takes learners of its cohort in, up to its size, and
// lets them go, until it hands in; simultaneous joins do not overfill it.
func TestTeamChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		v, err := c.StartCapstone(ctx, c.as("lea"), "C2", "autumn", "Helper", nil)
		c.must(err)
		id := v.ID
		if len(v.MayJoin) != 2 || v.MayLeave {
			t.Errorf("who can join: %+v", v)
		}
		for who, want := range map[string]error{"com": issuer.Invalid, "none": issuer.Invalid, "lea": issuer.Invalid} {
			if _, err := c.JoinTeam(ctx, c.as("lea"), id, c.ids[who]); !errors.Is(err, want) {
				t.Errorf("%s joins: %v", who, err)
			}
		}
		errs, by := make([]error, 2), c.as("lea")
		var wg sync.WaitGroup
		for i, who := range []string{"max", "ola"} {
			wg.Go(func() { _, errs[i] = c.JoinTeam(ctx, by, id, c.ids[who]) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("two join where one fits: %v", errs)
		}
		who := map[bool]string{true: "max", false: "ola"}[errs[0] == nil]
		if _, err := c.SetPart(ctx, c.as(who), id, "Did the tests."); err != nil {
			t.Error(err)
		}
		now, err := c.Capstone(ctx, c.as("lea"), id)
		c.must(err)
		if len(now.Team) != 2 || find(now.Team, func(m MemberView) bool { return m.Part == "Did the tests." && m.ID == c.ids[who] }) == nil || !now.MayLeave || len(now.MayJoin) != 0 {
			t.Errorf("%+v", now)
		}
		c.must(c.LeaveTeam(ctx, c.as("lea"), id))
		if err := c.LeaveTeam(ctx, c.as(who), id); !errors.Is(err, issuer.Conflict) {
			t.Errorf("the last leaves: %v", err)
		}
		if _, err := c.Capstone(ctx, c.as("lea"), id); !errors.Is(err, issuer.NotFound) {
			t.Errorf("who left still sees it: %v", err)
		}
		if _, err := c.StartCapstone(ctx, c.as("lea"), "C2", "autumn", "Mine", nil); err != nil {
			t.Errorf("who left begins anew: %v", err)
		}
		if _, err := c.JoinTeam(ctx, c.as(who), id, c.ids["lea"]); !errors.Is(err, issuer.Conflict) {
			t.Errorf("who is at work elsewhere joins: %v", err)
		}
		handed := c.handIn("C1", "lea", "max")
		if err := c.LeaveTeam(ctx, c.as("max"), handed); !errors.Is(err, issuer.Conflict) {
			t.Errorf("leaving after handing in: %v", err)
		}
		_, err = store.Write(ctx, c.Store, func(tx *store.Tx) (bool, error) { return true, tx.RemoveMember(handed, c.ids["max"]) })
		if err == nil {
			t.Error("the database lets a member go who handed in")
		}
	})
}

// ask asks someone about the claim of a capstone and gives the secret of the link.
func (c *cast) ask(who string, id issuer.CapstoneID, address string) string {
	c.t.Helper()
	_, err := c.AskConfirmation(c.t.Context(), c.as(who), id, address)
	c.must(err)
	mails, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 10_000) })
	c.must(err)
	for _, m := range mails {
		var said struct{ Link string }
		if m.Recipient == address && m.Template == "impact-confirm" && json.Unmarshal([]byte(m.Data), &said) == nil {
			return said.Link[strings.LastIndex(said.Link, "/")+1:]
		}
	}
	c.t.Fatal("nobody was asked")
	return ""
}

// confirm asks someone and lets them answer without a sign-in.
func (c *cast) confirm(who string, id issuer.CapstoneID, address, name string, answer issuer.ConfirmationAnswer) {
	c.t.Helper()
	c.must(c.AnswerClaim(c.t.Context(), issuer.Caller{}, c.ask(who, id, address), name, answer))
}

// TestClaims: a claim is confirmed by someone outside the team, with a sign-in of
// their own or by the link alone, once; when it changes it is stated again.
func TestClaims(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		ctx, c := t.Context(), newCast(t, k)
		id := c.handIn("C1", "lea", "max")
		secret := c.ask("lea", id, "boss@example.org")
		if _, err := c.AskConfirmation(ctx, c.as("max"), id, "Boss@Example.org"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("asked again: %v", err)
		}
		if _, err := c.AskConfirmation(ctx, c.as("lea"), id, "max@example.org"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a member is asked: %v", err)
		}
		if v, err := c.Claim(ctx, issuer.Caller{}, secret); err != nil || v.Impact.Measure != "hours saved" || !strings.Contains(v.Team, "Lea Learner") {
			t.Errorf("%v %+v", err, v)
		}
		if err := c.AnswerClaim(ctx, c.as("max"), secret, "", issuer.ClaimRight); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("a member answers: %v", err)
		}
		if err := c.AnswerClaim(ctx, issuer.Caller{}, "NOSUCH", "Pat", issuer.ClaimRight); !errors.Is(err, issuer.NotFound) {
			t.Errorf("no such link: %v", err)
		}
		c.must(c.AnswerClaim(ctx, c.as("none"), secret, "", issuer.ClaimRight))
		if err := c.AnswerClaim(ctx, issuer.Caller{}, secret, "Pat", issuer.ClaimWrong); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a second answer: %v", err)
		}
		c.confirm("max", id, "other@example.org", "Pat Client", issuer.ClaimRight)
		v, err := c.Capstone(ctx, c.as("lee"), id)
		c.must(err)
		if got := v.Submissions[0].Confirmed; len(got) != 2 || got[0].Name == got[1].Name || got[0].SignedIn == got[1].SignedIn {
			t.Errorf("confirmed by %+v", got)
		}
		changed := goodDraft
		changed.Impact.After = "1"
		_, err = c.SaveCapstone(ctx, c.as("lea"), id, changed)
		c.must(err)
		v, err = c.SubmitCapstone(ctx, c.as("lea"), id)
		c.must(err)
		if len(v.Submissions[0].Confirmed) != 0 || len(v.Submissions[1].Confirmed) != 2 {
			t.Errorf("a changed claim: %+v", v.Submissions)
		}
		for i := range maxAsked {
			c.ask("lea", id, string(rune('a'+i))+"@example.org")
		}
		if _, err := c.AskConfirmation(ctx, c.as("lea"), id, "z@example.org"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("too many are asked: %v", err)
		}
		late := c.ask("ola", c.handIn("C1", "ola"), "late@example.org")
		c.later(issuer.ConfirmationLife + time.Second)
		if err := c.AnswerClaim(ctx, issuer.Caller{}, late, "Pat", issuer.ClaimRight); !errors.Is(err, issuer.Gone) {
			t.Errorf("too late: %v", err)
		}
	})
}
