package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// funnel is how far the people of a cohort, or of a program, came. What is about
// fewer than issuer.Fewest people where that would tell of someone is hidden, and
// so is what it could be worked out from: the sums are kept without it.
type funnel struct {
	Program     registrar.Named  `json:"program"`
	Cohort      *registrar.Named `json:"cohort"` // null: of the whole program
	CountedAt   time.Time        `json:"countedAt"`
	Steps       []funnelStep     `json:"steps"`
	Weeks       []issuer.WeekSum `json:"weeks"`
	Departments mix              `json:"departments"`
	Experience  mix              `json:"experience"`
	TimeZones   mix              `json:"timeZones"`
	Returns     []returnedFor    `json:"returns"`
	Cohorts     []cohortFunnel   `json:"cohorts"` // of a program
	Mentors     []mentorWork     `json:"mentors"` // of a cohort
}

// funnelStep is a step; the numbers of one that is hidden are null.
type funnelStep struct {
	Step   issuer.StepKind  `json:"step"`
	Module *registrar.Named `json:"module"`
	Hidden bool             `json:"hidden"`
	People *int             `json:"people"`
	Of     *int             `json:"of"`   // people at the step that it is measured against
	Went   *int             `json:"went"` // of those, who reached this one too
	Median *int             `json:"medianWaitSeconds"`
}

// mix is people by what they say of themselves; rest are those of small groups and
// of none.
type mix struct {
	Groups []issuer.Group `json:"groups"`
	Rest   int            `json:"rest"`
}

type returnedFor struct {
	Code  string `json:"code"` // "" for none given
	Name  string `json:"name"`
	Times int    `json:"times"`
}

type cohortFunnel struct {
	Cohort   registrar.Named `json:"cohort"`
	Enrolled int             `json:"enrolled"`
	Issued   int             `json:"issued"`
}

type mentorWork struct {
	Person   registrar.PersonName `json:"person"`
	Tier     issuer.Tier          `json:"tier"`
	Open     int                  `json:"open"`
	Answered int                  `json:"answered"`
	Median   *int                 `json:"medianWaitSeconds"`
}

func mixOf(m issuer.Mix) mix { return mix{append([]issuer.Group{}, m.Groups...), m.Rest} }

// seconds is a median, null where nobody's is known.
func seconds(d time.Duration, known bool) *int {
	if !known {
		return nil
	}
	n := int(d / time.Second)
	return &n
}

func funnelOf(v *registrar.FunnelView) funnel {
	f := funnel{Program: v.Program, CountedAt: v.At, Steps: []funnelStep{}, Weeks: append([]issuer.WeekSum{}, v.Weeks...), Departments: mixOf(v.Departments),
		Experience: mixOf(v.Experience), TimeZones: mixOf(v.Zones), Returns: []returnedFor{}, Cohorts: []cohortFunnel{}, Mentors: []mentorWork{}}
	if v.Cohort.ID != "" {
		f.Cohort = &v.Cohort
	}
	for _, s := range v.Steps {
		step := funnelStep{Step: s.Kind, Hidden: s.Hidden}
		if s.Name.ID != "" {
			step.Module = &s.Name
		}
		if !s.Hidden {
			step.People, step.Of, step.Went, step.Median = &s.People, &s.Of, &s.Went, seconds(s.Wait, s.Waited)
		}
		f.Steps = append(f.Steps, step)
	}
	for _, r := range v.Returns {
		f.Returns = append(f.Returns, returnedFor(r))
	}
	for _, c := range v.Cohorts {
		f.Cohorts = append(f.Cohorts, cohortFunnel(c))
	}
	for _, m := range v.Mentors {
		f.Mentors = append(f.Mentors, mentorWork{m.PersonName, m.Tier, m.Open, m.Answered, seconds(m.Median, m.Answered > 0)})
	}
	return f
}

// funnelBy answers with how far the people of what an act names came.
func funnelBy(of func(context.Context, issuer.Caller, string) (*registrar.FunnelView, error), param string) echo.HandlerFunc {
	return func(c echo.Context) error {
		by, _, err := reading(c)
		if err != nil {
			return err
		}
		view, err := of(c.Request().Context(), by, c.Param(param))
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]funnel{"funnel": funnelOf(view)})
	}
}
