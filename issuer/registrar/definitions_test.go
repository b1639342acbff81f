package registrar

import (
	"errors"
	"log/slog"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// another is a second copy of the program on the same database.
func (c *cast) another(t *testing.T) *Registrar {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DSN: c.dsn, Logger: slog.New(slog.DiscardHandler), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Registrar{Store: s, Ring: c.Ring, BaseURL: c.BaseURL}
}

// TestDefinitionsAreNew: what one copy of the program changes counts in the next
// act of every other.
func TestDefinitionsAreNew(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		other := c.another(t)
		c.complete("lea", "M1", "2026-10-01", "")
		easier := program()
		easier.Modules[1].Pass, easier.Modules[1].Name = pointer(10), "Easier"
		if r, err := other.ImportProgram(t.Context(), system, easier, false); err != nil || !r.Written {
			t.Fatalf("%v: %+v", err, r)
		}
		if r := c.complete("lea", "M2", "2026-10-02", "20"); !r.Completion.Passed || r.Completion.Module.Name != "Easier" {
			t.Errorf("the module is as it was: %+v", r.Completion)
		}
		if _, err := other.StopIssuing(t.Context(), c.as("root"), "A test."); err != nil {
			t.Fatal(err)
		}
		if r := c.complete("max", "M1", "2026-10-02", ""); len(r.Credentials) > 0 {
			t.Error("a badge was issued after another copy of the program stopped that")
		}
	})
}

// TestDefinitionsUndone: an act that reads what it has changed itself, and is
// undone, leaves nothing of it behind for others.
func TestDefinitionsUndone(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.complete("lea", "M1", "2026-10-01", "")
		undone := errors.New("undone")
		_, err := act(t.Context(), c.Registrar, system, "test", "", func(w *work) (struct{}, error) {
			for _, m := range w.defined.modulesNamed("M2") {
				m.Pass = pointer(10)
				if err := w.SaveModule(&m); err != nil {
					return struct{}{}, err
				}
			}
			w.defined = nil
			d, err := w.definitions()
			if err != nil {
				return struct{}{}, err
			}
			if m := d.modulesNamed("M2"); *m[0].Pass != 10 {
				t.Error("the act does not find its own change when it looks anew")
			}
			return struct{}{}, undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		changes(t, c, func(tx *store.Tx) error { // another change of the same moment
			cohort, err := tx.CohortNamed("spring")
			if err != nil {
				return err
			}
			cohort.Name = "Late spring"
			return tx.SaveCohort(cohort)
		})
		if r := c.complete("lea", "M2", "2026-10-02", "20"); r.Completion.Passed {
			t.Error("a change that was undone counts")
		}
	})
}

// TestDefinitionsAreRead: an act after one that changed nothing of them reads one
// row of what is defined.
func TestDefinitionsAreRead(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	was := c.Registrar.defined.Load()
	c.complete("max", "M1", "2026-10-01", "")
	if now := c.Registrar.defined.Load(); was == nil || now != was {
		t.Error("what is defined was read anew")
	}
	if was.us.DID == "" || was.list == nil || len(was.offers) == 0 || was.settings == nil || len(was.cohorts) != 2 || was.position(was.modules[0].ProgramID, issuer.AchievementID("none")) != -1 {
		t.Errorf("%+v", was)
	}
}

// TestRevokedClientIsNobody: a client that another copy of the program revoked is
// refused by the next act and the next view, whatever its token was read as.
func TestRevokedClientIsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		other := c.another(t)
		client, _, err := c.AddClient(t.Context(), c.as("root"), "LMS", []string{string(issuer.CompletionsWrite)})
		if err != nil {
			t.Fatal(err)
		}
		c.complete("lea", "M1", "2026-10-01", "")
		by, err := c.ClientCaller(t.Context(), client.ID, []string{string(issuer.CompletionsWrite)})
		if err != nil {
			t.Fatal(err)
		}
		max := NewCompletion{Person: PersonRef{Email: "max@example.org"}, Module: "M1", CompletedAt: "2026-10-01"}
		if _, err := c.RecordCompletion(t.Context(), by, max); err != nil {
			t.Fatal(err)
		}
		if _, err := other.RevokeClient(t.Context(), c.as("root"), client.ID); err != nil {
			t.Fatal(err)
		}
		once := WithOnce(t.Context(), &Once{Key: "k", Answer: func(any) (int, []byte, error) { return 200, nil, nil }})
		if _, err := c.RecordCompletion(once, by, max); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("an act: %v", err)
		}
		if _, err := c.Programs(t.Context(), by); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("a view: %v", err)
		}
		if err := c.MayUseInstances(t.Context(), by); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("instances: %v", err)
		}
		if _, err := c.ClientCaller(t.Context(), client.ID, nil); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("the token, read again: %v", err)
		}
	})
}
