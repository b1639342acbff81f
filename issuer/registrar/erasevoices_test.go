package registrar

import (
	"strings"
	"time"

	"hallmark/issuer"
)

// markVoices plants it in what people say.
func (c *cast) markVoices(alone, shared issuer.CapstoneID, completion issuer.CompletionID) {
	ctx := c.t.Context()
	story := func(who string, id issuer.CapstoneID, name string) {
		words := issuer.StoryText{Title: "The helper of " + name, Words: "Before, everything was typed twice. Then came " + name + ".", Department: "Dept of " + name, Impact: issuer.Impact{Measure: "hours of " + name}}
		_, err := c.WriteStory(ctx, c.as(who), id, words)
		c.must(err)
	}
	story("zoe", alone, "Quagga")
	_, err := c.AgreeToStory(ctx, c.as("zoe"), alone, 1, true, true)
	c.must(err)
	_, err = c.HideStory(ctx, c.as("owen"), alone, "Quagga tells too much.")
	c.must(err)
	story("max", shared, markName)

	today := c.now().Format(time.DateOnly)
	_, err = c.OpenRound(ctx, c.as("owen"), "autumn", NewRound{Title: "Half time", Questions: []string{"What helped?"}, OpensOn: today, ClosesOn: today, Pairing: issuer.PairDrawn, PerPerson: 3, AtOnce: true})
	c.must(err)
	for _, who := range []string{"zoe", "max", "ola", "lea"} {
		mine, err := c.MyFeedback(ctx, c.as(who))
		c.must(err)
		for _, n := range mine.ToGive {
			_, err = c.GiveFeedback(ctx, c.as(who), n.ID, []string{"Thanks to " + markName + "."})
			c.must(err)
		}
	}
	mine, err := c.MyFeedback(ctx, c.as("zoe"))
	c.must(err)
	c.must(c.ReportFeedback(ctx, c.as("zoe"), mine.Got[0].Notes[0].ID, "Quagga does not like it."))
	_, err = c.GiveOpinion(ctx, c.as("zoe"), completion, NewOpinion{Rating: 4, Helped: "Quagga's friends.", Hindered: "Quagga's doubts."})
	c.must(err)

	reported, err := c.ReportConcern(ctx, c.as("zoe"), NewConcern{Kind: issuer.AboutConduct, Program: "makers", About: "how " + markName + " was treated", Words: markName + " was shouted at."})
	c.must(err)
	_, err = c.AddToConcern(ctx, c.as("zoe"), reported.ID, "Signed, "+markName+".")
	c.must(err)
	_, err = c.HandleConcern(ctx, c.as("owen"), reported.ID, StepAnswer, "Thank you, "+markName+".", "")
	c.must(err)
	over, err := c.ReportConcern(ctx, c.as("zoe"), NewConcern{Kind: issuer.AboutOther, Program: "makers", Words: "Quagga wonders."})
	c.must(err)
	for _, step := range []ConcernStep{StepAnswer, StepClose} {
		_, err = c.HandleConcern(ctx, c.as("owen"), over.ID, step, "So do we, Quagga.", "")
		c.must(err)
	}
	for i, badge := range []issuer.CredentialID{c.aBadge("zoe"), c.aBadge("lea")} {
		c.must(c.AnswerQuestion(ctx, c.as("owen"), c.openQuestion(badge, "Does "+markName+" work there?"), true, "Yes, "+markName+" does."))
		c.must(c.AskQuestion(ctx, NewQuestion{Badge: badge, Name: markName, Email: []string{markAddress, "another@example.com"}[i], Words: "I wonder."}))
	}
	_, err = c.ReportConcern(ctx, issuer.Caller{}, NewConcern{Kind: issuer.AboutConduct, About: markAddress, Words: "They, " + strings.ToUpper(markName) + ", were late."})
	c.must(err)
}
