package registrar

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"hallmark/issuer"
)

// maxAsked is how many people can be asked about one capstone while their
// answers are awaited: the service is nobody's way to send mail.
const maxAsked = 5

// AskConfirmation mails someone outside the team the question whether what the
// draft claims to be worth is right. The link in it is theirs alone: the team
// does not see it.
func (r *Registrar) AskConfirmation(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, address string) (*CapstoneView, error) {
	secret := rand.Text()
	return act(ctx, r, by, "capstone.ask", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		c, err := h.AskFor(h.team, w.by.Person, secretHash(secret), w.Now)
		if err != nil {
			return nil, err
		}
		if c.Address, _, err = issuer.NormalEmail(address); err != nil {
			return nil, err
		}
		if err := w.mayAsk(h, c.Address); err != nil {
			return nil, err
		}
		c.ID = issuer.ConfirmationID(rand.Text())
		if err := w.AddConfirmation(c); err != nil {
			return nil, err
		}
		team, err := w.teamNames(h.team)
		if err != nil {
			return nil, err
		}
		said, err := json.Marshal(map[string]any{"Capstone": id, "Title": orName(h.Title, h.brief.Name), "Team": team, "Issuer": w.us.Name,
			"Measure": c.Impact.Measure, "Before": c.Impact.Before, "After": c.Impact.After, "Unit": c.Impact.Unit, "Period": c.Impact.Period,
			"Link": w.r.BaseURL + "/impact/" + secret})
		if err != nil {
			return nil, fmt.Errorf("encode message: %w", err)
		}
		if err := w.AddMessages(&issuer.Message{ID: issuer.MessageID(rowID()), IssuerID: w.us.ID, Kind: "mail", Recipient: c.Address,
			Template: "impact-confirm", Data: string(said), State: "queued", NextAt: w.Now, CreatedAt: w.Now}); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

// mayAsk refuses to ask a member of the team, someone who was asked, and too many.
func (w *work) mayAsk(h *heldCapstone, address string) error {
	p, err := w.PersonByEmail(address)
	if err != nil && !errors.Is(err, issuer.NotFound) {
		return err
	}
	if p != nil && issuer.InTeam(h.team, p.ID) {
		return issuer.Wrong("email", "Ask someone outside the team, such as whoever uses what you built.")
	}
	asked, err := w.Confirmations(h.ID)
	waiting := 0
	for _, c := range asked {
		if c.AnsweredAt != nil || w.Now.After(c.ExpiresAt) {
			continue
		}
		if waiting++; c.Address == address && c.Impact == h.Impact {
			return issuer.Wrong("email", "They have been asked already.")
		}
	}
	if waiting >= maxAsked {
		return issuer.Wrong("email", "Wait for an answer first: %d people have been asked.", waiting)
	}
	return err
}

// ClaimView is a claim of business value, as who is asked about it sees it.
type ClaimView struct {
	Title  string
	Team   string
	Issuer string
	Impact issuer.Impact
	Name   string // of the caller, if they are signed in
}

// Claim shows the claim that a link asks about, to whoever has the link.
func (r *Registrar) Claim(ctx context.Context, by issuer.Caller, secret string) (*ClaimView, error) {
	return look(ctx, r, by, func(w *work) (*ClaimView, error) {
		c, h, err := w.asked(secret)
		if err != nil {
			return nil, err
		}
		try := *c // whether an answer would be taken
		if err := try.Reply(h.team, w.by.Person, "someone", issuer.ClaimRight, w.Now); err != nil {
			return nil, err
		}
		team, err := w.teamNames(h.team)
		return &ClaimView{orName(h.Title, h.brief.Name), team, w.us.Name, c.Impact, w.by.Name}, err
	})
}

// asked reads what a link asks about.
func (w *work) asked(secret string) (*issuer.Confirmation, *heldCapstone, error) {
	c, err := w.ConfirmationOf(secretHash(secret))
	if err != nil {
		return nil, nil, err
	}
	h := &heldCapstone{}
	if h.Capstone, err = w.Tx.Capstone(c.CapstoneID); err != nil {
		return nil, nil, err
	}
	if h.brief, err = w.Brief(h.BriefID); err != nil {
		return nil, nil, err
	}
	h.team, err = w.Members(c.CapstoneID)
	return c, h, err
}

// AnswerClaim keeps what whoever has a link says of the claim: as themselves if
// they are signed in, else under the name that they give.
func (r *Registrar) AnswerClaim(ctx context.Context, by issuer.Caller, secret, name string, answer issuer.ConfirmationAnswer) error {
	_, err := act(ctx, r, by, "capstone.confirm", "", func(w *work) (struct{}, error) {
		c, h, err := w.asked(secret)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.CapstoneID)
		if err := w.LockCapstone(c.CapstoneID); err != nil {
			return struct{}{}, err
		}
		if err := w.stillThere(); err != nil {
			return struct{}{}, err
		}
		given := ""
		if w.by.Person == "" {
			if given, _, err = issuer.CleanName(name); err != nil {
				return struct{}{}, err
			}
		}
		if err := c.Reply(h.team, w.by.Person, given, answer, w.Now); err != nil {
			return struct{}{}, err
		}
		w.note("answer", answer)
		return struct{}{}, w.SaveConfirmation(c)
	})
	return err
}

// confirmationViews shows who was asked, and who answered what.
func confirmationViews(asked []issuer.Confirmation, names map[issuer.PersonID]PersonName) []ConfirmationView {
	var out []ConfirmationView
	for _, c := range asked {
		v := ConfirmationView{Impact: c.Impact, Address: c.Address, AskedAt: c.AskedAt, ExpiresAt: c.ExpiresAt, Answer: c.Answer, Name: c.Name, At: c.AnsweredAt}
		if c.PersonID != nil {
			v.Name, v.SignedIn = names[*c.PersonID].Name, true
		}
		out = append(out, v)
	}
	return out
}

// confirming picks who stands behind exactly a claim.
func confirming(asked []ConfirmationView, claim issuer.Impact) []ConfirmationView {
	var out []ConfirmationView
	for _, v := range asked {
		if v.Answer == issuer.ClaimRight && v.Impact == claim {
			out = append(out, v)
		}
	}
	return out
}
