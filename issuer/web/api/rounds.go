package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	verifyweb "hallmark/verifier/web"
)

// round is a round of peer feedback for who opened it, or could have: who has
// given how much, and never what, but for what was reported.
type round struct {
	ID        issuer.RoundID    `json:"id"`
	Title     string            `json:"title"`
	Cohort    registrar.Named   `json:"cohort"`
	Program   registrar.Named   `json:"program"`
	Questions []string          `json:"questions"`
	OpensOn   issuer.Day        `json:"opensOn"`
	ClosesOn  issuer.Day        `json:"closesOn"`
	ClosedAt  *time.Time        `json:"closedAt"` // when it was closed before its day
	State     issuer.RoundState `json:"state"`
	Pairing   issuer.Pairing    `json:"pairing"`
	PerPerson int               `json:"perPerson"`
	Seed      string            `json:"seed"`
	AtOnce    bool              `json:"atOnce"`
	Nameless  bool              `json:"nameless"`
	Asked     int               `json:"asked"`
	Given     int               `json:"given"`
	TooFew    int               `json:"tooFew"` // people of whom too few are asked for anything to be shown
	People    []roundPart       `json:"people"`
	Reported  []reported        `json:"reported"` // for who runs the program
}

type roundPart struct {
	Person registrar.PersonName `json:"person"`
	Asked  int                  `json:"asked"`
	Given  int                  `json:"given"`
	About  int                  `json:"about"` // how many are asked about them
}

type reported struct {
	ID      issuer.NoteID        `json:"id"`
	From    registrar.PersonName `json:"from"`
	To      registrar.PersonName `json:"to"`
	Reason  string               `json:"reason"`
	Answers []answered           `json:"answers"`
	Removed bool                 `json:"removed"`
}

func roundOf(v registrar.RoundView) round {
	r := round{
		ID: v.ID, Title: v.Title, Cohort: v.Cohort, Program: v.Program, Questions: words(v.Questions), OpensOn: v.OpensOn, ClosesOn: v.ClosesOn,
		ClosedAt: v.ClosedAt, State: v.Where, Pairing: v.Pairing, PerPerson: v.PerPerson, Seed: v.Seed, AtOnce: v.AtOnce, Nameless: v.Nameless,
		Asked: v.Asked, Given: v.Given, TooFew: v.TooFew, People: make([]roundPart, 0, len(v.Takes)), Reported: make([]reported, 0, len(v.Reported)),
	}
	for _, p := range v.Takes {
		r.People = append(r.People, roundPart{p.PersonName, p.Asked, p.Given, p.About})
	}
	for _, n := range v.Reported {
		r.Reported = append(r.Reported, reported{n.ID, n.From, n.To, n.Why, answersOf(n.Answers), n.Removed})
	}
	return r
}

func (a *API) rounds(c echo.Context) error {
	by, q, err := reading(c, "cohort")
	if err != nil {
		return err
	}
	if q.get("cohort") == "" {
		return verifyweb.WrongField("cohort", "Say of which cohort, by code or id.")
	}
	v, err := a.Registrar.Rounds(c.Request().Context(), by, q.get("cohort"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.RoundView]{Items: v.Items}, roundOf))
}

func (a *API) round(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.Round(c.Request().Context(), by, issuer.RoundID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]round{"round": roundOf(*v)})
}

// openRound draws who gives to whom among the learners of a cohort, by code or id.
func (a *API) openRound(c echo.Context) error {
	by, req, err := request[struct {
		Cohort    string         `json:"cohort"`
		Title     string         `json:"title"`
		Questions []string       `json:"questions"`
		OpensOn   string         `json:"opensOn"`
		ClosesOn  string         `json:"closesOn"`
		Pairing   issuer.Pairing `json:"pairing"`
		PerPerson int            `json:"perPerson"`
		Seed      string         `json:"seed"`
		AtOnce    bool           `json:"atOnce"`
		Nameless  bool           `json:"nameless"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.RoundView, error) {
		return a.Registrar.OpenRound(ctx, by, req.Cohort, registrar.NewRound{
			Title: req.Title, Questions: req.Questions, OpensOn: req.OpensOn, ClosesOn: req.ClosesOn, Pairing: req.Pairing,
			PerPerson: req.PerPerson, Seed: req.Seed, AtOnce: req.AtOnce, Nameless: req.Nameless})
	}, func(v *registrar.RoundView) (int, any) {
		return http.StatusCreated, map[string]round{"round": roundOf(*v)}
	})
}

func (a *API) closeRound(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.RoundView, error) {
		return a.Registrar.CloseRound(ctx, by, issuer.RoundID(c.Param("id")))
	}, func(v *registrar.RoundView) (int, any) { return http.StatusOK, map[string]round{"round": roundOf(*v)} })
}
