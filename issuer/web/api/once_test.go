package api

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
)

// TestStillAtWork: while a request is at work, its twin is told so, and the
// key is free again afterwards.
func TestStillAtWork(t *testing.T) {
	a, by := &API{}, issuer.Caller{Client: "C"}
	send := func(act func(context.Context) (int, error)) error {
		req := httptest.NewRequest("POST", "/api/v1/completions", nil)
		req.Header.Set("Idempotency-Key", "k")
		c := echo.New().NewContext(req, httptest.NewRecorder())
		return answer(a, c, by, act, func(int) (int, any) { return 201, "made" })
	}
	err := send(func(context.Context) (int, error) {
		err := send(func(context.Context) (int, error) { t.Error("the twin ran"); return 0, nil })
		if !errors.Is(err, issuer.Conflict) {
			t.Errorf("the twin got %v", err)
		}
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := false
	if err := send(func(context.Context) (int, error) { ran = true; return 1, nil }); err != nil || !ran {
		t.Errorf("afterwards: ran %v, %v", ran, err)
	}
}
