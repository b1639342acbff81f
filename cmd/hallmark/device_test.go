package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"hallmark/templates"
	"hallmark/verifier/did"
	"hallmark/verifier/verifiertest"
)

// needProgram ends a test in a tree where the program for browsers is not
// built.
func needProgram(t *testing.T) {
	t.Helper()
	if !templates.Stocked(templates.Program) {
		verifiertest.Lacks(t, "build templates/static/hallmark.wasm to check on the visitor's own device")
	}
}

// traffic is what a visitor's browser asks for.
type traffic struct {
	mu   sync.Mutex
	seen []string
}

func watch(v *visitor) *traffic {
	v.t.Helper()
	tr := &traffic{}
	err := chromedp.Listen(v.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			tr.mu.Lock()
			defer tr.mu.Unlock()
			tr.seen = append(tr.seen, e.Request.Method+" "+e.Request.URL)
		}
	})
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := chromedp.Call(v.ctx, network.Enable, network.EnableParams{}); err != nil {
		v.t.Fatal(err)
	}
	return tr
}

// since gives what was asked for after the last time.
func (tr *traffic) since() []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	seen := tr.seen
	tr.seen = nil
	return seen
}

// paste puts a badge where its text goes.
func (v *visitor) paste(badge string) {
	v.t.Helper()
	text, err := json.Marshal(badge)
	if err != nil {
		v.t.Fatal(err)
	}
	v.run(`document.querySelectorAll("main details").forEach(d => d.open = true); (text => { text.value = ` + string(text) + `; text.dispatchEvent(new Event("input")); })(document.getElementById("text"))`)
}

// drop lets a file fall on the page.
func (v *visitor) drop(name, media string, file []byte) {
	v.t.Helper()
	v.run(fmt.Sprintf(`(() => {
		const carrier = new DataTransfer();
		carrier.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q, { type: %q }));
		document.querySelector("[data-answer]").replaceChildren();
		document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: carrier, bubbles: true, cancelable: true }));
	})()`, base64.StdEncoding.EncodeToString(file), name, media))
}

// scan reads the code in a picture with another program.
func scan(t *testing.T, picture []byte) string {
	t.Helper()
	if _, err := exec.LookPath("zbarimg"); err != nil {
		verifiertest.Lacks(t, "install zbar-tools to scan codes")
	}
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// answered waits for the answer of a check on the device.
func (v *visitor) answered(verdict string) string {
	v.t.Helper()
	v.see(`[data-answer] [data-verdict="` + verdict + `"] [data-said]`)
	return v.text("[data-answer]")
}

// shown is what an answer says, line by line, as far as the server and the
// device must agree: the server looks at its own records and log besides.
func (v *visitor) shown() []string {
	v.t.Helper()
	return get(v, chromedp.Evaluate[[]string](`(() => {
		const say = (e) => e.textContent.replace(/\s+/g, " ").trim();
		const all = (selector) => [...document.querySelectorAll("[data-answer] " + selector)];
		const checks = all(".section > .checks .check").filter(e => !["status", "trust", "log"].includes(e.dataset.check)).map(say);
		return [document.getElementById("verdict").className, ...all("h2, h3, summary, .facts div, .prose, .bullets li, .lead").map(say), ...checks];
	})()`))
}

func bodyOf(t *testing.T, url string) string {
	t.Helper()
	status, body := call(t, "GET", url, "", "")
	if status != http.StatusOK {
		t.Fatalf("%s: status %d", url, status)
	}
	return string(body)
}

// forged is a badge with one letter of its holder's achievement changed.
func forged(t *testing.T, badge string) string {
	t.Helper()
	at := strings.Index(badge, `"narrative":"`)
	if at < 0 {
		t.Fatal("the badge has no narrative")
	}
	at += len(`"narrative":"`)
	return badge[:at] + "X" + badge[at+1:]
}

// The check in the visitor's own browser: it answers as the server does, loads
// nothing but the program, and asks for a status list on a second click only.
func TestCheckOnTheDevice(t *testing.T) {
	needProgram(t)
	axe := axeScript(t)
	b := openBrowser(t)
	l, _ := demo(t)
	badge := bodyOf(t, l.Badge+".json")
	v := b.visitor(t, "visitor", l.URL)
	v.open("/verify", "verify")
	requests := watch(v)

	v.paste(badge)
	v.press("check-device")
	page := v.answered("undetermined")
	if !strings.Contains(page, "Checked on your device. Nothing was sent.") || !strings.Contains(page, "Genuine, but") {
		t.Errorf("the visitor reads:\n%s", page)
	}
	for _, r := range requests.since() {
		if !strings.HasPrefix(r, "GET "+l.URL+"/static/") || !strings.HasSuffix(r, "/wasm_exec.js") && !strings.HasSuffix(r, "/hallmark.wasm") {
			t.Errorf("the check asked for %s", r)
		}
	}
	const took = `performance.getEntriesByName("hallmark-verdict")[0].duration`
	first := get(v, chromedp.Evaluate[float64](took))
	t.Logf("first verdict after load: %.0f ms", first)
	if first > 3000 {
		t.Errorf("the first verdict took %.0f ms", first)
	}

	v.press("ask-list")
	page = v.answered("verified")
	if !strings.Contains(page, "Genuine and current.") || !strings.Contains(page, "only the list") {
		t.Errorf("the visitor reads:\n%s", page)
	}
	if asked := requests.since(); len(asked) != 1 || !strings.HasPrefix(asked[0], "GET "+l.URL+"/status/") {
		t.Errorf("for the list the browser asked for %q", asked)
	}
	onDevice := v.shown()
	if found := v.axe(axe); found != "" {
		t.Errorf("axe-core, checked on the device:\n%s", found)
	}

	v.paste(forged(t, badge))
	v.press("check-device")
	v.answered("refused")
	v.paste("not a badge")
	v.press("check-device")
	v.see("[data-answer] [data-problem]")
	v.paste("https://badges.example/v/1")
	v.press("check-device")
	v.see("[data-answer] [data-problem]")
	if asked := requests.since(); len(asked) != 0 {
		t.Errorf("later checks asked for %q", asked)
	}

	v.paste(badge)
	v.press("check")
	v.see(`[data-verdict="verified"]`)
	onServer := v.shown()
	// Its picture lies with the server; the device, which fetches nothing, skips it.
	compared := slices.IndexFunc(onServer, func(line string) bool { return strings.HasPrefix(line, "Picture: passed") })
	if compared < 0 {
		t.Fatal("the server did not compare the picture")
	}
	if diff := cmp.Diff(slices.Delete(onServer, compared, compared+1), onDevice); diff != "" {
		t.Errorf("the device shows other than the server (-server +device):\n%s", diff)
	}
	other := newStranger(t, "d")
	for _, language := range []string{"en", "fr", "ar"} {
		v.open("/verify", "verify")
		if language != "en" { // which it is in already
			v.click(`footer [name=lang][value^=` + language + `]`)
			v.see(`footer [name=lang][value^=` + language + `][aria-current]`)
		}
		for verdict, badge := range map[string]string{"verified": string(other.badge()), "refused": strings.Replace(string(other.badge()), "Aino", "Aina", 1),
			"undetermined": strings.Replace(string(other.badge()), "eddsa-rdfc-2022", "eddsa-rdfc-2032", 1)} {
			v.paste(badge)
			v.press("check-device")
			v.answered(verdict)
			onDevice := v.shown()
			if n := get(v, chromedp.Evaluate[int](`document.querySelectorAll("[data-answer] [lang=en]").length`)); n > 0 {
				t.Errorf("%s, %s: %d sentences are in English: %q", language, verdict, n, onDevice)
			}
			v.bring(badge)
			if diff := cmp.Diff(v.shown(), onDevice); diff != "" {
				t.Errorf("of a stranger's badge the device shows other than the server, in %s (-server +device):\n%s", language, diff)
			}
		}
	}
	for _, f := range b.told() {
		t.Error(f)
	}
}

// The saved file checks without any network, and its own policy keeps it from
// asking for anything.
func TestSavedChecker(t *testing.T) {
	needProgram(t)
	axe := axeScript(t)
	b := openBrowser(t)
	l, _ := demo(t)
	badge := bodyOf(t, l.Badge+".json")
	certificate, photo := []byte(bodyOf(t, l.Badge+".pdf")), []byte(bodyOf(t, l.Badge+"/slip.png"))
	code := scan(t, photo)
	page := bodyOf(t, l.URL+"/verify/offline")
	t.Logf("the saved file is %.2f MB", float64(len(page))/1e6)
	file := filepath.Join(t.TempDir(), "hallmark-verify.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}

	v := b.visitor(t, "traveller", "")
	requests := watch(v)
	offline := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Offline: true}}}
	if _, err := chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, offline); err != nil {
		t.Fatal(err)
	}
	v.open("file://"+file, "offline")
	for _, test := range []struct{ name, badge, verdict, says string }{
		{"own", badge, "undetermined", "Genuine, but"},
		{"forged", forged(t, badge), "refused", "Not genuine"},
	} {
		v.paste(test.badge)
		v.press("check-device")
		if says := v.answered(test.verdict); !strings.Contains(says, test.says) || !strings.Contains(says, "Nothing was sent.") {
			t.Errorf("%s: the traveller reads:\n%s", test.name, says)
		}
		v.run(`document.querySelector("[data-answer]").replaceChildren()`)
	}
	for _, r := range requests.since() {
		if !strings.HasPrefix(r, "GET file://") && !strings.HasPrefix(r, "GET data:") {
			t.Errorf("the saved file asked for %s", r)
		}
	}
	// The certificate brings its status along; dropped anywhere it is checked.
	v.drop("certificate.pdf", "application/pdf", certificate)
	if says := v.answered("verified"); !strings.Contains(says, "Genuine; status as of") || !strings.Contains(says, "Nobody was asked just now") || strings.Contains(says, "Genuine and current") {
		t.Errorf("of the certificate the traveller reads:\n%s", says)
	}
	if found := v.axe(axe); found != "" {
		t.Errorf("axe-core, the saved file:\n%s", found)
	}
	v.fits("saved-stapled", 320, 390, 1280)
	v.photograph("saved-stapled", "light")

	// So does the code on it: by its link, by itself, and in a photo.
	_, slip, _ := strings.Cut(code, "#")
	for name, scanned := range map[string]string{"link": code, "code": slip, "in lower case": strings.ToLower(code)} {
		v.paste(scanned)
		v.press("check-device")
		says := v.answered("verified as printed")
		if !strings.Contains(says, "which is good until") || !strings.Contains(says, "not the badge itself") || strings.Contains(says, "Open Badge") {
			t.Errorf("%s: the traveller reads:\n%s", name, says)
		}
		v.run(`document.querySelector("[data-answer]").replaceChildren()`)
	}
	v.drop("photo.png", "image/png", photo)
	v.answered("verified as printed")
	if found := v.axe(axe); found != "" {
		t.Errorf("axe-core, a code in the saved file:\n%s", found)
	}
	v.fits("saved-slip", 320, 390, 1280)
	v.photograph("saved-slip", "light")
	v.run(`document.querySelector("[data-answer]").replaceChildren()`)
	wrong := slip[:60] + map[bool]string{true: "B", false: "A"}[slip[60] == 'A'] + slip[61:]
	v.paste(wrong)
	v.press("check-device")
	v.see(`[data-answer] [data-problem], [data-answer] [data-verdict="refused"]`)
	v.paste(strings.Replace(code, "/V/", "/V/A", 1))
	v.press("check-device")
	v.see("[data-answer] [data-problem]")
	for _, r := range requests.since() {
		if !strings.HasPrefix(r, "GET data:") && !strings.HasPrefix(r, "GET blob:") {
			t.Errorf("for a certificate or a code the saved file asked for %s", r)
		}
	}
	if told := b.told(); len(told) > 0 {
		t.Errorf("the browser complains: %q", told)
	}

	// What it may not do is refused by its own policy, not by good will.
	refused := get(v, chromedp.Evaluate[bool](fmt.Sprintf(`fetch(%q).then(() => false, () => true)`, l.URL+"/healthz"), chromedp.EvalAwaitPromise))
	if !refused || !slices.ContainsFunc(b.told(), func(s string) bool { return strings.Contains(s, "Content Security Policy") }) {
		t.Errorf("a connection is not refused by the policy: %q", b.told())
	}
}

// An installation hands its own keys in with the page: its document by its
// identifier, and its keys by every address where tokens look for them.
func TestOwnIsHandedIn(t *testing.T) {
	needProgram(t)
	addr := freeAddr(t)
	base := "https://badges.example.org/academy"
	begin(t, "serve", "--data", t.TempDir(), "--addr", addr, "--base-url", base)
	page := bodyOf(t, "http://"+addr+"/academy/verify")
	_, rest, _ := strings.Cut(page, "<b data-known>")
	text, _, _ := strings.Cut(rest, "</b>")
	var own struct {
		IDs                []string
		Documents, KeySets map[string]string
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &own); err != nil {
		t.Fatalf("%v in %.300q", err, text)
	}
	const id = "did:web:badges.example.org:academy"
	if diff := cmp.Diff([]string{id}, own.IDs); diff != "" {
		t.Error(diff)
	}
	doc, err := did.ParseDocument(id, []byte(own.Documents[id]))
	if err != nil || len(doc.Methods) == 0 {
		t.Errorf("document: %v, %+v", err, doc)
	}
	set, err := did.ParseKeySet([]byte(own.KeySets[base+"/.well-known/jwks.json"]))
	if err != nil || len(set.Keys) == 0 {
		t.Fatalf("key set: %v, %+v", err, set)
	}
	for _, k := range set.Keys {
		if one, err := did.ParseKeySet([]byte(own.KeySets[base+"/keys/"+k.ID])); err != nil || !one.Bare {
			t.Errorf("key %s: %v", k.ID, err)
		}
	}
}
