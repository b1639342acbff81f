package main

import (
	"os"
	"path/filepath"
	"strings"
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
