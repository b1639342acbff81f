package verifier

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// Bounds of one presentation.
const (
	maxPresented    = 10 // credentials that are checked
	maxPresentation = 12 // documents and lists that are asked for in all
)

// VerifyPresentation checks a presentation: JSON with a proof of its own, or a
// vp+jwt (VC Data Model 2.0 §4.13). It answers the same questions as for a
// credential, each with the worst of the answers about the presentation itself
// and about every credential in it; the reports about those stand in the detail
// of the check "format", under "credentials". The proof is then also that of
// whoever presents, who must have answered ask.Challenge for ask.Domain where
// those are asked; a recipient is verified also where a credential was issued to
// the identifier that presents it. The error is ErrNoCredential when the bytes
// hold no presentation.
func (v *Verifier) VerifyPresentation(ctx context.Context, doc []byte, ask Ask) (*Report, error) {
	r := v.newRun(ctx)
	text, err := r.open(doc)
	if err != nil {
		return nil, err
	}
	c, _, err := r.parse(text, strictjson.DefaultLimits)
	switch {
	case errors.Is(err, errForm):
		r.notYet("This is a presentation, and " + err.Error() + ".")
		return r.finish(), nil
	case err != nil && !looksLikeJWT(text) && !strings.Contains(string(text), "VerifiablePresentation"):
		return nil, fmt.Errorf("%w: %w", ErrNoCredential, err)
	case err != nil:
		r.unreadable(err)
		return r.finish(), nil
	case !isPresentation(c):
		return nil, ErrNoCredential
	}
	return r.present(c, ask)
}

// present fills the report about a presentation.
func (r *run) present(c *vc.Credential, ask Ask) (*Report, error) {
	r.credential = c
	who := r.judgeHolder(c, ask)
	entries, reason := r.presented(c)
	children := make([]*run, 0, len(entries))
	reports := make([]*Report, 0, len(entries))
	for _, entry := range entries {
		child := r.child(entry, ask)
		if err := r.ctx.Err(); err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
		child.presentedBy(who, ask)
		reports = append(reports, child.finish())
		children = append(children, child)
	}
	for i := proof; i < count; i++ {
		if i != refresh && i != log && i != image {
			r.fold(i, children)
		}
	}
	f := r.report.set(format, Verified, "The document is a well-formed presentation.")
	if reason != "" {
		f = r.report.set(format, Refused, "The document is not a proper presentation: "+reason+".")
		f.Problem = vc.ProblemMalformed
	}
	r.fold(format, children)
	f.Detail = map[string]any{"holder": who.id, "credentials": reports}
	r.report.Credential = nil
	if r.report.check(proof).Outcome == Verified {
		r.report.Credential = presentedClaims(who.signed, children)
	}
	r.nameIssuer(children)
	r.report.Verdict = Verdict(r.report.Checks)
	r.report.Summary = r.presentationSummary(who, children)
	return r.report, nil
}

// presented lists the credentials, and says what is wrong with the presentation
// (VC Data Model 2.0 §4.13; 1.1 §4.10).
func (r *run) presented(c *vc.Credential) (entries []*strictjson.Value, reason string) {
	reason = malformed(c)
	// In version 2.0 no credential is a text (§4.13); in version 1.1 and in the
	// claim vp of a token that is how tokens stand in a presentation.
	texts := c.Version != 2 || r.tokens[c] != nil && r.tokens[c].style == legacyToken
	for entry := range c.Doc.Get("verifiableCredential").Each() {
		if entry.Kind != strictjson.Object && (entry.Kind != strictjson.String || !texts) {
			reason = "it presents something that is not a credential"
			continue
		}
		if len(entries) == maxPresented {
			reason = "it presents more than " + strconv.Itoa(maxPresented) + " credentials"
			break
		}
		entries = append(entries, entry)
	}
	return entries, reason
}

// malformed says which of the rules that hold for credentials and presentations
// alike (§4.3 to §4.5, §5.5) this presentation breaks; "" for none.
func malformed(c *vc.Credential) string {
	_, problems := vc.Read(c.Doc, nil)
	for _, p := range problems {
		switch member, _, _ := strings.Cut(strings.TrimPrefix(p.Pointer, "/"), "/"); {
		case !p.Fatal || p.Pointer == "/type" && presentationTypes(c.Doc):
		case member == "@context" || member == "id" || member == "type" || member == "termsOfUse":
			return p.Reason
		}
	}
	if c.Doc.Get("holder") != nil && !did.IsURL(holderOf(c.Doc)) {
		return "its holder has no proper identifier"
	}
	if claim := claimOf(c); claim != "" {
		return "it claims something of its own, as only a credential may (" + claim + ")"
	}
	return ""
}

// claimOf gives what makes a presentation look like a credential; "" for nothing.
// Whoever presents signs a presentation, so that what it says of itself would
// borrow the name of the credentials' issuer, or of none.
func claimOf(c *vc.Credential) string {
	for _, kind := range [...]string{"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "Assertion"} {
		if c.Has(kind) {
			return kind
		}
	}
	for _, member := range [...]string{"credentialSubject", "credentialStatus", "issuer", "badge"} {
		if c.Doc.Get(member) != nil {
			return member
		}
	}
	return ""
}

// presentationTypes says whether all types are names: that a presentation is no
// credential is not held against it.
func presentationTypes(doc *strictjson.Value) bool {
	for t := range doc.Get("type").Each() {
		if t.Text() == "" {
			return false
		}
	}
	return true
}

// child checks one credential of a presentation, within what the presentation
// may still look up.
func (r *run) child(entry *strictjson.Value, ask Ask) *run {
	child := r.v.newRun(r.ctx)
	child.now, child.report.CheckedAt = r.now, r.report.CheckedAt
	child.documents, child.sets, child.unnamed, child.budget = r.documents, r.sets, ask.Unnamed, r.budget
	child.lookups = max(0, maxLookups-(maxPresentation-r.lookups))
	before := child.lookups
	defer func() {
		r.lookups += child.lookups - before
		r.documents, r.sets = child.documents, child.sets
	}()
	c, problems, err := child.within(entry)
	switch {
	case errors.Is(err, errForm):
		child.notYet("This is a credential, and " + err.Error() + ".")
	case err != nil:
		child.unreadable(err)
	case isPresentation(c) || !isCredential(c):
		child.unreadable(errors.New("what is presented is not a credential"))
	default:
		child.judge(c, problems, ask)
	}
	return child
}

// presentedClaims writes what the presenter signed. Where the holder of one
// credential in it is not to be named, the credentials are left out here: they
// may stand in it as tokens, and their claims are in their own reports.
func presentedClaims(signed *strictjson.Value, children []*run) []byte {
	for _, child := range children {
		if child.unnamed {
			return signed.Without("verifiableCredential").Append(nil)
		}
	}
	return signed.Append(nil)
}

// fold gives a check the worst of its answer and the credentials'. A question
// that arose for one of them has arisen.
func (r *run) fold(i int, children []*run) {
	worst := r.report.check(i)
	for n, child := range children {
		c := child.report.check(i)
		if worst.Reason != "" && gravity(c.Outcome) <= gravity(worst.Outcome) {
			continue
		}
		reason := c.Reason
		if len(children) > 1 {
			reason = "Credential " + strconv.Itoa(n+1) + ": " + lower(reason)
		}
		detail := worst.Detail
		if i != proof {
			detail = nil
		}
		*worst = Check{Name: c.Name, Outcome: c.Outcome, Reason: reason, Problem: c.Problem, Detail: detail}
	}
	if worst.Reason == "" {
		worst.Reason = "The presentation holds no credential to ask this of."
	}
}

func gravity(o Outcome) int {
	switch o {
	case Skipped:
		return 0
	case Verified:
		return 1
	case Refused:
		return 3
	}
	return 2
}

// nameIssuer fills the issuer where all credentials have the same.
func (r *run) nameIssuer(children []*run) {
	for i, child := range children {
		if i == 0 {
			r.report.Issuer = child.report.Issuer
		} else if r.report.Issuer.ID != child.report.Issuer.ID {
			r.report.Issuer = Issuer{How: "The credentials are by several issuers."}
		}
	}
	if r.report.Issuer.How == "" {
		r.report.Issuer.How = r.report.check(issuer).Reason
	}
}

// presentationSummary is one sentence; its first words are the answer.
func (r *run) presentationSummary(who presenter, children []*run) string {
	by := "whoever presents it"
	if who.id != "" {
		by = clip(who.id, 64)
	}
	switch own := who.worst(); {
	case r.report.check(format).Outcome == Refused && len(children) == 0:
		return "Not genuine: " + lower(r.report.check(format).Reason)
	case own.Outcome == Refused:
		return "Not genuine: " + lower(own.Reason)
	case len(children) == 0 && own.Outcome != Verified:
		return "Could not be checked fully: " + lower(own.Reason)
	case len(children) == 0:
		return "Genuine: " + by + " presents itself, and no credential."
	case r.report.Verdict == Verified && len(children) == 1:
		return children[0].report.Summary
	case r.report.Verdict == Verified:
		known := ""
		for _, child := range children {
			if !child.report.Issuer.Trusted {
				known = unknownIssuer
			}
		}
		return fmt.Sprintf("%sGenuine and current: %d credentials, presented by %s.", known, len(children), by)
	}
	for _, child := range children {
		if child.report.Verdict == r.report.Verdict {
			return child.report.Summary
		}
	}
	if r.report.Verdict == Refused {
		return "Not genuine: " + lower(r.report.check(format).Reason)
	}
	return "Could not be checked fully: " + lower(who.worst().Reason)
}

// purposeOf is what the proof of a presentation must be for: to show who
// presents. Where nobody asked for that, a statement will do.
func purposeOf(c *vc.Credential, ask Ask) string {
	for p := range c.Doc.Get("proof").Each() {
		if ask.Challenge == "" && ask.Domain == "" && p.Get("proofPurpose").Text() == dataintegrity.AssertionMethod {
			return dataintegrity.AssertionMethod
		}
		break
	}
	return authenticationPurpose
}
