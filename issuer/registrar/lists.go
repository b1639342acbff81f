package registrar

import (
	"context"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// limit is how many items a page has.
func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return 50
	case p.Limit > 200:
		return 200
	}
	return p.Limit
}

// paged cuts a list that was read with one item too many, and gives the
// cursor of what follows.
func paged[T any](items []T, limit int, key func(T) string) *List[T] {
	l := &List[T]{Items: items}
	if len(items) > limit {
		l.Items = items[:limit]
		l.Next = key(items[limit-1])
	}
	if l.Items == nil {
		l.Items = []T{}
	}
	return l
}

func (w *work) capstoneQuery(f CapstoneFilter) (*store.CapstoneQuery, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	q := &store.CapstoneQuery{Cohorts: w.mentored(), Member: w.by.Person, State: f.State,
		After: issuer.CapstoneID(f.Cursor), Limit: f.limit() + 1}
	q.Programs, q.All = w.managed()
	if f.Cohort != "" {
		c, err := w.CohortNamed(f.Cohort)
		if err != nil {
			return nil, unknown(err, "cohort", f.Cohort)
		}
		q.Cohort = c.ID
	}
	return q, nil
}

// Completions lists the completions that the caller may see: their own, those
// of cohorts they mentor and programs they run; clients that record
// completions see all.
func (r *Registrar) Completions(ctx context.Context, by issuer.Caller, f CompletionFilter) (*List[CompletionView], error) {
	return look(ctx, r, by, func(w *work) (*List[CompletionView], error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Client != "" && !w.by.May(issuer.CompletionsWrite) {
			return nil, forbid("The access token lacks the scope completions:write.")
		}
		q := store.CompletionQuery{Cohorts: w.mentored(), Own: w.by.Person, Person: f.Person, After: issuer.CompletionID(f.Cursor), Limit: f.limit() + 1, Newest: f.Newest}
		q.Programs, q.All = w.managed()
		q.All = q.All || w.by.Client != ""
		if f.Cohort != "" {
			c, err := w.CohortNamed(f.Cohort)
			if err != nil {
				return nil, unknown(err, "cohort", f.Cohort)
			}
			q.Cohort = c.ID
		}
		if f.Module != "" {
			modules, err := w.ModulesNamed(f.Module)
			if err != nil {
				return nil, err
			}
			if len(modules) == 0 {
				return nil, issuer.Wrong("module", "There is no module “%s”.", clip(f.Module))
			}
			q.Modules = unique(modules, func(m issuer.Module) issuer.ModuleID { return m.ID })
		}
		found, err := w.Tx.Completions(q)
		if err != nil {
			return nil, err
		}
		views, err := w.completionViews(found)
		if err != nil {
			return nil, err
		}
		return paged(views, f.limit(), func(c CompletionView) string { return string(c.ID) }), nil
	})
}

// Credentials lists the badges that the caller may see: their own and those
// of programs they run; clients with a credentials scope see all.
func (r *Registrar) Credentials(ctx context.Context, by issuer.Caller, f CredentialFilter) (*List[BadgeView], error) {
	return look(ctx, r, by, func(w *work) (*List[BadgeView], error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Client != "" && !w.readsCredentials() {
			return nil, forbid("The access token lacks the scope credentials:read.")
		}
		q := store.CredentialQuery{Holder: w.by.Person, Person: f.Person, State: f.State, After: issuer.CredentialID(f.Cursor), Limit: f.limit() + 1}
		q.Programs, q.All = w.managed()
		q.All = q.All || w.readsCredentials()
		if f.Program != "" {
			p, err := w.ProgramNamed(f.Program)
			if err != nil {
				return nil, unknown(err, "program", f.Program)
			}
			q.Program = p.ID
		}
		if f.Achievement != "" {
			named, err := w.AchievementsNamed(f.Achievement)
			if err != nil {
				return nil, err
			}
			if len(named) == 0 {
				return nil, issuer.Wrong("achievement", "There is no achievement “%s”.", clip(f.Achievement))
			}
			q.Achievements = unique(named, func(a issuer.Achievement) issuer.AchievementID { return a.ID })
		}
		found, err := w.Tx.Credentials(q)
		if err != nil {
			return nil, err
		}
		views, err := w.credentialViews(found, nil)
		if err != nil {
			return nil, err
		}
		return paged(views, f.limit(), func(b BadgeView) string { return string(b.ID) }), nil
	})
}

// People lists the people that the caller may manage: everyone for who runs
// the installation, else those with a place in the programs they run.
func (r *Registrar) People(ctx context.Context, by issuer.Caller, f PeopleFilter) (*PeopleView, error) {
	return look(ctx, r, by, func(w *work) (*PeopleView, error) {
		if err := w.mayManageAny(); err != nil {
			return nil, err
		}
		q := store.PlacedQuery{Search: f.Search, Role: f.Role, NeverIn: f.NeverIn, After: issuer.PersonID(f.Cursor), Limit: f.limit() + 1}
		q.Programs, q.All = w.managed()
		if f.Program != "" {
			p, err := w.ProgramNamed(f.Program)
			if err != nil {
				return nil, unknown(err, "program", f.Program)
			}
			q.Program = p.ID
		}
		if f.Cohort != "" {
			c, err := w.CohortNamed(f.Cohort)
			if err != nil {
				return nil, unknown(err, "cohort", f.Cohort)
			}
			q.Cohort = c.ID
		}
		found, total, err := w.PlacedPeople(q)
		if err != nil {
			return nil, err
		}
		views, err := w.personViews(found)
		if err != nil {
			return nil, err
		}
		page := paged(views, f.limit(), func(p PersonView) string { return string(p.ID) })
		return &PeopleView{Items: page.Items, Next: page.Next, Total: max(total, 0), Many: total == store.NotCounted}, nil
	})
}

// FindPerson finds someone by their address, for who runs the installation.
func (r *Registrar) FindPerson(ctx context.Context, by issuer.Caller, email string) (*PersonView, error) {
	return look(ctx, r, by, func(w *work) (*PersonView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		address, _, err := issuer.NormalEmail(email)
		if err != nil {
			return nil, err
		}
		p, err := w.PersonByEmail(address)
		if err != nil {
			return nil, err
		}
		return w.personView(p)
	})
}
