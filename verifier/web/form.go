package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// fields are the fields that a form may have and how many bytes each may hold.
type fields map[string]int64

// form is what was posted, by field. Others than those of the form are passed
// over.
type form map[string][]byte

// text gives a field that people write in, without space around it.
func (f form) text(field string) string { return strings.TrimSpace(string(f[field])) }

// readForm reads a posted form as it comes, part by part: nothing is put on
// a disk, and no part is larger than its field may be. A field named "file"
// may hold any bytes, the others hold readable text.
func readForm(c echo.Context, allowed fields) (form, error) {
	media, err := MediaType(c)
	if err != nil {
		return nil, err
	}
	whole := int64(16 << 10) // borders and headers of parts
	for _, most := range allowed {
		whole += most
	}
	req := c.Request()
	req.Body = http.MaxBytesReader(c.Response(), req.Body, whole)
	in := form{}
	switch media {
	case "application/x-www-form-urlencoded":
		err = in.readPairs(req, allowed)
	case "multipart/form-data":
		err = in.readParts(req, allowed)
	default:
		err = Unsupported(media, "multipart/form-data", "application/x-www-form-urlencoded")
	}
	if err != nil {
		return nil, err
	}
	for field, value := range in {
		if field != "file" && !readable(string(value)) {
			return nil, WrongField(field, "This is not readable text.")
		}
	}
	return in, nil
}

func (f form) readPairs(req *http.Request, allowed fields) error {
	if err := req.ParseForm(); err != nil {
		return unreadForm(err)
	}
	for field, most := range allowed {
		value := req.PostForm.Get(field)
		if int64(len(value)) > most {
			return tooLong(field)
		}
		f[field] = []byte(value)
	}
	return nil
}

func (f form) readParts(req *http.Request, allowed fields) error {
	parts, err := req.MultipartReader()
	if err != nil {
		return NewProblem(http.StatusBadRequest, "The form could not be read.")
	}
	for range 2 * len(allowed) {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadForm(err)
		}
		if err := f.take(part, allowed); err != nil {
			return err
		}
	}
	return NewProblem(http.StatusBadRequest, "The form has more parts than it should.")
}

func (f form) take(part *multipart.Part, allowed fields) error {
	most, ok := allowed[part.FormName()]
	body, err := io.ReadAll(io.LimitReader(part, most+1))
	switch {
	case err != nil:
		return unreadForm(err)
	case !ok:
		return nil
	case int64(len(body)) > most:
		return tooLong(part.FormName())
	}
	f[part.FormName()] = body
	return nil
}

// tooLong is the 413 of one field.
func tooLong(field string) error {
	if field == "file" {
		return NewProblem(http.StatusRequestEntityTooLarge, "This file is too large for a badge, or for a table of them.")
	}
	return Standard(http.StatusRequestEntityTooLarge)
}

func unreadForm(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Standard(http.StatusRequestEntityTooLarge)
	}
	return NewProblem(http.StatusBadRequest, "The form could not be read.")
}
