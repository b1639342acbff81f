package web_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// rows adds what hangs on the people and their badges, a cohort at a time.
func (m *crowdMaking) rows() {
	for i := range m.cohorts {
		_, err := store.Write(m.Context(), m.s.Store, func(tx *store.Tx) (struct{}, error) {
			r, err := m.cohortRows(tx, m.cohort(i))
			if err != nil {
				return struct{}{}, err
			}
			for n, e := range r.learners {
				if err := r.learner(n, e); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, r.dates()
		})
		mustDo(m, err)
		if i == 0 || i == 1 {
			m.round(m.cohort(i))
		}
	}
}

// round asks the learners of a cohort for feedback to three others each.
func (m *crowdMaking) round(cohort string) {
	_, err := m.s.Registrar.OpenRound(m.Context(), operator, cohort, registrar.NewRound{Title: "Midway", Questions: []string{"What went well?", "What could be better?"},
		OpensOn: m.day(-1), ClosesOn: m.day(7), Pairing: issuer.PairDrawn, PerPerson: 3, AtOnce: true})
	mustDo(m, err)
}

// cohortRows writes the rows of one cohort.
type cohortRows struct {
	*store.Tx
	us       issuer.IssuerID
	cohort   *issuer.Cohort
	brief    *issuer.Brief // nil: the program has no capstones
	skills   []issuer.Skill
	mentors  []issuer.PersonID
	learners []issuer.Enrollment
	share    int // of ten learners, how many have a capstone
}

func (m *crowdMaking) cohortRows(tx *store.Tx, code string) (*cohortRows, error) {
	r := &cohortRows{Tx: tx, us: m.s.Issuer.ID, share: 4}
	if code == "craft-1" {
		r.share = 8
	}
	var err error
	if r.cohort, err = tx.CohortNamed(code); err != nil {
		return nil, err
	}
	briefs, err := tx.Briefs(r.cohort.ProgramID)
	if err != nil {
		return nil, err
	}
	if len(briefs) > 0 {
		r.brief = &briefs[0]
	}
	if r.skills, err = tx.Skills(r.cohort.ProgramID); err != nil {
		return nil, err
	}
	grants, err := tx.GrantsIn(r.cohort.ProgramID)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if g.Role == issuer.Mentor && g.CohortID == r.cohort.ID {
			r.mentors = append(r.mentors, g.PersonID)
		}
	}
	all, err := tx.EnrollmentsIn(r.cohort.ID)
	for _, e := range all {
		if !m.sample(e.PersonID) {
			r.learners = append(r.learners, e)
		}
	}
	return r, err
}

// sample tells whether someone is of the small sample, whose things stay as they are.
func (m *crowdMaking) sample(p issuer.PersonID) bool {
	for _, id := range m.s.People {
		if id == p {
			return true
		}
	}
	return false
}

// ago is a moment so many hours before now.
func (r *cohortRows) ago(hours int) time.Time { return r.Now.Add(-time.Duration(hours) * time.Hour) }

// learner writes what the n-th learner of the cohort has.
func (r *cohortRows) learner(n int, e issuer.Enrollment) error {
	if err := r.mails(n, e.PersonID); err != nil {
		return err
	}
	if err := r.badges(n, e.PersonID); err != nil {
		return err
	}
	if err := r.voices(n, e.PersonID); err != nil {
		return err
	}
	if n%5 == 0 {
		if err := r.SaveSession(&issuer.Session{Token: rand.Text(), IssuerID: r.us, PersonID: e.PersonID, Data: []byte("{}"),
			ExpiresAt: r.Now.AddDate(0, 1, 0), CreatedAt: r.ago(n), Device: "Firefox on Linux"}); err != nil {
			return err
		}
	}
	if r.brief != nil && n%10 < r.share {
		return r.capstone(n, e)
	}
	return nil
}

func (r *cohortRows) mails(n int, p issuer.PersonID) error {
	for i, template := range []string{"invitation", "badge-issued"} {
		sent := r.ago(n + 24*i)
		state := "sent"
		if n%100 == 7 {
			state = "failed"
		}
		if err := r.AddMessage(&issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: r.us, Kind: "mail", Recipient: string(p) + "@crowd.example", Template: template,
			Data: "{}", State: state, Attempts: 1, NextAt: sent, SentAt: &sent, CreatedAt: sent, PersonID: p}); err != nil {
			return err
		}
	}
	return nil
}

// badges writes looks at two badges, and a link to one of every tenth learner.
func (r *cohortRows) badges(n int, p issuer.PersonID) error {
	awards, err := r.AwardsOf(p)
	if err != nil || len(awards) == 0 {
		return err
	}
	ids := make([]issuer.AwardID, len(awards))
	for i := range awards {
		ids[i] = awards[i].ID
	}
	copies, err := r.CredentialsOfAwards(ids...)
	if err != nil {
		return err
	}
	for i, c := range copies[:min(2, len(copies))] {
		if err := r.CountSeen(c.ID, issuer.DayOf(r.ago(24*(n%30)), time.UTC), 1+i); err != nil {
			return err
		}
	}
	if n%10 != 0 {
		return nil
	}
	return r.AddShareLink(&issuer.ShareLink{ID: issuer.ShareLinkID(rand.Text()), IssuerID: r.us, AwardID: awards[0].ID, Label: "For work", Hash: rand.Text(),
		ExpiresAt: r.Now.AddDate(0, 1, 0), CreatedAt: r.ago(n)})
}

// voices writes what every fourth learner says of a module, how every third
// rates themselves, and a request or a concern of one in fifty.
func (r *cohortRows) voices(n int, p issuer.PersonID) error {
	if n%4 == 0 {
		completions, err := r.CompletionsOf(p)
		if err != nil {
			return err
		}
		for _, c := range completions[:min(1, len(completions))] {
			if err := r.AddOpinion(&issuer.Opinion{ID: issuer.OpinionID(rand.Text()), IssuerID: r.us, ProgramID: c.ProgramID, ModuleID: c.ModuleID, CompletionID: c.ID,
				PersonID: p, Rating: 1 + n%5, Helped: "The examples.", Hindered: "Too little time.", CreatedAt: r.ago(n), ChangedAt: r.ago(n)}); err != nil {
				return err
			}
		}
	}
	if n%3 == 0 {
		for _, s := range r.skills {
			if err := r.PutSelfRatings(&issuer.SelfRating{CohortID: r.cohort.ID, PersonID: p, SkillID: s.ID, Moment: issuer.AtStart, IssuerID: r.us, Rating: 1 + n%5, At: r.ago(n)}); err != nil {
				return err
			}
		}
	}
	switch n % 100 {
	case 1:
		_, err := r.AddNameRequestOnce(&issuer.NameRequest{ID: issuer.NameRequestID(rand.Text()), IssuerID: r.us, PersonID: p, Name: "Other Name", State: issuer.RequestOpen, CreatedAt: r.ago(n)})
		return err
	case 2:
		return r.AddConcern(&issuer.Concern{ID: issuer.ConcernID(rand.Text()), IssuerID: r.us, ProgramID: r.cohort.ProgramID, Kind: issuer.AboutConduct, GoesTo: issuer.DeskProgram,
			Words: "It was loud.", ReporterID: p, State: issuer.ConcernReceived, CreatedAt: r.ago(n), ChangedAt: r.ago(n), RemindedAt: r.ago(n)})
	}
	return nil
}

// capstone writes the capstone of one learner, in one of its states.
func (r *cohortRows) capstone(n int, e issuer.Enrollment) error {
	states := []issuer.CapstoneState{issuer.Submitted, issuer.Approved, issuer.Submitted, issuer.Approved, issuer.Returned, issuer.Draft, issuer.Approved, issuer.Withdrawn}
	c := &issuer.Capstone{ID: issuer.CapstoneID(rand.Text()), IssuerID: r.us, ProgramID: e.ProgramID, CohortID: e.CohortID, BriefID: r.brief.ID,
		Title: fmt.Sprint("Project ", n), Summary: "It saves hours.", State: states[n/10%len(states)], Submission: 1, CreatedAt: r.ago(200 + n), ChangedAt: r.ago(20 + n)}
	if c.State == issuer.Draft {
		c.Submission = 0
	}
	if err := r.AddCapstone(c); err != nil {
		return err
	}
	if err := r.AddMember(&issuer.Member{CapstoneID: c.ID, PersonID: e.PersonID, IssuerID: r.us, JoinedAt: c.CreatedAt}); err != nil {
		return err
	}
	if err := r.handedIn(c, e.PersonID); err != nil || len(r.mentors) == 0 {
		return err
	}
	reviewer := r.mentors[n%len(r.mentors)]
	review := &issuer.Review{ID: issuer.ReviewID(rand.Text()), IssuerID: r.us, CapstoneID: c.ID, Submission: 1, ReviewerID: reviewer, Tier: issuer.Lead,
		Scores: issuer.Scores{"build": "sound"}, At: c.ChangedAt}
	switch c.State {
	case issuer.Approved:
		review.Decision = issuer.Approve
		if err := r.story(c, e.PersonID, n); err != nil {
			return err
		}
	case issuer.Returned:
		review.Decision, review.Note = issuer.Return, "Show where the hours go."
	default:
		return nil
	}
	return r.AddReview(review)
}

// handedIn writes the submission of a capstone, and its evidence.
func (r *cohortRows) handedIn(c *issuer.Capstone, by issuer.PersonID) error {
	impact := issuer.Impact{Measure: "hours saved per month", Before: "9", After: "2", Unit: "hours", Period: "month"}
	for number := range c.Submission {
		if err := r.AddSubmission(&issuer.Submission{ID: issuer.SubmissionID(rand.Text()), IssuerID: r.us, CapstoneID: c.ID, Number: number + 1,
			Title: c.Title, Summary: c.Summary, Impact: impact, SubmittedBy: by, SubmittedAt: c.ChangedAt}); err != nil {
			return err
		}
	}
	for number := range c.Submission + 1 { // what is handed in stays with the draft as well
		if err := r.AddEvidence(&issuer.Evidence{ID: issuer.EvidenceID(rand.Text()), IssuerID: r.us, CapstoneID: c.ID, Submission: number, Kind: "link",
			Name: "Plan", URL: "https://work.example/plan", AddedBy: by, AddedAt: c.CreatedAt}); err != nil {
			return err
		}
	}
	return nil
}

// story writes the story of an approved capstone, to which its author said yes.
func (r *cohortRows) story(c *issuer.Capstone, by issuer.PersonID, n int) error {
	words := strings.Repeat("It took hours, and now it takes minutes. ", 5)
	s := &issuer.Story{ID: issuer.StoryID(rand.Text()), IssuerID: r.us, ProgramID: c.ProgramID, CohortID: c.CohortID, BriefID: c.BriefID, CapstoneID: c.ID, Edition: 1,
		Title: c.Title, Words: words, Department: "Works", Folded: strings.ToLower(c.Title + " " + words), WrittenBy: by, CreatedAt: r.ago(n), ChangedAt: r.ago(n)}
	if err := r.AddStory(s); err != nil {
		return err
	}
	return r.KeepStoryConsent(&issuer.StoryConsent{StoryID: s.ID, PersonID: by, IssuerID: r.us, Edition: 1, Agreed: true, Named: n%2 == 0, At: r.ago(n)})
}

// dates writes six dates of the cohort, and who came.
func (r *cohortRows) dates() error {
	if len(r.mentors) == 0 {
		return nil
	}
	for i := range 6 {
		t := &issuer.Touchpoint{ID: issuer.TouchpointID(rand.Text()), IssuerID: r.us, CohortID: r.cohort.ID, Kind: "demo", Title: fmt.Sprint("Demo ", i+1),
			At: r.ago(24 * (7*i - 10)), HostID: r.mentors[i%len(r.mentors)], CreatedBy: operator.Actor(), CreatedAt: r.ago(1000)}
		if err := r.AddTouchpoint(t); err != nil {
			return err
		}
		if t.At.After(r.Now) {
			continue
		}
		var came []*issuer.Attendance
		for n, e := range r.learners {
			came = append(came, &issuer.Attendance{TouchpointID: t.ID, PersonID: e.PersonID, IssuerID: r.us, State: issuer.Presences[n%len(issuer.Presences)], NotedAt: t.At})
		}
		if err := r.PutAttendances(t.ID, came...); err != nil {
			return err
		}
	}
	return nil
}
