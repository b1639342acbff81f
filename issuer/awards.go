package issuer

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// AwardState is where an award stands. Issued and suspended are live.
type AwardState string

// The states of an award. Revoked and erased are final.
const (
	Issued    AwardState = "issued"
	Suspended AwardState = "suspended"
	Expired   AwardState = "expired"
	Revoked   AwardState = "revoked"
	Erased    AwardState = "erased"
)

// Superseded is the state of a credential that a corrected or re-keyed one
// replaced; its award goes on.
const Superseded AwardState = "superseded"

// Visibility says who finds a badge's page.
type Visibility string

// Unlisted pages are open to whoever has the link; hidden ones answer as if
// they never were.
const (
	Unlisted Visibility = "unlisted"
	Public   Visibility = "public"
	Hidden   Visibility = "withdrawn"
)

// Fact is what an award rests on.
type Fact string

// The facts.
const (
	FactCompletion  Fact = "completion"
	FactReview      Fact = "review"      // an approved capstone
	FactRequirement Fact = "requirement" // other awards, or reviews given
	FactExplicit    Fact = "explicit"    // an admin's word, with a reason
)

// Award says that a person earned a version of an achievement. There is one
// live award per person and achievement.
type Award struct {
	ID                   AwardID
	IssuerID             IssuerID
	ProgramID            ProgramID
	CohortID             CohortID // "" if no cohort brought it about
	PersonID             PersonID
	AchievementID        AchievementID
	AchievementVersionID AchievementVersionID
	Subject              string // urn:uuid: of the person in this award, random
	NameSigned           bool   // whether the signed bytes carry the name
	Term                 int    // how many terms went before the one that the award is in
	AwardedOn            Day
	ValidUntil           *time.Time
	Fact                 Fact
	FactID               string // completion, capstone; "" otherwise
	Reason               string // of an explicit award
	State                AwardState
	Visibility           Visibility
	RevokedCode          string // public, from RevocationCodes
	RevokedReason        string // public
	RevokedNote          string // private
	RevokedAt            *time.Time
	SuspendedAt          *time.Time
	SuspendedReason      string
	ErasedAt             *time.Time
	RenewedAt            *time.Time // when the current term began, if it is not the first
	CreatedAt            time.Time
}

// RevocationCodes are the public reasons a badge can be revoked for, with
// the words a page shows.
var RevocationCodes = map[string]string{
	"issued-in-error":    "It was issued by mistake.",
	"evidence-withdrawn": "The evidence it rests on was withdrawn.",
	"misconduct":         "The program's rules were broken.",
	"requirement-unmet":  "A requirement turned out not to be met.",
	"holder-request":     "Its holder asked for it.",
	"other":              "The issuer gave another reason.",
}

// Duplicate is the code of a badge that its holder had twice, because they were
// known here as two people. No one gives it: a merge does, and the badge's page
// leads to the one that counts.
const Duplicate = "duplicate"

// RevocationWords are the words of a code in English, for reports.
func RevocationWords(code string) string {
	if code == Duplicate {
		return "Its holder had it twice; the other one counts."
	}
	return RevocationCodes[code]
}

// Live tells whether an award of this state counts as held; a suspended one
// does.
func (s AwardState) Live() bool { return s == Issued || s == Suspended }

// Live tells whether the award counts as held.
func (a *Award) Live() bool { return a.State.Live() }

// Revoke withdraws an award for good. Revoking again changes nothing.
func (a *Award) Revoke(code, reason, note string, at time.Time) (changed bool, err error) {
	switch a.State {
	case Revoked:
		return false, nil
	case Erased:
		return false, Refuse(Gone, "This badge was erased.")
	}
	if _, ok := RevocationCodes[code]; !ok {
		return false, Wrong("code", "Give one of these reasons as the code: %s.", strings.Join(slices.Sorted(maps.Keys(RevocationCodes)), ", "))
	}
	a.State, a.RevokedCode, a.RevokedReason, a.RevokedNote, a.RevokedAt = Revoked, code, reason, note, &at
	return true, nil
}

// EndTwice ends an award whose holder had it twice.
func (a *Award) EndTwice(at time.Time) {
	a.State, a.RevokedCode, a.RevokedAt = Revoked, Duplicate, &at
}

// Suspend pauses an award until it is reinstated.
func (a *Award) Suspend(reason string, at time.Time) (changed bool, err error) {
	switch a.State {
	case Suspended:
		return false, nil
	case Issued:
		a.State, a.SuspendedAt, a.SuspendedReason = Suspended, &at, reason
		return true, nil
	}
	return false, Refuse(Conflict, "This badge is %s; it cannot be suspended.", a.State)
}

// Reinstate ends a suspension. A revoked badge cannot come back.
func (a *Award) Reinstate() (changed bool, err error) {
	switch a.State {
	case Issued:
		return false, nil
	case Suspended:
		a.State, a.SuspendedAt, a.SuspendedReason = Issued, nil, ""
		return true, nil
	}
	return false, Refuse(Conflict, "This badge is %s; it cannot come back.", a.State)
}
