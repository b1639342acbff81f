// Package fetch is the guarded HTTP client: the only way in which this program
// asks other people's servers for something that a stranger's badge names, and
// the only package of the verifier that knows net/http.
//
// A badge may name any address, so a verifier without a guard is a way into the
// network it runs in. The guard: https on port 443 alone, DNS names alone, names
// resolved here and every address looked at before it is dialled (dialling the
// address that was looked at, so that a name cannot change its mind), no
// redirects, no cookies, no proxy, no compression, little time, few bytes, few
// requests at once. Nothing is kept: no cache, no connection.
//
// An origin in Allow was typed by the person who runs the program. It may be
// http, loopback or private; it is never widened by what a badge says.
//
// The package also holds the look-ups of the verifier over HTTP: Keys, Status,
// Newer and Legacy. It decides nothing about what it brings.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// What a zero Fetcher allows.
const (
	DefaultMaxBytes = 256 << 10
	DefaultTimeout  = 3 * time.Second
	ListMaxBytes    = 2 << 20 // a status list as served

	defaultPerHost   = 2
	defaultTotal     = 16
	maxHeaderBytes   = 16 << 10
	maxDials         = 4 // addresses of one name that are tried
	defaultUserAgent = "Hallmark"
)

// Fetcher gets documents under guard. The zero value works and is the strictest.
// Its fields are set before the first use; it is used by pointer, from any
// number of goroutines.
type Fetcher struct {
	Resolve   func(ctx context.Context, host string) ([]netip.Addr, error)         // nil: the system's resolver
	Dial      func(ctx context.Context, network, address string) (net.Conn, error) // nil: the system's; gets checked addresses only
	Allow     []string                                                             // origins (see Origin) that the person typed
	Roots     *x509.CertPool                                                       // nil: the system's
	MaxBytes  int64                                                                // of a body; 0: DefaultMaxBytes
	Timeout   time.Duration                                                        // of a whole request; 0: DefaultTimeout
	PerHost   int                                                                  // requests at once to one host; 0: 2
	Total     int                                                                  // requests at once in all; 0: 16
	UserAgent string                                                               // "": Hallmark

	once    sync.Once
	slots   *slots
	guarded *http.Client
	typed   *http.Client
}

// Kinds of failure, for errors.Is. The first is "we do not ask there", the
// others are "we asked, and": only they may go better another time.
var (
	ErrNotAllowed  = errors.New("fetch: not allowed")
	ErrUnreachable = errors.New("fetch: could not be reached")
	ErrNotFound    = errors.New("fetch: nothing there") // also what is gone
	ErrGone        = errors.New("fetch: withdrawn")     // it was there, and was taken away (410)
	ErrAnswer      = errors.New("fetch: unusable answer")
)

// Error is why a document could not be had: Kind is one of the values above,
// Reason a sentence for people that names the host and nothing of our network.
type Error struct {
	Kind   error
	Reason string
	Cause  error // for the log; may be nil
}

func (e *Error) Error() string { return e.Reason }

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

func refuse(kind, cause error, format string, args ...any) error {
	return &Error{Kind: kind, Cause: cause, Reason: fmt.Sprintf(format, args...)}
}

// Get fetches address and returns the body and its Content-Type as sent. accept
// is the Accept header; a body of more than max bytes is an error (0: MaxBytes).
// Errors are of type *Error.
func (f *Fetcher) Get(ctx context.Context, address, accept string, max int64) (body []byte, contentType string, err error) {
	f.once.Do(f.start)
	target, err := f.check(address)
	if err != nil {
		return nil, "", err
	}
	if max <= 0 {
		max = orDefault(f.MaxBytes, DefaultMaxBytes)
	}
	ctx, cancel := context.WithTimeout(ctx, orDefault(f.Timeout, DefaultTimeout))
	defer cancel()
	release, err := f.slots.take(ctx, target.url.Host)
	if err != nil {
		return nil, "", refuse(ErrUnreachable, err, "Too many requests to %s are under way.", target.url.Hostname())
	}
	defer release()
	return f.ask(ctx, target, accept, max)
}

func orDefault[T int | int64 | time.Duration](value, otherwise T) T {
	if value > 0 {
		return value
	}
	return otherwise
}

func (f *Fetcher) start() {
	f.slots = newSlots(orDefault(f.Total, defaultTotal), orDefault(f.PerHost, defaultPerHost))
	f.guarded = f.client(true)
	f.typed = f.client(false)
}

// client differs for guarded and typed origins in the look at addresses alone.
func (f *Fetcher) client(guard bool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy: nil, // never from the environment: a proxy would resolve for us
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return f.dial(ctx, network, address, guard)
			},
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: f.Roots},
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: maxHeaderBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (f *Fetcher) ask(ctx context.Context, target target, accept string, max int64) ([]byte, string, error) {
	host := target.url.Hostname()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.url.String(), nil)
	if err != nil {
		return nil, "", refuse(ErrNotAllowed, err, "The address is not one that can be asked.")
	}
	req.Header.Set("Accept", accept)
	req.Header.Set("Accept-Encoding", "identity")
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
		return nil, "", unreached(host, err)
	}
	defer resp.Body.Close()
	if err := usable(resp, host); err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, max+1))
	if err != nil {
		return nil, "", unreached(host, err)
	}
	if int64(len(body)) > max {
		return nil, "", refuse(ErrAnswer, nil, "The document at %s is larger than %d KiB.", host, max>>10)
	}
	return body, resp.Header.Get("Content-Type"), nil
}

func usable(resp *http.Response, host string) error {
	encoding := resp.Header.Get("Content-Encoding")
	switch code := resp.StatusCode; {
	case code == http.StatusGone:
		return refuse(ErrNotFound, ErrGone, "%s has no document there any more (it answered %d).", host, code)
	case code == http.StatusNotFound:
		return refuse(ErrNotFound, nil, "%s has no document there (it answered %d).", host, code)
	case code >= 300 && code < 400:
		return refuse(ErrAnswer, nil, "%s sends us elsewhere (it answered %d); redirects are not followed.", host, code)
	case code != http.StatusOK:
		return refuse(ErrAnswer, nil, "%s answered %d.", host, code)
	case encoding != "" && encoding != "identity":
		return refuse(ErrAnswer, nil, "%s answered in an encoding that was not asked for.", host)
	}
	return nil
}

// unreached keeps a refusal of the guard as it is and calls anything else what
// it is to the person who asked.
func unreached(host string, err error) error {
	var refusal *Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &certificate):
		return refuse(ErrUnreachable, err, "%s has no certificate that we accept.", host)
	case errors.Is(err, context.DeadlineExceeded):
		return refuse(ErrUnreachable, err, "%s did not answer in time.", host)
	}
	return refuse(ErrUnreachable, redact(err), "%s could not be reached.", host)
}

// redact drops the address from the standard client's error: it may hold an id
// that is somebody's secret.
func redact(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
