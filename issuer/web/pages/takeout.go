package pages

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/web"
)

// maxTakeouts is how many people may take everything along at a time: each
// takes the processor for a second or more.
const maxTakeouts = 2

// takeouts counts those under way.
type takeouts struct{ n atomic.Int32 }

func (t *takeouts) enter() bool {
	if t.n.Add(1) > maxTakeouts {
		t.leave()
		return false
	}
	return true
}

func (t *takeouts) leave() { t.n.Add(-1) }

func (p *Pages) takeMine(c echo.Context) error {
	by, _, err := web.Posted(c)
	if err != nil {
		return err
	}
	return p.take(c, by, by.Person)
}

func (p *Pages) takeTheirs(c echo.Context) error {
	by, _, err := web.Posted(c)
	if err != nil {
		return err
	}
	return p.take(c, by, personID(c))
}

// take sends all that is known of a person as one file, as it is made. Where
// something goes wrong on the way the file lacks its end, so that no program takes
// half of it for all.
func (p *Pages) take(c echo.Context, by issuer.Caller, person issuer.PersonID) error {
	if !p.takeouts.enter() {
		c.Response().Header().Set("Retry-After", "5")
		return issuer.Refuse(issuer.Unavailable, "Others are taking their files just now; try again in a few seconds.")
	}
	defer p.takeouts.leave()
	ctx := c.Request().Context()
	all, err := p.Registrar.ExportPerson(ctx, by, person)
	if err != nil {
		return err
	}
	out := c.Response()
	out.Header().Set("Content-Type", "application/zip")
	out.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="hallmark-%s.zip"`, all.MadeAt.Format(time.DateOnly)))
	_ = http.NewResponseController(out).SetWriteDeadline(time.Now().Add(web.LongTime)) // a recorder of tests has none
	out.WriteHeader(http.StatusOK)
	return p.Takeout(ctx, out, all)
}
