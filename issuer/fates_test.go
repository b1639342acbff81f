package issuer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFates: what becomes of the awards of someone whose completion X of M1 falls
// away, while they hold M1, M2, base (of both) and top (of base).
func TestFates(t *testing.T) {
	rules := map[string]Rule{"M1": {Module: "M1"}, "M2": {Module: "M2"}, "base": {All: []string{"M1", "M2"}}, "top": {All: []string{"base"}}}
	held := func(code string, fact Fact, id string, day Day) Award {
		return Award{ID: AwardID(code), AchievementID: AchievementID(code), AchievementVersionID: AchievementVersionID(code), State: Issued,
			Fact: fact, FactID: id, AwardedOn: day, Term: 0}
	}
	usual := []Award{held("M1", FactCompletion, "X", "2026-03-01"), held("M2", FactCompletion, "Y", "2026-02-01"),
		held("base", FactRequirement, "X", "2026-03-01"), held("top", FactRequirement, "X", "2026-03-01")}
	with := func(change func(a []Award)) []Award {
		all := append([]Award{}, usual...)
		change(all)
		return all
	}
	done := func(id CompletionID, day Day) Completion { return Completion{ID: id, CompletedOn: day, Passed: true} }
	withdrawn := done("W", "2026-01-01")
	withdrawn.WithdrawnAt = &time.Time{}
	tests := []struct {
		name   string
		live   []Award
		rest   []Completion
		months int // for which M1 is good
		want   map[string]string
	}{
		{"nothing else passed", usual, nil, 0, map[string]string{"M1": "ends", "base": "ends", "top": "ends"}},
		{"a failed attempt and a withdrawn one", usual, []Completion{{ID: "F", CompletedOn: "2026-01-01"}, withdrawn}, 0,
			map[string]string{"M1": "ends", "base": "ends", "top": "ends"}},
		{"another on the same day", usual, []Completion{done("Z", "2026-03-01")}, 0,
			map[string]string{"M1": "stays Z", "base": "stays Z", "top": "stays Z"}},
		{"another later", usual, []Completion{done("Z", "2026-03-09")}, 0,
			map[string]string{"M1": "2026-03-09 Z", "base": "2026-03-09 Z", "top": "2026-03-09 Z"}},
		{"another before all", usual, []Completion{done("Z", "2026-01-09"), done("V", "2026-02-20")}, 0,
			map[string]string{"M1": "2026-01-09 Z", "base": "2026-02-01 Z", "top": "2026-02-01 Z"}},
		{"M2 was the last", with(func(a []Award) {
			a[2].FactID, a[3].FactID = "Y", "Y"
			a[0].AwardedOn = "2026-01-01"
			a[2].AwardedOn = "2026-02-01"
			a[3].AwardedOn = "2026-02-01"
		}),
			[]Completion{done("Z", "2026-01-05")}, 0, map[string]string{"M1": "2026-01-05 Z"}},
		{"M1 rests on another", with(func(a []Award) { a[0].FactID, a[2].FactID, a[3].FactID = "Z", "Y", "Y" }), []Completion{done("Z", "2026-03-01")}, 0, map[string]string{}},
		{"M1 was given by word", with(func(a []Award) { a[0].Fact, a[0].FactID = FactExplicit, "" }), nil, 0, map[string]string{}},
		{"a term that would be over", usual, []Completion{done("Z", "2025-01-01")}, 12, map[string]string{"M1": "ends", "base": "ends", "top": "ends"}},
		{"a renewed one keeps its day", with(func(a []Award) { a[0].Term = 1 }), []Completion{done("Z", "2026-03-09")}, 24,
			map[string]string{"M1": "stays Z", "base": "stays Z", "top": "stays Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Holdings{Live: tt.live, Versions: map[AchievementVersionID]AchievementVersion{}, Codes: map[AchievementID]string{}}
			for code, rule := range rules {
				v := AchievementVersion{Rule: rule}
				if code == "M1" {
					v.ValidMonths = tt.months
				}
				s.Versions[AchievementVersionID(code)], s.Codes[AchievementID(code)] = v, code
			}
			got := map[string]string{}
			for _, f := range s.Fates("X", tt.rest, "2026-06-01") {
				switch code := string(f.Award.ID); {
				case f.Ends:
					got[code] = "ends"
				case f.Moved:
					got[code] = string(f.Award.AwardedOn) + " " + f.Award.FactID
				default:
					got[code] = "stays " + f.Award.FactID
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
