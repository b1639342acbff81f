package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"hallmark/verifier/verifiertest"
)

// axeScript is axe-core as it is run in a page.
func axeScript(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(verifiertest.NPM(t, "axe-core"), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// axe gives what axe-core finds wrong with the page by WCAG 2.2 A and AA and its
// own advice.
func (v *visitor) axe(script string) string {
	v.t.Helper()
	const tags = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	if !get(v, chromedp.Evaluate[bool](`"axe" in window`)) {
		v.run(script)
	}
	return get(v, chromedp.Evaluate[string](`axe.run(document, {runOnly: `+tags+`, resultTypes: ["violations"]}).then(r =>
		r.violations.map(w => w.id + ": " + w.nodes.map(n => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? "")).join(" | ")).join("\n"))`,
		chromedp.EvalAwaitPromise))
}

// scheme has the visitor's browser show the light or the dark edition.
func (v *visitor) scheme(name string) {
	v.t.Helper()
	v.media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// fits holds the page to a width: it does not scroll sideways.
func (v *visitor) fits(name string, widths ...int64) {
	v.t.Helper()
	for _, width := range widths {
		v.do(chromedp.EmulateViewport(width, 844))
		if wide := get(v, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
			v.t.Errorf("%s scrolls sideways at %d px: it is %d wide, by %s", name, width, wide, get(v, chromedp.Evaluate[string](widest)))
		}
	}
}

// widest names what sticks out of the page.
const widest = `[...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1) }).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")`

// photograph leaves pictures of the whole page where HALLMARK_SCREENSHOTS says.
func (v *visitor) photograph(name string, schemes ...string) {
	v.t.Helper()
	shots := os.Getenv("HALLMARK_SCREENSHOTS")
	if shots == "" {
		return
	}
	for _, scheme := range schemes {
		v.scheme(scheme)
		for _, width := range []int64{390, 1280} {
			v.do(chromedp.EmulateViewport(width, 844))
			v.shoot(filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
		}
	}
	v.scheme("light")
}

// photographAs leaves a picture of the page as it stands, likewise.
func (v *visitor) photographAs(name string) {
	v.t.Helper()
	if shots := os.Getenv("HALLMARK_SCREENSHOTS"); shots != "" {
		v.shoot(filepath.Join(shots, name+".png"))
	}
}

// unfold opens what can be opened, so that all of a page is looked at.
const unfold = `document.querySelectorAll("details").forEach(d => d.open = true)`

// inForms lists the forms of the page with what can be filled in and sent, as it
// is shown.
const inForms = `[...document.querySelectorAll("main form")].filter(f => f.checkVisibility()).map(f => f.getAttribute("action") + "?" +
	[...f.elements].filter(e => e.name && e.checkVisibility()).map(e => e.name).join("&") +
	([...f.elements].some(e => e.type === "submit" && e.checkVisibility()) ? " sent" : ""))`

// byKeyboard goes through the page with the Tab key alone. All that can be used
// has its turn, the link past the head first; each shows that it has the focus,
// and lies in sight then (WCAG 2.2 §2.1.1, 2.1.2, 2.4.1, 2.4.7, 2.4.11).
func (v *visitor) byKeyboard(name string) {
	v.t.Helper()
	v.run(noteFocus)
	most := get(v, chromedp.Evaluate[int](`walk.all.length + 6 * document.querySelectorAll("input[type=date], input[type=datetime-local], input[type=time]").length + 8`))
	for n := 0; n < most; n += 10 {
		for range 10 {
			v.do(chromedp.KeyEvent("\t"))
		}
		if get(v, chromedp.Evaluate[bool](`walk.left().length === 0`)) {
			break
		}
	}
	faults := get(v, chromedp.Evaluate[[]string](`walk.told()`))
	for _, f := range slices.Compact(faults) {
		v.t.Errorf("%s by keyboard: %s", name, f)
	}
}

// noteFocus watches where the focus goes. What has it is looked at as the next
// key goes down: the page has come to rest then.
const noteFocus = `
	const one = (e) => e.outerHTML.slice(0, 120).replace(/\s+/g, " ");
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")].filter(e =>
		e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }));
	const seen = [], faults = [];
	const mate = (e) => e.type === "radio" && seen.some(s => s.type === "radio" && s.name === e.name && s.form === e.form);
	const left = () => all.filter(e => !seen.includes(e) && !mate(e));
	const look = (e) => {
		if (!e || e === document.body || seen.includes(e)) { return; }
		if (seen.length === 0 && !e.matches(".skip") && document.querySelector(".skip")) { faults.push("the first is " + one(e)); }
		seen.push(e);
		const marked = [e, e.closest(".choice")].some(x => x && getComputedStyle(x).outlineStyle !== "none" && parseFloat(getComputedStyle(x).outlineWidth) >= 2);
		if (!marked) { faults.push("no mark of the focus on " + one(e)); }
		const r = e.getClientRects()[0];
		if (!r) { faults.push("out of sight: " + one(e)); return; }
		const [x0, x1, y0, y1] = [Math.max(r.left, 0), Math.min(r.right, innerWidth), Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
		const shown = x0 < x1 && y0 < y1 && [.5, .1, .9].some(f => {
			const at = document.elementFromPoint(x0 + (x1 - x0) * f, y0 + (y1 - y0) * f);
			return at && (e.contains(at) || at.contains(e) && at.closest("label, .choice"));
		});
		if (!shown) { faults.push("out of sight: " + one(e)); }
	};
	document.activeElement.blur();
	document.addEventListener("keydown", () => look(document.activeElement), true);
	window.walk = { all, left, told: () => { look(document.activeElement); return [...faults, ...left().map(e => "not reached: " + one(e))]; } };`

// withoutScript has the visitor's browser run no script of the pages, or again.
func (v *visitor) withoutScript(off bool) {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
		v.t.Fatal(err)
	}
}

// keeps puts a cookie into the visitor's browser.
func (v *visitor) keeps(name, value string) {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: v.url}); err != nil {
		v.t.Fatal(err)
	}
}
