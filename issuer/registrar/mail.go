package registrar

import (
	"cmp"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
)

// tellOf mails people that they earned badges.
func (w *work) tellOf(queue []*earned) error {
	var letters []letter
	for _, e := range queue {
		switch {
		case e.quiet:
		case e.Term > 0:
			letters = append(letters, w.renewalLetter(e.person, e.offer.Current.Name, &e.Award, e.credential.ID))
		default:
			letters = append(letters, letter{to: e.person, template: "badge-issued", known: letterOf(e), data: map[string]any{"Badge": e.offer.Current.Name, "Issuer": w.us.Name,
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
	once     issuer.MessageID // of a letter that is written once; "" for others
	known    issuer.MessageID // of one that its reader is told the fate of; "" for others
	at       string           // address that it goes to; "" for their main one
}

// letterOf is the id of the letter about a badge that came of a capstone: its
// holder sees what became of it. Others have ids that begin with the time.
func letterOf(e *earned) issuer.MessageID {
	if e.Fact != issuer.FactReview {
		return ""
	}
	return issuedLetter(e.credential.ID)
}

func issuedLetter(badge issuer.CredentialID) issuer.MessageID {
	return issuer.MessageID("issued-" + string(badge))
}

// encoded is what a mail says, as the outbox keeps it.
func encoded(said any) (string, error) {
	text, err := json.Marshal(said)
	if err != nil {
		return "", fmt.Errorf("encode mail: %w", err)
	}
	return string(text), nil
}

// mail puts a message to a person's main address into the outbox. Someone
// without an address gets none.
func (w *work) mail(to *issuer.Person, template string, data map[string]any) error {
	return w.mailAll([]letter{{to: to, template: template, data: data}})
}

func (w *work) mailAll(letters []letter) error {
	if len(letters) == 0 {
		return nil
	}
	address, err := w.addresses(unique(letters, func(l letter) issuer.PersonID { return l.to.ID }))
	if err != nil {
		return err
	}
	var messages []*issuer.Message
	for _, l := range letters {
		to := cmp.Or(l.at, address[l.to.ID])
		if to == "" {
			continue
		}
		l.data["Name"] = l.to.Name
		text, err := encoded(l.data)
		if err != nil {
			return err
		}
		m := &issuer.Message{ID: l.once, IssuerID: w.us.ID, PersonID: l.to.ID, Kind: "mail", Recipient: to,
			Template: l.template, Data: text, State: "queued", NextAt: w.Now, CreatedAt: w.Now}
		if m.ID != "" {
			if _, err := w.AddMessageOnce(m); err != nil {
				return err
			}
			continue
		}
		if m.ID = l.known; m.ID == "" {
			m.ID = issuer.MessageID(rowID())
		}
		messages = append(messages, m)
	}
	return w.AddMessages(messages...)
}

// addresses gives people's main addresses.
func (w *work) addresses(people []issuer.PersonID) (map[issuer.PersonID]string, error) {
	address := map[issuer.PersonID]string{}
	var unknown []issuer.PersonID
	for _, p := range people {
		if address[p] = w.main[p]; address[p] == "" {
			unknown = append(unknown, p)
		}
	}
	if len(unknown) == 0 {
		return address, nil
	}
	emails, err := w.Emails(unknown...)
	for _, e := range emails { // the main one of each is the first
		if address[e.PersonID] == "" {
			address[e.PersonID] = e.Address
		}
	}
	return address, err
}
