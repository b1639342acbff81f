package registrar

import (
	"context"
	"slices"

	"hallmark/issuer"
)

// FeedbackView is what someone is asked to say about others and modules, and
// what others said to them.
type FeedbackView struct {
	ToGive  []NoteView // of rounds that are open, what is not given yet first
	Got     []GotRound
	Modules []OpinionView // after completions of theirs, the newest first
}

// NoteView is what someone is asked to say to someone else.
type NoteView struct {
	ID        issuer.NoteID
	Round     string // title
	Cohort    Named
	To        PersonName
	Until     issuer.Day
	Nameless  bool
	AtOnce    bool
	Open      bool
	Given     bool
	Questions []string
	Answers   []string
}

// GotRound is what someone got in a round. Of one whose answers are not shown
// yet, or never are because too few were given, Notes is empty.
type GotRound struct {
	Title    string
	Cohort   Named
	ClosesOn issuer.Day
	Where    issuer.RoundState
	Nameless bool
	Notes    []GotNote
}

// GotNote is what someone said. From is nobody in a round without names.
type GotNote struct {
	ID       issuer.NoteID
	From     PersonName
	Answers  []QuestionAnswer
	Reported bool
}

// onlyPeople refuses callers that are programs.
func (w *work) onlyPeople(sentence string) error {
	if err := w.signed(); err != nil {
		return err
	}
	if w.by.Person == "" {
		return forbid(sentence)
	}
	return nil
}

// MyFeedback shows the caller what they are asked to say, and what they were
// told.
func (r *Registrar) MyFeedback(ctx context.Context, by issuer.Caller) (*FeedbackView, error) {
	return look(ctx, r, by, func(w *work) (*FeedbackView, error) {
		if err := w.onlyPeople("Only people give and get feedback."); err != nil {
			return nil, err
		}
		return w.feedback()
	})
}

func (w *work) feedback() (*FeedbackView, error) {
	rounds, err := w.RoundsOf(w.by.Person)
	if err != nil {
		return nil, err
	}
	notes, err := w.NotesOf(w.by.Person)
	if err != nil {
		return nil, err
	}
	people := unique(notes, func(n issuer.PeerNote) issuer.PersonID { return n.GiverID })
	names, err := w.names(append(people, unique(notes, func(n issuer.PeerNote) issuer.PersonID { return n.ReceiverID })...)...)
	if err != nil {
		return nil, err
	}
	v := &FeedbackView{}
	cohorts := map[issuer.CohortID]*issuer.Cohort{}
	for i := range rounds {
		round := &rounds[i]
		c, err := cached(cohorts, round.CohortID, func() (*issuer.Cohort, error) { return w.Tx.Cohort(round.CohortID) })
		if err != nil {
			return nil, err
		}
		w.sortNotes(v, round, c, notes, names)
	}
	slices.SortStableFunc(v.ToGive, func(a, b NoteView) int {
		switch {
		case a.Given == b.Given:
			return 0
		case b.Given:
			return -1
		}
		return 1
	})
	v.Modules, err = w.opinionsAsked()
	return v, err
}

// sortNotes puts the notes of a round where they belong: to give, or got.
func (w *work) sortNotes(v *FeedbackView, round *issuer.FeedbackRound, c *issuer.Cohort, notes []issuer.PeerNote, names map[issuer.PersonID]PersonName) {
	today := issuer.DayOf(w.Now, c.Zone())
	var about []issuer.PeerNote
	for i := range notes {
		n := &notes[i]
		switch {
		case n.RoundID != round.ID:
		case n.ReceiverID == w.by.Person:
			about = append(about, *n)
		case round.State(today) == issuer.RoundOpen && names[n.ReceiverID].Name != issuer.SomeoneErased:
			v.ToGive = append(v.ToGive, noteView(round, c, n, names[n.ReceiverID], today))
		}
	}
	if len(about) == 0 || round.State(today) == issuer.RoundComing {
		return
	}
	got := GotRound{Title: round.Title, Cohort: namedCohort(c), ClosesOn: round.ClosesOn, Where: round.State(today), Nameless: round.Nameless}
	for _, n := range round.ShownTo(about, today) {
		note := GotNote{ID: n.ID, Answers: answersOf(round, &n), Reported: n.ReportedAt != nil}
		if !round.Nameless {
			note.From = names[n.GiverID]
		}
		got.Notes = append(got.Notes, note)
	}
	v.Got = append(v.Got, got)
}

func noteView(round *issuer.FeedbackRound, c *issuer.Cohort, n *issuer.PeerNote, to PersonName, today issuer.Day) NoteView {
	return NoteView{ID: n.ID, Round: round.Title, Cohort: namedCohort(c), To: to, Until: round.ClosesOn, Nameless: round.Nameless, AtOnce: round.AtOnce,
		Open: round.State(today) == issuer.RoundOpen && n.ReportedAt == nil, Given: n.GivenAt != nil, Questions: round.Questions, Answers: n.Answers}
}

// Note shows the caller what they are asked to say to someone.
func (r *Registrar) Note(ctx context.Context, by issuer.Caller, id issuer.NoteID) (*NoteView, error) {
	return look(ctx, r, by, func(w *work) (*NoteView, error) {
		n, err := w.toGive(id, w.Tx.Note)
		if err != nil {
			return nil, err
		}
		return w.noteViewOf(n)
	})
}

// toGive reads a note that the caller is asked for. To others it is not there.
func (w *work) toGive(id issuer.NoteID, read func(issuer.NoteID) (*issuer.PeerNote, error)) (*issuer.PeerNote, error) {
	if err := w.onlyPeople("Only people give feedback."); err != nil {
		return nil, err
	}
	n, err := read(id)
	if err != nil {
		return nil, err
	}
	if n.GiverID != w.by.Person {
		return nil, hidden("feedback")
	}
	return n, nil
}

// roundOf gives the round of a note and the cohort of that.
func (w *work) roundOf(n *issuer.PeerNote) (*issuer.FeedbackRound, *issuer.Cohort, error) {
	round, err := w.Tx.Round(n.RoundID)
	if err != nil {
		return nil, nil, err
	}
	c, err := w.Tx.Cohort(round.CohortID)
	return round, c, err
}

func (w *work) noteViewOf(n *issuer.PeerNote) (*NoteView, error) {
	round, c, err := w.roundOf(n)
	if err != nil {
		return nil, err
	}
	names, err := w.names(n.ReceiverID)
	if err != nil {
		return nil, err
	}
	v := noteView(round, c, n, names[n.ReceiverID], issuer.DayOf(w.Now, c.Zone()))
	return &v, nil
}

// GiveFeedback keeps what the caller says to someone, one answer for each
// question of the round, in place of what they said before.
func (r *Registrar) GiveFeedback(ctx context.Context, by issuer.Caller, id issuer.NoteID, answers []string) (*NoteView, error) {
	return act(ctx, r, by, "feedback.give", string(id), func(w *work) (*NoteView, error) {
		n, err := w.toGive(id, w.Tx.Note)
		if err != nil {
			return nil, err
		}
		if err := w.LockPeople(n.GiverID, n.ReceiverID); err != nil {
			return nil, err
		}
		if n, err = w.toGive(id, w.LockNote); err != nil {
			return nil, err
		}
		here, err := w.Unerased(n.GiverID, n.ReceiverID)
		if err != nil {
			return nil, err
		}
		if len(here) < 2 {
			return nil, issuer.Refuse(issuer.Conflict, "They have left; there is nobody to give this to any more.")
		}
		round, c, err := w.roundOf(n)
		if err != nil {
			return nil, err
		}
		if err := n.Give(answers, round, issuer.DayOf(w.Now, c.Zone()), w.Now); err != nil {
			return nil, err
		}
		if err := w.SaveNote(n); err != nil {
			return nil, err
		}
		return w.noteViewOf(n)
	})
}

// ReportFeedback tells who runs the program of words that the caller got.
func (r *Registrar) ReportFeedback(ctx context.Context, by issuer.Caller, id issuer.NoteID, why string) error {
	_, err := act(ctx, r, by, "feedback.report", string(id), func(w *work) (struct{}, error) {
		if err := w.onlyPeople("Only people get feedback."); err != nil {
			return struct{}{}, err
		}
		if _, err := w.living(w.by.Person); err != nil {
			return struct{}{}, err
		}
		n, err := w.LockNote(id)
		if err != nil {
			return struct{}{}, err
		}
		got, err := w.feedback()
		if err != nil {
			return struct{}{}, err
		}
		shown := slices.ContainsFunc(got.Got, func(g GotRound) bool {
			return slices.ContainsFunc(g.Notes, func(o GotNote) bool { return o.ID == id })
		})
		if !shown {
			return struct{}{}, hidden("feedback")
		}
		if err := n.Report(why, w.Now); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveNote(n)
	})
	return err
}
