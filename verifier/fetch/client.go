package fetch

import (
	"context"
	"io"
	"net/http"
)

// Client gives an http.Client whose every request goes under the guard of Get, for
// libraries that ask for one. Redirects are not followed, and of a body at most
// MaxBytes can be read.
func (f *Fetcher) Client() *http.Client {
	return &http.Client{
		Transport:     guardedTrip{f},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       orDefault(f.Timeout, DefaultTimeout),
	}
}

// guardedTrip holds a place among the requests under way until the body is closed.
type guardedTrip struct{ f *Fetcher }

func (g guardedTrip) RoundTrip(req *http.Request) (*http.Response, error) {
	f := g.f
	f.once.Do(f.start)
	target, err := f.check(req.URL.String())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), orDefault(f.Timeout, DefaultTimeout))
	release, err := f.slots.take(ctx, target.url.Host)
	if err != nil {
		cancel()
		return nil, refuse(ErrUnreachable, err, "Too many requests to %s are under way.", target.url.Hostname())
	}
	done := func() { release(); cancel() }
	client := f.guarded
	if target.typed {
		client = f.typed
	}
	ours := req.Clone(ctx)
	ours.URL = target.url
	if ours.Header.Get("User-Agent") == "" {
		ours.Header.Set("User-Agent", defaultUserAgent)
	}
	resp, err := client.Transport.RoundTrip(ours)
	if err != nil {
		done()
		return nil, unreached(target.url.Hostname(), err)
	}
	resp.Body = &bounded{resp.Body, orDefault(f.MaxBytes, DefaultMaxBytes), done, target.url.Hostname()}
	return resp, nil
}

// bounded is a body of which only so much is read.
type bounded struct {
	body io.ReadCloser
	left int64
	done func()
	host string
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, refuse(ErrAnswer, nil, "The answer of %s is too large.", b.host)
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, refuse(ErrAnswer, nil, "The answer of %s is too large.", b.host)
	}
	return n, err
}

// Close lets the next request have the place. It may be called twice.
func (b *bounded) Close() error {
	if b.done != nil {
		b.done()
		b.done = nil
	}
	return b.body.Close()
}
