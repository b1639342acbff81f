package vcapi

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
	verifyweb "hallmark/verifier/web"
)

// request is the body of a request: one JSON object of known members.
type request struct {
	doc     []byte
	root    *strictjson.Value
	options *strictjson.Value // nil when there are none
}

// malformed is the 400 that names one input.
func malformed(field, format string, args ...any) *verifyweb.Problem {
	p := verifyweb.NewProblem(http.StatusBadRequest, format, args...)
	p.Type, p.Title = vc.ProblemMalformed, "Malformed value"
	p.Errors = []verifyweb.ProblemField{{Field: field, Reason: p.Detail}}
	return p
}

// read reads a body: application/json, at most 256 KiB, and no member besides
// "options" and those named here.
func read(c echo.Context, members ...string) (*request, error) {
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return nil, err
	}
	if media != "application/json" {
		return nil, verifyweb.Unsupported(media, "application/json")
	}
	doc, err := verifyweb.ReadBody(c, verifyweb.MaxJSON)
	if err != nil {
		return nil, err
	}
	root, err := strictjson.Parse(doc)
	var syntax *strictjson.Error
	if errors.As(err, &syntax) {
		p := verifyweb.NewProblem(http.StatusBadRequest, "The body is not readable JSON: %s, at byte %d.", syntax.Reason, syntax.Offset)
		p.Type, p.Title = vc.ProblemParsing, "Parsing error"
		return nil, p
	}
	if err != nil {
		return nil, err
	}
	r := &request{doc: doc, root: root, options: root.Get("options")}
	if root.Kind != strictjson.Object {
		return nil, malformed("", "The body must be an object.")
	}
	for i := range root.Kids {
		if name := root.Kids[i].Name; name != "options" && !slices.Contains(members, name) {
			return nil, malformed("/"+clip(name), "The member %q is not understood here.", clip(name))
		}
	}
	return r, nil
}

// clip shortens a stranger's word for a message.
func clip(word string) string {
	if r := []rune(word); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return word
}

// object gives the bytes of a member that must be an object, as they were sent.
func (r *request) object(name string) ([]byte, error) {
	v := r.root.Get(name)
	switch {
	case v == nil:
		return nil, malformed("/"+name, "The body needs the member %q.", name)
	case v.Kind != strictjson.Object:
		return nil, malformed("/"+name, "The member %q must be an object.", name)
	}
	return r.doc[v.Start:v.End], nil
}

// understood refuses options that are not in the list.
func (r *request) understood(names ...string) error {
	if r.options == nil {
		return nil
	}
	if r.options.Kind != strictjson.Object {
		return malformed("/options", "The options must be an object.")
	}
	for i := range r.options.Kids {
		if name := r.options.Kids[i].Name; !slices.Contains(names, name) {
			return malformed("/options/"+clip(name), "The option %q is not understood here.", clip(name))
		}
	}
	return nil
}

// text gives an option that is a text; "" when it is not there.
func (r *request) text(name string) (string, error) {
	v := r.options.Get(name)
	switch {
	case v == nil:
		return "", nil
	case v.Kind != strictjson.String || v.Str == "" || len(v.Str) > maxText:
		return "", malformed("/options/"+name, "The option %q must be a text of 1 to %d bytes.", name, maxText)
	}
	return v.Str, nil
}

// Bounds of options.
const (
	maxText  = 1000
	maxTexts = 200
)

// texts gives an option that is a list of texts.
func (r *request) texts(name string) ([]string, error) {
	v := r.options.Get(name)
	if v == nil {
		return nil, nil
	}
	if v.Kind != strictjson.Array || len(v.Kids) > maxTexts {
		return nil, malformed("/options/"+name, "The option %q must be a list of at most %d texts.", name, maxTexts)
	}
	list := make([]string, 0, len(v.Kids))
	for i := range v.Kids {
		if v.Kids[i].Kind != strictjson.String || len(v.Kids[i].Str) > maxText {
			return nil, malformed(fmt.Sprintf("/options/%s/%d", name, i), "The option %q must be a list of texts.", name)
		}
		list = append(list, v.Kids[i].Str)
	}
	return list, nil
}

// flag gives an option that is true or false; otherwise where it is not there.
func (r *request) flag(name string, otherwise bool) (bool, error) {
	v := r.options.Get(name)
	switch {
	case v == nil:
		return otherwise, nil
	case v.Kind != strictjson.Bool:
		return false, malformed("/options/"+name, "The option %q must be true or false.", name)
	}
	return v.Str == "true", nil
}
