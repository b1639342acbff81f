package registrar

import (
	"os"
	"strconv"
	"syscall"
	"testing"
)

// BenchmarkMemory issues badges in jobs of 5,000 to ever other people and reports
// the most memory the process had taken at once, in MB: when the first 10,000 were
// issued, and at each doubling of that. HALLMARK_COUNT says how many there are in
// all; 20,000 if it says nothing.
func BenchmarkMemory(b *testing.B) {
	const job, early = 5000, 10000
	n, err := strconv.Atoi(os.Getenv("HALLMARK_COUNT"))
	if err != nil {
		n = 2 * early
	}
	c := newCast(b, NewKit(b, false))
	for from, report := 0, early; from < n; from += job {
		if v := c.runs(b, system, NewBatch{Items: thanks(c.crowdFrom(b, from, job)...), Quiet: true}); v.Issued != job {
			b.Fatalf("%d of %d were issued", v.Issued, job)
		}
		if from+job == report {
			b.ReportMetric(peak(b), "MB-at-"+strconv.Itoa(report))
			report *= 2
		}
	}
}

// peak is the most memory that this process had taken at once, in MB.
func peak(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Maxrss) / 1024
}
