package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hallmark/verifier/verifiertest"
)

// providerOf starts the provider of OpenID Connect of another vendor and gives its
// address.
func providerOf(t *testing.T, redirect string) string {
	t.Helper()
	npm := verifiertest.NPM(t, "oidc-provider")
	c := exec.Command("node", filepath.Join(npm, "provider.mjs"), "hallmark", "a secret of this test", redirect)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = c.Wait() })
	for r := bufio.NewScanner(out); r.Scan(); {
		if strings.HasPrefix(r.Text(), "http://") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return r.Text()
		}
	}
	t.Fatal("the provider said no address")
	return ""
}

// traveller is a browser without script that follows every redirect.
type traveller struct {
	t *testing.T
	*http.Client
}

func newTraveller(t *testing.T) *traveller {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &traveller{t, &http.Client{Jar: jar}}
}

// visit makes a request and gives where it led, the status and the page.
func (v *traveller) visit(method, address string, form url.Values) (at *url.URL, status int, page string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.Request.URL, res.StatusCode, string(body)
}

var (
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	formPrompt = regexp.MustCompile(`name="prompt" value="([a-z]+)"`)
)

// signIn goes from our page to the provider, says there who it is and lets it tell
// us, and gives the page that it comes back to.
func (v *traveller) signIn(base, login string) (at *url.URL, status int, page string) {
	v.t.Helper()
	at, status, page = v.visit("GET", base+"/signin/oidc/work?next=/badges", nil)
	for range 4 {
		action, prompt := formAction.FindStringSubmatch(page), formPrompt.FindStringSubmatch(page)
		if strings.HasPrefix(at.String(), base) || action == nil || prompt == nil {
			return at, status, page
		}
		next, err := at.Parse(html.UnescapeString(action[1]))
		if err != nil {
			v.t.Fatal(err)
		}
		form := url.Values{"prompt": {prompt[1]}}
		if prompt[1] == "login" {
			form.Set("login", login)
			form.Set("password", "any")
		}
		at, status, page = v.visit("POST", next.String(), form)
	}
	return at, status, page
}

// TestSignInElsewhere signs in by way of a provider of another vendor: who is known
// and who may join get in, others are told how, and the mailed link stays.
func TestSignInElsewhere(t *testing.T) {
	addr := freeAddr(t)
	base := "http://" + addr
	provider := providerOf(t, base+"/signin/oidc/callback")
	dir := t.TempDir()
	secret, config, data := filepath.Join(dir, "secret"), filepath.Join(dir, "hallmark.yaml"), filepath.Join(dir, "data")
	if err := os.WriteFile(secret, []byte("a secret of this test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("base_url: %s\naddr: %s\noidc:\n  - name: work\n    label: Work account\n    issuer: %s\n    client_id: hallmark\n    client_secret_file: %s\n    domains: [open.example]\n", base, addr, provider, secret)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	begin(t, "serve", "--config", config, "--data", data)
	must(t, "admin", "add", "root@work.example", "--name", "Root", "--config", config, "--data", data)

	_, _, page := newTraveller(t).visit("GET", base+"/signin", nil)
	if !strings.Contains(page, "Go on with <bdi>Work account</bdi>") || !strings.Contains(page, `name="email"`) {
		t.Errorf("the sign-in page:\n%s", page)
	}
	tests := []struct {
		login  string
		status int
		path   string
		says   string
	}{
		{"root@work.example", 200, "/badges", `data-act="to-account">Root</a>`},
		{"root@work.example", 200, "/badges", `data-act="to-account">Root</a>`}, // by the subject now
		{"new@open.example", 200, "/badges", `data-act="to-account">Known as new</a>`},
		{"stranger@work.example", 403, "/signin/oidc/callback", "Nobody here has the address"},
		{"unconfirmed@open.example", 403, "/signin/oidc/callback", "no confirmed e-mail address"},
	}
	for _, test := range tests {
		v := newTraveller(t)
		at, status, page := v.signIn(base, test.login)
		if !strings.HasPrefix(at.String(), base+test.path) || status != test.status || !strings.Contains(page, test.says) {
			t.Errorf("%s: %d at %s\n%.3000s", test.login, status, at, page)
			continue
		}
		if status != 200 {
			if !strings.Contains(page, `name="email"`) {
				t.Errorf("%s: no other way in is shown", test.login)
			}
			continue
		}
		v.visit("POST", base+"/signout", url.Values{"x": {""}})
		if at, _, _ := v.visit("GET", base+"/home", nil); at.Path != "/signin" {
			t.Errorf("%s: signed out and at %s", test.login, at)
		}
	}
}
