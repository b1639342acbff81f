package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// crowd imports a program and so many people, and gives a file that awards
// something to all of them.
func crowd(t *testing.T, data string, n int) (file string) {
	t.Helper()
	sample := copySample(t)
	importing(t, data, "program", filepath.Join(sample, "program.yaml"))
	var people, awards strings.Builder
	people.WriteString("email,name,role,cohort\n")
	awards.WriteString("E-mail,Why\n")
	for i := range n {
		fmt.Fprintf(&people, "p%05d@crowd.example,Person %d,learner,2026-autumn\n", i, i)
		fmt.Fprintf(&awards, "P%05d@crowd.example,Helped %d times.\n", i, i)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"people.csv": people.String(), "awards.csv": awards.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r, code := importing(t, data, "people", filepath.Join(dir, "people.csv")); code != exitDone {
		t.Fatalf("people: %+v", r.Refused)
	}
	return filepath.Join(dir, "awards.csv")
}

// live counts the badges of a data folder, quickly enough to watch them grow.
func live(t *testing.T, data string) (n int) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{DSN: filepath.Join(data, "hallmark.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n, err = store.Read(t.Context(), db, func(tx *store.Tx) (n int, err error) {
		programs, err := tx.Programs()
		for _, p := range programs {
			counts, err := tx.LiveByAchievement(p.ID)
			if err != nil {
				return 0, err
			}
			for _, c := range counts {
				n += c
			}
		}
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A file of awards is issued once, whatever happens to the program while it
// works: it is killed, again and again, and goes on where it was.
func TestIssueKilled(t *testing.T) {
	const people, achievement = 3000, "F1"
	data := t.TempDir()
	file := crowd(t, data, people)
	args := []string{"issue", "--data", data, "--achievement", achievement, "--csv", file, "--json"}
	var dry registrar.JobView
	if err := json.Unmarshal([]byte(must(t, append(args, "--dry-run")...)), &dry); err != nil || dry.Issued != people || held(t, data)[achievement] != 0 {
		t.Fatalf("the preview: %d would be issued, %v are", dry.Issued, held(t, data))
	}
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for range 3 {
		c := exec.Command(path, args...)
		before := live(t, data)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		waitFor(t, "progress", func() bool { return live(t, data) > before || len(ended) > 0 })
		_ = c.Process.Kill() // it may be at its end already
		if <-ended != nil {
			kills++
		}
	}
	broken := held(t, data)[achievement]
	var done registrar.JobView
	if err := json.Unmarshal([]byte(must(t, args...)), &done); err != nil || done.Done != people || len(done.Credentials) != people {
		t.Errorf("after %d kills at %d: %d done, %d badges, %v", kills, broken, done.Done, len(done.Credentials), err)
	}
	if kills == 0 || broken == 0 || done.Issued+done.Held != people || held(t, data)[achievement] != people {
		t.Errorf("%d kills, the last at %d; %d issued, %d held, %d live", kills, broken, done.Issued, done.Held, held(t, data)[achievement])
	}
	var again registrar.JobView
	if err := json.Unmarshal([]byte(must(t, args...)), &again); err != nil || again.Issued != 0 || again.Held != people {
		t.Errorf("the same file again: %d issued, %d held, %v", again.Issued, again.Held, err)
	}
}

// What is wrong with a file is said by row, and the rest is issued.
func TestIssueRefuses(t *testing.T) {
	data := t.TempDir()
	file := crowd(t, data, 2)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, "nobody@crowd.example,x\n,x\np00001@crowd.example,\n"...)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, code := hallmark(t, "", "issue", "--data", data, "--achievement", "F1", "--csv", file)
	for _, want := range []string{"row 4: This person is not known here", "row 5: The row names no address", ": 2 badges; 0 people had it already, "} {
		if !strings.Contains(out, want) {
			t.Errorf("it printed %q, without %q", out, want)
		}
	}
	if code != exitFailed {
		t.Errorf("exit %d, %q", code, errs)
	}
}

// A demo with a crowd brings it in through the imports, whole.
func TestDemoCrowd(t *testing.T) {
	const people = 60
	out, errs, _ := start(t, "demo", "--json", "--addr", "127.0.0.1:0", "--people", fmt.Sprint(people))
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var l demoLine
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		t.Fatal(err)
	}
	var found struct{ Items []struct{ Email string } }
	_, body := call(t, "GET", l.URL+"/api/v1/people?limit=200", l.Tokens["admin"], "")
	if err := json.Unmarshal(body, &found); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	more := 0
	for _, p := range found.Items {
		if strings.HasSuffix(p.Email, "@crowd.makers.example.org") {
			more++
		}
	}
	if more != people {
		t.Errorf("there are %d people more, not %d", more, people)
	}
	var badges struct{ Items []any }
	_, body = call(t, "GET", l.URL+"/api/v1/credentials?achievement=F3&limit=200", l.Tokens["admin"], "")
	if err := json.Unmarshal(body, &badges); err != nil || len(badges.Items) < people*2/3 {
		t.Errorf("%d of them have the badge F3, %v", len(badges.Items), err)
	}
	if _, errs, code := hallmark(t, "", "demo", "--people", "-1"); code != exitUsage {
		t.Errorf("exit %d, %q", code, errs)
	}
}
