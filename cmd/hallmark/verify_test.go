package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestVerifyExitCodes(t *testing.T) {
	l, _ := demo(t)
	dir := t.TempDir()
	save := func(name, url string) string {
		t.Helper()
		status, body := call(t, "GET", url, "", "")
		if status != 200 {
			t.Fatalf("GET %s: %d", url, status)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	badge := save("badge.json", l.Badge+".json")
	picture := save("badge.png", l.Badge+".png")
	drawing := save("badge.svg", l.Badge+".svg")
	text, err := os.ReadFile(badge)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), l.URL+"/status/")
	list, _, _ := strings.Cut(rest, "#")
	status := save("list.json", l.URL+"/status/"+list)
	certificate, page, stapled := save("badge.pdf", l.Badge+".pdf"), save("badge.html", l.Badge), save("badge.staple", l.Badge+"/staple")
	other := save("other.json", another(t, l)+".json")
	forged := filepath.Join(dir, "forged.json")
	if err := os.WriteFile(forged, []byte(strings.Replace(string(text), "Amina", "Emina", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	garbage := filepath.Join(dir, "garbage")
	if err := os.WriteFile(garbage, []byte("no credential"), 0o600); err != nil {
		t.Fatal(err)
	}
	trust := filepath.Join(dir, "trust")
	if err := os.WriteFile(trust, []byte("somebody-else.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		stdin string
		args  []string
		code  int
		says  string
	}{
		{"link", "", []string{l.Badge}, exitDone, "Issuer not known to us. Genuine"},
		{"link as the QR code holds it", "", []string{strings.Replace(l.Badge, "/v/", "/V/", 1)}, exitDone, "Issuer not known to us. Genuine"},
		{"file with its list", "", []string{badge, "--status", status}, exitDone, "Issuer not known to us. Genuine"},
		{"picture with its list", "", []string{picture, "--status", status}, exitDone, "Issuer not known to us. Genuine"},
		{"drawing with its list", "", []string{drawing, "--status", status}, exitDone, "Issuer not known to us. Genuine"},
		{"file and the link of its list", "", []string{badge, "--status", l.URL + "/status/" + list}, exitDone, "Issuer not known to us. Genuine"},
		{"file alone", "", []string{badge, "--offline"}, exitUndetermined, "Genuine"},
		{"standard input", string(text), []string{"-", "--status", status, "--offline"}, exitDone, "Issuer not known to us. Genuine"},
		{"an issuer that is not trusted", "", []string{badge, "--status", status, "--trust", trust}, exitUndetermined, ""},
		{"forged", "", []string{forged, "--status", status}, exitFailed, "Not genuine"},
		{"the list is another thing", "", []string{badge, "--status", badge}, exitUndetermined, "Genuine"},
		{"no credential", "", []string{garbage}, exitUsage, ""},
		{"no such file", "", []string{filepath.Join(dir, "nothing")}, exitUsage, ""},
		{"a certificate offline", "", []string{certificate, "--offline"}, exitDone, "Issuer not known to us. Genuine; status as of 20"},
		{"a saved page offline", "", []string{page, "--offline"}, exitDone, "Issuer not known to us. Genuine; status as of 20"},
		{"with its status", "", []string{badge, "--offline", "--status", stapled}, exitDone, "Issuer not known to us. Genuine; status as of 20"},
		{"with another's status", "", []string{other, "--offline", "--status", stapled}, exitUndetermined, "Genuine, but whether it is still good"},
		{"a status for a badge", "", []string{stapled, "--offline"}, exitUsage, ""},
		{"a link while offline", "", []string{l.Badge, "--offline"}, exitUsage, ""},
		{"no argument", "", nil, exitUsage, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, errs, code := hallmark(t, tt.stdin, append([]string{"verify"}, tt.args...)...)
			if code != tt.code || !strings.HasPrefix(out, tt.says) {
				t.Errorf("exit %d, want %d\n%s%s", code, tt.code, out, errs)
			}
			jsonOut, _, code := hallmark(t, tt.stdin, append([]string{"verify", "--json"}, tt.args...)...)
			if code != tt.code || tt.says != "" && !strings.HasPrefix(jsonOut, `{"verdict":`) {
				t.Errorf("--json: exit %d\n%s", code, jsonOut)
			}
		})
	}
}

// A link may be given as people type it: without https, in any case.
// TestVerifyInterrupted holds that nobody is kept waiting by a pipe into
// which nothing is written.
// another gives the address of another good badge of the demo.
func another(t *testing.T, l demoLine) string {
	t.Helper()
	status, body := call(t, "GET", l.URL+"/api/v1/credentials", l.Tokens["admin"], "")
	var list struct {
		Items []struct{ URL, State string }
	}
	if err := json.Unmarshal(body, &list); err != nil || status != 200 {
		t.Fatalf("%d %.300s: %v", status, body, err)
	}
	for _, c := range list.Items {
		if c.URL != l.Badge && c.State == "issued" {
			return c.URL
		}
	}
	t.Fatal("there is no other badge")
	return ""
}

func TestVerifyInterrupted(t *testing.T) {
	in, hold := io.Pipe()
	defer hold.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var said strings.Builder
	if code := run(ctx, []string{"verify", "-"}, streams{in, io.Discard, &said}); code != exitUndetermined {
		t.Errorf("exit code %d (%s), want %d", code, said.String(), exitUndetermined)
	}
}

func TestVerifyTypedLink(t *testing.T) {
	l, _ := demo(t)
	for _, link := range []string{l.Badge, strings.TrimPrefix(l.Badge, "http://"), strings.ToUpper(l.Badge), strings.Replace(l.Badge, "http:", "https:", 1)} {
		status, body := call(t, "POST", l.URL+"/api/verify", "", `{"url":"`+link+`"}`)
		if status != 200 || !strings.HasPrefix(string(body), `{"verdict":"verified"`) {
			t.Errorf("%s: %d %.300s", link, status, body)
		}
	}
	for _, link := range []string{"127.0.0.1:1/v/X", "http://localhost/v/X", "ftp://example.org/x", "javascript:alert(1)", "https://", "x y"} {
		if status, body := call(t, "POST", l.URL+"/api/verify", "", `{"url":"`+link+`"}`); status != 422 {
			t.Errorf("%s: %d %.300s", link, status, body)
		}
	}
}

// TestVerifyKindly: what a stranger hands in first, and what they are told. Nothing
// of it may end as "refused".
func TestVerifyKindly(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name, stdin, what string
		says              string
	}{
		{"folder", "", dir, "is a folder"},
		{"empty file", "", put("empty", " \n"), "There is nothing in"},
		{"nothing on standard input", "", "-", "There is nothing in the standard input"},
		{"bytes", "", put("bytes", "\x00\xff\x01\xc0"), "A badge is a PNG"},
		{"UTF-16", "", put("utf16", "\xff\xfe{\x00"), "UTF-16"},
		{"list", "", put("list", `[{"type":"VerifiableCredential"}]`), "one at a time"},
		{"link in a file", "", put("link", "https://badges.example.org/v/ABC\n"), "hallmark verify https://badges.example.org/v/ABC"},
		{"link with a catch", "", put("catch", "https://badges.example.org/$(reboot)"), "There is no credential in"},
		{"other JSON", "", put("other", `{"a":1}`), "Give the badge itself"},
		{"words", "hello", "-", "There is no credential in the standard input"},
		{"link without its beginning", "", "badges.example.org/v/ABC", "write https:// in front"},
		{"no such file", "", filepath.Join(dir, "none"), "no such file"},
		{"too large", "", put("large", strings.Repeat(" ", maxCredential+1)), "larger than 2 MiB"},
		{"picture without a badge", "", put("plain.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`), "carries no credential"},
		{"picture with two", "", put("two.svg", `<svg xmlns:b="https://purl.imsglobal.org/ob/v3p0"><b:credential>{}</b:credential><b:credential>{}</b:credential></svg>`), "carries 2 credentials"},
		{"an address that is no address", "", "https://", "not a link"},
	}
	for _, tt := range tests {
		out, errs, code := hallmark(t, tt.stdin, "verify", tt.what)
		if code != exitUsage || out != "" || !strings.Contains(errs, tt.says) || strings.Count(strings.TrimSpace(errs), "\n") > 0 {
			t.Errorf("%s: exit %d\n%s%s", tt.name, code, out, errs)
		}
	}
}

// TestVerifyOlder: older kinds are recognised from the shell as well; offline,
// nothing can be said about them.
func TestVerifyOlder(t *testing.T) {
	const old = `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://old.example.org/a","recipient":{"type":"email","hashed":false,"identity":"a@example.org"},"badge":"https://old.example.org/b","verification":{"type":"hosted"},"issuedOn":"2020-01-01T00:00:00Z"}`
	out, errs, code := hallmark(t, old, "verify", "-", "--offline", "--refresh")
	if code != exitUndetermined || !strings.HasPrefix(out, "Could not be checked fully (Open Badges 2.0, an older kind of badge): ") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// TestVerifyOlderByLink: the origin that the person typed may be asked, and every
// document of such a badge lies there.
func TestVerifyOlderByLink(t *testing.T) {
	var docs sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
			return
		}
		doc, _ := docs.Load(r.URL.Path)
		fmt.Fprint(w, doc)
	}))
	defer server.Close()
	badge := func(path string) string {
		return fmt.Sprintf(`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"%[1]s%[2]s","recipient":{"type":"email","hashed":false,"identity":"a@example.org"},"badge":"%[1]s/class","verification":{"type":"hosted"},"issuedOn":"2020-01-01T00:00:00Z"}`, server.URL, path)
	}
	docs.Store("/assertion", badge("/assertion"))
	docs.Store("/class", fmt.Sprintf(`{"type":"BadgeClass","id":"%[1]s/class","name":"Robotics","issuer":"%[1]s/issuer"}`, server.URL))
	docs.Store("/issuer", fmt.Sprintf(`{"type":"Issuer","id":"%[1]s/issuer","name":"Old Academy"}`, server.URL))
	out, errs, code := hallmark(t, "", "verify", server.URL+"/assertion")
	if code != exitDone || !strings.HasPrefix(out, "Issuer not known to us. Genuine and current (Open Badges 2.0, an older kind of badge): “Robotics”") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	// From a file, nobody typed that origin.
	if out, errs, code := hallmark(t, badge("/assertion"), "verify", "-"); code != exitUndetermined || !strings.Contains(out, "without https; it was not asked") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	docs.Store("/copy", badge("/gone"))
	if out, errs, code := hallmark(t, "", "verify", server.URL+"/copy"); code != exitFailed || !strings.HasPrefix(out, "Not good (Open Badges 2.0, an older kind of badge): withdrawn") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}
