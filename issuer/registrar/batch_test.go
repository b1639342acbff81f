package registrar

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
)

// crowd adds so many people to a cohort and gives their addresses.
func (c *cast) crowd(t testing.TB, n int) (addresses []string) { return c.crowdFrom(t, 0, n) }

// crowdFrom adds people with other addresses than those before a number.
func (c *cast) crowdFrom(t testing.TB, from, n int) (addresses []string) {
	t.Helper()
	rows := make([]PersonRow, n)
	for i := range rows {
		addresses = append(addresses, fmt.Sprintf("p%05d@crowd.example", from+i))
		rows[i] = PersonRow{Row: i + 2, Email: addresses[i], Name: "Person " + addresses[i], Role: "learner", Cohort: "autumn"}
	}
	r, err := c.ImportPeople(t.Context(), system, rows, ImportOptions{})
	if err != nil || len(r.Refused) > 0 {
		t.Fatal(err, r.Refused)
	}
	return addresses
}

func thanks(addresses ...string) (items []BatchItem) {
	for i, a := range addresses {
		items = append(items, BatchItem{Row: i + 1, Achievement: "thanks", Person: PersonRef{Email: a}, Reason: "Helped."})
	}
	return items
}

// runs does a job to its end and gives what became of it.
func (c *cast) runs(t testing.TB, by issuer.Caller, in NewBatch) *JobView {
	t.Helper()
	j, err := c.AwardBatch(t.Context(), by, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RunBatches(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := c.Job(t.Context(), by, j.ID)
	if err != nil {
		t.Fatal(err)
	}
	if v.Done != v.Total || v.State != issuer.JobDone {
		t.Errorf("%d of %d are done, the job is %s (%s)", v.Done, v.Total, v.State, v.Problem)
	}
	return v
}

// changes changes rows past every act.
func changes(t *testing.T, c *cast, f func(tx *store.Tx) error) {
	t.Helper()
	if _, err := store.Write(t.Context(), c.Store, func(tx *store.Tx) (bool, error) { return true, f(tx) }); err != nil {
		t.Fatal(err)
	}
}

// TestBatch awards by the rules of the single act, row by row.
func TestBatch(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		owner := c.as("owen")
		crowd := c.crowd(t, 2*atOnce+1)
		had, err := c.AwardAchievement(t.Context(), owner, thanks(crowd[0])[0].award())
		if err != nil {
			t.Fatal(err)
		}
		items := thanks(crowd...)
		items[3].Achievement = "none"
		items[4].Person.Email = "nobody@crowd.example"
		items[5].Reason = " "
		items[6].Problem = "The row has no address."
		items[7].Person = PersonRef{Email: "owen@example.org"}
		if owner.Person != "" {
			items[7].Person = PersonRef{ID: owner.Person}
		}
		items[8].Person = items[9].Person
		mails := k.Mails(t)
		dry := c.runs(t, owner, NewBatch{Items: items, DryRun: true})
		if n := k.Live(t)["thanks"]; n != 1 || len(dry.Credentials) > 1 || k.Mails(t) != mails {
			t.Errorf("a dry run left %d badges, %d mails and named %v", n, k.Mails(t)-mails, dry.Credentials)
		}
		v := c.runs(t, owner, NewBatch{Items: items, Quiet: true})
		if d := cmp.Diff(dry.Refused, v.Refused); d != "" || dry.Issued != v.Issued || dry.Held != v.Held {
			t.Errorf("the dry run told something else: %+v %s", dry, d)
		}
		var rows []string
		for _, r := range v.Refused {
			rows = append(rows, fmt.Sprintf("%d %s", r.Row, r.Reason))
		}
		want := []string{"4 There is no achievement “none”.", "5 This person is not known here; add them first.", "6 Say why this person earned it.",
			"7 The row has no address.", "8 No one awards a badge to themselves.", "10 Row 9 asks for the same."}
		if d := cmp.Diff(want, rows); d != "" {
			t.Error(d)
		}
		if v.Held != 1 || v.Issued != len(items)-7 || len(v.Credentials) != v.Issued+1 || v.Credentials[0] != had.Badge.ID || k.Mails(t) != mails {
			t.Errorf("%d issued, %d held, %d named, %d mails", v.Issued, v.Held, len(v.Credentials), k.Mails(t)-mails)
		}
		again := c.runs(t, owner, NewBatch{Items: items, Quiet: true})
		if again.Issued != 0 || !slices.Equal(again.Credentials, v.Credentials) {
			t.Errorf("the same again: %d issued", again.Issued)
		}
	})
}

func (i BatchItem) award() NewAward {
	return NewAward{Achievement: i.Achievement, Program: i.Program, Person: i.Person, Reason: i.Reason}
}

// TestBatchRights: what a caller may not award is refused by row, also where
// they lost the right after they began; others do not see the job.
func TestBatchRights(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	crowd := c.crowd(t, 2)
	if _, err := c.AwardBatch(t.Context(), c.as("lea"), NewBatch{Items: thanks(crowd...)}); err == nil {
		t.Error("a learner began a job")
	}
	if _, err := c.AwardBatch(t.Context(), c.as("owen"), NewBatch{}); err == nil {
		t.Error("a job of nothing was begun")
	}
	j, err := c.AwardBatch(t.Context(), c.as("owen"), NewBatch{Items: thanks(crowd...)})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"owen": true, "root": true, "pat": false, "lea": false, "none": false, "": false} {
		if _, err := c.Job(t.Context(), c.as(name), j.ID); (err == nil) != want {
			t.Errorf("%s reads the job: %v", name, err)
		}
	}
	changes(t, c, func(tx *store.Tx) error {
		grants, err := tx.Grants(c.as("owen").Person)
		for _, g := range grants {
			if err == nil {
				_, err = tx.RemoveGrant(g.ID)
			}
		}
		return err
	})
	if err := c.RunBatches(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := c.Job(t.Context(), c.as("root"), j.ID); err != nil || v.Issued != 0 || len(v.Refused) != 2 || !strings.Contains(v.Refused[0].Reason, "Only an owner") {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestBatchAtOnce: several copies of the program do the same jobs, and people
// are in both, so that each gets each badge once.
func TestBatchAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		crowd := c.crowd(t, 2*portions*atOnce)
		var jobs []issuer.JobID
		backwards := slices.Clone(crowd)
		slices.Reverse(backwards)
		for _, list := range [][]string{crowd, backwards} {
			j, err := c.AwardBatch(t.Context(), system, NewBatch{Items: thanks(list...)})
			if err != nil {
				t.Fatal(err)
			}
			jobs = append(jobs, j.ID)
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := c.RunBatches(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		issued := 0
		for _, id := range jobs {
			v, err := c.Job(t.Context(), system, id)
			if err != nil || v.State != issuer.JobDone || len(v.Credentials) != len(crowd) {
				t.Errorf("job %s: %+v, %v", id, v, err)
				continue
			}
			issued += v.Issued
		}
		if n := k.Live(t)["thanks"]; n != len(crowd) || issued != n {
			t.Errorf("%d badges are live, %d were issued, to %d people", n, issued, len(crowd))
		}
	})
}

// TestBatchResumes: a job that waits while issuing is stopped goes on after,
// and one that was broken off is found again by who asks for the same.
func TestBatchResumes(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	crowd := c.crowd(t, (portions+1)*atOnce)
	in := NewBatch{Items: thanks(crowd...), Resume: true}
	j, err := c.AwardBatch(t.Context(), system, in)
	if err != nil {
		t.Fatal(err)
	}
	if done, more, err := c.RunBatch(t.Context(), j.ID); err != nil || done != portions*atOnce || !more {
		t.Fatalf("%d done, more %v, %v", done, more, err)
	}
	if _, err := c.StopIssuing(t.Context(), system, "Wait."); err != nil {
		t.Fatal(err)
	}
	if err := c.RunBatches(t.Context()); err != nil {
		t.Error(err)
	}
	if _, _, err := c.RunBatch(t.Context(), j.ID); err == nil {
		t.Error("a job went on while issuing was stopped")
	}
	if _, err := c.ResumeIssuing(t.Context(), system); err != nil {
		t.Fatal(err)
	}
	again, err := c.AwardBatch(t.Context(), system, in)
	if err != nil || again.ID != j.ID || again.Done != portions*atOnce {
		t.Fatalf("it was not found again: %+v, %v", again, err)
	}
	if v := c.runs(t, system, in); v.ID != j.ID || v.Issued != len(crowd) {
		t.Errorf("%+v", v)
	}
	if v := c.runs(t, system, in); v.ID == j.ID || v.Held != len(crowd) {
		t.Errorf("a job at its end was begun again: %+v", v)
	}
	c.later(31 * 24 * time.Hour)
	changes(t, c, func(tx *store.Tx) error { return tx.RemoveIssueJobs(tx.Now.Add(-30 * 24 * time.Hour)) })
	if _, err := c.Job(t.Context(), system, j.ID); err == nil {
		t.Error("a job is kept for ever")
	}
}

func BenchmarkBatch(b *testing.B) {
	const n = 5000
	issued := 0
	var used time.Duration
	for b.Loop() {
		b.StopTimer()
		c := newCast(b, NewKit(b, false))
		crowd := c.crowd(b, n)
		before := storetest.ProcessorTime(b)
		b.StartTimer()
		j, err := c.AwardBatch(b.Context(), system, NewBatch{Items: thanks(crowd...), Quiet: true})
		if err != nil {
			b.Fatal(err)
		}
		if err := c.RunBatches(b.Context()); err != nil {
			b.Fatal(err)
		}
		v, err := c.Job(b.Context(), system, j.ID)
		if err != nil || v.Issued != n {
			b.Fatalf("%v: %+v", err, v)
		}
		issued += v.Issued
		used += storetest.ProcessorTime(b) - before
	}
	reportBadges(b, issued, used)
}
