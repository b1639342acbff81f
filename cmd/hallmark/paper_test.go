package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// papers are pages that people print, and what must stand on the paper.
var papers = []struct {
	who, path, page string
	says            []string
}{
	{"visitor", "/v/{badge}", "badge", []string{"/v/{badge}", "Code to type"}},
	{"lead", "/cohorts/harbour-1", "cohort", []string{"Hana Nováková"}},
	{"lead", "/cohorts/harbour-1/funnel", "funnel", []string{"Enrolled"}},
	{"lead", "/cohorts/harbour-1/dates/{date}", "touchpoint", []string{"Hana Nováková", "Not noted"}},
	{"sponsor", "/reports?program=citizen-dev", "reports", []string{"Citizen Developer"}},
	{"learner", "/home", "home", nil},
}

// TestPaperAndForcedColours looks at pages as they are printed, where nothing is to
// be pressed, nothing is cut off and what the paper is for stands on it; and in
// colours that the reader's system forces on them, where the focus has a mark, what
// is chosen of a list can be read, and charts stand out from the page.
func TestPaperAndForcedColours(t *testing.T) {
	h := openHouse(t, "", 0)
	things := h.furnish()
	b := openBrowser(t)
	for _, p := range papers {
		v := h.guest(b, p.who, watchers[p.who])
		path := things.Replace(p.path)
		name := p.page + " for " + p.who
		v.do(chromedp.EmulateViewport(760, 1000))
		v.open(path, p.page)

		v.media(emulation.SetEmulatedMediaParams{Media: "print"})
		text := v.text("body")
		for _, s := range p.says {
			if s = things.Replace(s); !strings.Contains(text, s) {
				t.Errorf("%s on paper does not say %q:\n%.400s", name, s, text)
			}
		}
		for _, fault := range get(v, chromedp.Evaluate[[]string](onPaper)) {
			t.Errorf("%s on paper: %s", name, fault)
		}
		v.photographAs(p.page + "-print")

		v.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}})
		for range 3 {
			v.do(chromedp.KeyEvent("\t"))
		}
		for _, fault := range get(v, chromedp.Evaluate[[]string](inForcedColours)) {
			t.Errorf("%s in forced colours: %s", name, fault)
		}
		v.photographAs(p.page + "-forced")
	}
}

// onPaper names what is wrong with a page as it is printed.
const onPaper = `(() => {
	const shown = e => e.checkVisibility({ visibilityProperty: true }), one = e => e.outerHTML.slice(0, 120);
	const faults = [...document.querySelectorAll("button, .button, input:not([type=hidden]), textarea")].filter(shown).map(e => "to be pressed or filled in: " + one(e));
	if (document.documentElement.scrollWidth > innerWidth) { faults.push("wider than the paper"); }
	for (const e of document.querySelectorAll("main .table")) {
		const held = e.getBoundingClientRect(), wide = e.querySelector("table").getBoundingClientRect();
		if (shown(e) && (wide.right > held.right + 1 || wide.left < held.left - 1)) { faults.push("cut off: " + one(e)); }
	}
	for (const e of document.querySelectorAll("main *")) {
		const s = getComputedStyle(e);
		if (shown(e) && e.childElementCount === 0 && e.textContent.trim() && s.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && !e.closest(".hidden-visually")) { faults.push("cut off: " + one(e)); }
	}
	if (getComputedStyle(document.body).color === getComputedStyle(document.documentElement).backgroundColor) { faults.push("written in the colour of the paper"); }
	return faults.slice(0, 5);
})()`

// inForcedColours names what is wrong with a page in forced colours, once the focus
// is on something.
const inForcedColours = `(() => {
	const faults = [], one = e => e.outerHTML.slice(0, 120), style = e => getComputedStyle(e);
	if (!matchMedia("(forced-colors: active)").matches) { return ["they are not forced"]; }
	const at = document.activeElement;
	if (at === document.body || style(at).outlineStyle === "none" || parseFloat(style(at).outlineWidth) < 2) { faults.push("no mark of the focus on " + one(at)); }
	const page = style(document.body).backgroundColor, ink = style(document.body).color;
	if (page === ink) { faults.push("ink of the colour of the page"); }
	for (const e of document.querySelectorAll(".chart-here, .chart-point, .chart text, .bar rect, .meter rect")) {
		if (style(e).fill !== ink) { faults.push("filled with " + style(e).fill + ", not " + ink + ": " + one(e)); }
	}
	for (const e of document.querySelectorAll(".chart-path, .chart-before")) {
		if (style(e).stroke !== ink) { faults.push("drawn with " + style(e).stroke + ", not " + ink + ": " + one(e)); }
	}
	for (const e of document.querySelectorAll("select")) {
		if (style(e).appearance === "none") { faults.push("nothing shows that it opens: " + one(e)); }
	}
	for (const e of document.querySelectorAll(".button, button, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea")) {
		if (e.checkVisibility() && !(parseFloat(style(e).borderTopWidth) >= 1)) { faults.push("no border: " + one(e)); }
	}
	return faults.slice(0, 5);
})()`
