package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
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
	"hallmark/issuer/web/vcapi"
	"hallmark/templates"
	"hallmark/verifier"
	"hallmark/verifier/fetch"
	verifyweb "hallmark/verifier/web"
)

// parts are the service, wired.
type parts struct {
	Config    *Config
	Log       *slog.Logger
	Store     *store.Store
	Ring      *keyring.Ring
	Registrar *registrar.Registrar
	Published *registrar.Published
	Sightings *registrar.Sightings
	Signin    *signin.Signin
	Verifier  *verifier.Verifier
	Sources   sources
	Templates *templates.Set
	Jobs      *jobs.Runner
}

// Close lets go of the database.
func (p *parts) Close() {
	if err := p.Store.Close(); err != nil {
		p.Log.Error("close database", "error", err)
	}
}

// begun refuses where there is no database yet.
func (c *commands) begun() error {
	cfg, err := c.load()
	if err != nil || onPostgres(cfg.DB) {
		return err
	}
	if _, err := os.Stat(cfg.DB); err != nil {
		return issuer.Refuse(issuer.NotFound, "There is no database at %s yet; hallmark serve makes it.", cfg.DB)
	}
	return nil
}

// database opens the database of the configuration without migrating it.
func (c *commands) database(ctx context.Context) (*store.Store, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	if err := c.begun(); err != nil {
		return nil, err
	}
	return openStore(ctx, cfg, slog.New(slog.DiscardHandler))
}

func openStore(ctx context.Context, cfg *Config, log *slog.Logger) (*store.Store, error) {
	if !onPostgres(cfg.DB) {
		if err := os.MkdirAll(filepath.Dir(cfg.DB), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the database: %w", err)
		}
	}
	return store.Open(ctx, store.Config{DSN: cfg.DB, Logger: log})
}

func onPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// open wires the service for a command that works beside, or without, a
// running server.
func (c *commands) open(ctx context.Context, std streams) (*parts, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	log := newLogger(std.err, slog.LevelWarn)
	db, err := openStore(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, db, cfg); err != nil {
		return nil, orClose(db, err)
	}
	p, err := wire(ctx, cfg, db, log)
	if err != nil {
		return nil, orClose(db, err)
	}
	return p, nil
}

func orClose(db *store.Store, err error) error {
	if closing := db.Close(); closing != nil {
		return fmt.Errorf("%w (and closing the database: %v)", err, closing)
	}
	return err
}

// prepare brings SQLite up to date by itself. PostgreSQL is only looked at:
// several copies share it, and whoever upgrades decides when.
func prepare(ctx context.Context, db *store.Store, cfg *Config) error {
	if !onPostgres(cfg.DB) {
		return db.Migrate(ctx)
	}
	return db.Ready(ctx)
}

func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// wire makes the service on a database whose schema is right.
func wire(ctx context.Context, cfg *Config, db *store.Store, log *slog.Logger) (*parts, error) {
	p := &parts{Config: cfg, Log: log, Store: db}
	var err error
	if p.Ring, err = openRing(ctx, cfg, db, log); err != nil {
		return nil, err
	}
	assumed := false
	if cfg.BaseURL, assumed, err = baseURL(ctx, cfg, db); err != nil {
		return nil, err
	}
	p.Registrar = &registrar.Registrar{Store: db, Ring: p.Ring, BaseURL: cfg.BaseURL, Assumed: assumed, Draw: public.Draw, Move: cfg.move}
	if p.Registrar.Retention, err = cfg.Retention.times(); err != nil {
		return nil, err
	}
	mark := highwater.New(cfg.HighWaterFile)
	if err := begunBefore(ctx, db, mark); err != nil {
		return nil, err
	}
	us := issuer.Issuer{Name: cfg.Issuer.Name, URL: cfg.Issuer.URL, Email: cfg.Issuer.Email}
	if _, err := p.Registrar.Setup(ctx, us, keyring.Method(cfg.Issuer.DID)); err != nil {
		return nil, err
	}
	known, err := mark.Read()
	if err != nil {
		return nil, err
	}
	if err := p.Registrar.HoldIfBehind(ctx, known); err != nil {
		return nil, err
	}
	p.Published = &registrar.Published{Store: db, Ring: p.Ring, BaseURL: cfg.BaseURL}
	p.Sources = sources{own: p.Published, fetcher: &fetch.Fetcher{}}
	p.Verifier = &verifier.Verifier{Keys: p.Sources, Status: p.Sources, Records: p.Published, Log: p.Published, Refresher: p.Sources, Legacy: p.Sources, Pictures: p.Published}
	if cfg.TrustList != "" {
		list, err := readFile(cfg.TrustList, 1<<20)
		if err != nil {
			return nil, err
		}
		if p.Verifier.Trust, err = verifier.ParseTrust(list); err != nil {
			return nil, err
		}
	}
	providers, client, err := cfg.providers()
	if err != nil {
		return nil, err
	}
	p.Signin = signin.New(signin.Config{Registrar: p.Registrar, Keys: p.Ring, BaseURL: cfg.BaseURL, Logger: log, Providers: providers, HTTP: client, Language: verifyweb.Language})
	if p.Templates, err = templates.Open(templates.Config{BasePath: basePath(cfg.BaseURL)}); err != nil {
		return nil, err
	}
	mailer, err := cfg.mailer()
	if err != nil {
		return nil, err
	}
	p.Jobs = &jobs.Runner{Store: db, Ring: p.Ring, BaseURL: cfg.BaseURL, Render: p.renderMail, Mailer: mailer,
		Deferred: p.Registrar.IssueDeferred, Concerns: p.Registrar.TendConcerns, Forget: p.Registrar.ForgetOld, Remind: p.Registrar.Remind, Tell: p.Registrar.TellInTime, Logger: log}
	p.Registrar.Files = cfg.files()
	p.Jobs.Batches, p.Jobs.SweepFiles, p.Jobs.Count = p.Registrar.RunBatches, p.Registrar.SweepFiles, p.Registrar.Count
	p.Sightings = &registrar.Sightings{Store: db}
	p.Jobs.Sightings = p.Sightings.Keep
	p.Jobs.Mark, p.Jobs.Guard = mark, func(ctx context.Context) error {
		known, err := mark.Last()
		if err != nil {
			return err
		}
		return p.Registrar.HoldIfBehind(ctx, known)
	}
	if p.Jobs.Witness, err = cfg.Log.Witness.witness(); err != nil {
		return nil, err
	}
	return p, nil
}

// begunBefore refuses to begin anew where an installation has been: its records
// are to be restored.
func begunBefore(ctx context.Context, db *store.Store, mark *highwater.File) error {
	known, err := mark.Read()
	if err != nil || known == nil {
		return err
	}
	_, err = store.Read(ctx, db, (*store.Tx).Issuer)
	if errors.Is(err, issuer.NotFound) {
		return issuer.Refuse(issuer.Conflict, "The database is empty, and %s tells of one that was not: restore a backup, or take another --data folder to begin anew.", mark.Path())
	}
	return err
}

// openRing opens the keys with the sealing key, which is made at the first
// start.
func openRing(ctx context.Context, cfg *Config, db *store.Store, log *slog.Logger) (*keyring.Ring, error) {
	_, keys, err := db.LoadKeys(ctx)
	if err != nil {
		return nil, err
	}
	key, err := cfg.sealingKey(ctx, len(keys) > 0)
	if err != nil {
		return nil, err
	}
	ring, err := keyring.Open(ctx, keyring.Config{Load: db.LoadKeys, Identities: db.LoadIdentities, SealingKey: key, Logger: log})
	if errors.Is(err, keyring.ErrSealed) {
		return nil, issuer.Refuse(issuer.Unavailable, "The sealing key %s is not the one that this installation began with; put that one back.", cfg.SealingKeyFile)
	}
	return ring, err
}

// baseURL is the configured one, else the one that the installation began
// with, else the address it listens on: trial mode on this machine. A command
// that runs before the first serve can only assume one.
func baseURL(ctx context.Context, cfg *Config, db *store.Store) (base string, assumed bool, err error) {
	if cfg.BaseURL != "" {
		return cfg.BaseURL, false, nil
	}
	kept, err := store.Read(ctx, db, func(tx *store.Tx) (string, error) {
		us, err := tx.Issuer()
		if err != nil {
			return "", err
		}
		return us.BaseURL, nil
	})
	if !errors.Is(err, issuer.NotFound) {
		return kept, !cfg.serving, err
	}
	host := cfg.Addr
	if strings.HasPrefix(host, ":") {
		host = "localhost" + host
	}
	base, err = cleanBase("http://" + host)
	return base, !cfg.serving, err
}

func basePath(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.EscapedPath()
}

// mailer is the mail server of the configuration, or nil: then mail stays in
// the outbox.
func (c *Config) mailer() (jobs.Mailer, error) {
	if c.SMTP.Host == "" {
		return nil, nil
	}
	m := &jobs.SMTP{Host: c.SMTP.Host, Port: c.SMTP.Port, User: c.SMTP.User, From: c.SMTP.From}
	switch c.SMTP.TLS {
	case "opportunistic", "none":
		m.TLS = c.SMTP.TLS
	}
	if c.SMTP.PasswordFile != "" {
		password, err := readFile(c.SMTP.PasswordFile, 4096)
		if err != nil {
			return nil, err
		}
		m.Password = strings.TrimRight(string(password), "\r\n")
	}
	return m, nil
}

// renderMail turns an outbox message into words.
func (p *parts) renderMail(tag, name string, data json.RawMessage) (subject, text, html string, err error) {
	return p.Templates.Mail(tag, name, data)
}

// doors says what differs between serving for real and the demo.
type doors struct {
	limits  web.Limits
	mailbox pages.Mailbox
	ready   func(context.Context) error
}

// handler mounts every door. Here serving begins, and with it the instances of
// the VC-API: a command that only looks makes none.
func (p *parts) handler(ctx context.Context, d doors) (http.Handler, error) {
	_, whole, err := p.router(ctx, d)
	return whole, err
}

// router gives the doors with their table of routes, and what stands before
// them.
func (p *parts) router(ctx context.Context, d doors) (*echo.Echo, http.Handler, error) {
	proxies, err := p.Config.proxies()
	if err != nil {
		return nil, nil, err
	}
	instances, err := p.Config.VCAPI.instances(ctx, p.Registrar)
	if err != nil {
		return nil, nil, err
	}
	legal, err := p.Config.Legal.read()
	if err != nil {
		return nil, nil, err
	}
	people := &pages.Pages{Registrar: p.Registrar, Signin: p.Signin, Templates: p.Templates, BasePath: basePath(p.Config.BaseURL),
		Issuer: p.issuerName(), Trial: p.Ring.Trial(), Mailbox: d.mailbox, Legal: legal}
	e := web.New(web.Config{BaseURL: p.Config.BaseURL, Logger: p.Log, Proxies: proxies, Signin: p.Signin, Render: p.Templates, View: people.View, Limits: d.limits})
	whole := web.AtFormer(web.Handler(e, p.Config.BaseURL), p.Config.BaseURL, p.Published.Identities)
	people.Takeout = p.takeout(whole)
	people.Mount(e)
	(&api.API{Registrar: p.Registrar, Tokens: p.Signin, BaseURL: p.Config.BaseURL}).Mount(e)
	badges := &public.Public{Published: p.Published, Tokens: p.Registrar.Tokens(), Verifier: p.Verifier, Render: p.Templates, View: people.View, Paper: p.Templates.Paper,
		BaseURL: p.Config.BaseURL, Trial: p.Ring.Trial(), Ready: d.ready, Sightings: p.Sightings}
	badges.Mount(e)
	(&verifyweb.Verify{Verifier: p.Verifier, Open: p.Sources.opener(badges), Code: badges.Code, Render: p.Templates, View: people.View, Own: p.handedIn, Slips: badges.Slip, Log: p.Log}).Mount(e)
	(&oid4vci.OID4VCI{Wallets: p.Registrar.Wallets(), BaseURL: p.Config.BaseURL, Issuer: people.Issuer}).Mount(e)
	if len(instances) > 0 {
		(&vcapi.VCAPI{Registrar: p.Registrar, Published: p.Published, Verifier: p.Verifier, Instances: instances}).Mount(e)
	}
	return e, whole, nil
}

// issuerName gives the organisation's name; while the database is away, the
// last one known.
func (p *parts) issuerName() func(context.Context) string {
	var last atomic.Pointer[string]
	return func(ctx context.Context) string {
		us, err := store.Read(ctx, p.Store, func(tx *store.Tx) (*issuer.Issuer, error) { return tx.Issuer() })
		if err == nil {
			last.Store(&us.Name)
		}
		if name := last.Load(); name != nil {
			return *name
		}
		return ""
	}
}
