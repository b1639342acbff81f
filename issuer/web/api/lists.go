package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// person is a person on the wire, for who manages them.
type person struct {
	ID          issuer.PersonID   `json:"id"`
	Name        string            `json:"name"`
	Email       string            `json:"email"`
	Department  string            `json:"department"`
	Experience  string            `json:"experience"`
	TimeZone    string            `json:"timeZone"`
	Roles       []role            `json:"roles"`
	Enrollments []registrar.Named `json:"enrollments"`
	CreatedAt   time.Time         `json:"createdAt"`
}

type role struct {
	Role    issuer.Role      `json:"role"`
	Tier    *string          `json:"tier"`
	Program *registrar.Named `json:"program"`
	Cohort  *registrar.Named `json:"cohort"`
}

func personOf(v registrar.PersonView) person {
	p := person{
		ID: v.ID, Name: v.Name, Email: v.Email, Department: v.Department, Experience: v.Experience, TimeZone: v.TimeZone,
		Roles: make([]role, 0, len(v.Grants)), Enrollments: append([]registrar.Named{}, v.Enrollments...), CreatedAt: v.CreatedAt,
	}
	for _, g := range v.Grants {
		p.Roles = append(p.Roles, role{g.Role, optional(g.Tier), named(g.Program), named(g.Cohort)})
	}
	return p
}

func (a *API) people(c echo.Context) error {
	by, q, err := reading(c, "search", "program", "cohort", "role")
	if err != nil {
		return err
	}
	found, err := a.Registrar.People(c.Request().Context(), by, registrar.PeopleFilter{
		Page: q.page, Search: q.get("search"), Program: q.get("program"), Cohort: q.get("cohort"), Role: issuer.Role(q.get("role")),
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.PersonView]{Items: found.Items, Next: found.Next}, personOf))
}

func (a *API) programs(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	found, err := a.Registrar.Programs(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.Named]{Items: found}, func(n registrar.Named) registrar.Named { return n }))
}

// listed answers with a page of what ask knows of the program that the query
// names, or of every program; of puts one thing on the wire.
func listed[V, W any](c echo.Context, ask func(context.Context, issuer.Caller, string, registrar.Page) (*registrar.List[V], error), of func(V) W) error {
	by, q, err := reading(c, "program")
	if err != nil {
		return err
	}
	found, err := ask(c.Request().Context(), by, q.get("program"), q.page)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(found, of))
}

// cohort is a cohort on the wire.
type cohort struct {
	ID           issuer.CohortID `json:"id"`
	Code         string          `json:"code"`
	Name         string          `json:"name"`
	Program      registrar.Named `json:"program"`
	Purpose      string          `json:"purpose"`
	Expectations string          `json:"expectations"`
	StartsOn     issuer.Day      `json:"startsOn"`
	EndsOn       issuer.Day      `json:"endsOn"`
	TimeZone     string          `json:"timeZone"`
	Learners     int             `json:"learners"`
	ClosedAt     *time.Time      `json:"closedAt"`   // since when nobody new comes in
	ArchivedAt   *time.Time      `json:"archivedAt"` // since when it is only read
}

func cohortOf(v registrar.CohortView) cohort {
	return cohort{v.ID, v.Code, v.Name, v.Program, v.Purpose, v.Expectations, v.StartsOn, v.EndsOn, v.TimeZone, v.Learners, v.ClosedAt, v.ArchivedAt}
}

func (a *API) cohorts(c echo.Context) error { return listed(c, a.Registrar.Cohorts, cohortOf) }

// module is a module on the wire.
type module struct {
	ID       issuer.ModuleID   `json:"id"`
	Code     string            `json:"code"`
	Name     string            `json:"name"`
	Kind     issuer.ModuleKind `json:"kind"`
	Level    registrar.Named   `json:"level"`
	Hours    int               `json:"hours"`
	Pass     *int              `json:"pass"`
	Skills   []string          `json:"skills"`
	Requires []string          `json:"requires"`
	Retired  bool              `json:"retired"`
}

func moduleOf(v registrar.ModuleView) module {
	return module{v.ID, v.Code, v.Name, v.Kind, v.Level, v.Hours, v.Pass, words(v.Skills), words(v.Requires), v.Retired}
}

func (a *API) modules(c echo.Context) error { return listed(c, a.Registrar.Modules, moduleOf) }

// achievement is what can be earned, on the wire.
type achievement struct {
	ID          issuer.AchievementID `json:"id"`
	URL         string               `json:"url"`
	Code        string               `json:"code"`
	Version     int                  `json:"version"`
	Name        string               `json:"name"`
	Description string               `json:"description"`
	Criteria    string               `json:"criteria"`
	Type        string               `json:"type"`
	ValidMonths int                  `json:"validMonths"`
	Program     registrar.Named      `json:"program"`
	Rule        issuer.Rule          `json:"rule"`
	Skills      []issuer.Alignment   `json:"skills"`
	Retired     bool                 `json:"retired"`
}

func (a *API) achievementOf(v registrar.AchievementView) achievement {
	return achievement{
		v.ID, a.BaseURL + "/achievements/" + string(v.ID), v.Code, v.Version, v.Name, v.Description, v.Criteria, v.Type,
		v.ValidMonths, v.Program, v.Rule, append([]issuer.Alignment{}, v.Skills...), v.Retired,
	}
}

func (a *API) achievements(c echo.Context) error {
	return listed(c, a.Registrar.Achievements, a.achievementOf)
}

// report is what a sponsor reads, on the wire: sums only.
type report struct {
	Program   registrar.Named `json:"program"`
	At        time.Time       `json:"at"`
	Learners  int             `json:"learners"`
	Active    int             `json:"active"`
	Issued    int             `json:"issued"`
	Revoked   int             `json:"revoked"`
	Mentors   int             `json:"mentors"`
	Reviews   int             `json:"reviews"`
	Modules   []moduleSum     `json:"modules"`
	Badges    []badgeSum      `json:"badges"`
	Capstones capstoneSum     `json:"capstones"`
	Impact    []impactSum     `json:"impact"`
}

type moduleSum struct {
	Module    registrar.Named `json:"module"`
	Passed    int             `json:"passed"`
	Attempted int             `json:"attempted"`
}

type badgeSum struct {
	Achievement registrar.Named `json:"achievement"`
	Issued      int             `json:"issued"`
}

type capstoneSum struct {
	Started    int     `json:"started"`
	Submitted  int     `json:"submitted"`
	Returned   int     `json:"returned"`
	Approved   int     `json:"approved"`
	FirstTime  int     `json:"approvedFirstTime"`
	Rounds     int     `json:"rounds"`
	MedianDays float64 `json:"medianDaysToDecision"`
}

// impactSum sums claims of one measure, in one unit, over one period. The changes
// are sums of decimal numbers, "" where no claim gives any that add up.
type impactSum struct {
	Measure         string `json:"measure"`
	Unit            string `json:"unit"`
	Period          string `json:"period"`
	Claims          int    `json:"claims"`
	Confirmed       int    `json:"confirmed"`
	ConfirmedChange string `json:"confirmedChange"`
	StatedChange    string `json:"statedChange"`
}

func reportOf(v *registrar.ReportView) report {
	k := v.Capstones
	r := report{
		Program: v.Program, At: v.At, Learners: v.Learners, Active: v.Active, Issued: v.Issued, Revoked: v.Revoked,
		Mentors: v.Mentors, Reviews: v.Reviews, Modules: make([]moduleSum, 0, len(v.Modules)), Badges: make([]badgeSum, 0, len(v.Badges)),
		Capstones: capstoneSum{k.Started, k.Submitted, k.Returned, k.Approved, k.FirstTime, k.Rounds, k.MedianWait.Hours() / 24},
		Impact:    make([]impactSum, 0, len(v.Impact)),
	}
	for _, m := range v.Modules {
		r.Modules = append(r.Modules, moduleSum{m.Module, m.Passed, m.Attempted})
	}
	for _, b := range v.Badges {
		r.Badges = append(r.Badges, badgeSum{b.Achievement, b.Issued})
	}
	for _, i := range v.Impact {
		r.Impact = append(r.Impact, impactSum{i.Measure, i.Unit, i.Period, i.Confirmed.Claims + i.Stated.Claims, i.Confirmed.Claims, i.Confirmed.Change, i.Stated.Change})
	}
	return r
}

func (a *API) report(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	view, err := a.Registrar.Report(c.Request().Context(), by, c.Param("program"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, reportOf(view))
}
