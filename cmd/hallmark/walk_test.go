package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The whole way, as people walk it: a learner hands a capstone in, a mentor
// returns it, the learner mends it, the lead approves, the badge is there, a
// stranger checks it by its QR code, an admin revokes it, the stranger sees
// it refused.
func TestWalk(t *testing.T) {
	b := openBrowser(t)
	l, _ := demo(t)

	learner := b.visitor(t, "learner", l.URL)
	learner.signIn("fatou.diop@makers.example.org")
	learner.open("/home", "home")
	learner.do(chromedp.Click(chromedp.CSS(`[data-act="start"][data-brief="C1"]`)))
	learner.on("capstone-new")
	learner.act("create-capstone", "capstone")
	at := get(learner, chromedp.Location())
	capstone := at[strings.LastIndex(at, "/capstones/")+len("/capstones/"):]
	capstone, _, _ = strings.Cut(capstone, "?")
	learner.fill("#title", "Quotes without copying")
	learner.fill("#summary", "Sales quotes fill themselves from the price list; 30 a week go out without an error.")
	learner.run(`document.querySelectorAll('[name="evidence_url"]').forEach((f, i) => f.value = "https://makers.example.org/e/" + i)`)
	learner.act("submit", "capstone")
	learner.see(`[data-capstone-state="submitted"]`)

	mentor := b.visitor(t, "mentor", l.URL)
	mentor.signIn("ingrid.solberg@makers.example.org")
	mentor.open("/queue", "queue")
	mentor.see(`[data-waiting="` + capstone + `"]`)
	mentor.open("/review/"+capstone, "review")
	mentor.fill(`[name="note"]`, "Please show who may change the price list.")
	mentor.press("return")
	mentor.see(`[data-notice]`)

	// Her page, left open, shows by itself what became of it.
	learner.see(`[data-capstone-state="returned"]`)
	if page := learner.text("main"); !strings.Contains(page, "who may change the price list") {
		t.Errorf("the learner does not see what to change:\n%s", page)
	}
	learner.fill("#summary", "Sales quotes fill themselves from the price list, which only its owner may change.")
	learner.act("submit", "capstone")
	learner.see(`[data-capstone-state="submitted"]`)

	lead := b.visitor(t, "lead", l.URL)
	lead.signIn("ruth.bauer@makers.example.org")
	lead.open("/review/"+capstone, "review")
	lead.run(`document.querySelectorAll('[data-criterion]').forEach(c => {
		const choices = c.querySelectorAll('input[type="radio"]'); choices[choices.length - 1].checked = true;
	})`)
	lead.press("approve")
	lead.see(`[data-notice]`)

	learner.see(`[data-capstone-state="approved"]`)
	learner.see(`[data-badge]`)
	id := get(learner, chromedp.AttributeValue(chromedp.CSS(`[data-badge]`), "data-badge")).Value
	learner.open("/badges/"+id, "mybadge")
	badge := l.URL + "/v/" + id

	visitor := b.visitor(t, "visitor", l.URL)
	link := qrLink(t, badge)
	if strings.ToUpper(badge) != link {
		t.Errorf("the QR code says %s", link)
	}
	visitor.open(link, "badge")
	visitor.see(`[data-verdict="verified"]`)
	if page := visitor.text("main"); !strings.Contains(page, "Fatou Diop") || !strings.Contains(page, "Genuine") {
		t.Errorf("the visitor reads:\n%s", page)
	}

	admin := b.visitor(t, "admin", l.URL)
	admin.signIn("admin@makers.example.org")
	admin.open("/badges/"+id, "mybadge")
	admin.run(`document.querySelectorAll('details').forEach(d => d.open = true)`)
	admin.fill(`[data-form="revoke"] [name="code"]`, "issued-in-error")
	admin.fill(`[data-form="revoke"] [name="reason"]`, "The wrong capstone was approved.")
	admin.press("revoke")
	admin.see(`[data-state="revoked"]`)

	visitor.open(link, "badge")
	visitor.see(`[data-verdict="refused"]`)
	if page := visitor.text("main"); !strings.Contains(strings.ToLower(page), "revoked") || !strings.Contains(page, "The wrong capstone was approved.") {
		t.Errorf("the visitor reads:\n%s", page)
	}
	for _, f := range b.told() {
		t.Error(f)
	}
}
