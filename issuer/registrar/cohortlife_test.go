package registrar

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestCohortEnds: nobody new comes into a closed cohort, nothing changes in an
// archived one, and both can be undone.
func TestCohortEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		secret, err := c.AddJoinLink(ctx, c.as("owen"), "autumn", 5, 5)
		if err != nil {
			t.Fatal(err)
		}
		waiting := c.handIn("C1", "lea")
		if err := c.ArchiveCohort(ctx, c.as("owen"), "autumn"); !errors.Is(err, issuer.Conflict) {
			t.Errorf("archived while it was open: %v", err)
		}
		for range 2 {
			if err := c.CloseCohort(ctx, c.as("owen"), "autumn"); err != nil {
				t.Fatal(err)
			}
		}
		if v := c.detail("autumn"); v.ClosedAt == nil || len(v.Open) != 1 || v.Open[0].ID != waiting {
			t.Errorf("closed at %v, open: %v", v.ClosedAt, v.Open)
		}
		if _, err := c.Enroll(ctx, c.as("owen"), PersonRef{ID: c.ids["none"]}, "autumn"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("enrolled into what is closed: %v", err)
		}
		if _, err := c.Enroll(ctx, c.as("owen"), PersonRef{ID: c.ids["lea"]}, "autumn"); err != nil {
			t.Errorf("who is in it: %v", err)
		}
		rows := []PersonRow{{Row: 2, Email: "new@example.org", Name: "New", Cohort: "autumn"}, {Row: 3, Email: "lea@example.org", Name: "Lea Learner", Cohort: "autumn"},
			{Row: 4, Email: "more@example.org", Name: "More", Role: "mentor", Tier: "lead", Cohort: "autumn"}}
		r, err := c.ImportPeople(ctx, c.as("owen"), rows, ImportOptions{SkipWrong: true})
		if err != nil || len(r.Refused) != 1 || r.Refused[0].Row != 2 || r.Added != 1 {
			t.Error(err, r)
		}
		if _, err := c.FindPerson(ctx, system, "new@example.org"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("a row that was refused left a person: %v", err)
		}
		if err := c.Join(ctx, c.as("none"), secret); !errors.Is(err, issuer.Invalid) {
			t.Errorf("joined: %v", err)
		}
		if _, err := c.JoinOffer(ctx, c.as("none"), secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("offered: %v", err)
		}
		if err := c.Introduce(ctx, secret, "new@example.org", "New"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("introduced: %v", err)
		}
		c.complete("lea", "M1", "2026-10-01", "") // facts go on
		if err := c.ArchiveCohort(ctx, c.as("owen"), "autumn"); !errors.Is(err, issuer.Conflict) {
			t.Errorf("archived while work waits: %v", err)
		}
		if _, err := c.ReviewCapstone(ctx, c.as("lee"), waiting, NewReview{Submission: 1, Decision: issuer.Return, Note: "More."}); err != nil {
			t.Fatal(err)
		}
		date := c.plan("2026-11-30T10:00")
		if err := c.ArchiveCohort(ctx, c.as("owen"), "autumn"); err != nil {
			t.Fatal(err)
		}
		for what, do := range map[string]func() error{
			"a completion": func() error {
				_, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["max"]}, Module: "M1", Cohort: "autumn"})
				return err
			},
			"a capstone": func() error {
				_, err := c.StartCapstone(ctx, c.as("max"), "C2", "autumn", "X", nil)
				return err
			},
			"a submission": func() error { _, err := c.SubmitCapstone(ctx, c.as("lea"), waiting); return err },
			"a new date": func() error {
				_, err := c.AddTouchpoint(ctx, c.as("lee"), "autumn", c.date("2026-12-01T10:00"))
				return err
			},
			"notes":         func() error { return c.NoteTouchpoint(ctx, c.as("lee"), date, TouchpointNotes{Notes: "X"}) },
			"a rating":      func() error { return c.RateSelf(ctx, c.as("lea"), "autumn", nil, nil) },
			"leaving":       func() error { return c.LeaveCohort(ctx, c.as("lea"), "autumn", c.ids["lea"]) },
			"taking out":    func() error { return c.RemoveLearner(ctx, c.as("owen"), "autumn", c.ids["ola"]) },
			"a mentor more": func() error { return c.AssignMentor(ctx, c.as("owen"), "autumn", "none@example.org", issuer.Lead) },
		} {
			if err := do(); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s in what is archived: %v", what, err)
			}
		}
		if v := c.detail("autumn"); v.ArchivedAt == nil || len(v.Roster) == 0 {
			t.Error("it is not to be read any more")
		}
		if err := c.ReopenCohort(ctx, c.as("owen"), "autumn"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.SubmitCapstone(ctx, c.as("lea"), waiting); err != nil {
			t.Error(err)
		}
		if _, err := c.Enroll(ctx, c.as("owen"), PersonRef{ID: c.ids["none"]}, "autumn"); err != nil {
			t.Error(err)
		}
	})
}

func (c *cast) date(at string) NewTouchpoint {
	return NewTouchpoint{Kind: "check-in", Title: "How is it going?", At: at, Host: c.ids["lee"]}
}

func (c *cast) plan(at string) issuer.TouchpointID {
	c.t.Helper()
	id, err := c.AddTouchpoint(c.t.Context(), c.as("lee"), "autumn", c.date(at))
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// TestLeave: who leaves is no learner any more; what they did and hold stays, and
// they can come back.
func TestLeave(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		c.complete("lea", "M1", "2026-10-01", "")
		if err := c.LeaveCohort(ctx, c.as("lea"), "autumn", c.ids["max"]); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("for someone else: %v", err)
		}
		if err := c.LeaveCohort(ctx, c.as("lea"), "autumn", c.ids["lea"]); err != nil {
			t.Fatal(err)
		}
		if err := c.LeaveCohort(ctx, c.as("owen"), "autumn", c.ids["lea"]); !errors.Is(err, issuer.NotFound) {
			t.Errorf("again: %v", err)
		}
		if c.as("lea").EnrolledIn(c.as("max").Enrollments[0].CohortID) || c.heldCodes(c.ids["lea"]) != "M1" {
			t.Error("she is in it still, or lost her badge")
		}
		if _, err := c.StartCapstone(ctx, c.as("max"), "C1", "autumn", "X", []issuer.PersonID{c.ids["lea"]}); !errors.Is(err, issuer.Invalid) {
			t.Errorf("in a team: %v", err)
		}
		for _, l := range c.detail("autumn").Roster {
			if begun, left := l.ID == c.ids["lea"], l.LeftAt != nil; l.Begun != begun || left != begun {
				t.Errorf("%s has begun: %v, left: %v", l.Name, l.Begun, l.LeftAt)
			}
		}
		if v, err := c.CohortRecord(ctx, c.as("com"), "autumn", CompletionFilter{}); err != nil || len(v.Items) != 1 || len(v.Learners) != 2 {
			t.Error(err, v)
		}
		if _, err := c.Enroll(ctx, c.as("owen"), PersonRef{ID: c.ids["lea"]}, "autumn"); err != nil || len(c.as("lea").Enrollments) != 1 {
			t.Error("she does not come back", err)
		}
		if err := c.LeaveCohort(ctx, c.as("owen"), "autumn", c.ids["ola"]); err != nil {
			t.Error(err)
		}
	})
}

// TestAttendance: of a large cohort some learners are shown at a time, found by name,
// address or what is noted; what is saved is of those who are named, and what is
// noted of the rest at once is of those alone of whom nothing is.
func TestAttendance(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		var rows []PersonRow
		for i := range attendancePage {
			rows = append(rows, PersonRow{Row: i + 1, Email: fmt.Sprintf("many%02d@example.org", i), Name: fmt.Sprintf("Äda %02d", i), Cohort: "autumn"})
		}
		if _, err := c.ImportPeople(ctx, c.as("owen"), rows, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		date := c.plan("2026-11-22T09:30")
		at := func(f AttendanceFilter) *AttendanceView {
			t.Helper()
			v, err := c.AttendanceAt(ctx, c.as("lee"), date, f)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		first := at(AttendanceFilter{})
		all := len(rows) + 3
		if first.All != all || first.Found != all || len(first.Attendance) != attendancePage || first.Next == "" || first.Sums[Unnoted] != all || len(first.Hosts) != 2 {
			t.Fatalf("the first page has %d of %d, %d hosts, %v", len(first.Attendance), first.All, len(first.Hosts), first.Sums)
		}
		second := at(AttendanceFilter{After: first.Next})
		if len(second.Attendance) != 3 || second.Next != "" || second.Attendance[0].Name <= first.Attendance[attendancePage-1].Name {
			t.Errorf("the second page has %+v", second.Attendance)
		}
		if v := at(AttendanceFilter{Search: " ÄDA 4"}); v.Found != 10 || len(v.Attendance) != 10 || v.Next != "" {
			t.Errorf("by name %d are found", v.Found)
		}
		if v := at(AttendanceFilter{Search: "MANY07@"}); v.Found != 1 || v.Attendance[0].Address != "many07@example.org" {
			t.Errorf("by address %+v are found", v.Attendance)
		}
		note := func(state map[issuer.PersonID]issuer.Presence) {
			t.Helper()
			c.must(c.NoteTouchpoint(ctx, c.as("lee"), date, TouchpointNotes{Notes: "Good.", Attendance: state, Partly: true}))
		}
		one, two := first.Attendance[8].ID, first.Attendance[9].ID
		note(map[issuer.PersonID]issuer.Presence{one: "absent", two: "excused"})
		note(map[issuer.PersonID]issuer.Presence{two: "", c.ids["lea"]: "excused"})
		if err := c.NoteRest(ctx, c.as("lee"), date, "late"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a presence that is none: %v", err)
		}
		for range 2 {
			c.must(c.NoteRest(ctx, c.as("lee"), date, "present"))
		}
		v := at(AttendanceFilter{State: "absent"})
		if v.Sums["present"] != all-2 || v.Sums["absent"] != 1 || v.Sums["excused"] != 1 || v.Sums[Unnoted] != 0 || v.Found != 1 || v.Attendance[0].ID != one || v.Came != all-2 || v.Noted != all || v.Notes != "Good." {
			t.Errorf("at the end it is %v, and absent %+v", v.Sums, v.Attendance)
		}
		if err := c.LeaveCohort(ctx, c.as("owen"), "autumn", one); err != nil {
			t.Fatal(err)
		}
		note(map[issuer.PersonID]issuer.Presence{one: ""})
		if v := at(AttendanceFilter{}); v.All != all-1 || v.Sums[Unnoted] != 0 {
			t.Errorf("of who has left and is not noted there is %v of %d", v.Sums, v.All)
		}
	})
}

// TestTouchpoints: a date is planned in the cohort's zone, its people see it, and
// what is noted is for mentors alone, whether someone came for them as well.
func TestTouchpoints(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		for field, in := range map[string]NewTouchpoint{
			"kind":  {Kind: "party", At: "2026-11-30T10:00", Host: c.ids["lee"]},
			"at":    {Kind: "demo", At: "soon", Host: c.ids["lee"]},
			"host":  {Kind: "demo", At: "2026-11-30T10:00", Host: c.ids["far"]},
			"title": {Kind: "demo", At: "2026-11-30T10:00", Host: c.ids["lee"], Title: fmt.Sprintf("%0500d", 1)},
		} {
			var refusal *issuer.Error
			if _, err := c.AddTouchpoint(ctx, c.as("lee"), "autumn", in); !errors.As(err, &refusal) || refusal.Field != field {
				t.Errorf("wrong %s: %v", field, err)
			}
		}
		next, later := c.plan("2026-11-22T09:30"), c.plan("2026-11-30T10:00")
		v, err := c.Touchpoints(ctx, c.as("lea"), "autumn")
		if err != nil || len(v.Coming) != 2 || v.Coming[0].ID != next || v.Guides {
			t.Fatal(err, v)
		}
		if d := v.Coming[0]; d.Day != "2026-11-22" || d.Clock != "09:30" || !d.At.Equal(time.Date(2026, 11, 22, 0, 30, 0, 0, time.UTC)) || d.Host.Name != "Lee Lead" {
			t.Errorf("in Tokyo it is %+v", d)
		}
		if load := c.detail("autumn").Load; len(load) != 2 || load[0].Dates+load[1].Dates != 2 {
			t.Errorf("the load is %+v", load)
		}
		notes := TouchpointNotes{Notes: "Lea needs help.", Attendance: map[issuer.PersonID]issuer.Presence{c.ids["lea"]: "present", c.ids["max"]: "excused"}}
		for range 2 {
			if err := c.NoteTouchpoint(ctx, c.as("com"), next, notes); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.NoteTouchpoint(ctx, c.as("com"), next, TouchpointNotes{Attendance: map[issuer.PersonID]issuer.Presence{c.ids["lea"]: "late"}}); !errors.Is(err, issuer.Invalid) {
			t.Errorf("a presence that is none: %v", err)
		}
		if err := c.NoteTouchpoint(ctx, c.as("com"), next, TouchpointNotes{Attendance: map[issuer.PersonID]issuer.Presence{c.ids["none"]: "present"}}); !errors.Is(err, issuer.Invalid) {
			t.Errorf("someone who is not of the cohort: %v", err)
		}
		c.later(48 * time.Hour)
		v, err = c.Touchpoints(ctx, c.as("lea"), "autumn")
		if err != nil || len(v.Past) != 1 || v.Past[0].Own != "present" || v.Past[0].Notes != "" || len(v.Past[0].Attendance) != 0 {
			t.Errorf("a learner sees %+v, %v", v.Past, err)
		}
		one, err := c.Touchpoint(ctx, c.as("lee"), next)
		if err != nil || one.Notes == "" || one.Came != 1 || one.Noted != 2 || len(one.Attendance) != 3 {
			t.Errorf("a mentor sees %+v, %v", one, err)
		}
		if err := c.CancelTouchpoint(ctx, c.as("lee"), later, true); err != nil {
			t.Fatal(err)
		}
		if err := c.EditTouchpoint(ctx, c.as("owen"), later, NewTouchpoint{Kind: "demo", At: "2026-12-01T10:00", Host: c.ids["com"]}); err != nil {
			t.Fatal(err)
		}
		if v, err = c.Touchpoints(ctx, c.as("lea"), "autumn"); err != nil || !v.Coming[0].Cancelled || v.Coming[0].Kind != "demo" {
			t.Error(err, v)
		}
	})
}

// TestSelfRatings: learners are asked when they begin and near the end; mentors see
// each, who runs the program sums of five or more.
func TestSelfRatings(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		rate := func(who string, n int) error {
			asks, err := c.RatingsAsked(ctx, c.as(who))
			if err != nil {
				t.Fatal(err)
			}
			ratings := map[string]int{}
			for _, a := range asks {
				for _, s := range a.Skills {
					ratings[s.ID] = n
				}
			}
			return c.RateSelf(ctx, c.as(who), "autumn", ratings, nil)
		}
		for _, bad := range []int{0, 6} {
			if err := rate("lea", bad); !errors.Is(err, issuer.Invalid) {
				t.Errorf("a rating of %d: %v", bad, err)
			}
		}
		if err := rate("lea", 2); err != nil {
			t.Fatal(err)
		}
		if err := rate("lea", 3); !errors.Is(err, issuer.Conflict) {
			t.Errorf("again: %v", err)
		}
		sum := func() SkillSum {
			v, err := c.Ratings(ctx, c.as("owen"), "autumn")
			if err != nil || len(v.People) != 0 || len(v.Sums) != 2 {
				t.Fatal(err, v)
			}
			return v.Sums[0]
		}
		for i := range 4 {
			who := fmt.Sprint("p", i)
			p, err := c.AddPerson(ctx, system, NewPerson{Email: who + "@example.org", Name: who})
			c.must(err)
			c.ids[who] = p.ID
			_, err = c.Enroll(ctx, system, PersonRef{ID: p.ID}, "autumn")
			c.must(err)
			if s := sum(); s.Start != "" {
				t.Errorf("the mean of %d people is shown: %v", i+1, s)
			}
			c.must(rate(who, 3))
		}
		if s := sum(); s.Start != "2.8" || s.End != "" {
			t.Errorf("the means are %v", s)
		}
		if v, err := c.Ratings(ctx, c.as("com"), "autumn"); err != nil || len(v.People) != 5 || len(v.Sums) != 0 {
			t.Errorf("a mentor sees %+v, %v", v, err)
		}
		if v, err := c.Ratings(ctx, c.as("max"), "autumn"); err != nil || len(v.People)+len(v.Sums) != 0 || v.Ask == nil {
			t.Errorf("a learner sees %+v, %v", v, err)
		}
		c.later(20 * 24 * time.Hour)
		if err := rate("lea", 4); err != nil {
			t.Errorf("at the end: %v", err)
		}
		if v, err := c.Ratings(ctx, c.as("com"), "autumn"); err != nil || v.People[0].Start[v.Skills[0].Key()] != 2 || v.People[0].End[v.Skills[0].Key()] != 4 {
			t.Errorf("a mentor sees %+v, %v", v.People, err)
		}
	})
}
