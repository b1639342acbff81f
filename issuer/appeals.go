package issuer

import "time"

// Appeal is what a team says against the return of a submission, once for each.
// Someone who did not return it answers.
type Appeal struct {
	ID         AppealID
	IssuerID   IssuerID
	CapstoneID CapstoneID
	Submission int
	PersonID   PersonID // who made it, for the team
	Words      string
	State      RequestState // open, stands, reopened
	Answer     string
	AnsweredBy PersonID
	CreatedAt  time.Time
	AnsweredAt *time.Time
}

// Appealable refuses unless a member of the team speaks against the return of
// the current submission.
func (c *Capstone) Appealable(team []Member, by PersonID) error {
	if !InTeam(team, by) {
		return Refuse(Forbidden, "Only a member of the team can ask for another look.")
	}
	if c.State != Returned {
		return Refuse(Conflict, "Only a capstone that was returned can be looked at again.")
	}
	return nil
}

// Settle answers an appeal by someone who neither is in the team nor returned the
// submission; reviews are those of the capstone. If it is reopened, the submission
// waits for a decision again as it is: who returned it has decided, so another
// mentor does.
func (a *Appeal) Settle(c *Capstone, team []Member, reviews []Review, reopen bool, words string, by PersonID, at time.Time) error {
	switch {
	case InTeam(team, by):
		return Refuse(Forbidden, "No one answers an appeal of their own team.")
	case Returner(reviews, a.Submission, by):
		return Refuse(Forbidden, "You returned this submission; someone else looks at it again.")
	case a.State != RequestOpen:
		return Refuse(Conflict, "This appeal has been answered.")
	case !a.Current(c):
		return Refuse(Conflict, "The team has gone on since; this return does not count any more.")
	case words == "":
		return Wrong("answer", "Say in a sentence or two how you see it.")
	}
	a.State, a.Answer, a.AnsweredBy, a.AnsweredAt = AppealStands, words, by, &at
	if reopen {
		a.State, c.State, c.ChangedAt = AppealReopened, Submitted, at
	}
	return nil
}

// Current tells whether the return that the appeal is about still counts: the
// team neither handed in anew nor withdrew.
func (a *Appeal) Current(c *Capstone) bool {
	return c.State == Returned && c.Submission == a.Submission
}

// Returner tells whether someone is who returned a submission.
func Returner(reviews []Review, submission int, p PersonID) bool {
	for _, r := range reviews {
		if r.Submission == submission && r.ReviewerID == p && r.Decision == Return {
			return true
		}
	}
	return false
}
