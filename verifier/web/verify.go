package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/strictjson"
)

// Verify is the endpoint that checks any badge.
type Verify struct {
	Verifier *verifier.Verifier
	// Open gets the bytes behind a link: from the operator's own records
	// where the link is theirs, else by the guarded fetcher. nil: links are
	// not followed. Its error is not shown, except a *Problem.
	Open func(ctx context.Context, url string) ([]byte, error)
	// Code finds the link of what was typed from paper as a short code; nil: none
	// are known here. Its error is not shown, except a *Problem.
	Code func(ctx context.Context, typed string) (link string, err error)
	// Slips checks the short forms of badges in QR codes; nil: none are known.
	Slips Slips
	// Render shows the page; nil: only the API is mounted.
	Render Renderer
	// View puts a page's data into the frame of the site around it; nil: as
	// they are.
	View func(c echo.Context, data any) any
	// Log takes the faults of ours that cost a row of a batch its answer; nil:
	// nobody does.
	Log *slog.Logger

	// Own gives what the operator publishes of itself, for checks in the
	// visitor's own browser; nil: nothing.
	Own func(ctx context.Context) (*Own, error)

	batches gate

	offlineMu    sync.Mutex
	offlineFiles map[string]*savedChecker // by language
}

// Mount adds the routes.
func (v *Verify) Mount(e *echo.Echo) {
	e.POST("/api/verify", v.check)
	e.OPTIONS("/api/verify", preflight)
	e.POST("/api/verify/batch", v.batch)
	e.OPTIONS("/api/verify/batch", preflight)
	if v.Render != nil {
		e.GET("/verify", v.page)
		e.POST("/verify", v.form)
		e.POST("/verify/batch", v.batchForm)
		e.GET("/verify/offline", v.offline)
	}
}

func preflight(c echo.Context) error {
	Preflight(c.Response().Header(), "POST, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}

// check answers POST /api/verify: 200 with a report whatever the verdict.
func (v *Verify) check(c echo.Context) error {
	if Negotiate(c.Request().Header.Get("Accept"), "application/json") == "" {
		return NewProblem(http.StatusNotAcceptable, "This address answers with application/json.")
	}
	media, err := MediaType(c)
	if err != nil {
		return err
	}
	limit := maxBody(media)
	if limit == 0 {
		return Unsupported(media, "application/json", "application/vc", "application/vc+jwt", "image/png", "image/svg+xml", "application/pdf")
	}
	doc, err := ReadBody(c, limit)
	if err != nil {
		return err
	}
	ask := verifier.Ask{}
	if media == "application/json" {
		if asked, err := v.slip(c, doc); asked {
			return err
		}
		if doc, ask, err = v.unwrap(c.Request().Context(), doc); err != nil {
			return err
		}
	}
	report, err := v.report(c.Request().Context(), doc, ask)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, report)
}

// maxBody gives how much of a media type is read; 0 for one that is not.
func maxBody(media string) int64 {
	switch media {
	case "application/json", "application/vc", "application/vc+ld+json", "application/ld+json", "application/jwt", "application/vc+jwt", "application/vp", "application/vp+jwt", "text/plain":
		return MaxJSON
	case "image/png", "image/svg+xml", "application/pdf", "application/octet-stream":
		return MaxPicture
	}
	return 0
}

// report verifies bytes. Bytes that hold no credential are the one refusal.
func (v *Verify) report(ctx context.Context, doc []byte, ask verifier.Ask) (*verifier.Report, error) {
	report, err := v.Verifier.Verify(ctx, doc, ask)
	var picture *bake.Error
	switch {
	case errors.As(err, &picture) && !errors.Is(err, bake.ErrNotPicture):
		return nil, NewProblem(http.StatusBadRequest, "%s", picture.Reason)
	case errors.Is(err, verifier.ErrNoCredential):
		return nil, NewProblem(http.StatusBadRequest, "There is no credential in this. Send the badge itself: its JSON, or the PNG, SVG or PDF that carries it.")
	}
	return report, err
}

// unwrap finds out what a JSON body is: a credential by itself, or an object
// that holds one thing to check (a link, a credential or a presentation) and
// what to ask about it.
func (v *Verify) unwrap(ctx context.Context, doc []byte) ([]byte, verifier.Ask, error) {
	root, err := strictjson.Parse(doc)
	if err != nil || root.Kind != strictjson.Object || root.Get("@context") != nil {
		return doc, verifier.Ask{}, nil // the verifier says what is wrong with it
	}
	var thing *strictjson.Value
	for _, name := range []string{"url", "credential", "presentation"} {
		member := root.Get(name)
		if member != nil && thing != nil {
			return nil, verifier.Ask{}, WrongField(name, "Send one thing to check: a link, a credential or a presentation.")
		}
		thing = cmp.Or(member, thing)
	}
	if thing == nil {
		return doc, verifier.Ask{}, nil
	}
	var req struct {
		URL          string   `json:"url"`
		Credential   any      `json:"credential"`
		Presentation any      `json:"presentation"`
		Recipient    *Someone `json:"recipient"`
		Challenge    string   `json:"challenge"`
		Domain       string   `json:"domain"`
		Refresh      bool     `json:"refresh"`
		Staple       string   `json:"staple"`
	}
	if err := Decode(doc, &req); err != nil {
		return nil, verifier.Ask{}, err
	}
	ask := req.Recipient.ask()
	ask.Challenge, ask.Domain, ask.Refresh = req.Challenge, req.Domain, req.Refresh
	if req.Staple != "" {
		ask.Staple = []byte(req.Staple)
	}
	switch {
	case thing.Name == "url":
		doc, err := v.open(ctx, req.URL)
		return doc, ask, err
	case thing.Kind == strictjson.String:
		return []byte(thing.Str), ask, nil
	case thing.Kind == strictjson.Object:
		return doc[thing.Start:thing.End], ask, nil
	}
	return nil, ask, WrongField(thing.Name, "Send the %s as an object, or as the text of a signed token.", thing.Name)
}

// Someone is who a badge should belong to, as the asker knows them.
type Someone struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func (s *Someone) ask() verifier.Ask {
	if s == nil {
		return verifier.Ask{}
	}
	return verifier.Ask{Name: s.Name, Email: s.Email}
}

// open gets what a link leads to.
func (v *Verify) open(ctx context.Context, link string) ([]byte, error) {
	if v.Open == nil {
		return nil, WrongField("url", "Links are not followed here; send the badge itself.")
	}
	if len(link) > 2000 || link == "" {
		return nil, WrongField("url", "Send the link of one badge.")
	}
	if !strings.Contains(link, "://") {
		link = "https://" + strings.TrimSpace(link) // typed from paper, as people type addresses
	}
	doc, err := v.Open(ctx, link)
	var p *Problem
	switch {
	case errors.As(err, &p):
		return nil, err
	case err != nil && ctx.Err() != nil:
		return nil, Standard(http.StatusServiceUnavailable)
	case err != nil:
		return nil, WrongField("url", "No badge could be had from this link. Download the badge and send the file itself.")
	}
	return doc, nil
}
