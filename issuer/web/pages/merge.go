package pages

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// MergePage is the data of "page/merge": which two become one, what that brings
// about, and the words to type before it is done. Without Merge it asks for the
// other account.
type MergePage struct {
	Person  registrar.PersonName // who is kept
	Merge   *registrar.Merge
	With    string // what was typed to name the other, an address or an id
	Typed   string
	Admin   bool
	Secret  string // of the link that was mailed, where people merge their own
	Problem string
	Wrong   string // the field that is wrong
}

// mergePerson is the page on which an admin chooses who became someone, and sees
// what making them one brings about.
func (p *Pages) mergePerson(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showMerge(c, http.StatusOK, by, MergePage{With: strings.TrimSpace(c.QueryParam("with"))})
}

// showMerge shows the page for who is kept and the other that is named on it.
func (p *Pages) showMerge(c echo.Context, status int, by issuer.Caller, page MergePage) error {
	if !by.Manages("") {
		return issuer.Refuse(issuer.Forbidden, "Only an admin of this installation may do this.")
	}
	kept, err := p.Registrar.Person(c.Request().Context(), by, personID(c))
	if err != nil {
		return err
	}
	page.Person = kept.PersonName
	if page.With != "" {
		page.Merge, err = p.mergeWith(c, by, kept.ID, page.With)
		if _, reason, _, ok := wrong(err); ok {
			page.Problem, page.Wrong = reason, "with"
		} else if err != nil {
			return err
		}
	}
	return p.show(c, status, "people", "page/merge", page)
}

// mergeWith previews a merge with whoever has an address, or the id.
func (p *Pages) mergeWith(c echo.Context, by issuer.Caller, kept issuer.PersonID, with string) (*registrar.Merge, error) {
	gone, err := p.other(c, by, with)
	if err != nil {
		return nil, err
	}
	m, err := p.Registrar.Merge(c.Request().Context(), by, kept, gone)
	if errors.Is(err, issuer.NotFound) {
		err = noOther()
	}
	return m, err
}

func noOther() error { return issuer.Wrong("with", "Nobody here has this address or id.") }

func (p *Pages) other(c echo.Context, by issuer.Caller, with string) (issuer.PersonID, error) {
	if !strings.Contains(with, "@") {
		return issuer.PersonID(strings.ToUpper(with)), nil
	}
	found, err := p.Registrar.FindPerson(c.Request().Context(), by, with)
	if errors.Is(err, issuer.NotFound) {
		err = noOther()
	}
	if err != nil {
		return "", err
	}
	return found.ID, nil
}

func (p *Pages) doMergePerson(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	page := MergePage{With: form.Get("with"), Typed: form.Get("address"), Admin: form.Get("admin") == "yes"}
	ctx, kept := c.Request().Context(), personID(c)
	m, err := p.mergeWith(c, by, kept, page.With)
	if err == nil && !strings.EqualFold(strings.TrimSpace(page.Typed), m.Sign()) {
		err = &issuer.Error{Kind: issuer.Invalid, Field: "address", Reason: "What you typed is not " + m.Sign() + "; nothing was merged."}
	}
	if err == nil {
		err = p.Registrar.MergePeople(ctx, by, kept, m.Gone.ID, page.Admin)
	}
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showMerge(c, status, by, page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/people/"+string(kept), "merged")
}

// mergeOwn makes the account of an address one with the caller's, who opened the
// link that was mailed there and confirms that they are who is signed in.
func (p *Pages) mergeOwn(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	by, sure, err := p.confirmed(c, by, form)
	if !sure {
		return err
	}
	err = p.Signin.Merge(c.Request().Context(), by, form.Get("t"))
	if err != nil {
		return p.accountProblem(c, by, err, "")
	}
	return p.back(c, "/account", "merged")
}
