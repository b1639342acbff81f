package storetest

import (
	"syscall"
	"testing"
	"time"
)

// ProcessorTime is what this process used of the processors so far, its own code
// and the system's on its behalf: what benchmarks can be held against where other
// programs share the machine.
func ProcessorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
