package registrar

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkComplete records completions of different people, 16 at a time,
// each of which issues one badge.
func BenchmarkComplete(b *testing.B) {
	c := newCast(b, NewKit(b, false))
	var rows []PersonRow
	for i := range b.N {
		rows = append(rows, PersonRow{Row: i, Email: fmt.Sprintf("p%d@example.org", i), Name: "P", Cohort: "autumn"})
	}
	if _, err := c.ImportPeople(b.Context(), system, rows, ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	began := time.Now()
	work := make(chan int)
	done := make(chan error)
	for range 16 {
		go func() {
			var err error
			for i := range work {
				if _, e := c.RecordCompletion(b.Context(), system, NewCompletion{Person: PersonRef{Email: fmt.Sprintf("p%d@example.org", i)},
					Module: "M1", CompletedAt: "2026-10-01"}); e != nil {
					err = e
				}
			}
			done <- err
		}()
	}
	for i := range b.N {
		work <- i
	}
	close(work)
	for range 16 {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "badges/s")
}
