package registrar

import (
	"time"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/ob3"
)

// kind is what most badges with one template have in common. A template is
// looked for by it, and taken only where the rest fits to the byte.
type kind struct {
	achievement, version string
	named, ends          bool
}

// learnt is the template of a kind of badge; nil while none could be made.
type learnt struct {
	template *dataintegrity.Template
	failed   int // examples that were none
}

// examples is how many badges of a kind are tried for a template: some hold
// values by chance that hide what varies.
const examples = 4

// signBadge signs a document, given as members and as bytes. What badges of a
// kind differ in is written into the canonical form of one of them, which is
// kept in memory: it depends on nothing but the document itself, of which every
// byte is compared. A badge that has more members than those which vary (results,
// evidence, endorsements), or that is no template in another way, is signed in
// full, and byte for byte the same as it would be from a template.
func (r *Registrar) signBadge(c *ob3.AchievementCredential, doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
	if t, values := r.template(c, doc); t != nil {
		return r.Ring.SignFromTemplate(t, values, at)
	}
	return r.Ring.SignCredential(doc, at)
}

// template gives the template of a document and what stands in its holes; nil
// if it has none.
func (r *Registrar) template(c *ob3.AchievementCredential, doc []byte) (*dataintegrity.Template, []string) {
	s := &c.CredentialSubject
	if c.CredentialStatus == nil || len(c.Evidence) > 0 || len(c.Endorsement) > 0 || len(s.Result) > 0 || len(s.Identifier) > 1 {
		return nil, nil
	}
	k := kind{achievement: s.Achievement.ID, version: s.Achievement.Version, named: len(s.Identifier) > 0, ends: !c.ValidUntil.IsZero()}
	known, _ := r.templates.Load(k)
	had, _ := known.(learnt)
	if had.template != nil {
		if values, ok := had.template.Values(doc); ok {
			return had.template, values
		}
	} else if had.failed == examples {
		return nil, nil
	}
	t, err := dataintegrity.NewTemplate(doc, k.holes()...)
	if err != nil {
		r.templates.Store(k, learnt{failed: had.failed + 1})
		return nil, nil
	}
	r.templates.Store(k, learnt{template: t})
	values, ok := t.Values(doc)
	if !ok {
		return nil, nil
	}
	return t, values
}

// holes points to what varies among badges of a kind.
func (k kind) holes() []string {
	holes := []string{"/id", "/validFrom", "/awardedDate", "/credentialSubject/id",
		"/credentialStatus/id", "/credentialStatus/statusListIndex", "/credentialStatus/statusListCredential"}
	if k.ends {
		holes = append(holes, "/validUntil")
	}
	if k.named {
		holes = append(holes, "/credentialSubject/identifier/0/identityHash")
	}
	return holes
}
