package jobs

import (
	"context"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// lastWordTTLms is how long readers may keep a list that will not change: a day.
const lastWordTTLms = 24 * 60 * 60 * 1000

// LastWord signs every status list as it is now, to count for life, and gives
// them by their ids. They are for hosts that cannot sign, after this service is
// gone; nothing is kept of them here. Whoever has one can show until it ends
// that a badge was not revoked by now.
func (r *Runner) LastWord(ctx context.Context, life time.Duration) (map[issuer.StatusListID][]byte, error) {
	return store.Read(ctx, r.Store, func(tx *store.Tx) (map[issuer.StatusListID][]byte, error) {
		if held, err := tx.Held(); err != nil || held.Holds() {
			if err == nil {
				err = issuer.Refuse(issuer.Unavailable, "The records came from a backup and are held until hallmark doctor --reconcile.")
			}
			return nil, err
		}
		lists, err := tx.StatusLists()
		if err != nil {
			return nil, err
		}
		last := map[issuer.StatusListID][]byte{}
		for _, l := range lists {
			if err := r.listNotBehind(&l); err != nil {
				return nil, err
			}
			set, err := tx.SetIndexes(l.ID)
			if err != nil {
				return nil, err
			}
			if last[l.ID], err = r.signed(tx, &l, set, term{life, lastWordTTLms}); err != nil {
				return nil, err
			}
		}
		return last, nil
	})
}
