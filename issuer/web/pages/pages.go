package pages

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
	"hallmark/templates"
	verifyweb "hallmark/verifier/web"
)

// Pages is the door for people.
type Pages struct {
	Registrar *registrar.Registrar
	Signin    *signin.Signin
	Templates *templates.Set
	Issuer    func(context.Context) string // name of the organisation; nil: not shown
	BasePath  string                       // path of the base URL, "" for none
	Trial     bool                         // the issuer's key is a did:key
	Mailbox   Mailbox                      // of the demo; nil elsewhere
	Now       func() time.Time             // nil: time.Now
	Legal     Legal
	// Takeout writes all that is known of a person as a file; nil: nobody can
	// take it along.
	Takeout func(ctx context.Context, w io.Writer, e *registrar.PersonExport) error

	takeouts takeouts
	live     live
	watch    sync.Once
}

// Mount adds the routes.
func (p *Pages) Mount(e *echo.Echo) {
	e.GET("/", p.front)
	p.MountFiles(e)

	e.GET("/signin", p.signinPage)
	e.POST("/signin", p.askLink)
	e.GET("/signin/link", p.landing)
	e.POST("/signin/link", p.useLink)
	e.POST("/signin/passkey/options", p.enterPasskey)
	e.POST("/signin/passkey", p.enteredPasskey)
	e.GET("/signin/oidc/callback", p.returned)
	e.GET("/signin/oidc/:name", p.leave)
	e.GET("/setup", p.setupPage)
	e.POST("/setup", p.useSetup)
	e.POST("/signout", p.signout)

	e.POST("/confirm/passkey/options", p.askPasskey)
	e.POST("/confirm/passkey", p.takePasskey)
	e.GET("/account", p.account)
	e.POST("/account/confirm", p.confirmAccount)
	e.POST("/account/passkeys/options", p.makePasskey)
	e.POST("/account/passkeys", p.addPasskey)
	e.POST("/account/passkeys/:id", p.renamePasskey)
	e.POST("/account/passkeys/:id/remove", p.removePasskey)
	e.POST("/account/addresses", p.addAddress)
	e.POST("/account/addresses/main", p.chooseAddress)
	e.POST("/account/addresses/remove", p.removeAddress)
	e.GET("/account/address", p.addressPage)
	e.POST("/account/address", p.confirmAddress)
	e.POST("/account/merge", p.mergeOwn)
	e.POST("/account/sessions/end", p.endSession)
	e.POST("/account/sessions/end-all", p.endSessions)
	e.GET("/account/oidc/:name", p.leaveToBind)
	e.POST("/account/identities/remove", p.removeIdentity)
	e.POST("/account/token", p.makeToken)

	e.GET("/account/mails", p.mailChoices)
	e.POST("/account/mails", p.chooseMail)
	e.GET("/account/name", p.myName)
	e.POST("/account/name", p.askName)
	e.POST("/account/name/:id/withdraw", p.withdrawName)
	e.GET("/portfolio", p.myPortfolio)
	e.POST("/portfolio", p.savePortfolio)

	e.GET("/home", p.home)
	e.POST("/consent", p.consent)
	e.GET("/badges", p.badges)
	e.GET("/badges/:id", p.badge)
	e.POST("/badges/:id/visibility", p.setVisibility)
	e.POST("/badges/:id/links", p.addShareLink)
	e.POST("/badges/:id/links/:link/end", p.endShareLink)
	e.POST("/badges/:id/wallet", p.offerToWallet)
	e.POST("/badges/:id/revoke", p.revoke)
	e.POST("/badges/:id/suspend", p.suspend)
	e.POST("/badges/:id/reinstate", p.reinstate)
	e.POST("/badges/:id/reissue", p.reissue)
	e.POST("/badges/:id/renew", p.renew)

	e.GET("/capstones/new", p.newCapstone)
	e.POST("/capstones", p.startCapstone)
	e.GET("/capstones/:id", p.capstone)
	e.POST("/capstones/:id", p.saveCapstone)
	e.POST("/capstones/:id/withdraw", p.withdrawCapstone)
	e.GET("/capstones/:id/submissions/:number", p.sealed)
	e.GET("/capstones/:id/appeal", p.appeals)
	e.POST("/capstones/:id/appeal", p.appeal)
	e.GET("/requests", p.requests)
	e.POST("/requests/names/:id", p.answerName)
	e.POST("/requests/appeals/:id", p.answerAppeal)
	e.POST("/requests/questions/:id", p.answerQuestion)
	e.GET("/v/:id/ask", p.askPage)
	e.POST("/v/:id/ask", p.ask)
	e.GET("/asked/:token", p.asked)
	e.POST("/asked/:token", p.tendAsked)
	e.POST("/capstones/:id/conflicts", p.declareConflict)
	e.POST("/capstones/:id/conflicts/:conflict/clear", p.clearConflict)
	e.GET("/capstones/:id/events", p.events)
	e.GET("/capstones/:id/evidence/:evidence", p.file)
	e.POST("/capstones/:id/scope", p.saveScope)
	e.POST("/capstones/:id/team", p.teamAct("joined-team", "", p.joinTeam))
	e.POST("/capstones/:id/leave", p.teamAct("left-team", "/home", p.leaveTeam))
	e.POST("/capstones/:id/part", p.teamAct("changed", "", p.setPart))
	e.POST("/capstones/:id/ask", p.teamAct("asked", "", p.askConfirmation))
	e.GET("/scopes/:id", p.scope)
	e.POST("/scopes/:id", p.decideScope)
	e.GET("/impact/:token", p.showClaim)
	e.POST("/impact/:token", p.answerClaim)
	e.GET("/queue", p.queue)
	e.GET("/review/:id", p.review)
	e.POST("/review/:id", p.decide)
	e.POST("/review/:id/claim", p.claim)
	e.GET("/review/:id/take-back/:review", p.takeBackPage)
	e.POST("/review/:id/take-back/:review", p.takeBack)
	e.GET("/desk", p.desk)
	e.POST("/desk/replies", p.saveReply)
	e.POST("/desk/replies/:reply/remove", p.removeReply)
	e.POST("/desk/absences", p.declareAbsence)
	e.POST("/desk/absences/:absence/end", p.endAbsence)

	e.GET("/programs", p.programs)
	e.POST("/programs", p.addProgram)
	e.GET("/programs/:code", p.program)
	e.GET("/programs/:code/program.yaml", p.programYAML)
	e.GET("/programs/:code/edit", p.editProgram)
	e.POST("/programs/:code/edit", p.readFile)
	e.GET("/programs/:code/edit/art/:file", p.previewArt)
	e.GET("/programs/:code/edit/:part", p.editPart)
	e.POST("/programs/:code/edit/:part", p.savePart)
	e.GET("/programs/:code/edit/:part/:item", p.editPart)
	e.POST("/programs/:code/edit/:part/:item", p.savePart)
	e.POST("/programs/:code/edit/:part/:item/place", p.placePart)
	e.GET("/programs/:code/versions", p.programVersions)
	e.GET("/programs/:code/versions/:number", p.programVersion)
	e.POST("/programs/:code/versions/:number", p.putBack)
	e.GET("/programs/:code/versions/:number/program.yaml", p.versionYAML)
	e.GET("/programs/:code/funnel", p.programFunnel)
	e.GET("/cohorts/:code/funnel", p.cohortFunnel)
	e.GET("/programs/:code/funnel/returns.csv", p.programReturns)
	e.GET("/cohorts/:code/funnel/returns.csv", p.cohortReturns)
	e.GET("/cohorts/:code/unearned", p.unearned)
	e.POST("/cohorts/:code/unearned", p.awardUnearned)
	e.GET("/cohorts/:code/unseen", p.unseen)
	e.POST("/cohorts/:code/unseen", p.inviteUnseen)
	e.GET("/stuck", p.stuck)
	e.GET("/cohorts/:code", p.cohort)
	e.POST("/cohorts/:code/people", p.enroll)
	e.POST("/cohorts/:code/people/:person/remove", p.removeLearner)
	e.POST("/cohorts/:code/roster", p.readRoster)
	e.POST("/cohorts/:code/links", p.addJoinLink)
	e.POST("/cohorts/:code/links/:link/close", p.closeJoinLink)
	e.POST("/cohorts/:code/state", p.closeCohort)
	e.POST("/cohorts/:code/leave", p.leaveCohort)
	e.POST("/cohorts/:code/mentors", p.assignMentor)
	e.POST("/cohorts/:code/mentors/:grant/remove", p.removeMentor)
	e.GET("/cohorts/:code/dates", p.touchpoints)
	e.POST("/cohorts/:code/dates", p.addTouchpoint)
	e.GET("/cohorts/:code/dates/:date", p.touchpoint)
	e.POST("/cohorts/:code/dates/:date", p.saveTouchpoint)
	e.GET("/cohorts/:code/ratings", p.ratings)
	e.POST("/cohorts/:code/ratings", p.rateSelf)
	e.GET("/cohorts/:code/completions", p.completions)
	e.POST("/cohorts/:code/completions", p.recordCompletion)
	e.POST("/cohorts/:code/completions/file", p.readCompletions)
	e.GET("/cohorts/:code/completions/:completion", p.completion)
	e.POST("/cohorts/:code/completions/:completion", p.fixCompletion)
	e.GET("/join", p.joinPage)
	e.POST("/join", p.join)
	e.POST("/language", p.language)
	e.GET("/privacy", p.privacy)
	e.GET("/imprint", p.imprint)
	e.GET("/people", p.people)
	e.POST("/people", p.addPerson)
	e.GET("/people/:id", p.person)
	e.GET("/trail", p.trail)
	e.GET("/trail.csv", p.trailSheet)
	e.POST("/people/:id", p.correctPerson)
	e.POST("/people/:id/reissue", p.reissueOutdated)
	e.GET("/people/:id/merge", p.mergePerson)
	e.POST("/people/:id/merge", p.doMergePerson)
	e.POST("/people/:id/link", p.sendLink)
	e.GET("/people/:id/erase", p.erasePerson)
	e.POST("/people/:id/erase", p.doErasePerson)
	e.GET("/erase", p.eraseMe)
	e.POST("/erase", p.doEraseMe)
	e.POST("/people/:id/grants", p.grant)
	e.POST("/people/:id/grants/:grant/remove", p.removeGrant)
	e.GET("/invitations", p.invitations)
	e.POST("/invitations", p.invite)
	e.POST("/invitations/:id/resend", p.resendInvitation)
	e.POST("/invitations/:id/revoke", p.revokeInvitation)
	e.GET("/invitation", p.invitation)
	e.POST("/invitation", p.acceptInvitation)
	e.GET("/mail", p.mails)
	e.POST("/mail/:id/resend", p.resendMail)
	e.POST("/mail/:id/bounced", p.bounceMail)
	e.GET("/mail/stop", p.stopPage)
	e.POST("/mail/stop", p.stopMail)
	e.GET("/reports", p.reports)
	e.GET("/reports/:code/value.csv", p.valueSheet)
	e.GET("/issuing", p.issuing)
	e.POST("/issuing/stop", p.stopIssuing)
	e.POST("/issuing/resume", p.resumeIssuing)
	e.GET("/capstones/:id/story", p.story)
	e.POST("/capstones/:id/story", p.writeStory)
	e.POST("/capstones/:id/story/agree", p.agreeToStory)
	e.POST("/capstones/:id/story/moderate", p.moderateStory)
	e.GET("/programs/:code/stories", p.stories)
	e.GET("/programs/:code/feedback", p.opinions)
	e.GET("/cohorts/:code/feedback", p.rounds)
	e.POST("/cohorts/:code/feedback", p.openRound)
	e.GET("/rounds/:id", p.round)
	e.POST("/rounds/:id/close", p.closeRound)
	e.GET("/feedback", p.feedback)
	e.GET("/feedback/:id", p.note)
	e.POST("/feedback/:id", p.giveNote)
	e.POST("/feedback/:id/report", p.reportNote)
	e.POST("/feedback/:id/remove", p.removeNote)
	e.GET("/completions/:id/feedback", p.opinion)
	e.POST("/completions/:id/feedback", p.giveOpinion)
	e.GET("/concerns", p.concerns)
	e.GET("/concerns/new", p.newConcern)
	e.POST("/concerns/new", p.reportConcern)
	e.GET("/concerns/follow", p.followPage)
	e.POST("/concerns/follow", p.follow)
	e.GET("/concerns/:id", p.concern)
	e.POST("/concerns/:id", p.handleConcern)
	if p.Takeout != nil {
		e.POST("/badges/export", p.takeMine)
		e.POST("/people/:id/export", p.takeTheirs)
	}
	if p.Mailbox != nil {
		e.GET("/demo/mail", p.mailbox)
	}
}

// MountFiles adds the files that pages load, which is all of this door that a
// copy of the public site needs.
func (p *Pages) MountFiles(e *echo.Echo) { e.GET("/static/*", p.static) }

// Frame is what surrounds a page for its reader.
func (p *Pages) Frame(c echo.Context, here string) templates.Frame {
	by := web.Visitor(c)
	f := templates.Frame{
		Lang: verifyweb.LanguageFor(c.Request(), by.Language), Now: p.now(),
		Signed: by.Person != "", Name: by.Name, Learner: len(by.Enrollments) > 0, Here: here,
		Trial: p.Trial, Mailbox: p.Mailbox != nil, Notice: notice(c),
	}
	if c.Request().Method == http.MethodGet {
		f.At = strings.TrimPrefix(c.Request().URL.RequestURI(), p.BasePath)
	}
	if p.Registrar != nil {
		f.Site = p.Registrar.BaseURL
	}
	if p.Issuer != nil {
		f.Issuer = p.Issuer(c.Request().Context())
	}
	for _, g := range by.Grants {
		switch g.Role {
		case issuer.Mentor:
			f.Mentor = true
		case issuer.Admin, issuer.Owner:
			f.Owner = true
		case issuer.Sponsor:
			f.Sponsor = true
		}
	}
	return f
}

// notice is what just happened, as back put it into the address. A link on
// another site could claim the same; the browser says when one did.
func notice(c echo.Context) string {
	switch c.Request().Header.Get("Sec-Fetch-Site") {
	case "same-origin", "":
		return c.QueryParam("done")
	}
	return ""
}

// View puts the data of a page that is not ours (a badge's, the verify page)
// into the frame of its reader. Other doors take it as a function.
func (p *Pages) View(c echo.Context, data any) any {
	c.Response().Header().Add("Vary", "Accept-Language, Cookie") // who reads, and in which language
	here := ""
	if _, ok := data.(verifyweb.VerifyPage); ok {
		here = "verify"
	}
	f := p.Frame(c, here)
	if _, ok := data.(web.ErrorPage); ok {
		f.At = "" // what is hidden answers to the letter as what never was
	}
	return templates.View{Frame: f, Data: data}
}

func (p *Pages) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

// show renders a page in its frame.
func (p *Pages) show(c echo.Context, status int, here, name string, data any) error {
	if status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "60")
	}
	return web.Page(c, p.Templates, status, name, templates.View{Frame: p.Frame(c, here), Data: data})
}

// back redirects after a form; done names what happened.
func (p *Pages) back(c echo.Context, path, done string) error {
	if done != "" {
		path += "?done=" + url.QueryEscape(done)
	}
	return c.Redirect(http.StatusSeeOther, p.BasePath+path)
}

// wrong tells a refusal that the form can be mended after from one that it
// cannot; the first comes with its status, sentence and input.
func wrong(err error) (status int, reason, field string, ok bool) {
	var refusal *issuer.Error
	if !errors.As(err, &refusal) {
		return 0, "", "", false
	}
	switch refusal.Kind {
	case issuer.Invalid:
		return http.StatusUnprocessableEntity, refusal.Reason, refusal.Field, true
	case issuer.Conflict:
		return http.StatusConflict, refusal.Reason, refusal.Field, true
	case issuer.TooLarge:
		return http.StatusRequestEntityTooLarge, refusal.Reason, refusal.Field, true
	case issuer.Unsuitable:
		return http.StatusUnsupportedMediaType, refusal.Reason, refusal.Field, true
	case issuer.Unavailable: // what was typed can be sent again later
		return http.StatusServiceUnavailable, refusal.Reason, refusal.Field, true
	}
	return 0, "", "", false
}

func (p *Pages) front(c echo.Context) error {
	return p.show(c, http.StatusOK, "", "page/front", nil)
}

// static answers with a file of the pages. Its address names its content, so
// it may be kept for ever; an old address answers with today's file, unkept.
func (p *Pages) static(c echo.Context) error {
	body, media, current, ok := p.Templates.Asset(c.Request().URL.Path)
	if !ok {
		return issuer.Refuse(issuer.NotFound, "There is no such file.")
	}
	keep := "no-cache"
	if current {
		keep = "public, max-age=31536000, immutable"
	}
	c.Response().Header().Set("Cache-Control", keep)
	packed, ok := p.Templates.Packed(c.Request().URL.Path)
	if !ok {
		return web.Bytes(c, media, body)
	}
	c.Response().Header().Add("Vary", "Accept-Encoding")
	if verifyweb.AcceptsGzip(c.Request().Header.Get("Accept-Encoding")) {
		c.Response().Header().Set("Content-Encoding", "gzip")
		body = packed
	}
	return web.Bytes(c, media, body)
}
