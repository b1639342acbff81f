package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/shown"
)

// BatchPage is a batch as the page shows it.
type BatchPage struct {
	Rows      []BatchLine
	Tally     []BatchTally // of verdicts that occur
	CSV       string       // the table with its answers, to be saved
	CheckedAt time.Time
}

// BatchTally is how many rows came to a verdict.
type BatchTally struct {
	Verdict string
	Count   int
}

// BatchLine is one row as the page shows it.
type BatchLine struct {
	Row       int
	Link      string // the link of the row; "" if the badge itself stood there
	Verdict   string
	Summary   string
	Trusted   bool
	Badge     string
	Recipient string
	Issuer    string // the name of one that is trusted, else the domain that holds the key, else the id, shortened
	Until     time.Time
}

// batchFields are the fields of the form for many badges.
var batchFields = fields{"file": MaxBatch, "links": MaxJSON, "as": 16}

// batchForm checks a table or a list of links that was posted, and answers with
// the page, or with the table.
func (v *Verify) batchForm(c echo.Context) error {
	leave, err := v.enter(c)
	if err != nil {
		return v.batchProblem(c, err, "")
	}
	defer leave()
	in, err := readForm(c, batchFields)
	if err != nil {
		return v.batchProblem(c, err, "")
	}
	s, err := broughtSheet(in)
	if err != nil {
		return v.batchProblem(c, err, in.text("links"))
	}
	entries, err := v.checkAll(c.Request().Context(), s.rows)
	if err != nil {
		return err
	}
	if in.text("as") == "csv" {
		return sendSheet(c, s, entries)
	}
	page, err := batchPage(s, entries)
	if err != nil {
		return err
	}
	return v.show(c, http.StatusOK, VerifyPage{Batch: page, Links: in.text("links")})
}

// batchProblem shows on the page what a person can mend.
func (v *Verify) batchProblem(c echo.Context, err error, links string) error {
	var p *Problem
	if !errors.As(err, &p) {
		return err
	}
	return v.show(c, p.Status, VerifyPage{BatchProblem: p.Detail, Links: links})
}

// broughtSheet gives the table of a form: its file, or a list of links.
func broughtSheet(in form) (*sheet, error) {
	if len(in["file"]) > 0 {
		return readSheet(in["file"])
	}
	s := &sheet{comma: ',', mark: true, header: []string{"link"}}
	for _, line := range strings.Split(in.text("links"), "\n") {
		for _, text := range strings.Fields(line) {
			one := row{number: len(s.rows) + 1, cells: []string{text}}
			one.take(strings.Trim(text, ",;"))
			s.rows = append(s.rows, one)
		}
	}
	switch {
	case len(s.rows) == 0:
		return nil, WrongField("links", "Choose a table, or paste the links of badges, one to a line.")
	case len(s.rows) > MaxBatchRows:
		return nil, WrongField("links", "Send at most %d links at once; these are %d.", MaxBatchRows, len(s.rows))
	}
	return s, nil
}

func batchPage(s *sheet, entries []Entry) (*BatchPage, error) {
	text, err := s.write(entries)
	if err != nil {
		return nil, err
	}
	page := &BatchPage{CSV: string(text)}
	tally := map[verifier.Outcome]int{}
	for i, e := range entries {
		tally[e.Report.Verdict]++
		if e.Report.CheckedAt.After(page.CheckedAt) {
			page.CheckedAt = e.Report.CheckedAt
		}
		page.Rows = append(page.Rows, batchLine(s.rows[i], e))
	}
	for _, o := range []verifier.Outcome{verifier.Verified, verifier.Refused, verifier.Undetermined} {
		if tally[o] > 0 {
			page.Tally = append(page.Tally, BatchTally{string(o), tally[o]})
		}
	}
	return page, nil
}

func batchLine(r row, e Entry) BatchLine {
	claims := shown.ClaimsOf(e.Report.Credential)
	line := BatchLine{Row: e.Row, Verdict: string(e.Report.Verdict), Summary: strings.TrimPrefix(e.Report.Summary, notChecked), Trusted: e.Report.Issuer.Trusted,
		Badge: verifier.Plain(claims.Achievement), Recipient: verifier.Plain(claims.Recipient), Issuer: verifier.Plain(shown.Domain(e.Report.Issuer.ID)), Until: claims.ValidUntil}
	switch {
	case line.Trusted && e.Report.Issuer.Name != "":
		line.Issuer = verifier.Plain(e.Report.Issuer.Name)
	case line.Issuer == "":
		line.Issuer = short(e.Report.Issuer.ID)
	}
	if _, err := url.Parse(r.link); err == nil && len(r.link) <= 2000 {
		line.Link = r.link
	}
	return line
}

// short shows both ends of an identifier that is too long for a table. The
// whole one is in the file that the page saves.
func short(id string) string {
	letters := []rune(verifier.Plain(id))
	if len(letters) <= 24 {
		return string(letters)
	}
	return string(letters[:14]) + "…" + string(letters[len(letters)-6:])
}
