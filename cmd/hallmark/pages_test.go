package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// sight is a page as someone sees it: by its route, with the address that leads
// there for them, and the data-page that it is known by. What an address names in
// braces the walk prepares.
type sight struct {
	route, who, path, page string
	refused                bool             // the page says no, and so does its status, which the browser notes
	reach                  func(v *visitor) // what is done on the page to come to the one that is meant; nil: nothing
}

// The people who look at pages.
var watchers = map[string]string{
	"visitor": "", "learner": sampleLearner, "author": sampleApproved, "returned": sampleReturned, "team": sampleTeamOne, "newcomer": "tomoko.abe@makers.example.org", "starter": "fatou.diop@makers.example.org",
	"mentor": sampleMentor, "lead": sampleLead, "sponsor": sampleSponsor, "admin": sampleAdmin, "plain": sampleManager,
}

// sights has a row, or some, for each page there is.
var sights = []sight{
	{route: "/", who: "visitor", path: "/", page: "front"},
	{route: "/signin", who: "visitor", path: "/signin", page: "signin"},
	{route: "/signin", who: "visitor", path: "/signin", page: "signin-sent", reach: func(v *visitor) { v.fill("#email", "someone@makers.example.org"); v.press("send-link") }},
	{route: "/signin/link", who: "visitor", path: "/signin/link?t=x", page: "signin-link"},
	{route: "/signin/oidc/callback", who: "visitor", path: "/signin/oidc/callback?code=x&state=y", page: "signin", refused: true},
	{route: "/signin/oidc/:name", who: "visitor", path: "/signin/oidc/none", page: "error", refused: true},
	{route: "/setup", who: "visitor", path: "/setup?t=x", page: "signin-link"},
	{route: "/invitation", who: "visitor", path: "/invitation?t={invitation}", page: "invitation"},
	{route: "/join", who: "visitor", path: "/join?t={join}", page: "join"},
	{route: "/join", who: "plain", path: "/join?t={join}", page: "join"},
	{route: "/v/:id", who: "visitor", path: "/v/{badge}", page: "badge"},
	{route: "/v/:id", who: "visitor", path: "/v/{revoked}", page: "badge"},
	{route: "/v/:id", who: "visitor", path: "/v/NOTHINGHERE", page: "error", refused: true},
	{route: "/V/:id", who: "visitor", path: "/V/{badge}", page: "badge"},
	{route: "/embed/:id", who: "visitor", path: "/embed/{badge}", page: "embed"},
	{route: "/s/:token", who: "visitor", path: "/s/{share}", page: "shared"},
	{route: "/p/:handle", who: "visitor", path: "/p/joana", page: "portfolio"},
	{route: "/achievements/:id", who: "visitor", path: "/achievements/{achievement}", page: "achievement"},
	{route: "/issuers/:id", who: "visitor", path: "/issuers/{issuer}", page: "issuer"},
	{route: "/verify", who: "visitor", path: "/verify", page: "verify"},
	{route: "/gallery", who: "visitor", path: "/gallery", page: "gallery"},
	{route: "/gallery", who: "visitor", path: "/gallery?q=nothing+like+it", page: "gallery"},
	{route: "/gallery/:id", who: "visitor", path: "/gallery/{story}", page: "story"},
	{route: "/concerns/new", who: "visitor", path: "/concerns/new", page: "concern-new"},
	{route: "/concerns/new", who: "visitor", path: "/concerns/new", page: "concern-sent", reach: func(v *visitor) {
		v.click(`input[name="kind"]`)
		v.fill("#words", "The guest view shows more than it should.")
		v.press("report-concern")
	}},
	{route: "/concerns/follow", who: "visitor", path: "/concerns/follow", page: "concern-follow"},
	{route: "/v/:id/ask", who: "visitor", path: "/v/{badge}/ask", page: "ask"},
	{route: "/v/:id/ask", who: "visitor", path: "/v/{badge}/ask", page: "ask", reach: func(v *visitor) {
		v.fill("#words", "Was it done alone?")
		v.fill("#name", "Kim Reader")
		v.fill("#email", "kim@firm.example")
		v.press("ask")
	}},
	{route: "/asked/:token", who: "visitor", path: "/asked/{asking}", page: "asked"},
	{route: "/asked/:token", who: "visitor", path: "/asked/{asked}", page: "asked"},
	{route: "/impact/:token", who: "visitor", path: "/impact/{claim}", page: "claim"},
	{route: "/mail/stop", who: "visitor", path: "/mail/stop?t={stop}", page: "mail-stop"},
	{route: "/demo/mail", who: "visitor", path: "/demo/mail", page: "mailbox"},

	{route: "/home", who: "learner", path: "/home", page: "home"},
	{route: "/home", who: "newcomer", path: "/home", page: "home"},
	{route: "/home", who: "lead", path: "/home", page: "home"},
	{route: "/home", who: "admin", path: "/home", page: "home"},
	{route: "/home", who: "sponsor", path: "/home", page: "home"},
	{route: "/home", who: "plain", path: "/home", page: "home"},
	{route: "/account", who: "learner", path: "/account", page: "account"},
	{route: "/account", who: "learner", path: "/account", page: "confirm", reach: func(v *visitor) { v.run(unfold); v.fill("#email", "amina@home.example"); v.press("add-address") }},
	{route: "/account/address", who: "learner", path: "/account/address?t={address}", page: "address"},
	{route: "/account/oidc/:name", who: "learner", path: "/account/oidc/none", page: "account"},
	{route: "/account/mails", who: "learner", path: "/account/mails", page: "mailchoices"},
	{route: "/account/name", who: "learner", path: "/account/name", page: "name"},
	{route: "/account/name", who: "plain", path: "/account/name", page: "name"},
	{route: "/portfolio", who: "author", path: "/portfolio", page: "myportfolio"},
	{route: "/portfolio", who: "learner", path: "/portfolio", page: "myportfolio"},
	{route: "/badges", who: "author", path: "/badges", page: "badges"},
	{route: "/badges", who: "newcomer", path: "/badges", page: "badges"},
	{route: "/badges/:id", who: "author", path: "/badges/{shared}", page: "mybadge"},
	{route: "/badges/:id", who: "admin", path: "/badges/{badge}", page: "mybadge"},
	{route: "/capstones/new", who: "starter", path: "/capstones/new?brief={brief}&cohort={cohort}", page: "capstone-new"},
	{route: "/capstones/:id", who: "learner", path: "/capstones/{capstone}", page: "capstone"},
	{route: "/capstones/:id", who: "returned", path: "/capstones/{returned}", page: "capstone"},
	{route: "/capstones/:id", who: "author", path: "/capstones/{approved}", page: "capstone"},
	{route: "/capstones/:id", who: "team", path: "/capstones/{scoped}", page: "capstone"},
	{route: "/capstones/:id/appeal", who: "returned", path: "/capstones/{returned}/appeal", page: "appeal"},
	{route: "/capstones/:id/story", who: "author", path: "/capstones/{approved}/story", page: "tell"},
	{route: "/cohorts/:code", who: "learner", path: "/cohorts/harbour-1", page: "cohort"},
	{route: "/cohorts/:code/dates", who: "learner", path: "/cohorts/harbour-1/dates", page: "touchpoints"},
	{route: "/cohorts/:code/ratings", who: "learner", path: "/cohorts/harbour-1/ratings", page: "ratings"},
	{route: "/feedback", who: "author", path: "/feedback", page: "feedback"},
	{route: "/feedback", who: "plain", path: "/feedback", page: "feedback"},
	{route: "/feedback/:id", who: "learner", path: "/feedback/{note}", page: "note"},
	{route: "/completions/:id/feedback", who: "learner", path: "/completions/{completion}/feedback", page: "opinion"},
	{route: "/concerns", who: "learner", path: "/concerns", page: "concerns"},
	{route: "/concerns/:id", who: "learner", path: "/concerns/{concern}", page: "concern"},
	{route: "/programs", who: "learner", path: "/programs", page: "programs"},
	{route: "/programs/:code", who: "learner", path: "/programs/citizen-dev", page: "program"},
	{route: "/erase", who: "learner", path: "/erase", page: "erase"},

	{route: "/queue", who: "lead", path: "/queue", page: "queue"},
	{route: "/desk", who: "lead", path: "/desk", page: "desk"},
	{route: "/desk", who: "mentor", path: "/desk", page: "desk"},
	{route: "/review/:id", who: "lead", path: "/review/{capstone}", page: "review"},
	{route: "/review/:id", who: "mentor", path: "/review/{capstone}", page: "review"},
	{route: "/review/:id/take-back/:review", who: "lead", path: "/review/{approved}/take-back/{review}", page: "takeback"},
	{route: "/scopes/:id", who: "lead", path: "/scopes/{scoped}", page: "scope"},
	{route: "/requests", who: "lead", path: "/requests", page: "requests"},
	{route: "/requests", who: "plain", path: "/requests", page: "requests"},
	{route: "/cohorts/:code/dates", who: "lead", path: "/cohorts/harbour-1/dates", page: "touchpoints"},
	{route: "/cohorts/:code/dates/:date", who: "lead", path: "/cohorts/harbour-1/dates/{date}", page: "touchpoint"},
	{route: "/cohorts/:code/ratings", who: "lead", path: "/cohorts/harbour-1/ratings", page: "ratings"},
	{route: "/cohorts/:code/feedback", who: "lead", path: "/cohorts/harbour-1/feedback", page: "rounds"},
	{route: "/rounds/:id", who: "lead", path: "/rounds/{round}", page: "round"},
	{route: "/cohorts/:code/completions/:completion", who: "lead", path: "/cohorts/harbour-1/completions/{completion}", page: "completion"},

	{route: "/requests", who: "admin", path: "/requests", page: "requests"},
	{route: "/programs", who: "admin", path: "/programs", page: "programs"},
	{route: "/programs/:code", who: "admin", path: "/programs/citizen-dev", page: "program"},
	{route: "/programs/:code/edit", who: "admin", path: "/programs/citizen-dev/edit", page: "editprogram"},
	{route: "/programs/:code/versions", who: "admin", path: "/programs/citizen-dev/versions", page: "programversions"},
	{route: "/programs/:code/versions/:number", who: "admin", path: "/programs/citizen-dev/versions/1", page: "programversion"},
	{route: "/programs/:code/edit/:part", who: "admin", path: "/programs/citizen-dev/edit/modules", page: "editpart"},
	{route: "/programs/:code/edit/:part/:item", who: "admin", path: "/programs/citizen-dev/edit/achievements/C1", page: "editpart"},
	{route: "/programs/:code/edit/:part/:item", who: "admin", path: "/programs/citizen-dev/edit/capstones/C1", page: "editpart"},
	{route: "/programs/:code/stories", who: "admin", path: "/programs/citizen-dev/stories", page: "stories"},
	{route: "/programs/:code/feedback", who: "admin", path: "/programs/citizen-dev/feedback", page: "opinions"},
	{route: "/cohorts/:code", who: "admin", path: "/cohorts/harbour-1", page: "cohort"},
	{route: "/cohorts/:code", who: "admin", path: "/cohorts/harbour-2", page: "cohort"},
	{route: "/cohorts/:code/completions", who: "admin", path: "/cohorts/harbour-1/completions", page: "completions"},
	{route: "/cohorts/:code/ratings", who: "admin", path: "/cohorts/harbour-1/ratings", page: "ratings"},
	{route: "/people", who: "admin", path: "/people", page: "people"},
	{route: "/people", who: "admin", path: "/people?search=nobody+like+this", page: "people"},
	{route: "/people/:id", who: "admin", path: "/people/{person}", page: "person"},
	{route: "/people/:id/merge", who: "admin", path: "/people/{person}/merge", page: "merge"},
	{route: "/people/:id/merge", who: "admin", path: "/people/{person}/merge?with={person}", page: "merge"},
	{route: "/people/:id/erase", who: "admin", path: "/people/{person}/erase", page: "erase"},
	{route: "/people/:id/merge", who: "admin", path: "/people/{person}/merge?with={other}", page: "merge"},
	{route: "/invitations", who: "admin", path: "/invitations", page: "invitations"},
	{route: "/mail", who: "admin", path: "/mail", page: "mails"},
	{route: "/issuing", who: "admin", path: "/issuing", page: "issuing"},
	{route: "/concerns", who: "admin", path: "/concerns", page: "concerns"},
	{route: "/concerns/:id", who: "admin", path: "/concerns/{concern}", page: "concern"},
	{route: "/capstones/:id", who: "admin", path: "/capstones/{capstone}", page: "capstone"},
	{route: "/reports", who: "sponsor", path: "/reports", page: "reports"},
	{route: "/reports", who: "admin", path: "/reports", page: "reports"},
	{route: "/programs/:code/funnel", who: "admin", path: "/programs/" + sampleProgram + "/funnel", page: "funnel"},
	{route: "/cohorts/:code/funnel", who: "admin", path: "/cohorts/" + sampleCohort + "/funnel", page: "funnel"},
	{route: "/cohorts/:code/unearned", who: "admin", path: "/cohorts/" + sampleCohort + "/unearned", page: "unearned"},
	{route: "/cohorts/:code/unseen", who: "admin", path: "/cohorts/" + sampleCohort + "/unseen", page: "unseen"},
	{route: "/stuck", who: "admin", path: "/stuck", page: "stuck"},
	{route: "/trail", who: "admin", path: "/trail", page: "trail"},
	{route: "/privacy", who: "visitor", path: "/privacy", page: "privacy"},
	{route: "/imprint", who: "visitor", path: "/imprint", page: "imprint"},
}

// files are the routes of GET that answer with something else than a page, or with
// one to save: TestSavedChecker looks at that.
var files = []string{
	"/static/*", "/art/:file", "/healthz", "/readyz", "/did.json", "/.well-known/did.json", "/.well-known/jwks.json", "/keys/:kid", "/status/:list", "/.well-known/openid-credential-issuer", "/.well-known/oauth-authorization-server", "/oid4vci/offers/:secret",
	"/oembed", "/verify/offline",
	"/log/checkpoint", "/log/key", "/log/tile/*", "/p/:handle/card.png", "/capstones/:id/events", "/capstones/:id/evidence/:evidence", "/capstones/:id/submissions/:number",
	"/programs/:code/program.yaml", "/programs/:code/versions/:number/program.yaml", "/programs/:code/edit/art/:file", "/reports/:code/value.csv", "/trail.csv",
	"/programs/:code/funnel/returns.csv", "/cohorts/:code/funnel/returns.csv",
}

// ofBadge are the files that a badge has beside its page.
var ofBadge = []string{"qr.png", "qr.svg", "card.png", "slip.png", "slip.svg", "proof", "staple", "endorsements"}

// unseen names the pages of a table of routes that nobody looks at, and the rows
// here that are no routes.
func unseen(routes []*echo.Route) (missing []string) {
	known, mounted := map[string]bool{}, map[string]bool{}
	for _, s := range sights {
		known[s.route] = true
	}
	for _, f := range files {
		known[f] = true
	}
	for _, f := range ofBadge {
		known["/v/:id/"+f], known["/V/:id/"+f] = true, true
	}
	for _, r := range routes {
		if r.Method != "GET" || strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		mounted[r.Path] = true
		if !known[r.Path] {
			missing = append(missing, "nobody looks at "+r.Path)
		}
	}
	for route := range known {
		if !mounted[route] {
			missing = append(missing, "there is no "+route)
		}
	}
	slices.Sort(missing)
	return missing
}

// TestPages looks at every page there is, by the table of routes, as those who it
// is for, with a thousand learners in one cohort: on a phone and on a desk, in
// light and in dark, it stands without a fault that axe-core finds, without a
// sideways scroll at 320 CSS pixels and at 200 % and with wider spaced text,
// without a word of complaint from the browser; all that can be used is reached
// with the Tab key, in sight and marked; without script its forms are there; and
// in Arabic it runs from right to left and stands as well. With
// HALLMARK_SCREENSHOTS set each page is left there as pictures.
//
// What no machine can tell of WCAG 2.2 AA is for people to go through, on these
// pictures and with a keyboard, when a page is made or changed: that alternatives say what their picture says
// (1.1.1); that the order of reading makes sense (1.3.2); that nothing is told by
// place or colour alone (1.3.3, 1.4.1: states have a word and an icon, charts a
// label and a table); that links and headings say what follows (2.4.4, 2.4.6);
// that errors name the field and how to mend it (3.3.1, 3.3.3); that what cannot
// be undone asks first (3.3.4); that help stands at the same place (3.2.6: the
// foot); that nothing asked before is asked again (3.3.7); and that signing in
// needs no riddle (3.3.8: a link, a passkey or another account). There is no
// sound, film, time limit, dragging or gesture by path to hold to the rest.
func TestPages(t *testing.T) {
	axe := axeScript(t)
	h := openHouse(t, "", 1000)
	if missing := unseen(h.routes); len(missing) > 0 {
		t.Error(strings.Join(missing, "\n"))
	}
	things := h.furnish()
	b := openBrowser(t)
	t.Run("as", func(t *testing.T) {
		for who, address := range watchers {
			var theirs []sight
			for _, s := range sights {
				if s.who == who {
					theirs = append(theirs, s)
				}
			}
			for part := range slices.Chunk(theirs, 12) {
				t.Run(who, func(t *testing.T) {
					t.Parallel()
					v := h.in(t).guest(b, who, address)
					for _, s := range part {
						s.path = things.Replace(s.path)
						v.looks(s, axe)
					}
				})
			}
		}
	})
	for _, f := range b.told() {
		noted := func(s sight) bool {
			return s.refused && strings.Contains(f, "status of 4") && strings.HasSuffix(f, s.path)
		}
		if !slices.ContainsFunc(sights, noted) {
			t.Error(f)
		}
	}
}

// goes brings the visitor to a sight.
func (v *visitor) goes(s sight) {
	v.t.Helper()
	if s.reach == nil {
		v.open(s.path, s.page)
		return
	}
	v.do(chromedp.Navigate(v.url + s.path))
	s.reach(v)
	v.on(s.page)
}

// looks holds a sight to all that TestPages promises.
func (v *visitor) looks(s sight, axe string) {
	v.t.Helper()
	began := time.Now()
	name := v.name + " at " + s.path + " (" + s.page + ")"
	shot := strings.ReplaceAll(strings.Trim(s.page+"-"+v.name+"-"+strings.Trim(s.route, "/"), "/"), "/", "_")
	v.keeps("hallmark_language", "en")
	v.do(chromedp.EmulateViewport(390, 844))
	v.scheme("light")
	v.goes(s)
	v.photograph(shot, "light", "dark")
	v.run(unfold)
	forms := get(v, chromedp.Evaluate[[]string](inForms))
	v.fits(name, 320, 640, 390)
	v.run(shorten)
	v.sound(name+", 390 light", axe)
	v.scheme("dark")
	v.fits(name, 1280)
	v.sound(name+", 1280 dark", axe) // no colour depends on the width
	v.scheme("light")
	v.byKeyboard(name)
	v.run(spaceOut)
	v.fits(name+" with wider spaced text", 320, 1280)

	v.keeps("hallmark_language", "ar")
	v.withoutScript(true)
	v.do(chromedp.EmulateViewport(390, 844))
	v.goes(s)
	v.photograph(shot+"-ar", "light")
	v.run(unfold)
	if dir := get(v, chromedp.Evaluate[string](`document.dir`)); dir != "rtl" {
		v.t.Errorf("%s in Arabic runs %q", name, dir)
	}
	v.fits(name+" in Arabic", 320, 390, 1280)
	without := get(v, chromedp.Evaluate[[]string](inForms))
	for _, f := range forms {
		if !slices.Contains(without, f) {
			v.t.Errorf("%s without script has no form %s, but %q", name, f, without)
		}
	}
	v.withoutScript(false)
	v.t.Logf("%s: %v", name, time.Since(began).Round(time.Millisecond))
}

// sound holds the page to axe-core.
func (v *visitor) sound(name, axe string) {
	v.t.Helper()
	if found := v.axe(axe); found != "" {
		v.t.Errorf("axe-core, %s:\n%s", name, found)
	}
}

// shorten leaves the first rows of long lists: the others are like them.
const shorten = `document.querySelectorAll("main ul, main ol, main tbody, main select").forEach(l => [...l.children].slice(8).forEach(e => e.remove()))`

// spaceOut sets text as wide as a reader may ask for (WCAG 2.2 §1.4.12).
const spaceOut = `document.querySelectorAll("body, body *").forEach(e => {
	const size = parseFloat(getComputedStyle(e).fontSize);
	e.style.lineHeight = "1.5"; e.style.letterSpacing = .12 * size + "px"; e.style.wordSpacing = .16 * size + "px";
	if (e.localName === "p") { e.style.marginBlockEnd = 2 * size + "px"; }
})`

// furnish makes what the addresses of the sights name.
func (h *house) furnish() *strings.Replacer {
	t, ctx, r := h.t, h.t.Context(), h.Registrar
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	lead, learner, author, returned, team, admin := h.as(sampleLead), h.as(sampleLearner), h.as(sampleApproved), h.as(sampleReturned), h.as(sampleTeamOne), h.as(sampleAdmin)
	capstoneOf := func(by issuer.Caller) *registrar.CapstoneView {
		home, err := r.Home(ctx, by)
		must(err)
		c, err := r.Capstone(ctx, by, home.Capstones[0].ID)
		must(err)
		return c
	}
	approved, back := capstoneOf(author), capstoneOf(returned)

	// A capstone whose scope waits.
	text, err := (&story{}).sample("program.yaml")
	must(err)
	file, err := intake.Program(text)
	must(err)
	file.Capstones[1].Scope, file.Capstones[1].Policy = true, registrar.FilePolicy{Version: "2026-03", URL: "https://makers.example.org/rules"}
	must(whole(r.ImportProgram(ctx, system, file, false)))
	scoped, err := r.StartCapstone(ctx, team, "C2", sampleCohort, "Orders into the ledger", []issuer.PersonID{h.person(sampleTeamTwo)})
	must(err)
	_, err = r.SaveScope(ctx, team, scoped.ID, registrar.ScopeDraft{HandIn: true, Accepted: "2026-03",
		Plan: issuer.Plan{What: "Every order that customer care takes is in the ledger the same minute, with a way back.", Tools: issuer.Strings{"Flow designer", "Ledger API"}, Data: issuer.Strings{"internal", "personal"}, DataNote: "Names of customers, for 30 days."}})
	must(err)

	// What waits for an answer.
	_, err = r.AskName(ctx, learner, "Amina Okafor-Lindgren", "I married.")
	must(err)
	_, err = r.AppealReturn(ctx, returned, back.ID, "The names are gone after the shift; it says so on the second page.")
	must(err)
	_, err = r.AskConfirmation(ctx, learner, issuer.CapstoneID(h.line.Capstone), "head@makers.example.org")
	must(err)
	concern, err := r.ReportConcern(ctx, learner, registrar.NewConcern{Kind: issuer.AboutConduct, Program: sampleProgram, About: "A check-in", Words: "Someone was laughed at for a question."})
	must(err)
	learner.SteppedUp = time.Now()
	must(h.Signin.Claim(ctx, learner, "amina@elsewhere.example"))
	_, err = r.Invite(ctx, admin, registrar.NewInvitation{Email: "new.maker@makers.example.org", Name: "Nele Winter", Role: issuer.Learner, Cohort: sampleCohort})
	must(err)
	join, err := r.AddJoinLink(ctx, admin, sampleCohort, 20, 14)
	must(err)
	_, err = r.SaveReply(ctx, lead, "Show the users", "Please show who used it last week, and what they said.")
	must(err)
	today := issuer.DayOf(time.Now(), time.UTC)
	_, err = r.DeclareAbsence(ctx, h.as(sampleMentor), registrar.NewAbsence{From: today, Until: today, Cover: lead.Person})
	must(err)

	// Badges: shared, and taken back.
	badges, err := r.Badges(ctx, author)
	must(err)
	_, share, err := r.AddShareLink(ctx, author, badges[0].ID, "Application to the harbour", 30)
	must(err)
	lost, err := r.Badges(ctx, h.as("oscar.wilson@makers.example.org"))
	must(err)
	_, err = r.RevokeCredential(ctx, admin, lost[0].ID, registrar.StatusChange{Code: "issued-in-error", Reason: "The completion was of someone else."})
	must(err)
	us, err := store.Read(ctx, h.Store, func(tx *store.Tx) (*issuer.Issuer, error) { return tx.Issuer() })
	must(err)

	starter, err := r.Home(ctx, h.as(watchers["starter"]))
	must(err)
	start := starter.CanStart[0]
	mine, err := r.MyFeedback(ctx, learner)
	must(err)
	rounds, err := r.Rounds(ctx, lead, sampleCohort)
	must(err)
	dates, err := r.Touchpoints(ctx, lead, sampleCohort)
	must(err)
	told, err := r.Story(ctx, author, approved.ID)
	must(err)
	must(h.Jobs.PublishNow(ctx))
	for _, address := range []string{"asking@firm.example", "asked@firm.example"} {
		must(r.AskQuestion(ctx, registrar.NewQuestion{Badge: badges[0].ID, Name: "Kim Reader", Email: address, Words: "Was this done alone, or with others?", Language: "en-GB"}))
	}
	asked := h.mailed("asked@firm.example", "/asked/")
	_, err = r.ConfirmQuestion(ctx, asked)
	must(err)
	id := h.line.Badge[strings.LastIndex(h.line.Badge, "/")+1:]
	return strings.NewReplacer("{badge}", id, "{brief}", string(start.Brief.ID), "{cohort}", start.Cohort.ID, "{revoked}", string(lost[0].ID), "{shared}", string(badges[0].ID), "{share}", share, "{achievement}", string(badges[0].Achievement.ID),
		"{issuer}", string(us.ID), "{story}", string(told.ID), "{join}", join, "{invitation}", h.mailed("new.maker@makers.example.org", "/invitation?t="),
		"{claim}", h.mailed("head@makers.example.org", "/impact/"), "{stop}", h.mailed(sampleLead, "/mail/stop?t="), "{address}", h.mailed("amina@elsewhere.example", "/account/address?t="),
		"{capstone}", h.line.Capstone, "{returned}", string(back.ID), "{approved}", string(approved.ID), "{scoped}", string(scoped.ID), "{review}", string(approved.Submissions[0].Reviews[0].ID),
		"{note}", string(mine.ToGive[0].ID), "{completion}", string(mine.Modules[0].Completion), "{round}", string(rounds.Items[0].ID), "{date}", string(dates.Past[0].ID),
		"{concern}", string(concern.ID), "{asking}", h.mailed("asking@firm.example", "/asked/"), "{asked}", asked, "{person}", string(learner.Person), "{other}", string(returned.Person))
}
