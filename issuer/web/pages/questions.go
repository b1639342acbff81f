package pages

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// AskPage is the data of "page/ask": the form by which a reader of a badge asks its
// issuer.
type AskPage struct {
	About   *registrar.AskableView
	Sent    bool // asked: the link is on its way
	Name    string
	Email   string
	Words   string // as typed
	Most    int    // characters of a question
	Hours   int    // in which it is confirmed
	Problem string
	Wrong   string
}

// AskedPage is the data of "page/asked": a question by the link that was mailed.
type AskedPage struct {
	*registrar.AskedView
	Token   string
	Problem string
}

func (p *Pages) askPage(c echo.Context) error {
	return p.showAsk(c, http.StatusOK, AskPage{Sent: c.QueryParam("sent") != "", Name: web.Visitor(c).Name})
}

func (p *Pages) showAsk(c echo.Context, status int, page AskPage) (err error) {
	web.As(c, verifyweb.Private)
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	page.Most, page.Hours = issuer.MaxAsking, int(issuer.QuestionLinkLife.Hours())
	if page.About, err = p.Registrar.Askable(c.Request().Context(), badgeID(c)); err != nil {
		return err
	}
	return p.show(c, status, "", "page/ask", page)
}

// ask takes a question. As with a concern, a field that people do not see stays
// empty.
func (p *Pages) ask(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	page := AskPage{Name: form.Get("name"), Email: form.Get("email"), Words: form.Get("words")}
	if form.Get("website") != "" {
		err = issuer.Wrong("website", "Leave the last field of the form empty.")
	} else {
		err = p.Registrar.AskQuestion(c.Request().Context(), registrar.NewQuestion{Badge: badgeID(c), Name: page.Name, Email: page.Email, Words: page.Words,
			Language: p.Frame(c, "").Lang})
	}
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showAsk(c, status, page)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.BasePath+"/v/"+url.PathEscape(string(badgeID(c)))+"/ask?sent=yes")
}

func (p *Pages) asked(c echo.Context) error {
	view, err := p.Registrar.Asked(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return p.showAsked(c, http.StatusOK, AskedPage{AskedView: view})
}

func (p *Pages) showAsked(c echo.Context, status int, page AskedPage) error {
	page.Token = c.Param("token")
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow")
	return p.show(c, status, "", "page/asked", page)
}

// tendAsked confirms or withdraws a question. Opening the link alone does not:
// programs that look at mail open links, too.
func (p *Pages) tendAsked(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, token, done := c.Request().Context(), c.Param("token"), "question-sent"
	switch form.Get("step") {
	case "confirm":
		_, err = p.Registrar.ConfirmQuestion(ctx, token)
	case "withdraw":
		done = "question-withdrawn"
		_, err = p.Registrar.WithdrawQuestion(ctx, token)
	default:
		err = issuer.Wrong("step", "Decide by one of the two buttons.")
	}
	if status, reason, _, ok := wrong(err); ok {
		view, err := p.Registrar.Asked(ctx, token)
		if err != nil {
			return err
		}
		return p.showAsked(c, status, AskedPage{AskedView: view, Problem: reason})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/asked/"+url.PathEscape(token), done)
}

func (p *Pages) answerQuestion(c echo.Context) error {
	return p.answer(c, "answer", "close", func(by issuer.Caller, yes bool, words string) error {
		return p.Registrar.AnswerQuestion(c.Request().Context(), by, issuer.QuestionID(c.Param("id")), yes, words)
	})
}
