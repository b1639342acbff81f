package registrar

import (
	"context"

	"hallmark/issuer"
)

// RequestsView is what people ask that the caller can answer, the oldest first.
type RequestsView struct {
	Names   []NameRequestView
	Appeals []AppealView
	// Questions are those of readers about badges.
	Questions []QuestionView
}

// Waiting is how many requests there are.
func (v *RequestsView) Waiting() int { return len(v.Names) + len(v.Appeals) + len(v.Questions) }

// Requests lists what people ask that the caller can answer.
func (r *Registrar) Requests(ctx context.Context, by issuer.Caller) (*RequestsView, error) {
	return look(ctx, r, by, func(w *work) (*RequestsView, error) {
		if _, err := w.me(); err != nil {
			return nil, err
		}
		return w.requests()
	})
}

// requests reads them once: home shows them and counts them with what is stuck.
func (w *work) requests() (*RequestsView, error) {
	if w.asking != nil {
		return w.asking, nil
	}
	names, err := w.nameRequests()
	if err != nil {
		return nil, err
	}
	appeals, err := w.openAppeals()
	if err != nil {
		return nil, err
	}
	questions, err := w.openQuestions()
	if err != nil {
		return nil, err
	}
	w.asking = &RequestsView{names, appeals, questions}
	return w.asking, nil
}
