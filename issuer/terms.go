package issuer

import "time"

// An award whose end is near can be renewed: another term begins, with a badge
// of its own, and what was issued before runs to its own end. The award says of
// itself how it stands in its current term.
//
// A term counts from the day of the fact that began it, like the first one:
// awardedDate is the day of the fact and validUntil counts from awardedDate, so
// that whoever reads a badge can see from the badge alone why it ends when it
// does. Counted from the end of the term before, a badge would name a day that
// is still to come, or an end that nothing in it explains. Who renews early
// loses what was left, at most RenewDays; two badges are good meanwhile.

// RenewDays is how long before the end of a term a fact begins another one;
// before that, it is held already. Of a short term it is the second half.
const RenewDays = 90

// Term is what a term of an award rests on, and how long it runs.
type Term struct {
	CohortID             CohortID
	AchievementVersionID AchievementVersionID
	AwardedOn            Day
	ValidUntil           *time.Time
	Fact                 Fact
	FactID               string
	Reason               string
}

// PastTerm is a term of an award that another followed.
type PastTerm struct {
	AwardID              AwardID
	Term                 int // from 0
	IssuerID             IssuerID
	CohortID             CohortID
	AchievementVersionID AchievementVersionID
	AwardedOn            Day
	ValidUntil           *time.Time
	Fact                 Fact
	FactID               string
	Reason               string
	BeganAt              time.Time
}

// AsTerm is the term that the award is in.
func (a *Award) AsTerm() Term {
	return Term{a.CohortID, a.AchievementVersionID, a.AwardedOn, a.ValidUntil, a.Fact, a.FactID, a.Reason}
}

// RenewFrom is the first day whose facts renew the award; "" if it has no end.
func (a *Award) RenewFrom() Day {
	if a.ValidUntil == nil {
		return ""
	}
	end := DayOf(*a.ValidUntil, time.UTC).Time()
	days := int(end.Sub(a.AwardedOn.Time())/(24*time.Hour)) / 2
	return DayOf(end.AddDate(0, 0, -min(days, RenewDays)), time.UTC)
}

// Due tells whether a fact of a day renews the award. A suspended one is not
// renewed: no good badge is put out of what is paused.
func (a *Award) Due(day Day, at time.Time) bool {
	return a.State == Issued && a.ValidUntil != nil && !a.Lapsed(at) && !day.Before(a.RenewFrom())
}

// Since is when the current term began.
func (a *Award) Since() time.Time {
	if a.RenewedAt != nil {
		return *a.RenewedAt
	}
	return a.CreatedAt
}

// Renew begins another term and gives the one that is past by it. It changes
// nothing if it refuses.
func (a *Award) Renew(next Term, at time.Time) (*PastTerm, error) {
	switch {
	case a.State == Suspended:
		return nil, Refuse(Conflict, "This badge is paused; reinstate it before you renew it.")
	case !a.Live() || a.Lapsed(at):
		return nil, Refuse(Conflict, "This badge does not count any more; it can be earned anew.")
	case a.ValidUntil == nil:
		return nil, Refuse(Conflict, "This badge has no end, so there is nothing to renew.")
	case !a.Due(next.AwardedOn, at):
		return nil, Refuse(Conflict, "This badge is good until %s; it can be renewed from %s on.", DayOf(*a.ValidUntil, time.UTC), a.RenewFrom())
	case next.ValidUntil != nil && !next.ValidUntil.After(*a.ValidUntil):
		return nil, Refuse(Conflict, "This badge is good until %s; another term would not end later.", DayOf(*a.ValidUntil, time.UTC))
	}
	past := &PastTerm{AwardID: a.ID, Term: a.Term, IssuerID: a.IssuerID, CohortID: a.CohortID, AchievementVersionID: a.AchievementVersionID,
		AwardedOn: a.AwardedOn, ValidUntil: a.ValidUntil, Fact: a.Fact, FactID: a.FactID, Reason: a.Reason, BeganAt: a.Since()}
	a.Term, a.RenewedAt = a.Term+1, &at
	a.CohortID, a.AchievementVersionID, a.AwardedOn, a.ValidUntil = next.CohortID, next.AchievementVersionID, next.AwardedOn, next.ValidUntil
	a.Fact, a.FactID, a.Reason = next.Fact, next.FactID, next.Reason
	return past, nil
}

// Of gives an award as it was in the term. That it was renewed is still seen of
// it: RenewedAt is left.
func (p *PastTerm) Of(a Award) Award {
	a.Term, a.CohortID, a.AchievementVersionID = p.Term, p.CohortID, p.AchievementVersionID
	a.AwardedOn, a.ValidUntil = p.AwardedOn, p.ValidUntil
	a.Fact, a.FactID, a.Reason = p.Fact, p.FactID, p.Reason
	return a
}

// Ended tells whether the term is over.
func (p *PastTerm) Ended(at time.Time) bool { return p.ValidUntil != nil && at.After(*p.ValidUntil) }
