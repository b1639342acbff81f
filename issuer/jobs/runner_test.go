package jobs

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestRun lets the clockwork run beside acts: what they leave is done within
// a second, although one duty panics in every round.
func TestRun(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		id, _ := r.begin(t)
		r.queue(t, "M", "sign-in")
		r.Mailer = &post{}
		r.Render = func(string, string, json.RawMessage) (string, string, string, error) { panic("oh") }
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() { r.Run(ctx); close(ended) }()

		within(t, 2*time.Second, func() bool { return r.published(t, id).Version == 1 })
		r.must(t, func(tx *store.Tx) error { return tx.SetStatus("CRED", "revoked") })
		r.record(t, 3, 3)
		within(t, time.Second, func() bool {
			return r.published(t, id).Version == 2 && !read(t, r, (*store.Tx).Unplaced)
		})
		stop()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			t.Error("it did not end")
		}
	})
}

func within(t *testing.T, most time.Duration, done func() bool) {
	t.Helper()
	for begin := time.Now(); time.Since(begin) < most; time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Errorf("not done within %v", most)
}

func TestExpireIsAudited(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		until := start.Add(time.Hour)
		r.must(t, func(tx *store.Tx) error {
			for _, err := range []error{
				tx.AddPerson(&issuer.Person{ID: "ANN", IssuerID: us, CreatedAt: tx.Now}),
				tx.AddProgram(&issuer.Program{ID: "P", IssuerID: us, Code: "p", CreatedAt: tx.Now, ChangedAt: tx.Now}),
				tx.AddAchievement(&issuer.Achievement{ID: "A", IssuerID: us, ProgramID: "P", Code: "a", Version: 1, CreatedAt: tx.Now}),
				tx.AddAchievementVersion(&issuer.AchievementVersion{ID: "AV", IssuerID: us, AchievementID: "A", Version: 1, PublishedAt: tx.Now}),
			} {
				if err != nil {
					return err
				}
			}
			_, err := tx.AddAwardOnce(&issuer.Award{ID: "AW", IssuerID: us, ProgramID: "P", PersonID: "ANN", AchievementID: "A", AchievementVersionID: "AV",
				Subject: "urn:uuid:x", AwardedOn: "2026-11-20", ValidUntil: &until, Fact: issuer.FactCompletion, State: issuer.Issued,
				Visibility: issuer.Unlisted, CreatedAt: tx.Now})
			return err
		})
		do(t, r.Expire)
		c.forward(2 * time.Hour)
		do(t, r.Expire)
		do(t, r.Expire)
		do(t, r.Sequence)
		entries := read(t, r, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.AuditEntries(store.AuditQuery{}) })
		if len(entries) != 1 || entries[0].Act != "award.expire" || entries[0].Object != "AW" || entries[0].Actor != "system:jobs" {
			t.Errorf("audit: %+v", entries)
		}
	})
}

func TestClean(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, c *clock) {
		r.must(t, func(tx *store.Tx) error {
			if err := tx.AddAnswer(&issuer.Answer{Caller: "c", Key: "k", RequestHash: []byte{1}, CreatedAt: tx.Now}); err != nil {
				return err
			}
			return tx.SaveSession(&issuer.Session{Token: "T", IssuerID: us, Data: []byte{}, ExpiresAt: tx.Now.Add(48 * time.Hour), CreatedAt: tx.Now})
		})
		c.forward(answerLife)
		do(t, r.Clean)
		if _, err := store.Read(t.Context(), r.Store, func(tx *store.Tx) (*issuer.Answer, error) { return tx.Answer("c", "k") }); err != nil {
			t.Errorf("an answer was removed too early: %v", err)
		}
		c.forward(time.Second)
		do(t, r.Clean)
		if _, err := store.Read(t.Context(), r.Store, func(tx *store.Tx) (*issuer.Answer, error) { return tx.Answer("c", "k") }); err == nil {
			t.Error("an old answer is there")
		}
		read(t, r, func(tx *store.Tx) (*issuer.Session, error) { return tx.Session("T") })
	})
}
