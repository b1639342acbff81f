package web

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/verifier/strictjson"
	verifyweb "hallmark/verifier/web"
)

// maxForm bounds a posted form, maxUpload one with a file in it.
const (
	maxForm   = 256 << 10
	maxUpload = maxForm + 1<<20
)

// Body reads the JSON body of a request into T: one value, exact names, no
// unknown members, at most 256 KiB. Unreadable is 400, readable but wrong 422.
func Body[T any](c echo.Context) (T, error) { return LargeBody[T](c, strictjson.DefaultLimits) }

// LargeBody is Body for requests that may be larger.
func LargeBody[T any](c echo.Context, limits strictjson.Limits) (T, error) {
	var into T
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return into, err
	}
	if media != "application/json" {
		return into, verifyweb.Unsupported(media, "application/json")
	}
	doc, err := verifyweb.ReadBody(c, int64(limits.Bytes))
	if err != nil {
		return into, err
	}
	sum := sha256.Sum256(doc)
	c.Set(keyBody, sum[:])
	return into, verifyweb.DecodeLimits(doc, &into, limits)
}

// RawBody reads a body of a media type as it is, at most so many bytes.
func RawBody(c echo.Context, want string, most int64) ([]byte, error) {
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return nil, err
	}
	if media != want {
		return nil, verifyweb.Unsupported(media, want)
	}
	body, err := verifyweb.ReadBody(c, most)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	c.Set(keyBody, sum[:])
	return body, nil
}

// BodySum is the SHA-256 of the body that Body read; nil if there was none.
func BodySum(c echo.Context) []byte {
	sum, _ := c.Get(keyBody).([]byte)
	return sum
}

// Form reads a posted form (urlencoded) of text; at most 256 KiB.
func Form(c echo.Context) (url.Values, error) {
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return nil, err
	}
	if media != "application/x-www-form-urlencoded" {
		return nil, verifyweb.Unsupported(media, "application/x-www-form-urlencoded")
	}
	body, err := verifyweb.ReadBody(c, maxForm)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, verifyweb.NewProblem(http.StatusBadRequest, "The form could not be read.")
	}
	return form, readableForm(form)
}

func readableForm(form url.Values) error {
	for name, values := range form {
		for _, v := range values {
			if !Text(name) || !Text(v) {
				return verifyweb.WrongField(name, "This is not readable text.")
			}
		}
	}
	return nil
}

// Uploaded is Posted for a form that may bring a file (multipart/form-data) of
// at most a mebibyte, in the field "file"; nothing is put on a disk. A form
// without one may be urlencoded.
func Uploaded(c echo.Context) (by issuer.Caller, form url.Values, file []byte, err error) {
	if by, err = CallerOf(c); err != nil {
		return by, nil, nil, err
	}
	if media, err := verifyweb.MediaType(c); err != nil || media != "multipart/form-data" {
		form, err := Form(c)
		return by, form, nil, err
	}
	req := c.Request()
	req.Body = http.MaxBytesReader(c.Response(), req.Body, maxUpload)
	parts, err := req.MultipartReader()
	form = url.Values{}
	for err == nil {
		var part *multipart.Part
		if part, err = parts.NextPart(); err != nil {
			break
		}
		var body []byte
		if body, err = io.ReadAll(part); part.FormName() == "file" {
			file = body
		} else {
			form.Add(part.FormName(), string(body))
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return by, nil, nil, verifyweb.Standard(http.StatusRequestEntityTooLarge)
	case !errors.Is(err, io.EOF):
		return by, nil, nil, verifyweb.NewProblem(http.StatusBadRequest, "The form could not be read.")
	}
	return by, form, file, readableForm(form)
}

// Posted gives who sends a form, and the form; nobody is a refusal.
func Posted(c echo.Context) (issuer.Caller, url.Values, error) {
	by, err := CallerOf(c)
	if err != nil {
		return by, nil, err
	}
	form, err := Form(c)
	return by, form, err
}
