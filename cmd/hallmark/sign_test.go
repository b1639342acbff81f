package main

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// device gives a visitor's browser a passkey device, on which someone puts a
// finger when asked.
func (v *visitor) device() {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return err
	}))
}

// code waits for the newest code in the demo's mailbox, other than one that was
// there before.
func (v *visitor) code(before string) string {
	v.t.Helper()
	digits := regexp.MustCompile(`\b[0-9]{6}\b`)
	for range 100 {
		_, page := call(v.t, "GET", v.url+"/demo/mail", "", "", "Accept", "text/html")
		if _, mail, found := strings.Cut(string(page), "Your code to confirm"); found {
			if code := digits.FindString(mail); code != "" && code != before {
				return code
			}
		}
		sleep(v.t)
	}
	v.t.Fatal("no code came")
	return ""
}

// TestSignWithPasskey: a mentor makes a passkey on http://localhost after a code,
// signs an approval with it in a new session, and other vendors find what they
// signed genuine, on its own and in the badge.
func TestSignWithPasskey(t *testing.T) {
	b := openBrowser(t)
	line, _ := begin(t, "demo", "--json", "--addr", "localhost:0")
	var l demoLine
	if err := json.Unmarshal([]byte(line), &l); err != nil || !strings.HasPrefix(l.URL, "http://localhost:") {
		t.Fatalf("demo printed %q: %v", line, err)
	}
	lead := b.visitor(t, "lead", l.URL)
	lead.device()
	lead.signIn(sampleLead)
	lead.open("/account", "account")
	lead.act("add-passkey", "confirm")
	lead.fits("confirm-code", 320, 390, 1280)
	lead.photograph("sign-confirm-code", "light")
	lead.fill("#code", lead.code(""))
	lead.act("confirm-code", "account")
	lead.fits("account", 320, 390, 1280)
	lead.photograph("sign-account", "light")
	lead.fill("#name", "My phone")
	lead.press("make-passkey")
	lead.see(`[data-notice="passkey-added"]`)
	lead.see(`[data-passkey-id]`)
	lead.act("signout", "front")

	// In again with the passkey alone, which confirms that it is them, too.
	lead.open("/signin?next=/queue", "signin")
	lead.fits("signin", 320, 390, 1280)
	lead.photograph("sign-signin", "light")
	lead.press("enter-passkey")
	lead.on("queue")
	lead.open("/account", "account")
	lead.see(`[data-session]`)
	lead.see(`[data-register]`)
	lead.fill("#email", "lead.private@home.example")
	lead.press("add-address")
	lead.see(`[data-claimed="lead.private@home.example"]`)
	lead.fits("account-ways", 320, 390, 1280)
	lead.photograph("sign-account-ways", "light")
	lead.act("signout", "front")

	lead.open(l.Signin["lead"], "signin-link")
	lead.act("enter", "home")
	lead.open("/review/"+l.Capstone, "review")
	lead.fits("review", 320, 390, 1280)
	lead.photograph("sign-review", "light")
	lead.run(`document.querySelectorAll('[data-criterion]').forEach(c => {
		const choices = c.querySelectorAll('input[type="radio"]'); choices[choices.length - 1].checked = true;
	})`)
	lead.fill(`[name="note"]`, "Clear and in use.")
	lead.act("approve-sign", "confirm")
	lead.fits("confirm", 320, 390, 1280)
	lead.photograph("sign-confirm", "light")
	lead.press("confirm-passkey")
	lead.see(`[data-notice="approved"]`)

	status, capstone := call(t, "GET", l.URL+"/api/v1/capstones/"+l.Capstone, l.Tokens["lead"], "")
	var done struct {
		Credentials []struct{ URL string }
		Submissions []struct{ Reviews []struct{ Signed bool } }
	}
	if err := json.Unmarshal(capstone, &done); err != nil || status != 200 || len(done.Credentials) == 0 || !done.Submissions[0].Reviews[0].Signed {
		t.Fatalf("capstone: %d %v %s", status, err, capstone)
	}
	badge := done.Credentials[0].URL
	visitor := b.visitor(t, "visitor", l.URL)
	visitor.open(badge, "badge")
	visitor.see(`[data-approval="signed"]`)
	visitor.see(`[data-endorsement="verified"]`)
	visitor.fits("badge", 320, 390, 1280)
	visitor.photograph("sign-badge", "light")
	for _, f := range b.told() {
		t.Error(f)
	}
	foundElsewhere(t, badge)
}

// foundElsewhere holds a badge and what stands signed in it to the verifiers of
// other vendors.
func foundElsewhere(t *testing.T, badge string) {
	t.Helper()
	_, doc := call(t, "GET", badge+".json", "", "")
	_, served := call(t, "GET", badge+"/endorsements", "", "")
	var words []json.RawMessage
	if err := json.Unmarshal(served, &words); err != nil || len(words) != 1 || !bytes.Contains(doc, words[0]) {
		t.Fatalf("endorsements: %v %s", err, served)
	}
	forged := bytes.Replace(words[0], []byte("Approved against"), []byte("Approved despite"), 1)
	for _, vendor := range vendors {
		got := ask(t, vendor, lists(t, doc), doc, words[0], forged)
		if !got[0].Proof || !got[1].Proof || got[2].Proof {
			t.Errorf("%s: badge %+v, what was signed %+v, and forged %+v", vendor, got[0], got[1], got[2])
		}
	}
}
