package registrar

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestJoinLink: a link lets in as many as it has places, each once, until it
// expires or is closed, and tells nobody who is known here.
func TestJoinLink(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		open := func(places, days int) string {
			secret, err := c.AddJoinLink(ctx, c.as("owen"), "spring", places, days)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		for _, wrong := range [][2]int{{0, 1}, {1, 0}, {1001, 1}, {1, 367}, {-1, -1}} {
			if _, err := c.AddJoinLink(ctx, c.as("owen"), "spring", wrong[0], wrong[1]); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%v places and days: %v", wrong, err)
			}
		}
		secret := open(2, 7)
		if v, err := c.JoinOffer(ctx, issuer.Caller{}, secret); err != nil || v.Cohort.Code != "spring" || v.Joined {
			t.Fatal(err, v)
		}
		for range 2 {
			if err := c.Introduce(ctx, secret, "new@example.org", "New Here"); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Introduce(ctx, secret, "lea@example.org", "Someone Else"); err != nil {
			t.Fatal(err)
		}
		if got := c.as("lea").Name; got == "Someone Else" {
			t.Error("a stranger renamed someone")
		}
		for _, address := range []string{"lea@example.org", "newer@example.org"} {
			if err := c.Introduce(ctx, secret, address, " "); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%s without a name: %v", address, err)
			}
		}
		for range 2 { // the second takes no place
			if err := c.Join(ctx, c.as("lea"), secret); err != nil {
				t.Fatal(err)
			}
		}
		if v, err := c.JoinOffer(ctx, c.as("lea"), secret); err != nil || !v.Joined {
			t.Error(err, v)
		}
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []string{"max", "none"} { // ola comes too late for anything, below
			by := c.as(who)
			wait.Go(func() { errs[i] = c.Join(ctx, by, secret) })
		}
		wait.Wait()
		if in := fmt.Sprint(errs); errors.Join(errs...) == nil || len(c.detail("spring").Roster) != 2 {
			t.Errorf("the last place: %s, %d in the cohort", in, len(c.detail("spring").Roster))
		}
		secret = open(5, 1)
		c.later(25 * time.Hour)
		if err := c.Join(ctx, c.as("ola"), secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("after it expired: %v", err)
		}
		secret = open(5, 1)
		for range 2 {
			if err := c.CloseJoinLink(ctx, c.as("owen"), "spring", c.detail("spring").Links[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.CloseJoinLink(ctx, c.as("owen"), "autumn", c.detail("spring").Links[0].ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("the link of another cohort: %v", err)
		}
		if err := c.Join(ctx, c.as("ola"), secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("after it was closed: %v", err)
		}
		if _, err := c.JoinOffer(ctx, issuer.Caller{}, "guess"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("a guess: %v", err)
		}
	})
}

// detail shows a cohort to who runs it.
func (c *cast) detail(cohort string) *CohortDetail {
	c.t.Helper()
	v, err := c.Cohort(c.t.Context(), c.as("owen"), cohort, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// TestRoster: it is there in pages, for mentors without addresses; who has
// begun stays in it, others can be taken out.
func TestRoster(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		before := len(c.detail("autumn").Roster)
		rows := make([]PersonRow, 2*rosterPage)
		for i := range rows {
			rows[i] = PersonRow{Row: i + 2, Email: fmt.Sprintf("p%d@example.org", i), Name: fmt.Sprintf("P %d", i), Cohort: "autumn"}
		}
		if r, err := c.ImportPeople(ctx, c.as("owen"), rows, ImportOptions{}); err != nil || !r.Written {
			t.Fatal(err, r)
		}
		seen, next := map[issuer.PersonID]bool{}, issuer.PersonID("")
		for range 4 {
			v, err := c.Cohort(ctx, c.as("com"), "autumn", next)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range v.Roster {
				if l.Email != "" || seen[l.ID] {
					t.Errorf("a mentor sees %+v, before: %v", l, seen[l.ID])
				}
				seen[l.ID] = true
			}
			if next = v.Next; next == "" {
				break
			}
		}
		if len(seen) != before+len(rows) {
			t.Errorf("%d learners in the pages, want %d", len(seen), before+len(rows))
		}
		if v, err := c.Cohort(ctx, c.as("lea"), "autumn", ""); err != nil || len(v.Roster)+len(v.Links) > 0 {
			t.Errorf("a learner sees %v %v", v, err)
		}
		c.complete("ola", "M1", "2026-10-01", "")
		if err := c.RemoveLearner(ctx, c.as("owen"), "autumn", c.ids["ola"]); !errors.Is(err, issuer.Conflict) {
			t.Errorf("who has begun: %v", err)
		}
		c.handIn("C1", "lea", "max")
		if err := c.RemoveLearner(ctx, c.as("owen"), "autumn", c.ids["max"]); !errors.Is(err, issuer.Conflict) {
			t.Errorf("who is in a team: %v", err)
		}
		p, err := c.FindPerson(ctx, system, "p7@example.org")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.RemoveLearner(ctx, c.as("owen"), "autumn", p.ID); err != nil {
			t.Error(err)
		}
		if err := c.RemoveLearner(ctx, c.as("owen"), "autumn", p.ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("again: %v", err)
		}
	})
}
