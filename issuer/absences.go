package issuer

import "time"

// Absence says that a mentor is away from one day to another, both included,
// and who covers; Cover is "" if nobody does.
type Absence struct {
	ID        AbsenceID
	IssuerID  IssuerID
	PersonID  PersonID
	FromOn    Day
	UntilOn   Day
	CoverID   PersonID
	CreatedAt time.Time
}

// MaxAbsence is how many days one absence can last.
const MaxAbsence = 366

// Check refuses an absence that is over, that ends before it begins or that
// nobody can mean.
func (a *Absence) Check(today Day) error {
	if _, err := ParseDay(string(a.FromOn)); err != nil {
		return Wrong("from", "%s", err.Error())
	}
	if _, err := ParseDay(string(a.UntilOn)); err != nil {
		return Wrong("until", "%s", err.Error())
	}
	switch {
	case a.UntilOn.Before(a.FromOn):
		return Wrong("until", "The last day comes before the first.")
	case a.UntilOn.Before(today):
		return Wrong("until", "This is over already; say when you will be away.")
	case a.UntilOn.Time().Sub(a.FromOn.Time()) >= MaxAbsence*24*time.Hour:
		return Wrong("until", "Give at most %d days; if it takes longer, ask who runs the program to find another mentor.", MaxAbsence)
	case a.CoverID == a.PersonID:
		return Wrong("cover", "Choose someone else to cover for you.")
	}
	return nil
}

// On tells whether the absence takes in a day.
func (a *Absence) On(day Day) bool { return !day.Before(a.FromOn) && !a.UntilOn.Before(day) }
