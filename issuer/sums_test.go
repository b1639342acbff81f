package issuer

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestMixTellsOfNobody: whatever people say of themselves, no group, no rest and
// no difference that a reader can make is about fewer than five people; nor in
// the total of several cohorts.
func TestMixTellsOfNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.MapOf(rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e"}), rapid.IntRange(1, 12))
		total, all := Mix{}, 0
		for _, people := range rapid.SliceOfN(said, 1, 4).Draw(t, "cohorts") {
			m, here := MixOf(people), 0
			for name, n := range people {
				here += n
				for _, g := range m.Groups {
					if g.Name == name && g.People != n {
						t.Fatalf("group %s has %d people, of %d", name, g.People, n)
					}
				}
			}
			if told := m.Told(); told != here && (told != 0 || here >= Fewest && len(people) > 1) {
				t.Fatalf("the mix tells of %d of %d people: %+v", told, here, people)
			}
			total, all = total.plus(m), all+m.Told()
			for _, m := range []Mix{m, total} {
				if m.Rest != 0 && m.Rest < Fewest {
					t.Fatalf("the rest is %d people", m.Rest)
				}
				for i, g := range m.Groups {
					if g.People < Fewest || g.Name == "" {
						t.Fatalf("a group of %d people: %q", g.People, g.Name)
					}
					if i > 0 && g.People > m.Groups[i-1].People {
						t.Fatal("a larger group comes later")
					}
				}
			}
		}
		if total.Told() != all {
			t.Fatalf("the total tells of %d people, its parts of %d", total.Told(), all)
		}
	})
}

// TestPrivateSteps: what people do with their badges is told in sums of five or
// more, and the total does not tell what a part hides.
func TestPrivateSteps(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	people := func(n int) People {
		p := People{}
		for i := range n {
			p.Reach(PersonID(fmt.Sprint(i)), at.Add(time.Duration(i)*time.Hour))
		}
		return p
	}
	held := people(9)
	for n := range 9 {
		s := people(n).Against(StepShared, "", held)
		if hidden := n < Fewest; s.Hidden != hidden || hidden && (s.People != 0 || s.Of != 0 || s.Went != 0 || len(s.Waits) > 0) {
			t.Errorf("%d people: %+v", n, s)
		}
		if s := people(n).Against(StepApproved, "", held); s.Hidden || s.People != n || s.Lost() != 9-n {
			t.Errorf("%d people at a step that is no secret: %+v", n, s)
		}
	}
	few, many := Sums{Steps: []StepSum{people(4).Against(StepShared, "", held)}}, Sums{Steps: []StepSum{people(6).Against(StepShared, "", held)}}
	if got := few.Plus(many).Steps[0]; got.Hidden || got.People != 6 || got.Of != 9 {
		t.Errorf("a hidden part is told by the total: %+v", got)
	}
	if got := few.Plus(few).Steps[0]; !got.Hidden {
		t.Errorf("%+v", got)
	}
}

// TestWaits: the median is one of the waits, and that of a total lies between
// those of its parts.
func TestWaits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours := rapid.SliceOfN(rapid.IntRange(-5, 2000), 1, 30)
		add := func(all []int) Waits {
			w := Waits{}
			for _, h := range all {
				w.Add(time.Duration(h) * time.Hour)
			}
			return w
		}
		a, b := hours.Draw(t, "a"), hours.Draw(t, "b")
		one, _ := add(a).Median()
		two, _ := add(b).Median()
		both, ok := StepSum{Waits: add(a)}.plus(StepSum{Waits: add(b)}).Waits.Median()
		if !ok || both < min(one, two) || both > max(one, two) {
			t.Fatalf("medians %v and %v, together %v", one, two, both)
		}
	})
	if _, ok := (Waits{}).Median(); ok {
		t.Error("nobody waited, and there is a median")
	}
	w := Waits{}
	w.Add(5 * 24 * time.Hour)
	w.Add(time.Hour)
	w.Add(50 * time.Hour)
	if d, _ := w.Median(); d != 48*time.Hour {
		t.Errorf("median %v", d)
	}
}

func TestMonday(t *testing.T) {
	for day, want := range map[Day]Day{"2026-11-22": "2026-11-16", "2026-11-23": "2026-11-23", "2027-01-01": "2026-12-28"} {
		if got := day.Monday(); got != want {
			t.Errorf("the week of %s begins on %s, want %s", day, got, want)
		}
	}
}

// TestValue: what is confirmed stands apart, and only claims of one measure,
// unit and period are added, if they are numbers that can be.
func TestValue(t *testing.T) {
	claims := []Impact{
		{Measure: "Hours saved", Before: "9", After: "2.5", Unit: "h", Period: "month"},
		{Measure: "hours  saved", Before: "10", After: "4", Unit: "h", Period: "Month", ConfirmedBy: "they say so"},
		{Measure: "Hours saved", Before: "10", After: "4", Unit: "days", Period: "month"},
		{Measure: "Hours saved", Before: "1,500", After: "1,000", Unit: "h", Period: "month"},
		{Measure: "Errors", Before: "10", After: "4", Unit: "%"},
		{Measure: "Errors", Before: "0.1", After: "0.3"},
		{Measure: "Errors", Before: "−0.1", After: "0.1"},
		{Measure: "Nothing said of after"},
	}
	want := []ValueSum{
		{Measure: "Hours saved", Unit: "h", Period: "month", Confirmed: ValuePart{1, 1, "-6.5"}, Stated: ValuePart{2, 1, "-6"}},
		{Measure: "Errors", Stated: ValuePart{2, 2, "0.4"}},
		{Measure: "Errors", Unit: "%", Stated: ValuePart{Claims: 1}},
		{Measure: "Hours saved", Unit: "days", Period: "month", Stated: ValuePart{1, 1, "-6"}},
	}
	got := ValueOf(claims, func(n int) bool { return n == 0 })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	twice := Sums{Worth: got}.Plus(Sums{Worth: got})
	if w := twice.Worth[0]; w.Confirmed != (ValuePart{2, 2, "-13"}) || w.Stated != (ValuePart{4, 2, "-12"}) {
		t.Errorf("%+v", w)
	}
}

// TestSumsKept: what is read back is what was written.
func TestSumsKept(t *testing.T) {
	s := Sums{Steps: []StepSum{{Kind: StepModule, Module: "M", People: 3, Of: 5, Went: 3, Waits: Waits{5: 2, 48: 1}}}, Weeks: []WeekSum{{"2026-11-16", 3}},
		Departments: Mix{Groups: []Group{{"Care", 5}}, Rest: 6}, Worth: []ValueSum{{Measure: "h", Stated: ValuePart{1, 1, "2"}}}}
	text, err := s.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back Sums
	if err := back.Scan(text); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" || !json.Valid([]byte(text.(string))) {
		t.Error(diff)
	}
}

func TestReturnsAddUp(t *testing.T) {
	a, b := Sums{Returns: Returns{"evidence": 2, "": 1}}, Sums{Returns: Returns{"evidence": 3, "works": 1}}
	if diff := cmp.Diff(Returns{"evidence": 5, "": 1, "works": 1}, a.Plus(b).Plus(Sums{}).Returns); diff != "" {
		t.Error(diff)
	}
	if a.Returns["evidence"] != 2 || b.Returns["evidence"] != 3 {
		t.Error("adding changed what was added")
	}
}
