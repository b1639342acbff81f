package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/strictjson"
)

// Limits of a batch. A row may be as large as a single check's body, all of
// them together four times a picture's: tables of links are far smaller, and
// two hundred badges of the usual 3 KiB fit six times over.
const (
	MaxBatch     = 4 << 20
	MaxBatchRows = 200
	batchAtOnce  = 4 // rows of one batch that are checked at the same time
)

// BatchTime is how long the rows of one batch are worked on; BatchGrace is
// added for reading the body and writing the answer.
const (
	BatchTime  = 45 * time.Second
	BatchGrace = 15 * time.Second
)

// Entry is the answer about one row of a batch. Every row has a report; Problem
// says besides what was wrong where there was nothing that could be checked.
type Entry struct {
	Row     int              `json:"row"` // from 1; of a table as a spreadsheet program numbers it, its header being row 1
	Report  *verifier.Report `json:"report"`
	Problem *Problem         `json:"problem,omitempty"`
}

// row is one thing to check: a link, or a badge itself.
type row struct {
	number int
	link   string
	doc    []byte
	cells  []string // of a table, as they came
}

// batch answers POST /api/verify/batch: 200 with an entry for every row,
// whatever the verdicts; a row that cannot be read spoils no other.
func (v *Verify) batch(c echo.Context) error {
	form := Negotiate(c.Request().Header.Get("Accept"), "application/json", "text/csv")
	if form == "" {
		return NewProblem(http.StatusNotAcceptable, "This address answers with application/json or text/csv.")
	}
	media, err := MediaType(c)
	if err != nil {
		return err
	}
	if media != "application/json" && media != "text/csv" {
		return Unsupported(media, "application/json", "text/csv")
	}
	leave, err := v.enter(c)
	if err != nil {
		return err
	}
	defer leave()
	body, err := ReadBody(c, MaxBatch)
	if err != nil {
		return tooLargeBatch(err)
	}
	t := &sheet{comma: ',', mark: true}
	if media == "text/csv" {
		t, err = readSheet(body)
	} else {
		t.rows, err = readItems(body)
	}
	if err != nil {
		return err
	}
	entries, err := v.checkAll(c.Request().Context(), t.rows)
	if err != nil {
		return err
	}
	if form == "application/json" {
		return c.JSON(http.StatusOK, map[string]any{"items": entries})
	}
	return sendSheet(c, t, entries)
}

// tooLargeBatch is the 413 of a batch, whose bound is another.
func tooLargeBatch(err error) error {
	var p *Problem
	if errors.As(err, &p) && p.Status == http.StatusRequestEntityTooLarge {
		return NewProblem(http.StatusRequestEntityTooLarge, "This is too large: send at most %d MiB and %d rows at once.", MaxBatch>>20, MaxBatchRows)
	}
	return err
}

// readItems reads {"items": […]}: links and credentials.
func readItems(body []byte) ([]row, error) {
	root, err := strictjson.ParseLimits(body, strictjson.Limits{Bytes: MaxBatch, Values: 200_000, Names: 120_000})
	if err != nil {
		return nil, wrongJSON(err)
	}
	var req struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := root.Decode(body, &req); err != nil {
		return nil, wrongJSON(err)
	}
	items := root.Get("items")
	switch {
	case items == nil || len(items.Kids) == 0:
		return nil, WrongField("items", "Send the badges to check as “items”: links, or credentials.")
	case len(items.Kids) > MaxBatchRows:
		return nil, WrongField("items", "Send at most %d badges at once; these are %d.", MaxBatchRows, len(items.Kids))
	}
	rows := make([]row, 0, len(items.Kids))
	wrong := NewProblem(http.StatusUnprocessableEntity, "Several members are wrong; see errors.")
	for i := range items.Kids {
		item := &items.Kids[i]
		r := row{number: i + 1}
		switch item.Kind {
		case strictjson.Object:
			r.doc = body[item.Start:item.End]
		case strictjson.String:
			r.take(item.Str)
		default:
			wrong.Errors = append(wrong.Errors, ProblemField{Field: fmt.Sprintf("items[%d]", i), Reason: "Send the link of a badge as a text, or a credential as an object."})
		}
		rows = append(rows, r)
	}
	if len(wrong.Errors) == 1 {
		wrong.Detail = wrong.Errors[0].Reason
	}
	if len(wrong.Errors) > 0 {
		return nil, wrong
	}
	return rows, nil
}

// take finds out whether a text is a link or the badge itself: JSON, or a
// compact token (RFC 7515 §7.1), in which no address can be written.
func (r *row) take(text string) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "ey") && strings.Count(text, ".") >= 2 && !strings.ContainsAny(text, ":/") {
		r.doc = []byte(text)
		return
	}
	r.link = text
}

// checkAll checks rows, several at the same time. The error is the context's,
// when nobody waits for the answer any more.
func (v *Verify) checkAll(ctx context.Context, rows []row) ([]Entry, error) {
	limited, cancel := context.WithTimeout(ctx, BatchTime)
	defer cancel()
	shared := v.sharing()
	entries := make([]Entry, len(rows))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(batchAtOnce, len(rows)) {
		workers.Go(func() {
			for i := range next {
				entries[i] = shared.entry(limited, rows[i])
			}
		})
	}
	for i := range rows {
		next <- i
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("check a batch: %w", err)
	}
	return entries, nil
}

// entry checks one row. Whatever goes wrong with it stays with it.
func (v *Verify) entry(ctx context.Context, r row) (e Entry) {
	e.Row = r.number
	defer func() {
		if fault := recover(); fault != nil {
			v.log(ctx, fmt.Errorf("panic: %v", fault), slog.String("stack", string(debug.Stack())))
			e.Problem, e.Report = nil, v.unchecked("Something broke on our side; check this one by itself.")
		}
	}()
	if ctx.Err() != nil {
		e.Report = v.unchecked(late)
		return e
	}
	doc, err := v.fetched(ctx, r)
	if err == nil {
		e.Report, err = v.report(ctx, doc, verifier.Ask{})
	}
	var p *Problem
	switch {
	case err == nil:
	case ctx.Err() != nil:
		e.Report = v.unchecked(late)
	case errors.As(err, &p):
		e.Problem, e.Report = p, v.unchecked(p.Detail)
	default:
		v.log(ctx, err)
		e.Report = v.unchecked("Something broke on our side; check this one by itself.")
	}
	return e
}

// fetched gives the badge of a row.
func (v *Verify) fetched(ctx context.Context, r row) ([]byte, error) {
	switch {
	case r.doc != nil:
		return r.doc, nil
	case r.link == "":
		return nil, WrongField("link", "This row has no link.")
	}
	return v.open(ctx, r.link)
}

// notChecked are the first words of a summary where there was nothing to check.
const notChecked = "Could not be checked. "

const late = "Not checked in time; check it again, by itself or with fewer others."

// log notes a fault of ours that costs one row its answer.
func (v *Verify) log(ctx context.Context, err error, attrs ...slog.Attr) {
	if v.Log != nil {
		v.Log.LogAttrs(ctx, slog.LevelError, "fault", append(attrs, slog.String("route", "/api/verify/batch"), slog.String("error", err.Error()))...)
	}
}

// unchecked is the report about a row of which nothing could be checked.
func (v *Verify) unchecked(reason string) *verifier.Report {
	now := time.Now
	if v.Verifier.Now != nil {
		now = v.Verifier.Now
	}
	r := &verifier.Report{CheckedAt: now().UTC().Truncate(time.Second), Summary: notChecked + reason}
	for i, name := range verifier.Names {
		check := verifier.Check{Name: name, Outcome: verifier.Skipped, Reason: "Not asked, because there was nothing to ask it of."}
		if i < 3 { // format, proof, issuer: without them nothing is verified
			check.Outcome, check.Reason = verifier.Undetermined, reason
		}
		r.Checks = append(r.Checks, check)
	}
	r.Verdict = verifier.Verdict(r.Checks)
	r.Issuer.How = reason
	return r
}
