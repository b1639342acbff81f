package issuer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func offers() []Offer {
	rules := []struct {
		code string
		rule Rule
	}{
		{"top", Rule{All: []string{"base", "C1"}}}, // before what it stands on
		{"F1", Rule{Module: "F1"}}, {"F2", Rule{Module: "F2"}}, {"F2-too", Rule{Module: "F2"}},
		{"base", Rule{All: []string{"F1", "F2"}}}, {"C1", Rule{Capstone: "C1"}},
		{"mentor", Rule{Reviews: 5}}, {"thanks", Rule{}},
	}
	var out []Offer
	for i, r := range rules {
		out = append(out, Offer{Achievement{Code: r.code, Position: i}, AchievementVersion{Rule: r.rule}})
	}
	return out
}

func TestEarned(t *testing.T) {
	tests := []struct {
		name string
		held string
		news News
		want string
	}{
		{"a module", "", News{Module: "F1"}, "F1"},
		{"one module, two badges", "", News{Module: "F2"}, "F2 F2-too"},
		{"what stacks comes after", "F1", News{Module: "F2"}, "F2 F2-too base"},
		{"stage by stage", "F1 C1", News{Module: "F2"}, "F2 F2-too base top"},
		{"held already", "F1", News{Module: "F1"}, ""},
		{"held already brings nothing back", "F1 F2 F2-too", News{Module: "F1"}, ""},
		{"nor does anything else", "F1 F2 F2-too", News{Module: "X"}, ""},
		{"a revoked stack stays away", "F1 F2 F2-too C1", News{Explicit: "thanks"}, "thanks"},
		{"part of it anew brings it back", "F1 F2-too C1", News{Module: "F2"}, "F2 base top"},
		{"a capstone", "base", News{Capstone: "C1"}, "C1 top"},
		{"a capstone is not a module", "", News{Module: "C1"}, ""},
		{"four reviews", "", News{Reviews: map[string]int{"mentor": 4}}, ""},
		{"five reviews", "", News{Reviews: map[string]int{"mentor": 5}}, "mentor"},
		{"by word", "F1", News{Explicit: "F2"}, "F2 base"},
		{"by word, of something else", "", News{Explicit: "none"}, ""},
		{"no news", "F1", News{}, ""},
	}
	for _, test := range tests {
		held := map[string]bool{}
		for _, c := range strings.Fields(test.held) {
			held[c] = true
		}
		var got []string
		for _, o := range Earned(offers(), held, nil, test.news) {
			got = append(got, o.Code)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// TestEarnedInAnyOrder: however facts arrive, the same badges are held in the
// end, and none is earned twice.
func TestEarnedInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.Permutation([]News{{Module: "F1"}, {Module: "F2"}, {Capstone: "C1"}, {Module: "F1"}, {Explicit: "thanks"}}).Draw(t, "facts")
		held := map[string]bool{}
		for _, f := range facts {
			for _, o := range Earned(offers(), held, nil, f) {
				if held[o.Code] {
					t.Fatalf("%s was earned twice", o.Code)
				}
				held[o.Code] = true
			}
		}
		var codes []string
		for c := range held {
			codes = append(codes, c)
		}
		slices.Sort(codes)
		if got := strings.Join(codes, " "); got != "C1 F1 F2 F2-too base thanks top" {
			t.Fatalf("in the end %s", got)
		}
	})
}
