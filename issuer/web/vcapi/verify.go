package vcapi

import (
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
)

var none verifier.Ask

// verifier is ours without the operator's trust list and records: what is asked
// here is what anybody could find out.
func (a *VCAPI) verifier() *verifier.Verifier {
	v := *a.Verifier
	v.Trust, v.Records = nil, nil
	return &v
}

// wish is what a request wants to know.
type wish struct {
	doc               []byte
	parsed            *strictjson.Value // nil for a token, by itself or in an envelope
	challenge, domain string
	purpose           string // the purpose that every proof must have; "" is not asked
	shown             bool   // the answer holds what was signed
	explained         bool   // the answer holds the problems
	proofOnly         bool
}

// verifyCredential answers POST …/credentials/verify.
func (a *VCAPI) verifyCredential(c echo.Context) error {
	w, err := wished(c, "verifiableCredential")
	if err != nil {
		return err
	}
	report, err := a.verifier().Verify(c.Request().Context(), w.doc, none)
	switch {
	case errors.Is(err, verifier.ErrNoCredential):
		return malformed("/verifiableCredential", "This is not a credential.")
	case err != nil:
		return err
	case presented(report):
		return malformed("/verifiableCredential", "This is a presentation; presentations have a route of their own.")
	}
	result := w.answer(report)
	result.Credential = w.content(report)
	return send(c, w.audience(result, true))
}

// verifyPresentation answers POST …/presentations/verify.
func (a *VCAPI) verifyPresentation(c echo.Context) error {
	w, err := wished(c, "verifiablePresentation")
	if err != nil {
		return err
	}
	report, err := a.verifier().VerifyPresentation(c.Request().Context(), w.doc, verifier.Ask{Challenge: w.challenge, Domain: w.domain})
	switch {
	case errors.Is(err, verifier.ErrNoCredential):
		return malformed("/verifiablePresentation", "This is not a presentation.")
	case err != nil:
		return err
	}
	result := w.answer(report)
	result.Presentation = w.content(report)
	result.Credentials = w.each(report)
	return send(c, w.audience(result, false))
}

// wished reads a request to verify the thing in a member: an object, or the text
// of a token.
func wished(c echo.Context, member string) (*wish, error) {
	r, err := read(c, member)
	if err != nil {
		return nil, err
	}
	w := &wish{proofOnly: instanceOf(c).ProofOnly}
	if v := r.root.Get(member); v != nil && v.Kind == strictjson.String {
		if !strings.HasPrefix(v.Str, "ey") {
			return nil, malformed("/"+member, "The member %q must be an object, or a signed token.", member)
		}
		w.doc = []byte(v.Str)
	} else if w.doc, err = r.object(member); err == nil && !enveloped(v) {
		w.parsed = v
	}
	if err != nil {
		return nil, err
	}
	return w, w.options(r)
}

// enveloped tells whether an object only wraps a token (VC Data Model 2.0 §4.12).
// A proof beside the token would be nobody's, and is not asked.
func enveloped(v *strictjson.Value) bool {
	return holds(v.Get("type"), "EnvelopedVerifiableCredential") || holds(v.Get("type"), "EnvelopedVerifiablePresentation")
}

func (w *wish) options(r *request) error {
	if err := r.understood("checks", "challenge", "domain", "expectedProofPurpose", "returnCredential", "returnPresentation", "returnProblemDetails"); err != nil {
		return err
	}
	_, errChecks := r.texts("checks")
	var errs [5]error
	w.challenge, errs[0] = r.text("challenge")
	w.domain, errs[1] = r.text("domain")
	w.purpose, errs[2] = r.text("expectedProofPurpose")
	name := "returnCredential"
	if r.root.Get("verifiablePresentation") != nil {
		name = "returnPresentation"
	}
	w.shown, errs[3] = r.flag(name, true)
	w.explained, errs[4] = r.flag("returnProblemDetails", true)
	for _, err := range append([]error{errChecks}, errs[:]...) {
		if err != nil {
			return err
		}
	}
	return nil
}

// audience holds the proofs against what the request expects of them (VC Data
// Integrity §4.4): their purpose and, for a credential, domain and challenge,
// which of a presentation the verifier itself has asked.
func (w *wish) audience(a *answer, credential bool) *answer {
	for p := range w.parsed.Get("proof").Each() {
		switch {
		case w.purpose != "" && p.Get("proofPurpose").Text() != w.purpose:
			a.refuse(security+"PROOF_VERIFICATION_ERROR", "The proof was made for another purpose than the one expected.")
		case credential && w.domain != "" && !holds(p.Get("domain"), w.domain):
			a.refuse(security+"INVALID_DOMAIN_ERROR", "The proof was made for another reader.")
		case credential && w.challenge != "" && p.Get("challenge").Text() != w.challenge:
			a.refuse(security+"INVALID_CHALLENGE_ERROR", "The proof does not answer the challenge.")
		}
	}
	asked := w.purpose != "" && w.purpose != dataintegrity.AssertionMethod || credential && w.domain+w.challenge != ""
	if w.parsed == nil && asked {
		a.refuse(security+"PROOF_VERIFICATION_ERROR", "A token does not say what was expected of it.")
	}
	return a
}

const security = "https://w3id.org/security#"

func holds(v *strictjson.Value, word string) bool {
	for one := range v.Each() {
		if one.Text() == word {
			return true
		}
	}
	return false
}
