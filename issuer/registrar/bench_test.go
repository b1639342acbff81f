package registrar

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
)

// BenchmarkComplete records completions of different people, 16 at a time,
// each of which issues one badge: signed, verified, kept, logged and told of,
// and on disk when it is answered. BenchmarkFloor is what it is held against.
func BenchmarkComplete(b *testing.B) {
	c := benchCast(b, b.N)
	before := storetest.ProcessorTime(b)
	b.ResetTimer()
	work := make(chan int)
	done := make(chan error)
	for range 16 {
		go func() {
			var err error
			for i := range work {
				if _, e := c.RecordCompletion(b.Context(), system, NewCompletion{Person: PersonRef{Email: address(i)},
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
	reportBadges(b, b.N, storetest.ProcessorTime(b)-before)
}

// BenchmarkImport records the same in one file and one transaction.
func BenchmarkImport(b *testing.B) {
	c := benchCast(b, b.N)
	rows := make([]CompletionRow, b.N)
	for i := range rows {
		rows[i] = CompletionRow{Row: i + 2, Email: address(i), Module: "M1", CompletedOn: "2026-10-01"}
	}
	b.ReportAllocs()
	before := storetest.ProcessorTime(b)
	b.ResetTimer()
	result, err := c.ImportCompletions(b.Context(), system, rows, ImportOptions{})
	if err != nil || result.Credentials != b.N {
		b.Fatalf("%v: %+v", err, result)
	}
	reportBadges(b, b.N, storetest.ProcessorTime(b)-before)
}

// reportBadges tells how many badges were issued each second, and what of the
// processors one took: the figure that holds on a machine that others use as well.
func reportBadges(b *testing.B, n int, used time.Duration) {
	b.Helper()
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "badges/s")
	b.ReportMetric(float64(used.Microseconds())/float64(n), "cpu-µs/badge")
}

// BenchmarkFloor is the least that issuing takes: a signature and its check
// with Ed25519 over a digest, one row in the database behind 16 callers, and,
// by itself, one write that the disk has confirmed.
func BenchmarkFloor(b *testing.B) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	doc := make([]byte, 2000)
	b.Run("ed25519", func(b *testing.B) {
		for range b.N {
			digest := sha256.Sum256(doc)
			if !ed25519.Verify(public, digest[:], ed25519.Sign(private, digest[:])) {
				b.Fatal("the signature is wrong")
			}
		}
	})
	b.Run("commit", func(b *testing.B) {
		k := NewKit(b, false)
		b.SetParallelism(8) // times the processors
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := store.Write(b.Context(), k.Store, func(tx *store.Tx) (bool, error) {
					return true, tx.AddAuditEntry(&issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: "I", At: tx.Now, Outcome: "done", Detail: "{}"})
				}); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("fsync", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "log"))
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		b.ResetTimer()
		for range b.N {
			if _, err := f.Write(doc); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchCast is a program with n learners.
func benchCast(b *testing.B, n int) *cast {
	c := newCast(b, NewKit(b, false))
	rows := make([]PersonRow, n)
	for i := range rows {
		rows[i] = PersonRow{Row: i, Email: address(i), Name: "P", Cohort: "autumn"}
	}
	if _, err := c.ImportPeople(b.Context(), system, rows, ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	return c
}

func address(i int) string { return fmt.Sprintf("p%d@example.org", i) }
