package registrar

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// accessOfRequests is who may do what about sharing, portfolios, names asked for and appeals.
var accessOfRequests = []accessRow{
	//                            nobody  lea    max    ola    com    lee    far    owen   pat    root   spo    none   client bare
	{"credential.share", "       unsigned yes    absent absent absent absent absent no     no     no     absent absent no     absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, _, err := c.AddShareLink(ctx, by, c.badge(), "", 1)
		return err
	}},
	{"credential.offer", "       unsigned yes    absent absent absent absent absent no     no     no     absent absent no     absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.OfferToWallet(ctx, by, c.badge())
		return err
	}},
	{"credential.unshare", "     unsigned yes    absent absent absent absent absent no     no     no     absent absent no     absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		id := c.badge()
		if _, _, err := c.AddShareLink(c.t.Context(), c.as("lea"), id, "", 1); err != nil {
			return err
		}
		s, err := c.Sharing(c.t.Context(), c.as("lea"), id)
		if err != nil {
			return err
		}
		return c.EndShareLink(ctx, by, id, s.Links[0].ID)
	}},
	{"see how a badge is shared", "unsigned yes  absent absent absent absent absent no     no     no     absent absent no     absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Sharing(ctx, by, c.badge())
		return err
	}},
	{"portfolio.save", "         unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.SavePortfolio(ctx, by, PortfolioInput{Handle: "some-one"})
		return err
	}},
	{"see one's portfolio", "    unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Portfolio(ctx, by)
		return err
	}},
	{"name.ask", "               unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AskName(ctx, by, "Someone Else", "")
		return err
	}},
	{"see what one asked", "     unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.MyNameRequests(ctx, by)
		return err
	}},
	{"name.withdraw", "          unsigned yes    absent absent absent absent absent absent absent absent absent absent no    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.WithdrawNameRequest(ctx, by, c.asks("lea"))
	}},
	{"name.answer", "            unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AnswerName(ctx, by, c.asks("lea"), true, "")
		return err
	}},
	{"name.answer, their own", " unsigned no     no     no     no     no     no     no     yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AnswerName(ctx, by, c.asks("owen"), true, "")
		return err
	}},
	{"capstone.appeal", "        unsigned yes    yes    absent no     no     absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AppealReturn(ctx, by, c.returned("lea", "max"), "Look again.")
		return err
	}},
	{"capstone.answer", "        unsigned no     no     absent yes    no     absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		a, err := c.AppealReturn(c.t.Context(), c.as("lea"), c.returned("lea", "max"), "Look again.")
		if err != nil {
			return err
		}
		_, err = c.AnswerAppeal(ctx, by, a.ID, true, "I see it as you do.")
		return err
	}},
	{"see what is asked", "      unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Requests(ctx, by)
		return err
	}},
}

// accessOfCohorts is who may do what about the life of a cohort.
var accessOfCohorts = []accessRow{
	//                            nobody  lea    max    ola    com    lee    far    owen   pat    root   spo    none   client bare
	{"see a cohort", "           unsigned yes    yes    yes    yes    yes    absent yes    yes    yes    yes    absent yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Cohort(ctx, by, "autumn", "")
		return err
	}},
	{"see its learners", "       unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Learners(ctx, by, "autumn", Page{})
		return err
	}},
	{"cohort.link", "            unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AddJoinLink(ctx, by, "autumn", 1, 1)
		return err
	}},
	{"cohort.unlink", "          unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.CloseJoinLink(ctx, by, "autumn", c.joinLink())
	}},
	{"cohort.join", "            unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		secret, err := c.AddJoinLink(c.t.Context(), system, "spring", 1, 1)
		if err != nil {
			return err
		}
		return c.Join(ctx, by, secret)
	}},
	{"cohort.close", "           unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.CloseCohort(ctx, by, "autumn")
	}},
	{"cohort.archive", "         unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		if _, err := c.WithdrawCapstone(c.t.Context(), c.as("lea"), c.capstoneOf("lea")); err != nil {
			return err
		}
		if err := c.CloseCohort(c.t.Context(), system, "autumn"); err != nil {
			return err
		}
		return c.ArchiveCohort(ctx, by, "autumn")
	}},
	{"cohort.reopen", "          unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.ReopenCohort(ctx, by, "autumn")
	}},
	{"person.leave", "           unsigned yes    no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.LeaveCohort(ctx, by, "autumn", c.ids["lea"])
	}},
	{"assign a mentor", "        unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.AssignMentor(ctx, by, "autumn", "none@example.org", issuer.Lead)
	}},
	{"touchpoint.add", "         unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AddTouchpoint(ctx, by, "autumn", c.date("2026-11-30T10:00"))
		return err
	}},
	{"touchpoint.edit", "        unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.EditTouchpoint(ctx, by, c.plan("2026-11-30T10:00"), c.date("2026-11-30T11:00"))
	}},
	{"touchpoint.cancel", "      unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.CancelTouchpoint(ctx, by, c.plan("2026-11-30T10:00"), true)
	}},
	{"touchpoint.note", "        unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.NoteTouchpoint(ctx, by, c.plan("2026-11-30T10:00"), TouchpointNotes{Notes: "X"})
	}},
	{"note the rest of a date", "unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.NoteRest(ctx, by, c.plan("2026-11-30T10:00"), "present")
	}},
	{"see who came, by page", "  unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AttendanceAt(ctx, by, c.plan("2026-11-30T10:00"), AttendanceFilter{})
		return err
	}},
	{"see a date and who came", "unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Touchpoint(ctx, by, c.plan("2026-11-30T10:00"))
		return err
	}},
	{"see dates", "              unsigned yes    yes    yes    yes    yes    absent yes    yes    yes    yes    absent yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Touchpoints(ctx, by, "autumn")
		return err
	}},
	{"self.rate", "              unsigned yes    yes    yes    no     no     absent no     no     no     no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		v, err := c.Ratings(c.t.Context(), c.as("lea"), "autumn")
		if err != nil {
			return err
		}
		return c.RateSelf(ctx, by, "autumn", map[string]int{v.Skills[0].ID: 3, v.Skills[1].ID: 4}, nil)
	}},
	{"see self-ratings", "       unsigned yes    yes    yes    yes    yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Ratings(ctx, by, "autumn")
		return err
	}},
	{"see a cohort's completions", "unsigned no  no     no     yes    yes    absent yes    yes    yes    no     absent yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.CohortRecord(ctx, by, "autumn", CompletionFilter{})
		return err
	}},
	{"see a completion", "       unsigned no     no     no     yes    yes    absent yes    yes    yes    no     absent yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Completion(ctx, by, c.complete("lea", "M1", "2026-10-01", "").Completion.ID)
		return err
	}},
	{"completion.withdraw", "    unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.WithdrawCompletion(ctx, by, c.complete("lea", "M1", "2026-10-01", "").Completion.ID, "Wrong.", false)
		return err
	}},
	{"completion.correct", "     unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.CorrectCompletion(ctx, by, c.complete("lea", "M1", "2026-10-01", "").Completion.ID, NewCompletion{CompletedAt: "2026-10-02"}, "Wrong.", false)
		return err
	}},
	{"person.unenroll", "        unsigned no     no     no     no     no     absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.RemoveLearner(ctx, by, "autumn", c.ids["ola"])
	}},
}

// accessOfDesk is who may do what about the desk of a mentor.
var accessOfDesk = []accessRow{
	//                            nobody  lea    max    ola    com    lee    far    owen   pat    root   spo    none   client bare
	{"capstone.review", "        unsigned no     no     no     yes    yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ReviewCapstone(ctx, by, c.capstone(), approve(1))
		return err
	}},
	{"capstone.claim", "         unsigned no     no     no     yes    yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ClaimCapstone(ctx, by, c.capstone(), NewClaim{})
		return err
	}},
	{"capstone.release", "       unsigned no     no     no     yes    yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ReleaseCapstone(ctx, by, c.capstone())
		return err
	}},
	{"capstone.hand-over", "     unsigned no     no     no     no     yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		id := c.capstone()
		if _, err := c.ClaimCapstone(c.t.Context(), c.as("lee"), id, NewClaim{}); err != nil {
			return err
		}
		_, err := c.HandOverCapstone(ctx, by, id, c.ids["com"], "")
		if errors.Is(err, issuer.Conflict) { // a mentor, who has no claim to hand over
			return forbid(err.Error())
		}
		return err
	}},
	{"capstone.take-back", "     unsigned no     no     absent no     yes    absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		id := c.capstone()
		v, err := c.Capstone(c.t.Context(), c.as("lee"), id)
		if err == nil && v.MayReview {
			_, err = c.ReviewCapstone(c.t.Context(), c.as("lee"), id, approve(1))
			c.must(err)
			v, err = c.Capstone(c.t.Context(), c.as("lee"), id)
		}
		c.must(err)
		_, err = c.TakeBackApproval(ctx, by, id, v.Submissions[0].Reviews[0].ID)
		return err
	}},
	{"review.save", "            unsigned no     no     no     yes    yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.SaveReview(ctx, by, c.capstone(), NewReview{Note: "x"}, "")
		return err
	}},
	{"conflict.declare", "       unsigned yes    yes    absent yes    no     absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.DeclareConflict(ctx, by, c.capstone(), NewConflict{Reviewer: c.ids["com"], Kind: issuer.OtherReason})
		return err
	}},
	{"conflict.clear", "         unsigned no     no     absent no     no     absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		id := c.capstone()
		v, err := c.DeclareConflict(c.t.Context(), c.as("com"), id, NewConflict{Kind: issuer.OtherReason})
		if err != nil {
			return err
		}
		_, err = c.ClearConflict(ctx, by, id, v.Desk.Conflicts[0].ID)
		return err
	}},
	{"absence.declare", "        unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.DeclareAbsence(ctx, by, NewAbsence{From: "2026-12-01", Until: "2026-12-02"})
		return err
	}},
	{"absence.end", "            unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.EndAbsence(ctx, by, "NONE")
		return err
	}},
	{"reply.save", "             unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.SaveReply(ctx, by, "x", "y")
		return err
	}},
	{"reply.remove", "           unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.RemoveReply(ctx, by, "NONE")
		return err
	}},
	{"see the desk", "           unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Desk(ctx, by)
		return err
	}},
	{"capstone.review, signed", "unsigned no     no     no     yes    yes    no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		by.SteppedUp = c.now()
		_, err := c.ReviewCapstone(ctx, by, c.capstone(), signed(1))
		return err
	}},
	{"capstone.review, signed without a step-up", "unsigned no no no   no     no     no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ReviewCapstone(ctx, by, c.capstone(), signed(1))
		return err
	}},
}

// accessOfVoices is who may do what about stories, feedback and concerns.
var accessOfVoices = []accessRow{
	//                            nobody  lea    max    ola    com    lee    far    owen   pat    root   spo    none   client bare
	{"see a story", "            unsigned yes    yes    absent absent absent absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Story(ctx, by, c.capstone())
		return err
	}},
	{"story.write", "            unsigned yes    yes    absent absent absent absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		c.approveTheirs()
		_, err := c.WriteStory(ctx, by, c.capstone(), storyText)
		return err
	}},
	{"story.agree", "            unsigned yes    yes    absent absent absent absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		c.approveTheirs()
		_, err := c.WriteStory(c.t.Context(), c.as("lea"), c.capstone(), storyText)
		c.must(err)
		_, err = c.AgreeToStory(ctx, by, c.capstone(), 1, true, true)
		return err
	}},
	{"story.hide", "             unsigned no     no     absent absent absent absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		c.approveTheirs()
		_, err := c.WriteStory(c.t.Context(), c.as("lea"), c.capstone(), storyText)
		c.must(err)
		_, err = c.HideStory(ctx, by, c.capstone(), "x")
		return err
	}},
	{"see a program's stories", "unsigned no    no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.StoryDesk(ctx, by, "makers", "")
		return err
	}},
	{"see rounds of feedback", " unsigned no     no     no     no     yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Rounds(ctx, by, "autumn")
		return err
	}},
	{"feedback.open", "          unsigned no     no     no     no     yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.OpenRound(ctx, by, "autumn", NewRound{Title: "x", Questions: []string{"x"}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairDrawn, PerPerson: 1})
		return err
	}},
	{"see a round", "            unsigned no     no     no     no     yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Round(ctx, by, c.asked().round)
		return err
	}},
	{"feedback.close", "         unsigned no     no     no     no     yes    absent yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.CloseRound(ctx, by, c.asked().round)
		return err
	}},
	{"feedback.give", "          unsigned yes    absent absent absent absent absent absent absent absent absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.GiveFeedback(ctx, by, c.asked().gives, []string{"x"})
		return err
	}},
	{"feedback.report", "        unsigned yes    absent absent absent absent absent absent absent absent absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.ReportFeedback(ctx, by, c.asked().got, "x")
	}},
	{"feedback.remove", "        unsigned absent absent absent absent absent absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		note := c.asked().got
		if err := c.ReportFeedback(c.t.Context(), c.as("lea"), note, "x"); err != nil {
			return err
		}
		_, err := c.RemoveFeedback(ctx, by, note)
		return err
	}},
	{"see feedback of one's own", "unsigned yes yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.MyFeedback(ctx, by)
		return err
	}},
	{"module.feedback", "        unsigned yes    absent absent absent absent absent absent absent absent absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.GiveOpinion(ctx, by, c.feedbackOf("lea").Modules[0].Completion, NewOpinion{Rating: 3})
		return err
	}},
	{"see what is said of modules", "unsigned no no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Opinions(ctx, by, "makers")
		return err
	}},
	{"concern.report", "         yes      yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ReportConcern(ctx, by, NewConcern{Kind: issuer.AboutOther, Words: "x"})
		return err
	}},
	{"see concerns", "           unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Concerns(ctx, by, true)
		return err
	}},
	{"question.ask", "           yes      yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.AskQuestion(ctx, NewQuestion{Badge: c.aBadge("lea"), Name: "x", Email: "x@example.com", Words: "x"})
	}},
	{"question.confirm", "       yes      yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.ConfirmQuestion(ctx, c.question(c.aBadge("lea"), "x"))
		return err
	}},
	{"question.withdraw", "      yes      yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.WithdrawQuestion(ctx, c.question(c.aBadge("lea"), "x"))
		return err
	}},
	{"question.answer", "        unsigned absent absent absent absent yes    absent yes    yes    yes    absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		return c.AnswerQuestion(ctx, by, c.openQuestion(c.aBadge("lea"), "x"), true, "Yes.")
	}},
	{"see questions about a badge", "unsigned yes absent absent absent absent absent yes  yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.QuestionsAbout(ctx, by, c.aBadge("lea"))
		return err
	}},
	{"see a concern", "          unsigned yes    absent absent absent absent absent yes    yes    yes    absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.Concern(ctx, by, c.concern("lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers"}).ID)
		return err
	}},
	{"concern.add", "            unsigned yes    absent absent absent absent absent no     no     no     absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.AddToConcern(ctx, by, c.concern("lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers"}).ID, "x")
		return err
	}},
	{"concern.handle", "         unsigned no     absent absent absent absent absent yes    yes    yes    absent absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
		_, err := c.HandleConcern(ctx, by, c.concern("lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers"}).ID, StepTake, "", "")
		return err
	}},
}
