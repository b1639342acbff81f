package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
)

// page shows the form. A link in the query is filled in, not followed: a GET
// starts nothing.
func (v *Verify) page(c echo.Context) error {
	return v.show(c, http.StatusOK, VerifyPage{Link: printable(c.QueryParam("url"))})
}

// form checks what was posted: a file, pasted text or a link.
func (v *Verify) form(c echo.Context) error {
	in, err := readForm(c)
	if err != nil {
		return err
	}
	page := VerifyPage{Link: in.link, Text: in.text, Name: in.name}
	ctx, doc := c.Request().Context(), in.file
	switch {
	case len(doc) > 0:
	case in.text != "":
		doc = []byte(in.text)
	case in.link != "":
		doc, err = v.open(ctx, in.link)
	default:
		err = WrongField("file", "Choose a file, paste a badge or give its link.")
	}
	var report *verifier.Report
	if err == nil {
		report, err = v.report(ctx, doc, verifier.Ask{Name: in.name})
	}
	var p *Problem
	if errors.As(err, &p) {
		page.Problem = p.Detail
		return v.show(c, p.Status, page)
	}
	if err != nil {
		return err
	}
	result := ResultOf(report)
	page.Result = &result
	return v.show(c, http.StatusOK, page)
}

func (v *Verify) show(c echo.Context, status int, page VerifyPage) error {
	var data any = page
	if v.View != nil {
		data = v.View(c, page)
	}
	return SendPage(c, v.Render, status, "page/verify", data)
}

type formInput struct {
	file             []byte
	text, link, name string
}

// readForm reads a posted form as it comes, part by part: nothing is put on
// a disk, and no part is larger than a badge can be.
func readForm(c echo.Context) (*formInput, error) {
	media, err := MediaType(c)
	if err != nil {
		return nil, err
	}
	req := c.Request()
	req.Body = http.MaxBytesReader(c.Response(), req.Body, MaxPicture+MaxJSON)
	in := &formInput{}
	switch media {
	case "application/x-www-form-urlencoded":
		if err := req.ParseForm(); err != nil {
			return nil, unreadForm(err)
		}
		in.text, in.link, in.name = req.PostForm.Get("text"), req.PostForm.Get("link"), req.PostForm.Get("name")
	case "multipart/form-data":
		if err := in.readParts(req); err != nil {
			return nil, err
		}
	default:
		return nil, Unsupported(media, "multipart/form-data", "application/x-www-form-urlencoded")
	}
	in.text, in.link = strings.TrimSpace(in.text), strings.TrimSpace(in.link)
	for field, s := range map[string]string{"text": in.text, "link": in.link, "name": in.name} {
		if !readable(s) {
			return nil, WrongField(field, "This is not readable text.")
		}
	}
	return in, nil
}

// maxParts is more than the form has fields.
const maxParts = 8

func (in *formInput) readParts(req *http.Request) error {
	parts, err := req.MultipartReader()
	if err != nil {
		return NewProblem(http.StatusBadRequest, "The form could not be read.")
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadForm(err)
		}
		if err := in.take(part); err != nil {
			return err
		}
	}
	return NewProblem(http.StatusBadRequest, "The form has more parts than it should.")
}

func (in *formInput) take(part *multipart.Part) error {
	limit := int64(MaxJSON)
	if part.FormName() == "file" {
		limit = MaxPicture
	}
	body, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return unreadForm(err)
	}
	if int64(len(body)) > limit {
		return Standard(http.StatusRequestEntityTooLarge)
	}
	switch part.FormName() {
	case "file":
		in.file = body
	case "text":
		in.text = string(body)
	case "link":
		in.link = string(body)
	case "name":
		in.name = string(body)
	}
	return nil
}

func unreadForm(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Standard(http.StatusRequestEntityTooLarge)
	}
	return NewProblem(http.StatusBadRequest, "The form could not be read.")
}

// printable drops what a page should not show again.
func printable(s string) string {
	if len(s) > 2000 || !readable(s) {
		return ""
	}
	return s
}
