package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
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

// A PostgreSQL that is away is waited for.
func TestServeWaitsForPostgres(t *testing.T) {
	addr := freeAddr(t)
	start(t, "serve", "--db", "postgres://nobody@"+freeAddr(t)+"/none", "--data", t.TempDir(), "--addr", addr, "--base-url", "http://"+addr)
	waitFor(t, "an answer", func() bool { return answers(addr) })
	waitFor(t, "a reason", func() bool {
		status, body := call(t, "GET", "http://"+addr+"/readyz", "", "")
		return status == http.StatusServiceUnavailable && strings.Contains(string(body), "cannot be reached")
	})
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
	if status, _ := call(t, "GET", base+"/healthz", "", ""); status != http.StatusOK {
		t.Errorf("healthz while waiting: %d", status)
	}
	waitFor(t, "a reason", func() bool { status, body := ready(); return status == 503 && strings.Contains(body, "migrate up") })
	must(t, "migrate", "up", "--db", db, "--data", data)
	waitFor(t, "readiness", func() bool { status, _ := ready(); return status == 200 })
}

// What a command that ran before the service had to assume makes way for the
// base URL that the service is given; what was given stays.
func TestBaseURLIsKeptOnceGiven(t *testing.T) {
	data := t.TempDir()
	must(t, "admin", "add", "root@example.org", "--name", "Root", "--data", data)
	line, _ := begin(t, "serve", "--data", data, "--addr", freeAddr(t), "--base-url", "https://badges.example.org")
	if strings.TrimSpace(line) != "Hallmark serves https://badges.example.org" {
		t.Errorf("serve printed %q", line)
	}
	if link := must(t, "admin", "link", "root@example.org", "--data", data); !strings.HasPrefix(link, "https://badges.example.org/") {
		t.Errorf("admin link printed %q", link)
	}
	if _, errs, code := hallmark(t, "", "serve", "--data", data, "--addr", freeAddr(t), "--base-url", "https://other.example"); code != exitFailed || !strings.Contains(errs, "https://badges.example.org") {
		t.Errorf("another base URL: exit %d, %s", code, errs)
	}
}

// A sealing key that is lost, or another one, stops the start and is never
// replaced.
func TestServeWithoutItsSealingKey(t *testing.T) {
	data := t.TempDir()
	must(t, "admin", "add", "root@example.org", "--name", "Root", "--data", data)
	key := filepath.Join(data, "sealing.key")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := hallmark(t, "", "admin", "link", "root@example.org", "--data", data); code != exitFailed || !strings.Contains(errs, "is missing") {
		t.Errorf("without the key: exit %d, %s", code, errs)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a lost key was replaced")
	}
	if err := os.WriteFile(key, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := hallmark(t, "", "admin", "link", "root@example.org", "--data", data); code != exitFailed || !strings.Contains(errs, "is not the one") {
		t.Errorf("with another key: exit %d, %s", code, errs)
	}
}

// A look at the schema makes no database.
func TestMigrateStatusOnlyLooks(t *testing.T) {
	data := filepath.Join(t.TempDir(), "nothing")
	if _, errs, code := hallmark(t, "", "migrate", "status", "--data", data); code != exitFailed || !strings.Contains(errs, "no database") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a folder was made")
	}
}

// A request that is under way when the service is told to stop is answered
// with its database still there.
func TestServeAnswersBeforeItStops(t *testing.T) {
	addr := freeAddr(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", t.TempDir(), "--addr", addr, "--base-url", "http://" + addr}, streams{strings.NewReader(""), io.Discard, io.Discard})
	}()
	waitFor(t, "readiness", func() bool {
		if !answers(addr) {
			return false
		}
		status, _ := call(t, "GET", "http://"+addr+"/readyz", "", "")
		return status == http.StatusOK
	})
	body, rest := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+addr+"/signin", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://"+addr)
	answered := make(chan int, 1)
	go func() {
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			answered <- 0
			return
		}
		answered <- res.StatusCode
		res.Body.Close()
	}()
	if _, err := io.WriteString(rest, "email=ada%40"); err != nil {
		t.Fatal(err)
	}
	sleep(t) // the server has the head of the request now
	stop()
	for range 5 {
		sleep(t)
	}
	if _, err := io.WriteString(rest, "example.org"); err != nil {
		t.Fatal(err)
	}
	if err := rest.Close(); err != nil {
		t.Fatal(err)
	}
	if status := <-answered; status == 0 || status >= 500 {
		t.Errorf("the request under way was answered %d", status)
	}
	if code := <-ended; code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
}
