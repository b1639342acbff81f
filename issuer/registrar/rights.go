package registrar

import (
	"hallmark/issuer"
)

// The rights. Each answers nil, a refusal, or that there is no such thing
// where even that is none of the caller's business. They are asked within the
// transaction of the act, after what it is about was read.

// signed refuses nobody.
func (w *work) signed() error {
	if !w.by.Signed() {
		return issuer.Refuse(issuer.Unsigned, "Sign in first.")
	}
	return nil
}

func forbid(sentence string) error { return issuer.Refuse(issuer.Forbidden, "%s", sentence) }

// mayManage lets through who runs a program, or the installation for "".
func (w *work) mayManage(p issuer.ProgramID) error {
	if err := w.signed(); err != nil {
		return err
	}
	if w.by.Manages(p) {
		return nil
	}
	if p == "" {
		return forbid("Only an admin of this installation may do this.")
	}
	return forbid("Only an owner or admin of the program may do this.")
}

// mayRecord lets through who may say that someone completed a module: a
// client with the scope, who runs the program, a mentor of the cohort.
func (w *work) mayRecord(p issuer.ProgramID, c issuer.CohortID) error {
	if err := w.signed(); err != nil {
		return err
	}
	if _, mentor := w.by.MentorIn(c); mentor || w.by.Manages(p) || w.by.Client != "" && w.by.May(issuer.CompletionsWrite) {
		return nil
	}
	if w.by.Client != "" {
		return forbid("The access token lacks the scope completions:write.")
	}
	return forbid("Only a mentor of the cohort or who runs the program may record a completion.")
}

// mayReview gives the tier in which the caller judges a capstone. Admins,
// too, must be mentors of the cohort; no one judges work of their own team, nor
// against a declared conflict of interest.
func (w *work) mayReview(c *issuer.Capstone, team []issuer.Member) (issuer.Tier, error) {
	if err := w.signed(); err != nil {
		return "", err
	}
	if issuer.InTeam(team, w.by.Person) {
		return "", forbid("No one reviews their own work or the work of their own team.")
	}
	tier, ok := w.by.MentorIn(c.CohortID)
	if w.by.Person == "" || !ok {
		return "", forbid("Only a mentor of this cohort may review its capstones.")
	}
	return tier, w.against(c, team)
}

// mayEndorse lets through a reviewer who may sign: in a browser who has just
// shown again that it is them, elsewhere by a token with the scope.
func (w *work) mayEndorse() error {
	if w.by.SteppedUpAt(w.Now) || w.by.May(issuer.Endorse) {
		return nil
	}
	if w.by.SteppedUp.IsZero() {
		return forbid("To sign, confirm first that it is you; with an access token, use one with the scope endorse.")
	}
	return forbid("You confirmed that it is you too long ago; do it again to sign.")
}

// mayAward lets through who may give a badge on their word.
func (w *work) mayAward(p issuer.ProgramID) error {
	return w.mayByScope(p, issuer.CredentialsWrite)
}

// mayRevoke lets through who may withdraw, pause or bring back a badge.
func (w *work) mayRevoke(p issuer.ProgramID) error {
	return w.mayByScope(p, issuer.CredentialsRevoke)
}

func (w *work) mayByScope(p issuer.ProgramID, s issuer.Scope) error {
	if w.by.Client == "" {
		return w.mayManage(p)
	}
	if !w.by.May(s) {
		return forbid("The access token lacks the scope " + string(s) + ".")
	}
	return nil
}

// maySeeCapstone lets through the team, the mentors of the cohort and who
// runs the program; for others it is not there.
func (w *work) maySeeCapstone(c *issuer.Capstone, team []issuer.Member) error {
	if err := w.signed(); err != nil {
		return err
	}
	_, mentor := w.by.MentorIn(c.CohortID)
	if mentor || w.by.Person != "" && issuer.InTeam(team, w.by.Person) || w.by.Manages(c.ProgramID) {
		return nil
	}
	return hidden("capstone")
}

// maySeeAward lets through its holder, who runs the program and clients that
// read credentials; for others it is not there.
func (w *work) maySeeAward(a *issuer.Award) error {
	if err := w.signed(); err != nil {
		return err
	}
	if w.by.Person != "" && a.PersonID == w.by.Person || w.by.Manages(a.ProgramID) || w.readsCredentials() {
		return nil
	}
	return hidden("badge")
}

// readsCredentials tells whether the caller is a client that may read every
// badge.
func (w *work) readsCredentials() bool {
	return w.by.Client != "" && (w.by.May(issuer.CredentialsRead) || w.by.May(issuer.CredentialsWrite) || w.by.May(issuer.CredentialsRevoke))
}

// mayReport lets through sponsors, who runs the program and clients that read
// reports.
func (w *work) mayReport(p issuer.ProgramID) error {
	if err := w.signed(); err != nil {
		return err
	}
	if w.by.Sponsors(p) || w.by.Client != "" && w.by.May(issuer.ReportsRead) {
		return nil
	}
	return forbid("Only a sponsor or who runs the program may read its report.")
}

// partOf tells whether the caller has anything to do with a program.
func (w *work) partOf(p issuer.ProgramID) bool {
	if w.by.Manages(p) || w.by.Client != "" {
		return true
	}
	for _, g := range w.by.Grants {
		if g.ProgramID == p {
			return true
		}
	}
	for _, e := range w.by.Enrollments {
		if e.ProgramID == p {
			return true
		}
	}
	return false
}

// managed lists the programs that the caller runs; all is set for who runs
// the installation.
func (w *work) managed() (programs []issuer.ProgramID, all bool) {
	if w.by.Manages("") {
		return nil, true
	}
	for _, g := range w.by.Grants {
		if (g.Role == issuer.Admin || g.Role == issuer.Owner) && g.CohortID == "" && g.ProgramID != "" {
			programs = append(programs, g.ProgramID)
		}
	}
	return programs, false
}

// mentored lists the cohorts that the caller mentors.
func (w *work) mentored() []issuer.CohortID {
	var cohorts []issuer.CohortID
	for _, g := range w.by.Grants {
		if g.Role == issuer.Mentor && g.CohortID != "" {
			cohorts = append(cohorts, g.CohortID)
		}
	}
	return cohorts
}
