package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/templates"
)

// Own is what the operator publishes of itself: it is the same for everybody,
// so the page may carry it, and a browser that checks a badge of the operator's
// need ask nobody for keys.
type Own struct {
	Name      string            `json:"name"`      // as it calls itself
	IDs       []string          `json:"ids"`       // identifiers it issues under
	Documents map[string]string `json:"documents"` // DID documents by id, as served
	KeySets   map[string]string `json:"keySets"`   // JWK sets and keys by address, as served
	SlipKeys  []string          `json:"slipKeys"`  // keys that slips are checked with, as multikeys
	Log       OwnLog            `json:"log"`
}

// OwnLog is the operator's public log.
type OwnLog struct {
	Prefix string   `json:"prefix"` // how the ids of the credentials in it begin
	Keys   []string `json:"keys"`   // verifier keys (C2SP signed-note)
}

// OfflinePage is the data of the template "page/offline".
type OfflinePage struct {
	Made   time.Time // what it carries is as of then
	Issuer string    // whose keys it carries; "" for nobody's
	Own    string    // an Own, as JSON
}

// own gives what the operator publishes, as JSON for the page; without a
// database, or where the verifier is nobody's, there is nothing of the kind.
func (v *Verify) own(ctx context.Context) string {
	if v.Own == nil {
		return ""
	}
	o, err := v.Own(ctx)
	if err != nil {
		return ""
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return ""
	}
	return string(raw)
}

// savedChecker is the file of one language, and what it was made from.
type savedChecker struct {
	from, tag string
	file      []byte
}

// offline answers with the checker as one file to save: page, words, program
// and the operator's keys of today. It is made anew when one of them changes,
// and otherwise kept: it is some megabytes long.
func (v *Verify) offline(c echo.Context) error {
	if !templates.Stocked(templates.Program) {
		return NewProblem(http.StatusNotFound, "This copy of the service was made without the checker for browsers.")
	}
	now := time.Now()
	if v.Verifier.Now != nil {
		now = v.Verifier.Now()
	}
	page := OfflinePage{Made: now.UTC(), Own: v.own(c.Request().Context())}
	frame := templates.Frame{Lang: Language(c.Request()), Now: page.Made}
	if v.View != nil {
		if site, ok := v.View(c, page).(templates.View); ok && page.Own != "" {
			page.Issuer = site.Frame.Issuer
		}
	}
	saved, err := v.saved(frame, page)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("ETag", saved.tag)
	h.Set("Content-Disposition", `attachment; filename="hallmark-verify.html"`)
	if c.Request().Header.Get("If-None-Match") == saved.tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, "text/html; charset=utf-8", saved.file)
}

// saved gives the file for a page in a frame that holds nothing of the person
// who asks for it.
func (v *Verify) saved(frame templates.Frame, page OfflinePage) (*savedChecker, error) {
	from := strings.Join([]string{page.Made.Format(time.DateOnly), page.Issuer, page.Own}, "\n")
	v.offlineMu.Lock()
	defer v.offlineMu.Unlock()
	if kept := v.offlineFiles[frame.Lang]; kept != nil && kept.from == from {
		return kept, nil
	}
	var file bytes.Buffer
	if err := v.Render.Render(&file, "page/offline", templates.View{Frame: frame, Data: page}); err != nil {
		return nil, fmt.Errorf("render page/offline: %w", err)
	}
	sum := sha256.Sum256(file.Bytes())
	made := &savedChecker{from: from, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`, file: file.Bytes()}
	if v.offlineFiles == nil {
		v.offlineFiles = map[string]*savedChecker{}
	}
	v.offlineFiles[frame.Lang] = made
	return made, nil
}

// AcceptsGzip tells whether a caller takes an answer compressed by gzip
// (RFC 9110 §12.5.3).
func AcceptsGzip(accept string) bool {
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		coding, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if coding == "gzip" {
			return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000"
		}
	}
	return false
}
