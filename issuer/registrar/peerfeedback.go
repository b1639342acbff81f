package registrar

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"hallmark/issuer"
)

// NewRound is a round of feedback to open. Days are days of the cohort's zone;
// an empty Seed is drawn, and nil Questions are those of the program.
type NewRound struct {
	Title     string
	Questions []string
	OpensOn   string
	ClosesOn  string
	Pairing   issuer.Pairing
	PerPerson int
	Seed      string
	AtOnce    bool
	Nameless  bool
}

// RoundView is a round as who opened it, or could have, sees it: who has given
// how much, and never what, but for what was reported.
type RoundView struct {
	issuer.FeedbackRound
	Cohort   Named
	Program  Named
	Where    issuer.RoundState
	Asked    int // pairs
	Given    int
	TooFew   int // people who cannot be shown anything, because too few are asked about them
	Manages  bool
	Takes    []RoundPart    // who takes part, by name
	Reported []ReportedNote // for who runs the program
}

// RoundPart is how far someone is in a round.
type RoundPart struct {
	PersonName
	Asked int
	Given int
	About int // how many are asked about them
}

// ReportedNote is what its receiver reported. Both are named to who runs the
// program, also in a round without names.
type ReportedNote struct {
	ID       issuer.NoteID
	From, To PersonName
	Why      string
	Answers  []QuestionAnswer
	Removed  bool
}

// QuestionAnswer is a question with what was answered.
type QuestionAnswer struct{ Question, Answer string }

// RoundsView is the rounds of a cohort, the latest first.
type RoundsView struct {
	Cohort  Named
	Program Named
	Items   []RoundView
	Today   issuer.Day
	Asks    []string // the questions of the program; none: those of the product
}

// mayRunRounds lets through who runs the program and lead mentors of the cohort.
func (w *work) mayRunRounds(c *issuer.Cohort) error {
	tier, _ := w.by.MentorIn(c.ID)
	if w.by.Manages(c.ProgramID) || tier == issuer.Lead {
		return nil
	}
	return forbid("Only a lead mentor of the cohort or who runs the program may do this.")
}

// roundsCohort reads a cohort, by code or id, whose rounds the caller runs.
func (w *work) roundsCohort(name string) (*issuer.Cohort, error) {
	c, err := w.seenCohort(name)
	if err != nil {
		return nil, err
	}
	return c, w.mayRunRounds(c)
}

// Rounds lists the rounds of feedback of a cohort, by code or id, to who may
// open one.
func (r *Registrar) Rounds(ctx context.Context, by issuer.Caller, cohort string) (*RoundsView, error) {
	return look(ctx, r, by, func(w *work) (*RoundsView, error) {
		c, err := w.roundsCohort(cohort)
		if err != nil {
			return nil, err
		}
		rounds, err := w.RoundsIn(c.ID)
		if err != nil {
			return nil, err
		}
		p, err := w.Program(c.ProgramID)
		if err != nil {
			return nil, err
		}
		v := &RoundsView{Cohort: namedCohort(c), Program: namedProgram(p), Today: issuer.DayOf(w.Now, c.Zone()), Asks: p.Questions.Peers}
		for i := range rounds {
			view, err := w.roundView(&rounds[i], c)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, *view)
		}
		return v, nil
	})
}

// OpenRound opens a round of feedback among the learners of a cohort, by code or
// id. Who gives to whom is drawn now and stays: who joins later is in the next.
func (r *Registrar) OpenRound(ctx context.Context, by issuer.Caller, cohort string, in NewRound) (*RoundView, error) {
	id, seed := issuer.RoundID(rand.Text()), rand.Text()
	return act(ctx, r, by, "feedback.open", "", func(w *work) (*RoundView, error) {
		c, err := w.roundsCohort(cohort)
		if err != nil {
			return nil, err
		}
		w.object = string(id)
		round := &issuer.FeedbackRound{ID: id, IssuerID: w.us.ID, ProgramID: c.ProgramID, CohortID: c.ID, Title: in.Title, Questions: slices.Clone(in.Questions),
			OpensOn: issuer.Day(in.OpensOn), ClosesOn: issuer.Day(in.ClosesOn), Pairing: in.Pairing, PerPerson: in.PerPerson, Seed: in.Seed,
			AtOnce: in.AtOnce, Nameless: in.Nameless, CreatedBy: w.by.Person, CreatedAt: w.Now}
		if in.Questions == nil {
			p, err := w.Program(c.ProgramID)
			if err != nil {
				return nil, err
			}
			round.Questions = slices.Clone(p.Questions.Peers)
		}
		if round.Seed, err = issuer.CleanText("seed", in.Seed, issuer.MaxName); err != nil {
			return nil, err
		}
		if round.Seed == "" {
			round.Seed = seed
		}
		if err := round.Check(issuer.DayOf(w.Now, c.Zone())); err != nil {
			return nil, err
		}
		if err := w.pair(round); err != nil {
			return nil, err
		}
		return w.roundView(round, c)
	})
}

// pair keeps a round and who gives to whom in it.
func (w *work) pair(round *issuer.FeedbackRound) error {
	pairs, err := w.pairs(round)
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		return issuer.Wrong("pairing", "Nobody could give feedback to anyone: there are too few learners, or no teams yet.")
	}
	w.note("pairs", len(pairs))
	if err := w.AddRound(round); err != nil {
		return err
	}
	notes := make([]*issuer.PeerNote, len(pairs))
	for i, p := range pairs {
		notes[i] = &issuer.PeerNote{ID: issuer.NoteID(rand.Text()), IssuerID: w.us.ID, RoundID: round.ID, GiverID: p.Giver, ReceiverID: p.Receiver}
	}
	return w.AddNotes(notes...)
}

func (w *work) pairs(round *issuer.FeedbackRound) ([]issuer.Pair, error) {
	enrollments, err := w.EnrollmentsIn(round.CohortID)
	if err != nil {
		return nil, err
	}
	learners := unique(enrollments, func(e issuer.Enrollment) issuer.PersonID { return e.PersonID })
	slices.Sort(learners)
	if err := w.LockPeople(learners...); err != nil {
		return nil, err
	}
	living, err := w.Unerased(learners...)
	if err != nil {
		return nil, err
	}
	here := byID(living, func(p issuer.Person) issuer.PersonID { return p.ID })
	if round.Pairing == issuer.PairDrawn {
		return issuer.Draw(unique(living, func(p issuer.Person) issuer.PersonID { return p.ID }), round.PerPerson, round.Seed), nil
	}
	capstones, err := w.CapstonesIn([]issuer.CohortID{round.CohortID}, issuer.Draft, issuer.ScopeSubmitted, issuer.ScopeApproved, issuer.ScopeReturned,
		issuer.Submitted, issuer.Returned, issuer.Approved)
	if err != nil {
		return nil, err
	}
	members, err := w.Members(unique(capstones, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })...)
	if err != nil {
		return nil, err
	}
	teams := map[issuer.CapstoneID][]issuer.PersonID{}
	for _, m := range members {
		if _, ok := here[m.PersonID]; ok {
			teams[m.CapstoneID] = append(teams[m.CapstoneID], m.PersonID)
		}
	}
	var all [][]issuer.PersonID
	for _, c := range capstones {
		all = append(all, teams[c.ID])
	}
	return issuer.PairWithin(all), nil
}

// Round shows how far a round is to who may open one in its cohort.
func (r *Registrar) Round(ctx context.Context, by issuer.Caller, id issuer.RoundID) (*RoundView, error) {
	return look(ctx, r, by, func(w *work) (*RoundView, error) {
		round, c, err := w.runRound(id)
		if err != nil {
			return nil, err
		}
		return w.roundView(round, c)
	})
}

// runRound reads a round that the caller runs. To those who are not of its
// cohort it is not there.
func (w *work) runRound(id issuer.RoundID) (*issuer.FeedbackRound, *issuer.Cohort, error) {
	if err := w.signed(); err != nil {
		return nil, nil, err
	}
	round, err := w.Tx.Round(id)
	if err != nil {
		return nil, nil, err
	}
	c, err := w.Tx.Cohort(round.CohortID)
	if err != nil {
		return nil, nil, err
	}
	if !w.inCohort(c) {
		return nil, nil, hidden("round")
	}
	return round, c, w.mayRunRounds(c)
}

// CloseRound ends a round before its day. Ending it again changes nothing.
func (r *Registrar) CloseRound(ctx context.Context, by issuer.Caller, id issuer.RoundID) (*RoundView, error) {
	return act(ctx, r, by, "feedback.close", string(id), func(w *work) (*RoundView, error) {
		if _, _, err := w.runRound(id); err != nil {
			return nil, err
		}
		round, err := w.LockRound(id)
		if err != nil {
			return nil, err
		}
		c, err := w.Tx.Cohort(round.CohortID)
		if err != nil {
			return nil, err
		}
		if round.Close(issuer.DayOf(w.Now, c.Zone()), w.Now) {
			if err := w.SaveRoundEnd(round); err != nil {
				return nil, err
			}
		}
		return w.roundView(round, c)
	})
}

func (w *work) roundView(round *issuer.FeedbackRound, c *issuer.Cohort) (*RoundView, error) {
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	notes, err := w.Notes(round.ID)
	if err != nil {
		return nil, err
	}
	v := &RoundView{FeedbackRound: *round, Cohort: namedCohort(c), Program: at.programs[c.ProgramID], Where: round.State(issuer.DayOf(w.Now, c.Zone())),
		Asked: len(notes), Manages: w.by.Manages(c.ProgramID)}
	people := unique(notes, func(n issuer.PeerNote) issuer.PersonID { return n.GiverID })
	people = append(people, unique(notes, func(n issuer.PeerNote) issuer.PersonID { return n.ReceiverID })...)
	names, err := w.names(people...)
	if err != nil {
		return nil, err
	}
	part := map[issuer.PersonID]*RoundPart{}
	for id, name := range names {
		part[id] = &RoundPart{PersonName: name}
	}
	for i := range notes {
		n := &notes[i]
		part[n.GiverID].Asked++
		part[n.ReceiverID].About++
		if n.GivenAt != nil {
			v.Given++
			part[n.GiverID].Given++
		}
		if n.ReportedAt != nil && v.Manages {
			v.Reported = append(v.Reported, ReportedNote{n.ID, names[n.GiverID], names[n.ReceiverID], n.ReportedWhy, answersOf(round, n), n.RemovedAt != nil})
		}
	}
	for _, p := range part {
		v.Takes = append(v.Takes, *p)
		if round.Nameless && p.About < issuer.NamelessFrom {
			v.TooFew++
		}
	}
	slices.SortFunc(v.Takes, func(a, b RoundPart) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return v, nil
}

func answersOf(round *issuer.FeedbackRound, n *issuer.PeerNote) []QuestionAnswer {
	var all []QuestionAnswer
	for i, a := range n.Answers {
		if i < len(round.Questions) && a != "" {
			all = append(all, QuestionAnswer{round.Questions[i], a})
		}
	}
	return all
}

// RemoveFeedback takes words that were reported away from who received them. Who
// runs the program may.
func (r *Registrar) RemoveFeedback(ctx context.Context, by issuer.Caller, id issuer.NoteID) (*RoundView, error) {
	return act(ctx, r, by, "feedback.remove", string(id), func(w *work) (*RoundView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		n, err := w.LockNote(id)
		if err != nil {
			return nil, err
		}
		round, err := w.Tx.Round(n.RoundID)
		if err != nil {
			return nil, err
		}
		if !w.by.Manages(round.ProgramID) {
			return nil, hidden("feedback")
		}
		if err := n.Remove(w.Now); err != nil {
			return nil, err
		}
		if err := w.SaveNote(n); err != nil {
			return nil, err
		}
		c, err := w.Tx.Cohort(round.CohortID)
		if err != nil {
			return nil, err
		}
		return w.roundView(round, c)
	})
}
