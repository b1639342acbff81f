package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const somewhere = "93.184.215.14" // a public address; never dialled: the dialer is a fake

// world is the Internet of a test: every name in it leads to one loopback
// server, whatever its address.
type world struct {
	*httptest.Server
	mu     sync.Mutex
	names  map[string][]string // host → addresses, one answer; several calls take turns if joined by "then"
	asked  map[string]int
	dialed []string
}

func newWorld(t *testing.T, handler http.HandlerFunc) *world {
	t.Helper()
	w := &world{Server: httptest.NewTLSServer(handler), names: map[string][]string{"example.com": {somewhere}}, asked: map[string]int{}}
	w.Config.ErrorLog = nil
	t.Cleanup(w.Close)
	return w
}

func (w *world) fetcher() *Fetcher {
	roots := x509.NewCertPool()
	roots.AddCert(w.Certificate())
	return &Fetcher{Resolve: w.resolve, Dial: w.dial, Roots: roots, Timeout: 2 * time.Second}
}

// resolve answers names[host] on the first call and names[host+" later"], if
// there is one, on those after it.
func (w *world) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[host]++
	texts, ok := w.names[host]
	if later, has := w.names[host+" later"]; has && w.asked[host] > 1 {
		texts = later
	}
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	addrs := make([]netip.Addr, len(texts))
	for i, text := range texts {
		addrs[i] = netip.MustParseAddr(text)
	}
	return addrs, nil
}

func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	w.dialed = append(w.dialed, address)
	w.mu.Unlock()
	return (&net.Dialer{}).DialContext(ctx, network, w.Listener.Addr().String())
}

func TestGet(t *testing.T) {
	var got *http.Request
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		got = r
		rw.Header().Set("Content-Type", "application/did+json")
		fmt.Fprint(rw, `{"id":"x"}`)
	})
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("https_proxy", "http://127.0.0.1:1")
	body, contentType, err := w.fetcher().Get(t.Context(), "https://Example.com:443/a%20b?c=d#fragment", "application/json", 0)
	if err != nil || string(body) != `{"id":"x"}` || contentType != "application/did+json" {
		t.Fatalf("%q %q %v", body, contentType, err)
	}
	want := http.Header{"Accept": {"application/json"}, "Accept-Encoding": {"identity"}, "User-Agent": {"Hallmark"}, "Connection": {"close"}}
	if diff := cmp.Diff(want, got.Header); diff != "" {
		t.Error(diff)
	}
	if got.RequestURI != "/a%20b?c=d" || got.Host != "example.com" || got.TLS.ServerName != "example.com" {
		t.Errorf("%q at %q, TLS %q", got.RequestURI, got.Host, got.TLS.ServerName)
	}
	if diff := cmp.Diff([]string{somewhere + ":443"}, w.dialed); diff != "" {
		t.Error(diff)
	}
}

func TestHostileAddresses(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	f := w.fetcher()
	f.Allow = []string{"http://127.0.0.1:8080", "https://badges.example.com:8443"}
	for _, address := range []string{
		"", "example.com", "//example.com/", "https:", "https://", "https:///x", "https:example.com", "https://:443/",
		"http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "data:text/plain,x", "HTTPS+unix://x/",
		"https://example.com:8443/", "https://example.com:80/", "https://example.com:0443/", "https://example.com:/", "https://example.com:99999/", "https://example.com:x/",
		"https://user@example.com/", "https://user:pass@example.com/", "https://:@example.com/", "https://example.com@127.0.0.1/", "https://127.0.0.1\\@example.com/",
		"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://1.2.3.0x4/", "https://8.8.8.8/",
		"https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[2606:4700::1]/", "https://[fe80::1%25eth0]/", "https://[::1/",
		"https://localhost/", "https://LOCALHOST/", "https://a.localhost/", "https://printer.local/", "https://metadata.google.internal/", "https://x.onion/", "https://nas.home.arpa/", "https://intranet/",
		"https://example.com./", "https://.example.com/", "https://a..com/", "https://-a.com/", "https://a-.com/", "https://a_b.example.com/", "https://exämple.com/", "https://ex%61mple.com/", "https://example.com%2f.evil.org/", "https://example.com%00/",
		"https://" + strings.Repeat("a", 64) + ".com/", "https://" + strings.Repeat("a.", 130) + "com/", "https://example.com/" + strings.Repeat("a", maxURL),
		"https://example.com/a b", "https://example.com/\n", " https://example.com/", "https://example.com/\x00", "https://example.com/\u202e",
		"http://127.0.0.1/", "http://127.0.0.1:8081/", "https://127.0.0.1:8080/", "http://127.0.0.1:8080@example.com/", "http://x@127.0.0.1:8080/", "http://127.0.0.1.example.com:8080/", "https://badges.example.com/x:8443", "http://badges.example.com:8443/",
	} {
		if _, _, err := f.Get(t.Context(), address, "*/*", 0); !errors.Is(err, ErrNotAllowed) && !(address == "https://badges.example.com/x:8443" && errors.Is(err, ErrUnreachable)) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if len(w.dialed) > 0 {
		t.Errorf("dialled %v", w.dialed)
	}
}

func TestPublic(t *testing.T) {
	tests := map[bool][]string{
		true: {somewhere, "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255",
			"2606:4700::1111", "2001:4860:4860::8888", "2a00::1", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"},
		false: {"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
			"192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
			"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
			"64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::", "2001::1", "2001:0:808:808::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "3fff:fff::1", "100::1", "5f00::1", "4000::1"},
	}
	for want, list := range tests {
		for _, text := range list {
			if got := public(netip.MustParseAddr(text)); got != want {
				t.Errorf("public(%s) = %v", text, got)
			}
		}
	}
	if public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
}

func TestHostileAnswers(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.names = map[string][]string{
		"loop.example.com":         {"127.0.0.1"},
		"meta.example.com":         {"169.254.169.254"},
		"mapped.example.com":       {"::ffff:10.0.0.1"},
		"mixed.example.com":        {somewhere, "10.0.0.1"},
		"mixed6.example.com":       {somewhere, "2606:4700::1", "fd00::1"},
		"fifth.example.com":        {somewhere, somewhere, somewhere, somewhere, "127.0.0.1"},
		"empty.example.com":        {},
		"rebind.example.com":       {somewhere},
		"rebind.example.com later": {"127.0.0.1"},
	}
	f := w.fetcher()
	for host := range w.names {
		want := ErrNotAllowed
		switch {
		case host == "empty.example.com":
			want = ErrUnreachable
		case strings.HasPrefix(host, "rebind"):
			continue
		}
		if _, _, err := f.Get(t.Context(), "https://"+host+"/", "*/*", 0); !errors.Is(err, want) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(w.dialed) > 0 {
		t.Errorf("dialled %v", w.dialed)
	}
	if _, _, err := f.Get(t.Context(), "https://unknown.example.com/", "*/*", 0); !errors.Is(err, ErrUnreachable) {
		t.Errorf("unknown name: %v", err)
	}
}

// TestRebinding: a name that changes its mind is asked once per request, so that
// what was looked at is what is dialled; the next request is refused.
func TestRebinding(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.names = map[string][]string{"example.com": {somewhere}, "example.com later": {"127.0.0.1"}}
	f := w.fetcher()
	if _, _, err := f.Get(t.Context(), "https://example.com/", "*/*", 0); err != nil {
		t.Fatal(err)
	}
	if w.asked["example.com"] != 1 {
		t.Errorf("resolved %d times for one request", w.asked["example.com"])
	}
	if _, _, err := f.Get(t.Context(), "https://example.com/", "*/*", 0); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("second request: %v", err)
	}
	if diff := cmp.Diff([]string{somewhere + ":443"}, w.dialed); diff != "" {
		t.Error(diff)
	}
}

func TestAnswers(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/exact":
			rw.Write(bytes.Repeat([]byte("x"), DefaultMaxBytes))
		case "/long":
			rw.Header().Set("Content-Length", fmt.Sprint(DefaultMaxBytes+1))
			rw.Write(bytes.Repeat([]byte("x"), DefaultMaxBytes+1))
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := rw.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		case "/away":
			http.Redirect(rw, r, "https://example.com/exact", http.StatusFound)
		case "/inside":
			http.Redirect(rw, r, "http://169.254.169.254/latest/meta-data", http.StatusTemporaryRedirect)
		case "/gzip":
			rw.Header().Set("Content-Encoding", "gzip")
			rw.Write([]byte("\x1f\x8b"))
		case "/cut":
			rw.Header().Set("Content-Length", "100")
			rw.Write([]byte("x"))
		case "/headers":
			rw.Header().Set("X", strings.Repeat("x", 2*maxHeaderBytes))
		case "/missing":
			rw.WriteHeader(http.StatusNotFound)
		case "/gone":
			rw.WriteHeader(http.StatusGone)
		case "/empty":
			rw.WriteHeader(http.StatusNoContent)
		case "/part":
			rw.WriteHeader(http.StatusPartialContent)
		case "/broken":
			rw.WriteHeader(http.StatusInternalServerError)
		}
	})
	f := w.fetcher()
	for path, want := range map[string]error{
		"/exact": nil, "/": nil, "/long": ErrAnswer, "/endless": ErrAnswer, "/away": ErrAnswer, "/inside": ErrAnswer, "/gzip": ErrAnswer, "/cut": ErrUnreachable,
		"/headers": ErrUnreachable, "/missing": ErrNotFound, "/gone": ErrNotFound, "/empty": ErrAnswer, "/part": ErrAnswer, "/broken": ErrAnswer,
	} {
		before := len(w.dialed)
		body, _, err := f.Get(t.Context(), "https://example.com"+path, "*/*", 0)
		if !errors.Is(err, want) || err != nil && body != nil {
			t.Errorf("%s: %d bytes, %v", path, len(body), err)
		}
		var refusal *Error
		if err != nil && (!errors.As(err, &refusal) || strings.Contains(refusal.Reason, "https:") || strings.Contains(refusal.Reason, somewhere)) {
			t.Errorf("%s: %T %v", path, err, err)
		}
		if len(w.dialed) != before+1 {
			t.Errorf("%s: dialled %v", path, w.dialed[before:])
		}
	}
	if _, _, err := f.Get(t.Context(), "https://example.com/long", "*/*", ListMaxBytes); err != nil {
		t.Errorf("a list of that size: %v", err)
	}
}

func TestCertificates(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	w.Config.ErrorLog = quiet()
	w.names["other.org"] = []string{somewhere}
	if _, _, err := w.fetcher().Get(t.Context(), "https://other.org/", "*/*", 0); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("another name: %v", err)
	}
	f := w.fetcher()
	f.Roots = x509.NewCertPool()
	if _, _, err := f.Get(t.Context(), "https://example.com/", "*/*", 0); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("unknown authority: %v", err)
	}
}

func TestSlow(t *testing.T) {
	stop := make(chan struct{})
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			rw.Write([]byte("{"))
			rw.(http.Flusher).Flush()
		}
		<-stop
	})
	t.Cleanup(func() { close(stop) })
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	tests := map[string]func(*Fetcher){
		"headers": func(*Fetcher) {},
		"body":    func(*Fetcher) {},
		"names": func(f *Fetcher) {
			f.Resolve = func(ctx context.Context, _ string) ([]netip.Addr, error) { return nil, hang(ctx) }
		},
		"dialling": func(f *Fetcher) {
			f.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { return nil, hang(ctx) }
		},
		"handshake": func(f *Fetcher) {
			f.Dial = func(context.Context, string, string) (net.Conn, error) { c, _ := net.Pipe(); return c, nil }
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			f := w.fetcher()
			f.Timeout = 100 * time.Millisecond
			change(f)
			start := time.Now()
			_, _, err := f.Get(t.Context(), "https://example.com/"+name, "*/*", 0)
			if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "in time") {
				t.Errorf("%v", err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestSecondAddress: one dead address does not make a host unreachable.
func TestSecondAddress(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.names["example.com"] = []string{"2606:4700::1", somewhere}
	f := w.fetcher()
	f.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "[") {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return w.dial(ctx, network, address)
	}
	f.Timeout = time.Second
	if _, _, err := f.Get(t.Context(), "https://example.com/", "*/*", 0); err != nil {
		t.Error(err)
	}
}

func TestTypedOrigin(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(rw, r, "/here", http.StatusFound)
		}
		fmt.Fprint(rw, "here")
	}))
	t.Cleanup(server.Close)
	origin, err := Origin(server.URL + "/v/X?y#z")
	if err != nil || origin != server.URL {
		t.Fatalf("%q %v", origin, err)
	}
	f := &Fetcher{Allow: []string{origin}}
	if body, _, err := f.Get(t.Context(), server.URL+"/status/1", "*/*", 0); err != nil || string(body) != "here" {
		t.Errorf("%q %v", body, err)
	}
	if _, _, err := f.Get(t.Context(), server.URL+"/away", "*/*", 0); !errors.Is(err, ErrAnswer) {
		t.Errorf("redirect: %v", err)
	}
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	f = &Fetcher{Allow: []string{byName}}
	if body, _, err := f.Get(t.Context(), byName+"/", "*/*", 0); err != nil || string(body) != "here" {
		t.Errorf("%q %v", body, err)
	}
	strict := &Fetcher{}
	if _, _, err := strict.Get(t.Context(), server.URL, "*/*", 0); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("not typed: %v", err)
	}
}

func TestOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"https://Example.com/a":     "https://example.com",
		"https://example.com:443/a": "https://example.com",
		"http://example.com:80":     "http://example.com",
		"http://example.com:443":    "http://example.com:443",
		"http://[::1]:8080/":        "http://[::1]:8080",
		"http://localhost:8080/v/X": "http://localhost:8080",
		"https://u@example.com":     "",
		"mailto:a@example.com":      "",
	} {
		if got, err := Origin(address); got != want || (err == nil) != (want != "") {
			t.Errorf("Origin(%q) = %q, %v", address, got, err)
		}
	}
}

// TestConcurrency: as many at once as allowed, because each request waits for
// that, and no more, because those that got in linger.
func TestConcurrency(t *testing.T) {
	var mu sync.Mutex
	var now, most, want int
	var full chan struct{}
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		if now > most {
			most = now
			if most == want {
				close(full)
			}
		}
		mu.Unlock()
		select {
		case <-full:
			time.Sleep(5 * time.Millisecond)
		case <-time.After(5 * time.Second):
		}
		mu.Lock()
		now--
		mu.Unlock()
	})
	w.names["a.example.com"], w.names["b.example.com"] = []string{somewhere}, []string{somewhere}
	for _, tt := range []struct {
		hosts                []string
		perHost, total, want int
	}{
		{[]string{"example.com"}, 2, 16, 2},
		{[]string{"example.com", "a.example.com", "b.example.com"}, 2, 3, 3},
	} {
		most, want, full = 0, tt.want, make(chan struct{})
		f := w.fetcher()
		f.PerHost, f.Total, f.Timeout = tt.perHost, tt.total, 20*time.Second
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				if _, _, err := f.Get(t.Context(), "https://"+tt.hosts[i%len(tt.hosts)]+"/", "*/*", 0); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most != tt.want {
			t.Errorf("%v: %d at once, want %d", tt.hosts, most, tt.want)
		}
		if len(f.slots.hosts) > 0 || len(f.slots.all) > 0 {
			t.Errorf("left behind: %v", f.slots.hosts)
		}
	}
}

func TestBusy(t *testing.T) {
	stop := make(chan struct{})
	started := make(chan struct{}, 1)
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { started <- struct{}{}; <-stop })
	w.names["a.example.com"] = []string{somewhere}
	for _, host := range []string{"example.com", "a.example.com"} { // the lane is full, then all places are
		f := w.fetcher()
		f.PerHost, f.Total = 1, 1
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _, _ = f.Get(context.Background(), "https://example.com/", "*/*", 0)
		}()
		<-started
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, _, err := f.Get(ctx, "https://"+host+"/", "*/*", 0); !errors.Is(err, ErrUnreachable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", host, err)
		}
		cancel()
		stop <- struct{}{}
		<-done
		if len(f.slots.hosts) > 0 {
			t.Errorf("left behind: %v", f.slots.hosts)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("https://example.com/x")
	f.Add("https://a@127.0.0.1:443\\x")
	f.Add("https://0x7f.1%2e/")
	f.Fuzz(func(t *testing.T, address string) {
		target, err := (&Fetcher{}).check(address)
		if err != nil {
			return
		}
		u := target.url
		if u.Scheme != "https" || u.User != nil || u.Port() != "" || !publicName(u.Host) || target.typed {
			t.Fatalf("%q let through as %s", address, u)
		}
		if _, err := netip.ParseAddr(u.Host); err == nil {
			t.Fatalf("%q is an address", u.Host)
		}
		again, err := (&Fetcher{}).check(u.String())
		if len(u.String()) <= maxURL && (err != nil || again.url.Host != u.Host) {
			t.Fatalf("%q reads as %v, %v", u, again.url, err)
		}
	})
}
