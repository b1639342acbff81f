package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// QueuePage is the data of "page/queue".
type QueuePage struct{ Queue *registrar.QueueView }

// QueueRow is one of what waits for the reader: something to decide about, or an
// appeal to answer.
type QueueRow struct {
	Line   *registrar.CapstoneLine
	Appeal *registrar.AppealView
}

func (r QueueRow) since() time.Time {
	switch {
	case r.Appeal != nil:
		return r.Appeal.CreatedAt
	case r.Line.WaitingSince != nil:
		return *r.Line.WaitingSince
	}
	return time.Time{}
}

// Rows are both in one list, what waits the longest first.
func (p QueuePage) Rows() []QueueRow {
	var rows []QueueRow
	for i := range p.Queue.Waiting {
		rows = append(rows, QueueRow{Line: &p.Queue.Waiting[i]})
	}
	for i := range p.Queue.Appeals {
		rows = append(rows, QueueRow{Appeal: &p.Queue.Appeals[i]})
	}
	slices.SortStableFunc(rows, func(a, b QueueRow) int { return a.since().Compare(b.since()) })
	return rows
}

// ReviewPage is the data of "page/review".
type ReviewPage struct {
	Capstone *registrar.CapstoneView
	Missing  []string                   // approvals, if some are there already, or a lead's
	Current  registrar.SubmissionView   // what is decided about
	Before   []registrar.SubmissionView // earlier versions, newest first
	Form     registrar.NewReview        // what was chosen and typed
	Saved    time.Time                  // when a draft of it was; zero for none
	Problem  string
	Wrong    string
}

func (p *Pages) queue(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Queue(c.Request().Context(), by, registrar.QueueFilter{Show: c.QueryParam("show"), Cohort: c.QueryParam("cohort")})
	if err != nil {
		return err
	}
	leadLines(view.Waiting)
	return p.show(c, http.StatusOK, "queue", "page/queue", QueuePage{view})
}

func (p *Pages) review(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Capstone(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")))
	if err != nil {
		return err
	}
	if !view.MayReview {
		return p.back(c, "/capstones/"+string(view.ID), "")
	}
	return p.show(c, http.StatusOK, "queue", "page/review", reviewPage(view))
}

func reviewPage(view *registrar.CapstoneView) ReviewPage {
	page := ReviewPage{Capstone: view, Missing: view.Missing, Form: registrar.NewReview{Scores: issuer.Scores{}}}
	if d := view.Desk.Draft; d != nil {
		page.Form.Scores, page.Form.Reason, page.Form.Note, page.Saved = d.Scores, d.Reason, d.Note, d.SavedAt
	}
	if !partlyApproved(view) {
		page.Missing = leadOnly(view.Missing)
	}
	for _, s := range view.Submissions {
		if s.Number == view.Submission {
			page.Current = s
		} else {
			page.Before = append(page.Before, s)
		}
	}
	return page
}

// reviewOf reads the form of a decision.
func reviewOf(form url.Values) (registrar.NewReview, error) {
	number, err := strconv.Atoi(form.Get("submission"))
	if err != nil {
		return registrar.NewReview{}, issuer.Wrong("submission", "Open the review again from your queue.")
	}
	in := registrar.NewReview{Submission: number, Decision: issuer.Decision(form.Get("decision")), Scores: issuer.Scores{}, Reason: form.Get("reason"),
		Note: strings.TrimSpace(strings.ReplaceAll(form.Get("note"), "\r\n", "\n"))}
	if in.Decision == "sign" { // the button that approves and signs
		in.Decision, in.Sign = issuer.Approve, true
	}
	if in.Decision == issuer.Approve { // what was chosen for a return does not matter then
		in.Reason = ""
	}
	for name, values := range form {
		if code, ok := strings.CutPrefix(name, "score."); ok {
			in.Scores[code] = values[0]
		}
	}
	return in, nil
}

func (p *Pages) decide(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	in, err := reviewOf(form)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	if in.Decision == "save" || in.Decision == "insert" {
		return p.saveReview(c, by, id, in, form)
	}
	if in.Sign {
		view, err := p.Registrar.Capstone(c.Request().Context(), by, id)
		if err != nil {
			return err
		}
		if view.MayReview { // else there is nothing to confirm: the act says why
			var done bool
			if by, done, err = p.confirmed(c, by, form); !done {
				return err
			}
		}
	}
	result, err := p.Registrar.ReviewCapstone(c.Request().Context(), by, id, in)
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, &in, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/queue", decided(result)) // on to the next one
}

// saveReview keeps what a mentor has so far, with a saved reply put under it if
// that button was pressed, and goes on where they were.
func (p *Pages) saveReview(c echo.Context, by issuer.Caller, id issuer.CapstoneID, in registrar.NewReview, form url.Values) error {
	reply, done := issuer.ReplyID(""), "review-saved"
	if in.Decision == "insert" {
		if reply, done = issuer.ReplyID(form.Get("reply")), "reply-inserted"; reply == "" {
			return p.reviewAgain(c, by, id, &in, http.StatusUnprocessableEntity, "Choose one of your saved replies.", "reply")
		}
	}
	_, err := p.Registrar.SaveReview(c.Request().Context(), by, id, in, reply)
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, &in, status, reason, field)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.BasePath+"/review/"+string(id)+"?done="+done+"#note")
}

// decided names what a decision brought about.
func decided(r *registrar.ReviewResult) string {
	switch {
	case r.Review.Decision == issuer.Return:
		return "returned"
	case len(r.Missing) > 0:
		return "approved-more"
	}
	return "approved"
}

// reviewAgain shows the form with what was typed, nil for what was kept, and what
// is wrong; where the decision has passed to someone else, the capstone as it is
// now.
func (p *Pages) reviewAgain(c echo.Context, by issuer.Caller, id issuer.CapstoneID, in *registrar.NewReview, status int, reason, field string) error {
	view, err := p.Registrar.Capstone(c.Request().Context(), by, id)
	if err != nil {
		return err
	}
	if !view.MayReview {
		page := capstonePage(by, view)
		page.Problem = reason
		return p.show(c, status, "queue", "page/capstone", page)
	}
	page := reviewPage(view)
	if in != nil {
		page.Form = *in
	}
	page.Problem, page.Wrong = reason, field
	return p.show(c, status, "queue", "page/review", page)
}
