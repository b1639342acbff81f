package main

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"

	"hallmark/issuer/store/storetest"
)

// freeAddr gives an address that nothing listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A first start serves, prints the way to become admin, keeps its base URL,
// and can be imported into while it runs.
func TestServe(t *testing.T) {
	data, addr := t.TempDir(), freeAddr(t)
	base := "https://badges.example.org/academy"
	line, _ := begin(t, "serve", "--data", data, "--addr", addr, "--base-url", base)
	if strings.TrimSpace(line) != "Hallmark serves "+base {
		t.Errorf("serve printed %q", line)
	}
	status, body := call(t, "GET", "http://"+addr+"/academy/did.json", "", "")
	var did struct{ ID string }
	if err := json.Unmarshal(body, &did); err != nil || status != http.StatusOK || did.ID != "did:web:badges.example.org:academy" {
		t.Errorf("did.json: %d %s", status, body)
	}
	for path, want := range map[string]int{"/academy/healthz": 200, "/academy/readyz": 200, "/academy/.well-known/jwks.json": 200} {
		if status, body := call(t, "GET", "http://"+addr+path, "", ""); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if link := must(t, "admin", "add", "root@example.org", "--name", "Root", "--data", data); !strings.HasPrefix(link, base+"/signin/link") {
		t.Errorf("admin add printed %q", link)
	}
	if out, errs, code := hallmark(t, "", "serve", "--data", data, "--addr", freeAddr(t), "--base-url", "https://elsewhere.example"); code == exitDone || !strings.Contains(out+errs, base) {
		t.Errorf("another base URL: exit %d %s%s", code, out, errs)
	}
	if out := must(t, "migrate", "status", "--data", data); !strings.Contains(out, "up to date") {
		t.Errorf("migrate status printed %q", out)
	}
}

// On PostgreSQL nothing migrates by itself: until somebody does, readyz says
// why not.
func TestServeOnPostgres(t *testing.T) {
	db, data, addr := storetest.Postgres(t), t.TempDir(), freeAddr(t)
	base := "http://" + addr
	start(t, "serve", "--db", db, "--data", data, "--addr", addr, "--base-url", base)
	ready := func() (int, string) {
		status, body := call(t, "GET", base+"/readyz", "", "")
		return status, string(body)
	}
	waitFor(t, "an answer", func() bool { return answers(addr) })
	waitFor(t, "a reason", func() bool { status, body := ready(); return status == 503 && strings.Contains(body, "migrate up") })
	must(t, "migrate", "up", "--db", db, "--data", data)
	waitFor(t, "readiness", func() bool { status, _ := ready(); return status == 200 })
}
