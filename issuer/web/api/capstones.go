package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// capstone is a capstone on the wire, its rounds newest first.
type capstone struct {
	ID          issuer.CapstoneID    `json:"id"`
	State       issuer.CapstoneState `json:"state"`
	Title       string               `json:"title"`
	Summary     string               `json:"summary"`
	Impact      issuer.Impact        `json:"impact"`
	Evidence    []evidence           `json:"evidence"`
	Program     registrar.Named      `json:"program"`
	Cohort      registrar.Named      `json:"cohort"`
	Brief       brief                `json:"brief"`
	Team        []member             `json:"team"`
	Revision    int                  `json:"revision"`
	Plan        issuer.Plan          `json:"plan"`
	Scopes      []scope              `json:"scopes"`
	Submission  int                  `json:"submission"`
	Submissions []submission         `json:"submissions"`
	Missing     []string             `json:"missing"`
	Waiting     *time.Time           `json:"waitingSince"`
	Claim       *claim               `json:"claim"`
	ChangedAt   time.Time            `json:"changedAt"`
	Credentials []credential         `json:"credentials"`
}

type brief struct {
	ID            issuer.BriefID  `json:"id"`
	Code          string          `json:"code"`
	Name          string          `json:"name"`
	Text          string          `json:"text"`
	Approvals     int             `json:"approvals"`
	NeedsLead     bool            `json:"needsLead"`
	EvidenceKinds []string        `json:"evidenceKinds"`
	Rubric        []rubricPoint   `json:"rubric"`
	Level         registrar.Named `json:"level"`
}

type rubricPoint struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Levels   []string `json:"levels"`
	Required *string  `json:"required"`
}

type member struct {
	ID   issuer.PersonID `json:"id"`
	Name string          `json:"name"`
	Part string          `json:"part"`
}

// evidence is a link, or a file that is read at its url. In a draft that is sent,
// the id keeps a file that is in it already.
type evidence struct {
	ID        issuer.EvidenceID `json:"id,omitempty"`
	Kind      string            `json:"kind"`
	Name      string            `json:"name"`
	URL       string            `json:"url"`
	MediaType string            `json:"mediaType,omitempty"` // of a file, as are the next two
	Size      int64             `json:"size,omitempty"`
	Digest    string            `json:"digestMultibase,omitempty"`
}

type submission struct {
	Number      int                  `json:"number"`
	Title       string               `json:"title"`
	Summary     string               `json:"summary"`
	Impact      issuer.Impact        `json:"impact"`
	SubmittedBy registrar.PersonName `json:"submittedBy"`
	SubmittedAt time.Time            `json:"submittedAt"`
	Evidence    []evidence           `json:"evidence"`
	Reviews     []review             `json:"reviews"`
	Digest      string               `json:"digestMultibase"`
}

type review struct {
	ID         issuer.ReviewID      `json:"id"`
	Submission int                  `json:"submission"`
	Reviewer   registrar.PersonName `json:"reviewer"`
	Tier       issuer.Tier          `json:"tier"`
	Decision   issuer.Decision      `json:"decision"`
	Scores     issuer.Scores        `json:"scores"`
	Reason     string               `json:"reason"`
	Note       string               `json:"note"`
	Signed     bool                 `json:"signed"`
	At         time.Time            `json:"at"`
	TakenBack  *time.Time           `json:"takenBackAt"`
}

func reviewOf(r registrar.ReviewView) review {
	scores := r.Scores
	if scores == nil {
		scores = issuer.Scores{}
	}
	return review{r.ID, r.Submission, r.Reviewer, r.Tier, r.Decision, scores, r.Reason, r.Note, r.Signed, r.At, r.TakenBackAt}
}

func (a *API) capstoneOf(v *registrar.CapstoneView) capstone {
	c := capstone{
		ID: v.ID, State: v.State, Title: v.Title, Summary: v.Summary, Impact: v.Impact, Evidence: a.evidenceOf(v.Evidence), Revision: v.Revision, Plan: v.Plan, Scopes: scopesOf(v.Scopes),
		Program: v.Program, Cohort: v.Cohort, Brief: briefOf(v.Brief), Team: teamOf(v.Team), Submission: v.Submission,
		Submissions: make([]submission, 0, len(v.Submissions)), Missing: words(v.Missing), Waiting: v.WaitingSince, Claim: claimOf(v.Desk.Claim),
		ChangedAt: v.ChangedAt, Credentials: credentialsOf(v.Badges),
	}
	for _, s := range v.Submissions {
		round := submission{
			Number: s.Number, Title: s.Title, Summary: s.Summary, Impact: s.Impact, SubmittedBy: s.SubmittedBy,
			SubmittedAt: s.SubmittedAt, Evidence: a.evidenceOf(s.Evidence), Reviews: make([]review, 0, len(s.Reviews)), Digest: s.Digest,
		}
		for _, r := range s.Reviews {
			round.Reviews = append(round.Reviews, reviewOf(r))
		}
		c.Submissions = append(c.Submissions, round)
	}
	return c
}

func briefOf(b registrar.BriefView) brief {
	out := brief{
		ID: b.ID, Code: b.Code, Name: b.Name, Text: b.Text, Approvals: b.Approvals, NeedsLead: b.NeedsLead,
		EvidenceKinds: words(b.EvidenceKinds), Rubric: make([]rubricPoint, 0, len(b.Rubric)), Level: b.Level,
	}
	for _, c := range b.Asked() {
		out.Rubric = append(out.Rubric, rubricPoint{c.Code, c.Name, c.Levels, optional(c.Required)})
	}
	return out
}

func teamOf(team []registrar.MemberView) []member {
	out := make([]member, 0, len(team))
	for _, m := range team {
		out = append(out, member{m.ID, m.Name, m.Part})
	}
	return out
}

func (a *API) evidenceOf(list []registrar.EvidenceView) []evidence {
	out := make([]evidence, 0, len(list))
	for _, e := range list {
		v := evidence{e.ID, e.Kind, e.Name, e.URL, e.MediaType, e.Size, e.Digest}
		if e.Digest != "" {
			v.URL = a.BaseURL + "/capstones/" + string(e.Capstone) + "/evidence/" + string(e.ID)
		}
		out = append(out, v)
	}
	return out
}

// words makes a list that is never null.
func words(list []string) []string { return append([]string{}, list...) }

// capstoneLine is a capstone in a list.
type capstoneLine struct {
	ID         issuer.CapstoneID    `json:"id"`
	State      issuer.CapstoneState `json:"state"`
	Title      string               `json:"title"`
	Brief      registrar.Named      `json:"brief"`
	Program    registrar.Named      `json:"program"`
	Cohort     registrar.Named      `json:"cohort"`
	Team       []member             `json:"team"`
	Submission int                  `json:"submission"`
	Missing    []string             `json:"missing"`
	Waiting    *time.Time           `json:"waitingSince"`
	ChangedAt  time.Time            `json:"changedAt"`
}

func capstoneLineOf(l registrar.CapstoneLine) capstoneLine {
	return capstoneLine{l.ID, l.State, l.Title, l.Brief, l.Program, l.Cohort, teamOf(l.Team), l.Submission, words(l.Missing), l.WaitingSince, l.ChangedAt}
}

func (a *API) capstones(c echo.Context) error {
	by, q, err := reading(c, "cohort", "state")
	if err != nil {
		return err
	}
	found, err := a.Registrar.Capstones(c.Request().Context(), by, registrar.CapstoneFilter{
		Page: q.page, Cohort: q.get("cohort"), State: issuer.CapstoneState(q.get("state")),
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(found, capstoneLineOf))
}

func (a *API) capstone(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := a.Registrar.Capstone(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a.capstoneOf(view))
}

func (a *API) startCapstone(c echo.Context) error {
	by, req, err := request[struct {
		Brief  string            `json:"brief"`
		Cohort string            `json:"cohort"`
		Title  string            `json:"title"`
		Team   []issuer.PersonID `json:"team"`
	}](c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusCreated, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.StartCapstone(ctx, by, req.Brief, req.Cohort, req.Title, req.Team)
	})
}

type draftRequest struct {
	Title    string        `json:"title"`
	Summary  string        `json:"summary"`
	Impact   issuer.Impact `json:"impact"`
	Evidence []evidence    `json:"evidence"`
	Revision *int          `json:"revision"`
}

func (r draftRequest) act() registrar.Draft {
	d := registrar.Draft{Title: r.Title, Summary: r.Summary, Impact: r.Impact, Revision: r.Revision}
	for _, e := range r.Evidence {
		d.Evidence = append(d.Evidence, registrar.NewEvidence{ID: e.ID, Kind: e.Kind, Name: e.Name, URL: e.URL})
	}
	return d
}

func (a *API) saveCapstone(c echo.Context) error {
	by, req, err := request[draftRequest](c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusOK, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.SaveCapstone(ctx, by, issuer.CapstoneID(c.Param("id")), req.act())
	})
}

// submitCapstone hands in the draft as it was last saved.
func (a *API) submitCapstone(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusCreated, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.SubmitCapstone(ctx, by, issuer.CapstoneID(c.Param("id")))
	})
}

func (a *API) withdrawCapstone(c echo.Context) error {
	by, err := bodyless(c)
	if err != nil {
		return err
	}
	return a.capstoneAnswer(c, by, http.StatusOK, func(ctx context.Context) (*registrar.CapstoneView, error) {
		return a.Registrar.WithdrawCapstone(ctx, by, issuer.CapstoneID(c.Param("id")))
	})
}

func (a *API) capstoneAnswer(c echo.Context, by issuer.Caller, status int, act func(context.Context) (*registrar.CapstoneView, error)) error {
	return answer(a, c, by, act, func(v *registrar.CapstoneView) (int, any) {
		return status, map[string]capstone{"capstone": a.capstoneOf(v)}
	})
}

type reviewAnswer struct {
	Review      review        `json:"review"`
	Capstone    capstoneState `json:"capstone"`
	Missing     []string      `json:"missing"`
	Credentials []credential  `json:"credentials"`
}

type capstoneState struct {
	ID    issuer.CapstoneID    `json:"id"`
	State issuer.CapstoneState `json:"state"`
}

func (a *API) reviewCapstone(c echo.Context) error {
	by, req, err := request[struct {
		Submission int             `json:"submission"`
		Decision   issuer.Decision `json:"decision"`
		Scores     issuer.Scores   `json:"scores"`
		Reason     string          `json:"reason"`
		Note       string          `json:"note"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.ReviewResult, error) {
		return a.Registrar.ReviewCapstone(ctx, by, issuer.CapstoneID(c.Param("id")), registrar.NewReview{
			Submission: req.Submission, Decision: req.Decision, Scores: req.Scores, Reason: req.Reason, Note: req.Note,
			Sign: req.Decision == issuer.Approve && by.May(issuer.Endorse)})
	}, func(r *registrar.ReviewResult) (int, any) {
		return http.StatusCreated, reviewAnswer{reviewOf(r.Review), capstoneState{r.Capstone.ID, r.Capstone.State}, words(r.Missing), credentialsOf(r.Credentials)}
	})
}
