package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TellInTime mails what the time has come for: to mentors that their claim ends
// soon, or has ended, and to those who are asked in a round of feedback that it
// opened, or ends soon. Each once, whatever is repeated or broken off: the ids of
// the mails say what they are about.
func (r *Registrar) TellInTime(ctx context.Context) error {
	claims, err := store.Read(ctx, r.Store, claimsToTell)
	if err != nil {
		return err
	}
	for _, id := range claims {
		if err := r.tell(ctx, func(w *work) error { return w.tellOfClaimEnd(id) }); err != nil {
			return err
		}
	}
	rounds, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.FeedbackRound, error) {
		today := issuer.DayOf(tx.Now, time.UTC).Time() // elsewhere it is a day earlier or later
		return tx.RoundsToTell(issuer.DayOf(today.AddDate(0, 0, -1), time.UTC), issuer.DayOf(today.AddDate(0, 0, 1), time.UTC))
	})
	if err != nil {
		return err
	}
	for _, round := range rounds {
		due, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]issuer.RoundMail, error) {
			w := &work{Tx: tx, r: r}
			return w.roundMails(&round)
		})
		if err != nil {
			return err
		}
		if len(due) == 0 {
			continue
		}
		if err := r.tell(ctx, func(w *work) error { return w.tellOfRound(round.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// tell writes mails of the service's own accord.
func (r *Registrar) tell(ctx context.Context, do func(w *work) error) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		w := &work{Tx: tx, r: r, by: issuer.Caller{System: "jobs"}}
		if err := w.identify(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, do(w)
	})
	return err
}

// claimsToTell lists the capstones of claims whose mentor is to be told something
// that they were not told yet.
func claimsToTell(tx *store.Tx) ([]issuer.CapstoneID, error) {
	claims, err := tx.ClaimsEnding(tx.Now.Add(-issuer.ClaimLate), tx.Now.Add(issuer.ClaimNear))
	if err != nil {
		return nil, err
	}
	var ids []issuer.MessageID
	for i := range claims {
		_, id := claims[i].Due(tx.Now)
		ids = append(ids, id)
	}
	messages, err := tx.MessagesNamed(ids...)
	if err != nil {
		return nil, err
	}
	var due []issuer.CapstoneID
	for i, c := range claims {
		if !slices.ContainsFunc(messages, func(m issuer.Message) bool { return m.ID == ids[i] }) {
			due = append(due, c.CapstoneID)
		}
	}
	return due, nil
}

// tellOfClaimEnd mails the mentor of a capstone's claim, if it still waits for
// them: not who is no mentor of its cohort any more.
func (w *work) tellOfClaimEnd(id issuer.CapstoneID) error {
	claim, err := w.workClaim(id)
	if err != nil || claim == nil {
		return err
	}
	capstone, err := w.Capstone(id)
	if err != nil || !capstone.State.Waits() {
		return err
	}
	template, once := claim.Due(w.Now)
	grants, err := w.Grants(claim.PersonID)
	if err != nil {
		return err
	}
	mentor := slices.ContainsFunc(grants, func(g issuer.Grant) bool { return g.Role == issuer.Mentor && g.CohortID == capstone.CohortID })
	if template == "" || !mentor {
		return nil
	}
	to, err := w.Person(claim.PersonID)
	if err != nil {
		return err
	}
	brief, err := w.Brief(capstone.BriefID)
	if err != nil {
		return err
	}
	return w.mailAll([]letter{{to: to, template: string(template), once: once, data: map[string]any{
		"Title": orName(capstone.Title, brief.Name), "Link": w.r.BaseURL + "/review/" + string(id)}}})
}

// roundMails lists what of a round is to be told now.
func (w *work) roundMails(round *issuer.FeedbackRound) ([]issuer.RoundMail, error) {
	c, err := w.Tx.Cohort(round.CohortID)
	if err != nil {
		return nil, err
	}
	return round.Due(issuer.DayOf(w.Now, c.Zone()), issuer.DayOf(round.CreatedAt, c.Zone())), nil
}

// tellOfRound mails those who are asked in a round what is due: of its end, who
// has not given all that they are asked for.
func (w *work) tellOfRound(id issuer.RoundID) error {
	round, err := w.LockRound(id)
	if err != nil {
		return err
	}
	due, err := w.roundMails(round)
	if err != nil || len(due) == 0 {
		return err
	}
	cohort, err := w.Tx.Cohort(round.CohortID)
	if err != nil {
		return err
	}
	notes, err := w.Notes(id)
	if err != nil {
		return err
	}
	givers := unique(slices.DeleteFunc(notes, func(n issuer.PeerNote) bool { return n.GivenAt != nil }), func(n issuer.PeerNote) issuer.PersonID { return n.GiverID })
	people, err := w.Unerased(givers...)
	if err != nil {
		return err
	}
	var letters []letter
	for _, m := range due {
		for i := range people {
			letters = append(letters, letter{to: &people[i], template: string(m), once: round.MailID(m, people[i].ID), data: map[string]any{
				"Title": round.Title, "Cohort": cohort.Name, "Until": round.ClosesOn, "Link": w.r.BaseURL + "/feedback"}})
		}
		switch m {
		case issuer.RoundOpened:
			round.OpenedToldAt = &w.Now
		case issuer.RoundEnding:
			round.EndingToldAt = &w.Now
		}
	}
	if err := w.mailAll(letters); err != nil {
		return err
	}
	return w.SaveRoundTold(round)
}
