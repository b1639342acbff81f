package jobs

import (
	"context"
	"crypto/rand"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// answerLife is how long the answer to a repeated request is kept.
const answerLife = 24 * time.Hour

const expireAtOnce = 200

// Expire ends the awards whose time ran out. Nothing is signed: the date is in
// the credential, and every reader sees it there.
func (r *Runner) Expire(ctx context.Context) error {
	for {
		n, err := store.Write(ctx, r.Store, expire)
		if err != nil || n < expireAtOnce {
			return err
		}
	}
}

func expire(tx *store.Tx) (int, error) {
	if mine, err := tx.TryLock("expire"); err != nil || !mine {
		return 0, err
	}
	awards, err := tx.Expire(expireAtOnce)
	for _, a := range awards {
		if err != nil {
			return 0, err
		}
		err = tx.AddAuditEntry(&issuer.AuditEntry{ID: issuer.AuditID(rand.Text()), IssuerID: a.IssuerID, At: tx.Now,
			Actor: issuer.Caller{System: "jobs"}.Actor(), Act: "award.expire", Object: string(a.ID), Outcome: "done", Detail: "{}"})
	}
	return len(awards), err
}

// IssueDeferred issues what facts bring about that were recorded while issuing
// was stopped, once it is not any more.
func (r *Runner) IssueDeferred(ctx context.Context) error {
	if r.Deferred == nil {
		return nil
	}
	return r.Deferred(ctx)
}

// jobLife is how long it can be read what became of a job: long enough to act
// on what it refused, and no longer, because it names people.
const jobLife = 30 * 24 * time.Hour

// RemindHolders tells the holders of badges that end soon.
func (r *Runner) RemindHolders(ctx context.Context) error {
	if r.Remind == nil {
		return nil
	}
	return r.Remind(ctx)
}

// TellInTime mails what the time has come for.
func (r *Runner) TellInTime(ctx context.Context) error {
	if r.Tell == nil {
		return nil
	}
	return r.Tell(ctx)
}

// Clean removes sessions and links that ended, answers that need not be
// repeated any more, and jobs that ended long ago, and takes what was erased out
// of the file of the database where that could not be done at once.
func (r *Runner) Clean(ctx context.Context) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (int64, error) {
		if err := tx.RemoveIssueJobs(tx.Now.Add(-jobLife)); err != nil {
			return 0, err
		}
		return tx.RemoveEnded(tx.Now.Add(-answerLife))
	})
	if err != nil {
		return err
	}
	return r.Store.Rescrub(ctx)
}
