package pages

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// TellPage is the data of "page/tell": the story of a capstone as its team sees
// it. Text is as typed, where it could not be kept.
type TellPage struct {
	*registrar.StoryView
	Text    issuer.StoryText
	Problem string
	Wrong   string // field that the problem is about
	Reason  string // of who hides it, as typed
}

// StoriesPage is the data of "page/stories": the stories of a program.
type StoriesPage struct {
	*registrar.StoryDeskView
	Next url.Values // asks for the next page, nil at the end
}

func (p *Pages) story(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	return p.showTell(c, by, http.StatusOK, TellPage{})
}

func (p *Pages) showTell(c echo.Context, by issuer.Caller, status int, page TellPage) (err error) {
	if page.StoryView, err = p.Registrar.Story(c.Request().Context(), by, issuer.CapstoneID(c.Param("id"))); err != nil {
		return err
	}
	if page.Text == (issuer.StoryText{}) {
		page.Text = page.StoryView.Text
	}
	return p.show(c, status, "", "page/tell", page)
}

// told leads back to the story, or shows what is wrong beside what was typed.
func (p *Pages) told(c echo.Context, by issuer.Caller, err error, page TellPage, done string) error {
	if status, reason, field, ok := wrong(err); ok {
		page.Problem, page.Wrong = reason, field
		return p.showTell(c, by, status, page)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/capstones/"+url.PathEscape(c.Param("id"))+"/story", done)
}

func (p *Pages) writeStory(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	text := issuer.StoryText{Title: form.Get("title"), Words: form.Get("words"), Department: form.Get("department"),
		Impact: issuer.Impact{Measure: form.Get("measure"), Before: form.Get("before"), After: form.Get("after"), Unit: form.Get("unit"),
			Period: form.Get("period"), ConfirmedBy: form.Get("confirmedBy")}}
	_, err = p.Registrar.WriteStory(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")), text)
	return p.told(c, by, err, TellPage{Text: text}, "story-saved")
}

// agreeToStory takes what a member says: yes with their name, yes without, or no.
func (p *Pages) agreeToStory(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	answer := form.Get("answer")
	if answer != "named" && answer != "nameless" && answer != "no" {
		return p.told(c, by, issuer.Wrong("answer", "Choose one of the answers."), TellPage{}, "")
	}
	edition, err := strconv.Atoi(form.Get("edition"))
	if err != nil {
		edition = 0 // of no words that there are
	}
	_, err = p.Registrar.AgreeToStory(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")), edition, answer != "no", answer == "named")
	return p.told(c, by, err, TellPage{}, "story-"+answer)
}

// moderateStory hides a story with a reason, or shows it again.
func (p *Pages) moderateStory(c echo.Context) error {
	by, form, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), issuer.CapstoneID(c.Param("id"))
	if form.Get("step") == "show" {
		_, err = p.Registrar.ShowStory(ctx, by, id)
		return p.told(c, by, err, TellPage{}, "story-shown")
	}
	_, err = p.Registrar.HideStory(ctx, by, id, form.Get("reason"))
	return p.told(c, by, err, TellPage{Reason: form.Get("reason")}, "story-hidden")
}

func (p *Pages) stories(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.StoryDesk(c.Request().Context(), by, c.Param("code"), issuer.StoryID(c.QueryParam("after")))
	if err != nil {
		return err
	}
	page := StoriesPage{StoryDeskView: view}
	if view.Next != "" {
		page.Next = url.Values{"after": {string(view.Next)}}
	}
	return p.show(c, http.StatusOK, "programs", "page/stories", page)
}
