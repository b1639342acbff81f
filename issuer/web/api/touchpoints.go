package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// touchpoint is a date of a cohort. Notes and who came are there for who guides
// the cohort; a learner sees whether they came themselves.
type touchpoint struct {
	ID         issuer.TouchpointID   `json:"id"`
	Cohort     registrar.Named       `json:"cohort"`
	Kind       issuer.TouchpointKind `json:"kind"`
	Title      string                `json:"title"`
	At         time.Time             `json:"at"`
	Local      string                `json:"local"` // the same moment by the clock of the cohort's zone
	TimeZone   string                `json:"timeZone"`
	Host       registrar.PersonName  `json:"host"`
	Cancelled  bool                  `json:"cancelled"`
	Own        *string               `json:"own"`
	Notes      string                `json:"notes,omitempty"`
	Attendance []attendance          `json:"attendance,omitempty"`
}

type attendance struct {
	Person registrar.PersonName `json:"person"`
	State  *string              `json:"state"` // null: nobody noted it
}

func touchpointOf(v registrar.TouchpointView) touchpoint {
	t := touchpoint{ID: v.ID, Cohort: v.Cohort, Kind: v.Kind, Title: v.Title, At: v.At, Local: string(v.Day) + "T" + v.Clock,
		TimeZone: v.TimeZone, Host: v.Host, Cancelled: v.Cancelled, Own: optional(v.Own), Notes: v.Notes}
	for _, l := range v.Attendance {
		t.Attendance = append(t.Attendance, attendance{l.PersonName, optional(l.State)})
	}
	return t
}

// touchpoints lists the dates of a cohort: those to come, the next one first,
// then those that are over.
func (a *API) touchpoints(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Touchpoints(c.Request().Context(), by, c.Param("cohort"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.TouchpointView]{Items: append(v.Coming, v.Past...)}, touchpointOf))
}

func (a *API) touchpoint(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Touchpoint(c.Request().Context(), by, touchpointID(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]touchpoint{"touchpoint": touchpointOf(*v)})
}

func touchpointID(c echo.Context) issuer.TouchpointID { return issuer.TouchpointID(c.Param("id")) }

// touchpointRequest plans a date. Local is a date and time by the clock of the
// cohort's zone, 2026-11-21T09:30.
type touchpointRequest struct {
	Kind  issuer.TouchpointKind `json:"kind"`
	Title string                `json:"title"`
	Local string                `json:"local"`
	Host  issuer.PersonID       `json:"host"`
}

func (r touchpointRequest) act() registrar.NewTouchpoint {
	return registrar.NewTouchpoint{Kind: r.Kind, Title: r.Title, At: r.Local, Host: r.Host}
}

func (a *API) addTouchpoint(c echo.Context) error {
	by, req, err := request[touchpointRequest](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (issuer.TouchpointID, error) {
		return a.Registrar.AddTouchpoint(ctx, by, c.Param("cohort"), req.act())
	}, func(id issuer.TouchpointID) (int, any) {
		return http.StatusCreated, map[string]issuer.TouchpointID{"id": id}
	})
}

func (a *API) editTouchpoint(c echo.Context) error {
	by, req, err := request[touchpointRequest](c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		return a.Registrar.EditTouchpoint(ctx, by, touchpointID(c), req.act())
	})
}

func (a *API) cancelTouchpoint(c echo.Context) error { return a.setCancelled(c, true) }
func (a *API) keepTouchpoint(c echo.Context) error   { return a.setCancelled(c, false) }

func (a *API) setCancelled(c echo.Context, cancelled bool) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		return a.Registrar.CancelTouchpoint(ctx, by, touchpointID(c), cancelled)
	})
}

// noteTouchpoint keeps who came and what was noted, in place of what was said
// before; learners who are not named are not noted.
func (a *API) noteTouchpoint(c echo.Context) error {
	by, req, err := request[struct {
		Notes      string `json:"notes"`
		Attendance []struct {
			Person issuer.PersonID `json:"person"`
			State  issuer.Presence `json:"state"`
		} `json:"attendance"`
	}](c)
	if err != nil {
		return err
	}
	in := registrar.TouchpointNotes{Notes: req.Notes, Attendance: map[issuer.PersonID]issuer.Presence{}}
	for _, l := range req.Attendance {
		if _, twice := in.Attendance[l.Person]; twice {
			return issuer.Wrong("attendance", "Name each learner once.")
		}
		in.Attendance[l.Person] = l.State
	}
	return a.done(c, by, func(ctx context.Context) error { return a.Registrar.NoteTouchpoint(ctx, by, touchpointID(c), in) })
}
