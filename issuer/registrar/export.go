package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
)

// ExportSite records that a copy of the public site is made, with status lists
// that count until a time: from then on somebody may hold the word of today for
// so long. Only who runs the installation may have that signed, and not from
// records that are held.
func (r *Registrar) ExportSite(ctx context.Context, by issuer.Caller, until time.Time) error {
	_, err := act(ctx, r, by, "site.export", "", func(w *work) (struct{}, error) {
		if err := w.mayManage(""); err != nil {
			return struct{}{}, err
		}
		held, err := w.Held()
		if err == nil && held.Holds() {
			err = issuer.Refuse(issuer.Unavailable, "The records came from a backup and are held until hallmark doctor --reconcile.")
		}
		w.note("until", until.UTC().Format(time.RFC3339))
		return struct{}{}, err
	})
	return err
}
