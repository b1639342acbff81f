package registrar

import (
	"context"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// ForgetOld removes what is kept longer than Retention says, and leaves an entry if
// there was anything. Concerns are TendConcerns'.
func (r *Registrar) ForgetOld(ctx context.Context) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		w := &work{Tx: tx, r: r, by: issuer.Caller{System: "jobs"}, detail: map[string]any{}}
		if mine, err := tx.TryLock("retention"); err != nil || !mine {
			return struct{}{}, err
		}
		if err := w.identify(); err != nil {
			return struct{}{}, err
		}
		keep := r.Retention.Usual()
		n, err := w.Tx.ForgetOld(w.Now.Add(-keep.Mails), w.Now.Add(-keep.Browsers), w.Now.Add(-keep.Drafts))
		if err != nil || n == (store.Forgotten{}) {
			return struct{}{}, err
		}
		w.note("mails", n.Mails)
		w.note("browsers", n.Browsers)
		w.note("drafts", n.Drafts)
		return struct{}{}, w.audit("records.forget", "done")
	})
	return err
}

// Us tells who the issuer is.
func (r *Registrar) Us(ctx context.Context) (*issuer.Issuer, error) {
	return look(ctx, r, issuer.Caller{}, func(w *work) (*issuer.Issuer, error) { return w.us, nil })
}
