package verifier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"hallmark/verifier/bake"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// KeySource finds the documents of issuers whose identifier does not carry the
// key itself: did:web and https. An error that wraps did.ErrNotFound says that
// there is no such document; every other one, that it could not be had.
type KeySource interface {
	Document(ctx context.Context, id string) (*did.Document, error)
}

// StatusSource gives the status list credential at a URL, as it is served.
type StatusSource interface {
	StatusList(ctx context.Context, url string) ([]byte, error)
}

// Records are an operator's own records about the credentials it issued.
type Records interface {
	Standing(ctx context.Context, credentialID string) (Standing, error)
}

// Standing is what the records say about one credential.
type Standing struct {
	Known      bool
	Issuer     string    // id it was issued under; "" is not compared
	State      string    // issued, suspended, revoked, superseded, withdrawn, expired
	Reason     string    // public reason; "" when none is given
	Since      time.Time // when it came to this; zero when not known
	ReplacedBy string    // link to what replaces it
	Unnamed    bool      // its holder is not to be named, whatever was signed: as Ask.Unnamed
}

// RefreshSource gives what lies at the address of a credential's refresh
// service: the newer copy, as JSON or as a compact token. It is asked at most
// once in a Verify, and only where Ask.Refresh is set.
type RefreshSource interface {
	Refresh(ctx context.Context, url string) ([]byte, error)
}

// Verifier checks credentials. The zero value works offline: it knows the
// issuers whose identifier is their key, and nobody's status lists. It is safe
// for use by several goroutines if its parts are.
type Verifier struct {
	Keys      KeySource        // nil: only identifiers that carry their key
	Status    StatusSource     // nil: lists cannot be had
	Records   Records          // nil: not an operator's own verifier
	Log       LogSource        // nil: no public log is asked
	Refresher RefreshSource    // nil: newer copies cannot be had
	Pictures  PictureSource    // nil: pictures of badges are not at hand
	Legacy    LegacySource     // nil: badges of Open Badges 2.0 are recognised and cannot be checked
	Trust     *Trust           // nil: trust is not asked
	Now       func() time.Time // nil: time.Now
}

// Ask is what a reader knows about the person who showed the credential, and
// wants to know. Empty members are not asked. Challenge and Domain are of
// presentations: what the reader gave the presenter to sign.
//
// Refresh is the second click: the issuer is asked for a newer copy of the
// credential where it names a place for one (see RefreshSource), and the report
// is about that copy if it is one. Of credentials in a presentation no newer
// copy is asked for: what is presented is what the presenter chose to show.
//
// Unnamed keeps the holder's name out of the report though it may be signed: the
// summary does not say it, Report.Credential lacks the subject's identifiers and
// names, and a name to compare is not compared. Names that the issuer wrote into
// other texts (a narrative, an address) stay as they were signed.
//
// Staple is a stapled status (package staple) that came beside the credential. It
// answers where no list can be had; nil: the one that a PDF carries, if any. Of
// credentials in a presentation none is asked.
type Ask struct {
	Name      string
	Email     string
	Challenge string
	Domain    string
	Refresh   bool
	Unnamed   bool
	Staple    []byte
}

// Verify checks doc: a credential as JSON or as a compact token, or a PNG or SVG
// picture, PDF or saved page that carries one. A presentation is checked as by
// VerifyPresentation, a badge of Open Badges 2.0 as LegacySource tells.
// The error wraps ErrNoCredential when no credential can be found in the bytes,
// or is the context's; a bad credential is a Report.
func (v *Verifier) Verify(ctx context.Context, doc []byte, ask Ask) (*Report, error) {
	r := v.newRun(ctx)
	r.staple = ask.Staple
	text, err := r.open(doc)
	if errors.Is(err, bake.ErrLegacy) {
		return r.olderPicture(doc, ask)
	}
	if err != nil {
		return nil, err
	}
	c, problems, err := r.parse(text, strictjson.DefaultLimits)
	if errors.Is(err, errForm) {
		r.notYet("This is a credential, and " + err.Error() + ".")
		return r.finish(), nil
	}
	if err != nil {
		if !looksLikeCredential(text) && !looksLikeJWT(text) && !looksOlder(text) {
			return nil, fmt.Errorf("%w: %w", ErrNoCredential, err)
		}
		r.unreadable(err)
		if looksOlder(text) {
			r.asOlder(legacyName, legacyWords)
		}
		return r.finish(), nil
	}
	if !isCredential(c) {
		return r.verifyOlder(c, ask)
	}
	if isPresentation(c) {
		return r.present(c, ask)
	}
	r.unnamed = ask.Unnamed
	auth := r.identify(c, problems)
	if newer := r.renew(c, ask); newer != nil {
		r, c, problems, auth = newer.run, newer.credential, newer.problems, newer.auth
	}
	r.assess(c, problems, auth, ask)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return r.finish(), nil
}

func (v *Verifier) newRun(ctx context.Context) *run {
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	r := &run{v: v, ctx: ctx, now: now().UTC().Truncate(time.Second), budget: dataintegrity.NewBudget()}
	r.report = &Report{CheckedAt: r.now, Checks: make([]Check, count)}
	for i, name := range Names {
		r.report.Checks[i] = Check{Name: name, Outcome: Skipped}
	}
	r.report.set(refresh, Skipped, "A newer copy is looked for only when you ask for it.")
	r.report.set(log, Skipped, "No proof from a public log came with this credential.")
	r.report.set(image, Skipped, "The credential did not come in a picture.")
	return r
}

// open takes the credential's text out of what was handed in, and the status
// beside it where none was given.
func (r *run) open(doc []byte) ([]byte, error) {
	kind := bake.Sniff(doc)
	if kind == "" {
		// Some editors put a byte order mark before a file (RFC 8259 §8.1 lets a
		// reader pass over it). It lies before the credential, not in it.
		return bytes.TrimSpace(bytes.TrimPrefix(doc, []byte("\ufeff"))), nil
	}
	u, err := bake.Unpack(doc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoCredential, err)
	}
	if r.staple == nil {
		r.staple = u.Staple
	}
	r.carrier, r.carried = kind, doc
	carrier := "picture"
	switch kind {
	case bake.PDFKind:
		carrier = "PDF"
	case bake.PageKind:
		carrier = "page"
	}
	r.report.set(image, Verified, "The credential was taken out of the "+carrier+", which carries exactly one.").Detail = map[string]any{"kind": string(kind)}
	return bytes.TrimSpace(u.Credential), nil
}

// looksLikeCredential says whether unreadable text is a damaged credential
// rather than something else.
func looksLikeCredential(text []byte) bool {
	return bytes.HasPrefix(text, []byte("{")) &&
		(bytes.Contains(text, []byte("VerifiableCredential")) || bytes.Contains(text, []byte("credentialSubject")))
}

func isCredential(c *vc.Credential) bool {
	for _, name := range [...]string{"credentialSubject", "issuer", "proof"} {
		if c.Doc.Get(name) != nil {
			return true
		}
	}
	return c.Has("VerifiableCredential") || isPresentation(c)
}

func isPresentation(c *vc.Credential) bool { return c.Has("VerifiablePresentation") }

// notYet answers for forms that hold a credential which is not read.
func (r *run) notYet(reason string) {
	r.report.set(format, Undetermined, reason)
	r.blank(proof, Undetermined, "Not checked, because the form is not read here.")
}

// unreadable answers for a damaged credential.
func (r *run) unreadable(err error) {
	c := r.report.set(format, Refused, "The document cannot be read: "+plainCause(err)+".")
	c.Problem = vc.ProblemParsing
	r.blank(proof, Undetermined, "Not checked, because the document cannot be read.")
}

// blank fills the checks from a position on that have no answer.
func (r *run) blank(from int, core Outcome, reason string) {
	for i := from; i < count; i++ {
		c := r.report.check(i)
		switch {
		case i == refresh || i == log || i == image:
		case i <= issuer:
			c.Outcome, c.Reason = core, reason
		default:
			c.Outcome, c.Reason = Skipped, reason
		}
	}
}

// plainCause gives the innermost reason of an error.
func plainCause(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
