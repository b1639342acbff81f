package registrar

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// step is a step of a funnel as the tests know it.
type step struct {
	Kind             issuer.StepKind
	Module           string
	People, Of, Went int
	Wait             time.Duration
	Hidden           bool
}

func stepsOf(v *FunnelView) []step {
	var out []step
	for _, s := range v.Steps {
		out = append(out, step{s.Kind, s.Name.Code, s.People, s.Of, s.Went, s.Wait, s.Hidden})
	}
	return out
}

// class enrols people into the cohort autumn, with what they say of themselves,
// and gives their names here.
func (c *cast) class(n int) []string {
	c.t.Helper()
	var all []string
	for i := range n {
		who := fmt.Sprintf("p%d", i)
		p, err := c.AddPerson(c.t.Context(), system, NewPerson{Email: who + "@example.org", Name: "Person " + who, Department: []string{"Care", "Works"}[i/5], TimeZone: "Europe/Berlin"})
		c.must(err)
		c.ids[who] = p.ID
		_, err = c.Enroll(c.t.Context(), system, PersonRef{ID: p.ID}, "autumn")
		c.must(err)
		all = append(all, who)
	}
	return all
}

// TestFunnel: a cohort whose every step is known by hand, before it is counted
// and after, alone and in its program.
func TestFunnel(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		crowd := c.class(7)
		for i, who := range crowd {
			c.complete(who, "M1", "2026-11-21", "")
			if i < 3 {
				c.complete(who, "M2", "2026-11-21", "90")
			}
		}
		c.complete("lea", "M2", "2026-11-20", "90") // without the module before it
		c.later(2 * time.Hour)
		var badges []issuer.CredentialID
		for i, who := range crowd[:6] {
			id := c.handIn("C1", who)
			c.later(time.Hour)
			if i == 0 {
				_, err := c.ReviewCapstone(ctx, c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Reason: "evidence", Note: "More."})
				c.must(err)
				_, err = c.SubmitCapstone(ctx, c.as(who), id)
				c.must(err)
			}
			if i == 5 {
				_, err := c.ClaimCapstone(ctx, c.as("lee"), id, NewClaim{})
				c.must(err)
				continue // it waits
			}
			r := approve(1)
			if i == 0 {
				r.Submission = 2
			}
			done, err := c.ReviewCapstone(ctx, c.as("lee"), id, r)
			c.must(err)
			badges = append(badges, done.Credentials[0].ID)
		}
		for i, who := range crowd[:5] {
			_, _, err := c.AddShareLink(ctx, c.as(who), badges[i], "For you", 3)
			c.must(err)
		}
		seen := Sightings{Store: c.Store}
		for _, b := range badges[:4] {
			seen.Seen(b, c.now())
		}
		c.must(seen.Keep(ctx))

		want := []step{
			{Kind: issuer.StepEnrolled, People: 10},
			{Kind: issuer.StepModule, Module: "M1", People: 7, Of: 10, Went: 7},
			{Kind: issuer.StepModule, Module: "M2", People: 4, Of: 7, Went: 3},
			{Kind: issuer.StepSubmitted, People: 6, Of: 4, Went: 3, Wait: 12 * time.Hour},
			{Kind: issuer.StepReturned, People: 1, Of: 6, Went: 1, Wait: time.Hour},
			{Kind: issuer.StepApproved, People: 5, Of: 6, Went: 5, Wait: time.Hour},
			{Kind: issuer.StepIssued, People: 5, Of: 5, Went: 5},
			{Kind: issuer.StepShared, People: 5, Of: 5, Went: 5, Wait: 3 * time.Hour},
			{Kind: issuer.StepVerified, Hidden: true},
		}
		check := func(when string) {
			t.Helper()
			v, err := c.CohortFunnel(ctx, c.as("owen"), "autumn")
			c.must(err)
			if diff := cmp.Diff(want, stepsOf(v)); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
			if diff := cmp.Diff([]issuer.WeekSum{{Monday: "2026-11-16", People: 8}}, v.Weeks); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
			if diff := cmp.Diff(issuer.Mix{Groups: []issuer.Group{{Name: "Care", People: 5}}, Rest: 5}, v.Departments); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
			whole, err := c.Funnel(ctx, c.as("owen"), "makers")
			c.must(err)
			for _, returns := range [][]ReturnedFor{v.Returns, whole.Returns} {
				if diff := cmp.Diff([]ReturnedFor{{"evidence", "Evidence is missing or cannot be opened", 1}}, returns); diff != "" {
					t.Errorf("%s: %s", when, diff)
				}
			}
			if diff := cmp.Diff(want, stepsOf(whole)); diff != "" {
				t.Errorf("the program, %s: %s", when, diff)
			}
			if len(whole.Cohorts) != 2 || len(v.Mentors) != 2 || v.Mentors[0].ID != c.ids["lee"] || v.Mentors[0].Open != 1 || v.Mentors[0].Answered != 6 || v.Mentors[0].Median != time.Hour {
				t.Errorf("%s: %+v %+v", when, whole.Cohorts, v.Mentors)
			}
		}
		check("counted when it is asked for")
		c.must(c.CountCohorts(ctx))
		c.complete("max", "M1", "2026-11-21", "")
		check("as it was counted")
		c.later(2 * time.Minute)
		c.must(c.CountCohorts(ctx))
		want[1].People, want[1].Went, want[2].Of = 8, 8, 8
		if v, err := c.CohortFunnel(ctx, c.as("lee"), "autumn"); err != nil || cmp.Diff(want, stepsOf(v)) != "" || !v.At.Equal(c.now()) {
			t.Error("counted anew:", err, cmp.Diff(want, stepsOf(v)))
		}

		for who, kind := range map[string]error{"": issuer.Unsigned, "lea": issuer.Forbidden, "spo": issuer.Forbidden, "client": issuer.Forbidden, "far": issuer.NotFound, "none": issuer.NotFound, "com": nil, "lee": nil, "owen": nil, "pat": nil, "root": nil} {
			v, err := c.CohortFunnel(ctx, c.as(who), "autumn")
			if !errors.Is(err, kind) {
				t.Errorf("the cohort to %q: %v", who, err)
			}
			if who == "com" && (len(v.Mentors) != 1 || v.Mentors[0].ID != c.ids["com"]) {
				t.Errorf("a mentor sees the work of others: %+v", v.Mentors)
			}
			if kind == nil && (who == "com" || who == "lee") {
				kind = issuer.Forbidden
			}
			if who == "far" {
				kind = issuer.Forbidden // another cohort of the same program is theirs
			}
			if _, err := c.Funnel(ctx, c.as(who), "makers"); !errors.Is(err, kind) {
				t.Errorf("the program to %q: %v", who, err)
			}
		}
	})
}

// TestStuck: each kind of thing that does not go on by itself is found by who
// runs it, and by nobody else.
func TestStuck(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		count := func(who string) map[StuckKind]int {
			t.Helper()
			v, err := c.Stuck(ctx, c.as(who))
			c.must(err)
			n := map[StuckKind]int{}
			for _, p := range v.Parts {
				n[p.Kind] = p.N
			}
			return n
		}
		c.must(c.CountCohorts(ctx))
		if diff := cmp.Diff(map[StuckKind]int{StuckUnseen: 3}, count("owen")); diff != "" {
			t.Error("at the beginning:", diff)
		}
		id := c.handIn("C1", "lea")
		_, err := c.AskConfirmation(ctx, c.as("lea"), id, "chief@example.org")
		c.must(err)
		_, err = c.ReviewCapstone(ctx, c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "More."})
		c.must(err)
		_, err = c.AppealReturn(ctx, c.as("lea"), id, "It is good.")
		c.must(err)
		c.handIn("C1", "max")
		c.later(8 * 24 * time.Hour)
		for _, g := range c.as("far").Grants {
			c.must(c.RemoveGrant(ctx, c.as("owen"), g.ID))
		}
		c.complete("ola", "M1", "2026-11-21", "")
		c.complete("max", "M1", "2026-11-21", "")
		file := program()
		file.Achievements = append(file.Achievements, FileAchievement{Code: "later", Name: "Later", Type: "Award", Award: FileAward{Module: "M1"}, Description: "Came later."})
		_, err = c.ImportProgram(ctx, system, file, false)
		c.must(err)
		c.must(c.CountCohorts(ctx))
		want := map[StuckKind]int{StuckUnseen: 3, StuckWaiting: 1, StuckRequests: 1, StuckConfirmings: 1, StuckMentorless: 1, StuckUnearned: 2}
		if diff := cmp.Diff(want, count("owen")); diff != "" {
			t.Error("to the owner:", diff)
		}
		want[StuckMails], want[StuckLists] = 1, 1 // nothing signs lists here
		c.giveUpAMail()
		if diff := cmp.Diff(want, count("root")); diff != "" {
			t.Error("to who runs the installation:", diff)
		}
		for who, kind := range map[string]error{"": issuer.Unsigned, "lea": issuer.Forbidden, "lee": issuer.Forbidden, "spo": issuer.Forbidden, "client": issuer.Forbidden} {
			if _, err := c.Stuck(ctx, c.as(who)); !errors.Is(err, kind) {
				t.Errorf("to %q: %v", who, err)
			}
			if _, err := c.Unearned(ctx, c.as(who), "autumn"); !errors.Is(err, kind) {
				t.Errorf("who misses a badge, to %q: %v", who, err)
			}
			if _, err := c.AwardUnearned(ctx, c.as(who), "autumn", "A test."); !errors.Is(err, kind) {
				t.Errorf("awarded by %q: %v", who, err)
			}
		}

		// The badge that came later, with a reason, once.
		if _, err := c.AwardUnearned(ctx, c.as("owen"), "autumn", " "); !errors.Is(err, issuer.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		job, err := c.AwardUnearned(ctx, c.as("owen"), "autumn", "The badge is new.")
		c.must(err)
		if again, err := c.AwardUnearned(ctx, c.as("owen"), "autumn", "The badge is new."); err != nil || again.ID != job.ID || job.Total != 2 {
			t.Errorf("a double click makes another job: %v %+v", err, again)
		}
		c.must(c.RunBatches(ctx))
		if n := c.Live(t)["later"]; n != 2 {
			t.Errorf("%d badges", n)
		}
		if v, err := c.Unearned(ctx, c.as("owen"), "autumn"); err != nil || len(v.People) != 0 {
			t.Errorf("%v %+v", err, v)
		}
		if _, err := c.AwardUnearned(ctx, c.as("owen"), "autumn", "The badge is new."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("where nothing lacks: %v", err)
		}
	})
}

// giveUpAMail lets the oldest mail in the outbox fail for good.
func (c *cast) giveUpAMail() {
	c.t.Helper()
	_, err := store.Write(c.t.Context(), c.Store, func(tx *store.Tx) (struct{}, error) {
		all, err := tx.Messages("", 1)
		if err != nil || len(all) == 0 {
			return struct{}{}, err
		}
		all[0].State, all[0].Problem = "failed", "No such host."
		return struct{}{}, tx.SaveMessage(&all[0])
	})
	c.must(err)
}
