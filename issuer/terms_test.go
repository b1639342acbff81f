package issuer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(day string) time.Time { return Day(day).Time().Add(10 * time.Hour) }

// lastSecond is the end of a term, as Until counts it.
func lastSecond(day string) *time.Time {
	end := Day(day).Time().Add(24*time.Hour - time.Second)
	return &end
}

// TestRenewFrom: a term can be renewed in its last 90 days, a short one in its
// second half.
func TestRenewFrom(t *testing.T) {
	for _, test := range []struct {
		awarded, until string
		want           Day
	}{
		{"2024-11-21", "2026-11-21", "2026-08-23"},
		{"2026-01-31", "2026-02-28", "2026-02-14"},
		{"2026-01-01", "2026-06-30", "2026-04-01"}, // 180 days: half of it is 90
		{"2026-01-01", "2026-06-29", "2026-04-01"},
		{"2026-11-21", "2026-11-22", "2026-11-22"},
		{"2026-11-21", "", ""},
	} {
		a := Award{AwardedOn: Day(test.awarded)}
		if test.until != "" {
			a.ValidUntil = lastSecond(test.until)
		}
		if got := a.RenewFrom(); got != test.want {
			t.Errorf("%s to %s: from %s, want %s", test.awarded, test.until, got, test.want)
		}
	}
}

func TestRenew(t *testing.T) {
	begun := at("2024-11-21")
	held := Award{ID: "A", IssuerID: "I", CohortID: "autumn", AchievementVersionID: "V1", AwardedOn: "2024-11-21", ValidUntil: lastSecond("2026-11-21"),
		Fact: FactCompletion, FactID: "F", State: Issued, CreatedAt: begun}
	for _, test := range []struct {
		name    string
		change  func(a *Award)
		now     string
		day     Day
		until   *time.Time
		refusal string // "" if it is renewed
	}{
		{"on the first day", nil, "2026-08-23", "2026-08-23", lastSecond("2028-08-23"), ""},
		{"a day too early", nil, "2026-08-22", "2026-08-22", lastSecond("2028-08-22"), "from 2026-08-23 on"},
		{"recorded in time, done too early", nil, "2026-11-20", "2026-08-22", lastSecond("2028-08-22"), "from 2026-08-23 on"},
		{"on the last day", nil, "2026-11-21", "2026-11-21", lastSecond("2028-11-21"), ""},
		{"done in time, recorded too late", nil, "2026-11-22", "2026-11-21", lastSecond("2028-11-21"), "earned anew"},
		{"into a term without end", nil, "2026-11-01", "2026-11-01", nil, ""},
		{"into a shorter one that ends later", nil, "2026-11-20", "2026-11-20", lastSecond("2026-12-20"), ""},
		{"into one that ends no later", nil, "2026-10-21", "2026-10-21", lastSecond("2026-11-21"), "would not end later"},
		{"of what has no end", func(a *Award) { a.ValidUntil = nil }, "2026-11-01", "2026-11-01", nil, "no end"},
		{"of what is paused", func(a *Award) { a.State = Suspended }, "2026-11-01", "2026-11-01", nil, "paused"},
		{"of what was revoked", func(a *Award) { a.State = Revoked }, "2026-11-01", "2026-11-01", nil, "earned anew"},
		{"of what expired", func(a *Award) { a.State = Expired }, "2026-11-01", "2026-11-01", nil, "earned anew"},
	} {
		a := held
		if test.change != nil {
			test.change(&a)
		}
		before, now := a, at(test.now)
		next := Term{"spring", "V2", test.day, test.until, FactExplicit, "", "Showed it again."}
		past, err := a.Renew(next, now)
		if test.refusal != "" {
			if err == nil || !errors.Is(err, Conflict) || !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("%s: %v, want “%s”", test.name, err, test.refusal)
			}
			if diff := cmp.Diff(before, a); diff != "" {
				t.Errorf("%s: refused, and changed: %s", test.name, diff)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if a.Term != 1 || !a.Since().Equal(now) || a.AsTerm() != next || a.State != Issued || !a.CreatedAt.Equal(begun) {
			t.Errorf("%s: %+v", test.name, a)
		}
		want := before
		want.RenewedAt = &now // that it was renewed is seen of it
		if diff := cmp.Diff(want, past.Of(a)); diff != "" {
			t.Errorf("%s: the past term is not what the award was: %s", test.name, diff)
		}
		if !past.BeganAt.Equal(begun) || past.Term != 0 {
			t.Errorf("%s: %+v", test.name, past)
		}
		if again, err := a.Renew(next, now); err == nil {
			t.Errorf("%s: renewed twice by one fact: %+v", test.name, again)
		}
	}
}

// TestRenewedByFacts: what is due is renewed by what earns it, and by nothing
// else.
func TestRenewedByFacts(t *testing.T) {
	for _, test := range []struct {
		name, held, due string
		news            News
		want            string
	}{
		{"met anew", "F1", "F1", News{Module: "F1"}, "F1"},
		{"met anew and not due", "F1", "", News{Module: "F1"}, ""},
		{"due and not met", "F1", "F1", News{Module: "F2"}, "F2 F2-too base"},
		{"two by one module, one is due", "F2 F2-too", "F2", News{Module: "F2"}, "F2"},
		{"what stands on it", "F1 F2 F2-too base", "F2 base", News{Module: "F2"}, "F2 base"},
		{"what stands on what has no end", "F1 F2 F2-too base", "base", News{Module: "F1"}, "base"},
		{"stage by stage", "F1 F2 F2-too base C1 top", "base top", News{Module: "F1"}, "base top"},
		{"what stands on something else", "F1 F2 F2-too base C1 top", "base top", News{Capstone: "C1"}, "top"},
		{"what lacks a part", "F1 F2-too base", "base", News{Module: "F1"}, ""},
		{"what was revoked stays away", "F1 F2 F2-too", "", News{Module: "F1"}, ""},
		{"renewed, it counts for what is not held", "F1 F2 F2-too", "F1", News{Module: "F1"}, "F1 base"},
		{"reviews", "mentor", "mentor", News{Reviews: map[string]int{"mentor": 5}}, "mentor"},
		{"too few reviews", "mentor", "mentor", News{Reviews: map[string]int{"mentor": 4}}, ""},
	} {
		set := func(codes string) map[string]bool {
			out := map[string]bool{}
			for _, c := range strings.Fields(codes) {
				out[c] = true
			}
			return out
		}
		var got []string
		for _, o := range Earned(offers(), set(test.held), set(test.due), test.news) {
			got = append(got, o.Code)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}
