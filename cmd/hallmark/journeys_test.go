package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store/storetest"
)

// journey is a house with a browser in it. What runs in the background elsewhere
// is done when the way leads past it, so that no page changes under the hand.
type journey struct {
	*house
	b *browser
}

// TestJourneys goes the way of each person through the pages, in a browser, on
// both databases.
func TestJourneys(t *testing.T) {
	b := openBrowser(t)
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t, database(t), 0)
			for _, way := range []struct {
				who string
				go_ func(*journey)
			}{{"learner", (*journey).learner}, {"mentor", (*journey).mentor}, {"manager", (*journey).manager}, {"owner", (*journey).owner}, {"sponsor and admin", (*journey).sponsorAndAdmin}} {
				t.Run(way.who, func(t *testing.T) { way.go_(&journey{h.in(t), b}) })
			}
		})
	}
	for _, f := range b.told() {
		if !strings.Contains(f, "status of 4") { // the browser itself notes a refusal
			t.Error(f)
		}
	}
}

// reads holds what a visitor reads to some words.
func (v *visitor) reads(selector string, words ...string) {
	v.t.Helper()
	text := v.text(selector)
	for _, w := range words {
		if !strings.Contains(text, w) {
			v.t.Errorf("%s does not read %q in:\n%s", v.name, w, text)
		}
	}
}

// upload puts a file into a form.
func (v *visitor) upload(selector, name, text string) {
	v.t.Helper()
	file := filepath.Join(v.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// A learner joins by a link, says yes to their name, completes a module
// elsewhere, finds the badge, shares it, shows a page of their own, takes the
// badge down and takes everything along.
func (j *journey) learner() {
	const address = "nele.winter@makers.example.org"
	secret, err := j.Registrar.AddJoinLink(j.t.Context(), j.as(sampleAdmin), sampleCohort, 5, 7)
	if err != nil {
		j.t.Fatal(err)
	}
	v, stranger := j.guest(j.b, "learner", ""), j.guest(j.b, "stranger", "")
	v.open("/join?t="+secret, "join")
	v.fill("#name", "Nele Winter")
	v.fill("#email", address)
	v.act("join", "signin-sent")
	v.open("/signin/link?t="+j.mailed(address, "/signin/link?t="), "signin-link")
	v.act("enter", "join")
	v.act("join", "home")
	v.press("consent-yes")
	v.see(`[data-notice="consent-yes"]`)

	if status, body := call(j.t, "POST", j.line.URL+"/api/v1/completions", j.line.Tokens["api"], `{"person":{"email":"`+address+`"},"module":"F1","score":{"value":91,"unit":"percent"}}`); status != http.StatusCreated {
		j.t.Fatalf("completion: %d %s", status, body)
	}
	if err := j.Jobs.PublishNow(j.t.Context()); err != nil {
		j.t.Fatal(err)
	}
	v.open("/badges", "badges")
	v.see("[data-badge]")
	id := get(v, chromedp.AttributeValue(chromedp.CSS("[data-badge]"), "data-badge")).Value
	v.open("/badges/"+id, "mybadge")
	v.fill("#label", "Application")
	v.fill("#days", "30")
	v.press("add-link")
	v.see("#made")
	stranger.open(get(v, chromedp.Value(chromedp.CSS("#made"))), "shared")
	stranger.reads("main", "Process Seer", "Nele Winter")

	v.open("/badges/"+id, "mybadge")
	v.click(`[name="visibility"][value="public"]`)
	v.press("set-visibility")
	v.see(`[data-notice="visibility"]`)
	v.open("/portfolio", "myportfolio")
	v.fill("#handle", "nele-makes")
	v.run(`for (const name of ["named", "shown"]) { document.querySelector('[name="' + name + '"]').checked = true }`)
	v.press("save-portfolio")
	v.see(`[data-notice="portfolio"]`)
	stranger.open("/p/nele-makes", "portfolio")
	stranger.reads("main", "Nele Winter", "Process Seer")
	stranger.open("/v/"+id, "badge")
	stranger.see(`[data-verdict="verified"]`)

	v.open("/badges/"+id, "mybadge")
	v.click(`[name="visibility"][value="withdrawn"]`)
	v.press("set-visibility")
	v.see(`[data-notice="visibility"]`)
	stranger.open("/v/"+id, "error")
	taken := get(v, chromedp.Evaluate[string](`fetch("/badges/export", {method: "POST", body: new URLSearchParams({all: "yes"})}).then(async r => r.status + " " + r.headers.get("content-type") + " " + (await r.blob()).size)`, chromedp.EvalAwaitPromise))
	var status, size int
	var media string
	if _, err := fmt.Sscan(taken, &status, &media, &size); err != nil || status != http.StatusOK || size < 10_000 {
		j.t.Errorf("what is taken along: %s", taken)
	}
}

// A mentor takes a capstone from the queue, looks at the evidence and returns it
// with a reason; mended it is approved by two, and the second takes it back.
func (j *journey) mentor() {
	ctx, r, fatou := j.t.Context(), j.Registrar, j.as("fatou.diop@makers.example.org")
	c, err := r.StartCapstone(ctx, fatou, "C2", sampleCohort, "Orders into the ledger", nil)
	if err != nil {
		j.t.Fatal(err)
	}
	hand := func(summary string) {
		j.t.Helper()
		draft := registrar.Draft{Title: "Orders into the ledger", Summary: summary, Impact: issuer.Impact{Measure: "hours saved per month", Before: "30", After: "4", Period: "October"}}
		for _, kind := range []string{"link", "runbook", "review-notes"} {
			draft.Evidence = append(draft.Evidence, registrar.NewEvidence{Kind: kind, Name: "The " + kind, URL: "https://makers.example.org/ledger/" + kind})
		}
		if _, err := r.SaveCapstone(ctx, fatou, c.ID, draft); err != nil {
			j.t.Fatal(err)
		}
		if _, err := r.SubmitCapstone(ctx, fatou, c.ID); err != nil {
			j.t.Fatal(err)
		}
	}
	hand("Orders are in the ledger the same minute.")
	sound := `document.querySelectorAll('[data-criterion]').forEach(c => { const choices = c.querySelectorAll('input[type="radio"]'); choices[choices.length - 1].checked = true })`

	mentor := j.guest(j.b, "mentor", sampleMentor)
	mentor.open("/queue", "queue")
	mentor.click(`[data-waiting="` + string(c.ID) + `"] [data-act="claim"]`)
	mentor.see(`[data-notice="claimed"]`)
	mentor.open("/review/"+string(c.ID), "review")
	mentor.reads("main", "Instructions for running it", "The runbook")
	mentor.fill("#note", "Please show the way back when the ledger is closed.")
	mentor.run(`const reason = document.getElementById("reason"); reason.selectedIndex = 1`)
	mentor.press("return")
	mentor.see(`[data-notice="returned"]`)

	hand("Orders are in the ledger the same minute; when it is closed they wait and are told so.")
	mentor.open("/review/"+string(c.ID), "review")
	mentor.run(sound)
	mentor.press("approve")
	mentor.see(`[data-notice="approved-more"]`)
	lead := j.guest(j.b, "lead", sampleLead)
	lead.open("/review/"+string(c.ID), "review")
	lead.run(sound)
	lead.press("approve")
	lead.see(`[data-notice="approved"]`)
	learner := j.guest(j.b, "fatou", "fatou.diop@makers.example.org")
	learner.open("/capstones/"+string(c.ID), "capstone")
	learner.see(`[data-capstone-state="approved"] , [data-badge]`)

	lead.open("/queue", "queue")
	lead.click(`a[href*="` + string(c.ID) + `/take-back"]`)
	lead.on("takeback")
	lead.press("take-back")
	lead.see(`[data-notice="taken-back"]`)
	learner.open("/capstones/"+string(c.ID), "capstone")
	learner.see(`[data-capstone-state="submitted"]`)
}

// A manager follows the code on a badge, then checks it by its file and its link,
// and meets one that was changed.
func (j *journey) manager() {
	v := j.guest(j.b, "manager", "")
	v.open(qrLink(j.t, j.line.Badge), "badge")
	v.see(`[data-verdict="verified"]`)
	v.reads("main", "Genuine and current.", "Amina Okafor")

	_, signed := call(j.t, "GET", j.line.Badge+".json", "", "")
	v.open("/verify", "verify")
	v.upload("#file", "badge.json", string(signed))
	v.press("check")
	v.see(`[data-verdict="verified"]`)
	v.open("/verify", "verify")
	v.fill("#link", j.line.Badge)
	v.press("check")
	v.see(`[data-verdict="verified"]`)
	v.open("/verify", "verify")
	v.upload("#file", "forged.json", strings.Replace(string(signed), "Amina Okafor", "Anyone Else", 1))
	v.press("check")
	v.see(`[data-verdict="refused"]`)
	v.reads("main", "Not genuine: it was changed")
}

// An owner brings a program up to date by its file, sets up a cohort, brings in
// its people and what they completed, mends what was wrong, and reads the report.
func (j *journey) owner() {
	text, err := (&story{}).sample("program.yaml")
	if err != nil {
		j.t.Fatal(err)
	}
	v := j.guest(j.b, "owner", sampleAdmin)
	v.open("/programs/"+sampleProgram+"/edit", "editprogram")
	v.upload("#file", "program.yaml", strings.Replace(string(text), "Talking to systems of record", "Talking to other systems", 1))
	v.act("read-file", "programpreview")
	v.see(`[data-change="modules"][data-code="I1"]`)
	v.press("save")
	v.see(`[data-notice="changed"]`)

	v.open("/programs/"+sampleProgram+"/edit/cohorts", "editpart")
	today := issuer.DayOf(time.Now(), time.UTC)
	for field, value := range map[string]string{"code": "harbour-3", "name": "Harbour cohort three", "starts": string(today), "ends": string(today.AddMonths(3)), "timeZone": "Europe/Oslo"} {
		v.fill(`[name="`+field+`"]`, value)
	}
	v.act("preview", "programpreview")
	v.press("save")
	v.see(`[data-notice="changed"]`)

	v.open("/cohorts/harbour-3", "cohort")
	v.upload("#file", "roster.csv", "email,name,department\nlena.berg@makers.example.org,Lena Berg,Sales\nomar.said@makers.example.org,Omar Said,Legal\n")
	v.press("read-roster")
	v.press("save-roster")
	v.see("[data-notice]")
	v.reads("main", "Lena Berg", "Omar Said")

	grades := "Email address,Course,Completed on,Grade\nlena.berg@makers.example.org,F1," + string(today) + ",93 %\nomar.said@makers.example.org,NONE," + string(today) + ",88 %\n"
	v.open("/cohorts/harbour-3/completions", "completions")
	v.upload("#file", "grades.csv", grades)
	v.act("read-completions", "completionsfile")
	v.see("[data-refused]")
	v.open("/cohorts/harbour-3/completions", "completions")
	v.upload("#file", "grades.csv", strings.Replace(grades, "NONE", "F2", 1))
	v.act("read-completions", "completionsfile")
	v.see(`[data-credentials="2"]`)
	v.press("save-completions")
	v.see(`[data-notice="completions"]`)
	v.open("/reports?program="+sampleProgram, "reports")
	v.reads("main", "Harbour cohort three")
}

// A sponsor reads the report, and finds nobody's name; an admin takes a badge
// back, corrects a name that someone asked for, and invites a mentor.
func (j *journey) sponsorAndAdmin() {
	sponsor := j.guest(j.b, "sponsor", sampleSponsor)
	sponsor.open("/home", "home")
	sponsor.open("/reports", "reports")
	sponsor.reads("main", "Citizen Developer Program")
	if page := sponsor.text("main"); strings.Contains(page, "Amina") {
		j.t.Errorf("the report names a learner:\n%s", page)
	}
	asked, err := j.Registrar.AskName(j.t.Context(), j.as(sampleTeamTwo), "Priya Nair-Menon", "I married.")
	if err != nil {
		j.t.Fatal(err)
	}
	admin, stranger := j.guest(j.b, "admin", sampleAdmin), j.guest(j.b, "stranger", "")
	admin.open("/requests", "requests")
	admin.fill("#answer-"+string(asked.ID), "Congratulations.")
	admin.click(`form[action$="/requests/names/` + string(asked.ID) + `"] [data-act="correct-name"]`)
	admin.see("[data-notice]")
	if person, err := j.Registrar.Person(j.t.Context(), system, j.person(sampleTeamTwo)); err != nil || person.Name != "Priya Nair-Menon" {
		j.t.Errorf("the name is %+v, %v", person, err)
	}

	id := j.line.Badge[strings.LastIndex(j.line.Badge, "/")+1:]
	admin.open("/badges/"+id, "mybadge")
	admin.run(unfold)
	admin.fill(`[data-form="revoke"] [name="code"]`, "issued-in-error")
	admin.fill(`[data-form="revoke"] [name="reason"]`, "The completion was of someone else.")
	admin.press("revoke")
	admin.see(`[data-notice="revoked"]`)
	stranger.open(j.line.Badge, "badge")
	stranger.see(`[data-verdict="refused"]`)
	stranger.reads("main", "The completion was of someone else.")

	const invited = "new.mentor@makers.example.org"
	admin.open("/invitations", "invitations")
	admin.fill("#name", "Nora Lind")
	admin.fill("#email", invited)
	admin.fill("#role", "community")
	admin.fill("#where", "cohort:"+sampleCohort)
	admin.press("invite")
	admin.see(`[data-notice="invited"]`)
	stranger.open("/invitation?t="+j.mailed(invited, "/invitation?t="), "invitation")
	stranger.act("accept", "home")
	stranger.open("/queue", "queue")
}
