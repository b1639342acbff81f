package pages

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// FeedbackPage is the data of "page/feedback": what someone is asked to say, and
// what others said to them.
type FeedbackPage struct {
	*registrar.FeedbackView
	Problem string
	At      issuer.NoteID // of the report that could not be kept
	Why     string        // as typed
}

// NotePage is the data of "page/note", the form to give feedback to someone.
type NotePage struct {
	*registrar.NoteView
	Rows    []NoteRow
	Problem string
}

// NoteRow is a question with the answer as typed.
type NoteRow struct{ Question, Answer string }

// OpinionPage is the data of "page/opinion", the form about a module.
type OpinionPage struct {
	*registrar.OpinionView
	Form    registrar.NewOpinion
	Problem string
	Wrong   string
}

// Scale lists the ratings that can be given.
func (OpinionPage) Scale() [5]int { return [5]int{1, 2, 3, 4, 5} }

// OpinionsPage is the data of "page/opinions": what was said of modules.
type OpinionsPage struct{ *registrar.OpinionsView }

// Mean is an average with one digit.
func (OpinionsPage) Mean(v float64) string { return fmt.Sprintf("%.1f", v) }

// RoundsPage is the data of "page/rounds": the rounds of a cohort and the form
// that opens one.
type RoundsPage struct {
	*registrar.RoundsView
	Form    registrar.NewRound // as typed
	Said    string             // the questions, as typed
	Per     string             // others for each, as typed
	Typed   bool
	Problem string
	Wrong   string
}

// RoundPage is the data of "page/round": how far a round is.
type RoundPage struct {
	*registrar.RoundView
	Problem string
}

func (p *Pages) feedback(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showFeedback(c, by, http.StatusOK, FeedbackPage{})
}

func (p *Pages) showFeedback(c echo.Context, by issuer.Caller, status int, page FeedbackPage) (err error) {
	if page.FeedbackView, err = p.Registrar.MyFeedback(c.Request().Context(), by); err != nil {
		return err
	}
	return p.show(c, status, "", "page/feedback", page)
}

func (p *Pages) note(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showNote(c, by, http.StatusOK, nil, "")
}

func (p *Pages) showNote(c echo.Context, by issuer.Caller, status int, typed []string, problem string) error {
	view, err := p.Registrar.Note(c.Request().Context(), by, issuer.NoteID(c.Param("id")))
	if err != nil {
		return err
	}
	page := NotePage{NoteView: view, Problem: problem}
	if typed == nil {
		typed = view.Answers
	}
	for i, q := range view.Questions {
		row := NoteRow{Question: q}
		if i < len(typed) {
			row.Answer = typed[i]
		}
		page.Rows = append(page.Rows, row)
	}
	return p.show(c, status, "", "page/note", page)
}

func (p *Pages) giveNote(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	_, err = p.Registrar.GiveFeedback(c.Request().Context(), by, issuer.NoteID(c.Param("id")), form["answer"])
	if status, reason, _, ok := wrong(err); ok {
		return p.showNote(c, by, status, form["answer"], reason)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/feedback", "feedback-given")
}

func (p *Pages) reportNote(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	id := issuer.NoteID(c.Param("id"))
	err = p.Registrar.ReportFeedback(c.Request().Context(), by, id, form.Get("why"))
	if status, reason, _, ok := wrong(err); ok {
		return p.showFeedback(c, by, status, FeedbackPage{Problem: reason, At: id, Why: form.Get("why")})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/feedback", "feedback-reported")
}

func (p *Pages) removeNote(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	v, err := p.Registrar.RemoveFeedback(c.Request().Context(), by, issuer.NoteID(c.Param("id")))
	if err != nil {
		return err
	}
	return p.back(c, "/rounds/"+string(v.ID), "feedback-removed")
}

func (p *Pages) rounds(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showRounds(c, by, http.StatusOK, RoundsPage{})
}

func (p *Pages) showRounds(c echo.Context, by issuer.Caller, status int, page RoundsPage) (err error) {
	if page.RoundsView, err = p.Registrar.Rounds(c.Request().Context(), by, c.Param("code")); err != nil {
		return err
	}
	if !page.Typed {
		page.Form = registrar.NewRound{OpensOn: string(page.Today), ClosesOn: page.Today.Time().AddDate(0, 0, 7).Format("2006-01-02"), Pairing: issuer.PairDrawn}
		page.Per = "3"
	}
	return p.show(c, status, "programs", "page/rounds", page)
}

func (p *Pages) openRound(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := RoundsPage{Typed: true, Said: form.Get("questions"), Per: form.Get("perPerson"), Form: registrar.NewRound{Title: form.Get("title"), OpensOn: form.Get("opensOn"),
		ClosesOn: form.Get("closesOn"), Pairing: issuer.Pairing(form.Get("pairing")), Seed: form.Get("seed"), AtOnce: form.Get("shown") == "at-once", Nameless: form.Get("names") == "no"}}
	in := page.Form
	in.Questions = strings.Split(strings.ReplaceAll(page.Said, "\r\n", "\n"), "\n")
	n := numbers{form: form}
	if in.Pairing == issuer.PairDrawn {
		in.PerPerson = n.of("perPerson")
	}
	var v *registrar.RoundView
	if err = n.err; err == nil {
		v, err = p.Registrar.OpenRound(c.Request().Context(), by, c.Param("code"), in)
	}
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showRounds(c, by, status, page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/rounds/"+string(v.ID), "round-opened")
}

func (p *Pages) round(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	v, err := p.Registrar.Round(c.Request().Context(), by, issuer.RoundID(c.Param("id")))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/round", RoundPage{RoundView: v})
}

func (p *Pages) closeRound(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if _, err := p.Registrar.CloseRound(c.Request().Context(), by, issuer.RoundID(c.Param("id"))); err != nil {
		return err
	}
	return p.back(c, "/rounds/"+url.PathEscape(c.Param("id")), "round-closed")
}

func (p *Pages) opinion(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showOpinion(c, by, http.StatusOK, OpinionPage{})
}

func (p *Pages) showOpinion(c echo.Context, by issuer.Caller, status int, page OpinionPage) (err error) {
	if page.OpinionView, err = p.Registrar.Opinion(c.Request().Context(), by, issuer.CompletionID(c.Param("id"))); err != nil {
		return err
	}
	if page.Problem == "" {
		page.Form = registrar.NewOpinion{Rating: page.Rating, Helped: page.Helped, Hindered: page.Hindered}
	}
	return p.show(c, status, "", "page/opinion", page)
}

func (p *Pages) giveOpinion(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := OpinionPage{Form: registrar.NewOpinion{Helped: form.Get("helped"), Hindered: form.Get("hindered")}}
	if form.Has("asked.helped") {
		page.Form.Asked = &registrar.Wording{Helped: form.Get("asked.helped"), Hindered: form.Get("asked.hindered")}
	}
	if r := form.Get("rating"); len(r) == 1 && r >= "1" && r <= "5" {
		page.Form.Rating = int(r[0] - '0')
	}
	_, err = p.Registrar.GiveOpinion(c.Request().Context(), by, issuer.CompletionID(c.Param("id")), page.Form)
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showOpinion(c, by, status, page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/feedback", "feedback-given")
}

func (p *Pages) opinions(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Opinions(c.Request().Context(), by, c.Param("code"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "programs", "page/opinions", OpinionsPage{view})
}
