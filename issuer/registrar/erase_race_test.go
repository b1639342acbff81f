package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestEraseMeanwhile lets a person be erased while everything that could give
// them something is under way: whichever comes first, nothing of theirs is there
// afterwards, and nobody is answered with a fault.
func TestEraseMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		capstone, shared := c.handIn("C1", "lea"), c.handIn("C2", "max", "lea")
		lea, lee, root, owen := c.as("lea"), c.as("lee"), c.as("root"), c.as("owen")
		ref := PersonRef{ID: c.ids["lea"]}
		acts := []func(ctx context.Context) error{
			func(ctx context.Context) error { return c.ErasePerson(ctx, root, c.ids["lea"]) },
			func(ctx context.Context) error { return c.ErasePerson(ctx, lea, c.ids["lea"]) },
			func(ctx context.Context) error {
				_, err := c.ReviewCapstone(ctx, lee, capstone, approve(1))
				return err
			},
			func(ctx context.Context) error { _, err := c.ReviewCapstone(ctx, lee, shared, approve(1)); return err },
			func(ctx context.Context) error {
				_, err := c.RecordCompletion(ctx, owen, NewCompletion{Person: ref, Module: "M1"})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.ImportCompletions(ctx, owen, []CompletionRow{{Row: 2, Email: "lea@example.org", Module: "M2", CompletedOn: "2026-10-01", Score: "90"}}, ImportOptions{SkipWrong: true})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.ImportPeople(ctx, root, []PersonRow{{Row: 2, Email: "max@example.org", Name: "Max Member", Role: "learner", Cohort: "spring"}}, ImportOptions{})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.AwardAchievement(ctx, owen, NewAward{Achievement: "thanks", Person: ref, Reason: "Helped."})
				return err
			},
			func(ctx context.Context) error { return c.AnswerConsent(ctx, lea, true) },
			func(ctx context.Context) error {
				_, err := c.GrantRole(ctx, root, NewGrant{Person: c.ids["lea"], Role: issuer.Sponsor, Program: "makers"})
				return err
			},
			func(ctx context.Context) error {
				_, err := c.Enroll(ctx, root, PersonRef{ID: c.ids["lea"]}, "spring")
				return err
			},
			func(ctx context.Context) error {
				return c.AskSignin(ctx, "lea@example.org", issuer.SigninLink{Token: rand.Text(), Purpose: "signin", ExpiresAt: c.now()}, SigninMail{})
			},
			func(ctx context.Context) error {
				_, err := c.CorrectPerson(ctx, root, c.ids["lea"], Correction{Name: "Lea Anew"})
				return err
			},
			func(ctx context.Context) error { _, err := c.SaveCapstone(ctx, lea, shared, goodDraft); return err },
		}
		var wg sync.WaitGroup
		start := make(chan struct{})
		for n := range 2 * len(acts) {
			wg.Go(func() {
				<-start
				var refusal *issuer.Error
				if err := acts[n%len(acts)](t.Context()); err != nil && !errors.As(err, &refusal) {
					t.Errorf("act %d: %v", n%len(acts), err)
				}
			})
		}
		close(start)
		wg.Wait()
		c.must(c.ErasePerson(t.Context(), root, c.ids["lea"]))
		for _, k := range c.cells() {
			for _, of := range []string{"Lea Learner", "Lea Anew", "lea@example.org"} {
				if strings.Contains(strings.ToLower(k.text), strings.ToLower(of)) {
					t.Errorf("%s: %.200q", k.column, k.text)
				}
			}
		}
		rows := func(what string, f func(tx *store.Tx) (int, error)) {
			n, err := store.Read(t.Context(), c.Store, f)
			if err != nil || n != 0 {
				t.Errorf("%d %s: %v", n, what, err)
			}
		}
		rows("grants", func(tx *store.Tx) (int, error) { g, err := tx.Grants(c.ids["lea"]); return len(g), err })
		rows("live awards", func(tx *store.Tx) (int, error) {
			awards, err := tx.AwardsOf(c.ids["lea"])
			n := 0
			for _, a := range awards {
				if a.State != issuer.Erased {
					n++
				}
			}
			return n, err
		})
		max, err := c.Credentials(t.Context(), system, CredentialFilter{Person: c.ids["max"]})
		c.must(err)
		for _, b := range max.Items {
			if b.State != issuer.Issued {
				t.Errorf("the badge of someone else: %+v", b)
			}
		}
	})
}
