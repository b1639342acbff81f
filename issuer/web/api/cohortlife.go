package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// cohortMentor is a mentor of a cohort.
type cohortMentor struct {
	registrar.PersonName
	Tier string `json:"tier"`
}

// cohortAnswer is one cohort with its mentors, who are shown to people alone.
type cohortAnswer struct {
	Cohort  cohort         `json:"cohort"`
	Mentors []cohortMentor `json:"mentors"`
}

func (a *API) cohort(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Cohort(c.Request().Context(), by, c.Param("cohort"), "")
	if err != nil {
		return err
	}
	shown := cohortAnswer{cohortOf(v.CohortView), make([]cohortMentor, 0, len(v.Mentors))}
	for _, m := range v.Mentors {
		shown.Mentors = append(shown.Mentors, cohortMentor{m.PersonName, m.Part})
	}
	return c.JSON(http.StatusOK, shown)
}

type cohortAct func(ctx context.Context, by issuer.Caller, cohort string) error

func (a *API) closeCohort(c echo.Context) error { return a.changeCohort(c, a.Registrar.CloseCohort) }
func (a *API) archiveCohort(c echo.Context) error {
	return a.changeCohort(c, a.Registrar.ArchiveCohort)
}
func (a *API) reopenCohort(c echo.Context) error { return a.changeCohort(c, a.Registrar.ReopenCohort) }

func (a *API) changeCohort(c echo.Context, act cohortAct) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error { return act(ctx, by, c.Param("cohort")) })
}

// ratingAsk is what the cohort asks a learner now.
type ratingAsk struct {
	Moment issuer.Occasion        `json:"moment"`
	Skills []registrar.AskedSkill `json:"skills"`
}

// ratings is how a cohort rates itself: each learner for its mentors, sums for
// who runs the program.
type ratings struct {
	Cohort registrar.Named        `json:"cohort"`
	Ask    *ratingAsk             `json:"ask"`    // the caller; null: they are not asked
	Skills []registrar.AskedSkill `json:"skills"` // each in every wording that was answered
	People []personRatings        `json:"people"`
	Sums   []skillSum             `json:"sums"`
}

type personRatings struct {
	Person registrar.PersonName `json:"person"`
	Start  []skillRating        `json:"start"`
	End    []skillRating        `json:"end"`
}

type skillRating struct {
	Skill    string `json:"skill"` // id
	Question string `json:"question"`
	Rating   int    `json:"rating"`
}

// skillSum is the mean of a skill, "3.4"; null where too few have answered.
type skillSum struct {
	Skill registrar.AskedSkill `json:"skill"`
	Start *string              `json:"start"`
	End   *string              `json:"end"`
}

func ratingsOf(v *registrar.RatingsView) ratings {
	r := ratings{
		Cohort: v.Cohort, Skills: append([]registrar.AskedSkill{}, v.Skills...),
		People: make([]personRatings, 0, len(v.People)), Sums: make([]skillSum, 0, len(v.Sums)),
	}
	if v.Ask != nil {
		r.Ask = &ratingAsk{v.Ask.Moment, v.Ask.Skills}
	}
	for _, p := range v.People {
		r.People = append(r.People, personRatings{p.PersonName, skillRatings(v.Skills, p.Start), skillRatings(v.Skills, p.End)})
	}
	for _, s := range v.Sums {
		r.Sums = append(r.Sums, skillSum{s.Skill, optional(s.Start), optional(s.End)})
	}
	return r
}

// skillRatings puts what someone said in the order of the skills.
func skillRatings(skills []registrar.AskedSkill, said map[string]int) []skillRating {
	out := []skillRating{}
	for _, s := range skills {
		if n := said[s.Key()]; n > 0 {
			out = append(out, skillRating{s.ID, s.Question, n})
		}
	}
	return out
}

func (a *API) ratings(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Ratings(c.Request().Context(), by, c.Param("cohort"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ratingsOf(v))
}

func (a *API) rateSelf(c echo.Context) error {
	by, req, err := request[struct {
		Ratings []struct {
			Skill    string  `json:"skill"`
			Question *string `json:"question"` // that is answered; null: what is asked now
			Rating   int     `json:"rating"`
		} `json:"ratings"`
	}](c)
	if err != nil {
		return err
	}
	said, asked := make(map[string]int, len(req.Ratings)), map[string]string{}
	for _, r := range req.Ratings {
		if _, twice := said[r.Skill]; twice {
			return issuer.Wrong("ratings", "Rate each skill once.")
		}
		said[r.Skill] = r.Rating
		if r.Question != nil {
			asked[r.Skill] = *r.Question
		}
	}
	return a.done(c, by, func(ctx context.Context) error { return a.Registrar.RateSelf(ctx, by, c.Param("cohort"), said, asked) })
}
