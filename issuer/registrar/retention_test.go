package registrar

import (
	"slices"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestForgetOld: what is kept goes when its time is over, not before, and what waits
// to be sent never does.
func TestForgetOld(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		day := 24 * time.Hour
		k.Retention = issuer.Retention{Mails: 10 * day, Browsers: 20 * day, Drafts: 30 * day}
		capstone := c.handIn("C1", "lea")
		_, err := c.SaveReview(t.Context(), c.as("lee"), capstone, NewReview{Submission: 1, Note: "Half a thought."}, "")
		c.must(err)
		c.must(c.Arrive(t.Context(), c.ids["lea"], "BROWSER", "Firefox on Linux", ""))
		c.write(func(tx *store.Tx) error {
			for i, state := range []string{"sent", "failed", "queued"} {
				if err := tx.AddMessage(&issuer.Message{ID: issuer.MessageID("OLD" + state), IssuerID: "x", PersonID: c.ids["lea"], Kind: "mail", Recipient: "lea@example.org",
					Template: "badge-issued", Data: "{}", State: state, Attempts: i, NextAt: tx.Now, CreatedAt: tx.Now}); err != nil {
					return err
				}
			}
			return nil
		})
		left := func() (all []string) {
			t.Helper()
			_, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) (bool, error) {
				for _, q := range []string{"OLDsent", "OLDfailed", "OLDqueued"} {
					if _, err := tx.Message(issuer.MessageID(q)); err == nil {
						all = append(all, q)
					}
				}
				devices, err := tx.Devices(c.ids["lea"])
				for range devices {
					all = append(all, "browser")
				}
				if _, err := tx.ReviewDraft(capstone, c.ids["lee"]); err == nil {
					all = append(all, "draft")
				}
				return true, err
			})
			c.must(err)
			return all
		}
		for _, step := range []struct {
			later time.Duration
			want  []string
		}{
			{9 * day, []string{"OLDsent", "OLDfailed", "OLDqueued", "browser", "draft"}},
			{2 * day, []string{"OLDqueued", "browser", "draft"}},
			{10 * day, []string{"OLDqueued", "draft"}},
			{10 * day, []string{"OLDqueued"}},
		} {
			k.later(step.later)
			c.must(c.ForgetOld(t.Context()))
			if got := left(); !slices.Equal(got, step.want) {
				t.Errorf("%v later %v is left, want %v", step.later, got, step.want)
			}
		}
		c.chain()
		if got := actsOf(c.trailOf("root", TrailFilter{Group: issuer.DeedService})); !slices.Contains(got, "records.forget") {
			t.Errorf("the trail does not tell that something was forgotten: %v", got)
		}
	})
}
