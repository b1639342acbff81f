package registrar

import (
	"errors"
	"fmt"
	"slices"

	"hallmark/issuer"
)

// merging finds out what making two persons one takes, and what speaks against it.
// A preview and the act itself ask the same.
func (w *work) merging(kept, gone issuer.PersonID) (*merging, error) {
	if kept == gone {
		return nil, issuer.Wrong("gone", "This is the same person; name another one.")
	}
	m := &merging{}
	for _, one := range []struct {
		id   issuer.PersonID
		row  **issuer.Person
		view *PersonView
	}{{kept, &m.kept, &m.Kept}, {gone, &m.gone, &m.Gone}} {
		p, err := w.Person(one.id)
		if err != nil {
			return nil, err
		}
		if p.MergedInto != "" {
			return nil, issuer.Refuse(issuer.Conflict, "One of the two became one with someone already; look at them again.")
		}
		if err := notErased(p); err != nil {
			return nil, err
		}
		v, err := w.personView(p)
		if err != nil {
			return nil, err
		}
		*one.row, *one.view = p, *v
	}
	m.Consent = issuer.Stricter(m.kept.NameConsent, m.gone.NameConsent)
	for _, part := range []func(*merging) error{w.mergeAccounts, w.mergeLearning, w.mergeWork, w.mergeBadges, w.mergePartials} {
		if err := part(m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// against adds a sentence that speaks against the merge.
func (m *merging) against(sentence string, values ...any) {
	m.Against = append(m.Against, fmt.Sprintf(sentence, values...))
}

// mergeAccounts looks at what signs in, and at what they may do.
func (w *work) mergeAccounts(m *merging) error {
	if w.by.Person == m.gone.ID {
		m.against("You are signed in with the account that would end. Sign in with the other one.")
	}
	emails, err := w.Emails(m.kept.ID, m.gone.ID)
	if err != nil {
		return err
	}
	for _, e := range emails {
		if e.PersonID == m.gone.ID {
			m.Addresses = append(m.Addresses, e.Address)
		}
	}
	if len(emails) > issuer.MaxEmails {
		m.against("Together they have %d addresses, and one person can have %d; remove some first.", len(emails), issuer.MaxEmails)
	}
	for _, g := range m.Gone.Grants {
		if g.Role == issuer.Admin && !slices.ContainsFunc(m.Kept.Grants, func(k GrantView) bool { return k.RoleView == g.RoleView }) {
			m.Admin = append(m.Admin, g.RoleView)
		}
	}
	keys, err := w.Tx.Passkeys(m.gone.ID)
	if err != nil {
		return err
	}
	m.Passkeys = len(keys)
	switch _, err := w.MentorKey(m.gone.ID); {
	case err == nil:
		m.Key = true
	case !errors.Is(err, issuer.NotFound):
		return err
	}
	theirs, err := w.Tx.Portfolio(m.gone.ID)
	if errors.Is(err, issuer.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	switch _, err := w.Tx.Portfolio(m.kept.ID); {
	case err == nil:
		m.Page = theirs.Handle
	case !errors.Is(err, issuer.NotFound):
		return err
	}
	return nil
}

// mergeLearning looks at cohorts and completions.
func (w *work) mergeLearning(m *merging) error {
	for _, c := range m.Gone.Enrollments {
		if slices.Contains(m.Kept.Enrollments, c) {
			m.BothIn = append(m.BothIn, c)
		} else {
			m.Cohorts = append(m.Cohorts, c)
		}
	}
	mine, err := w.CompletionsOf(m.kept.ID)
	if err != nil {
		return err
	}
	theirs, err := w.CompletionsOf(m.gone.ID)
	if err != nil {
		return err
	}
	m.Completions = len(theirs)
	for i := range theirs {
		for k := range mine {
			if !mine[k].SameFact(&theirs[i]) {
				continue
			}
			stays, ends := mine[k].ID, theirs[i].ID
			if theirs[i].Before(&mine[k]) {
				stays, ends = ends, stays
			}
			m.completions = append(m.completions, [2]issuer.CompletionID{stays, ends})
		}
	}
	m.Same = len(m.completions)
	return nil
}

// mergeWork looks at projects, and at what is under way.
func (w *work) mergeWork(m *merging) error {
	mine, err := w.CapstonesOf(m.kept.ID)
	if err != nil {
		return err
	}
	theirs, err := w.CapstonesOf(m.gone.ID)
	if err != nil {
		return err
	}
	m.Projects = len(theirs)
	for _, c := range mine {
		if !slices.ContainsFunc(theirs, func(t issuer.Capstone) bool { return t.ID == c.ID }) {
			theirs = append(theirs, c)
		} else {
			m.Together++
		}
	}
	for _, c := range theirs { // of both by now
		if c.State.Waits() {
			m.against("“%s” waits for a mentor. Merge when it is decided.", c.Title)
		}
	}
	claims, err := w.ClaimsOf(m.gone.ID)
	if err != nil {
		return err
	}
	for i := range claims {
		if !claims[i].Holds(w.Now) {
			continue
		}
		c, err := w.Capstone(claims[i].CapstoneID)
		if err != nil {
			return err
		}
		m.against("%s is at work on a review of “%s”. Merge when it is sent or handed back.", m.gone.Name, c.Title)
	}
	reviews, err := w.ReviewsBy(m.gone.ID, -1)
	if err != nil {
		return err
	}
	m.Reviews = len(reviews)
	jobs, err := w.OpenIssueJobs()
	if err != nil {
		return err
	}
	actor := issuer.Caller{Person: m.gone.ID}.Actor()
	if slices.ContainsFunc(jobs, func(j issuer.IssueJob) bool { return j.Actor == actor }) {
		m.against("Badges are being issued that %s asked for. Merge when that is done.", m.gone.Name)
	}
	return nil
}

// mergeBadges looks at badges. A pause of one of two would be lost with it, and
// while nothing is issued nothing can be brought in line.
func (w *work) mergeBadges(m *merging) error {
	h, err := w.halted()
	if err != nil {
		return err
	}
	if h.Stopped() {
		m.Against = append(m.Against, h.Refusal().Error())
	}
	mine, err := w.AwardsOf(m.kept.ID)
	if err != nil {
		return err
	}
	theirs, err := w.AwardsOf(m.gone.ID)
	if err != nil {
		return err
	}
	m.Badges = len(theirs)
	for _, a := range append(slices.Clone(mine), theirs...) {
		if a.Lapsed(w.Now) {
			m.lapsed = append(m.lapsed, a)
		}
	}
	lapsed := func(a issuer.Award) bool { return a.Lapsed(w.Now) }
	m.held = issuer.Twice(slices.DeleteFunc(mine, lapsed), slices.DeleteFunc(theirs, lapsed))
	for _, t := range m.held {
		views, err := w.badgeViews([]issuer.Award{t.Stays, t.Ends})
		if err != nil {
			return err
		}
		name := views[0].Achievement.Name
		m.Twice = append(m.Twice, HeldTwice{name, views[0].ID, views[1].ID})
		if t.Stays.State == issuer.Suspended || t.Ends.State == issuer.Suspended {
			m.against("Both hold “%s”, and one of the two badges is suspended. Reinstate or revoke it first.", name)
		}
	}
	return nil
}

// partial says why what one decided about the other speaks against the two being
// one.
var partial = map[string]string{
	"review":     "One of the two reviewed “%s”, a project of the other. Nobody approves their own work, so they stay two.",
	"scope":      "One of the two decided about the scope of “%s”, a project of the other. Nobody decides about their own work, so they stay two.",
	"impact":     "One of the two confirmed what “%s”, a project of the other, is worth. Nobody confirms their own work, so they stay two.",
	"completion": "One of the two recorded that the other completed “%s”. Nobody records their own; withdraw it first, or have it recorded by someone else.",
	"award":      "One of the two awarded “%s” to the other. No one awards a badge to themselves; revoke it first.",
	"twice":      "Both reviewed “%s”. Two decisions of one person would be one, so they stay two.",
}

func (w *work) mergePartials(m *merging) error {
	found, err := w.Partials(m.kept.ID, m.gone.ID)
	for _, p := range found {
		m.against(partial[p.Kind], p.About)
	}
	return err
}
