package registrar

import (
	"fmt"
	"strings"
	"time"

	"hallmark/issuer/store"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/ob3"
)

// kind is what most badges with one template have in common. A template is
// looked for by it, and taken only where the rest fits to the byte.
type kind struct {
	achievement, version string
	picture              string // its digest: one for each year
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

// signBadge signs a paper, whose document is given as bytes too. What badges of a
// kind differ in is written into the canonical form of one of them, which is
// kept in memory: it depends on nothing but the document itself, of which every
// byte is compared. A badge that has more members than those which vary (results,
// evidence, endorsements), or that is no template in another way, is signed in
// full, and byte for byte the same as it would be from a template.
func (r *Registrar) signBadge(p *paper, doc []byte, at time.Time) (err error) {
	if k, t, values := r.template(p.doc, doc); t != nil {
		p.kind = k
		p.signed, p.key, err = r.Ring.SignFromTemplate(t, values, at)
		return err
	}
	p.signed, p.key, err = r.Ring.SignCredential(doc, at)
	return err
}

// template gives the template of a document, its kind and what stands in its
// holes; nil if it has none.
func (r *Registrar) template(c *ob3.AchievementCredential, doc []byte) (*kind, *dataintegrity.Template, []string) {
	s := &c.CredentialSubject
	if c.CredentialStatus == nil || len(c.Evidence) > 0 || len(c.Endorsement) > 0 || len(s.Result) > 0 || len(s.Identifier) > 1 {
		return nil, nil, nil
	}
	picture := ""
	for _, r := range c.RelatedResource {
		picture = r.DigestMultibase
	}
	k := kind{picture: picture, achievement: s.Achievement.ID, version: s.Achievement.Version, named: len(s.Identifier) > 0, ends: !c.ValidUntil.IsZero()}
	known, _ := r.templates.Load(k)
	had, _ := known.(learnt)
	if had.template != nil {
		if values, ok := had.template.Values(doc); ok {
			return &k, had.template, values
		}
	} else if had.failed == examples {
		return nil, nil, nil
	}
	t, err := dataintegrity.NewTemplate(doc, k.holes()...)
	if err != nil {
		r.templates.Store(k, learnt{failed: had.failed + 1})
		return nil, nil, nil
	}
	r.templates.Store(k, learnt{template: t})
	values, ok := t.Values(doc)
	if !ok {
		return nil, nil, nil
	}
	return &k, t, values
}

// alike lets a badge that was signed from a template be kept as what differs from
// an example of its kind.
func (p *paper) alike() store.Alike {
	if p.kind == nil {
		return store.Alike{}
	}
	return store.Alike{Kind: fmt.Sprintf("%s v%s %s named %t ends %t", p.kind.achievement, p.kind.version, p.kind.picture, p.kind.named, p.kind.ends), Example: p.example}
}

// example is the paper without what it says of someone.
func (p *paper) example() ([]byte, error) {
	doc, status := *p.doc, *p.doc.CredentialStatus
	cut := func(text, after string) string { return text[:strings.LastIndex(text, after)+len(after)] }
	doc.ID, doc.CredentialSubject.ID = cut(doc.ID, "/"), "urn:uuid:"
	if p.kind.named {
		doc.CredentialSubject.Identifier = []ob3.IdentityObject{{Type: "IdentityObject", IdentityType: "name"}}
	}
	status.ID, status.StatusListIndex = cut(status.ID, "#"), ""
	doc.CredentialStatus = &status
	text, err := ob3.Marshal(&doc)
	if err != nil {
		return nil, err
	}
	signed, err := ob3.Marshal(p.doc)
	if err != nil {
		return nil, err
	}
	proof := string(p.signed[len(signed)-1:])
	start := strings.Index(proof, `"proofValue":"`) + len(`"proofValue":"`)
	end := start + strings.IndexByte(proof[start:], '"')
	return append(text[:len(text)-1], proof[:start]+proof[end:]...), nil
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
