package registrar

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// mailsOf lists the templates of the mails that wait for someone, in the order
// in which they were written.
func (c *cast) mailsOf(who string) []string {
	c.t.Helper()
	messages, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 10_000) })
	c.must(err)
	var out []string
	for _, m := range messages {
		if m.Recipient == who+"@example.org" {
			out = append(out, m.Template)
		}
	}
	slices.Reverse(out)
	return out
}

func kindOf(err error) issuer.Kind {
	var refusal *issuer.Error
	if errors.As(err, &refusal) {
		return refusal.Kind
	}
	return ""
}

// TestMentorClaims: a claim keeps others from deciding until its time is over, is
// renewed by work, given back, taken over with a sentence and handed over.
func TestMentorClaims(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { mentorClaims(t, newCast(t, k)) })
}

func mentorClaims(t *testing.T, c *cast) {
	ctx := t.Context()
	id := c.handIn("C1", "lea")
	v, err := c.ClaimCapstone(ctx, c.as("com"), id, NewClaim{})
	if err != nil || v.Desk.Claim == nil || !v.Desk.Claim.Mine || !v.Desk.Claim.Until.Equal(c.now().Add(issuer.ClaimLasts)) {
		t.Fatalf("claim: %v %+v", err, v)
	}
	if _, err := c.ClaimCapstone(ctx, c.as("lee"), id, NewClaim{}); kindOf(err) != issuer.Conflict {
		t.Errorf("claiming what is claimed: %v", err)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); kindOf(err) != issuer.Conflict || !strings.Contains(err.Error(), "Com Community") {
		t.Errorf("deciding while another is at work: %v", err)
	}
	seen, err := c.Capstone(ctx, c.as("lea"), id)
	if err != nil || seen.Desk.Claim == nil || seen.Desk.Claim.Mentor.Name != "Com Community" || seen.Desk.MayClaim {
		t.Errorf("what the learner sees: %v %+v", err, seen.Desk)
	}

	c.later(issuer.ClaimLasts - time.Minute)
	if v, err = c.SaveReview(ctx, c.as("com"), id, NewReview{Note: "So far so good."}, ""); err != nil || v.Desk.Draft == nil || v.Desk.Draft.Note != "So far so good." {
		t.Fatalf("save: %v %+v", err, v)
	}
	c.later(2 * time.Minute)
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); kindOf(err) != issuer.Conflict {
		t.Errorf("work did not renew the claim: %v", err)
	}
	if v, err = c.ReleaseCapstone(ctx, c.as("lee"), id); err != nil || v.Desk.Claim == nil {
		t.Errorf("one mentor gave back what another has: %v", err)
	}
	if _, err := c.ClaimCapstone(ctx, c.as("lee"), id, NewClaim{TakeOver: true}); kindOf(err) != issuer.Invalid {
		t.Errorf("taking over without a word: %v", err)
	}
	if v, err = c.ClaimCapstone(ctx, c.as("lee"), id, NewClaim{TakeOver: true, Note: "They present tomorrow."}); err != nil || !v.Desk.Claim.Mine {
		t.Fatalf("taking over: %v", err)
	}
	if got := c.mailsOf("com"); !slices.Contains(got, "claim-taken") {
		t.Errorf("the other mentor was mailed %v", got)
	}
	if _, err := c.HandOverCapstone(ctx, c.as("lee"), id, c.ids["far"], ""); kindOf(err) != issuer.Invalid {
		t.Errorf("handing over to a mentor elsewhere: %v", err)
	}
	if _, err := c.HandOverCapstone(ctx, c.as("com"), id, c.ids["lee"], ""); kindOf(err) != issuer.Conflict {
		t.Errorf("handing over what another has: %v", err)
	}
	if v, err = c.HandOverCapstone(ctx, c.as("lee"), id, c.ids["com"], "Yours again."); err != nil || v.Desk.Claim.Mentor.ID != c.ids["com"] {
		t.Fatalf("handing over: %v", err)
	}

	c.later(issuer.ClaimLasts)
	if seen, err = c.Capstone(ctx, c.as("lea"), id); err != nil || seen.Desk.Claim != nil {
		t.Errorf("the claim outlived its time: %v %+v", err, seen.Desk.Claim)
	}
	if r, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); err != nil || r.Capstone.State != issuer.Approved {
		t.Fatalf("deciding after the time of a claim: %v", err)
	}
	if _, err := c.ClaimCapstone(ctx, c.as("com"), id, NewClaim{}); kindOf(err) != issuer.Conflict {
		t.Errorf("claiming what is decided: %v", err)
	}
}

// TestClaimRace: of mentors who claim at once one has it, of two who decide at
// once while nobody claimed one is first, and badges come once.
func TestClaimRace(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { claimRace(t, newCast(t, k)) })
}

func claimRace(t *testing.T, c *cast) {
	if _, err := c.GrantRole(t.Context(), system, NewGrant{Person: c.ids["none"], Role: issuer.Mentor, Cohort: "autumn", Tier: issuer.Lead}); err != nil {
		t.Fatal(err)
	}
	mentors := []string{"com", "lee", "none"}
	id := c.handIn("C1", "lea")
	race := func(do func(by issuer.Caller) error) (won []string) {
		var group sync.WaitGroup
		var mu sync.Mutex
		callers := map[string]issuer.Caller{}
		for _, who := range mentors {
			callers[who] = c.as(who)
		}
		for _, who := range mentors {
			group.Go(func() {
				err := do(callers[who])
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won = append(won, who)
				} else if kindOf(err) != issuer.Conflict {
					t.Errorf("%s: %v", who, err)
				}
			})
		}
		group.Wait()
		return won
	}
	won := race(func(by issuer.Caller) error {
		_, err := c.ClaimCapstone(t.Context(), by, id, NewClaim{})
		return err
	})
	if len(won) != 1 {
		t.Errorf("%v have the claim", won)
	}
	won = race(func(by issuer.Caller) error {
		_, err := c.ReviewCapstone(t.Context(), by, id, NewReview{Submission: 1, Decision: issuer.Return, Note: "Once more."})
		return err
	})
	if len(won) != 1 {
		t.Errorf("%v decided", won)
	}
	if _, err := c.SubmitCapstone(t.Context(), c.as("lea"), id); err != nil {
		t.Fatal(err)
	}
	mentors = []string{"lee", "none"}
	if won = race(func(by issuer.Caller) error {
		_, err := c.ReviewCapstone(t.Context(), by, id, approve(2))
		return err
	}); len(won) != 1 {
		t.Errorf("%v decided", won)
	}
	if got := c.Live(t)["C1"]; got != 1 {
		t.Errorf("%d badges", got)
	}
}

// TestQueue: what waits, what is mine, what nobody has, per cohort, with the
// typical wait.
func TestQueue(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	first := c.handIn("C1", "lea")
	c.later(time.Hour)
	second := c.handIn("C1", "max")
	ids := func(lines []CapstoneLine) (out []issuer.CapstoneID) {
		for _, l := range lines {
			out = append(out, l.ID)
		}
		return out
	}
	look := func(who string, f QueueFilter) *QueueView {
		t.Helper()
		v, err := c.Queue(ctx, c.as(who), f)
		c.must(err)
		return v
	}
	if _, err := c.ClaimCapstone(ctx, c.as("com"), second, NewClaim{}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, who       string
		f               QueueFilter
		waiting, others []issuer.CapstoneID
	}{
		{"all", "com", QueueFilter{}, []issuer.CapstoneID{first, second}, nil},
		{"mine", "com", QueueFilter{Show: "mine"}, []issuer.CapstoneID{second}, nil},
		{"unclaimed", "com", QueueFilter{Show: "unclaimed"}, []issuer.CapstoneID{first}, nil},
		{"another's", "lee", QueueFilter{}, []issuer.CapstoneID{first}, []issuer.CapstoneID{second}},
		{"another cohort", "com", QueueFilter{Cohort: "spring"}, nil, nil},
		{"this cohort", "com", QueueFilter{Cohort: "autumn"}, []issuer.CapstoneID{first, second}, nil},
	} {
		v := look(test.who, test.f)
		if !slices.Equal(ids(v.Waiting), test.waiting) || !slices.Equal(ids(v.Others), test.others) {
			t.Errorf("%s: %v and %v", test.name, ids(v.Waiting), ids(v.Others))
		}
	}
	c.later(time.Hour)
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), first, approve(1)); err != nil {
		t.Fatal(err)
	}
	v := look("com", QueueFilter{})
	if len(v.Cohorts) != 1 || v.Cohorts[0].Waiting != 1 || v.Cohorts[0].Typical != 2*time.Hour || v.Claimed != 1 {
		t.Errorf("%+v, %d claimed", v.Cohorts, v.Claimed)
	}
	if v := look("lee", QueueFilter{}); len(v.Decided) != 1 || v.Decided[0].TakeBack == nil {
		t.Errorf("what was decided last: %+v", v.Decided)
	}
	view, err := c.Capstone(ctx, c.as("max"), second)
	if err != nil || view.Desk.Ahead != 0 || view.Desk.Typical != 2*time.Hour || len(view.Desk.Awaited) != 2 || view.Desk.Awaited[0].Tier != issuer.Lead {
		t.Errorf("what the learner sees: %v %+v", err, view.Desk)
	}
	home, err := c.Home(ctx, c.as("lee"))
	if err != nil || home.Mentoring == nil || *home.Mentoring != (Tally{Reviews: 1, People: 1, Median: 2 * time.Hour}) {
		t.Errorf("tally: %v %+v", err, home.Mentoring)
	}
}
