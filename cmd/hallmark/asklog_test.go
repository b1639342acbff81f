package main

import (
	"encoding/json"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// The key that signed a badge is given up later. On the device of a visitor its badge
// is neither good nor bad then, until they let the page ask the public log: what was
// logged before is good, with a word about it.
func TestPublicLogIsAsked(t *testing.T) {
	needProgram(t)
	const base = "https://badges.example.org"
	e, addr := endIn(t, base), freeAddr(t)
	begin(t, "serve", "--config", e.config, "--addr", addr)
	badge := "http://" + addr + "/v/" + string(e.public.ID)
	waitFor(t, "its place in the log", func() bool { status, _ := call(t, "GET", badge+"/proof", "", ""); return status == 200 })
	text := bodyOf(t, badge+".json")

	b := openBrowser(t, below(t, addr, "badges.example.org")...)
	v := b.visitor(t, "skeptic", base)
	v.open(base+"/verify", "verify")
	v.paste(text)
	v.press("check-device")
	v.answered("undetermined") // whether it was revoked is not known here
	if get(v, chromedp.Evaluate[bool](`!!document.querySelector("[data-act=ask-proof]")`)) {
		t.Error("the log is asked about a key that is good")
	}

	var given issuer.Key
	out, _ := e.hallmark(t.Context(), "keys", "compromise", e.signer(t), "--json")
	_, answer, _ := strings.Cut(out, "\n") // after what is said of the key in its place
	if err := json.Unmarshal([]byte(answer), &given); err != nil || given.State != issuer.KeyCompromised {
		t.Fatalf("given up: %s %v", out, err)
	}
	waitFor(t, "a document without the key", func() bool { return strings.Contains(bodyOf(t, "http://"+addr+"/.well-known/did.json"), `"revoked"`) })
	v.open(base+"/verify", "verify")
	requests := watch(v)
	v.paste(text)
	v.press("check-device")
	if says := v.answered("undetermined"); !strings.Contains(says, "gave up the key") {
		t.Errorf("of a key that was given up the skeptic reads:\n%s", says)
	}
	for _, r := range requests.since() {
		if strings.Contains(r, string(e.public.ID)) {
			t.Errorf("before it was asked to, the page asked for %s", r)
		}
	}
	v.press("ask-proof")
	v.see(`[data-act="ask-list"]`)
	v.press("ask-list")
	if says := v.answered("verified"); !strings.Contains(says, "gave up") {
		t.Errorf("with its place in the log the skeptic reads:\n%s", says)
	}

	// It was in other hands before that, as turns out: the log saves nothing then.
	since := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	if out, code := e.hallmark(t.Context(), "keys", "compromise", string(given.ID), "--since", since); code != exitDone {
		t.Fatal(out)
	}
	waitFor(t, "a document that says so", func() bool { return strings.Contains(bodyOf(t, "http://"+addr+"/.well-known/did.json"), since) })
	v.open(base+"/verify", "verify")
	v.paste(text)
	v.press("check-device")
	v.answered("undetermined")
	v.press("ask-proof")
	v.answered("refused")
	for _, f := range b.told() {
		t.Error(f)
	}
}

// signer names the key that signs badges.
func (e *ended) signer(t *testing.T) string {
	t.Helper()
	var all struct{ Keys []*registrar.KeyView }
	out, _ := e.hallmark(t.Context(), "keys", "list", "--json")
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, k := range all.Keys {
		if k.Purpose == "credential" && k.State == issuer.KeyActive && k.Algorithm == "Ed25519" {
			return string(k.ID)
		}
	}
	t.Fatalf("no key signs badges: %s", out)
	return ""
}

// below lets a browser find a host at a server on this machine, over TLS as it
// would be outside.
func below(t *testing.T, addr, host string) []chromedp.ExecAllocatorOption {
	t.Helper()
	front := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: addr})
		r.Out.Host = r.In.Host
	}})
	t.Cleanup(front.Close)
	return []chromedp.ExecAllocatorOption{chromedp.Flag("ignore-certificate-errors", true),
		chromedp.Flag("host-resolver-rules", "MAP "+host+" "+strings.TrimPrefix(front.URL, "https://")), chromedp.WSURLReadTimeout(time.Minute)}
}
