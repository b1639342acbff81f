package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// A batch is begun, told again to who repeats the request, done, and read.
func TestBatch(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		c := readContract(t)
		item := func(who string) string {
			return fmt.Sprintf(`{"achievement":"honour","person":{"email":%q},"reason":"Helped."}`, issuertest.Address(who))
		}
		body := `{"items":[` + strings.Join([]string{item("learner"), item("other"), item("nobody"), `{"achievement":"honour","person":{},"reason":"x"}`, item("learner")}, ",") + `]}`
		var first, again struct{ Job struct{ ID, URL string } }
		c.send(t, s, "lms", "POST", "/api/v1/credentials/batch", body, 202, "Idempotency-Key", "b1").JSON(t, &first)
		c.send(t, s, "lms", "POST", "/api/v1/credentials/batch", body, 202, "Idempotency-Key", "b1").JSON(t, &again)
		if again != first || first.Job.URL != s.URL+"/api/v1/jobs/"+first.Job.ID {
			t.Errorf("%+v, then %+v", first, again)
		}
		read := func() (job struct {
			State   string
			Total   int
			Done    int
			Issued  int
			Refused []struct {
				Row    int
				Reason string
			}
			Credentials []string
		}) {
			t.Helper()
			c.send(t, s, "lms", "GET", "/api/v1/jobs/"+first.Job.ID, "", 200).JSON(t, &job)
			return job
		}
		if job := read(); job.State != "queued" || job.Total != 5 || job.Done != 2 || len(job.Refused) != 2 {
			t.Errorf("before it ran: %+v", job)
		}
		if err := s.Registrar.RunBatches(t.Context()); err != nil {
			t.Fatal(err)
		}
		job := read()
		rows := []int{}
		for _, r := range job.Refused {
			rows = append(rows, r.Row)
		}
		if job.State != "done" || job.Done != 5 || job.Issued != 2 || !slices.Equal(rows, []int{3, 4, 5}) || len(job.Credentials) != 2 {
			t.Errorf("%+v", job)
		}
		var one struct{ Credential struct{ ID string } }
		c.send(t, s, "lms", "POST", "/api/v1/credentials", item("other"), 200).JSON(t, &one)
		if one.Credential.ID != job.Credentials[1] {
			t.Errorf("%s holds %s, the job named %s", "other", one.Credential.ID, job.Credentials[1])
		}
		c.send(t, s, "lms", "POST", "/api/v1/credentials/batch", `{"items":[]}`, 422)
		c.send(t, s, "lms", "GET", "/api/v1/jobs/NONE", "", 404)
	})
}

// TestBatchLimits: as many as are promised fit, and no more.
func TestBatchLimits(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	many := func(n int) string {
		return `{"dryRun":true,"items":[` + strings.TrimSuffix(strings.Repeat(`{"achievement":"honour","person":{"id":"A"},"reason":"Helped."},`, n), ",") + `]}`
	}
	for n, want := range map[int]int{50_000: 202, 50_001: 422, 90_000: 413} {
		if a := s.Send(t, "root", "POST", "/api/v1/credentials/batch", many(n)); a.Status != want {
			t.Errorf("%d items: %d %.200s", n, a.Status, a.Body)
		}
	}
}
