package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the program itself, built once: these tests are of what people
// run, not of its parts.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "hallmark-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "hallmark")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := built(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// hallmark runs the program to its end.
func hallmark(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.Stdin, c.Stdout, c.Stderr = t.TempDir(), strings.NewReader(stdin), &out, &errs
	err = c.Run()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// must runs the program and fails the test unless it exits 0.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := hallmark(t, "", args...)
	if code != exitDone {
		t.Fatalf("hallmark %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// begin starts the program and gives the first line it prints.
func begin(t *testing.T, args ...string) (line string, since time.Time) {
	t.Helper()
	out, errs, since := start(t, args...)
	r := bufio.NewReader(out)
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatalf("%s printed nothing: %v\n%s", args[0], err, errs.String())
	}
	go io.Copy(io.Discard, r)
	return line, since
}

// start starts the program. It is stopped when the test ends.
func start(t *testing.T, args ...string) (stdout io.Reader, stderr *bytes.Buffer, since time.Time) {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Dir = t.TempDir()
	errs := &bytes.Buffer{}
	c.Stderr = errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	since = time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("stop %s: %v", args[0], err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("%s ended: %v\n%s", args[0], err, errs.String())
		}
	})
	return out, errs, since
}

// demo starts a demo on a free port.
func demo(t *testing.T) (l demoLine, since time.Time) {
	t.Helper()
	line, since := begin(t, "demo", "--json", "--addr", "127.0.0.1:0")
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatalf("demo printed %q: %v", line, err)
	}
	return l, since
}

// call sends a request and gives status and body.
func call(t *testing.T, method, url, token, body string, headers ...string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, got
}

// report reads the report of a badge, as anyone may.
func report(t *testing.T, badge string) (r struct {
	Verdict string
	Summary string
	Checks  []struct{ Name, Outcome, Reason string }
}) {
	t.Helper()
	status, body := call(t, "GET", badge, "", "", "Accept", "application/json")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", badge, status, body)
	}
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// sleep lets a running service do its work between two looks at it.
func sleep(t *testing.T) {
	t.Helper()
	select {
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	case <-time.After(100 * time.Millisecond):
	}
}

// waitFor waits until something is so, for as long as a slow machine needs.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 300 {
		if so() {
			return
		}
		sleep(t)
	}
	t.Fatalf("there was no %s", what)
}

// answers tells whether something listens.
func answers(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// ready tells whether the server has set itself up: until then a command beside it
// may be the first that does.
func ready(addr string) bool {
	a, err := http.Get("http://" + addr + "/readyz")
	return err == nil && a.Body.Close() == nil && a.StatusCode == http.StatusOK
}
