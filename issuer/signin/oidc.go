package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// OpenID Connect: a way in by an account that people have elsewhere. It is the
// authorization code flow with PKCE (RFC 7636) and nonce; what binds the answer to
// the browser that asked lies in a cookie of that browser, so that asking writes
// nothing here. Who it is, the id token says alone, checked against the provider's keys;
// an address only if the provider says that it was confirmed.

// Provider is one as the configuration names it.
type Provider struct {
	Name     string // in addresses of ours: "work"
	Label    string // on the button: "Work account"
	Issuer   string // issuer identifier, under which its configuration is found
	ClientID string
	Secret   string   // "" for a public client
	Domains  []string // whose addresses may join without an invitation
}

// flowLife is how long someone may take at the provider.
const flowLife = 10 * time.Minute

// algorithms that an id token may be signed with: none that takes the secret for a
// key, and not "none" (RFC 8725 §3.1).
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}

// provider is one whose configuration is asked for when it is first needed, and
// again after a day or, where it could not be had, a little later.
type provider struct {
	Provider
	http *http.Client
	now  func() time.Time

	mu     sync.Mutex
	found  *oidc.Provider
	askAt  time.Time // not before
	failed error
}

const (
	askAgain  = 24 * time.Hour
	askSooner = 10 * time.Second
)

// discover gives the provider's configuration (OpenID Connect Discovery §4).
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now().Before(p.askAt) {
		return p.found, p.failed
	}
	found, err := oidc.NewProvider(p.in(ctx), p.Issuer)
	if err != nil {
		p.askAt = p.now().Add(askSooner)
		if p.found == nil { // else what is known goes on counting
			p.failed = fmt.Errorf("discover %s: %w", p.Issuer, err)
		}
		return p.found, p.failed
	}
	p.found, p.failed, p.askAt = found, nil, p.now().Add(askAgain)
	return found, nil
}

// in gives a context whose requests go the guarded way.
func (p *provider) in(ctx context.Context) context.Context {
	return oidc.ClientContext(context.WithoutCancel(ctx), p.http)
}

func (p *provider) config(found *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// flow is what the browser keeps between leaving for the provider and coming back.
type flow struct {
	Provider string
	State    string
	Nonce    string
	Verifier string // RFC 7636 §4.1
	Next     string
	Bind     issuer.PersonID // whose account it is to open; "" to sign in
	Until    time.Time
}

// ProviderName is a provider as a page names it.
type ProviderName struct{ Name, Label, Issuer string }

// ProviderNames lists the providers for pages.
func (s *Signin) ProviderNames() []ProviderName {
	var all []ProviderName
	for _, p := range s.providers {
		all = append(all, ProviderName{p.Name, p.Label, p.Issuer})
	}
	return all
}

func (s *Signin) provider(name string) (*provider, error) {
	for _, p := range s.providers {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, issuer.Refuse(issuer.NotFound, "There is no such way to sign in.")
}

func (s *Signin) flowCookie() string { return s.sessions.Cookie.Name + "_oidc" }

func (s *Signin) redirectURI() string { return s.base + "/signin/oidc/callback" }

// Leave begins a flow and gives the address of the provider to send the browser to.
// bind is whose account the one there is to open, who has just confirmed that it is
// them; "" signs in. A provider that is out of reach is Unavailable.
func (s *Signin) Leave(w http.ResponseWriter, r *http.Request, name, next string, bind issuer.PersonID) (address string, err error) {
	p, err := s.provider(name)
	if err != nil {
		return "", err
	}
	found, err := p.discover(r.Context())
	if err != nil {
		return "", s.away(r.Context(), p, err)
	}
	f := flow{Provider: p.Name, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: SafeNext(next), Bind: bind, Until: s.now().Add(flowLife)}
	text, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("keep flow: %w", err)
	}
	http.SetCookie(w, s.cookie(s.flowCookie(), base64.RawURLEncoding.EncodeToString(text), int(flowLife.Seconds())))
	return p.config(found, s.redirectURI()).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// away tells the person that the provider is out of reach, and the log why.
func (s *Signin) away(ctx context.Context, p *provider, err error) error {
	s.log.LogAttrs(ctx, slog.LevelWarn, "a provider of sign-in cannot be used", slog.String("provider", p.Issuer), slog.String("error", err.Error()))
	return issuer.Refuse(issuer.Unavailable, "“%s” cannot be reached just now. Use a mailed link, or try again in a while.", p.Label)
}

// Return takes a browser that comes back from a provider, once, and signs its person
// in, or binds the account to the caller; next is the page to go to. The request must
// come from Open.
func (s *Signin) Return(w http.ResponseWriter, r *http.Request, by issuer.Caller) (next string, err error) {
	f, err := s.returned(w, r)
	if err != nil {
		return "", err
	}
	p, err := s.provider(f.Provider)
	if err != nil {
		return "", err
	}
	shown, err := s.shown(r, p, f)
	if err != nil {
		return "", err
	}
	if f.Bind != "" {
		if by.Person != f.Bind {
			return "", issuer.Refuse(issuer.Conflict, "Someone else is signed in here by now. Begin again.")
		}
		return f.Next, s.registrar.BindIdentity(r.Context(), by, *shown)
	}
	person, err := s.registrar.EnterByIdentity(r.Context(), *shown)
	if err != nil {
		return "", err
	}
	return f.Next, s.Begin(r.Context(), person)
}

// returned takes the flow of a browser and holds the query against it.
func (s *Signin) returned(w http.ResponseWriter, r *http.Request) (*flow, error) {
	stale := issuer.Refuse(issuer.Conflict, "This took too long, or was answered before. Begin again.")
	cookies := r.CookiesNamed(s.flowCookie())
	if len(cookies) != 1 || len(cookies[0].Value) > 4<<10 {
		return nil, stale
	}
	http.SetCookie(w, s.cookie(s.flowCookie(), "", -1))
	text, err := base64.RawURLEncoding.DecodeString(cookies[0].Value)
	if err != nil {
		return nil, stale
	}
	var f flow
	if err := json.Unmarshal(text, &f); err != nil || f.State == "" || f.Nonce == "" || f.Verifier == "" || !s.now().Before(f.Until) {
		return nil, stale
	}
	f.Next = SafeNext(f.Next)
	if subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("state")), []byte(f.State)) != 1 {
		return nil, stale
	}
	return &f, nil
}

// shown gets the id token of a flow and reads it.
func (s *Signin) shown(r *http.Request, p *provider, f *flow) (*registrar.Shown, error) {
	query := r.URL.Query()
	if from := query.Get("iss"); from != "" && from != p.Issuer { // RFC 9207 §2.4
		return nil, s.unproven(r.Context(), p, errors.New("the answer names another issuer"))
	}
	if query.Get("error") != "" || query.Get("code") == "" {
		return nil, issuer.Refuse(issuer.Conflict, "“%s” did not let you in. Try again, or use a mailed link.", p.Label)
	}
	found, err := p.discover(r.Context())
	if err != nil {
		return nil, s.away(r.Context(), p, err)
	}
	token, err := p.config(found, s.redirectURI()).Exchange(p.in(r.Context()), query.Get("code"), oauth2.VerifierOption(f.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.ErrorCode != "" {
		return nil, s.unproven(r.Context(), p, err)
	}
	if err != nil {
		return nil, s.away(r.Context(), p, err)
	}
	raw, _ := token.Extra("id_token").(string)
	shown, err := p.read(p.in(r.Context()), found, raw, f.Nonce)
	if err == nil && shown.Address == "" {
		err = p.askAddress(p.in(r.Context()), found, token, shown)
	}
	if err != nil {
		return nil, s.unproven(r.Context(), p, err)
	}
	return shown, nil
}

// askAddress asks the provider for what it left out of the id token: with a code,
// some say addresses at the userinfo endpoint alone (OpenID Connect Core §5.4). Its
// answer counts for the subject of the token (§5.3.2); that it could not be had is
// no address, which a bound account does not need.
func (p *provider) askAddress(ctx context.Context, found *oidc.Provider, token *oauth2.Token, shown *registrar.Shown) error {
	if found.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil
	}
	if info.Subject != shown.Subject {
		return errors.New("userinfo is of another subject")
	}
	var said struct{ Name string }
	if err := info.Claims(&said); err == nil && shown.Name == "" {
		shown.Name = said.Name
	}
	p.confirmed(shown, info.Email, info.EmailVerified)
	return nil
}

// confirmed keeps an address that the provider says is the subject's.
func (p *provider) confirmed(shown *registrar.Shown, email string, verified bool) {
	address, _, err := issuer.NormalEmail(email)
	if err != nil || !verified {
		return
	}
	shown.Address = address
	shown.Welcome = slices.Contains(p.Domains, address[strings.LastIndexByte(address, '@')+1:])
}

// unproven refuses an answer that does not show who someone is; why is for the log.
func (s *Signin) unproven(ctx context.Context, p *provider, err error) error {
	s.log.LogAttrs(ctx, slog.LevelWarn, "an answer of a provider of sign-in was refused", slog.String("provider", p.Issuer), slog.String("error", err.Error()))
	return issuer.Refuse(issuer.Forbidden, "What “%s” answered does not show who you are. Begin again, or use a mailed link.", p.Label)
}

// truth is a boolean that some providers send as a text.
type truth bool

func (t *truth) UnmarshalJSON(b []byte) error {
	*t = string(b) == "true" || string(b) == `"true"`
	return nil
}

// read checks an id token (OpenID Connect Core §3.1.3.7) and gives what it shows.
func (p *provider) read(ctx context.Context, found *oidc.Provider, raw, nonce string) (*registrar.Shown, error) {
	if raw == "" || len(raw) > 16<<10 {
		return nil, errors.New("no id token, or one that is too long")
	}
	checker := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, Now: p.now})
	token, err := checker.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	var said struct {
		Party    string `json:"azp"`
		Email    string `json:"email"`
		Verified truth  `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := token.Claims(&said); err != nil {
		return nil, err
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return nil, errors.New("the nonce is another")
	case token.Subject == "" || len(token.Subject) > 255:
		return nil, errors.New("there is no subject")
	case said.Party != "" && said.Party != p.ClientID, len(token.Audience) > 1 && said.Party == "":
		return nil, errors.New("the token is for another party")
	}
	shown := &registrar.Shown{Provider: p.Issuer, Subject: token.Subject, Label: p.Label, Name: said.Name}
	p.confirmed(shown, said.Email, bool(said.Verified))
	return shown, nil
}

// CheckIssuer refuses an issuer identifier that is not https, but for loopback.
func CheckIssuer(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is not the address of a provider", address)
	}
	host := u.Hostname()
	if u.Scheme == "https" || u.Scheme == "http" && (host == "127.0.0.1" || host == "::1" || host == "localhost") {
		return nil
	}
	return fmt.Errorf("%q must be https", address)
}
