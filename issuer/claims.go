package issuer

import (
	"strconv"
	"time"
)

// ClaimLasts is how long a mentor has a capstone to themselves after they claimed
// it or last worked on it.
const ClaimLasts = 4 * time.Hour

// Claim says that a mentor is at work on a capstone that waits. There is one of
// a capstone at most. It guides: while it holds nobody else decides, and once
// its time is over anyone entitled may, as before.
type Claim struct {
	CapstoneID CapstoneID
	IssuerID   IssuerID
	PersonID   PersonID
	ClaimedAt  time.Time
	Until      time.Time
}

// Waits tells whether a capstone in the state waits for a mentor, be it for
// its scope or for what was handed in.
func (s CapstoneState) Waits() bool { return s == Submitted || s == ScopeSubmitted }

// Holds tells whether the claim counts at a time. No claim counts never.
func (c *Claim) Holds(at time.Time) bool { return c != nil && at.Before(c.Until) }

// HeldBy tells whether the claim counts and is someone's.
func (c *Claim) HeldBy(p PersonID, at time.Time) bool { return c.Holds(at) && c.PersonID == p }

// HeldByOther tells whether the claim counts and is someone else's.
func (c *Claim) HeldByOther(p PersonID, at time.Time) bool { return c.Holds(at) && c.PersonID != p }

// Renew gives a claim its whole time again, because its mentor works on it.
func (c *Claim) Renew(at time.Time) { c.Until = at.Add(ClaimLasts) }

// Claim is what a mentor who begins on a capstone gets. have is the claim that
// is there, nil for none: their own is renewed, one whose time is over gives
// way, another's only if they say that they take it over.
func (c *Capstone) Claim(have *Claim, by PersonID, takeOver bool, at time.Time) (*Claim, error) {
	switch {
	case !c.State.Waits():
		return nil, Refuse(Conflict, "This capstone does not wait for a mentor; it is %s.", c.State)
	case have.HeldBy(by, at):
		mine := *have
		mine.Renew(at)
		return &mine, nil
	case have.HeldByOther(by, at) && !takeOver:
		return nil, Refuse(Conflict, "Another mentor is at work on this capstone. Take it over if it cannot wait.")
	}
	return &Claim{CapstoneID: c.ID, IssuerID: c.IssuerID, PersonID: by, ClaimedAt: at, Until: at.Add(ClaimLasts)}, nil
}

// ClaimNear is how long before a claim ends its mentor is told; ClaimLate how long
// after it did they still are, where the service was away.
const (
	ClaimNear = 30 * time.Minute
	ClaimLate = 2 * time.Hour
)

// ClaimMail is what the mentor of a claim is told of by mail.
type ClaimMail string

// The mails of a claim.
const (
	ClaimEnding ClaimMail = "claim-ending"
	ClaimEnded  ClaimMail = "claim-ended"
)

// Due tells what of the claim is to be told at a time, "" for nothing, and the
// id of that mail. That it ends soon is told once of a claim, however often it
// is renewed; that it ended once of each end.
func (c *Claim) Due(at time.Time) (ClaimMail, MessageID) {
	id := string(c.CapstoneID) + "-" + string(c.PersonID) + "-"
	switch left := c.Until.Sub(at); {
	case left > ClaimNear || left <= -ClaimLate:
		return "", ""
	case left > 0:
		return ClaimEnding, MessageID(string(ClaimEnding) + "-" + id + strconv.FormatInt(c.ClaimedAt.Unix(), 36))
	}
	return ClaimEnded, MessageID(string(ClaimEnded) + "-" + id + strconv.FormatInt(c.Until.Unix(), 36))
}

// ReviewDraft is what a mentor has of a review and did not send yet.
type ReviewDraft struct {
	CapstoneID CapstoneID
	PersonID   PersonID
	IssuerID   IssuerID
	Scores     Scores
	Reason     string
	Note       string
	SavedAt    time.Time
}
