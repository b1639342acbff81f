package registrar

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

func (c *cast) stop() {
	c.t.Helper()
	if _, err := c.StopIssuing(c.t.Context(), c.as("root"), "A rule gives badges away"); err != nil {
		c.t.Fatal(err)
	}
}

// resume ends the stop and issues what was deferred.
func (c *cast) resume() {
	c.t.Helper()
	if _, err := c.ResumeIssuing(c.t.Context(), c.as("root")); err != nil {
		c.t.Fatal(err)
	}
	if err := c.IssueDeferred(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cast) waiting() int {
	c.t.Helper()
	v, err := c.Issuing(c.t.Context(), c.as("root"))
	if err != nil {
		c.t.Fatal(err)
	}
	return v.Waiting
}

// TestStop: while issuing is stopped approvals, awards and re-issues are
// refused with the reason, returns work, completions and answers are recorded;
// when the stop is over, what they bring about is issued, once.
func TestStop(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { stopped(t, newCast(t, k)) })
}

func stopped(t *testing.T, c *cast) {
	ctx := t.Context()
	c.complete("lea", "M1", "2026-10-01", "")
	old := c.badge()
	capstone := c.handIn("C1", "lea", "max")
	c.stop()
	c.stop() // changes nothing
	for name, err := range map[string]error{
		"approval": errorOf(c.ReviewCapstone(ctx, c.as("lee"), capstone, approve(1))),
		"award":    errorOf(c.AwardAchievement(ctx, c.as("owen"), NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["ola"]}, Reason: "Helped."})),
		"re-issue": errorOf(c.ReissueCredential(ctx, c.as("owen"), old, "Misspelt.")),
	} {
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != issuer.Unavailable || refusal.Reason != "No badges are issued just now: A rule gives badges away. Nothing is lost; try again when this is over." {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.ReviewCapstone(ctx, c.as("ola"), capstone, approve(1)); !errors.Is(err, issuer.Forbidden) {
		t.Errorf("who may not approve at all: %v", err)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), capstone, NewReview{Submission: 1, Decision: issuer.Return, Note: "Say more."}); err != nil {
		t.Errorf("return: %v", err)
	}
	r := c.complete("lea", "M2", "2026-10-05", "90")
	if !r.Recorded || len(r.Credentials) != 0 || len(r.Warnings) != 1 || r.Warnings[0] != laterWarning {
		t.Errorf("completion: %+v", r)
	}
	if r = c.complete("lea", "M2", "2026-10-05", "90"); r.Recorded || len(r.Credentials) != 0 {
		t.Errorf("the same again: %+v", r)
	}
	c.complete("ola", "M2", "2026-10-05", "10") // not passed: nothing waits
	if _, err := c.ImportCompletions(ctx, c.as("owen"), []CompletionRow{{Row: 2, Email: "max@example.org", Module: "M1", CompletedOn: "2026-10-02"}}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	if err := c.IssueDeferred(ctx); err != nil {
		t.Fatal(err)
	}
	before := c.Mails(t)
	if live := c.Live(t); fmt.Sprint(live) != "map[M1:1]" || c.waiting() != 4 {
		t.Errorf("during the stop: %v, %d wait", live, c.waiting())
	}
	if v, err := c.Badge(ctx, c.as("lea"), old); err != nil || v.State != issuer.Issued {
		t.Errorf("the badge was replaced during the stop: %v %+v", err, v)
	}
	c.resume()
	c.resume()
	if live := c.Live(t); fmt.Sprint(live) != "map[M1:2 M2:1 base:1]" || c.waiting() != 0 {
		t.Errorf("after the stop: %v, %d wait", live, c.waiting())
	}
	if n := c.Mails(t) - before; n != 2 { // of Lea's two; the import was to tell no one
		t.Errorf("%d mails", n)
	}
	if r = c.complete("lea", "M2", "2026-10-05", "90"); codes(r.Credentials) != "M2 base " || r.Credentials[0].AwardedOn != "2026-10-05" || !r.Credentials[0].NameSigned {
		t.Errorf("the fact's badges: %+v", r.Credentials)
	}
	if v, err := c.Badge(ctx, c.as("lea"), old); err != nil || v.State != issuer.Superseded {
		t.Errorf("the answer about the name has no effect: %v %+v", err, v)
	}
}

func errorOf[T any](_ T, err error) error { return err }

// TestStopForReviewers: what deciding earns a mentor comes after the stop, on
// the day of the decision.
func TestStopForReviewers(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	for i := range 5 {
		if i == 4 {
			c.stop()
		}
		who := []string{"lea", "max", "ola", "lea", "max"}[i]
		brief := []string{"C1", "C1", "C1", "C2", "C2"}[i]
		id := c.handIn(brief, who)
		if _, err := c.ReviewCapstone(t.Context(), c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "More."}); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.Live(t)["mentor"]; n != 0 {
		t.Fatalf("%d badges during the stop", n)
	}
	c.later(72 * 3600 * 1e9)
	c.resume()
	v, err := c.Credentials(t.Context(), system, CredentialFilter{Person: c.ids["lee"]})
	if err != nil || len(v.Items) != 1 || v.Items[0].AwardedOn != "2026-11-21" {
		t.Errorf("%v %+v", err, v)
	}
}

// TestStopUnderLoad: once StopIssuing has answered, not one badge is issued,
// whoever is at work; nothing of what is recorded is lost or doubled.
func TestStopUnderLoad(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		const people, hands = 60, 12
		var rows []PersonRow
		for i := range people {
			rows = append(rows, PersonRow{Row: i, Email: address(i), Name: "P", Cohort: "autumn"})
		}
		if _, err := c.ImportPeople(t.Context(), system, rows, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		var next, after atomic.Int64
		var stopped atomic.Bool
		var wg sync.WaitGroup
		for range hands {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < people; i = next.Add(1) - 1 {
					began := stopped.Load()
					r, err := c.RecordCompletion(t.Context(), system, NewCompletion{Person: PersonRef{Email: address(int(i))}, Module: "M1", CompletedAt: "2026-10-01"})
					if err != nil {
						t.Error(err)
					} else if began {
						after.Add(int64(len(r.Credentials)))
					}
					if i == people/3 {
						c.stop()
						stopped.Store(true)
					}
				}
			})
		}
		wg.Wait()
		live := c.Live(t)["M1"]
		if waiting := c.waiting(); after.Load() != 0 || live+waiting != people || waiting == 0 {
			t.Errorf("%d issued after the stop; %d issued and %d wait of %d", after.Load(), live, waiting, people)
		}
		if _, err := c.ResumeIssuing(t.Context(), c.as("root")); err != nil {
			t.Fatal(err)
		}
		parallel(t, 4, func(int) error { return c.IssueDeferred(t.Context()) })
		if live := c.Live(t)["M1"]; live != people || c.waiting() != 0 {
			t.Errorf("after the stop %d are issued, %d wait", live, c.waiting())
		}
	})
}

// TestDeferredOnce: a copy of the program that is late with a fact does not
// bring back what was revoked since another one worked it off.
func TestDeferredOnce(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.stop()
	c.complete("lea", "M1", "2026-10-01", "")
	if _, err := c.ResumeIssuing(t.Context(), c.as("root")); err != nil {
		t.Fatal(err)
	}
	waiting, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) ([]issuer.DeferredFact, error) { return tx.Deferred("", 9) })
	if err != nil || len(waiting) != 1 {
		t.Fatal(err, waiting)
	}
	for range 2 {
		if err := c.issueDeferred(t.Context(), waiting[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := c.RevokeCredential(t.Context(), c.as("owen"), c.badge(), StatusChange{Code: "other"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.Live(t)["M1"]; n != 0 {
		t.Error("a revoked badge came back")
	}
}
