package ob2

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/jcs"
	"hallmark/verifier/strictjson"
)

// Way is how an assertion says that it is to be checked.
type Way int

// The ways of Open Badges 2.0, "Verification Objects". The zero Way is one that
// is not known here.
const (
	Hosted Way = iota + 1
	Signed
)

var ways = map[string]Way{"HostedBadge": Hosted, "hosted": Hosted, "SignedBadge": Signed, "signed": Signed}

// Assertion is what somebody earned. Members that are absent or malformed are
// zero; Problem says so.
type Assertion struct {
	Doc       *strictjson.Value
	ID        string
	UID       string // of version 1.1; some lists of revoked assertions use it
	Way       Way
	URL       string // where a hosted one lies: its id, or what its verification says
	Creator   string // id of the key of a signed one; "" when not said
	Recipient *strictjson.Value
	Badge     *strictjson.Value // the badge class, where it stands in place
	BadgeID   string
	IssuedOn  *time.Time
	Expires   *time.Time
	Revoked   bool
	Reason    string // why it was revoked; "" when not said
	Problem   string // the first rule that it breaks, a phrase; "" if none
	Slips     []Slip // what is wrong and leaves the meaning plain
}

// Slip is a rule that a document breaks.
type Slip struct {
	Pointer string // JSON pointer
	Reason  string // a phrase for people
}

// ReadAssertion reads an assertion (Open Badges 2.0, "Assertion").
func ReadAssertion(doc *strictjson.Value) *Assertion {
	a := &Assertion{Doc: doc, ID: doc.Get("id").Text(), UID: doc.Get("uid").Text(), Recipient: doc.Get("recipient"),
		BadgeID: idOf(doc.Get("badge")), Reason: doc.Get("revocationReason").Text()}
	if badge := doc.Get("badge"); isObject(badge) && len(badge.Kids) > 1 {
		a.Badge = badge
	}
	verification := doc.Get("verification")
	if verification == nil {
		verification = doc.Get("verify")
	}
	for kind := range verification.Get("type").Each() {
		if way := ways[kind.Text()]; way != 0 && a.Way == 0 {
			a.Way = way
		}
	}
	a.Creator, a.URL = idOf(verification.Get("creator")), a.ID
	if !strings.HasPrefix(a.URL, "https://") && !strings.HasPrefix(a.URL, "http://") {
		a.URL = verification.Get("url").Text()
	}
	a.IssuedOn, a.Expires = a.instant("issuedOn"), a.instant("expires")
	if revoked := doc.Get("revoked"); revoked != nil && revoked.Kind != strictjson.Null {
		a.Revoked = revoked.Str != "false" // "true", or some spelling of it: never good
	}
	// "If revoked is true, only revoked and id are required properties."
	if a.ID == "" {
		a.Problem = "it has no id"
	} else if !a.Revoked {
		a.Problem = a.incomplete(verification)
	}
	return a
}

func (a *Assertion) incomplete(verification *strictjson.Value) string {
	hashed := a.Recipient.Get("hashed")
	switch {
	case !isObject(a.Recipient) || a.Recipient.Get("type").Text() == "" || a.Recipient.Get("identity").Text() == "":
		return "it does not say whom it is for (recipient)"
	case hashed == nil || hashed.Kind != strictjson.Bool:
		return "it does not say whether its recipient is hashed"
	case a.BadgeID == "":
		return "it does not say which badge was earned (badge)"
	case !isObject(verification):
		return "it does not say how it is to be checked (verification)"
	case a.Doc.Get("issuedOn") == nil:
		return "it does not say when it was issued (issuedOn)"
	}
	return ""
}

// instant reads a time. Where it has no zone, UTC is assumed, and where it cannot
// be read, Dated says so.
func (a *Assertion) instant(name string) *time.Time {
	v := a.Doc.Get(name)
	if v == nil {
		return nil
	}
	at, zoned, err := did.ParseDateTime(v.Text())
	if err != nil {
		a.Slips = append(a.Slips, Slip{"/" + name, "this is not a date and time"})
		return nil
	}
	if !zoned {
		a.Slips = append(a.Slips, Slip{"/" + name, "this time has no zone; it was read as UTC"})
	}
	return &at
}

// Dated says whether every time in the assertion could be read.
func (a *Assertion) Dated() bool {
	return (a.Doc.Get("issuedOn") == nil || a.IssuedOn != nil) && (a.Doc.Get("expires") == nil || a.Expires != nil)
}

// Differs holds two copies of an assertion against each other, one by one member:
// core are those in which they are not the same badge (id, recipient, badge and
// dates), others the rest. Members about how it is looked at and checked are not
// compared.
func (a *Assertion) Differs(b *Assertion) (core, others []string) {
	if !SameID(a.ID, b.ID) {
		core = append(core, "id")
	}
	if !sameValue(a.Recipient, b.Recipient) {
		core = append(core, "recipient")
	}
	if !SameID(a.BadgeID, b.BadgeID) {
		core = append(core, "badge")
	}
	if !sameTime(a.IssuedOn, b.IssuedOn) {
		core = append(core, "issuedOn")
	}
	if !sameTime(a.Expires, b.Expires) {
		core = append(core, "expires")
	}
	if a.Badge != nil && b.Badge != nil && !sameValue(a.Badge, b.Badge) {
		others = append(others, "badge")
	}
	for i := range a.Doc.Kids {
		switch name := a.Doc.Kids[i].Name; name {
		case "@context", "type", "id", "recipient", "badge", "issuedOn", "expires", "verification", "verify", "image", "revoked", "revocationReason":
		default:
			if !sameValue(&a.Doc.Kids[i], b.Doc.Get(name)) {
				others = append(others, name)
			}
		}
	}
	return core, others
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// sameValue compares without regard for the order of members.
func sameValue(a, b *strictjson.Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, errX := jcs.Append(nil, a)
	y, errY := jcs.Append(nil, b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// SameID compares ids without percent-encoding and white space around them.
func SameID(a, b string) bool {
	plain := func(id string) string {
		if un, err := url.PathUnescape(id); err == nil {
			id = un
		}
		return strings.TrimSpace(id)
	}
	return a == b || plain(a) == plain(b)
}
