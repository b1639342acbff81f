package issuertest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/export"
	"hallmark/issuer/jobs"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
	"hallmark/issuer/store"
	"hallmark/issuer/web"
	"hallmark/issuer/web/api"
	"hallmark/issuer/web/oid4vci"
	"hallmark/issuer/web/pages"
	"hallmark/issuer/web/public"
	"hallmark/templates"
	"hallmark/verifier"
	verifyweb "hallmark/verifier/web"
)

// Options say what is not as usual.
type Options struct {
	DSN    string     // a database; "" makes a SQLite file
	Base   string     // base URL; "" takes where the server listens
	Move   bool       // the database may be of another base URL, which is left
	Limits web.Limits // the zero value takes all limits off
	// Statement is told of every statement to the database; nil: nobody is.
	Statement func(text string)
}

// Service is a running service.
type Service struct {
	URL       string // base URL
	Clock     *Clock
	Store     *store.Store
	Ring      *keyring.Ring
	Files     *evidence.Disk
	Registrar *registrar.Registrar
	Published *registrar.Published
	Sightings *registrar.Sightings
	Verifier  *verifier.Verifier
	Signin    *signin.Signin
	Jobs      *jobs.Runner
	Echo      *echo.Echo
	Log       *Log
	Issuer    *issuer.Issuer
	Server    *httptest.Server

	*Sample
}

// Clock is the time of a service: the machine's, moved on by a test.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now gives the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// Log keeps what was logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// New starts a service with the sample program and its people, and stops it
// when the test ends.
func New(t testing.TB, o Options) *Service {
	t.Helper()
	s := start(t, o)
	s.Sample = addSample(t, s)
	s.Publish(t)
	return s
}

// NewEmpty starts a service as it is on its first day.
func NewEmpty(t testing.TB, o Options) *Service {
	t.Helper()
	s := start(t, o)
	s.Sample = &Sample{}
	s.Publish(t)
	return s
}

// Open starts a service on records that New made, of which people are the people.
func Open(t testing.TB, o Options, people map[string]issuer.PersonID) *Service {
	t.Helper()
	s := start(t, o)
	s.Sample = &Sample{People: people, Tokens: map[string]string{}}
	s.Sample.addTokens(t, s)
	return s
}

func start(t testing.TB, o Options) *Service {
	t.Helper()
	ctx := context.Background()
	s := &Service{Clock: &Clock{}, Log: &Log{}}
	log := slog.New(slog.NewJSONHandler(s.Log, nil))
	s.Server = httptest.NewUnstartedServer(nil)
	if s.URL = o.Base; s.URL == "" {
		s.URL = "http://" + s.Server.Listener.Addr().String()
	}
	if o.DSN == "" {
		o.DSN = filepath.Join(t.TempDir(), "hallmark.db")
	}
	s.Files = evidence.NewDisk(filepath.Join(t.TempDir(), "evidence"))
	var err error
	s.Store, err = store.Open(ctx, store.Config{DSN: o.DSN, Logger: slog.New(overheard{log.Handler(), o.Statement}), Now: s.Clock.Now})
	must(t, err)
	t.Cleanup(func() {
		if err := s.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	must(t, s.Store.Migrate(ctx))
	s.Ring, err = keyring.Open(ctx, keyring.Config{Load: s.Store.LoadKeys, Identities: s.Store.LoadIdentities, SealingKey: bytes.Repeat([]byte{7}, keyring.SealingKeySize), Logger: log})
	must(t, err)
	s.wire(log)
	s.Registrar.Move = o.Move
	s.Issuer, err = s.Registrar.Setup(ctx, issuer.Issuer{Name: "Test Academy", URL: "https://academy.example", Email: "desk@academy.example"}, keyring.MethodByURL)
	must(t, err)
	s.mount(t, o, log)
	return s
}

// wire ties the parts together as the program itself does.
func (s *Service) wire(log *slog.Logger) {
	s.Published = &registrar.Published{Store: s.Store, Ring: s.Ring, BaseURL: s.URL}
	s.Verifier = &verifier.Verifier{Keys: s.Published, Status: s.Published, Records: s.Published, Log: s.Published, Pictures: s.Published, Now: s.Clock.Now}
	s.Registrar = &registrar.Registrar{Store: s.Store, Ring: s.Ring, BaseURL: s.URL, Draw: public.Draw, Files: s.Files}
	s.Sightings = &registrar.Sightings{Store: s.Store}
	s.Signin = signin.New(signin.Config{Registrar: s.Registrar, Keys: s.Ring, BaseURL: s.URL, Logger: log, Now: s.Clock.Now, Language: verifyweb.Language})
	s.Jobs = &jobs.Runner{Store: s.Store, Ring: s.Ring, BaseURL: s.URL, Deferred: s.Registrar.IssueDeferred, Logger: log}
}

// unlimited takes the limits off: tests ask more in a second than people.
var unlimited = web.Limits{Signin: web.Limit{PerSecond: -1}, Tokens: web.Limit{PerSecond: -1}, Verify: web.Limit{PerSecond: -1}}

// patience is how long a request may take: machines that run tests are busy.
const patience = time.Minute

// parsed are the pages, parsed once for all services of a test program: they never change.
var parsed = sync.OnceValues(func() (*templates.Set, error) { return templates.Open(templates.Config{}) })

func (s *Service) mount(t testing.TB, o Options, log *slog.Logger) {
	t.Helper()
	pageSet, err := parsed()
	must(t, err)
	if o.Limits == (web.Limits{}) {
		o.Limits = unlimited
	}
	trial := s.Ring.Trial()
	door := &pages.Pages{Registrar: s.Registrar, Signin: s.Signin, Templates: pageSet, Trial: trial, Now: s.Clock.Now}
	door.Takeout = func(ctx context.Context, w io.Writer, e *registrar.PersonExport) error {
		all := export.Person{Door: export.Door{Handler: web.Handler(s.Echo, s.URL), BaseURL: s.URL}, Render: pageSet.Render}
		return all.Write(ctx, w, e)
	}
	s.Echo = web.New(web.Config{BaseURL: s.URL, Logger: log, Signin: s.Signin, Render: pageSet, View: door.View, Limits: o.Limits, Timeout: patience})
	outside := &public.Public{Published: s.Published, Tokens: s.Registrar.Tokens(), Verifier: s.Verifier, Render: pageSet, View: door.View, Paper: pageSet.Paper, BaseURL: s.URL, Trial: trial, Ready: s.Store.Ready, Sightings: s.Sightings}
	door.Mount(s.Echo)
	outside.Mount(s.Echo)
	(&api.API{Registrar: s.Registrar, Tokens: s.Signin, BaseURL: s.URL}).Mount(s.Echo)
	(&oid4vci.OID4VCI{Wallets: s.Registrar.Wallets(), BaseURL: s.URL, Issuer: door.Issuer}).Mount(s.Echo)
	(&verifyweb.Verify{Verifier: s.Verifier, Open: ownLinks(outside), Code: outside.Code, Render: pageSet, View: door.View, Slips: outside.Slip}).Mount(s.Echo)
	s.Server.Config = web.Server("", web.AtFormer(web.Handler(s.Echo, s.URL), s.URL, s.Published.Identities), log)
	s.Server.Config.ReadHeaderTimeout, s.Server.Config.ReadTimeout, s.Server.Config.WriteTimeout = patience, patience, patience
	s.Server.Start()
	t.Cleanup(s.Server.Close)
}

// ownLinks opens our own links; there is no way to others in a test.
func ownLinks(p *public.Public) func(context.Context, string) ([]byte, error) {
	return func(ctx context.Context, link string) ([]byte, error) {
		doc, ours, err := p.Open(ctx, link)
		if !ours {
			return nil, errors.New("tests do not fetch")
		}
		return doc, err
	}
}

// Publish signs the status lists anew, which the running program does by
// itself within a second of a change.
func (s *Service) Publish(t testing.TB) {
	t.Helper()
	must(t, s.Jobs.PublishNow(context.Background()))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
