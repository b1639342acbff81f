package issuer

import (
	"slices"
	"time"
)

// ConflictKind says what stands between a mentor and an impartial decision.
type ConflictKind string

// The kinds. The first two are about a person and hold for all their work, the
// others about one capstone.
const (
	Manages     ConflictKind = "manages" // the mentor manages the person
	Close       ConflictKind = "close"   // family, or a close friend
	WorkedOn    ConflictKind = "worked"  // the mentor worked on it
	OtherReason ConflictKind = "other"
)

// ConflictKinds lists them all.
var ConflictKinds = []ConflictKind{Manages, Close, WorkedOn, OtherReason}

// Personal tells whether the kind is about a person, not about one capstone.
func (k ConflictKind) Personal() bool { return k == Manages || k == Close }

// ConflictOfInterest was declared by a mentor or by the team that they would
// judge. While it stands the mentor decides nothing that it is about. Either
// CapstoneID or PersonID is set.
type ConflictOfInterest struct {
	ID         ConflictID
	IssuerID   IssuerID
	ReviewerID PersonID
	CapstoneID CapstoneID
	PersonID   PersonID
	Kind       ConflictKind
	DeclaredBy PersonID
	DeclaredAt time.Time
}

// Declare makes a conflict of interest about a capstone: between a mentor and,
// for the kinds that are personal, one of its team. The mentor themselves may
// say so, and whoever is in the team.
func Declare(c *Capstone, team []Member, reviewer, about PersonID, kind ConflictKind, by PersonID, at time.Time) (*ConflictOfInterest, error) {
	switch {
	case by == "" || by != reviewer && !inTeam(team, by):
		return nil, Refuse(Forbidden, "Only the mentor and the team can say that a mentor should not review this capstone.")
	case inTeam(team, reviewer):
		return nil, Wrong("reviewer", "No one reviews the work of their own team anyway.")
	case !slices.Contains(ConflictKinds, kind):
		return nil, Wrong("kind", "Choose one of the reasons that are offered.")
	case kind.Personal() && !inTeam(team, about):
		return nil, Wrong("person", "Say of whom in the team.")
	}
	out := &ConflictOfInterest{IssuerID: c.IssuerID, ReviewerID: reviewer, Kind: kind, DeclaredBy: by, DeclaredAt: at}
	if kind.Personal() {
		out.PersonID = about
	} else {
		out.CapstoneID = c.ID
	}
	return out, nil
}

// Against lists those of some conflicts that keep a mentor from a capstone.
func Against(all []ConflictOfInterest, c CapstoneID, team []Member, reviewer PersonID) []ConflictOfInterest {
	return slices.DeleteFunc(slices.Clone(all), func(k ConflictOfInterest) bool {
		return k.ReviewerID != reviewer || k.CapstoneID != c && !inTeam(team, k.PersonID)
	})
}
