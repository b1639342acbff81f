package strictjson

import (
	"fmt"
	"strings"
)

// Error says why a document is unreadable, and at which byte.
type Error struct {
	Offset int    // byte offset in the document
	Reason string // a short phrase without full stop
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s at byte %d", e.Reason, e.Offset)
}

// FieldError says which member of a readable document is wrong. Field is a
// path as a person would write it: items[2].person; "" is the document itself.
type FieldError struct {
	Field  string
	Reason string
}

func (e *FieldError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// FieldErrors are several wrong members of one document, in document order.
// errors.As with a *FieldError target finds the first.
type FieldErrors []*FieldError

func (e FieldErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "; ")
}

// Unwrap gives the single errors to errors.Is and errors.As.
func (e FieldErrors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}
