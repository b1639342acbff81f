package registrar

import (
	"context"

	"hallmark/issuer"
)

// RequestsView is what people ask that the caller can answer, the oldest first.
type RequestsView struct {
	Names   []NameRequestView
	Appeals []AppealView
}

// Requests lists what people ask that the caller can answer.
func (r *Registrar) Requests(ctx context.Context, by issuer.Caller) (*RequestsView, error) {
	return look(ctx, r, by, func(w *work) (*RequestsView, error) {
		if _, err := w.me(); err != nil {
			return nil, err
		}
		return w.requests()
	})
}

func (w *work) requests() (*RequestsView, error) {
	names, err := w.nameRequests()
	if err != nil {
		return nil, err
	}
	appeals, err := w.openAppeals()
	return &RequestsView{names, appeals}, err
}
