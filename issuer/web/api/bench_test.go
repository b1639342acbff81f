package api_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store/storetest"
)

// BenchmarkIssueHTTP records completions of different people over 16 connections
// that are kept open, each request with an access token and each answered, once
// it is on disk, with one badge that was signed and verified. The sequencer, the
// publisher and the mail worker are not running. What it is held against is
// BenchmarkFloor of package registrar; user and system time are of the whole
// process, which is the one that asks as well.
func BenchmarkIssueHTTP(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { issueHTTP(b, issuertest.New(b, issuertest.Options{})) })
	b.Run("postgres", func(b *testing.B) {
		issueHTTP(b, issuertest.New(b, issuertest.Options{DSN: storetest.Postgres(b)}))
	})
}

func issueHTTP(b *testing.B, s *issuertest.Service) {
	learners(b, s, b.N)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var all sync.WaitGroup
	before := storetest.ProcessorTime(b)
	b.ResetTimer()
	for range connections {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				if err := completeHTTP(client, s, learner(int(i))); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "badges/s")
	b.ReportMetric(float64((storetest.ProcessorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/badge")
}

const connections = 16

func learner(i int) string { return fmt.Sprintf("l%d@people.example", i) }

// learners enrols so many people.
func learners(b *testing.B, s *issuertest.Service, n int) {
	b.Helper()
	rows := make([]registrar.PersonRow, n)
	for i := range rows {
		rows[i] = registrar.PersonRow{Row: i, Email: learner(i), Name: fmt.Sprint("Learner ", i), Cohort: "craft-1"}
	}
	r, err := s.Registrar.ImportPeople(b.Context(), issuer.Caller{System: "test"}, rows, registrar.ImportOptions{})
	if err != nil || r.Added != n {
		b.Fatal(err, r)
	}
}

func completeHTTP(client *http.Client, s *issuertest.Service, email string) error {
	req, err := http.NewRequest("POST", s.Server.URL+"/api/v1/completions", bytes.NewReader(fmt.Appendf(nil, `{"person":{"email":%q},"module":"M1"}`, email)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.Tokens["lms"])
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusCreated || bytes.Count(body, []byte(`"state":"issued"`)) != 1) {
		err = fmt.Errorf("%d: %.300s", res.StatusCode, body)
	}
	return err
}
