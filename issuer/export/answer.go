package export

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Door is a handler that answers for a base URL, asked in this process.
type Door struct {
	http.Handler
	BaseURL string // without a slash at the end
}

// ask asks for a path below the base; nil if nothing is there, or nothing for
// anyone.
func (d Door) ask(ctx context.Context, path, accept string) (*answer, error) {
	a, err := d.send(ctx, path, accept)
	if err != nil {
		return nil, err
	}
	switch a.status {
	case http.StatusOK:
		return a, nil
	case http.StatusNotFound, http.StatusGone, http.StatusConflict:
		return nil, nil
	}
	return nil, fmt.Errorf("copy %s: the service answers %d", path, a.status)
}

func (d Door) send(ctx context.Context, path, accept string) (*answer, error) {
	base, err := url.Parse(d.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("read the base URL: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.EscapedPath()+path, nil)
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", path, err)
	}
	req.Host = base.Host
	req.Header.Set("Accept", accept)
	a := &answer{header: http.Header{}, status: http.StatusOK}
	d.ServeHTTP(a, req)
	return a, ctx.Err()
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	begun  bool
}

// Header is that of the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader keeps the first status.
func (a *answer) WriteHeader(status int) {
	if !a.begun {
		a.status, a.begun = status, true
	}
}

// Write keeps the body.
func (a *answer) Write(p []byte) (int, error) {
	a.begun = true
	return a.body.Write(p)
}
