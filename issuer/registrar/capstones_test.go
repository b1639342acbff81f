package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/verifier"
)

// TestCapstoneWalk: a team hands in, a mentor returns it, it is handed in
// again, a community mentor's approval is not enough, a lead's is.
func TestCapstoneWalk(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { capstoneWalk(t, newCast(t, k)) })
}

func capstoneWalk(t *testing.T, c *cast) {
	ctx := t.Context()
	for _, who := range []string{"lea", "max"} {
		c.complete(who, "M1", "2026-10-01", "")
		c.complete(who, "M2", "2026-10-01", "90")
	}
	id := c.handIn("C1", "lea", "max")
	q, err := c.Queue(ctx, c.as("com"), QueueFilter{})
	if err != nil || len(q.Waiting) != 1 || q.Waiting[0].ID != id || !q.Waiting[0].WaitingSince.Equal(c.now()) {
		t.Fatalf("queue: %v %+v", err, q)
	}
	back, err := c.ReviewCapstone(ctx, c.as("com"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "Show who uses it."})
	if err != nil || back.Capstone.State != issuer.Returned || len(back.Credentials) != 0 {
		t.Fatalf("return: %v %+v", err, back)
	}
	c.later(time.Hour)
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); !errors.Is(err, issuer.Conflict) {
		t.Errorf("approving what was returned: %v", err)
	}
	if _, err := c.SubmitCapstone(ctx, c.as("max"), id); err != nil {
		t.Fatal(err)
	}
	some, err := c.ReviewCapstone(ctx, c.as("com"), id, approve(2))
	if err != nil || fmt.Sprint(some.Missing) != "[lead approval]" || some.Capstone.State != issuer.Submitted {
		t.Fatalf("community approval: %v %+v", err, some)
	}
	lead := c.as("lee")
	seen, err := c.Capstone(ctx, lead, id)
	if err != nil || !seen.Completes || seen.WouldIssue != 4 || !seen.MayReview {
		t.Errorf("what the lead sees: %v completes %v, %d badges", err, seen.Completes, seen.WouldIssue)
	}
	done, err := c.ReviewCapstone(ctx, lead, id, approve(2))
	if err != nil || done.Capstone.State != issuer.Approved || len(done.Missing) != 0 {
		t.Fatal(err, done)
	}
	if got := codes(done.Credentials); got != "C1 C1 all all " {
		t.Errorf("the approval earned %s", got)
	}
	if _, err := c.ReviewCapstone(ctx, lead, id, approve(2)); !errors.Is(err, issuer.Conflict) {
		t.Errorf("approving again: %v", err)
	}
	view, err := c.Capstone(ctx, c.as("lea"), id)
	if err != nil || len(view.Submissions) != 2 || len(view.Submissions[1].Reviews) != 1 || len(view.Submissions[0].Evidence) != 1 || codes(view.Badges) != "C1 all " {
		t.Errorf("what the learner sees: %v %+v", err, view)
	}
	c.saysOfWork(t, done.Credentials[0])
}

// saysOfWork: the badge tells the result per line of the rubric and that
// mentors approved, and keeps the work and the mentors to itself.
func (c *cast) saysOfWork(t *testing.T, b BadgeView) {
	t.Helper()
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	doc, err := p.Credential(t.Context(), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"Approved against the rubric by 2 mentors, a lead mentor among them, of Makers.", `"achievedLevel"`, `#build.2"`, `#care.3"`} {
		if !strings.Contains(string(doc), said) {
			t.Errorf("the badge does not say %s", said)
		}
	}
	for _, private := range []string{"apps.example.org", "Expense helper", "Lee Lead", "Com Community", "Finance", "Lea Learner", "Max Member"} {
		if strings.Contains(string(doc), private) {
			t.Errorf("the badge tells %q", private)
		}
	}
	v := verifier.Verifier{Keys: p, Records: p, Now: c.now}
	report, err := v.Verify(t.Context(), doc, verifier.Ask{})
	if err != nil || report.Verdict != verifier.Verified {
		t.Errorf("%v %+v", err, report)
	}
}

func TestReviewRefusals(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	id := c.handIn("C1", "lea")
	tests := []struct {
		name  string
		in    NewReview
		kind  issuer.Kind
		field string
	}{
		{"no such submission", approve(2), issuer.Conflict, ""},
		{"no decision", NewReview{Submission: 1, Decision: "maybe"}, issuer.Invalid, "decision"},
		{"return without a note", NewReview{Submission: 1, Decision: issuer.Return}, issuer.Invalid, "note"},
		{"return with a note of blanks", NewReview{Submission: 1, Decision: issuer.Return, Note: " \n"}, issuer.Invalid, "note"},
		{"unknown criterion", NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound", "x": "sound"}}, issuer.Invalid, "scores.x"},
		{"unknown level", NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "great"}}, issuer.Invalid, "scores.build"},
		{"below what is required", NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "not yet"}}, issuer.Invalid, "scores.build"},
		{"required line not scored", NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"care": "sound"}}, issuer.Invalid, "scores.build"},
	}
	for _, test := range tests {
		_, err := c.ReviewCapstone(t.Context(), c.as("lee"), id, test.in)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v, want %s of %q", test.name, err, test.kind, test.field)
		}
	}
	if _, err := c.ReviewCapstone(t.Context(), c.as("lee"), "NOSUCH", approve(1)); !errors.Is(err, issuer.NotFound) {
		t.Errorf("no such capstone: %v", err)
	}
}

// TestOwnWork: mentors who are in the team do not review it, admins who do
// not mentor the cohort neither.
func TestOwnWork(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	if _, err := c.GrantRole(t.Context(), system, NewGrant{Person: c.ids["lea"], Role: issuer.Mentor, Cohort: "autumn", Tier: issuer.Lead}); err != nil {
		t.Fatal(err)
	}
	id := c.handIn("C1", "max", "lea")
	for _, who := range []string{"lea", "max", "root", "owen"} {
		if _, err := c.ReviewCapstone(t.Context(), c.as(who), id, approve(1)); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("%s: %v", who, err)
		}
	}
	q, err := c.Queue(t.Context(), c.as("lea"), QueueFilter{})
	if err != nil || len(q.Waiting) != 0 || len(q.Others) != 1 {
		t.Errorf("queue: %v %+v", err, q)
	}
}

// TestTwoApprovals: two different mentors, one of them a lead, and new
// evidence voids what was approved before.
func TestTwoApprovals(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { twoApprovals(t, newCast(t, k)) })
}

func twoApprovals(t *testing.T, c *cast) {
	ctx := t.Context()
	id := c.handIn("C2", "lea")
	review := func(who string, n int) string {
		r, err := c.ReviewCapstone(ctx, c.as(who), id, approve(n))
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%v %s", r.Missing, codes(r.Credentials))
	}
	if got := review("lee", 1); got != "[second approval] " {
		t.Error("first:", got)
	}
	if got := review("lee", 1); got != "You have already decided about this submission." {
		t.Error("the same mentor again:", got)
	}
	if _, err := c.SubmitCapstone(ctx, c.as("lea"), id); err != nil {
		t.Fatal(err)
	}
	if got := review("com", 1); got != "This is not the current submission; look at submission 2." {
		t.Error("the old submission:", got)
	}
	if got := review("com", 2); got != "[second approval lead approval] " {
		t.Error("after new evidence:", got)
	}
	if got := review("lee", 2); got != "[] C2 " {
		t.Error("the lead:", got)
	}
}

// TestMentorBadge: reviewing five different capstones of others earns it.
func TestMentorBadge(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	var rows []PersonRow
	for i := range 6 {
		rows = append(rows, PersonRow{Row: i, Email: fmt.Sprintf("w%d@example.org", i), Name: "W", Cohort: "autumn"})
	}
	if _, err := c.ImportPeople(t.Context(), system, rows, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	held := func() int { return c.Live(t)["mentor"] }
	for i := range 6 {
		p, err := c.FindPerson(t.Context(), system, fmt.Sprintf("w%d@example.org", i))
		if err != nil {
			t.Fatal(err)
		}
		who := fmt.Sprint("w", i)
		c.ids[who] = p.ID
		id := c.handIn("C1", who)
		if _, err := c.ReviewCapstone(t.Context(), c.as("com"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "Once more."}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.SubmitCapstone(t.Context(), c.as(who), id); err != nil {
			t.Fatal(err)
		}
		if _, err := c.ReviewCapstone(t.Context(), c.as("com"), id, approve(2)); err != nil {
			t.Fatal(err)
		}
		if want := i / 4; held() != want && i < 5 {
			t.Errorf("after %d capstones: %d badges", i+1, held())
		}
	}
	if held() != 1 {
		t.Errorf("%d mentor's badges", held())
	}
}

func TestStartRefusals(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	tests := []struct {
		name          string
		by            string
		brief, cohort string
		team          []string
		kind          issuer.Kind
		field         string
	}{
		{"unknown brief", "lea", "C9", "autumn", nil, issuer.Invalid, "brief"},
		{"unknown cohort", "lea", "C1", "winter", nil, issuer.Invalid, "cohort"},
		{"another cohort", "lea", "C1", "spring", nil, issuer.Forbidden, ""},
		{"a mentor in the team", "lea", "C1", "autumn", []string{"com"}, issuer.Invalid, "team"},
		{"twice", "lea", "C1", "autumn", []string{"max", "max"}, issuer.Invalid, "team"},
		{"too many", "lea", "C2", "autumn", []string{"max", "ola"}, issuer.Invalid, "team"},
	}
	for _, test := range tests {
		var team []issuer.PersonID
		for _, who := range test.team {
			team = append(team, c.ids[who])
		}
		_, err := c.StartCapstone(ctx, c.as(test.by), test.brief, test.cohort, "x", team)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v, want %s of %q", test.name, err, test.kind, test.field)
		}
	}
	c.handIn("C1", "lea", "max")
	if _, err := c.StartCapstone(ctx, c.as("max"), "C1", "autumn", "x", nil); !errors.Is(err, issuer.Conflict) {
		t.Errorf("at work already: %v", err)
	}
}

// TestConsent: saying yes replaces the badges with ones that carry the name,
// linked both ways, the old bit set; saying no takes it out again.
func TestConsent(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { consent(t, newCast(t, k)) })
}

func consent(t *testing.T, c *cast) {
	ctx := t.Context()
	c.complete("lea", "M1", "2026-10-01", "")
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	old := c.badge()
	public := func(id issuer.CredentialID) *PublicBadge {
		b, err := p.Badge(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := public(old); b.Name != "" || b.NameSigned {
		t.Errorf("before consent the page names %q", b.Name)
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	was := public(old)
	now := public(was.ReplacedBy)
	if was.State != issuer.Superseded || now.Supersedes != old || now.State != issuer.Issued || !now.NameSigned || now.Name != "Lea Learner" || was.NameSigned {
		t.Errorf("old %+v\nnew %+v", was, now)
	}
	if !strings.Contains(string(now.Credential), `"identityHash":"Lea Learner"`) {
		t.Error("the new badge does not carry the name")
	}
	if got := c.bits(t); !cmp.Equal(got, map[issuer.CredentialID]string{old: "superseded"}) {
		t.Errorf("bits: %v", got)
	}
	s, err := p.Standing(ctx, "HTTPS://BADGES.example.org/v/"+string(old))
	if err != nil || s.State != "superseded" || s.ReplacedBy != now.URL {
		t.Errorf("%v %+v", err, s)
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	if b := public(now.ID); b.State != issuer.Issued {
		t.Error("the same answer again replaced the badge")
	}
	if r := c.complete("lea", "M2", "2026-10-02", "90"); !r.Credentials[0].NameSigned {
		t.Error("a badge after consent does not carry the name")
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), false); err != nil {
		t.Fatal(err)
	}
	last := public(public(now.ID).ReplacedBy)
	if last.Name != "" || strings.Contains(string(last.Credential), "Lea Learner") {
		t.Error("after taking consent back the badge still carries the name")
	}
	v := verifier.Verifier{Keys: p, Records: p, Now: c.now}
	for id, want := range map[issuer.CredentialID]verifier.Outcome{old: verifier.Refused, last.ID: verifier.Verified} {
		report, err := v.Verify(ctx, public(id).Credential, verifier.Ask{})
		if err != nil || report.Verdict != want {
			t.Errorf("%v %+v", err, report)
		}
	}
}
