package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

func (c *cast) round(change func(*NewRound)) *RoundView {
	c.t.Helper()
	in := NewRound{Title: "Half time", Questions: []string{"What helped?", "What next?"}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairDrawn, PerPerson: 2, Seed: "x"}
	change(&in)
	v, err := c.OpenRound(c.t.Context(), c.as("owen"), "autumn", in)
	c.must(err)
	return v
}

// giveAll has everyone give what they are asked for.
func (c *cast) giveAll() {
	c.t.Helper()
	for _, who := range []string{"lea", "max", "ola", "pia"} {
		mine := c.feedbackOf(who)
		for _, n := range mine.ToGive {
			_, err := c.GiveFeedback(c.t.Context(), c.as(who), n.ID, []string{"Thanks from " + who + " to " + n.To.Name + ".", ""})
			c.must(err)
		}
	}
}

func (c *cast) feedbackOf(who string) *FeedbackView {
	c.t.Helper()
	v, err := c.MyFeedback(c.t.Context(), c.as(who))
	c.must(err)
	return v
}

// pia makes a fourth learner.
func (c *cast) pia() {
	c.t.Helper()
	p, err := c.AddPerson(c.t.Context(), system, NewPerson{Email: "pia@example.org", Name: "Pia Peer"})
	c.must(err)
	c.ids["pia"] = p.ID
	_, err = c.Enroll(c.t.Context(), system, PersonRef{ID: p.ID}, "autumn")
	c.must(err)
}

// TestPeerFeedback: what is given is seen when the round says so, and what hurts
// can be reported and taken away.
func TestPeerFeedback(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.pia()
		ctx := t.Context()
		round := c.round(func(*NewRound) {})
		if round.Asked != 8 || len(round.Takes) != 4 || round.Where != issuer.RoundOpen {
			t.Fatalf("%+v", round)
		}
		c.giveAll()
		mine := c.feedbackOf("lea")
		if len(mine.ToGive) != 2 || !mine.ToGive[0].Given || len(mine.Got) != 1 || len(mine.Got[0].Notes) != 0 {
			t.Errorf("before it is over: %+v", mine)
		}
		seen, err := c.Round(ctx, c.as("lee"), round.ID)
		if err != nil || seen.Given != 8 || strings.Contains(fmt.Sprintf("%+v", seen), "Thanks from") {
			t.Errorf("participation: %+v, %v", seen, err)
		}
		early, err := c.Note(ctx, c.as("lea"), mine.ToGive[0].ID)
		if err != nil || early.Answers[1] != "" || !early.Open {
			t.Errorf("%+v, %v", early, err)
		}
		if _, err := c.Note(ctx, c.as("owen"), mine.ToGive[0].ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("the owner reads what is given: %v", err)
		}

		c.later(9 * 24 * time.Hour)
		mine = c.feedbackOf("lea")
		if len(mine.ToGive) != 0 || len(mine.Got[0].Notes) != 2 || mine.Got[0].Notes[0].From.Name == "" {
			t.Fatalf("when it is over: %+v", mine)
		}
		if _, err := c.GiveFeedback(ctx, c.as("lea"), early.ID, []string{"More."}); !errors.Is(err, issuer.Conflict) {
			t.Errorf("giving late: %v", err)
		}
		hurts := mine.Got[0].Notes[0].ID
		for _, who := range []string{"max", "owen", "none"} {
			if err := c.ReportFeedback(ctx, c.as(who), hurts, "It hurts."); !errors.Is(err, issuer.NotFound) {
				t.Errorf("%s reports what someone else got: %v", who, err)
			}
		}
		if _, err := c.RemoveFeedback(ctx, c.as("owen"), hurts); !errors.Is(err, issuer.Conflict) {
			t.Errorf("taking away what nobody reported: %v", err)
		}
		c.must(c.ReportFeedback(ctx, c.as("lea"), hurts, "It hurts."))
		seen, err = c.Round(ctx, c.as("owen"), round.ID)
		if err != nil || len(seen.Reported) != 1 || !strings.Contains(seen.Reported[0].Answers[0].Answer, "Thanks from") || seen.Reported[0].From.Name == "" {
			t.Errorf("what was reported: %+v, %v", seen, err)
		}
		if seen, err = c.Round(ctx, c.as("lee"), round.ID); err != nil || len(seen.Reported) != 0 {
			t.Errorf("the lead mentor reads it: %+v, %v", seen.Reported, err)
		}
		_, err = c.RemoveFeedback(ctx, c.as("owen"), hurts)
		c.must(err)
		if mine = c.feedbackOf("lea"); len(mine.Got[0].Notes) != 1 {
			t.Errorf("after it was taken away: %+v", mine.Got)
		}
	})
}

// TestNamelessFeedback: who wrote is told to nobody, and nothing is shown unless
// three wrote.
func TestNamelessFeedback(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.pia()
		ctx := t.Context()
		round := c.round(func(in *NewRound) { in.PerPerson, in.Nameless = 3, true })
		c.giveAll()
		again, err := c.CloseRound(ctx, c.as("lee"), round.ID)
		if err != nil || again.Where != issuer.RoundOver {
			t.Fatalf("%+v, %v", again, err)
		}
		got := c.feedbackOf("lea").Got[0]
		if len(got.Notes) != 3 || strings.Contains(fmt.Sprintf("%+v", got.Notes), string(c.ids["max"])) || got.Notes[0].From != (PersonName{}) {
			t.Errorf("%+v", got)
		}
		c.must(c.ErasePerson(ctx, c.as("max"), c.ids["max"]))
		if got = c.feedbackOf("lea").Got[0]; len(got.Notes) != 0 {
			t.Errorf("of two: %+v", got)
		}
		if seen, err := c.Round(ctx, c.as("owen"), round.ID); err != nil || seen.Given != 12 || seen.TooFew != 0 {
			t.Errorf("what is counted: %+v, %v", seen, err)
		}
	})
}

// TestTeamsGiveFeedback within their teams alone.
func TestTeamsGiveFeedback(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		in := NewRound{Title: "Teams", Questions: []string{"What helped?"}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairTeams}
		if _, err := c.OpenRound(t.Context(), c.as("lee"), "autumn", in); !errors.Is(err, issuer.Invalid) {
			t.Errorf("without teams: %v", err)
		}
		c.handIn("C1", "lea", "max")
		v, err := c.OpenRound(t.Context(), c.as("lee"), "autumn", in)
		if err != nil || v.Asked != 2 || len(v.Takes) != 2 {
			t.Errorf("%+v, %v", v, err)
		}
		if mine := c.feedbackOf("ola"); len(mine.ToGive) != 0 || len(mine.Got) != 0 {
			t.Errorf("who is in no team: %+v", mine)
		}
	})
}

// TestOpinions: one for each completion, changed at will, and sums from five on.
func TestOpinions(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		completion := map[string]issuer.CompletionID{}
		say := func(who string, rating int) {
			t.Helper()
			if completion[who] == "" {
				completion[who] = c.complete(who, "M1", "2026-10-01", "").Completion.ID
			}
			_, err := c.GiveOpinion(ctx, c.as(who), completion[who], NewOpinion{Rating: rating, Helped: "The examples, says " + who + "."})
			c.must(err)
		}
		sums := func() ModuleOpinions {
			t.Helper()
			v, err := c.Opinions(ctx, c.as("owen"), "makers")
			c.must(err)
			return v.Modules[0]
		}
		c.pia()
		p, err := c.AddPerson(ctx, system, NewPerson{Email: "quin@example.org", Name: "Quin"})
		c.must(err)
		c.ids["quin"] = p.ID
		_, err = c.Enroll(ctx, system, PersonRef{ID: p.ID}, "autumn")
		c.must(err)
		for i, who := range []string{"lea", "max", "ola", "pia"} {
			say(who, i+1)
		}
		if got := sums(); got.Enough || got.Count != 0 || got.Remarks != nil || got.Ratings != [5]int{} {
			t.Errorf("of four: %+v", got)
		}
		say("lea", 5) // instead
		if got := sums(); got.Enough {
			t.Errorf("of four, one changed: %+v", got)
		}
		say("quin", 5)
		got := sums()
		if !got.Enough || got.Count != 5 || got.Ratings != [5]int{0, 1, 1, 1, 2} || got.Average != 3.8 || len(got.Remarks) != 5 {
			t.Errorf("of five: %+v", got)
		}
		c.must(c.ErasePerson(ctx, c.as("ola"), c.ids["ola"]))
		if got = sums(); got.Count != 5 || got.Average != 3.8 || len(got.Remarks) != 4 {
			t.Errorf("after one left: %+v", got)
		}
		if _, err := c.GiveOpinion(ctx, c.as("max"), completion["lea"], NewOpinion{Rating: 1}); !errors.Is(err, issuer.NotFound) {
			t.Errorf("of someone else's completion: %v", err)
		}
		for _, wrong := range []NewOpinion{{}, {Rating: 6}, {Rating: 3, Helped: strings.Repeat("x", issuer.MaxOpinion+1)}} {
			if _, err := c.GiveOpinion(ctx, c.as("lea"), completion["lea"], wrong); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%.40v: %v", wrong, err)
			}
		}
	})
}
