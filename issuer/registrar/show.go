package registrar

import (
	"hallmark/issuer"
)

// Making views of rows. Lists are made with one question per kind of thing,
// not one per row.

func unique[K comparable, T any](rows []T, key func(T) K) []K {
	seen, out := map[K]bool{}, []K{}
	var zero K
	for _, r := range rows {
		if k := key(r); k != zero && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

func byID[K comparable, T any](rows []T, key func(T) K) map[K]T {
	out := make(map[K]T, len(rows))
	for _, r := range rows {
		out[key(r)] = r
	}
	return out
}

// grouped puts rows together that have a key in common, in their order.
func grouped[K comparable, T any](rows []T, key func(T) K) map[K][]T {
	out := map[K][]T{}
	for _, r := range rows {
		out[key(r)] = append(out[key(r)], r)
	}
	return out
}

func (w *work) names(ids ...issuer.PersonID) (map[issuer.PersonID]PersonName, error) {
	people, err := w.People(ids...)
	out := map[issuer.PersonID]PersonName{}
	for _, p := range people {
		out[p.ID] = PersonName{ID: p.ID, Name: p.Name}
		if p.ErasedAt != nil {
			out[p.ID] = PersonName{ID: p.ID, Name: issuer.SomeoneErased}
		}
	}
	return out, err
}

// asMentor is a name as that of who decided.
func asMentor(n PersonName) PersonName {
	if n.Name == issuer.SomeoneErased {
		n.Name = issuer.MentorErased
	}
	return n
}

func namedProgram(p *issuer.Program) Named { return Named{string(p.ID), p.Code, p.Name} }
func namedCohort(c *issuer.Cohort) Named   { return Named{string(c.ID), c.Code, c.Name} }
func namedModule(m *issuer.Module) Named   { return Named{string(m.ID), m.Code, m.Name} }
func namedBrief(b *issuer.Brief) Named     { return Named{string(b.ID), b.Code, b.Name} }

// places reads every program and cohort: there are few, and views need them
// by name.
type places struct {
	programs map[issuer.ProgramID]Named
	cohorts  map[issuer.CohortID]Named
}

func (w *work) personView(p *issuer.Person) (*PersonView, error) {
	views, err := w.personViews([]issuer.Person{*p})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

func (w *work) personViews(people []issuer.Person) ([]PersonView, error) {
	ids := unique(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	emails, err := w.Emails(ids...)
	if err != nil {
		return nil, err
	}
	grants, err := w.Grants(ids...)
	if err != nil {
		return nil, err
	}
	givers, err := w.names(unique(grants, func(g issuer.Grant) issuer.PersonID { return g.GrantedBy })...)
	if err != nil {
		return nil, err
	}
	enrollments, err := w.Enrollments(ids...)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	views := make([]PersonView, len(people))
	for i, p := range people {
		v := &views[i]
		*v = PersonView{PersonName: PersonName{ID: p.ID, Name: p.Name}, Department: p.Department, Experience: p.Experience,
			TimeZone: p.TimeZone, Consent: p.NameConsent, CreatedAt: p.CreatedAt, SignedInAt: p.SignedInAt}
		for _, e := range emails {
			if e.PersonID == p.ID && e.Main {
				v.Email = e.Address
			}
		}
		for _, g := range grants {
			if g.PersonID == p.ID {
				v.Grants = append(v.Grants, GrantView{g.ID, RoleView{Role: g.Role, Tier: g.Tier, Program: at.programs[g.ProgramID], Cohort: at.cohorts[g.CohortID]}, g.CreatedAt, givers[g.GrantedBy]})
			}
		}
		for _, e := range enrollments {
			if e.PersonID == p.ID {
				v.Enrollments = append(v.Enrollments, at.cohorts[e.CohortID])
			}
		}
	}
	return views, nil
}

// badgeViews shows awards by their credentials, in the order given, each by that
// of the term that it is in.
func (w *work) badgeViews(awards []issuer.Award) ([]BadgeView, error) {
	credentials, err := w.CredentialsOfAwards(unique(awards, func(a issuer.Award) issuer.AwardID { return a.ID })...)
	if err != nil {
		return nil, err
	}
	current := map[termOf]issuer.Credential{}
	for _, c := range credentials {
		if c.SupersededBy == "" {
			current[termOf{c.AwardID, c.Term}] = c
		}
	}
	list := make([]issuer.Credential, 0, len(awards))
	for _, a := range awards {
		list = append(list, current[termOf{a.ID, a.Term}])
	}
	return w.credentialViews(list, awards)
}

// badgeOf shows an award by its credential.
func (w *work) badgeOf(a *issuer.Award) (*BadgeView, error) {
	views, err := w.badgeViews([]issuer.Award{*a})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

// credentialViews shows credentials, each of the award in the same place or,
// without awards, of its own.
func (w *work) credentialViews(credentials []issuer.Credential, awards []issuer.Award) ([]BadgeView, error) {
	awards, err := w.awardsThen(credentials, awards)
	if err != nil {
		return nil, err
	}
	version, err := w.versions(unique(awards, func(a issuer.Award) issuer.AchievementVersionID { return a.AchievementVersionID })...)
	if err != nil {
		return nil, err
	}
	achievements, err := w.AchievementsByID(unique(awards, func(a issuer.Award) issuer.AchievementID { return a.AchievementID })...)
	if err != nil {
		return nil, err
	}
	achievement := byID(achievements, func(a issuer.Achievement) issuer.AchievementID { return a.ID })
	people, err := w.names(unique(awards, func(a issuer.Award) issuer.PersonID { return a.PersonID })...)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	views := make([]BadgeView, 0, len(credentials))
	for i, c := range credentials {
		a := awards[i]
		v := version[a.AchievementVersionID]
		view := badgeView(w.r.BaseURL, &c, &a)
		view.Achievement = achievementRef(achievement[a.AchievementID].Code, &v)
		view.Person, view.Program, view.Cohort = people[a.PersonID], at.programs[a.ProgramID], at.cohorts[a.CohortID]
		if w.by.Manages(a.ProgramID) {
			view.RevokedNote = a.RevokedNote
		}
		views = append(views, view)
	}
	if err := w.linkTwice(views, awards); err != nil {
		return nil, err
	}
	return views, w.linkTerms(views, credentials, awards)
}

// linkTwice leads from badges that ended because their holder had them twice to
// those that count, unless these were taken down.
func (w *work) linkTwice(views []BadgeView, awards []issuer.Award) error {
	for i := range views {
		if views[i].RevokedCode != issuer.Duplicate || views[i].ReplacedBy != "" {
			continue
		}
		counts, err := w.CountsInstead(&awards[i])
		if err != nil {
			return err
		}
		views[i].ReplacedBy = counts
	}
	return nil
}

// newBadges shows what an act has just awarded, from what it has in hand.
func (w *work) newBadges(all []*earned, cohort *issuer.Cohort) []BadgeView {
	views := make([]BadgeView, 0, len(all))
	for _, e := range all {
		v := badgeView(w.r.BaseURL, e.credential, &e.Award)
		v.Achievement = achievementRef(e.offer.Code, &e.offer.Current)
		v.Person, v.Program = PersonName{ID: e.person.ID, Name: e.person.Name}, namedProgram(e.program)
		if cohort != nil {
			v.Cohort = namedCohort(cohort)
		}
		views = append(views, v)
	}
	return views
}

// badgeView is the part of a view that the award and its credential tell.
func badgeView(base string, c *issuer.Credential, a *issuer.Award) BadgeView {
	v := BadgeView{ID: c.ID, URL: badgeURL(base, c.ID), State: a.State, AwardedOn: a.AwardedOn, IssuedAt: c.IssuedAt,
		ValidUntil: a.ValidUntil, Visibility: a.Visibility, NameSigned: a.NameSigned, Fact: a.Fact, FactID: a.FactID,
		RevokedCode: a.RevokedCode, RevokedReason: a.RevokedReason, RevokedAt: a.RevokedAt,
		SuspendedAt: a.SuspendedAt, SuspendedReason: a.SuspendedReason, Supersedes: c.Supersedes, ReplacedBy: c.SupersededBy}
	if c.SupersededBy != "" && a.State != issuer.Erased {
		v.State = issuer.Superseded
	}
	return v
}

func badgeURL(base string, id issuer.CredentialID) string { return base + "/v/" + string(id) }

func achievementRef(code string, v *issuer.AchievementVersion) AchievementRef {
	return AchievementRef{ID: v.AchievementID, Code: code, Version: v.Version, Name: v.Name, Description: v.Description,
		Criteria: v.Criteria, Type: v.Type, ValidMonths: v.ValidMonths, Art: v.Art, Skills: v.Skills}
}

func levelNamed(l issuer.Level) Named { return Named{string(l.ID), l.Code, l.Name} }

func briefView(b *issuer.Brief, l issuer.Level) BriefView {
	return BriefView{ID: b.ID, Code: b.Code, Name: b.Name, Text: b.Text, Level: levelNamed(l), TeamMin: b.TeamMin, TeamMax: b.TeamMax,
		Requires: b.Requires, Approvals: b.Approvals, NeedsLead: b.NeedsLead, Scope: b.Scope, Policy: b.Policy, EvidenceKinds: b.EvidenceKinds,
		Measures: b.Measures, Rubric: b.Rubric, Retired: b.RetiredAt != nil}
}
