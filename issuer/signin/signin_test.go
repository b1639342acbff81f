package signin

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// house is the way in on a database of its own.
type house struct {
	*Signin
	reg   *registrar.Registrar
	ring  *keyring.Ring
	ahead atomic.Int64 // seconds that the clock was moved on
}

func (h *house) clock() time.Time { return time.Now().Add(time.Duration(h.ahead.Load()) * time.Second) }

func (h *house) later(d time.Duration) { h.ahead.Add(int64(d / time.Second)) }

var operator = issuer.Caller{System: "test"}

func open(t *testing.T, base string) *house {
	t.Helper()
	h := &house{}
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), store.Config{DSN: filepath.Join(t.TempDir(), "hallmark.db"), Logger: quiet, Now: h.clock, Twice: true})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, db.Migrate(t.Context()))
	h.ring, err = keyring.Open(t.Context(), keyring.Config{Load: db.LoadKeys, SealingKey: bytes.Repeat([]byte{1}, keyring.SealingKeySize), Logger: quiet})
	must(t, err)
	h.reg = &registrar.Registrar{Store: db, Ring: h.ring, BaseURL: base}
	_, err = h.reg.Setup(t.Context(), issuer.Issuer{Name: "Academy"}, keyring.MethodKey)
	must(t, err)
	h.Signin = New(Config{Registrar: h.reg, Keys: h.ring, BaseURL: base, Now: h.clock})
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) person(t *testing.T, email string) issuer.PersonID {
	t.Helper()
	p, err := h.reg.AddPerson(t.Context(), operator, registrar.NewPerson{Email: email, Name: "Ada Example"})
	must(t, err)
	return p.ID
}

// visit runs f within the session of a request and gives the answer.
func (h *house) visit(t *testing.T, cookie *http.Cookie, f func(ctx context.Context, by issuer.Caller)) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	r, by, err := h.Open(r)
	must(t, err)
	if f != nil {
		f(r.Context(), by)
	}
	w := httptest.NewRecorder()
	must(t, h.Keep(w, r))
	return w.Result()
}

func secretOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	must(t, err)
	return u.Query().Get("t")
}

// outbox gives the messages that were put out.
func (h *house) outbox(t *testing.T) []issuer.Message {
	t.Helper()
	all, err := store.Read(t.Context(), h.reg.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 100) })
	must(t, err)
	return all
}

// TestLink: a link signs its person in once, within its time, and nobody else.
func TestLink(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	must(t, h.Ask(t.Context(), " Ada@People.Example ", "/capstones/X?a=b"))
	mail := h.outbox(t)
	if len(mail) != 1 || mail[0].Recipient != "ada@people.example" || mail[0].Template != "sign-in" {
		t.Fatalf("outbox %+v", mail)
	}
	var data registrar.SigninMail
	must(t, json.Unmarshal([]byte(mail[0].Data), &data))
	if !strings.HasPrefix(data.Link, "https://hall.example/signin/link?t=") || data.Minutes != 15 {
		t.Fatalf("mail %+v", data)
	}
	secret := secretOf(t, data.Link)
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(raw) != 32 {
		t.Fatalf("secret %q", secret)
	}
	res := h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
		next, err := h.Use(ctx, secret)
		if err != nil || next != "/capstones/X?a=b" {
			t.Fatalf("next %q, %v", next, err)
		}
	})
	cookie := res.Cookies()[0]
	if cookie.Name != "__Host-hallmark" || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.SameSite != http.SameSiteLaxMode || cookie.Domain != "" {
		t.Errorf("cookie %+v", cookie)
	}
	h.visit(t, cookie, func(ctx context.Context, by issuer.Caller) {
		if by.Person != ada || by.Name != "Ada Example" {
			t.Errorf("caller %+v", by)
		}
		if _, err := h.Use(ctx, secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("second use: %v", err)
		}
	})
	link, err := h.Link(t.Context(), operator, registrar.PersonRef{ID: ada}, "")
	must(t, err)
	h.later(LinkLife + time.Second)
	h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
		if _, err := h.Use(ctx, secretOf(t, link)); !errors.Is(err, issuer.NotFound) {
			t.Errorf("after its time: %v", err)
		}
		if _, err := h.Use(ctx, "made up"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("made up: %v", err)
		}
	})
}

// TestLinkOnce: of many who use a link at the same moment, one gets in.
func TestLinkOnce(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	link, err := h.Link(t.Context(), operator, registrar.PersonRef{ID: ada}, "")
	must(t, err)
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
				if _, err := h.Use(ctx, secretOf(t, link)); err == nil {
					in.Add(1)
				}
			})
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in", in.Load())
	}
}

// TestAskTellsNothing: asking for an unknown address answers as for a known
// one, writes as much, and gives a link that lets nobody in.
func TestAskTellsNothing(t *testing.T) {
	h := open(t, "https://hall.example")
	h.person(t, "ada@people.example")
	for _, address := range []string{"ada@people.example", "nobody@people.example"} {
		if err := h.Ask(t.Context(), address, ""); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if got := len(h.outbox(t)); got != 1 {
		t.Errorf("%d mails, want 1", got)
	}
	if err := h.Ask(t.Context(), "not an address", ""); !errors.Is(err, issuer.Invalid) {
		t.Errorf("no address: %v", err)
	}
	for range 10 { // flooding a mailbox is quietly not done
		must(t, h.Ask(t.Context(), "ada@people.example", ""))
	}
	if got := len(h.outbox(t)); got != 5 {
		t.Errorf("%d mails, want 5", got)
	}
}

// TestSetup: the setup link makes the first admin, once, and no second one.
func TestSetup(t *testing.T) {
	h := open(t, "http://127.0.0.1:8080")
	link, err := h.Setup(t.Context())
	must(t, err)
	h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
		if _, err := h.Use(ctx, secretOf(t, link)); !errors.Is(err, issuer.NotFound) {
			t.Errorf("as a sign-in link: %v", err)
		}
		if err := h.UseSetup(ctx, secretOf(t, link), "no address", "Rut"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("wrong address: %v", err)
		}
	})
	res := h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
		must(t, h.UseSetup(ctx, secretOf(t, link), "rut@people.example", "Rut")) // a wrong address did not burn it
	})
	cookie := res.Cookies()[0]
	if cookie.Name != "hallmark_session" || cookie.Secure {
		t.Errorf("cookie on http %+v", cookie)
	}
	h.visit(t, cookie, func(_ context.Context, by issuer.Caller) {
		if !by.Manages("") {
			t.Errorf("caller %+v", by)
		}
	})
	if _, err := h.Setup(t.Context()); !errors.Is(err, issuer.Conflict) {
		t.Errorf("second setup link: %v", err)
	}
}

// TestSession: a session gets a new token on signing in, ends on signing out,
// and is nobody's once its person is gone. Its token is not in the database.
func TestSession(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	begin := func(c *http.Cookie) *http.Cookie {
		return h.visit(t, c, func(ctx context.Context, _ issuer.Caller) { must(t, h.Begin(ctx, ada)) }).Cookies()[0]
	}
	planted := &http.Cookie{Name: "__Host-hallmark", Value: strings.Repeat("A", 43)}
	first := begin(planted)
	if first.Value == planted.Value {
		t.Error("a planted token was kept")
	}
	second := begin(first)
	if second.Value == first.Value {
		t.Error("signing in again kept the token")
	}
	h.visit(t, first, func(_ context.Context, by issuer.Caller) {
		if by.Signed() {
			t.Error("the old token still works")
		}
	})
	if _, found, err := h.reg.Session(t.Context(), second.Value); err != nil || found {
		t.Error("the token is in the database as it is")
	}
	if res := h.visit(t, second, nil); len(res.Cookies()) != 0 {
		t.Errorf("a cookie on every page: %v", res.Cookies())
	}
	res := h.visit(t, second, func(ctx context.Context, _ issuer.Caller) { must(t, h.End(ctx)) })
	if c := res.Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("signing out: %v", c)
	}
	h.visit(t, second, func(_ context.Context, by issuer.Caller) {
		if by.Signed() {
			t.Error("signed out and still in")
		}
	})
	for _, value := range []string{"", "x", strings.Repeat("A", 5000), "\x7f"} {
		h.visit(t, &http.Cookie{Name: "__Host-hallmark", Value: value}, func(_ context.Context, by issuer.Caller) {
			if by.Signed() {
				t.Errorf("cookie %.10q let someone in", value)
			}
		})
	}
	third := begin(nil)
	h.later(31 * time.Minute)
	h.visit(t, third, func(_ context.Context, by issuer.Caller) {
		if by.Signed() {
			t.Error("still in after 31 minutes without use")
		}
	})
}

// TestTokens: what is accepted as an access token, and what is not.
func TestTokens(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	signer, kid, err := h.ring.TokenSigner()
	must(t, err)
	good, err := h.PersonToken(ada, time.Hour)
	must(t, err)
	now := time.Now()
	usual := func() jwt.MapClaims {
		return jwt.MapClaims{"iss": "https://hall.example", "aud": "https://hall.example", "sub": "person:" + string(ada), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	}
	make := func(key crypto.Signer, header map[string]any, change map[string]any) string {
		claims := usual()
		for k, v := range change {
			if claims[k] = v; v == nil {
				delete(claims, k)
			}
		}
		token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
		token.Header["typ"], token.Header["kid"] = "at+jwt", string(kid)
		for k, v := range header {
			if token.Header[k] = v; v == nil {
				delete(token.Header, k)
			}
		}
		text, err := token.SignedString(key)
		must(t, err)
		return text
	}
	_, stranger, err := ed25519.GenerateKey(nil)
	must(t, err)
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	hmac := jwt.NewWithClaims(jwt.SigningMethodHS256, usual())
	hmac.Header["typ"], hmac.Header["kid"] = "at+jwt", string(kid)
	confused, err := hmac.SignedString([]byte(signer.Public().(ed25519.PublicKey)))
	must(t, err)
	tests := []struct {
		name, token string
		good        bool
	}{
		{"good", good, true},
		{"made by hand, the same", make(signer, nil, nil), true},
		{"other type", make(signer, map[string]any{"typ": "vc+jwt"}, nil), false},
		{"plain JWT", make(signer, map[string]any{"typ": "JWT"}, nil), false},
		{"no type", make(signer, map[string]any{"typ": nil}, nil), false},
		{"critical header", make(signer, map[string]any{"crit": []string{"exp"}}, nil), false},
		{"other key id", make(signer, map[string]any{"kid": "other"}, nil), false},
		{"no key id", make(signer, map[string]any{"kid": nil}, nil), false},
		{"stranger's key", make(stranger, nil, nil), false},
		{"other issuer", make(signer, nil, map[string]any{"iss": "https://evil.example"}), false},
		{"other audience", make(signer, nil, map[string]any{"aud": "https://evil.example"}), false},
		{"no audience", make(signer, nil, map[string]any{"aud": nil}), false},
		{"no end", make(signer, nil, map[string]any{"exp": nil}), false},
		{"over", make(signer, nil, map[string]any{"exp": now.Add(-time.Minute).Unix()}), false},
		{"from the future", make(signer, nil, map[string]any{"iat": now.Add(time.Hour).Unix()}), false},
		{"nobody's", make(signer, nil, map[string]any{"sub": "person:NOBODY"}), false},
		{"of the system", make(signer, nil, map[string]any{"sub": "system:import"}), false},
		{"no subject", make(signer, nil, map[string]any{"sub": nil}), false},
		{"unsigned", encode([]byte(`{"alg":"none","typ":"at+jwt","kid":"`+string(kid)+`"}`)) + "." + parts[1] + ".", false},
		{"public key as a password", confused, false},
		{"without signature", parts[0] + "." + parts[1] + ".", false},
		{"padded", good + "=", false},
		{"line break", parts[0] + "." + parts[1] + "." + parts[2][:5] + "\r\n" + parts[2][5:], false},
		{"spare bits", good[:len(good)-1] + spare(good[len(good)-1]), false},
		{"four parts", good + ".x", false},
		{"nothing", "", false},
		{"large", strings.Repeat("a", 5000), false},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+tt.token)
		_, by, err := h.Open(r)
		if tt.good != (err == nil && by.Person == ada) {
			t.Errorf("%s: %+v %v", tt.name, by, err)
		}
		if !tt.good && !errors.Is(err, issuer.Unsigned) {
			t.Errorf("%s: refused with %v", tt.name, err)
		}
	}
	for _, header := range []string{"Basic " + good, good, "Bearer", "Bearer " + good + " " + good} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", header)
		if _, _, err := h.Open(r); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("header %.20q: %v", header, err)
		}
	}
	twice := httptest.NewRequest("GET", "/", nil)
	twice.Header["Authorization"] = []string{"Bearer " + good, "Bearer " + good}
	if _, _, err := h.Open(twice); !errors.Is(err, issuer.Unsigned) {
		t.Errorf("two headers: %v", err)
	}
}

// spare changes the bits of the last character that carry nothing: the
// signature's 64 bytes leave two of them.
func spare(last byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, last)^1])
}

func TestSafeNext(t *testing.T) {
	tests := []struct{ next, want string }{
		{"/capstones/A?b=c#d", "/capstones/A?b=c#d"},
		{"", "/home"},
		{"//evil.example", "/home"},
		{`/\evil.example`, "/home"},
		{"https://evil.example/", "/home"},
		{"/%zz", "/home"},
		{"javascript:alert(1)", "/home"},
		{"/a\r\nSet-Cookie: x", "/home"},
		{"/\t/evil.example", "/home"},
		{"///evil.example", "/home"},
		{"/signin", "/home"},
		{"/" + strings.Repeat("a", 600), "/home"},
	}
	for _, tt := range tests {
		if got := SafeNext(tt.next); got != tt.want {
			t.Errorf("SafeNext(%q) = %q, want %q", tt.next, got, tt.want)
		}
	}
}

// TestLives: links that are handed over and tokens of clients last as long as
// the service was told to let them; mailed links do not.
func TestLives(t *testing.T) {
	h := open(t, "http://127.0.0.1:8080")
	ada := h.person(t, "ada@people.example")
	usual := h.Signin
	h.Signin = New(Config{Registrar: h.reg, Keys: h.ring, BaseURL: "http://127.0.0.1:8080", Now: h.clock, LinkLife: 24 * time.Hour, TokenLife: 2 * time.Hour})
	if h.TokenLife() != 2*time.Hour || usual.TokenLife() != TokenLife {
		t.Errorf("lives of tokens: %v %v", h.TokenLife(), usual.TokenLife())
	}
	client, secret, err := h.reg.AddClient(t.Context(), operator, "LMS", []string{string(issuer.CompletionsWrite)})
	must(t, err)
	long, _, err := h.ClientToken(t.Context(), client.ID, secret, "")
	must(t, err)
	short, _, err := usual.ClientToken(t.Context(), client.ID, secret, "")
	must(t, err)
	link, err := h.Link(t.Context(), operator, registrar.PersonRef{ID: ada}, "")
	must(t, err)
	h.later(TokenLife + time.Minute)
	for token, good := range map[string]bool{long: true, short: false} {
		if _, err := h.callerOf(t.Context(), token); (err == nil) != good {
			t.Errorf("a token after an hour: %v, want good %v", err, good)
		}
	}
	h.later(22 * time.Hour)
	h.visit(t, nil, func(ctx context.Context, _ issuer.Caller) {
		if _, err := h.Use(ctx, secretOf(t, link)); err != nil {
			t.Errorf("a link after 23 hours: %v", err)
		}
	})
}
