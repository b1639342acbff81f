package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

// Transcript is a signed Comprehensive Learner Record 2.0 of someone's badges.
type Transcript struct {
	Token   []byte // the ClrCredential as a JSON Web Token (CLR 2.0 §8.2)
	Badges  int
	Partial bool   // it does not hold all that its issuer knows of the person
	File    string // name of its file; whoever writes it says
}

// contextRecords is the vocabulary of CLR 2.0. It is named in a transcript and
// was loaded by nobody who signs one as a token: what is signed are its bytes.
const contextRecords = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

// The types below are those of CLR 2.0, Appendix B, that a transcript has, with
// their members in the order in which they are written.

type clrCredential struct {
	Context   []string    `json:"@context"`
	ID        string      `json:"id"`
	Type      []string    `json:"type"`
	Name      string      `json:"name"`
	Partial   bool        `json:"partial,omitempty"`
	Issuer    ob3.Profile `json:"issuer"`
	ValidFrom ob3.Time    `json:"validFrom"`
	Subject   clrSubject  `json:"credentialSubject"`
}

type clrSubject struct {
	ID           string               `json:"id"`
	Type         []string             `json:"type"`
	Identifier   []ob3.IdentityObject `json:"identifier,omitempty"`
	Credentials  []json.RawMessage    `json:"verifiableCredential"` // as they were signed
	Achievements []ob3.Achievement    `json:"achievement,omitempty"`
	Associations []clrAssociation     `json:"association,omitempty"`
}

type clrAssociation struct {
	Type     string `json:"type"`
	Kind     string `json:"associationType"`
	SourceID string `json:"sourceId"`
	TargetID string `json:"targetId"`
}

// A transcript is one credential, and readers take so much of one: 256 KiB of
// token in base64, 10,000 values. Who has more badges gets several, each of
// which says that it is a part.
const (
	transcriptBytes  = 150 << 10
	transcriptBadges = 30
)

// Transcripts signs a person's current and expired badges as one transcript, or
// as many as it takes. It is for them and for admins of the installation.
//
// Each is read back before it is handed out, as far as our own verifier reads
// it: the token by its signature, issuer and dates, and each badge in it by
// itself. That its other members keep to the standard is held by tests.
func (r *Registrar) Transcripts(ctx context.Context, by issuer.Caller, person issuer.PersonID) ([]Transcript, error) {
	all, err := r.transcripts(ctx, by, person)
	if errors.Is(err, keyring.ErrNoTokenKey) {
		if err := r.EnsureTokenKey(ctx); err != nil {
			return nil, err
		}
		return r.transcripts(ctx, by, person)
	}
	return all, err
}

func (r *Registrar) transcripts(ctx context.Context, by issuer.Caller, person issuer.PersonID) ([]Transcript, error) {
	return act(ctx, r, by, "person.transcript", string(person), func(w *work) ([]Transcript, error) {
		p, err := w.mayTake(person)
		if err != nil {
			return nil, err
		}
		if err := w.mayIssue(); err != nil { // it signs, as issuing does
			return nil, err
		}
		record, err := w.transcriptOf(p)
		if err != nil {
			return nil, err
		}
		w.note("badges", len(record.badges))
		return record.sign(ctx)
	})
}

// learnerRecord is what transcripts of a person are made of.
type learnerRecord struct {
	*work
	person  *issuer.Person
	badges  []BadgeView
	signed  map[issuer.CredentialID][]byte
	leftOut bool
}

// transcriptOf reads the badges of a person that were earned and not taken back;
// one that is paused is left out until it counts again.
func (w *work) transcriptOf(p *issuer.Person) (*learnerRecord, error) {
	all, err := w.badgesOf(p.ID)
	if err != nil {
		return nil, err
	}
	l := &learnerRecord{work: w, person: p, signed: map[issuer.CredentialID][]byte{}}
	for _, b := range all {
		switch b.State {
		case issuer.Issued, issuer.Expired:
			l.badges = append(l.badges, b)
		case issuer.Suspended:
			l.leftOut = true
		}
	}
	if len(l.badges) == 0 {
		return nil, issuer.Refuse(issuer.NotFound, "There is no badge yet that a transcript could hold.")
	}
	copies, err := w.SignedCopiesOf(unique(l.badges, func(b BadgeView) issuer.CredentialID { return b.ID })...)
	for _, c := range copies {
		if c.Format == issuer.FormatDataIntegrity {
			l.signed[c.CredentialID] = c.Bytes
		}
	}
	return l, err
}

// parts cuts the badges into as many lists as it takes.
func (l *learnerRecord) parts() (parts [][]BadgeView) {
	size := 0
	for _, b := range l.badges {
		n := len(l.signed[b.ID])
		if len(parts) == 0 || size+n > transcriptBytes || len(parts[len(parts)-1]) == transcriptBadges {
			parts, size = append(parts, nil), 0
		}
		last := len(parts) - 1
		parts[last], size = append(parts[last], b), size+n
	}
	return parts
}

func (l *learnerRecord) sign(ctx context.Context) ([]Transcript, error) {
	parts := l.parts()
	all := make([]Transcript, len(parts))
	for i, badges := range parts {
		t := &all[i]
		t.Badges, t.Partial = len(badges), l.leftOut || len(parts) > 1
		credential, err := l.credential(badges, t.Partial)
		if err != nil {
			return nil, err
		}
		doc, err := ob3.Marshal(credential)
		if err != nil {
			return nil, err
		}
		token, _, err := l.r.Ring.SignBadgeToken(doc, l.r.BaseURL)
		if err != nil {
			return nil, err
		}
		t.Token = []byte(token)
		if err := l.proven(ctx, t.Token, credential); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (l *learnerRecord) credential(badges []BadgeView, partial bool) (*clrCredential, error) {
	c := &clrCredential{
		Context: []string{ob3.ContextCredentials, contextRecords, ob3.ContextBadges},
		ID:      newURN(), Type: []string{"VerifiableCredential", "ClrCredential"}, Name: "Learning record from " + l.us.Name, Partial: partial,
		Issuer: profile(l.us), ValidFrom: ob3.At(l.Now),
		Subject: clrSubject{ID: newURN(), Type: []string{"ClrSubject"}},
	}
	if l.person.NameConsent == issuer.ConsentGiven {
		c.Subject.Identifier = identifier(l.person.Name)
	}
	for _, b := range badges {
		signed, there := l.signed[b.ID]
		if !there {
			return nil, fmt.Errorf("badge %s has no signed copy", b.ID)
		}
		c.Subject.Credentials = append(c.Subject.Credentials, signed)
	}
	return c, l.relate(&c.Subject, badges)
}

// relate says which achievements are made of which: a level of its modules, a
// program of its levels. What a badge of the transcript counts towards is named
// also where it was not earned yet.
func (l *learnerRecord) relate(s *clrSubject, badges []BadgeView) error {
	earned := map[string]bool{}
	for _, b := range badges {
		earned[b.Program.ID+" "+b.Achievement.Code] = true
	}
	for _, program := range unique(badges, func(b BadgeView) string { return b.Program.ID }) {
		path, err := l.path(issuer.ProgramID(program))
		if err != nil {
			return err
		}
		ids := map[string]string{}
		for _, o := range path.offers {
			ids[o.Code] = l.r.BaseURL + "/achievements/" + string(o.ID)
		}
		for _, o := range path.offers {
			whole := slices.ContainsFunc(o.Current.Rule.All, func(code string) bool { return earned[program+" "+code] })
			if !whole && !earned[program+" "+o.Code] {
				continue
			}
			s.Achievements = append(s.Achievements, achievementDocument(l.r.BaseURL, o.Code, &o.Current))
			for _, code := range o.Current.Rule.All {
				if earned[program+" "+code] {
					s.Associations = append(s.Associations, clrAssociation{"Association", "isParentOf", ids[o.Code], ids[code]})
				}
			}
		}
	}
	return nil
}

// proven reads a transcript back: the exact bytes of the token, then each badge
// that it holds.
func (l *learnerRecord) proven(ctx context.Context, token []byte, c *clrCredential) error {
	own, err := l.r.Ring.VerifierDocument()
	if err != nil {
		return err
	}
	v := verifier.Verifier{Keys: ownTokenKeys{ownKeys{own}, l.r}, Now: func() time.Time { return l.Now }}
	whole, err := v.Verify(ctx, token, verifier.Ask{})
	if err != nil {
		return fmt.Errorf("check transcript before giving it away: %w", err)
	}
	if whole.Verdict != verifier.Verified || whole.Issuer.ID != l.us.DID {
		return fmt.Errorf("check transcript before giving it away: %s", whole.Summary)
	}
	for _, badge := range c.Subject.Credentials {
		report, err := v.Verify(ctx, badge, verifier.Ask{})
		if err != nil {
			return fmt.Errorf("check transcript before giving it away: %w", err)
		}
		for _, check := range report.Checks {
			switch check.Name {
			case "format", "proof", "issuer", "schema":
				if check.Outcome != verifier.Verified {
					return fmt.Errorf("check transcript before giving it away: a badge in it: %s: %s", check.Name, check.Reason)
				}
			}
		}
	}
	return nil
}

// mayTake reads a person for themselves or an admin of the installation, who may
// have all that is known of them.
func (w *work) mayTake(id issuer.PersonID) (*issuer.Person, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	if !w.by.Manages("") && (w.by.Person == "" || w.by.Person != id) {
		return nil, forbid("Only they themselves, or an admin of this installation, may take what is known of a person.")
	}
	p, err := w.Person(id)
	if err != nil {
		return nil, err
	}
	return p, notErased(p)
}
