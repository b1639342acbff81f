package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

const remindAtOnce = 200

// Remind mails the holders of badges that end soon, 90, 30 and 7 days before,
// once each whatever is repeated or broken off: the id of a reminder is made of
// the award and the number of days.
func (r *Registrar) Remind(ctx context.Context) error {
	for _, days := range issuer.Reminders {
		for from := issuer.AwardID(""); ; {
			some, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.Award, error) {
				after, until := issuer.RemindWindow(days, tx.Now)
				return tx.Ending(days, after, until, from, remindAtOnce)
			})
			if err != nil {
				return err
			}
			if len(some) == 0 {
				break
			}
			if err := r.remind(ctx, days, some); err != nil {
				return err
			}
			from = some[len(some)-1].ID
		}
	}
	return nil
}

func (r *Registrar) remind(ctx context.Context, days int, awards []issuer.Award) error {
	due := awards[:0]
	for _, a := range awards {
		if a.Reminded(days) {
			due = append(due, a)
		}
	}
	if len(due) == 0 {
		return nil
	}
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		w := &work{Tx: tx, r: r, by: issuer.Caller{System: "jobs"}}
		if err := w.identify(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.tellOfEnd(days, due)
	})
	return err
}

func (w *work) tellOfEnd(days int, awards []issuer.Award) error {
	views, err := w.badgeViews(awards)
	if err != nil {
		return err
	}
	people, err := w.People(unique(awards, func(a issuer.Award) issuer.PersonID { return a.PersonID })...)
	if err != nil {
		return err
	}
	person := byID(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	letters, programs := make([]letter, len(awards)), map[issuer.ProgramID]*syllabus{}
	for i, a := range awards {
		to := person[a.PersonID]
		s, err := cached(programs, a.ProgramID, func() (*syllabus, error) { return w.syllabus(a.ProgramID) })
		if err != nil {
			return err
		}
		how := w.renewal(&a, s)
		letters[i] = letter{to: &to, template: "badge-ending", once: a.ReminderID(days), data: map[string]any{
			"Badge": views[i].Achievement.Name, "Issuer": w.us.Name, "Until": issuer.DayOf(*a.ValidUntil, time.UTC), "How": how.How, "What": how.What,
			"Ask": w.askAt(), "Link": views[i].URL}}
	}
	return w.mailAll(letters)
}
