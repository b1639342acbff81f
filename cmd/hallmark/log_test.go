package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"hallmark/issuer/auditor"
	"hallmark/verifier/inclusion"
)

// What a server has logged is checked beside it and proved from the command
// line, and a change past the program is named.
func TestLog(t *testing.T) {
	sample, data, addr := copySample(t), t.TempDir(), freeAddr(t)
	base := "http://" + addr
	start(t, "serve", "--data", data, "--addr", addr, "--base-url", base)
	waitFor(t, "a server that is ready", func() bool { return ready(addr) })
	waitFor(t, "a checkpoint", func() bool { status, _ := call(t, "GET", base+"/log/checkpoint", "", ""); return status == 200 })
	_, before := call(t, "GET", base+"/log/checkpoint", "", "")
	kept := filepath.Join(t.TempDir(), "checkpoint")
	if err := os.WriteFile(kept, before, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"program.yaml", "roster.csv", "completions.csv"} {
		noun := map[string]string{"program.yaml": "program", "roster.csv": "people", "completions.csv": "completions"}[file]
		importing(t, data, noun, filepath.Join(sample, file), "--skip-wrong")
	}
	check := func(args ...string) (r auditor.Result, code int) {
		t.Helper()
		out, errs, code := hallmark(t, "", append([]string{"log", "check", "--json", "--data", data}, args...)...)
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("log check printed %q %q: %v", out, errs, err)
		}
		return r, code
	}
	waitFor(t, "position for every leaf", func() bool { r, _ := check(); return r.Waiting == 0 && r.Credentials > 0 })
	r, code := check("--checkpoint", kept)
	if code != exitDone || len(r.Findings) > 0 || r.Leaves != r.Credentials {
		t.Errorf("exit %d, %+v", code, r)
	}
	if out := must(t, "log", "check", "--data", data); !strings.Contains(out, "Everything fits.") {
		t.Errorf("log check printed %q", out)
	}
	id := tamper(t, data)
	_, key := call(t, "GET", base+"/log/key", "", "")
	out := must(t, "log", "prove", strings.ToLower(id), "--data", data)
	proof, err := inclusion.Parse([]byte(strings.TrimSpace(out)))
	if err != nil {
		t.Fatal(err)
	}
	_, signed := call(t, "GET", base+"/v/"+id+".json", "", "")
	if place, err := proof.Check(signed, []string{strings.TrimSpace(string(key))}); err != nil || place.Size != r.Leaves {
		t.Errorf("%+v, %v", place, err)
	}
	if r, code := check(); code != exitFailed || len(r.Findings) == 0 || !strings.Contains(r.Findings[0].Reason, "issued") {
		t.Errorf("after a change: exit %d, %+v", code, r.Findings)
	}
	if out, _, code := hallmark(t, "", "log", "check", "--data", data); code != exitFailed || !strings.Contains(out, id) {
		t.Errorf("after a change: exit %d, %q", code, out)
	}
	if _, errs, code := hallmark(t, "", "log", "prove", strings.Repeat("A", 26), "--data", data); code != exitFailed || !strings.Contains(errs, "no badge") {
		t.Errorf("a badge that is not there: exit %d, %q", code, errs)
	}
}

// tamper says of one badge that it was issued an hour before, and gives its id.
func tamper(t *testing.T, data string) (id string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "hallmark.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT min(id) FROM credentials").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE credentials SET issued_at = datetime(issued_at, '-1 hour') || '+00:00' WHERE id = ?", id); err != nil {
		t.Fatal(err)
	}
	return id
}
