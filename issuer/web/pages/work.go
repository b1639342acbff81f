package pages

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// AgainPage is the data of "page/again": a form that came from someone whose
// session had ended, to be sent again after they signed in.
type AgainPage struct {
	Action string
	Fields []ConfirmField
	Files  bool // it brought files, which have to be chosen again
}

// posted gives who sends a form, and the form. If nobody is signed in the answer
// is on its way (done is false): the page that keeps what was typed.
func (p *Pages) posted(c echo.Context, take func(by issuer.Caller) func(field, name string, r io.Reader) error) (by issuer.Caller, form url.Values, refused error, done bool, err error) {
	by = web.Visitor(c)
	if by.Signed() {
		form, err = web.Received(c, take(by))
		if form == nil {
			return by, nil, nil, err == nil, err
		}
		return by, form, err, true, nil
	}
	page := AgainPage{Action: c.Request().URL.Path}
	form, err = web.Received(c, func(string, string, io.Reader) error { page.Files = true; return nil })
	if err != nil {
		return by, nil, nil, false, err
	}
	page.Fields = waiting(form)
	c.Response().Header().Set("WWW-Authenticate", "Bearer")
	return by, nil, nil, false, p.show(c, http.StatusUnauthorized, "", "page/again", page)
}

// noFiles takes no files.
func noFiles(issuer.Caller) func(field, name string, r io.Reader) error {
	return func(string, string, io.Reader) error { return issuer.Wrong("file", "This form takes no files.") }
}

// brought are the files that came with a form, by the row of evidence.
type brought map[string]struct {
	file *evidence.File
	name string
}

// receive takes the files of a draft's form.
func (p *Pages) receive(ctx context.Context, id issuer.CapstoneID, files brought) func(by issuer.Caller) func(field, name string, r io.Reader) error {
	return func(by issuer.Caller) func(field, name string, r io.Reader) error {
		return func(field, name string, r io.Reader) error {
			row, ok := strings.CutPrefix(field, "evidence_file.")
			if !ok || len(files) >= 50 {
				return issuer.Wrong("file", "This form takes no such file.")
			}
			f, err := p.Registrar.PutFile(ctx, by, id, r)
			if err != nil {
				return err
			}
			kept := files[row]
			kept.file, kept.name = f, name
			files[row] = kept
			return nil
		}
	}
}

// draftOf reads the form of a draft. The inputs of a row of evidence come in the
// same order; a row without a link, a name and a file is none.
func draftOf(form url.Values, files brought) registrar.Draft {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	d := registrar.Draft{Title: get("title"), Summary: prose(form.Get("summary")),
		Impact: issuer.Impact{Measure: get("measure"), Before: get("before"), After: get("after"), Unit: get("unit"), Period: get("period"), ConfirmedBy: get("confirmedBy")}}
	if n, err := strconv.Atoi(form.Get("revision")); err == nil {
		d.Revision = &n
	}
	at := func(field string, i int) string {
		if values := form[field]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	dropped := form["evidence_drop"]
	for i := range form["evidence_kind"] {
		e := registrar.NewEvidence{Kind: at("evidence_kind", i), URL: at("evidence_url", i), Name: at("evidence_name", i), ID: issuer.EvidenceID(at("evidence_id", i))}
		if came, ok := files[strconv.Itoa(i)]; ok {
			e.File, e.FileName = came.file, came.name
		}
		if e.ID != "" && e.File == nil && slices.Contains(dropped, string(e.ID)) {
			continue
		}
		if e.URL != "" || e.Name != "" || e.ID != "" || e.File != nil {
			d.Evidence = append(d.Evidence, e)
		}
	}
	return d
}

// prose is a text of several lines as it is kept.
func prose(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// saveCapstone saves the draft with the files that came with it and, if that
// button was pressed, hands it in.
func (p *Pages) saveCapstone(c echo.Context) error {
	ctx, id, files := c.Request().Context(), issuer.CapstoneID(c.Param("id")), brought{}
	by, form, err, done, fault := p.posted(c, p.receive(ctx, id, files))
	if fault != nil || !done {
		return fault
	}
	draft, became := draftOf(form, files), "saved"
	if err == nil {
		_, err = p.Registrar.SaveCapstone(ctx, by, id, draft)
	}
	if err == nil && form.Get("act") == "submit" {
		became = "submitted"
		_, err = p.Registrar.SubmitCapstone(ctx, by, id)
	}
	if status, reason, field, ok := wrong(err); ok {
		return p.capstoneAgain(c, by, id, draft, status, reason, field)
	}
	if err != nil {
		return err
	}
	return p.back(c, "/capstones/"+string(id), became)
}

// saveScope saves the plan and, if that button was pressed, hands it in.
func (p *Pages) saveScope(c echo.Context) error {
	by, form, refused, done, err := p.posted(c, noFiles)
	if err != nil || !done {
		return err
	}
	id, d := issuer.CapstoneID(c.Param("id")), scopeOf(form)
	if refused == nil {
		_, refused = p.Registrar.SaveScope(c.Request().Context(), by, id, d)
	}
	if status, reason, field, ok := wrong(refused); ok {
		view, err := p.Registrar.Capstone(c.Request().Context(), by, id)
		if err != nil {
			return err
		}
		page := capstonePage(by, view)
		page.Plan, page.Problem, page.Wrong = d.Plan, reason, field
		return p.show(c, status, "home", "page/capstone", page)
	}
	if refused != nil {
		return refused
	}
	became := "saved"
	if d.HandIn {
		became = "scope-submitted"
	}
	return p.back(c, "/capstones/"+string(id), became)
}

func scopeOf(form url.Values) registrar.ScopeDraft {
	d := registrar.ScopeDraft{Accepted: form.Get("policy"), HandIn: form.Get("act") == "submit",
		Plan: issuer.Plan{What: prose(form.Get("what")), Data: form["data"], DataNote: prose(form.Get("dataNote"))}}
	for tool := range strings.Lines(prose(form.Get("tools"))) {
		if tool = strings.TrimSpace(tool); tool != "" {
			d.Plan.Tools = append(d.Plan.Tools, tool)
		}
	}
	return d
}

// teamAct does something about the team and goes back to the capstone, or says
// there what is wrong.
func (p *Pages) teamAct(done, where string, act func(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, form url.Values) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		by, form, err := web.Posted(c)
		if err != nil {
			return err
		}
		id := issuer.CapstoneID(c.Param("id"))
		err = act(c.Request().Context(), by, id, form)
		if status, reason, field, ok := wrong(err); ok {
			view, err := p.Registrar.Capstone(c.Request().Context(), by, id)
			if err != nil {
				return err
			}
			page := capstonePage(by, view)
			page.Problem, page.Wrong = reason, field
			return p.show(c, status, "home", "page/capstone", page)
		}
		if err != nil {
			return err
		}
		return p.back(c, cmp.Or(where, "/capstones/"+string(id)), done)
	}
}

func (p *Pages) joinTeam(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, form url.Values) error {
	_, err := p.Registrar.JoinTeam(ctx, by, id, issuer.PersonID(form.Get("person")))
	return err
}

func (p *Pages) leaveTeam(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, _ url.Values) error {
	return p.Registrar.LeaveTeam(ctx, by, id)
}

func (p *Pages) setPart(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, form url.Values) error {
	_, err := p.Registrar.SetPart(ctx, by, id, form.Get("part"))
	return err
}

func (p *Pages) askConfirmation(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, form url.Values) error {
	_, err := p.Registrar.AskConfirmation(ctx, by, id, form.Get("email"))
	return err
}

// file gives a file that was handed in, to be kept and not to be shown.
func (p *Pages) file(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	f, err := p.Registrar.File(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")), issuer.EvidenceID(c.Param("evidence")))
	if err != nil {
		return err
	}
	return web.SendFile(c, f.Name, f.MediaType, f.Body)
}

// ScopePage is the data of "page/scope".
type ScopePage struct {
	Capstone *registrar.CapstoneView
	Current  registrar.ScopeView   // what is decided about
	Before   []registrar.ScopeView // newest first
	Note     string
	Problem  string
	Wrong    string
}

// scope shows a mentor the scope that waits; others, and where none waits, the
// capstone.
func (p *Pages) scope(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	view, err := p.Registrar.Capstone(c.Request().Context(), by, issuer.CapstoneID(c.Param("id")))
	if err != nil {
		return err
	}
	if !view.MayDecide || len(view.Scopes) == 0 {
		return p.back(c, "/capstones/"+string(view.ID), "")
	}
	return p.show(c, http.StatusOK, "queue", "page/scope", ScopePage{Capstone: view, Current: view.Scopes[0], Before: view.Scopes[1:]})
}

func (p *Pages) decideScope(c echo.Context) error {
	by, form, refused, done, err := p.posted(c, noFiles)
	if err != nil || !done {
		return err
	}
	ctx, id := c.Request().Context(), issuer.CapstoneID(c.Param("id"))
	number, err := strconv.Atoi(form.Get("scope"))
	if err != nil {
		return issuer.Wrong("scope", "Open the scope again from your queue.")
	}
	in := registrar.NewScopeDecision{Scope: number, Decision: issuer.Decision(form.Get("decision")), Note: prose(form.Get("note"))}
	if refused == nil {
		_, refused = p.Registrar.DecideScope(ctx, by, id, in)
	}
	if status, reason, field, ok := wrong(refused); ok {
		view, err := p.Registrar.Capstone(ctx, by, id)
		if err != nil {
			return err
		}
		if !view.MayDecide {
			page := capstonePage(by, view)
			page.Problem = reason
			return p.show(c, status, "queue", "page/capstone", page)
		}
		return p.show(c, status, "queue", "page/scope", ScopePage{view, view.Scopes[0], view.Scopes[1:], in.Note, reason, field})
	}
	if refused != nil {
		return refused
	}
	return p.back(c, "/queue", "scope-"+string(in.Decision))
}

// ClaimPage is the data of "page/claim".
type ClaimPage struct {
	Claim   *registrar.ClaimView
	Name    string
	Problem string
	Wrong   string
}

// showClaim asks whoever has a link whether what a team claims is right.
func (p *Pages) showClaim(c echo.Context) error {
	view, err := p.Registrar.Claim(c.Request().Context(), web.Visitor(c), c.Param("token"))
	if err != nil {
		return err
	}
	return p.show(c, http.StatusOK, "", "page/claim", ClaimPage{Claim: view})
}

func (p *Pages) answerClaim(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx, by, token := c.Request().Context(), web.Visitor(c), c.Param("token")
	err = p.Registrar.AnswerClaim(ctx, by, token, form.Get("name"), issuer.ConfirmationAnswer(form.Get("answer")))
	if status, reason, field, ok := wrong(err); ok && status == http.StatusUnprocessableEntity {
		view, err := p.Registrar.Claim(ctx, by, token)
		if err != nil {
			return err
		}
		return p.show(c, status, "", "page/claim", ClaimPage{view, form.Get("name"), reason, field})
	}
	if err != nil {
		return err
	}
	return p.back(c, "/", "claim-answered")
}
