package public

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// GalleryPage is the data of "page/gallery": stories of capstones whose whole
// team lets them be shown, and by what they are narrowed.
type GalleryPage struct {
	*registrar.GalleryView
	Filter registrar.GalleryFilter
	Next   url.Values // asks for the next page, nil at the end
}

// Narrowed tells whether only some of the stories are asked for.
func (p GalleryPage) Narrowed() bool {
	return p.Filter != registrar.GalleryFilter{After: p.Filter.After}
}

// StoryPage is the data of "page/story": one story of the gallery.
type StoryPage struct{ *registrar.GalleryStory }

func (p *Public) gallery(c echo.Context) error {
	q := c.QueryParams()
	f := registrar.GalleryFilter{Program: q.Get("program"), Skill: q.Get("skill"), Department: q.Get("department"), Words: q.Get("q"), After: issuer.StoryID(q.Get("after"))}
	view, err := p.Published.Gallery(c.Request().Context(), f)
	if err != nil {
		return err
	}
	page := GalleryPage{GalleryView: view, Filter: f}
	if view.Next != "" {
		page.Next = url.Values{"after": {string(view.Next)}}
		for name, value := range map[string]string{"program": f.Program, "skill": f.Skill, "department": f.Department, "q": f.Words} {
			if value != "" {
				page.Next.Set(name, value)
			}
		}
	}
	return p.page(c, "page/gallery", page)
}

func (p *Public) story(c echo.Context) error {
	story, err := p.Published.Story(c.Request().Context(), issuer.StoryID(c.Param("id")))
	if err != nil {
		return err
	}
	c.Response().Header().Set("X-Robots-Tag", "noindex, nofollow") // a member may take it back, and it is gone at once
	return p.page(c, "page/story", StoryPage{story})
}
