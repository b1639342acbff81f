package pages

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// NewConcernPage is the data of "page/concern-new", the form for anyone.
type NewConcernPage struct {
	Signed   bool
	Kinds    []issuer.ConcernKind
	Programs []registrar.Named // that they have to do with
	Form     registrar.NewConcern
	Problem  string
	Wrong    string
}

// ConcernSentPage is the data of "page/concern-sent": where a concern went and,
// for one without a name, the code that leads back to it, this once.
type ConcernSentPage struct {
	*registrar.ConcernReceipt
	Spelt string // the code, in groups
}

// FollowPage is the data of "page/concern-follow": the way back by a code, and
// what it leads to.
type FollowPage struct {
	Concern *registrar.ConcernView // nil: the code is asked for
	Code    string
	Words   string // as typed
	Added   bool
	Problem string
}

// ConcernsPage is the data of "page/concerns".
type ConcernsPage struct{ *registrar.ConcernsView }

// ConcernPage is the data of "page/concern".
type ConcernPage struct {
	Concern *registrar.ConcernView
	Words   string // as typed
	Problem string
}

func (p *Pages) newConcern(c echo.Context) error {
	form := registrar.NewConcern{Badge: c.QueryParam("badge")}
	if form.Badge != "" {
		form.Kind = issuer.AboutBadge
	}
	return p.showNewConcern(c, http.StatusOK, NewConcernPage{Form: form})
}

func (p *Pages) showNewConcern(c echo.Context, status int, page NewConcernPage) (err error) {
	by := web.Visitor(c)
	page.Signed, page.Kinds = by.Person != "", issuer.ConcernKinds
	if page.Signed {
		if page.Programs, err = p.Registrar.Programs(c.Request().Context(), by); err != nil {
			return err
		}
	}
	return p.show(c, status, "", "page/concern-new", page)
}

// reportConcern takes a concern. A field that people do not see stays empty;
// programs that fill in every field are told so.
func (p *Pages) reportConcern(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	page := NewConcernPage{Form: registrar.NewConcern{Kind: issuer.ConcernKind(form.Get("kind")), Program: form.Get("program"), Badge: strings.TrimSpace(form.Get("badge")),
		About: form.Get("about"), Words: form.Get("words"), AboutRunner: form.Get("runner") != "", Nameless: form.Get("named") == "no"}}
	var receipt *registrar.ConcernReceipt
	if form.Get("website") != "" {
		err = issuer.Wrong("website", "Leave the last field of the form empty.")
	} else {
		receipt, err = p.Registrar.ReportConcern(c.Request().Context(), web.Visitor(c), page.Form)
	}
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showNewConcern(c, status, page)
	}
	if err != nil {
		return err
	}
	if receipt.Code == "" {
		return p.back(c, "/concerns/"+string(receipt.ID), "concern-sent")
	}
	return p.show(c, http.StatusOK, "", "page/concern-sent", ConcernSentPage{receipt, spelt(receipt.Code)})
}

// spelt writes a code in groups of five, as people copy it.
func spelt(code string) string {
	var groups []string
	for ; len(code) > 5; code = code[5:] {
		groups = append(groups, code[:5])
	}
	return strings.Join(append(groups, code), "-")
}

func (p *Pages) followPage(c echo.Context) error {
	return p.show(c, http.StatusOK, "", "page/concern-follow", FollowPage{})
}

// follow shows a concern to who has its code, and takes what they add. The code
// stands in no address, which histories and logs would keep.
func (p *Pages) follow(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, page := c.Request().Context(), FollowPage{Code: form.Get("code"), Words: form.Get("words")}
	status := http.StatusOK
	if form.Get("step") == "add" {
		if page.Concern, err = p.Registrar.AddByCode(ctx, page.Code, page.Words); err == nil {
			page.Added, page.Words = true, ""
		}
	}
	if page.Concern == nil {
		if s, reason, _, ok := wrong(err); ok {
			status, page.Problem = s, reason
		} else if err != nil {
			return err
		}
		page.Concern, err = p.Registrar.FollowConcern(ctx, page.Code)
		if s, reason, _, ok := wrong(err); ok {
			status, page.Problem = s, reason
		} else if err != nil {
			return err
		}
	}
	return p.show(c, status, "", "page/concern-follow", page)
}

func (p *Pages) concerns(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Concerns(c.Request().Context(), by, c.QueryParam("closed") != "")
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/concerns", ConcernsPage{view})
}

func (p *Pages) concern(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showConcern(c, by, http.StatusOK, ConcernPage{})
}

func (p *Pages) showConcern(c echo.Context, by issuer.Caller, status int, page ConcernPage) (err error) {
	if page.Concern, err = p.Registrar.Concern(c.Request().Context(), by, issuer.ConcernID(c.Param("id"))); err != nil {
		return err
	}
	return p.show(c, status, "", "page/concern", page)
}

// handleConcern takes what its reporter adds, or a step of who handles it.
func (p *Pages) handleConcern(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, id, step := c.Request().Context(), issuer.ConcernID(c.Param("id")), form.Get("step")
	if step == "add" {
		_, err = p.Registrar.AddToConcern(ctx, by, id, form.Get("words"))
	} else {
		_, err = p.Registrar.HandleConcern(ctx, by, id, registrar.ConcernStep(step), form.Get("words"), issuer.PersonID(form.Get("to")))
	}
	if status, reason, _, ok := wrong(err); ok {
		return p.showConcern(c, by, status, ConcernPage{Words: form.Get("words"), Problem: reason})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/concerns/"+url.PathEscape(c.Param("id")), "concern-saved")
}
