package registrar

import (
	"context"

	"hallmark/issuer"
)

// BounceResult is where a mail stands after a report about it.
type BounceResult struct {
	Standing issuer.Standing
	Action   issuer.MailAction
	Status   string
	Changed  bool
}

// MayReportBounces lets through who hands in what mail servers report: who runs
// the installation, and a client with the scope for it.
func (r *Registrar) MayReportBounces(ctx context.Context, by issuer.Caller) error {
	_, err := look(ctx, r, by, func(w *work) (struct{}, error) { return struct{}{}, w.mayByScope("", issuer.BouncesWrite) })
	return err
}

// RecordBounce notes what a mail server reports of a mail. The mark in the mail's
// id finds it, which is random: who did not get the mail or a report about it
// cannot know it. The same report again changes nothing.
func (r *Registrar) RecordBounce(ctx context.Context, by issuer.Caller, b issuer.Bounce) (*BounceResult, error) {
	return act(ctx, r, by, "mail.bounce", "", func(w *work) (*BounceResult, error) {
		if err := w.mayByScope("", issuer.BouncesWrite); err != nil {
			return nil, err
		}
		m, err := w.MessageByMark(b.Mark)
		if err != nil {
			return nil, err
		}
		w.object = string(m.ID)
		changed := m.Report(b, w.Now)
		w.note("status", b.Status)
		w.note("changed", changed)
		if changed {
			if err := w.SaveMessage(m); err != nil {
				return nil, err
			}
		}
		return &BounceResult{Standing: m.Standing(), Action: b.Action, Status: b.Status, Changed: changed}, nil
	})
}
