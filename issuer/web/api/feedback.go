package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	verifyweb "hallmark/verifier/web"
)

// feedback is what the caller is asked to say, and what they were told.
type feedback struct {
	ToGive  []note     `json:"toGive"`
	Got     []gotRound `json:"got"`
	Modules []opinion  `json:"modules"` // after completions of theirs, the newest first
}

// note is what the caller is asked to say to someone, one answer a question.
type note struct {
	ID        issuer.NoteID        `json:"id"`
	Round     string               `json:"round"` // title
	Cohort    registrar.Named      `json:"cohort"`
	To        registrar.PersonName `json:"to"`
	Until     issuer.Day           `json:"until"`
	Nameless  bool                 `json:"nameless"`
	Open      bool                 `json:"open"`
	Given     bool                 `json:"given"`
	Questions []string             `json:"questions"`
	Answers   []string             `json:"answers"`
}

func noteOf(v registrar.NoteView) note {
	return note{v.ID, v.Round, v.Cohort, v.To, v.Until, v.Nameless, v.Open, v.Given, words(v.Questions), words(v.Answers)}
}

// gotRound is what the caller got in a round; no notes where they are not shown
// yet, or never are because too few were given.
type gotRound struct {
	Title    string            `json:"title"`
	Cohort   registrar.Named   `json:"cohort"`
	ClosesOn issuer.Day        `json:"closesOn"`
	State    issuer.RoundState `json:"state"`
	Nameless bool              `json:"nameless"`
	Notes    []gotNote         `json:"notes"`
}

type gotNote struct {
	ID       issuer.NoteID         `json:"id"`
	From     *registrar.PersonName `json:"from"` // null in a round without names
	Answers  []answered            `json:"answers"`
	Reported bool                  `json:"reported"`
}

type answered struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

func answersOf(list []registrar.QuestionAnswer) []answered {
	out := make([]answered, 0, len(list))
	for _, a := range list {
		out = append(out, answered(a))
	}
	return out
}

func gotRoundOf(v registrar.GotRound) gotRound {
	r := gotRound{v.Title, v.Cohort, v.ClosesOn, v.Where, v.Nameless, make([]gotNote, 0, len(v.Notes))}
	for _, n := range v.Notes {
		r.Notes = append(r.Notes, gotNote{n.ID, someone(n.From), answersOf(n.Answers), n.Reported})
	}
	return r
}

// opinion is what the caller said of a module after a completion of theirs.
type opinion struct {
	Completion  issuer.CompletionID `json:"completion"`
	Module      registrar.Named     `json:"module"`
	Program     registrar.Named     `json:"program"`
	CompletedOn issuer.Day          `json:"completedOn"`
	Rating      *int                `json:"rating"` // 1 to 5; null before they said anything
	Helped      string              `json:"helped"`
	Hindered    string              `json:"hindered"`
	Asks        wording             `json:"asks"`  // what is asked now
	Asked       wording             `json:"asked"` // what was, when they answered
}

// wording is what is asked of a module, in the words of its program; "" is asked
// in those of the product: what helped, what hindered.
type wording struct {
	Helped   string `json:"helped"`
	Hindered string `json:"hindered"`
}

func opinionOf(v registrar.OpinionView) opinion {
	o := opinion{v.Completion, v.Module, v.Program, v.CompletedOn, nil, v.Helped, v.Hindered, wording(v.Asks), wording(v.Asked)}
	if v.Rating > 0 {
		o.Rating = &v.Rating
	}
	return o
}

func (a *API) feedback(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.MyFeedback(c.Request().Context(), by)
	if err != nil {
		return err
	}
	f := feedback{make([]note, 0, len(v.ToGive)), make([]gotRound, 0, len(v.Got)), make([]opinion, 0, len(v.Modules))}
	for _, n := range v.ToGive {
		f.ToGive = append(f.ToGive, noteOf(n))
	}
	for _, r := range v.Got {
		f.Got = append(f.Got, gotRoundOf(r))
	}
	for _, o := range v.Modules {
		f.Modules = append(f.Modules, opinionOf(o))
	}
	return c.JSON(http.StatusOK, f)
}

func noteID(c echo.Context) issuer.NoteID { return issuer.NoteID(c.Param("id")) }

func (a *API) giveFeedback(c echo.Context) error {
	by, req, err := request[struct {
		Answers []string `json:"answers"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.NoteView, error) {
		return a.Registrar.GiveFeedback(ctx, by, noteID(c), req.Answers)
	}, func(v *registrar.NoteView) (int, any) { return http.StatusOK, map[string]note{"feedback": noteOf(*v)} })
}

// reportFeedback tells who runs the program of words that the caller got.
func (a *API) reportFeedback(c echo.Context) error {
	by, req, err := request[struct {
		Reason string `json:"reason"`
	}](c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error { return a.Registrar.ReportFeedback(ctx, by, noteID(c), req.Reason) })
}

// removeFeedback takes reported words away from who received them.
func (a *API) removeFeedback(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.done(c, by, func(ctx context.Context) error {
		_, err := a.Registrar.RemoveFeedback(ctx, by, noteID(c))
		return err
	})
}

func (a *API) giveOpinion(c echo.Context) error {
	by, req, err := request[struct {
		Rating   int    `json:"rating"`
		Helped   string `json:"helped"`
		Hindered string `json:"hindered"`

		Asked *wording `json:"asked"` // what is answered; null: what is asked now
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.OpinionResult, error) {
		return a.Registrar.GiveOpinion(ctx, by, issuer.CompletionID(c.Param("id")), registrar.NewOpinion{Rating: req.Rating, Helped: req.Helped, Hindered: req.Hindered, Asked: (*registrar.Wording)(req.Asked)})
	}, func(r *registrar.OpinionResult) (int, any) {
		status := http.StatusOK // it took the place of one from before
		if r.Added {
			status = http.StatusCreated
		}
		return status, map[string]opinion{"feedback": opinionOf(r.Opinion)}
	})
}

// moduleFeedback is what learners said of a module, together. Of too few nothing
// is told.
type moduleFeedback struct {
	Module  registrar.Named `json:"module"`
	Enough  bool            `json:"enough"`
	Count   int             `json:"count"`
	Average *float64        `json:"average"`
	Ratings []int           `json:"ratings"` // how many gave 1, 2 … 5
	Remarks []remark        `json:"remarks"`
}

type remark struct {
	Helped   string  `json:"helped"`
	Hindered string  `json:"hindered"`
	Asked    wording `json:"asked"`
}

func moduleFeedbackOf(v registrar.ModuleOpinions) moduleFeedback {
	m := moduleFeedback{v.Module, v.Enough, v.Count, nil, v.Ratings[:], make([]remark, 0, len(v.Remarks))}
	if v.Enough {
		m.Average = &v.Average
	}
	for _, r := range v.Remarks {
		m.Remarks = append(m.Remarks, remark{r.Helped, r.Hindered, wording(r.Asked)})
	}
	return m
}

// opinions shows who runs a program what learners said of its modules: sums and
// words without names.
func (a *API) opinions(c echo.Context) error {
	by, q, err := reading(c, "program")
	if err != nil {
		return err
	}
	if q.get("program") == "" {
		return verifyweb.WrongField("program", "Say of which program, by code or id.")
	}
	v, err := a.Registrar.Opinions(c.Request().Context(), by, q.get("program"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(&registrar.List[registrar.ModuleOpinions]{Items: v.Modules}, moduleFeedbackOf))
}
