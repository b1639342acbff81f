package registrar

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// TestTakeBack: a mistaken approval is undone within minutes: its badges and what
// stands on them are revoked and logged, the team is told, mail that waits does
// not go out, and the same mentor decides anew about the same submission, which
// issues other badges.
func TestTakeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { takeBack(t, newCast(t, k)) })
}

func takeBack(t *testing.T, c *cast) {
	ctx := t.Context()
	for _, who := range []string{"lea", "max"} {
		c.complete(who, "M1", "2026-10-01", "")
		c.complete(who, "M2", "2026-10-01", "90")
	}
	id := c.handIn("C1", "lea", "max")
	stepped := c.as("lee")
	stepped.SteppedUp = c.now()
	word := approve(1)
	word.Sign = true
	done, err := c.ReviewCapstone(ctx, stepped, id, word)
	c.must(err)
	c.later(5 * time.Minute)
	before, err := c.TakeBack(ctx, c.as("lee"), id, done.Review.ID)
	if err != nil || codes(before.Revoked) != "C1 all C1 all " || before.Capstone.State != issuer.Approved {
		t.Fatalf("what it would take back: %v %+v", err, before)
	}
	out, err := c.TakeBackApproval(ctx, c.as("lee"), id, done.Review.ID)
	if err != nil || out.Capstone.State != issuer.Submitted || len(out.Revoked) != 4 || out.Unsent != 4 || out.Review.TakenBackAt == nil {
		t.Fatalf("take back: %v %+v", err, out)
	}
	if live := c.Live(t); live["C1"] != 0 || live["all"] != 0 || live["base"] != 2 {
		t.Errorf("live badges: %v", live)
	}
	for _, b := range out.Revoked {
		if b.State != issuer.Revoked || b.RevokedCode != "issued-in-error" || c.bits(t)[b.ID] != "revoked" {
			t.Errorf("%+v, bit %q", b, c.bits(t)[b.ID])
		}
		leaves, err := store.Read(ctx, c.Store, func(tx *store.Tx) ([]issuer.LogLeaf, error) { return tx.LeavesOf(b.ID) })
		if err != nil || len(leaves) != 2 || leaves[1].Type != ledger.Revoke {
			t.Errorf("leaves: %v %v", err, leaves)
		}
	}
	for _, who := range []string{"lea", "max"} {
		if got := fmt.Sprint(c.mailsOf(who)); got != "[badge-issued badge-issued badge-issued approval-taken-back]" { // M1, M2, base
			t.Errorf("%s was mailed %s", who, got)
		}
	}
	if _, err := c.TakeBackApproval(ctx, c.as("lee"), id, done.Review.ID); kindOf(err) != issuer.Conflict {
		t.Errorf("again: %v", err)
	}

	stepped.SteppedUp = c.now()
	again, err := c.ReviewCapstone(ctx, stepped, id, word)
	if err != nil || codes(again.Credentials) != "C1 C1 all all " || again.Capstone.State != issuer.Approved {
		t.Fatalf("approving anew: %v", err)
	}
	for _, b := range again.Credentials {
		if slices.ContainsFunc(done.Credentials, func(was BadgeView) bool { return was.ID == b.ID }) {
			t.Errorf("the badge %s came again", b.ID)
		}
	}
	if public, err := (&Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}).Badge(ctx, again.Credentials[0].ID); err != nil || len(public.Approvals) != 1 || !public.Approvals[0].Signed {
		t.Errorf("what anyone sees: %v %+v", err, public)
	}
	view, err := c.Capstone(ctx, c.as("lea"), id)
	if err != nil || len(view.Submissions[0].Reviews) != 2 || view.Submissions[0].Reviews[0].TakenBackAt == nil {
		t.Errorf("what the learner sees: %v %+v", err, view.Submissions)
	}
}

// TestTakeBackRefusals: only who gave it, only an approval, only for minutes,
// only of what stands now.
func TestTakeBackRefusals(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	first, second, third := c.handIn("C1", "lea"), c.handIn("C2", "max"), c.handIn("C1", "ola")
	review := func(who string, id issuer.CapstoneID, in NewReview) issuer.ReviewID {
		t.Helper()
		r, err := c.ReviewCapstone(ctx, c.as(who), id, in)
		c.must(err)
		return r.Review.ID
	}
	approved, partly := review("lee", first, approve(1)), review("lee", second, approve(1))
	returned := review("lee", third, NewReview{Submission: 1, Decision: issuer.Return, Note: "Once more."})
	for _, test := range []struct {
		name, who string
		id        issuer.CapstoneID
		review    issuer.ReviewID
		want      issuer.Kind
	}{
		{"another mentor", "com", first, approved, issuer.Forbidden},
		{"an admin", "root", first, approved, issuer.Forbidden},
		{"the learner", "lea", first, approved, issuer.Forbidden},
		{"another learner", "ola", first, approved, issuer.NotFound},
		{"nobody", "", first, approved, issuer.Unsigned},
		{"of another capstone", "lee", second, approved, issuer.NotFound},
		{"a return", "lee", third, returned, issuer.Conflict},
	} {
		if _, err := c.TakeBackApproval(ctx, c.as(test.who), test.id, test.review); kindOf(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
	if _, err := c.SubmitCapstone(ctx, c.as("max"), second); err != nil {
		t.Fatal(err)
	}
	if _, err := c.TakeBackApproval(ctx, c.as("lee"), second, partly); kindOf(err) != issuer.Conflict {
		t.Errorf("of an earlier submission: %v", err)
	}
	c.later(issuer.Grace)
	if _, err := c.TakeBackApproval(ctx, c.as("lee"), first, approved); kindOf(err) != issuer.Conflict {
		t.Errorf("too late: %v", err)
	}
	if c.Live(t)["C1"] != 1 {
		t.Error("a refusal revoked")
	}
}

// TestTakeBackRaces: beside a second approval, and beside the erasure of who got
// the badge, one goes after the other and the records agree.
func TestTakeBackRaces(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { takeBackRaces(t, newCast(t, k)) })
}

func takeBackRaces(t *testing.T, c *cast) {
	ctx := t.Context()
	both := func(acts ...func() error) {
		t.Helper()
		var group sync.WaitGroup
		for i, do := range acts {
			group.Go(func() {
				if err := do(); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		group.Wait()
	}
	lee, com, root := c.as("lee"), c.as("com"), c.as("root")
	id := c.handIn("C2", "lea")
	first, err := c.ReviewCapstone(ctx, lee, id, approve(1))
	c.must(err)
	both(func() error {
		_, err := c.TakeBackApproval(ctx, lee, id, first.Review.ID)
		return err
	}, func() error {
		_, err := c.ReviewCapstone(ctx, com, id, approve(1))
		return err
	})
	v, err := c.Capstone(ctx, lee, id)
	if err != nil || v.State != issuer.Submitted || fmt.Sprint(v.Missing) != "[second approval lead approval]" || c.Live(t)["C2"] != 0 {
		t.Errorf("beside a second approval: %v %s %v %v", err, v.State, v.Missing, c.Live(t))
	}

	alone := c.handIn("C1", "max")
	given, err := c.ReviewCapstone(ctx, lee, alone, approve(1))
	c.must(err)
	both(func() error {
		_, err := c.TakeBackApproval(ctx, lee, alone, given.Review.ID)
		if kindOf(err) == issuer.Conflict { // erased first: nothing waits any more
			return nil
		}
		return err
	}, func() error { return c.ErasePerson(ctx, root, c.ids["max"]) })
	awards, err := store.Read(ctx, c.Store, func(tx *store.Tx) ([]issuer.Award, error) { return tx.AwardsOf(c.ids["max"]) })
	if err != nil || len(awards) != 1 || awards[0].State != issuer.Erased {
		t.Errorf("beside an erasure: %v %+v", err, awards)
	}
}
