package issuer

import "time"

// RequestState is where a request stands.
type RequestState string

// The states of requests and appeals. All but open are final.
const (
	RequestOpen      RequestState = "open"
	RequestDone      RequestState = "done"      // the name was corrected
	RequestRefused   RequestState = "refused"   // it stays, and the answer says why
	RequestWithdrawn RequestState = "withdrawn" // who asked took it back
	AppealStands     RequestState = "stands"    // the return stands, and the answer says why
	AppealReopened   RequestState = "reopened"  // the submission waits for a decision again
)

// NameRequest asks that a person's name be corrected. They have one open at a time.
type NameRequest struct {
	ID         NameRequestID
	IssuerID   IssuerID
	PersonID   PersonID
	Name       string // as it should be
	Note       string // why, as they say
	State      RequestState
	Answer     string
	AnsweredBy PersonID
	CreatedAt  time.Time
	AnsweredAt *time.Time
}

// Settle ends the request. Saying no takes a reason.
func (r *NameRequest) Settle(to RequestState, answer string, by PersonID, at time.Time) error {
	switch {
	case r.State != RequestOpen:
		return Refuse(Conflict, "This request is already %s.", r.State)
	case (to == RequestWithdrawn) != (by == r.PersonID):
		return Refuse(Forbidden, "No one answers their own request.")
	case to == RequestRefused && answer == "":
		return Wrong("answer", "Say why the name stays as it is.")
	case to != RequestDone && to != RequestRefused && to != RequestWithdrawn:
		return Wrong("decision", "Decide “done” or “refused”.")
	}
	r.State, r.Answer, r.AnsweredBy, r.AnsweredAt = to, answer, by, &at
	return nil
}
