package registrar

import (
	"slices"

	"hallmark/issuer"
)

// What someone said is erased with them where it was theirs alone to say: their
// feedback to others and on modules goes, and a rating stays as a number. Feedback
// that they got goes, too, as it is about them. A concern that they reported stays
// while it is open, without their name: it may protect others, who should not lose
// it because whoever spoke up has left; one that is closed goes with them. So do
// questions about their badges and those asked from an address of theirs. What
// others said stays theirs, without the name.

// eraseVoices takes a person's names out of what others said in the places that
// they were in. Rows of their own are changed by statements (store/erasure.go).
func (w *work) eraseVoices(id issuer.PersonID, capstones []issuer.Capstone, names []string) error {
	out := func(texts ...*string) (changed bool) {
		for _, text := range texts {
			was := *text
			*text = issuer.TakeOut(was, issuer.SomeoneErased, names...)
			changed = changed || *text != was
		}
		return changed
	}
	for _, part := range []func(func(...*string) bool) error{
		func(out func(...*string) bool) error { return w.eraseFromStories(capstones, out) },
		func(out func(...*string) bool) error { return w.eraseFromNotes(id, out) },
		func(out func(...*string) bool) error { return w.eraseFromOpinions(names, out) },
		w.eraseFromConcerns,
		w.eraseFromQuestions,
	} {
		if err := part(out); err != nil {
			return err
		}
	}
	return nil
}

// eraseFromStories keeps the edition: what the others agreed to is still what is
// shown, but for a name.
func (w *work) eraseFromStories(capstones []issuer.Capstone, out func(...*string) bool) error {
	stories, err := w.StoriesBy(unique(capstones, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })...)
	for i := 0; err == nil && i < len(stories); i++ {
		s := &stories[i]
		if m := &s.Impact; out(&s.Title, &s.Words, &s.Department, &s.HiddenReason, &m.Measure, &m.Before, &m.After, &m.Unit, &m.Period, &m.ConfirmedBy) {
			s.Fold()
			err = w.SaveStory(s)
		}
	}
	return err
}

func (w *work) eraseFromNotes(id issuer.PersonID, out func(...*string) bool) error {
	rounds, err := w.RoundsOf(id)
	if err != nil {
		return err
	}
	notes, err := w.Notes(unique(rounds, func(r issuer.FeedbackRound) issuer.RoundID { return r.ID })...)
	for i := 0; err == nil && i < len(notes); i++ {
		n, changed := &notes[i], false
		n.Answers = slices.Clone(n.Answers)
		for a := range n.Answers {
			changed = out(&n.Answers[a]) || changed
		}
		if out(&n.ReportedWhy) || changed {
			err = w.SaveNote(n)
		}
	}
	return err
}

func (w *work) eraseFromOpinions(names []string, out func(...*string) bool) error {
	for _, name := range names {
		opinions, err := w.OpinionsNaming(name)
		for i := 0; err == nil && i < len(opinions); i++ {
			if out(&opinions[i].Helped, &opinions[i].Hindered) {
				err = w.SaveOpinion(&opinions[i])
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) eraseFromConcerns(out func(...*string) bool) error {
	concerns, err := w.AllConcerns()
	if err != nil {
		return err
	}
	for i := range concerns {
		if out(&concerns[i].About, &concerns[i].Words) {
			if err := w.SaveConcernWords(&concerns[i]); err != nil {
				return err
			}
		}
	}
	notes, err := w.ConcernNotes(unique(concerns, func(c issuer.Concern) issuer.ConcernID { return c.ID })...)
	for i := 0; err == nil && i < len(notes); i++ {
		if out(&notes[i].Words) {
			err = w.SaveConcernNote(&notes[i])
		}
	}
	return err
}
