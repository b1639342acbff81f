package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	verifyweb "hallmark/verifier/web"
)

// maxFiles bounds a form with files: what a submission may hold, and its texts.
const maxFiles = 128 << 20

// sendsFiles tells whether a request may bring files of evidence, which take
// longer than texts.
func sendsFiles(req *http.Request) bool {
	path := req.URL.Path
	return req.Method == http.MethodPost && strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/form-data") &&
		(strings.HasPrefix(path, "/capstones/") || strings.HasPrefix(path, "/api/v1/capstones/"))
}

// Received is Posted for a form that may bring files (multipart/form-data). Each
// file goes to take as it comes, and is nowhere else meanwhile. What take refuses
// is given back beside the texts of the form, so that they can be shown again.
// Who sends slowly is cut off after LongTime.
func Received(c echo.Context, take func(field, name string, r io.Reader) error) (url.Values, error) {
	if media, err := verifyweb.MediaType(c); err != nil || media != "multipart/form-data" {
		return Form(c)
	}
	if err := moreTime(c); err != nil {
		return nil, err
	}
	req := c.Request()
	req.Body = http.MaxBytesReader(c.Response(), req.Body, maxFiles)
	parts, err := req.MultipartReader()
	form, texts, refused := url.Values{}, int64(0), error(nil)
	for err == nil {
		var part *multipart.Part
		if part, err = parts.NextPart(); err != nil {
			break
		}
		if _, file := part.Header["Content-Type"]; file || part.FileName() != "" {
			if part.FileName() == "" || refused != nil {
				continue // no file was chosen, or they are not taken any more
			}
			from := &wire{Reader: part}
			if refused = take(part.FormName(), part.FileName(), from); !refusal(refused) {
				if from.err == nil {
					return nil, refused // a fault of ours
				}
				err, refused = from.err, nil
			}
			continue
		}
		var text []byte
		text, err = io.ReadAll(io.LimitReader(part, maxForm-texts+1))
		if texts += int64(len(text)); texts > maxForm {
			return nil, verifyweb.Standard(http.StatusRequestEntityTooLarge)
		}
		form.Add(part.FormName(), string(text))
	}
	if err = ended(err); err != nil {
		return nil, err
	}
	if err := readableForm(form); err != nil {
		return nil, err
	}
	return form, refused
}

// wire remembers what went wrong on the way to us.
type wire struct {
	io.Reader
	err error
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// refusal tells a refusal that a form is shown again with from what ends the
// request; nil is one that refuses nothing.
func refusal(err error) bool {
	var e *issuer.Error
	return err == nil || errors.As(err, &e) && (e.Kind == issuer.Invalid || e.Kind == issuer.TooLarge || e.Kind == issuer.Unsuitable || e.Kind == issuer.Unavailable || e.Kind == issuer.Conflict)
}

// ended says what became of a form that was read to its end.
func ended(err error) error {
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &large):
		return verifyweb.NewProblem(http.StatusRequestEntityTooLarge, "This is more than can be sent at once. Hand in smaller files, or one after the other.")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return verifyweb.NewProblem(http.StatusRequestTimeout, "The files came too slowly. Try again where the line is better, or link to them.")
	}
	return verifyweb.NewProblem(http.StatusBadRequest, "The form could not be read.")
}

// moreTime lets a request take LongTime on the wire. Where the connection knows
// no deadlines there is nothing to do.
func moreTime(c echo.Context) error {
	wire, until := http.NewResponseController(c.Response()), time.Now().Add(LongTime)
	for _, err := range []error{wire.SetReadDeadline(until), wire.SetWriteDeadline(until.Add(15 * time.Second))} {
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
	}
	return nil
}

// SendFile answers with a file that somebody handed in: to be kept, never to be
// shown or run, whatever it is.
func SendFile(c echo.Context, name, media string, body io.ReadCloser) (err error) {
	defer func() { err = errors.Join(err, body.Close()) }()
	if err := moreTime(c); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+strings.ReplaceAll(url.QueryEscape(name), "+", "%20")) // RFC 6266 §4.3
	h.Set("Cache-Control", "private, no-store")
	return c.Stream(http.StatusOK, media, body)
}
