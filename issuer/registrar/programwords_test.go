package registrar

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// said changes what the program says and asks, all else left as it is.
func (c *cast) said(change func(p *FileProgram)) {
	c.t.Helper()
	p := c.file().Program
	change(&p)
	c.edited(ProgramEdit{Program: &p})
}

// TestGuidance: who has a role reads what the program expects of it, if it says
// so; it is in the file and its versions, and can be put back.
func TestGuidance(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		expects := func(who string) []string {
			t.Helper()
			home, err := c.Home(ctx, c.as(who))
			c.must(err)
			var out []string
			for _, r := range home.Roles {
				out = append(out, r.Expects)
			}
			return out
		}
		if got := expects("lea"); !slices.Equal(got, []string{""}) {
			t.Errorf("a program that says nothing: %q", got)
		}
		c.said(func(p *FileProgram) {
			p.Guidance = FileGuidance{Learner: " Build something small.\n\nShow it. ", Lead: "Answer in two days.", Owner: "Look at what is stuck."}
		})
		for who, want := range map[string]string{"lea": "Build something small.\n\nShow it.", "com": "", "lee": "Answer in two days.", "owen": "Look at what is stuck."} {
			if got := expects(who); !slices.Equal(got, []string{want}) {
				t.Errorf("%s reads %q", who, got)
			}
		}
		want := []FieldChange{{"guidance.learner", "", "Build something small.\n\nShow it."}, {"guidance.lead", "", "Answer in two days."}, {"guidance.owner", "", "Look at what is stuck."}}
		if v := c.versions(); cmp.Diff(want, v[0].Changes[0].Fields) != "" {
			t.Error(cmp.Diff(want, v[0].Changes[0].Fields))
		}
		_, err := c.PutBackProgram(ctx, c.as("owen"), "makers", 1, "", false)
		c.must(err)
		if got := expects("lea"); !slices.Equal(got, []string{""}) {
			t.Errorf("after it was put back: %q", got)
		}
		long := c.file()
		long.Program.Guidance.Sponsor = strings.Repeat("x", issuer.MaxGuidance+1)
		long.Program.Questions = FileQuestions{Peers: append(make([]string, issuer.MaxQuestions), "What else?"), Helped: strings.Repeat("x", issuer.MaxQuestion+1)}
		long.Skills[0].Question = strings.Repeat("x", issuer.MaxQuestion+1)
		result, err := c.ImportProgram(ctx, c.as("owen"), long, false)
		c.must(err)
		for _, field := range []string{"program.guidance.sponsor", "program.questions.helped", "program.questions.peers", "program.questions.peers[0]", "skills[0].question"} {
			if !slices.ContainsFunc(result.Refused, func(p RowProblem) bool { return p.Field == field }) {
				t.Errorf("%s is taken", field)
			}
		}
	})
}

// TestQuestionSets: what is asked is what the program says, and answers keep the
// words that they were given to.
func TestQuestionSets(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		completion := c.complete("lea", "M1", "2026-10-01", "").Completion.ID
		opinion := func() OpinionView {
			t.Helper()
			v, err := c.Opinion(ctx, c.as("lea"), completion)
			c.must(err)
			return *v
		}
		give := func(asked *Wording) error {
			_, err := c.GiveOpinion(ctx, c.as("lea"), completion, NewOpinion{Rating: 4, Helped: "The examples.", Asked: asked})
			return err
		}
		c.must(give(&Wording{}))
		own := Wording{"What will you do otherwise now?", "What was too much?"}
		c.said(func(p *FileProgram) {
			p.Questions = FileQuestions{Peers: []string{"What did they\nteach you?", "What next?"}, Helped: own.Helped, Hindered: own.Hindered}
		})
		if v := opinion(); v.Asked != (Wording{}) || v.Asks != own || v.Helped != "The examples." {
			t.Errorf("%+v", v)
		}
		if err := give(&Wording{}); !errors.Is(err, issuer.Conflict) {
			t.Errorf("an answer to what is asked no more: %v", err)
		}
		c.must(give(&own))
		c.must(give(nil))
		if v := opinion(); v.Asked != own {
			t.Errorf("%+v", v)
		}

		open := func(questions []string) *RoundView {
			t.Helper()
			v, err := c.OpenRound(ctx, c.as("lee"), "autumn", NewRound{Title: "Half-way", Questions: questions, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairDrawn, PerPerson: 1})
			c.must(err)
			return v
		}
		asks := []string{"What did they teach you?", "What next?"}
		first := open(nil)
		if !slices.Equal(first.Questions, asks) {
			t.Errorf("a round that asks nothing itself asks %q", first.Questions)
		}
		if other := open([]string{"How?"}); !slices.Equal(other.Questions, []string{"How?"}) {
			t.Errorf("a round that asks something asks %q", other.Questions)
		}
		c.said(func(p *FileProgram) { p.Questions.Peers = []string{"Why?"} })
		if v, err := c.Rounds(ctx, c.as("lee"), "autumn"); err != nil || !slices.Equal(v.Asks, []string{"Why?"}) {
			t.Errorf("the form asks %+v, %v", v, err)
		}
		if v, err := c.Round(ctx, c.as("lee"), first.ID); err != nil || !slices.Equal(v.Questions, asks) {
			t.Errorf("a round that was opened asks %+v, %v", v, err)
		}
	})
}

// TestSkillQuestions: learners rate themselves by what the program asks of a
// skill. What they said to other words stays beside it, and adds up by itself.
func TestSkillQuestions(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		ask := func(who string) *RatingAsk {
			t.Helper()
			v, err := c.Ratings(ctx, c.as(who), "autumn")
			c.must(err)
			return v.Ask
		}
		rate := func(who string, n int, asked map[string]string) error {
			t.Helper()
			ratings := map[string]int{}
			for _, s := range ask(who).Skills {
				ratings[s.ID] = n
			}
			return c.RateSelf(ctx, c.as(who), "autumn", ratings, asked)
		}
		c.must(rate("lea", 2, nil))
		skill := c.file().Skills[0]
		skill.Question = "I can join two tables."
		c.edited(ProgramEdit{Skill: &skill})
		id, now := "", ""
		for _, s := range ask("max").Skills {
			if s.Code == skill.Code {
				id, now = s.ID, s.Question
			}
		}
		if now != skill.Question {
			t.Fatalf("asked is %q", now)
		}
		if err := rate("max", 3, map[string]string{id: ""}); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a rating by what is asked no more: %v", err)
		}
		c.must(rate("max", 3, map[string]string{id: now}))
		c.later(20 * 24 * time.Hour)
		if given := ask("lea").Given; given[AskedSkill{Named{ID: id}, now}.Key()] != 0 {
			t.Errorf("at the end they are told what they said to other words: %v", given)
		}
		c.must(rate("lea", 4, nil))
		v, err := c.Ratings(ctx, c.as("com"), "autumn")
		c.must(err)
		var both []AskedSkill
		for _, s := range v.Skills {
			if s.ID == id {
				both = append(both, s)
			}
		}
		if len(both) != 2 || both[0].Question != now || both[1].Question != "" {
			t.Fatalf("%+v", both)
		}
		for _, p := range v.People {
			if p.ID == c.ids["lea"] && (p.Start[both[1].Key()] != 2 || p.Start[both[0].Key()] != 0 || p.End[both[0].Key()] != 4) {
				t.Errorf("%+v", p)
			}
		}
	})
}

// TestRemarksTold: words that few gave to a wording of a question are not shown beside
// those to another.
func TestRemarksTold(t *testing.T) {
	some := func(n int, asked string) (out []issuer.Opinion) {
		for range n {
			out = append(out, issuer.Opinion{Helped: "Words.", AskedHelped: asked})
		}
		return out
	}
	for _, row := range []struct{ old, now, shown int }{{0, 0, 0}, {1, 0, 1}, {4, 5, 5}, {5, 4, 5}, {5, 5, 10}, {1, 1, 0}} {
		if got := remarksTold(append(some(row.old, ""), some(row.now, "What?")...)); len(got) != row.shown {
			t.Errorf("%+v: %d are shown", row, len(got))
		}
	}
}
