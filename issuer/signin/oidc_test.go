package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"hallmark/issuer"
)

// elsewhere is a provider that can be made to lie. The one that does not is in the
// tests of the program: a server of another vendor.
type elsewhere struct {
	*httptest.Server
	t      *testing.T
	key    *ecdsa.PrivateKey
	asked  url.Values              // of the last authorization
	claims func(c jwt.MapClaims)   // changes what the next token says
	sign   func(*jwt.Token) string // nil: as it should be
	answer func(q url.Values)      // changes the way back
	down   bool
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	e := &elsewhere{t: t, key: key}
	mux := http.NewServeMux()
	say := func(path string, answer func(r *http.Request) any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if e.down {
				http.Error(w, "down", http.StatusBadGateway)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(answer(r))
		})
	}
	say("/.well-known/openid-configuration", func(*http.Request) any {
		return map[string]any{"issuer": e.URL, "authorization_endpoint": e.URL + "/auth", "token_endpoint": e.URL + "/token", "jwks_uri": e.URL + "/jwks",
			"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"}}
	})
	say("/jwks", func(*http.Request) any {
		point, err := e.key.PublicKey.Bytes()
		must(t, err)
		return map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "kid": "k", "alg": "ES256", "use": "sig", "x": b64(point[1:33]), "y": b64(point[33:])}}}
	})
	say("/token", func(r *http.Request) any {
		proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if r.PostFormValue("code") != "CODE" || b64(proof[:]) != e.asked.Get("code_challenge") || e.asked.Get("code_challenge_method") != "S256" {
			return map[string]any{"error": "invalid_grant"}
		}
		return map[string]any{"access_token": "A", "token_type": "Bearer", "id_token": e.token()}
	})
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) token() string {
	c := jwt.MapClaims{"iss": e.URL, "aud": "hallmark", "sub": "S1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		"nonce": e.asked.Get("nonce"), "email": "Ada@Work.example", "email_verified": true, "name": "Ada Elsewhere"}
	if e.claims != nil {
		e.claims(c)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, c)
	token.Header["kid"] = "k"
	if e.sign != nil {
		return e.sign(token)
	}
	text, err := token.SignedString(e.key)
	must(e.t, err)
	return text
}

// traveller is a browser with all of its cookies.
type traveller struct {
	*house
	t       *testing.T
	cookies map[string]*http.Cookie
}

func (v *traveller) do(query url.Values, f func(w http.ResponseWriter, r *http.Request, by issuer.Caller)) {
	v.t.Helper()
	r := httptest.NewRequest("GET", "/signin/oidc/callback?"+query.Encode(), nil)
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	r, by, err := v.Open(r)
	must(v.t, err)
	w := httptest.NewRecorder()
	f(w, r, by)
	must(v.t, v.Keep(w, r))
	for _, c := range w.Result().Cookies() {
		if v.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
}

// travel goes to the provider and comes back, and tells who is signed in then.
func (v *traveller) travel(e *elsewhere, bind issuer.PersonID) (who issuer.PersonID, next string, err error) {
	v.t.Helper()
	v.do(nil, func(w http.ResponseWriter, r *http.Request, _ issuer.Caller) {
		var address string
		if address, err = v.Leave(w, r, "work", "/badges", bind); err == nil {
			u, parsed := url.Parse(address)
			must(v.t, parsed)
			e.asked = u.Query()
		}
	})
	if err != nil {
		return "", "", err
	}
	back := url.Values{"code": {"CODE"}, "state": {e.asked.Get("state")}, "iss": {e.URL}}
	if e.answer != nil {
		e.answer(back)
	}
	v.do(back, func(w http.ResponseWriter, r *http.Request, by issuer.Caller) { next, err = v.Return(w, r, by) })
	v.do(nil, func(_ http.ResponseWriter, _ *http.Request, by issuer.Caller) { who = by.Person })
	return who, next, err
}

func (h *house) traveller(t *testing.T) *traveller {
	return &traveller{house: h, t: t, cookies: map[string]*http.Cookie{}}
}

func openTo(t *testing.T, e *elsewhere) *house {
	t.Helper()
	h := open(t, "https://hall.example")
	h.Signin = New(Config{Registrar: h.reg, Keys: h.ring, BaseURL: "https://hall.example", Now: h.clock, HTTP: e.Client(),
		Providers: []Provider{{Name: "work", Label: "Work account", Issuer: e.URL, ClientID: "hallmark", Secret: "s", Domains: []string{"open.example"}}}})
	return h
}

// TestOIDC: the subject is bound to the person of its confirmed address at first
// use; afterwards no address counts.
func TestOIDC(t *testing.T) {
	e := newElsewhere(t)
	h := openTo(t, e)
	ada := h.person(t, "ada@work.example")
	v := h.traveller(t)
	who, next, err := v.travel(e, "")
	if err != nil || who != ada || next != "/badges" {
		t.Fatalf("%s %s %v", who, next, err)
	}
	if e.asked.Get("redirect_uri") != "https://hall.example/signin/oidc/callback" || e.asked.Get("scope") != "openid email profile" || len(v.cookies) != 2 {
		t.Errorf("asked %v, cookies %v", e.asked, v.cookies)
	}
	e.claims = func(c jwt.MapClaims) { c["email"], c["email_verified"] = "bob@work.example", false }
	if who, _, err := h.traveller(t).travel(e, ""); err != nil || who != ada {
		t.Errorf("with another address: %s %v", who, err)
	}
	e.claims = func(c jwt.MapClaims) { c["sub"], c["email"] = "S2", "ada@work.example" } // the address was given to someone else
	if who, _, err := h.traveller(t).travel(e, ""); err != nil || who != ada {
		t.Errorf("a second account with the address: %s %v", who, err)
	}
	e.claims = func(c jwt.MapClaims) { c["sub"], c["email"] = "S3", "new@open.example" }
	if who, _, err := h.traveller(t).travel(e, ""); err != nil || who == "" {
		t.Errorf("of a domain that is let in: %s %v", who, err)
	}
	must(t, h.reg.ErasePerson(t.Context(), operator, ada))
	e.claims = nil
	if who, _, err := h.traveller(t).travel(e, ""); err == nil || who != "" {
		t.Errorf("erased: %s %v", who, err)
	}
}

// TestOIDCMisused is every answer that lets nobody in.
func TestOIDCMisused(t *testing.T) {
	e := newElsewhere(t)
	h := openTo(t, e)
	h.person(t, "ada@work.example")
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	set := func(name string, value any) func(jwt.MapClaims) { return func(c jwt.MapClaims) { c[name] = value } }
	tests := []struct {
		name   string
		claims func(jwt.MapClaims)
		sign   func(*jwt.Token) string
		answer func(url.Values)
		kind   issuer.Kind
	}{
		{"address not confirmed", set("email_verified", false), nil, nil, issuer.Forbidden},
		{"not said whether it is", func(c jwt.MapClaims) { delete(c, "email_verified") }, nil, nil, issuer.Forbidden},
		{"no address", func(c jwt.MapClaims) { delete(c, "email") }, nil, nil, issuer.Forbidden},
		{"an address of nobody", set("email", "who@work.example"), nil, nil, issuer.Forbidden},
		{"a domain like one that is let in", set("email", "who@notopen.example"), nil, nil, issuer.Forbidden},
		{"a domain below it", set("email", "who@open.example.evil.example"), nil, nil, issuer.Forbidden},
		{"two addresses in one", set("email", "who@open.example, ada@work.example"), nil, nil, issuer.Forbidden},
		{"another nonce", set("nonce", "x"), nil, nil, issuer.Forbidden},
		{"no nonce", func(c jwt.MapClaims) { delete(c, "nonce") }, nil, nil, issuer.Forbidden},
		{"for another client", set("aud", "other"), nil, nil, issuer.Forbidden},
		{"for several and no party", set("aud", []string{"hallmark", "other"}), nil, nil, issuer.Forbidden},
		{"for another party", func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{"hallmark", "other"}, "other" }, nil, nil, issuer.Forbidden},
		{"of another issuer", set("iss", "https://evil.example"), nil, nil, issuer.Forbidden},
		{"ended", set("exp", time.Now().Add(-time.Hour).Unix()), nil, nil, issuer.Forbidden},
		{"no subject", set("sub", ""), nil, nil, issuer.Forbidden},
		{"a long subject", set("sub", strings.Repeat("s", 256)), nil, nil, issuer.Forbidden},
		{"another key", nil, func(tok *jwt.Token) string { s, err := tok.SignedString(other); must(t, err); return s }, nil, issuer.Forbidden},
		{"the secret as the key", nil, func(tok *jwt.Token) string {
			forged := jwt.NewWithClaims(jwt.SigningMethodHS256, tok.Claims)
			s, err := forged.SignedString([]byte("s"))
			must(t, err)
			return s
		}, nil, issuer.Forbidden},
		{"unsigned", nil, func(tok *jwt.Token) string {
			s, err := jwt.NewWithClaims(jwt.SigningMethodNone, tok.Claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
			must(t, err)
			return s
		}, nil, issuer.Forbidden},
		{"no token", nil, func(*jwt.Token) string { return "" }, nil, issuer.Forbidden},
		{"another state", nil, nil, func(q url.Values) { q.Set("state", "x") }, issuer.Conflict},
		{"no state", nil, nil, func(q url.Values) { q.Del("state") }, issuer.Conflict},
		{"another code", nil, nil, func(q url.Values) { q.Set("code", "x") }, issuer.Forbidden},
		{"the answer of another issuer", nil, nil, func(q url.Values) { q.Set("iss", "https://evil.example") }, issuer.Forbidden},
		{"turned down", nil, nil, func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }, issuer.Conflict},
	}
	for _, test := range tests {
		e.claims, e.sign, e.answer = test.claims, test.sign, test.answer
		if who, _, err := h.traveller(t).travel(e, ""); !errors.Is(err, test.kind) || who != "" {
			t.Errorf("%s: %q, %v", test.name, who, err)
		}
	}
	e.claims, e.sign, e.answer = nil, nil, nil

	// The answer of one browser in another, and once more in its own.
	mine, theirs := h.traveller(t), h.traveller(t)
	mine.do(nil, func(w http.ResponseWriter, r *http.Request, _ issuer.Caller) {
		address, err := h.Leave(w, r, "work", "//evil.example", "")
		must(t, err)
		u, err := url.Parse(address)
		must(t, err)
		e.asked = u.Query()
	})
	back := url.Values{"code": {"CODE"}, "state": {e.asked.Get("state")}}
	flow := *mine.cookies["__Host-hallmark_oidc"]
	for name, v := range map[string]*traveller{"another browser": theirs} {
		v.do(back, func(w http.ResponseWriter, r *http.Request, by issuer.Caller) {
			if _, err := h.Return(w, r, by); !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	mine.do(back, func(w http.ResponseWriter, r *http.Request, by issuer.Caller) {
		if next, err := h.Return(w, r, by); err != nil || next != "/home" {
			t.Errorf("next %q, %v", next, err)
		}
	})
	if mine.cookies[flow.Name] != nil {
		t.Error("the flow is still in the browser")
	}
	mine.cookies[flow.Name] = &flow
	h.later(flowLife)
	mine.do(back, func(w http.ResponseWriter, r *http.Request, by issuer.Caller) {
		if _, err := h.Return(w, r, by); !errors.Is(err, issuer.Conflict) {
			t.Errorf("late: %v", err)
		}
	})
}

// TestOIDCDown: a provider that cannot be reached is said to be so, and asked again
// a little later.
func TestOIDCDown(t *testing.T) {
	e := newElsewhere(t)
	h := openTo(t, e)
	h.person(t, "ada@work.example")
	e.down = true
	if _, _, err := h.traveller(t).travel(e, ""); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("down: %v", err)
	}
	e.down = false
	if _, _, err := h.traveller(t).travel(e, ""); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("asked again at once: %v", err)
	}
	h.later(askSooner)
	if who, _, err := h.traveller(t).travel(e, ""); err != nil || who == "" {
		t.Errorf("up again: %v", err)
	}
	e.down = true
	if _, _, err := h.traveller(t).travel(e, ""); !errors.Is(err, issuer.Unavailable) { // at the exchange
		t.Errorf("down again: %v", err)
	}
}

// TestOIDCBound: an account with any address, or none, can be added by who is signed
// in and has just confirmed that it is them, and belongs to one person.
func TestOIDCBound(t *testing.T) {
	e := newElsewhere(t)
	e.claims = func(c jwt.MapClaims) { delete(c, "email") }
	h := openTo(t, e)
	ada, bob := h.person(t, "ada@work.example"), h.person(t, "bob@work.example")
	v := h.traveller(t)
	v.do(nil, func(_ http.ResponseWriter, r *http.Request, _ issuer.Caller) { must(t, h.Begin(r.Context(), ada)) })
	if _, _, err := v.travel(e, ada); !errors.Is(err, issuer.Forbidden) {
		t.Errorf("without confirming: %v", err)
	}
	sure := func(v *traveller) {
		v.do(nil, func(_ http.ResponseWriter, r *http.Request, by issuer.Caller) {
			_, err := h.stepUp(r.Context(), by)
			must(t, err)
		})
	}
	sure(v)
	if _, _, err := v.travel(e, bob); !errors.Is(err, issuer.Conflict) {
		t.Errorf("for someone else: %v", err)
	}
	if _, _, err := v.travel(e, ada); err != nil {
		t.Fatal(err)
	}
	if who, _, err := h.traveller(t).travel(e, ""); err != nil || who != ada {
		t.Errorf("%s %v", who, err)
	}
	w := h.traveller(t)
	w.do(nil, func(_ http.ResponseWriter, r *http.Request, _ issuer.Caller) { must(t, h.Begin(r.Context(), bob)) })
	sure(w)
	if _, _, err := w.travel(e, bob); !errors.Is(err, issuer.Conflict) {
		t.Errorf("of another: %v", err)
	}
	by := issuer.Caller{Person: ada, SteppedUp: h.clock()}
	must(t, h.reg.RemoveIdentity(t.Context(), by, e.URL, "S1", "Work account"))
	if who, _, err := h.traveller(t).travel(e, ""); !errors.Is(err, issuer.Forbidden) || who != "" {
		t.Errorf("after it was removed: %s %v", who, err)
	}
}
