package pages

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
)

// JoinPage is the data of "page/join", where a link into a cohort lands: one
// button for who is signed in, name and address for who is not.
type JoinPage struct {
	Offer   *registrar.JoinView
	Secret  string
	Signed  bool
	Name    string // as typed
	Email   string
	Problem string
}

func (p *Pages) joinPage(c echo.Context) error {
	return p.showJoin(c, http.StatusOK, JoinPage{Secret: c.QueryParam("t")})
}

func (p *Pages) showJoin(c echo.Context, status int, page JoinPage) (err error) {
	by := web.Visitor(c)
	if page.Offer, err = p.Registrar.JoinOffer(c.Request().Context(), by, page.Secret); err != nil {
		return err
	}
	page.Signed = by.Person != ""
	return p.show(c, status, "", "page/join", page)
}

// join puts who is signed in into the cohort. Anyone else is mailed a link
// that leads back here signed in; only then is a place taken.
func (p *Pages) join(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, by, page := c.Request().Context(), web.Visitor(c), JoinPage{Secret: form.Get("t"), Name: form.Get("name"), Email: form.Get("email")}
	if by.Signed() {
		if err := p.Registrar.Join(ctx, by, page.Secret); err != nil {
			return err
		}
		return p.back(c, "/home", "joined")
	}
	err = p.Registrar.Introduce(ctx, page.Secret, page.Email, page.Name)
	if err == nil {
		err = p.Signin.Ask(ctx, page.Email, "/join?"+url.Values{"t": {page.Secret}}.Encode())
	}
	if status, reason, _, ok := wrong(err); ok {
		page.Problem = reason
		return p.showJoin(c, status, page)
	}
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/signin-sent", SentPage{Email: page.Email, Minutes: int(signin.LinkLife.Minutes())})
}
