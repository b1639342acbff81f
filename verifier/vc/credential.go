package vc

import (
	"fmt"
	"time"

	"hallmark/verifier/strictjson"
)

// First contexts of the two versions of the data model.
const (
	ContextV2 = "https://www.w3.org/ns/credentials/v2"
	ContextV1 = "https://www.w3.org/2018/credentials/v1"
)

// Problem types of VC Data Model 2.0 §7.3 (Problem Details).
const (
	ProblemParsing   = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
	ProblemMalformed = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
)

// Credential is the envelope of a credential. Members that are absent or
// malformed are zero; the problems say which.
type Credential struct {
	Raw     []byte            // as handed in
	Doc     *strictjson.Value // the whole document, proof included
	Version int               // of the data model: 2 or 1; 0 unknown

	ID         string
	Types      []string
	Issuer     Issuer
	ValidFrom  *time.Time // issuanceDate in version 1
	ValidUntil *time.Time // expirationDate in version 1
	Subjects   []*strictjson.Value
	Status     []StatusEntry
	Schemas    []Typed
	Refresh    []Typed
}

// Issuer is who the credential says has issued it.
type Issuer struct {
	ID    string
	Name  string // self-given; "" when there is none in plain text
	Value *strictjson.Value
}

// Typed is any object that has a type and perhaps an id.
type Typed struct {
	ID, Type string
	Value    *strictjson.Value
}

// StatusEntry is one element of credentialStatus. The members beyond ID and
// Type are those of a BitstringStatusListEntry (Bitstring Status List §2.1).
type StatusEntry struct {
	ID, Type string
	Purpose  string
	Index    string // base-10 integer
	List     string // URL of the list's credential
	Size     int    // bits of an entry; 1 when not said, 0 when malformed
	Value    *strictjson.Value
}

// Problem is one rule that a credential breaks.
type Problem struct {
	Pointer string // JSON pointer to the member (RFC 6901)
	Reason  string // a phrase for people, without full stop
	Type    string // RFC 9457 type of the standard
	Fatal   bool   // the document is not a credential; otherwise only a finding
}

func (p Problem) Error() string { return fmt.Sprintf("%s: %s", p.Pointer, p.Reason) }

// Has says whether the credential is of this type.
func (c *Credential) Has(kind string) bool {
	for _, t := range c.Types {
		if t == kind {
			return true
		}
	}
	return false
}

// Name is the credential's own name in plain text; "" when it has none.
func (c *Credential) Name() string { return plain(c.Doc.Get("name")) }

// plain gives the text of a string, of a language value object, or of the
// first of several (VC Data Model 2.0 §11.1).
func plain(v *strictjson.Value) string {
	for one := range v.Each() {
		if one.Kind == strictjson.String {
			return one.Str
		}
		if text := one.Get("@value").Text(); text != "" {
			return text
		}
	}
	return ""
}

// Parse reads a credential. The error is a *strictjson.Error when the bytes are
// not acceptable JSON; everything else that is wrong is among the problems.
func Parse(doc []byte) (*Credential, []Problem, error) {
	return ParseLimits(doc, strictjson.DefaultLimits)
}

// ParseLimits is Parse for documents that may be larger, as status lists are.
func ParseLimits(doc []byte, limits strictjson.Limits) (*Credential, []Problem, error) {
	root, err := strictjson.ParseLimits(doc, limits)
	if err != nil {
		return nil, nil, err
	}
	c, problems := Read(root, doc)
	return c, problems, nil
}

// Read reads a credential that is already parsed, such as one within another.
// raw may be nil.
func Read(root *strictjson.Value, raw []byte) (*Credential, []Problem) {
	r := &reader{c: &Credential{Raw: raw, Doc: root}}
	if root.Kind != strictjson.Object {
		r.fatal("", "this is not a JSON object")
		return r.c, r.problems
	}
	r.context()
	r.identity()
	r.issuer()
	r.period()
	r.subjects()
	r.status()
	r.extensions()
	r.relatedResources()
	return r.c, r.problems
}

// Fatal gives the first problem that makes the document unfit; nil if none.
func Fatal(problems []Problem) *Problem {
	for i := range problems {
		if problems[i].Fatal {
			return &problems[i]
		}
	}
	return nil
}
