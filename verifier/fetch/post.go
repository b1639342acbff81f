package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// Post hands a text to an address and gives the status and body of the answer,
// whatever the status: the guard is that of Get. An answer of more than max
// bytes is an error (0: MaxBytes). Errors are of type *Error.
func (f *Fetcher) Post(ctx context.Context, address, contentType string, text []byte, max int64) (status int, body []byte, err error) {
	f.once.Do(f.start)
	target, err := f.check(address)
	if err != nil {
		return 0, nil, err
	}
	if max <= 0 {
		max = orDefault(f.MaxBytes, DefaultMaxBytes)
	}
	ctx, cancel := context.WithTimeout(ctx, orDefault(f.Timeout, DefaultTimeout))
	defer cancel()
	host := target.url.Hostname()
	release, err := f.slots.take(ctx, target.url.Host)
	if err != nil {
		return 0, nil, refuse(ErrUnreachable, err, "Too many requests to %s are under way.", host)
	}
	defer release()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.url.String(), bytes.NewReader(text))
	if err != nil {
		return 0, nil, refuse(ErrNotAllowed, err, "The address is not one that can be asked.")
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", defaultUserAgent)
	if f.UserAgent != "" {
		req.Header.Set("User-Agent", f.UserAgent)
	}
	client := f.guarded
	if target.typed {
		client = f.typed
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, unreached(host, err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, max+1))
	if err != nil {
		return 0, nil, unreached(host, err)
	}
	if int64(len(body)) > max {
		return 0, nil, refuse(ErrAnswer, nil, "The answer of %s is larger than %d KiB.", host, max>>10)
	}
	return resp.StatusCode, body, nil
}
