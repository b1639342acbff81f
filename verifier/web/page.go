package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/bake"
)

// page shows the form. A link in the query is filled in, not followed: a GET
// starts nothing.
func (v *Verify) page(c echo.Context) error {
	return v.show(c, http.StatusOK, VerifyPage{Link: printable(c.QueryParam("url"))})
}

// checkFields are the fields of the form for one badge and how long each may be.
var checkFields = fields{"file": MaxPicture, "text": MaxJSON, "link": 4 << 10, "code": 256, "name": 4 << 10, "refresh": 16}

// form checks what was posted: a file, pasted text or a link.
func (v *Verify) form(c echo.Context) error {
	in, err := readForm(c, checkFields)
	if err != nil {
		return err
	}
	page := VerifyPage{Link: in.text("link"), Code: printable(in.text("code")), Text: in.text("text"), Name: in.text("name")}
	doc, err := v.brought(c.Request().Context(), in)
	var report *verifier.Report
	if err == nil {
		report, err = v.report(c.Request().Context(), doc, verifier.Ask{Name: page.Name, Refresh: in.text("refresh") != ""})
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
	if result.Newer != "" && (len(in["file"]) > 0 || page.Text != "") {
		page.Held = held(doc)
	}
	return v.show(c, http.StatusOK, page)
}

// brought gives the bytes that a form brings: those of a file before those of
// a text before those that a code stands for before those behind a link.
func (v *Verify) brought(ctx context.Context, in form) ([]byte, error) {
	switch {
	case len(in["file"]) > 0:
		return in["file"], nil
	case in.text("text") != "":
		return []byte(in.text("text")), nil
	case in.text("code") != "" && v.Code != nil:
		link, err := v.Code(ctx, in.text("code"))
		if err != nil {
			return nil, err
		}
		return v.open(ctx, link)
	case in.text("link") != "":
		return v.open(ctx, in.text("link"))
	}
	return nil, WrongField("file", "Choose a file, paste a badge or give its link.")
}

// held gives the text of the credential in what was brought, for a form that
// brings it once more; "" where it is none.
func held(doc []byte) string {
	if bake.Sniff(doc) != "" {
		text, _, err := bake.Unbake(doc)
		if err != nil {
			return ""
		}
		doc = text
	}
	if len(doc) > MaxJSON || !readable(string(doc)) {
		return ""
	}
	return strings.TrimSpace(string(doc))
}

func (v *Verify) show(c echo.Context, status int, page VerifyPage) error {
	page.Coded = v.Code != nil
	page.Own = v.own(c.Request().Context())
	var data any = page
	if v.View != nil {
		data = v.View(c, page)
	}
	return SendPage(c, v.Render, status, "page/verify", data)
}

// printable drops what a page should not show again.
func printable(s string) string {
	if len(s) > 2000 || !readable(s) {
		return ""
	}
	return s
}
