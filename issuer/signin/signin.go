package signin

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/golang-jwt/jwt/v5"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// How long things last.
const (
	LinkLife  = 15 * time.Minute
	SetupLife = time.Hour
	TokenLife = time.Hour
	idleLife  = 30 * time.Minute
	fullLife  = 12 * time.Hour
)

// Config says what New needs.
type Config struct {
	Registrar *registrar.Registrar
	Keys      Keys // for access tokens
	BaseURL   string
	Logger    *slog.Logger
	Now       func() time.Time // nil: time.Now
	// Language is the tag of the language that a request is answered in: that of
	// the first page that someone sees is theirs until they choose. Nil: none is kept.
	Language func(*http.Request) string

	Providers []Provider   // of OpenID Connect
	HTTP      *http.Client // the guarded way to them

	// How long links that Link makes and access tokens of clients last; 0
	// takes the constants of these names. Mailed links always take theirs.
	LinkLife  time.Duration
	TokenLife time.Duration
}

// Keys signs access tokens and knows the keys that may have: package keyring.
type Keys interface {
	TokenSigner() (crypto.Signer, issuer.KeyID, error)
	TokenKey(kid issuer.KeyID) (crypto.PublicKey, error)
}

// Signin is the way in.
type Signin struct {
	registrar *registrar.Registrar
	keys      Keys
	base      string
	log       *slog.Logger
	now       func() time.Time
	sessions  *scs.SessionManager
	asked     *pacer
	proven    proven             // access tokens
	valid     *jwt.Validator     // of what they say
	webauthn  *webauthn.WebAuthn // nil where there can be no passkeys
	providers []*provider

	deviceCookie string
	linkLife     time.Duration
	tokenLife    time.Duration
	language     func(*http.Request) string
}

// New makes the way in.
func New(cfg Config) *Signin {
	s := &Signin{registrar: cfg.Registrar, keys: cfg.Keys, base: strings.TrimRight(cfg.BaseURL, "/"), log: cfg.Logger, now: cfg.Now,
		linkLife: cmp.Or(cfg.LinkLife, LinkLife), tokenLife: cmp.Or(cfg.TokenLife, TokenLife), language: cfg.Language}
	if s.now == nil {
		s.now = time.Now
	}
	if s.language == nil {
		s.language = func(*http.Request) string { return "" }
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.valid = validatorOf(s.base, s.now)
	s.asked = newPacer(s.now)
	m := scs.New()
	m.Lifetime, m.IdleTimeout = fullLife, idleLife
	m.HashTokenInStore = true
	m.Store = sessionStore{cfg.Registrar}
	m.Cookie = cookieFor(s.base)
	s.sessions = m
	s.deviceCookie = "hallmark_device"
	if m.Cookie.Secure {
		s.deviceCookie = "__Host-hallmark-device"
	}
	s.webauthn = relyingParty(s.base)
	if len(cfg.Providers) > 0 && cfg.HTTP == nil {
		panic("signin: providers without a way to them") // the usual client has no guard
	}
	for _, p := range cfg.Providers {
		s.providers = append(s.providers, &provider{Provider: p, http: cfg.HTTP, now: s.now})
	}
	return s
}

// cookieFor names the cookie. The prefix __Host- makes a browser keep it to
// this host and to https (RFC 6265bis §4.1.3.2); on http, which is for trying
// things out on one's own machine, it could not be set.
func cookieFor(base string) scs.SessionCookie {
	c := scs.SessionCookie{Name: "hallmark_session", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(base, "https://") {
		c.Name, c.Secure = "__Host-hallmark", true
	}
	return c
}

// Open finds out who sent a request: by the bearer token, else by the cookie,
// else nobody. A token that is not good is refused; a cookie that is not good
// any more is nobody. The request that it gives back carries the session.
func (s *Signin) Open(r *http.Request) (*http.Request, issuer.Caller, error) {
	if headers := r.Header.Values("Authorization"); len(headers) > 0 {
		by, err := s.bearer(r.Context(), headers)
		if err != nil {
			return r, by, err
		}
		ctx, err := s.sessions.Load(r.Context(), "") // an empty one, which Keep leaves alone
		return r.WithContext(ctx), by, err
	}
	v := &visit{agent: r.UserAgent(), device: only(r, s.deviceCookie), language: s.language(r)}
	ctx, err := s.sessions.Load(context.WithValue(r.Context(), visitKey{}, v), only(r, s.sessions.Cookie.Name))
	if err != nil {
		return r, issuer.Caller{}, err
	}
	r = r.WithContext(ctx)
	person := issuer.PersonID(s.sessions.GetString(ctx, personKey))
	if person == "" {
		return r, issuer.Caller{}, nil
	}
	by, err := s.registrar.Caller(ctx, person)
	if errors.Is(err, issuer.NotFound) || errors.Is(err, issuer.Unsigned) {
		return r, issuer.Caller{}, s.sessions.Destroy(ctx)
	}
	if at := s.sessions.GetInt64(ctx, steppedKey); at != 0 {
		by.SteppedUp = time.Unix(at, 0).UTC()
	}
	return r, by, err
}

// only gives the value of a cookie that was sent once and can be one of ours.
func only(r *http.Request, name string) string {
	if cookies := r.CookiesNamed(name); len(cookies) == 1 && len(cookies[0].Value) <= 64 {
		return cookies[0].Value
	}
	return ""
}

func (s *Signin) bearer(ctx context.Context, headers []string) (issuer.Caller, error) {
	scheme, token, ok := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return issuer.Caller{}, issuer.Refuse(issuer.Unsigned, "Send one header “Authorization: Bearer …” with an access token.")
	}
	return s.callerOf(ctx, strings.TrimSpace(token))
}

// Keep writes back what became of the session of a request, with the cookie
// where it is new or over. Call it before the first byte of the answer.
func (s *Signin) Keep(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if r.Header.Get("Authorization") != "" {
		return nil
	}
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, _, err := s.sessions.Commit(ctx)
		if err != nil {
			return err
		}
		if old, err := r.Cookie(s.sessions.Cookie.Name); err != nil || old.Value != token {
			http.SetCookie(w, s.cookie(s.sessions.Cookie.Name, token, 0))
		}
	case scs.Destroyed:
		http.SetCookie(w, s.cookie(s.sessions.Cookie.Name, "", -1))
	}
	if v := visitOf(ctx); v != nil && v.fresh {
		http.SetCookie(w, s.cookie(s.deviceCookie, v.device, int(deviceLife.Seconds())))
	}
	return nil
}

func (s *Signin) cookie(name, value string, age int) *http.Cookie {
	c := s.sessions.Cookie
	return &http.Cookie{Name: name, Value: value, Path: c.Path, MaxAge: age, Secure: c.Secure, HttpOnly: c.HttpOnly, SameSite: c.SameSite}
}

// Begin signs a person in, in the session of a request that came through
// Open. The session gets a new token, so that one planted before is worth
// nothing, and forgets what it knew of who was signed in before.
func (s *Signin) Begin(ctx context.Context, person issuer.PersonID) error {
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, personKey, string(person))
	return s.arrive(ctx, person)
}

// End signs out.
func (s *Signin) End(ctx context.Context) error {
	if s.sessions.Token(ctx) == "" {
		return nil
	}
	return s.sessions.Destroy(ctx)
}
