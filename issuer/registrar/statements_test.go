package registrar

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"hallmark/issuer/store"
)

// counter is a logger that counts the statements of the database.
type counter struct {
	slog.Handler
	mu  sync.Mutex
	all []string
}

func (c *counter) Enabled(context.Context, slog.Level) bool { return true }

func (c *counter) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "sql" {
		c.mu.Lock()
		defer c.mu.Unlock()
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "statement" {
				c.all = append(c.all, a.Value.String())
			}
			return true
		})
	}
	return nil
}

// take gives what was counted since it was last asked.
func (c *counter) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// counted opens the database of a cast once more, with every statement noted.
func counted(t *testing.T, c *cast) *counter {
	t.Helper()
	n := &counter{Handler: slog.DiscardHandler}
	s, err := store.Open(t.Context(), store.Config{DSN: c.dsn, Logger: slog.New(n), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.Store = s
	return n
}

// TestStatements holds acts to the number of statements they need, so that
// what issuing takes does not grow unseen.
func TestStatements(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		var people []PersonRow
		for i := range 1000 {
			people = append(people, PersonRow{Row: i, Email: address(i), Name: "P", Cohort: "autumn"})
		}
		if _, err := c.ImportPeople(t.Context(), system, people, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		n := counted(t, c)
		record := func(who, module, score string) {
			if _, err := c.RecordCompletion(t.Context(), system, NewCompletion{Person: PersonRef{Email: who}, Module: module,
				CompletedAt: "2026-10-01", Score: score}); err != nil {
				t.Fatal(err)
			}
		}
		complete := func(from, to int) func() {
			return func() {
				var rows []CompletionRow
				for i := from; i < to; i++ {
					rows = append(rows, CompletionRow{Row: i + 2, Email: address(i), Module: "M1", CompletedOn: "2026-10-01"})
				}
				if r, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{Notify: true}); err != nil || r.Credentials != to-from {
					t.Fatalf("%v: %+v", err, r)
				}
			}
		}
		record("ola@example.org", "M1", "") // versions are read
		for _, test := range []struct {
			name string
			act  func()
			most int
		}{
			{"one badge", func() { record("lea@example.org", "M1", "") }, 14},
			{"the same again", func() { record("lea@example.org", "M1", "") }, 12},
			{"two badges, one stacked", func() { record("lea@example.org", "M2", "90") }, 20},
			{"an attempt", func() { record("max@example.org", "M2", "10") }, 6},
			{"a file of 500 rows, each a completion and an award", complete(0, 500), 65},
			{"a file of 500 others", complete(500, 1000), 65},
		} {
			n.take()
			test.act()
			all := n.take()
			if len(all) > test.most {
				t.Errorf("%s: %d statements, at most %d were expected; the first are\n%s", test.name, len(all), test.most,
					strings.Join(all[:min(len(all), 40)], "\n"))
			}
			t.Logf("%s: %d statements", test.name, len(all))
		}
	})
}
