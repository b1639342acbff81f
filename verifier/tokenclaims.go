package verifier

import (
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// compare holds the claims of a token against the credential that they repeat,
// and gives the slips that leave its meaning plain. A claim that says something
// else than the credential makes the token bad (Open Badges 3.0 §8.2.6): which
// of the two was meant, nobody can tell.
func (e *envelope) compare(c *vc.Credential) []vc.Problem {
	var slips []vc.Problem
	e.dates(&slips)
	e.compareIssuer(c)
	if e.style == plainToken || isPresentation(c) {
		return append(slips, e.looseClaims(c)...)
	}
	if jti := e.claims.Get("jti"); jti != nil && jti.Text() != c.ID {
		e.deny("jti", "its id")
	}
	if sub := e.claims.Get("sub"); sub != nil && !hasSubjectID(c, sub.Text()) {
		e.deny("sub", "its subject")
	}
	e.comparePeriod(c, &slips)
	if c.Has("OpenBadgeCredential") || c.Has("AchievementCredential") || c.Has("EndorsementCredential") {
		slips = append(slips, e.badgeSlips(c)...)
	}
	return slips
}

// compareIssuer: iss, in the claims or in the header, is the issuer, or whoever
// presents (VC-JOSE-COSE §4.1.2).
func (e *envelope) compareIssuer(c *vc.Credential) {
	for _, iss := range [...]*strictjson.Value{e.claims.Get("iss"), e.token.Header.Get("iss")} {
		h := holder(c)
		switch {
		case iss == nil:
		case isPresentation(c) && h != "" && iss.Text() != h:
			e.deny("iss", "who presents it")
		case !isPresentation(c) && iss.Text() != c.Issuer.ID:
			e.deny("iss", "its issuer")
		}
	}
}

func (e *envelope) deny(claim, member string) {
	if e.contradiction == "" {
		e.contradiction = "The token contradicts itself: its claim " + claim + " is not what the credential in it says of " + member + "."
	}
}

func hasSubjectID(c *vc.Credential, id string) bool {
	for _, s := range c.Subjects {
		if id != "" && s.Get("id").Text() == id {
			return true
		}
	}
	return false
}

// dates reads iat, nbf and exp. When a token begins and ends must be readable;
// when it was made informs only.
func (e *envelope) dates(slips *[]vc.Problem) {
	for _, d := range [...]struct {
		claim string
		into  **time.Time
	}{{"iat", &e.issued}, {"nbf", &e.from}, {"exp", &e.until}} {
		v := e.claims.Get(d.claim)
		if v == nil {
			continue
		}
		at, err := did.ParseNumericDate(v)
		switch {
		case err == nil:
			*d.into = &at
		case d.claim == "iat":
			*slips = append(*slips, slip("/iat", "the token's claim iat is not a date in seconds since 1970"))
		case e.contradiction == "":
			e.contradiction = "The token has a date that cannot be read: " + d.claim + "."
		}
	}
}

// comparePeriod: nbf is validFrom; exp is validUntil and wins over it (Open
// Badges 3.0 §8.2.6). They are then the credential's period, and the signature
// has none of its own.
func (e *envelope) comparePeriod(c *vc.Credential, slips *[]vc.Problem) {
	if e.from != nil {
		if c.ValidFrom == nil {
			c.ValidFrom = e.from
		} else if !e.from.Truncate(time.Second).Equal(c.ValidFrom.Truncate(time.Second)) {
			e.deny("nbf", "when it becomes valid")
		}
	}
	if e.until != nil {
		if c.ValidUntil != nil && !e.until.Truncate(time.Second).Equal(c.ValidUntil.Truncate(time.Second)) {
			*slips = append(*slips, slip("/exp", "the token ends at another time than the credential in it, and its end counts"))
		}
		c.ValidUntil = e.until
	}
	e.from, e.until = nil, nil
}

// badgeSlips: which claims and headers a badge has (Open Badges 3.0 §8.2.1 to
// §8.2.3). 1EdTech's own samples lack sub.
func (e *envelope) badgeSlips(c *vc.Credential) []vc.Problem {
	var slips []vc.Problem
	for _, want := range [...]struct {
		claim, repeats string
		there          bool
	}{
		{"iss", "its issuer", true}, {"jti", "its id", c.ID != ""}, {"sub", "the id of its subject", true},
		{"nbf", "when it becomes valid", true}, {"exp", "when it ends", c.ValidUntil != nil},
	} {
		if want.there && e.claims.Get(want.claim) == nil {
			slips = append(slips, slip("/"+want.claim, "the token lacks the claim "+want.claim+", which repeats "+want.repeats))
		}
	}
	for i := range e.token.Header.Kids {
		switch name := e.token.Header.Kids[i].Name; name {
		case "alg", "kid", "jwk", "typ":
		default:
			slips = append(slips, slip("/", "the token's header has a member that badges do not have"))
		}
	}
	if e.token.KeyID != "" && e.token.Key != nil {
		slips = append(slips, slip("/", "the token names its key and carries it as well"))
	}
	return slips
}

// looseClaims: in tokens of VC-JOSE-COSE jti and sub are the token's own; that
// they differ from the credential is only worth a word.
func (e *envelope) looseClaims(c *vc.Credential) []vc.Problem {
	var slips []vc.Problem
	if isPresentation(c) {
		return nil
	}
	if jti := e.claims.Get("jti"); jti != nil && jti.Text() != c.ID {
		slips = append(slips, slip("/jti", "the token's claim jti is not the id of the credential in it"))
	}
	if sub := e.claims.Get("sub"); sub != nil && !hasSubjectID(c, sub.Text()) {
		slips = append(slips, slip("/sub", "the token's claim sub is not the subject of the credential in it"))
	}
	return slips
}

// describe gives the claims beside the credential, for the report.
func (e *envelope) describe() map[string]any {
	claims := map[string]any{}
	for i := range e.claims.Kids {
		if kid := &e.claims.Kids[i]; registered[kid.Name] && kid.Kind != strictjson.Object {
			claims[kid.Name] = kid.Any()
		}
	}
	return claims
}
