package api

import (
	"context"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// Tokens gives access tokens to programs: package signin.
type Tokens interface {
	ClientToken(ctx context.Context, id issuer.ClientID, secret, scope string) (token, granted string, err error)
	TokenLife() time.Duration
}

// API is the door for programs.
type API struct {
	Registrar *registrar.Registrar
	Tokens    Tokens
	BaseURL   string // without a slash at the end

	running sync.Map // of caller and Idempotency-Key, while the act is at work
}

// Mount adds the routes.
func (a *API) Mount(e *echo.Echo) {
	e.GET("/api/openapi.json", a.document)
	e.OPTIONS("/api/openapi.json", preflight)
	e.POST("/oauth/token", a.token)

	v1 := func(method, path string, h echo.HandlerFunc) { e.Add(method, "/api/v1"+path, h, acceptsJSON) }
	v1("GET", "/completions", a.completions)
	v1("POST", "/completions", a.recordCompletion)
	v1("GET", "/completions/:id", a.completion)
	v1("POST", "/completions/:id/withdraw", a.withdrawCompletion)
	v1("POST", "/completions/:id/correct", a.correctCompletion)
	v1("PUT", "/completions/:id/feedback", a.giveOpinion)
	v1("GET", "/capstones", a.capstones)
	v1("POST", "/capstones", a.startCapstone)
	v1("GET", "/capstones/:id", a.capstone)
	v1("PUT", "/capstones/:id", a.saveCapstone)
	v1("POST", "/capstones/:id/submissions", a.submitCapstone)
	v1("POST", "/capstones/:id/withdraw", a.withdrawCapstone)
	v1("POST", "/capstones/:id/evidence", a.attach)
	v1("POST", "/capstones/:id/scope", a.saveScope)
	v1("POST", "/capstones/:id/scope/decision", a.decideScope)
	v1("POST", "/capstones/:id/members", a.joinTeam)
	v1("DELETE", "/capstones/:id/members/me", a.leaveTeam)
	v1("POST", "/capstones/:id/reviews", a.reviewCapstone)
	v1("POST", "/capstones/:id/reviews/:review/take-back", a.takeBack)
	v1("POST", "/capstones/:id/claim", a.claimCapstone)
	v1("DELETE", "/capstones/:id/claim", a.releaseCapstone)
	v1("POST", "/capstones/:id/claim/hand-over", a.handOver)
	v1("GET", "/capstones/:id/conflicts", a.conflicts)
	v1("POST", "/capstones/:id/conflicts", a.declareConflict)
	v1("DELETE", "/capstones/:id/conflicts/:conflict", a.clearConflict)
	v1("GET", "/capstones/:id/confirmations", a.confirmations)
	v1("POST", "/capstones/:id/confirmations", a.askConfirmation)
	v1("GET", "/absences", a.absences)
	v1("POST", "/absences", a.declareAbsence)
	v1("DELETE", "/absences/:id", a.endAbsence)
	v1("GET", "/credentials", a.credentials)
	v1("POST", "/credentials", a.award)
	v1("GET", "/credentials/:id", a.credential)
	v1("POST", "/credentials/batch", a.awardBatch)
	e.RouteNotFound("/api/v1/credentials/batch", echo.NotFoundHandler) // a name of its own, never a credential's id
	v1("GET", "/jobs/:id", a.job)
	v1("POST", "/credentials/:id/revoke", a.revoke)
	v1("POST", "/credentials/:id/suspend", a.suspend)
	v1("POST", "/credentials/:id/reinstate", a.reinstate)
	v1("POST", "/credentials/:id/reissue", a.reissue)
	v1("POST", "/credentials/:id/renew", a.renew)
	v1("GET", "/credentials/:id/resting", a.resting)
	v1("GET", "/credentials/:id/sharing", a.sharing)
	v1("PUT", "/credentials/:id/visibility", a.setVisibility)
	v1("POST", "/credentials/:id/links", a.addShareLink)
	v1("DELETE", "/credentials/:id/links/:link", a.endShareLink)
	v1("POST", "/credentials/:id/offers", a.offerToWallet)
	v1("GET", "/people", a.people)
	v1("GET", "/people/:id", a.person)
	v1("POST", "/people/:id", a.correctPerson)
	v1("DELETE", "/people/:id", a.erasePerson)
	v1("POST", "/people/:id/reissue", a.reissueOutdated)
	v1("POST", "/people/:id/merge", a.merge)
	v1("GET", "/people/:id/transcript", a.transcript)
	v1("GET", "/programs", a.programs)
	v1("GET", "/programs/:program/file", a.programFile)
	v1("PUT", "/programs/:program/file", a.putProgramFile)
	v1("GET", "/programs/:program/funnel", funnelBy(a.Registrar.Funnel, "program"))
	v1("GET", "/programs/:program/versions", a.programVersions)
	v1("GET", "/programs/:program/versions/:number", a.programVersion)
	v1("POST", "/programs/:program/versions/:number/put-back", a.putBack)
	v1("GET", "/cohorts", a.cohorts)
	v1("GET", "/cohorts/:cohort", a.cohort)
	v1("GET", "/cohorts/:cohort/funnel", funnelBy(a.Registrar.CohortFunnel, "cohort"))
	v1("POST", "/cohorts/:cohort/close", a.closeCohort)
	v1("POST", "/cohorts/:cohort/archive", a.archiveCohort)
	v1("POST", "/cohorts/:cohort/reopen", a.reopenCohort)
	v1("GET", "/cohorts/:cohort/ratings", a.ratings)
	v1("POST", "/cohorts/:cohort/ratings", a.rateSelf)
	v1("GET", "/cohorts/:cohort/touchpoints", a.touchpoints)
	v1("POST", "/cohorts/:cohort/touchpoints", a.addTouchpoint)
	v1("GET", "/touchpoints/:id", a.touchpoint)
	v1("PUT", "/touchpoints/:id", a.editTouchpoint)
	v1("POST", "/touchpoints/:id/cancel", a.cancelTouchpoint)
	v1("POST", "/touchpoints/:id/reinstate", a.keepTouchpoint)
	v1("PUT", "/touchpoints/:id/attendance", a.noteTouchpoint)
	v1("GET", "/enrollments", a.enrollments)
	v1("POST", "/enrollments", a.enroll)
	v1("DELETE", "/enrollments/:cohort/:person", a.removeLearner)
	v1("POST", "/enrollments/:cohort/:person/leave", a.leaveCohort)
	v1("GET", "/modules", a.modules)
	v1("GET", "/achievements", a.achievements)
	v1("GET", "/feedback", a.feedback)
	v1("PUT", "/feedback/:id", a.giveFeedback)
	v1("DELETE", "/feedback/:id", a.removeFeedback)
	v1("POST", "/feedback/:id/report", a.reportFeedback)
	v1("GET", "/feedback/modules", a.opinions)
	v1("GET", "/feedback/rounds", a.rounds)
	v1("POST", "/feedback/rounds", a.openRound)
	v1("GET", "/feedback/rounds/:id", a.round)
	v1("POST", "/feedback/rounds/:id/close", a.closeRound)
	v1("GET", "/reports/:program", a.report)
	v1("POST", "/bounces", a.recordBounce)
	v1("GET", "/tokens", a.clients)
	v1("POST", "/tokens", a.addClient)
	v1("POST", "/tokens/:id/revoke", a.revokeClient)
}
