package issuer

import "fmt"

// Kind says what sort of refusal an Error is. The set is closed: a door maps
// each to one status.
type Kind string

// The kinds of refusal.
const (
	Invalid     Kind = "invalid"     // readable but wrong
	Unsigned    Kind = "unsigned"    // nobody is signed in
	Forbidden   Kind = "forbidden"   // the caller may not
	NotFound    Kind = "not found"   // it is not there, or not theirs to know of
	Gone        Kind = "gone"        // it was there and was erased
	Conflict    Kind = "conflict"    // it clashes with what is recorded
	TooLarge    Kind = "too large"   // more bytes than are taken
	Unsuitable  Kind = "unsuitable"  // bytes of a kind that is not taken
	Unavailable Kind = "unavailable" // try again later
)

// Error lets a Kind be the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a refusal whose Reason, a sentence, may be shown to the person who
// asked. Every other error is a fault of ours: it is logged and its text is
// never shown.
type Error struct {
	Kind   Kind
	Reason string
	Field  string  // the input that is wrong, if it is one
	Fields []Field // further inputs that are wrong, if several are
}

// Field names an input and says what is wrong with it.
type Field struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

func (e *Error) Error() string { return e.Reason }

// Unwrap gives the Kind, so that errors.Is(err, issuer.NotFound) works.
func (e *Error) Unwrap() error { return e.Kind }

// Refuse makes a refusal of a kind; format must be a sentence for people.
func Refuse(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Reason: fmt.Sprintf(format, args...)}
}

// Wrong makes an Invalid refusal that names the input.
func Wrong(field, format string, args ...any) *Error {
	reason := fmt.Sprintf(format, args...)
	return &Error{Kind: Invalid, Reason: reason, Field: field, Fields: []Field{{field, reason}}}
}
