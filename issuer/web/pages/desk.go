package pages

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// DeskPage is the data of "page/desk". Reply and Absence hold what was typed
// into the form that is wrong.
type DeskPage struct {
	Desk    *registrar.MentorDesk
	Reply   issuer.SavedReply
	Absence registrar.NewAbsence
	Problem string
	Wrong   string
}

// TakeBackPage is the data of "page/takeback".
type TakeBackPage struct {
	Result  *registrar.TakeBackResult
	Until   time.Time
	Problem string
}

// claim does what the buttons about a claim say: take, take over, give back or
// hand over.
func (p *Pages) claim(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, id, note := c.Request().Context(), issuer.CapstoneID(c.Param("id")), strings.TrimSpace(form.Get("note"))
	to, done := "/queue", ""
	switch form.Get("act") {
	case "release":
		done = "released"
		_, err = p.Registrar.ReleaseCapstone(ctx, by, id)
	case "hand-over":
		done = "handed-over"
		_, err = p.Registrar.HandOverCapstone(ctx, by, id, issuer.PersonID(form.Get("to")), note)
	default:
		done = "claimed"
		var view *registrar.CapstoneView
		view, err = p.Registrar.ClaimCapstone(ctx, by, id, registrar.NewClaim{TakeOver: form.Get("act") == "take-over", Note: note})
		if err == nil && view.State == issuer.ScopeSubmitted {
			to = "/scopes/" + string(id)
		} else {
			to = "/review/" + string(id)
		}
	}
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, nil, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.back(c, to, done)
}

// declareConflict reads whom and what a conflict of interest is about from one
// choice: a kind, or a kind and a person.
func (p *Pages) declareConflict(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	kind, person, _ := strings.Cut(form.Get("about"), ":")
	_, err = p.Registrar.DeclareConflict(c.Request().Context(), by, id, registrar.NewConflict{
		Reviewer: issuer.PersonID(form.Get("reviewer")), Person: issuer.PersonID(person), Kind: issuer.ConflictKind(kind)})
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, nil, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/capstones/"+string(id), "conflict-declared")
}

func (p *Pages) clearConflict(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	if _, err := p.Registrar.ClearConflict(c.Request().Context(), by, id, issuer.ConflictID(c.Param("conflict"))); err != nil {
		return err
	}
	return p.back(c, "/capstones/"+string(id), "conflict-cleared")
}

// takeBackPage asks once more, and says what taking an approval back does.
func (p *Pages) takeBackPage(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id, review := issuer.CapstoneID(c.Param("id")), issuer.ReviewID(c.Param("review"))
	result, err := p.Registrar.TakeBack(c.Request().Context(), by, id, review)
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, nil, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "queue", "page/takeback", TakeBackPage{Result: result, Until: result.Review.At.Add(issuer.Grace)})
}

func (p *Pages) takeBack(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	id := issuer.CapstoneID(c.Param("id"))
	_, err = p.Registrar.TakeBackApproval(c.Request().Context(), by, id, issuer.ReviewID(c.Param("review")))
	if status, reason, field, ok := wrong(err); ok {
		return p.reviewAgain(c, by, id, nil, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/review/"+string(id), "taken-back")
}

func (p *Pages) desk(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	desk, err := p.Registrar.Desk(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "queue", "page/desk", DeskPage{Desk: desk})
}

func (p *Pages) saveReply(c echo.Context) error {
	return p.ofDesk(c, "reply-saved", func(by issuer.Caller, form url.Values, page *DeskPage) error {
		page.Reply = issuer.SavedReply{Name: form.Get("name"), Text: strings.ReplaceAll(form.Get("text"), "\r\n", "\n")}
		_, err := p.Registrar.SaveReply(c.Request().Context(), by, page.Reply.Name, page.Reply.Text)
		return err
	})
}

func (p *Pages) removeReply(c echo.Context) error {
	return p.ofDesk(c, "reply-removed", func(by issuer.Caller, _ url.Values, _ *DeskPage) error {
		_, err := p.Registrar.RemoveReply(c.Request().Context(), by, issuer.ReplyID(c.Param("reply")))
		return err
	})
}

func (p *Pages) declareAbsence(c echo.Context) error {
	return p.ofDesk(c, "away", func(by issuer.Caller, form url.Values, page *DeskPage) error {
		page.Absence = registrar.NewAbsence{From: issuer.Day(form.Get("from")), Until: issuer.Day(form.Get("until")),
			Cover: issuer.PersonID(form.Get("cover")), HandOver: form.Get("handover") != ""}
		in := page.Absence
		for _, day := range []struct {
			name string
			of   issuer.Day
		}{{"from", in.From}, {"until", in.Until}} {
			if _, err := issuer.ParseDay(string(day.of)); err != nil {
				return issuer.Wrong(day.name, "Give the first and the last day that you are away.")
			}
		}
		_, err := p.Registrar.DeclareAbsence(c.Request().Context(), by, in)
		return err
	})
}

func (p *Pages) endAbsence(c echo.Context) error {
	return p.ofDesk(c, "back-again", func(by issuer.Caller, _ url.Values, _ *DeskPage) error {
		_, err := p.Registrar.EndAbsence(c.Request().Context(), by, issuer.AbsenceID(c.Param("absence")))
		return err
	})
}

// ofDesk does something with a form of the desk; what is wrong with it is shown
// on the desk, with what was typed.
func (p *Pages) ofDesk(c echo.Context, done string, do func(by issuer.Caller, form url.Values, page *DeskPage) error) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	var page DeskPage
	err = do(by, form, &page)
	if status, reason, field, ok := wrong(err); ok {
		if page.Desk, err = p.Registrar.Desk(c.Request().Context(), by); err != nil {
			return err
		}
		page.Problem, page.Wrong = reason, field
		return p.show(c, status, "queue", "page/desk", page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/desk", done)
}
