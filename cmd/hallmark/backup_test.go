package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hallmark/issuer/registrar"
	"hallmark/issuer/store/storetest"
)

// diagnosis is what the doctor says, by check.
func diagnosis(t *testing.T, args ...string) (found map[string]finding, code int) {
	t.Helper()
	out, errs, code := hallmark(t, "", append([]string{"doctor", "--json"}, args...)...)
	var said struct {
		Checks []finding `json:"checks"`
	}
	if err := json.Unmarshal([]byte(out), &said); err != nil {
		t.Fatalf("doctor printed %q %q: %v", out, errs, err)
	}
	found = map[string]finding{}
	for _, f := range said.Checks {
		found[f.Check] = f
	}
	return found, code
}

// A backup is made beside a server and brought into an empty place, on the
// other database, where nothing is issued until it is reconciled.
func TestBackupAndRestore(t *testing.T) {
	sample, data, addr := copySample(t), t.TempDir(), freeAddr(t)
	base := "http://" + addr
	config := filepath.Join(t.TempDir(), "hallmark.yaml")
	scheduled := filepath.Join(t.TempDir(), "backups")
	if err := os.WriteFile(config, []byte("backup:\n  dir: "+scheduled+"\n  every: 1h\n  keep: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := serving(t, "serve", "--config", config, "--data", data, "--addr", addr, "--base-url", base)
	waitFor(t, "a server that is ready", func() bool { return ready(addr) })
	waitFor(t, "a checkpoint", func() bool { status, _ := call(t, "GET", base+"/log/checkpoint", "", ""); return status == 200 })
	importing(t, data, "program", filepath.Join(sample, "program.yaml"))
	importing(t, data, "people", filepath.Join(sample, "roster.csv"), "--skip-wrong")
	waitFor(t, "a backup by schedule", func() bool {
		found, err := (&BackupConfig{Dir: scheduled}).made()
		return err == nil && len(found) == 1
	})
	file := filepath.Join(t.TempDir(), "all.backup")
	if out := must(t, "backup", file, "--data", data); !strings.Contains(out, "The sealing key is not in it") {
		t.Errorf("backup printed %q", out)
	}
	importing(t, data, "completions", filepath.Join(sample, "completions.csv"), "--skip-wrong")
	waitFor(t, "a high-water mark over what was issued", func() bool {
		found, _ := diagnosis(t, "--data", data, "--config", config)
		return found["high-water mark"].State == "good" && found["log"].State == "good" && !strings.Contains(found["log"].Says, " 0 leaves")
	})
	found, code := diagnosis(t, "--data", data, "--config", config, "--reach")
	if code != exitDone || found["reach"].State != "good" || found["backup"].State != "good" || found["sealing key"].State != "care" {
		t.Errorf("exit %d: %+v", code, found)
	}
	stop()

	refused := func(want string, args ...string) {
		t.Helper()
		_, errs, code := hallmark(t, "", args...)
		if code == exitDone || !strings.Contains(errs, want) {
			t.Errorf("%v: exit %d, %q; want %q", args, code, errs, want)
		}
	}
	key := filepath.Join(data, "sealing.key")
	wrong := filepath.Join(t.TempDir(), "wrong.key")
	if err := os.WriteFile(wrong, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	refused("There is no sealing key", "restore", file, "--data", other)
	refused("does not open the keys", "restore", file, "--data", other, "--sealing-key-file", wrong)
	refused("There is a database with records", "restore", file, "--data", data)
	if left, err := os.ReadDir(other); err != nil || len(left) > 0 {
		t.Errorf("refused restores left %v, %v", left, err)
	}
	if out := must(t, "restore", file, "--data", other, "--sealing-key-file", key); !strings.Contains(out, "doctor --reconcile") {
		t.Errorf("restore printed %q", out)
	}
	for _, name := range []string{"high-water", "high-water.leaves"} { // what outlived the database
		bytes, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other, name), bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found, code := diagnosis(t, "--data", other); code != exitFailed || found["records"].State != "bad" || found["high-water mark"].State != "bad" {
		t.Errorf("exit %d: %+v", code, found)
	}
	var r registrar.Reconciled
	if err := json.Unmarshal([]byte(must(t, "doctor", "--reconcile", "--json", "--data", other)), &r); err != nil || len(r.Lost) == 0 || r.Leaves != int64(len(r.Lost)) {
		t.Errorf("reconciled: %+v, %v", r, err)
	}
	refused("There is nothing to reconcile", "doctor", "--reconcile", "--data", other)
	if found, code := diagnosis(t, "--data", other); code != exitDone || found["records"].State != "good" {
		t.Errorf("exit %d: %+v", code, found)
	}
	// Without a mark it is said aloud what going on means.
	t.Run("postgres", func(t *testing.T) {
		dsn, bare := storetest.Postgres(t), t.TempDir()
		must(t, "restore", file, "--data", bare, "--db", dsn, "--sealing-key-file", key)
		refused("There is no high-water mark", "doctor", "--reconcile", "--data", bare, "--db", dsn)
		must(t, "doctor", "--reconcile", "--without-mark", "--data", bare, "--db", dsn)
		refused("holds records already", "restore", file, "--data", bare, "--db", dsn)
	})
}

// A folder that had an installation begins no second one.
func TestBeganBefore(t *testing.T) {
	data, addr := t.TempDir(), freeAddr(t)
	stop := serving(t, "serve", "--data", data, "--addr", addr)
	waitFor(t, "a high-water mark", func() bool { _, err := os.Stat(filepath.Join(data, "high-water")); return err == nil })
	stop()
	if err := removeAll(filepath.Join(data, "hallmark.db*")); err != nil {
		t.Fatal(err)
	}
	_, errs, code := hallmark(t, "", "serve", "--data", data, "--addr", addr)
	if code == exitDone || !strings.Contains(errs, "restore a backup") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

func TestSchedule(t *testing.T) {
	for every, good := range map[string]bool{"": true, "1m": true, "24h": true, "59s": false, "daily": false} {
		if err := (&BackupConfig{Every: every}).check(); (err == nil) != good {
			t.Errorf("every %q: %v", every, err)
		}
	}
	b := &BackupConfig{Dir: t.TempDir()}
	for _, name := range []string{"hallmark-20261121-090000.backup", "hallmark-20261122-090000.backup", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(b.Dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := b.lastBackup(); err != nil || !last.Equal(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("the last backup is of %s, %v", last, err)
	}
}

// serving starts a server that the test stops before its end.
func serving(t *testing.T, args ...string) (stop func()) {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Dir = t.TempDir()
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("stop %s: %v", args[0], err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("%s ended: %v\n%s", args[0], err, errs.String())
		}
	})
	t.Cleanup(stop)
	return stop
}
