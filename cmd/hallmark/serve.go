package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

type serveCmd struct {
	Addr    string `help:"Where to listen; \":8080\" if nothing says otherwise." placeholder:"ADDR"`
	BaseURL string `name:"base-url" help:"Address people use, https://…; badges carry it for ever." placeholder:"URL"`
	Move    bool   `name:"move-base-url" help:"Move the installation to the base URL for good; badges from before keep the old one, which must go on leading here."`
}

// collectSeldom lets the heap grow to five times of what lives in it, up to a GiB,
// before it is collected: nearly everything lives for one request, what stays is
// some dozens of MB, and collecting took an eighth of the time of issuing. The
// variables of Go's runtime win.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}

// Run serves until it is told to stop.
func (s *serveCmd) Run(ctx context.Context, cli *commands, std streams) error {
	cfg, err := cli.load()
	if err != nil {
		return err
	}
	if s.Addr != "" {
		cfg.Addr = s.Addr
	}
	if s.BaseURL != "" {
		if cfg.BaseURL, err = cleanBase(s.BaseURL); err != nil {
			return err
		}
	}
	if cfg.serving, cfg.move = true, s.Move; s.Move && cfg.BaseURL == "" {
		return issuer.Refuse(issuer.Invalid, "Say where to: --move-base-url needs --base-url.")
	}
	collectSeldom()
	log := newLogger(std.err, slog.LevelInfo)
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	front := &front{health: basePath(cfg.BaseURL) + "/healthz"}
	front.wait("The service is starting.")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	var running *parts
	var startErr error
	group.Go(func() { servePrivate(ctx, cfg.PrivateAddr, log) })
	group.Go(func() {
		p, err := s.whenReady(ctx, cfg, log, front)
		if err != nil {
			if ctx.Err() == nil { // else it was told to stop while it waited
				startErr = err
			}
			stop()
			return
		}
		running = p
		s.announce(ctx, p, std)
		group.Go(func() { p.makeTokenKey(ctx) })
		group.Go(func() { p.backups(ctx) })
		p.Jobs.Run(ctx)
	})
	err = serveHTTP(ctx, listener, front, log)
	group.Wait()
	if running != nil {
		running.Close() // the last: requests under way are answered first
	}
	return errors.Join(startErr, err)
}

// whenReady opens the doors. A PostgreSQL that is away, or whose schema is
// older, is waited for: whoever upgrades migrates when they decide to, and
// until then readyz answers 503 and says why.
func (s *serveCmd) whenReady(ctx context.Context, cfg *Config, log *slog.Logger, front *front) (*parts, error) {
	for {
		db, err := openStore(ctx, cfg, log)
		if err == nil {
			if err = prepare(ctx, db, cfg); err == nil {
				return s.start(ctx, cfg, db, log, front)
			}
			err = orClose(db, err)
		}
		if !onPostgres(cfg.DB) {
			return nil, err
		}
		reason := "The database cannot be reached."
		var refusal *issuer.Error
		if errors.As(err, &refusal) {
			reason = refusal.Reason
		}
		log.Error("not ready", "error", err)
		front.wait(reason)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * time.Second):
		}
	}
}

func (s *serveCmd) start(ctx context.Context, cfg *Config, db *store.Store, log *slog.Logger, front *front) (*parts, error) {
	p, err := wire(ctx, cfg, db, log)
	if err != nil {
		return nil, orClose(db, err)
	}
	if err := p.Jobs.PublishNow(ctx); err != nil {
		return nil, orClose(db, err)
	}
	handler, err := p.handler(ctx, doors{limits: cfg.Limits.web(), ready: db.Ready})
	if err != nil {
		return nil, orClose(db, err)
	}
	front.set(handler)
	return p, nil
}

// announce prints where the service is and, while nobody runs it, the link
// that makes the first admin.
func (s *serveCmd) announce(ctx context.Context, p *parts, std streams) {
	fmt.Fprintf(std.out, "Hallmark serves %s\n", p.Config.BaseURL)
	if p.Ring.Trial() {
		fmt.Fprintln(std.out, "Trial mode: the base URL is not https on a DNS name, so badges are signed as did:key.")
	}
	if host := hostOf(p.Config.BaseURL); strings.HasPrefix(p.Config.BaseURL, "http://") && host != "localhost" && !isLoopback(host) {
		fmt.Fprintln(std.out, "Take care: without https, browsers of other machines keep no sign-in. Put TLS in front and start with an https base URL.")
	}
	link, err := p.Signin.Setup(ctx)
	switch {
	case err == nil:
		fmt.Fprintf(std.out, "There is no admin yet. Whoever opens this link within an hour becomes one:\n%s\n", link)
	case !errors.Is(err, issuer.Conflict):
		p.Log.Error("make the setup link", "error", err)
	}
}

// makeTokenKey makes the key for badges as tokens at the first start, beside the
// rest: an RSA key takes a while. It would be made when the first one is asked
// for, too; made now, it is published by then.
func (p *parts) makeTokenKey(ctx context.Context) {
	if err := p.Registrar.EnsureTokenKey(ctx); err != nil && ctx.Err() == nil {
		p.Log.Error("make the key for tokens", "error", err)
	}
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// front hands requests to the handler of the moment.
type front struct {
	handler atomic.Pointer[http.Handler]
	health  string // path of healthz
}

func (f *front) set(h http.Handler) { f.handler.Store(&h) }

// wait answers everything with 503 and the reason, but that the process
// lives.
func (f *front) wait(reason string) {
	f.set(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" || r.URL.Path == f.health {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"status":"ok"}`+"\n")
			return
		}
		body, err := json.Marshal(verifyweb.NewProblem(http.StatusServiceUnavailable, "%s", reason))
		if err != nil {
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", verifyweb.ProblemType)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write(body) // who went away needs no answer
	}))
}

// ServeHTTP serves.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*f.handler.Load()).ServeHTTP(w, r)
}

// serveHTTP serves on a listener until ctx ends, then lets requests finish.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := web.Server("", handler, log)
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(patience)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}

// servePrivate serves profiles on a listener of their own, which belongs on a
// private address.
func servePrivate(ctx context.Context, addr string, log *slog.Logger) {
	if addr == "" {
		return
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		log.Error("listen on the private address", "error", err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	if err := serveHTTP(ctx, listener, mux, log); err != nil {
		log.Error("serve profiles", "error", err)
	}
}
