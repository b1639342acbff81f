package web_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/issuertest"
	"hallmark/issuer/store/storetest"
)

// BenchmarkPages asks every route of GET as each kind of person who is let in,
// with a crowd of $HALLMARK_PEOPLE in the database, and reports what the server
// takes for an answer, for all but one in a hundred and at the median: by the
// clock, and of the processor in the thread that answers, which other programs on
// the machine do not lengthen (the work of PostgreSQL is in the former alone). The
// first row, without a statement to the database, is what no answer goes below.
// $HALLMARK_ASKED says how often each is asked: 200 times where it says nothing.
// $HALLMARK_PAGES is a regular expression of the pages that are asked, as the table
// has them ("owner /people"): all where it says nothing.
//
//	HALLMARK_PEOPLE=50000 go test -run xxx -bench Pages ./issuer/web
func BenchmarkPages(b *testing.B) {
	people := crowdSize(b)
	b.Run("sqlite", func(b *testing.B) { benchPages(b, openCrowd(b, people, issuertest.Options{})) })
	b.Run("postgres", func(b *testing.B) {
		benchPages(b, openCrowd(b, people, issuertest.Options{DSN: storetest.Postgres(b)}))
	})
}

func benchPages(b *testing.B, c *crowd) {
	times := 200
	if text := os.Getenv("HALLMARK_ASKED"); text != "" {
		var err error
		if times, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	c.Echo.GET("/floor", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, make([]byte, 10_000)) })
	floor := question{kind: "nobody", path: "/floor"}
	table := []measured{c.measure(b, floor, times)}
	pages := regexp.MustCompile(os.Getenv("HALLMARK_PAGES"))
	for _, q := range c.questions() {
		if !pages.MatchString(q.kind + " " + q.path) {
			continue
		}
		m := c.measure(b, q, times)
		fmt.Fprint(os.Stderr, m) // as it goes: all of them take a while
		table = append(table, m)
	}
	slices.SortStableFunc(table[1:], func(a, b measured) int { return int(b.processor.late - a.processor.late) })
	var all strings.Builder
	for _, m := range table {
		all.WriteString(m.String())
	}
	b.Logf("\n%s", all.String())
	b.ReportMetric(ms(table[1].processor.late), "processor-ms-slowest-p99")
	b.ReportMetric(0, "ns/op")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measured is what an answer takes.
type measured struct {
	question
	clock, processor spread
	bytes            int
}

func (m measured) String() string {
	return fmt.Sprintf("clock p99 %7.1f ms p50 %7.1f ms  processor p99 %7.1f ms p50 %7.1f ms  %7d B  %s %s\n",
		ms(m.clock.late), ms(m.clock.middle), ms(m.processor.late), ms(m.processor.middle), m.bytes, m.kind, m.path)
}

// spread is the median of many times, and what all but one in a hundred keep below.
type spread struct{ middle, late time.Duration }

func spreadOf(all []time.Duration) spread {
	slices.Sort(all)
	return spread{all[len(all)/2], all[len(all)*99/100]}
}

func (c *crowd) measure(b *testing.B, q question, times int) measured {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	m := measured{question: q}
	for range 2 { // the first answers read up what later ones remember
		c.ask(b, q)
	}
	clock, processor := make([]time.Duration, times), make([]time.Duration, times)
	for i := range times {
		began, used := time.Now(), threadTime(b)
		m.bytes = c.ask(b, q).Body.Len()
		clock[i], processor[i] = time.Since(began), threadTime(b)-used
	}
	m.clock, m.processor = spreadOf(clock), spreadOf(processor)
	return m
}

// threadTime is what this thread used of a processor.
func threadTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	mustDo(t, syscall.Getrusage(syscall.RUSAGE_THREAD, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
