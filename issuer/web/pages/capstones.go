package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// NewCapstonePage is the data of "page/capstone-new".
type NewCapstonePage struct {
	Start   registrar.BriefStart
	Title   string
	Problem string
}

// CapstonePage is the data of "page/capstone".
type CapstonePage struct {
	Capstone   *registrar.CapstoneView
	Line       registrar.CapstoneLine // the same, for the line that says where it stands
	Form       registrar.Draft        // what the form holds
	Rows       []EvidenceRow
	Plan       issuer.Plan             // what the form of the scope holds
	Theirs     *registrar.CapstoneView // what someone else saved while this was written
	Between    []issuer.Piece          // from their summary to this one
	Me         issuer.PersonID
	Classes    []string                   // of data
	Rounds     []registrar.SubmissionView // newest first
	LastReturn *registrar.ReviewView      // what to change now
	Waiting    bool                       // handed in: the form is folded away
	Next       string                     // key of the group "capstone.next", "" for who only looks
	Problem    string
	Wrong      string // the input that the problem is about
}

// EvidenceRow is one line of the form's evidence. A row without a kind lets
// its writer choose one; one with a File has that already.
type EvidenceRow struct {
	Kind, Name, URL string
	Required        bool
	File            *registrar.EvidenceView
}

func (p *Pages) newCapstone(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	start, err := p.start(c, by, c.QueryParam("brief"), c.QueryParam("cohort"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "home", "page/capstone-new", NewCapstonePage{Start: *start})
}

// start finds what the caller can start.
func (p *Pages) start(c echo.Context, by issuer.Caller, brief, cohort string) (*registrar.BriefStart, error) {
	view, err := p.Registrar.Home(c.Request().Context(), by)
	if err != nil {
		return nil, err
	}
	for _, s := range view.CanStart {
		if string(s.Brief.ID) == brief && s.Cohort.ID == cohort {
			return &s, nil
		}
	}
	return nil, issuer.Refuse(issuer.NotFound, "You cannot start this capstone. Look at your home page for what you can start.")
}

func (p *Pages) startCapstone(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	var team []issuer.PersonID
	for _, id := range form["team"] {
		team = append(team, issuer.PersonID(id))
	}
	title := strings.TrimSpace(form.Get("title"))
	view, err := p.Registrar.StartCapstone(c.Request().Context(), by, form.Get("brief"), form.Get("cohort"), title, team)
	if status, reason, _, ok := wrong(err); ok {
		return p.startAgain(c, by, form, status, reason)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/capstones/"+string(view.ID), "started")
}

func (p *Pages) startAgain(c echo.Context, by issuer.Caller, form url.Values, status int, reason string) error {
	start, err := p.start(c, by, form.Get("brief"), form.Get("cohort"))
	if err != nil {
		return err
	}
	return p.show(c, status, "home", "page/capstone-new", NewCapstonePage{*start, form.Get("title"), reason})
}

func (p *Pages) capstone(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Capstone(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "home", "page/capstone", capstonePage(by, view))
}

func capstonePage(by issuer.Caller, view *registrar.CapstoneView) CapstonePage {
	page := CapstonePage{
		Capstone: view, Rounds: view.Submissions, Waiting: view.State == issuer.Submitted,
		Line: registrar.CapstoneLine{ID: view.ID, State: view.State, Team: view.Team, Submission: view.Submission,
			Missing: view.Missing, WaitingSince: view.WaitingSince, ChangedAt: view.ChangedAt},
		Form: registrar.Draft{Title: view.Title, Summary: view.Summary, Impact: view.Impact, Revision: &view.Revision}, Plan: view.Plan, Me: by.Person, Classes: issuer.DataClasses,
	}
	if !partlyApproved(view) {
		page.Line.Missing = leadOnly(view.Missing)
	}
	for _, e := range view.Evidence {
		page.Form.Evidence = append(page.Form.Evidence, registrar.NewEvidence{Kind: e.Kind, Name: e.Name, URL: e.URL, ID: e.ID})
	}
	page.Rows = evidenceRows(page.Form.Evidence, view)
	for _, m := range view.Team {
		if m.ID == by.Person {
			page.Next = string(view.State)
		}
	}
	if view.State == issuer.Returned && len(view.Submissions) > 0 {
		for _, r := range view.Submissions[0].Reviews {
			if r.Decision == issuer.Return {
				page.LastReturn, page.Line.Reviewer = &r, r.Reviewer.Name
			}
		}
	}
	return page
}

// partlyApproved tells whether someone approved the current submission.
func partlyApproved(view *registrar.CapstoneView) bool {
	for _, s := range view.Submissions {
		for _, r := range s.Reviews {
			if s.Number == view.Submission && r.Decision == issuer.Approve && r.TakenBackAt == nil {
				return true
			}
		}
	}
	return false
}

// leadOnly keeps of what is missing that a lead mentor must approve: before
// the first approval it goes without saying that one is missing.
func leadOnly(missing []string) []string {
	if slices.Contains(missing, "lead approval") {
		return []string{"lead approval"}
	}
	return nil
}

// leadLines does so for a list.
func leadLines(lines []registrar.CapstoneLine) {
	for i := range lines {
		lines[i].Missing = leadOnly(lines[i].Missing)
	}
}

// evidenceRows gives what is there, an empty row for every kind that is asked
// for and not there, and one more.
func evidenceRows(have []registrar.NewEvidence, view *registrar.CapstoneView) []EvidenceRow {
	var rows []EvidenceRow
	kinds := view.Brief.EvidenceKinds
	for _, e := range have {
		row := EvidenceRow{Kind: e.Kind, Name: e.Name, URL: e.URL, Required: slices.Contains(kinds, e.Kind)}
		for _, kept := range view.Evidence {
			if kept.ID == e.ID && kept.Digest != "" && e.File == nil {
				row.File = &kept
			}
		}
		rows = append(rows, row)
	}
	for _, kind := range kinds {
		if !slices.ContainsFunc(have, func(e registrar.NewEvidence) bool { return e.Kind == kind }) {
			rows = append(rows, EvidenceRow{Kind: kind, Required: true})
		}
	}
	return append(rows, EvidenceRow{})
}

// capstoneAgain shows the form with what was typed and what is wrong with it.
func (p *Pages) capstoneAgain(c echo.Context, by issuer.Caller, id issuer.CapstoneID, draft registrar.Draft, status int, reason, field string) error {
	view, err := p.Registrar.Capstone(c.Request().Context(), by, id)
	if err != nil {
		return err
	}
	page := capstonePage(by, view)
	page.Form, page.Rows = draft, evidenceRows(draft.Evidence, view)
	page.Form.Revision = &view.Revision
	if field == "revision" {
		page.Theirs, page.Between = view, issuer.Changes(view.Summary, draft.Summary)
	}
	page.Problem, page.Wrong = reason, field
	return p.show(c, status, "home", "page/capstone", page)
}

func (p *Pages) withdrawCapstone(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	if _, err := p.Registrar.WithdrawCapstone(c.Request().Context(), by, id); err != nil {
		return err
	}
	return p.back(c, "/capstones/"+string(id), "withdrawn")
}

// sealed gives the file whose digest stands in the badges that came of a
// submission.
func (p *Pages) sealed(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	number, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return issuer.Refuse(issuer.NotFound, "There is no such submission.")
	}
	file, err := p.Registrar.SealedSubmission(c.Request().Context(), by, id, number)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="submission-%d.json"`, number))
	return web.Bytes(c, "application/json", file)
}
