package issuer

import "time"

// LostEntry is a place in a status list whose bit was published, and whose
// credential the records do not know since they were put back to an earlier
// state. The bit stays set.
type LostEntry struct {
	StatusListID StatusListID
	StatusIndex  int
	IssuerID     IssuerID
	FoundAt      time.Time
}

// LostCredential is a badge that the public log knows and the records lost.
type LostCredential struct {
	ID       CredentialID
	IssuerID IssuerID
	FoundAt  time.Time
}

// Hold keeps records that were put back to an earlier state from going on from
// it. The zero Hold holds nothing.
type Hold struct {
	Since time.Time `json:"since"`
	// Known tells that what was published after that state is known and that no
	// published revocation is forgotten; otherwise no list is signed either.
	Known bool `json:"known"`
}

// Holds tells whether it does.
func (h Hold) Holds() bool { return !h.Since.IsZero() }

// Halt is what it means for issuing.
func (h Hold) Halt() Halt {
	return Halt{Since: h.Since, By: "system:restore",
		Reason: "The records were put back to an earlier state; whoever runs the installation goes on with “hallmark doctor --reconcile”."}
}
