package registrar

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
)

// tellOf mails people that they earned badges.
func (w *work) tellOf(queue []*earned) error {
	var letters []letter
	for _, e := range queue {
		if !e.quiet {
			letters = append(letters, letter{e.person, "badge-issued", map[string]any{"Badge": e.offer.Current.Name, "Issuer": w.us.Name,
				"Link": badgeURL(w.r.BaseURL, e.credential.ID)}})
		}
	}
	return w.mailAll(letters)
}

// letter is a mail to a person.
type letter struct {
	to       *issuer.Person
	template string
	data     map[string]any
}

// mail puts a message to a person's main address into the outbox. Someone
// without an address gets none.
func (w *work) mail(to *issuer.Person, template string, data map[string]any) error {
	return w.mailAll([]letter{{to, template, data}})
}

func (w *work) mailAll(letters []letter) error {
	if len(letters) == 0 {
		return nil
	}
	emails, err := w.Emails(unique(letters, func(l letter) issuer.PersonID { return l.to.ID })...)
	if err != nil {
		return err
	}
	address := map[issuer.PersonID]string{}
	for _, e := range emails { // the main one of each is the first
		if address[e.PersonID] == "" {
			address[e.PersonID] = e.Address
		}
	}
	var messages []*issuer.Message
	for _, l := range letters {
		to := address[l.to.ID]
		if to == "" {
			continue
		}
		l.data["Name"] = l.to.Name
		text, err := json.Marshal(l.data)
		if err != nil {
			return fmt.Errorf("encode message: %w", err)
		}
		messages = append(messages, &issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: w.us.ID, Kind: "mail", Recipient: to,
			Template: l.template, Data: string(text), State: "queued", NextAt: w.Now, CreatedAt: w.Now})
	}
	return w.AddMessages(messages...)
}
