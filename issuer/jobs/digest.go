package jobs

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// foldAtOnce is how many mails one digest brings; more go with the next.
const foldAtOnce = 100

// sifter decides which of the mails that are due go by themselves: what their
// readers said of them counts as of now, and nobody is sent forty at once.
type sifter struct {
	*Runner
	tx     *store.Tx
	chosen map[issuer.PersonID]map[issuer.Moment]string
	went   map[issuer.PersonID]int // within issuer.FloodWithin, those of this round included
	folded map[issuer.PersonID]bool
}

// sift gives those of the claimed mails that are to be sent now, and keeps what
// becomes of the others.
func (r *Runner) sift(tx *store.Tx, claimed []issuer.Message) ([]issuer.Message, error) {
	s := &sifter{r, tx, map[issuer.PersonID]map[issuer.Moment]string{}, map[issuer.PersonID]int{}, map[issuer.PersonID]bool{}}
	var now []issuer.Message
	for i := range claimed {
		m := &claimed[i]
		goes, err := s.goes(m)
		if err != nil {
			return nil, err
		}
		if goes {
			now = append(now, *m)
		}
	}
	return now, nil
}

func (s *sifter) goes(m *issuer.Message) (bool, error) {
	moment := issuer.Moment(m.Template)
	if m.PersonID == "" || !moment.Stoppable() {
		return true, nil
	}
	if m.Stop == "" {
		m.Stop = rand.Text() // kept, so that every attempt carries the same link
	}
	if moment == issuer.DigestMoment {
		return true, s.tx.SaveMessage(m)
	}
	choice, err := s.choice(m.PersonID, moment)
	if err != nil {
		return false, err
	}
	switch {
	case choice == issuer.MailOff:
		m.Stopped()
		return false, s.tx.SaveMessage(m)
	case m.Attempts > 1: // it may have arrived
		return true, s.tx.SaveMessage(m)
	case m.Held:
		return s.fold(m)
	case choice == issuer.MailDaily:
		return false, s.hold(m, s.morning)
	}
	many, err := s.tooMany(m.PersonID)
	if err != nil {
		return false, err
	}
	if many {
		return false, s.hold(m, func(issuer.PersonID) (time.Time, error) { return s.tx.Now.Add(issuer.FloodPause), nil })
	}
	s.went[m.PersonID]++
	return true, s.tx.SaveMessage(m)
}

func (s *sifter) choice(p issuer.PersonID, m issuer.Moment) (string, error) {
	if s.chosen[p] == nil {
		choices, err := s.tx.MailChoices(p)
		if err != nil {
			return "", err
		}
		s.chosen[p] = map[issuer.Moment]string{}
		for _, c := range choices {
			s.chosen[p][c.Moment] = c.Choice
		}
	}
	return s.chosen[p][m], nil
}

func (s *sifter) tooMany(p issuer.PersonID) (bool, error) {
	if _, known := s.went[p]; !known {
		n, err := s.tx.SentLately(p, s.tx.Now.Add(-issuer.FloodWithin))
		if err != nil {
			return false, err
		}
		s.went[p] = n
	}
	return s.went[p] >= issuer.FloodAfter, nil
}

// hold lets a mail wait: for those that wait already, else until what when says.
func (s *sifter) hold(m *issuer.Message, when func(issuer.PersonID) (time.Time, error)) error {
	others, err := s.tx.HeldMessages(m.PersonID, 1)
	if err != nil {
		return err
	}
	until := time.Time{}
	if len(others) > 0 && others[0].NextAt.After(s.tx.Now) {
		until = others[0].NextAt
	} else if until, err = when(m.PersonID); err != nil {
		return err
	}
	m.Hold(until)
	return s.tx.SaveMessage(m)
}

func (s *sifter) morning(p issuer.PersonID) (time.Time, error) {
	person, err := s.tx.Person(p)
	if err != nil {
		return time.Time{}, err
	}
	return issuer.NextMorning(s.tx.Now, person.TimeZone), nil
}

// digest is what the mail says that brings others.
type digest struct {
	Name, Link string
	Items      []digestItem
}

type digestItem struct{ Subject, Link string }

// take puts a mail into a digest. One that cannot be written goes alone, where
// it is told what is wrong with it.
func (s *sifter) take(into *digest, m *issuer.Message, language string) error {
	var its struct{ Name, Link string }
	subject, _, _, err := s.Render(language, m.Template, json.RawMessage(m.Data))
	if err == nil {
		err = json.Unmarshal([]byte(m.Data), &its)
	}
	if err != nil {
		m.Held, m.NextAt = false, s.tx.Now
		return s.tx.SaveMessage(m)
	}
	into.Name, into.Items = its.Name, append(into.Items, digestItem{subject, its.Link})
	m.Bundled()
	return s.tx.SaveMessage(m)
}

// fold puts what waits for a person into one mail; one that waits alone goes as
// it is.
func (s *sifter) fold(m *issuer.Message) (alone bool, err error) {
	if s.folded[m.PersonID] {
		return false, nil // with the one before, in this round
	}
	s.folded[m.PersonID] = true
	held, err := s.tx.HeldMessages(m.PersonID, foldAtOnce)
	if err != nil {
		return false, err
	}
	if len(held) < 2 {
		return true, s.tx.SaveMessage(m)
	}
	language, err := languageOf(s.tx, m)
	if err != nil {
		return false, err
	}
	said := digest{Link: s.BaseURL + "/home"}
	for i := range held {
		if err := s.take(&said, &held[i], language); err != nil {
			return false, err
		}
	}
	data, err := json.Marshal(said)
	if err != nil {
		return false, fmt.Errorf("encode digest: %w", err)
	}
	return false, s.tx.AddMessage(&issuer.Message{ID: issuer.MessageID(rand.Text()), IssuerID: m.IssuerID, PersonID: m.PersonID, Kind: "mail", Recipient: m.Recipient,
		Template: string(issuer.DigestMoment), Data: string(data), State: "queued", NextAt: s.tx.Now, CreatedAt: s.tx.Now})
}
