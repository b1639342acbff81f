package pages

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// NamePage is the data of "page/name": a person asks for their name to be
// corrected, and sees what was answered.
type NamePage struct {
	Now     string // their name
	Open    *registrar.NameRequestView
	Before  []registrar.NameRequestView // answered or taken back
	Name    string                      // as typed
	Note    string
	Problem string
	Wrong   string // field
}

// RequestsPage is the data of "page/requests": what people ask that the reader can
// answer.
type RequestsPage struct {
	*registrar.RequestsView
	At      string // id of the request whose answer is wrong
	Answer  string // as typed to it
	Problem string
}

func (p *Pages) myName(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showName(c, by, http.StatusOK, NamePage{})
}

func (p *Pages) showName(c echo.Context, by issuer.Caller, status int, page NamePage) error {
	all, err := p.Registrar.MyNameRequests(c.Request().Context(), by)
	if err != nil {
		return err
	}
	page.Now = by.Name
	for i, q := range all {
		if q.State == issuer.RequestOpen {
			page.Open = &all[i]
		} else {
			page.Before = append(page.Before, q)
		}
	}
	return p.show(c, status, "account", "page/name", page)
}

func (p *Pages) askName(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	name, note := form.Get("name"), form.Get("note")
	if _, err := p.Registrar.AskName(c.Request().Context(), by, name, note); err != nil {
		status, reason, field, mendable := wrong(err)
		if !mendable {
			return err
		}
		return p.showName(c, by, status, NamePage{Name: name, Note: note, Problem: reason, Wrong: field})
	}
	return p.back(c, "/account/name", "name-asked")
}

func (p *Pages) withdrawName(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	if err := p.Registrar.WithdrawNameRequest(c.Request().Context(), by, issuer.NameRequestID(c.Param("id"))); err != nil {
		return err
	}
	return p.back(c, "/account/name", "name-withdrawn")
}

func (p *Pages) requests(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showRequests(c, by, http.StatusOK, RequestsPage{})
}

func (p *Pages) showRequests(c echo.Context, by issuer.Caller, status int, page RequestsPage) error {
	var err error
	if page.RequestsView, err = p.Registrar.Requests(c.Request().Context(), by); err != nil {
		return err
	}
	return p.show(c, status, "home", "page/requests", page)
}

func (p *Pages) answerName(c echo.Context) error {
	return p.answer(c, "done", "refused", func(by issuer.Caller, yes bool, words string) error {
		_, err := p.Registrar.AnswerName(c.Request().Context(), by, issuer.NameRequestID(c.Param("id")), yes, words)
		return err
	})
}

func (p *Pages) answerAppeal(c echo.Context) error {
	return p.answer(c, "reopen", "stands", func(by issuer.Caller, yes bool, words string) error {
		_, err := p.Registrar.AnswerAppeal(c.Request().Context(), by, issuer.AppealID(c.Param("id")), yes, words)
		return err
	})
}

// answer carries out the answer to a request; yes and no are the values of its
// two buttons.
func (p *Pages) answer(c echo.Context, yes, no string, act func(by issuer.Caller, yes bool, words string) error) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	decision, words := form.Get("decision"), strings.TrimSpace(form.Get("answer"))
	if decision != yes && decision != no {
		err = issuer.Wrong("decision", "Decide by one of the two buttons.")
	} else {
		err = act(by, decision == yes, words)
	}
	if err == nil {
		return p.back(c, "/requests", "answered")
	}
	status, reason, _, mendable := wrong(err)
	if !mendable {
		return err
	}
	return p.showRequests(c, by, status, RequestsPage{At: c.Param("id"), Answer: words, Problem: reason})
}

// AppealPage is the data of "page/appeal": a team asks someone else to look at what
// was returned, and sees what was answered.
type AppealPage struct {
	*registrar.AppealsView
	Words   string // as typed
	Problem string
}

func (p *Pages) appeals(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showAppeals(c, by, http.StatusOK, AppealPage{})
}

func (p *Pages) showAppeals(c echo.Context, by issuer.Caller, status int, page AppealPage) error {
	var err error
	if page.AppealsView, err = p.Registrar.Appeals(c.Request().Context(), by, issuer.CapstoneID(c.Param("id"))); err != nil {
		return err
	}
	return p.show(c, status, "home", "page/appeal", page)
}

func (p *Pages) appeal(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	id, words := issuer.CapstoneID(c.Param("id")), form.Get("words")
	if _, err := p.Registrar.AppealReturn(c.Request().Context(), by, id, words); err != nil {
		status, reason, _, mendable := wrong(err)
		if !mendable {
			return err
		}
		return p.showAppeals(c, by, status, AppealPage{Words: words, Problem: reason})
	}
	return p.back(c, "/capstones/"+string(id)+"/appeal", "appealed")
}
