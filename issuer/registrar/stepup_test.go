package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestCodesAreFew: nobody is mailed many codes, and nobody guesses for long.
func TestCodesAreFew(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		by, ctx, n := c.as("com"), t.Context(), 0
		ask := func() (string, error) {
			n++
			id := fmt.Sprint("code ", n)
			return id, c.AskStepUp(ctx, by, issuer.StepUpCode{ID: id, Hash: "right"}, "012345")
		}
		try := func(id, hash string) bool {
			right, err := c.TryStepUp(ctx, by, id, hash)
			if err != nil {
				t.Fatal(err)
			}
			return right
		}
		for range issuer.CodesPerHour {
			if _, err := ask(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ask(); !errors.Is(err, issuer.Conflict) {
			t.Errorf("one more code: %v", err)
		}
		if sent := len(c.mailed(t, "step-up")); sent != issuer.CodesPerHour {
			t.Errorf("%d mails", sent)
		}
		for range issuer.FailsPerDay / issuer.CodeTries {
			c.later(time.Hour)
			id, err := ask()
			if err != nil {
				t.Fatal(err)
			}
			for range issuer.CodeTries {
				if try(id, "wrong") {
					t.Error("a wrong code is right")
				}
			}
			if try(id, "right") {
				t.Error("right after too many wrong ones")
			}
		}
		c.later(time.Hour)
		if _, err := ask(); !errors.Is(err, issuer.Conflict) || !strings.Contains(err.Error(), "tomorrow") {
			t.Errorf("after many wrong ones: %v", err)
		}
		c.later(24 * time.Hour)
		id, err := ask()
		if err != nil || !try(id, "right") || try(id, "right") {
			t.Errorf("a day later: %v", err)
		}
	})
}

// TestCodeOnce: of many who give the same right code at once, one is let in, and
// wrong ones given at once all count.
func TestCodeOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		by, ctx := c.as("com"), t.Context()
		for _, id := range []string{"a", "b"} {
			if err := c.AskStepUp(ctx, by, issuer.StepUpCode{ID: id, Hash: "right"}, "012345"); err != nil {
				t.Fatal(err)
			}
		}
		rights := make([]bool, 12)
		parallel(t, len(rights), func(i int) (err error) {
			rights[i], err = c.TryStepUp(ctx, by, "a", "right")
			return err
		})
		if in := strings.Count(fmt.Sprint(rights), "true"); in != 1 {
			t.Errorf("%d were let in", in)
		}
		parallel(t, issuer.CodeTries, func(int) error {
			_, err := c.TryStepUp(ctx, by, "b", "wrong")
			return err
		})
		if right, err := c.TryStepUp(ctx, by, "b", "right"); right || err != nil {
			t.Errorf("after wrong ones at once: %v %v", right, err)
		}
	})
}
