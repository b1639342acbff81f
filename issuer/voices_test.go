package issuer

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someday = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestStoryStanding(t *testing.T) {
	yes := func(p PersonID, edition int) StoryConsent {
		return StoryConsent{PersonID: p, Edition: edition, Agreed: true}
	}
	tests := []struct {
		name     string
		hidden   bool
		living   []PersonID
		consents []StoryConsent
		awards   []Award
		want     StoryStanding
	}{
		{"all agreed", false, []PersonID{"a", "b"}, []StoryConsent{yes("a", 2), yes("b", 2)}, []Award{{State: Issued}, {State: Expired}}, StoryShown},
		{"one has not said", false, []PersonID{"a", "b"}, []StoryConsent{yes("a", 2)}, nil, StoryWaits},
		{"one took it back", false, []PersonID{"a", "b"}, []StoryConsent{yes("a", 2), {PersonID: "b", Edition: 2}}, nil, StoryWaits},
		{"one agreed to other words", false, []PersonID{"a", "b"}, []StoryConsent{yes("a", 2), yes("b", 1)}, nil, StoryWaits},
		{"who left is not asked", false, []PersonID{"a"}, []StoryConsent{yes("a", 2)}, []Award{{State: Erased}}, StoryShown},
		{"all left", false, nil, nil, nil, StoryWaits},
		{"revoked", false, []PersonID{"a"}, []StoryConsent{yes("a", 2)}, []Award{{State: Issued}, {State: Revoked}}, StoryRevoked},
		{"paused", false, []PersonID{"a"}, []StoryConsent{yes("a", 2)}, []Award{{State: Suspended}}, StoryRevoked},
		{"hidden", true, []PersonID{"a"}, []StoryConsent{yes("a", 2)}, nil, StoryHidden},
	}
	for _, test := range tests {
		s := Story{Edition: 2}
		if test.hidden {
			s.HiddenAt = &someday
		}
		if got := s.Standing(test.living, test.consents, test.awards); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestWriteStory(t *testing.T) {
	text := StoryText{Title: "Invoices", Words: strings.Repeat("It reads them. ", 5), Impact: Impact{Measure: "hours", Before: "9", After: "2"}}
	with := func(f func(*StoryText)) StoryText { t := text; f(&t); return t }
	team := []Member{{PersonID: "a"}}
	tests := []struct {
		name  string
		text  StoryText
		state CapstoneState
		by    PersonID
		want  error
		field string
	}{
		{"good", text, Approved, "a", nil, ""},
		{"not of the team", text, Approved, "b", Forbidden, ""},
		{"not approved", text, Submitted, "a", Conflict, ""},
		{"no title", with(func(t *StoryText) { t.Title = " " }), Approved, "a", Invalid, "title"},
		{"too short", with(func(t *StoryText) { t.Words = "It works." }), Approved, "a", Invalid, "words"},
		{"too long", with(func(t *StoryText) { t.Words = strings.Repeat("a", MaxStory+1) }), Approved, "a", Invalid, "words"},
		{"numbers of nothing", with(func(t *StoryText) { t.Impact.Measure = "" }), Approved, "a", Invalid, "measure"},
		{"turned", with(func(t *StoryText) { t.Impact.ConfirmedBy = "\u202ex" }), Approved, "a", Invalid, "confirmedBy"},
	}
	for _, test := range tests {
		s := Story{}
		changed, err := s.Write(test.text, &Capstone{State: test.state}, team, test.by, someday)
		var refusal *Error
		switch {
		case test.want == nil && (err != nil || !changed || s.Edition != 1 || !strings.Contains(s.Folded, "invoices")):
			t.Errorf("%s: %v %+v", test.name, err, s)
		case test.want != nil && (!errors.Is(err, test.want) || s.Edition != 0):
			t.Errorf("%s: %v %+v", test.name, err, s)
		case errors.As(err, &refusal) && refusal.Field != test.field:
			t.Errorf("%s: field %q", test.name, refusal.Field)
		}
		if err == nil {
			if changed, err := s.Write(test.text, &Capstone{State: test.state}, team, test.by, someday); changed || err != nil || s.Edition != 1 {
				t.Errorf("%s again: %v %v %d", test.name, changed, err, s.Edition)
			}
		}
	}
}

// TestDraw: everyone gives to k others and gets from k, nobody to themself, and
// the order in which people come makes no difference.
func TestDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfNDistinct(rapid.StringMatching("[A-Z]{3}"), 2, 40, rapid.ID).Draw(t, "people")
		k, seed := rapid.IntRange(1, MaxPerPerson).Draw(t, "k"), rapid.String().Draw(t, "seed")
		ids := make([]PersonID, len(people))
		for i, p := range people {
			ids[i] = PersonID(p)
		}
		pairs := Draw(ids, k, seed)
		gives, gets, seen := map[PersonID]int{}, map[PersonID]int{}, map[Pair]bool{}
		for _, p := range pairs {
			if p.Giver == p.Receiver || seen[p] {
				t.Fatalf("%v", p)
			}
			seen[p] = true
			gives[p.Giver]++
			gets[p.Receiver]++
		}
		for _, p := range ids {
			if want := min(k, len(ids)-1); gives[p] != want || gets[p] != want {
				t.Fatalf("%s gives %d and gets %d, want %d", p, gives[p], gets[p], want)
			}
		}
		slices.Reverse(ids)
		if !slices.Equal(pairs, Draw(ids, k, seed)) {
			t.Fatal("drawn otherwise")
		}
	})
	many := make([]PersonID, 50)
	for i := range many {
		many[i] = PersonID(rune('A' + i))
	}
	if slices.Equal(Draw(many, 3, "x"), Draw(many, 3, "y")) {
		t.Error("the seed makes no difference")
	}
}

func TestPairWithin(t *testing.T) {
	got := PairWithin([][]PersonID{{"a", "b"}, {"b", "a", "c"}, {"d"}})
	want := []Pair{{"a", "b"}, {"b", "a"}, {"b", "c"}, {"a", "c"}, {"c", "b"}, {"c", "a"}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestRound(t *testing.T) {
	good := FeedbackRound{Title: "Half time", Questions: Strings{"What helped?", " "}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: PairDrawn, PerPerson: 3, Nameless: true}
	tests := []struct {
		name, field string
		change      func(*FeedbackRound)
	}{
		{"good", "", func(*FeedbackRound) {}},
		{"no title", "title", func(r *FeedbackRound) { r.Title = "" }},
		{"no question", "questions", func(r *FeedbackRound) { r.Questions = Strings{""} }},
		{"pairing", "pairing", func(r *FeedbackRound) { r.Pairing = "" }},
		{"nobody", "perPerson", func(r *FeedbackRound) { r.PerPerson = 0 }},
		{"few without names", "perPerson", func(r *FeedbackRound) { r.PerPerson = 2 }},
		{"at once without names", "atOnce", func(r *FeedbackRound) { r.AtOnce = true }},
		{"no day", "opensOn", func(r *FeedbackRound) { r.OpensOn = "soon" }},
		{"turned days", "closesOn", func(r *FeedbackRound) { r.OpensOn = "2026-12-01" }},
		{"past", "closesOn", func(r *FeedbackRound) { r.OpensOn, r.ClosesOn = "2026-01-01", "2026-01-02" }},
		{"for ever", "closesOn", func(r *FeedbackRound) { r.ClosesOn = "2028-01-01" }},
	}
	for _, test := range tests {
		r := good
		r.Questions = slices.Clone(good.Questions)
		test.change(&r)
		var refusal *Error
		if err := r.Check("2026-11-21"); errors.As(err, &refusal) != (test.field != "") || refusal != nil && refusal.Field != test.field {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestShownTo(t *testing.T) {
	given := func(n int) (notes []PeerNote) {
		for range n {
			notes = append(notes, PeerNote{GivenAt: &someday, Answers: Strings{"Good."}})
		}
		return append(notes, PeerNote{}, PeerNote{GivenAt: &someday}, PeerNote{GivenAt: &someday, Answers: Strings{"x"}, RemovedAt: &someday})
	}
	tests := []struct {
		name     string
		atOnce   bool
		nameless bool
		today    Day
		given    int
		want     int
	}{
		{"at once", true, false, "2026-11-21", 1, 1},
		{"not before it is over", false, false, "2026-11-28", 2, 0},
		{"over", false, false, "2026-11-29", 2, 2},
		{"two without names", false, true, "2026-11-29", 2, 0},
		{"three without names", false, true, "2026-11-29", 3, 3},
		{"three without names, not over", false, true, "2026-11-28", 3, 0},
	}
	for _, test := range tests {
		r := FeedbackRound{OpensOn: "2026-11-21", ClosesOn: "2026-11-28", AtOnce: test.atOnce, Nameless: test.nameless}
		if got := len(r.ShownTo(given(test.given), test.today)); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}

func TestGive(t *testing.T) {
	r := FeedbackRound{Questions: Strings{"a", "b"}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28"}
	tests := []struct {
		name    string
		note    PeerNote
		answers []string
		today   Day
		want    error
	}{
		{"one of two", PeerNote{}, []string{"", "Good."}, "2026-11-28", nil},
		{"again", PeerNote{GivenAt: &someday, Answers: Strings{"x", ""}}, []string{"Better."}, "2026-11-21", nil},
		{"nothing", PeerNote{}, []string{" ", ""}, "2026-11-21", Invalid},
		{"too many", PeerNote{}, []string{"", "", "x"}, "2026-11-21", Invalid},
		{"early", PeerNote{}, []string{"x"}, "2026-11-20", Conflict},
		{"late", PeerNote{}, []string{"x"}, "2026-11-29", Conflict},
		{"reported", PeerNote{ReportedAt: &someday}, []string{"x"}, "2026-11-21", Conflict},
	}
	for _, test := range tests {
		if err := test.note.Give(test.answers, &r, test.today, someday); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		} else if err == nil && len(test.note.Answers) != 2 {
			t.Errorf("%s: %v", test.name, test.note.Answers)
		}
	}
	n := PeerNote{}
	if err := n.Remove(someday); !errors.Is(err, Conflict) {
		t.Error("taken away without a report:", err)
	}
	if n.Report("", someday) == nil || n.Report("It hurts.", someday) != nil || n.Remove(someday) != nil || n.RemovedAt == nil {
		t.Errorf("%+v", n)
	}
}

func TestDesk(t *testing.T) {
	tests := []struct {
		name                      string
		program                   ProgramID
		about                     bool
		runners, admins, involved []PersonID
		want                      ConcernDesk
	}{
		{"of a program", "P", false, []PersonID{"o"}, []PersonID{"r"}, nil, DeskProgram},
		{"of none", "", false, nil, []PersonID{"r"}, nil, DeskAdmins},
		{"about a learner", "P", false, []PersonID{"o"}, []PersonID{"r"}, []PersonID{"l"}, DeskProgram},
		{"about an owner", "P", false, []PersonID{"o", "q"}, []PersonID{"r"}, []PersonID{"o"}, DeskAdmins},
		{"said to be about an owner", "P", true, []PersonID{"o"}, []PersonID{"r"}, nil, DeskAdmins},
		{"about an admin", "P", false, []PersonID{"o"}, []PersonID{"r"}, []PersonID{"r"}, DeskProgram},
		{"about the owner and the admin", "P", false, []PersonID{"o", "q"}, []PersonID{"r"}, []PersonID{"o", "r"}, DeskProgram},
		{"about everyone", "P", false, []PersonID{"o"}, []PersonID{"r"}, []PersonID{"o", "r"}, DeskAdmins},
	}
	for _, test := range tests {
		if got := Desk(test.program, test.about, test.runners, test.admins, test.involved); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestConcernGoesOn(t *testing.T) {
	c := Concern{Kind: AboutConduct, Words: "They shouted.", State: ConcernReceived, CreatedAt: someday, ChangedAt: someday, RemindedAt: someday}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	week := someday.Add(ConcernPatience)
	if c.Due(week.Add(-time.Second)) || !c.Due(week) {
		t.Error("due at the wrong time")
	}
	c.RemindedAt = week
	if c.Due(week.Add(time.Hour)) || !c.Due(week.Add(ConcernPatience)) {
		t.Error("reminded at the wrong time")
	}
	steps := []struct {
		name string
		do   func() error
		want ConcernState
		err  error
	}{
		{"close unanswered", func() error { return c.Close(false, someday) }, ConcernReceived, Conflict},
		{"take", func() error { return c.Take("o", someday) }, ConcernWorking, nil},
		{"answer", func() error { return c.Answer("q", someday) }, ConcernAnswered, nil},
		{"more is added", func() error { c.Add(someday); return nil }, ConcernWorking, nil},
		{"close", func() error { return c.Close(true, someday) }, ConcernClosed, nil},
		{"take what is closed", func() error { return c.Take("o", someday) }, ConcernClosed, Conflict},
		{"answer what is closed", func() error { return c.Answer("o", someday) }, ConcernClosed, Conflict},
		{"add to what is closed", func() error { c.Add(someday); return nil }, ConcernWorking, nil},
	}
	for _, s := range steps {
		if err := s.do(); !errors.Is(err, s.err) || c.State != s.want {
			t.Errorf("%s: %v, %s", s.name, err, c.State)
		}
	}
	if c.AssignedTo != "o" || c.ClosedAt != nil {
		t.Errorf("%+v", c)
	}
	for _, wrong := range []Concern{{Kind: "x", Words: "x"}, {Kind: AboutOther}, {Kind: AboutOther, Words: strings.Repeat("x", MaxConcern+1)}} {
		if wrong.Check() == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
}

func TestConcernCode(t *testing.T) {
	for typed, want := range map[string]string{"ABCDE-FGHIJ-KLMNO-PQRST": "ABCDEFGHIJKLMNOPQRST", " abcde fghij klmno pqrst ": "ABCDEFGHIJKLMNOPQRST",
		"": "", "ABCDE": "", "ABCDEFGHIJKLMNOPQRS%": "", strings.Repeat("é", 10): ""} {
		if got := ConcernCode(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

func TestMentions(t *testing.T) {
	if !Mentions("it was Pat Owner, again", "pat owner") || Mentions("Pattern Owners", "pat owner") || Mentions("anything", "") {
		t.Error("a name is not told from another word")
	}
}
