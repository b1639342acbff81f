package issuer

import "time"

// ConfirmationID is the id of a confirmation.
type ConfirmationID string

// ConfirmationLife is how long someone can answer whether a claim is right.
const ConfirmationLife = 30 * 24 * time.Hour

// Confirmation asks someone outside the team, by mail, whether what a capstone
// claims to be worth is right, and keeps the answer. It speaks of exactly one
// Impact: when the claim changes, the answer does not count for it any more.
type Confirmation struct {
	ID         ConfirmationID
	IssuerID   IssuerID
	CapstoneID CapstoneID
	Impact     Impact
	Address    string // where it was sent; "" once it was answered
	Hash       string // of the secret in the link
	AskedBy    PersonID
	AskedAt    time.Time
	ExpiresAt  time.Time
	Answer     ConfirmationAnswer
	PersonID   *PersonID // who answered, if they were signed in
	Name       string    // as they gave it, if they were not
	AnsweredAt *time.Time
}

// ConfirmationAnswer is what someone says about a claim.
type ConfirmationAnswer string

// The answers.
const (
	ClaimRight ConfirmationAnswer = "yes"
	ClaimWrong ConfirmationAnswer = "no"
)

// Claims tells whether a claim says enough to be confirmed.
func (i Impact) Claims() bool { return i.Measure != "" && i.After != "" }

// Confirms tells whether the answer stands behind exactly this claim.
func (c *Confirmation) Confirms(i Impact) bool { return c.Answer == ClaimRight && c.Impact == i }

// AskFor begins to ask for the confirmation of what the draft claims.
func (c *Capstone) AskFor(team []Member, by PersonID, hash string, at time.Time) (*Confirmation, error) {
	switch {
	case !inTeam(team, by):
		return nil, Refuse(Forbidden, "Only a member of the team can ask for a confirmation.")
	case c.State == Withdrawn:
		return nil, Refuse(Conflict, "This capstone is withdrawn.")
	case !c.Impact.Claims():
		return nil, Wrong("measure", "Say first what was measured and how it is now, and save the draft.")
	}
	return &Confirmation{IssuerID: c.IssuerID, CapstoneID: c.ID, Impact: c.Impact, Hash: hash,
		AskedBy: by, AskedAt: at, ExpiresAt: at.Add(ConfirmationLife)}, nil
}

// Reply keeps what someone answers, once. Nobody confirms the claim of their own
// team. The address is not needed any more then.
func (c *Confirmation) Reply(team []Member, who PersonID, name string, answer ConfirmationAnswer, at time.Time) error {
	switch {
	case c.AnsweredAt != nil:
		return Refuse(Conflict, "This was answered already. Thank you.")
	case at.After(c.ExpiresAt):
		return Refuse(Gone, "This link has ended. Ask the team for a new one.")
	case inTeam(team, who):
		return Refuse(Forbidden, "No one confirms what their own team claims.")
	case answer != ClaimRight && answer != ClaimWrong:
		return Wrong("answer", "Say whether the claim is right.")
	case who == "" && name == "":
		return Wrong("name", "Give your name, so that it can be said who answered.")
	}
	c.Answer, c.AnsweredAt, c.Address = answer, &at, ""
	if who != "" {
		c.PersonID = &who
	} else {
		c.Name = name
	}
	return nil
}
