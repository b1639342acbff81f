package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A person is erased from the command line after a preview that changes nothing;
// then nothing in the file of the database has their name or address, and the
// log and the audit chain are whole.
func TestErase(t *testing.T) {
	files, data, addr := copySample(t), t.TempDir(), freeAddr(t)
	stop := serving(t, "serve", "--data", data, "--addr", addr, "--base-url", "http://"+addr)
	waitFor(t, "a server that is ready", func() bool { return ready(addr) })
	for _, args := range [][]string{{"program", "program.yaml"}, {"people", "roster.csv", "--skip-wrong"}, {"completions", "completions.csv", "--skip-wrong"}} {
		importing(t, data, append([]string{args[0], filepath.Join(files, args[1])}, args[2:]...)...)
	}
	const email, name = "member002@example.org", "Oluwaseun Smith, Jr."
	if out := must(t, "admin", "erase", strings.ToUpper(email), "--data", data); !strings.Contains(out, name) || !strings.Contains(out, "Nothing was done") {
		t.Errorf("the preview: %q", out)
	}
	before := held(t, data)
	var done erased
	if err := json.Unmarshal([]byte(must(t, "admin", "erase", email, "--yes", "--json", "--data", data)), &done); err != nil || !done.Done || done.Live == 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, errs, code := hallmark(t, "", "admin", "erase", email, "--yes", "--data", data); code == exitDone || !strings.Contains(errs, "There is no such person") {
		t.Errorf("again: exit %d, %q", code, errs)
	}
	waitFor(t, "a whole log", func() bool {
		out, _, code := hallmark(t, "", "log", "check", "--data", data)
		return code == exitDone && out != ""
	})
	stop()
	for _, file := range []string{"hallmark.db", "hallmark.db-wal", "high-water", "high-water.leaves"} {
		raw, err := os.ReadFile(filepath.Join(data, file))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, of := range []string{email, name} {
			if strings.Contains(string(raw), of) {
				t.Errorf("%s holds %q", file, of)
			}
		}
	}
	if after := held(t, data); after["F1"] != before["F1"]-1 {
		t.Errorf("%d badges of F1 are live, before %d", after["F1"], before["F1"])
	}
}
