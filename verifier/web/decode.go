package web

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"hallmark/verifier/strictjson"
)

// Decode reads one JSON value strictly into a struct. Unreadable is 400,
// readable but wrong 422 with every member that is wrong. Texts with U+0000
// are wrong wherever they stand: not every database keeps them.
func Decode(doc []byte, into any) error { return DecodeLimits(doc, into, strictjson.DefaultLimits) }

// DecodeLimits is Decode under limits of the caller's choosing.
func DecodeLimits(doc []byte, into any, l strictjson.Limits) error {
	v, err := strictjson.ParseLimits(doc, l)
	if err != nil {
		return wrongJSON(err)
	}
	if bytes.Contains(doc, []byte(`\u0000`)) {
		if field, found := findNUL(v, ""); found {
			return WrongField(field, "A text may not hold the character U+0000.")
		}
	}
	return wrongJSON(v.Decode(doc, into))
}

func wrongJSON(err error) error {
	var several strictjson.FieldErrors
	var field *strictjson.FieldError
	var syntax *strictjson.Error
	switch {
	case errors.As(err, &syntax):
		return NewProblem(http.StatusBadRequest, "The body is not readable JSON: %s, at byte %d.", syntax.Reason, syntax.Offset)
	case errors.As(err, &several) && len(several) > 0:
		p := NewProblem(http.StatusUnprocessableEntity, "Several members are wrong; see errors.")
		for _, f := range several {
			p.Errors = append(p.Errors, ProblemField{Field: member(f), Reason: sentence(f)})
		}
		return p
	case errors.As(err, &field):
		return WrongField(member(field), "%s", sentence(field))
	}
	return err
}

// member names the place that is wrong; "body" for all of it.
func member(f *strictjson.FieldError) string {
	if f.Field == "" {
		return "body"
	}
	return f.Field
}

// sentence makes what the reader found a sentence for people.
func sentence(f *strictjson.FieldError) string {
	name := "“" + f.Field + "”"
	if f.Field == "" {
		name = "The body"
	}
	return name + " " + strings.TrimSuffix(f.Reason, ".") + "."
}

// findNUL gives the first member that holds U+0000.
func findNUL(v *strictjson.Value, path string) (string, bool) {
	if !readable(v.Str) {
		return path, true
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if !readable(kid.Name) {
			return path, true
		}
		if field, found := findNUL(kid, pathTo(path, kid.Name, i)); found {
			return field, found
		}
	}
	return "", false
}

func pathTo(path, name string, i int) string {
	switch {
	case name == "":
		return path + "[" + strconv.Itoa(i) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// readable tells whether s can be kept and shown: UTF-8 without NUL.
func readable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
