package web

import (
	"crypto/sha256"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/verifier/strictjson"
	verifyweb "hallmark/verifier/web"
)

// maxForm bounds a posted form; files are not taken by forms yet.
const maxForm = 256 << 10

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
	for name, values := range form {
		for _, v := range values {
			if !Text(name) || !Text(v) {
				return nil, verifyweb.WrongField(name, "This is not readable text.")
			}
		}
	}
	return form, nil
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
