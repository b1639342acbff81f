package verifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"hallmark/verifier/bake"
	"hallmark/verifier/ob2"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
	"hallmark/verifier/vcjose"
)

// LegacySource gets the documents of a badge of Open Badges 2.0, as they are
// served: the hosted assertion, the badge class, the issuer's profile, its key and
// its list of revoked assertions. It is asked for at most four of them, and only
// about such a badge.
//
// For a badge of 3.0 nothing is fetched but keys and lists; here more is, because
// without it nothing at all can be said. A hosted assertion is genuine because of
// where it lies, and a signed one by a key that only the issuer's profile ties to
// the issuer: these documents are to Open Badges 2.0 what the issuer's DID document
// is to 3.0. The same guard stands before them (package fetch).
//
// An error that wraps ob2.ErrGone says that the document was withdrawn; every other
// one, that it could not be had.
type LegacySource interface {
	LegacyDocument(ctx context.Context, url string) ([]byte, error)
}

const (
	legacyName  = "Open Badges 2.0"
	legacyWords = "Open Badges 2.0, an older kind of badge"
	firstName   = "Open Badges 1"
)

// older is the check of one badge of Open Badges 2.0.
//
// Its report has the same checks as any other, and never looks like that of a badge
// of 3.0: format says legacyWords and has the detail {"legacy":"Open Badges 2.0",
// "way":"hosted"|"signed"}, and the summary says it after its first words. The
// claims are the assertion as it is hosted, or as it was signed, with the badge
// class and the issuer's profile in their places as they were found.
type older struct {
	*run
	address string          // where a hosted one lies
	given   *ob2.Assertion  // as it was handed in; nil: only its address was
	token   *envelope       // of a signed one
	a       *ob2.Assertion  // the one that counts; nil until it is known
	class   *ob2.BadgeClass // nil until it is known
	profile *ob2.Profile    // nil until it is known
	ended   Check           // that it was withdrawn, where only its address tells; no outcome: nothing
	slips   []map[string]any
}

// olderBadge recognises a badge of Open Badges 1 or 2 in what was parsed.
func (r *run) olderBadge(c *vc.Credential) (o *older, version int) {
	o = &older{run: r, token: r.tokens[c]}
	doc := c.Doc
	if o.token != nil {
		doc = o.token.claims
	}
	if version = ob2.Version(doc); version == 2 {
		o.given = ob2.ReadAssertion(doc)
		o.address = o.given.URL
	}
	return o, version
}

// looksOlder says whether unreadable text is a damaged badge of an older kind.
func looksOlder(text []byte) bool {
	return bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte("openbadges")) && bytes.Contains(text, []byte(`"Assertion"`))
}

// asOlder labels a report as one about an older badge.
func (r *run) asOlder(name, words string) {
	c := r.report.check(format)
	if c.Detail == nil {
		c.Detail = map[string]any{}
	}
	c.Detail["legacy"] = name
	r.words.kind = " (" + words + ")"
}

// judgeFirst answers for Open Badges 1.0 and 1.1.
func (r *run) judgeFirst() {
	r.notYet("This is a badge of Open Badges 1, the first kind, which is not read here; ask its issuer for a newer one.")
	r.asOlder(firstName, firstName+", the first kind of badge")
}

// judge fills the report.
func (o *older) judge(ask Ask) {
	r := o.run
	r.unnamed = ask.Unnamed
	switch {
	case o.given != nil && o.given.Problem != "":
		o.malformed(o.given)
		return
	case o.token != nil && o.given.Way == ob2.Hosted:
		r.report.set(format, Refused, legacyWords+", and not a proper one: it is signed, and says that it is hosted.")
	case o.token != nil:
		o.judgeSigned()
	default:
		o.judgeHosted()
	}
	r.asOlder(legacyName, legacyWords)
	switch f := r.report.check(format); {
	case f.Outcome == Refused:
		r.blank(proof, Undetermined, "Not checked, because the badge cannot be read.")
		return
	case o.given == nil:
		r.blank(trust, Undetermined, "Not checked, because the badge is not at hand.")
		if o.ended.Outcome == Refused {
			r.report.Checks[status] = o.ended
		}
		return
	case o.token != nil:
		f.Detail["way"] = "signed"
	default:
		f.Detail["way"] = "hosted"
	}
	r.report.Issuer.How = r.report.check(issuer).Reason
	r.judgeTrust()
	if o.a == nil {
		o.a = o.given
	}
	o.judgeStatus()
	o.judgePeriod()
	r.compareRecipient(ask, o.matchRecipient)
	o.judgeRest()
	if r.report.check(proof).Outcome == Verified {
		r.report.Credential = o.claims()
	}
	o.describe()
}

// malformed answers for an assertion that lacks what it needs.
func (o *older) malformed(a *ob2.Assertion) {
	o.report.set(format, Refused, legacyWords+", and not a proper one: "+a.Problem+".").Problem = vc.ProblemMalformed
	o.asOlder(legacyName, legacyWords)
	o.blank(proof, Undetermined, "Not checked, because the badge cannot be read.")
}

// describe leaves the words for the summary.
func (o *older) describe() {
	o.words.from, o.words.until = o.a.IssuedOn, o.a.Expires
	if o.class != nil {
		o.words.title = o.class.Name
	}
}

// fetch gets a document, one of at most maxLookups. The error is for people, except
// that it may wrap ob2.ErrGone.
func (o *older) fetch(address string) (*strictjson.Value, error) {
	switch {
	case !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://"):
		return nil, errors.New("it has no address on the web")
	case o.v.Legacy == nil:
		return nil, errors.New("nobody was asked, because this check works offline")
	case o.lookups >= maxLookups:
		return nil, errEnough
	}
	o.lookups++
	raw, err := o.v.Legacy.LegacyDocument(o.ctx, address)
	if err != nil {
		return nil, err
	}
	doc, err := strictjson.Parse(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	if err != nil || doc.Kind != strictjson.Object {
		return nil, errors.New("what lies there is not a readable document")
	}
	return doc, nil
}

// notHad says what could not be had, and why.
func notHad(what string, err error) string {
	return what + " could not be had: " + lower(strings.TrimSuffix(clean(err.Error(), 200), ".")) + "."
}

// learnIssuer finds the badge class and the profile of its issuer. The profile that
// counts lies at the issuer's own address; one that stands within the badge class is
// only compared with it.
func (o *older) learnIssuer() (Outcome, string) {
	badge := o.a.Badge
	if badge == nil {
		doc, err := o.fetch(o.a.BadgeID)
		switch {
		case err != nil:
			return Undetermined, notHad("Who issued it is not known: the description of the badge", err)
		case !ob2.SameID(doc.Get("id").Text(), o.a.BadgeID):
			return Undetermined, "Who issued it is not known: what lies at the address of the badge's description is something else."
		}
		badge = doc
	}
	class, ok := ob2.ReadBadgeClass(badge)
	if !ok {
		return Refused, "The description of the badge does not say who issues it."
	}
	o.class, o.report.Issuer.ID = class, class.IssuerID
	doc, err := o.fetch(class.IssuerID)
	if err != nil {
		return Undetermined, notHad("The profile of its issuer "+clip(class.IssuerID, 80), err)
	}
	profile, ok := ob2.ReadProfile(doc)
	if !ok || !ob2.SameID(profile.ID, class.IssuerID) {
		return Undetermined, "What lies at the address of its issuer is not the issuer's profile."
	}
	o.profile = profile
	if stated := class.Issuer; stated != nil && stated.Get("name").Text() != profile.Name {
		o.slip("/badge/issuer/name", "it calls its issuer otherwise than the issuer does itself")
	}
	return Verified, ""
}

func (o *older) slip(pointer, reason string) {
	o.slips = append(o.slips, map[string]any{"at": pointer, "reason": reason})
}

// claims writes the assertion with badge class and profile as they were found. A
// profile that was not found is only named.
func (o *older) claims() []byte {
	doc := *o.a.Doc
	if o.unnamed {
		doc = *doc.Without("recipient")
	}
	doc.Kids = append([]strictjson.Value(nil), doc.Kids...)
	if badge := doc.Get("badge"); badge != nil && o.class != nil {
		*badge = *o.class.Doc
		badge.Name, badge.Kids = "badge", append([]strictjson.Value(nil), badge.Kids...)
		if issuer := badge.Get("issuer"); issuer != nil && o.profile != nil {
			*issuer = *o.profile.Doc
			issuer.Name = "issuer"
		} else if issuer != nil {
			*issuer = strictjson.Value{Kind: strictjson.String, Name: "issuer", Str: o.class.IssuerID}
		}
	}
	return doc.Append(nil)
}

// verifyOlder gives the report about what was parsed and is no credential of today:
// a badge of Open Badges 1 or 2, or none at all.
func (r *run) verifyOlder(c *vc.Credential, ask Ask) (*Report, error) {
	o, version := r.olderBadge(c)
	switch version {
	case 0:
		return nil, ErrNoCredential
	case 1:
		r.judgeFirst()
	default:
		o.judge(ask)
	}
	return r.olderReport()
}

// olderReport gives the report, unless the time to ask others was over before
// they answered: then it would say that nothing could be had.
func (r *run) olderReport() (*Report, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return r.finish(), nil
}

// olderPicture checks the badge that a picture carries in the manner of Open Badges
// 1 and 2. A credential of today has no business there.
func (r *run) olderPicture(doc []byte, ask Ask) (*Report, error) {
	text, kind, err := bake.UnbakeLegacy(doc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoCredential, err)
	}
	r.report.set(image, Verified, "The badge was taken out of the picture, which carries exactly one.").Detail = map[string]any{"kind": string(kind)}
	if address := string(text); isAddress(address) {
		o := &older{run: r, address: address}
		o.judge(ask)
		return r.olderReport()
	}
	c, _, err := r.parse(text, strictjson.DefaultLimits)
	if err != nil {
		r.unreadable(err)
		r.asOlder(legacyName, legacyWords)
		return r.finish(), nil
	}
	if isCredential(c) {
		return nil, fmt.Errorf("%w: %w", ErrNoCredential, &bake.Error{Kind: bake.ErrLegacy, Reason: "The picture carries a credential where only Open Badges 1 and 2 have theirs."})
	}
	return r.verifyOlder(c, ask)
}

// isAddress says whether a text is the address of a hosted badge and nothing else.
func isAddress(text string) bool {
	return (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")) && !strings.ContainsAny(text, " \t\r\n") && len(text) <= 2048
}

// tokenOutcome turns a fault of a token into an outcome.
func tokenOutcome(err error) Outcome {
	if errors.Is(err, vcjose.ErrUnsupported) {
		return Undetermined
	}
	return Refused
}
