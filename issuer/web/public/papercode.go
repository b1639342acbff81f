package public

import (
	"context"
	"errors"
	"net/http"

	"hallmark/issuer"
	verifyweb "hallmark/verifier/web"
)

// Code finds the badge of a code that someone typed from paper. What is wrong with
// the code is told beside it; a badge that was taken down is none, as everywhere.
func (p *Public) Code(ctx context.Context, typed string) (string, error) {
	id, err := p.Published.OfPaperCode(ctx, typed)
	var refusal *issuer.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind == issuer.Invalid:
		return "", verifyweb.WrongField(refusal.Field, "%s", refusal.Reason)
	case errors.As(err, &refusal):
		return "", verifyweb.NewProblem(http.StatusNotFound, "%s", refusal.Reason)
	}
	return p.linkOf(id), err
}
