package oid4vci_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/store"
)

// TestProofAttacks: proofs that prove nothing. Each is refused with the code of the
// specification, and none uses up the offer.
func TestProofAttacks(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	badge := earn(t, s, "learner", "honour")
	w, stranger := newWallet(t, s, "p256"), newWallet(t, s, "p256")
	token := w.token(t, w.find(t, offered(t, s, "learner", badge)), mailed(t, s))
	now := func() int64 { return s.Clock.Now().Unix() }
	set := func(name string, v any) func(h, c object) { return func(h, c object) { c[name] = v } }
	head := func(name string, v any) func(h, c object) { return func(h, c object) { h[name] = v } }
	drop := func(name string) func(h, c object) { return func(h, c object) { delete(h, name); delete(c, name) } }
	private := w.jwk()
	scalar, err := w.key.(*ecdsa.PrivateKey).Bytes()
	must(t, err)
	private["d"] = base64.RawURLEncoding.EncodeToString(scalar)
	const bad = "400 invalid_proof"
	tests := []struct {
		name   string
		change func(h, c object)
		want   string
	}{
		{"for another issuer", set("aud", "https://other.example"), bad},
		{"for us and another", set("aud", []string{s.URL, "https://other.example"}), bad},
		{"for nobody", drop("aud"), bad},
		{"with a slash more", set("aud", s.URL+"/"), bad},
		{"too old", set("iat", now()-3600), bad},
		{"from the future", set("iat", now()+3600), bad},
		{"of no time", drop("iat"), bad},
		{"of a time in words", set("iat", "now"), bad},
		{"ended", set("exp", now()-1), bad},
		{"not begun", set("nbf", now()+3600), bad},
		{"without a nonce", drop("nonce"), bad},
		{"with an empty nonce", set("nonce", ""), bad},
		{"with a nonce of somebody's", set("nonce", "n-0S6_WzA2Mj"), "400 invalid_nonce"},
		{"with a nonce of the right length", set("nonce", strings.Repeat("A", 54)), "400 invalid_nonce"},
		{"of another type", head("typ", "JWT"), bad},
		{"of the type of drafts", head("typ", "openid4vci-proof+jwt+sd"), bad},
		{"without a type", drop("typ"), bad},
		{"alg none", head("alg", "none"), bad},
		{"alg of another key", head("alg", "ES384"), bad},
		{"alg of an Ed25519 key", head("alg", "EdDSA"), bad},
		{"a key of somebody else", head("kid", stranger.kid), bad},
		{"kid not a DID URL", head("kid", "key-1"), bad},
		{"kid a DID without a key", head("kid", w.did), bad},
		{"kid of a did:web", head("kid", "did:web:badges.example#key"), bad},
		{"kid of another fragment", head("kid", w.did+"#1"), bad},
		{"no key", drop("kid"), bad},
		{"kid and jwk", head("jwk", w.jwk()), bad},
		{"jwk with its private part", func(h, c object) { delete(h, "kid"); h["jwk"] = private }, bad},
		{"jwk where it is not offered", func(h, c object) { delete(h, "kid"); h["jwk"] = w.jwk() }, bad},
		{"x5c", head("x5c", []string{"MIIB"}), bad},
		{"jku", head("jku", "https://other.example/keys"), bad},
		{"crit", head("crit", []string{"b64"}), bad},
	}
	for _, tt := range tests {
		if got := code(t, w.ask(t, token, wish("OpenBadge_ldp", w.proof(t, w.nonce(t), tt.change)))); got != tt.want {
			t.Errorf("a proof %s: %s", tt.name, got)
		}
	}
	for name, proof := range map[string]string{
		"HS256 with the public key":  symmetric(t, w),
		"RS256":                      withRSA(t, w),
		"ended by a letter":          w.proof(t, w.nonce(t), nil) + "A",
		"cut short":                  strings.TrimRight(w.proof(t, w.nonce(t), nil), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		"of two parts":               "e30.e30",
		"of nothing":                 "",
		"longer than any":            strings.Repeat("A", 9<<10),
		"of an array":                forged(t, w, `[]`),
		"with a claim twice":         forged(t, w, `{"aud":"x","aud":"`+s.URL+`","iat":1,"nonce":"x"}`),
		"whose key has a jwk's d in": forgedKid(t, w, private),
	} {
		if got := code(t, w.ask(t, token, wish("OpenBadge_ldp", proof))); got != bad {
			t.Errorf("a proof %s: %s", name, got)
		}
	}
	good := w.proof(t, w.nonce(t), nil)
	w.ask(t, token, wish("OpenBadge_ldp", good)).Want(t, 200)
	if got := code(t, w.ask(t, token, wish("OpenBadge_ldp", good))); got != "400 invalid_nonce" {
		t.Errorf("a proof a second time: %s", got)
	}
	if got := code(t, stranger.at(w).ask(t, token, wish("OpenBadge_ldp", stranger.proof(t, w.nonce(t), nil)))); got != "400 credential_request_denied" {
		t.Errorf("another key for an offer that was used: %s", got)
	}
	nonce := w.nonce(t)
	s.Clock.Advance(issuer.WalletNonceLife)
	if got := code(t, w.ask(t, token, wish("OpenBadge_ldp", w.proof(t, nonce, nil)))); got != "400 invalid_nonce" {
		t.Errorf("a nonce that is too old: %s", got)
	}
	s.Clock.Advance(issuer.WalletTokenLife)
	if a := w.ask(t, token, wish("OpenBadge_ldp", w.proof(t, w.nonce(t), nil))); a.Status != 401 || !strings.Contains(a.Header.Get("WWW-Authenticate"), "invalid_token") {
		t.Errorf("a token that is too old: %d %v", a.Status, a.Header)
	}
}

// at lets a wallet speak to the server that another one found.
func (w *wallet) at(of *wallet) *wallet {
	w.server = of.server
	return w
}

// symmetric signs with HMAC, the public key as its secret (RFC 8725 §2.1).
func symmetric(t *testing.T, w *wallet) string {
	signed, _, _ := cutLast(w.proof(t, w.nonce(t), func(h, _ object) { h["alg"] = "HS256" }))
	mac := hmac.New(sha256.New, []byte(text(t, w.jwk())))
	mac.Write([]byte(signed))
	return signed + "." + b64.EncodeToString(mac.Sum(nil))
}

// withRSA signs with an algorithm that is not offered.
func withRSA(t *testing.T, w *wallet) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	jwk := object{"kty": "RSA", "e": "AQAB", "n": b64.EncodeToString(key.N.Bytes())}
	kid := "did:jwk:" + b64.EncodeToString([]byte(text(t, jwk))) + "#0"
	signed, _, _ := cutLast(w.proof(t, w.nonce(t), func(h, _ object) { h["alg"], h["kid"] = "RS256", kid }))
	sum := sha256.Sum256([]byte(signed))
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	must(t, err)
	return signed + "." + b64.EncodeToString(signature)
}

// forged is a proof whose signature is good and whose claims are a text.
func forged(t *testing.T, w *wallet, claims string) string {
	header, _, _ := strings.Cut(w.proof(t, "x", nil), ".")
	signed := header + "." + b64.EncodeToString([]byte(claims))
	return signed + "." + b64.EncodeToString(sign(t, w.key, signed))
}

// forgedKid names a did:jwk that gives its private key away.
func forgedKid(t *testing.T, w *wallet, private object) string {
	return w.proof(t, w.nonce(t), func(h, _ object) { h["kid"] = "did:jwk:" + b64.EncodeToString([]byte(text(t, private))) + "#0" })
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	return s[:i], s[i+1:], true
}

// TestRequestAttacks: requests that are wrong whatever the proof.
func TestRequestAttacks(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	badge := earn(t, s, "learner", "honour")
	w := newWallet(t, s, "ed25519")
	pre := w.find(t, offered(t, s, "learner", badge))
	pin := mailed(t, s)
	form := func(pairs ...string) url.Values {
		f := url.Values{"grant_type": {grant}, "pre-authorized_code": {pre}, "tx_code": {pin}}
		for i := 0; i < len(pairs); i += 2 {
			if f.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
				f.Del(pairs[i])
			}
		}
		return f
	}
	twice := form()
	twice.Add("tx_code", pin)
	for name, tt := range map[string]struct {
		form url.Values
		want string
	}{
		"no grant_type":          {form("grant_type", ""), "400 invalid_request"},
		"another grant_type":     {form("grant_type", "authorization_code"), "400 unsupported_grant_type"},
		"no code":                {form("pre-authorized_code", ""), "400 invalid_request"},
		"no tx_code":             {form("tx_code", ""), "400 invalid_request"},
		"tx_code twice":          {twice, "400 invalid_request"},
		"a code of nobody's":     {form("pre-authorized_code", "x"), "400 invalid_grant"},
		"the link for the code":  {form("pre-authorized_code", s.URL), "400 invalid_grant"},
		"a code that is no text": {form("pre-authorized_code", "\xff\x00"), "400 invalid_request"},
	} {
		if got := code(t, w.form(t, tt.form)); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, tt := range map[string]struct{ body, media, want string }{
		"JSON":      {`{"grant_type":"x"}`, "application/json", "400 invalid_request"},
		"multipart": {"--x--", "multipart/form-data; boundary=x", "400 invalid_request"},
	} {
		if got := code(t, s.Send(t, "nobody", "POST", "/oid4vci/token", tt.body, "Content-Type", tt.media)); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	token := w.token(t, pre, pin)
	if got := code(t, w.redeem(t, pre, pin)); got != "400 invalid_grant" {
		t.Errorf("a code a second time: %s", got)
	}
	proof := func() string { return w.proof(t, w.nonce(t), nil) }
	ldp := func(more ...any) object {
		o := wish("OpenBadge_ldp", proof())
		for i := 0; i < len(more); i += 2 {
			o[more[i].(string)] = more[i+1]
		}
		return o
	}
	const invalid = "400 invalid_credential_request"
	for name, tt := range map[string]struct {
		body any
		want string
	}{
		"nothing":                 {`{}`, invalid},
		"a list":                  {`[]`, invalid},
		"no JSON":                 {`{`, invalid},
		"two values":              {`{}{}`, invalid},
		"a member twice":          {`{"proofs":{},"proofs":{}}`, invalid},
		"another configuration":   {wish("OpenBadge_mdoc", proof()), "400 unknown_credential_configuration"},
		"an identifier":           {object{"credential_identifier": "x", "proofs": object{"jwt": []string{proof()}}}, "400 unknown_credential_identifier"},
		"both":                    {ldp("credential_identifier", "x"), invalid},
		"an encrypted answer":     {ldp("credential_response_encryption", object{}), "400 invalid_encryption_parameters"},
		"no proofs":               {object{"credential_configuration_id": "OpenBadge_ldp"}, "400 invalid_proof"},
		"the proof of drafts":     {object{"credential_configuration_id": "OpenBadge_ldp", "proof": object{"proof_type": "jwt", "jwt": proof()}}, "400 invalid_proof"},
		"proofs of another kind":  {object{"credential_configuration_id": "OpenBadge_ldp", "proofs": object{"di_vp": []object{{}}}}, "400 invalid_proof"},
		"proofs of two kinds":     {object{"credential_configuration_id": "OpenBadge_ldp", "proofs": object{"jwt": []string{proof()}, "attestation": []string{"x"}}}, "400 invalid_proof"},
		"two proofs":              {wish("OpenBadge_ldp", proof(), proof()), "400 invalid_proof"},
		"a proof that is no text": {object{"credential_configuration_id": "OpenBadge_ldp", "proofs": object{"jwt": []int{1}}}, "400 invalid_proof"},
	} {
		if got := code(t, w.ask(t, token, tt.body)); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := code(t, w.ask(t, token, text(t, ldp()), "Content-Type", "text/plain")); got != invalid {
		t.Errorf("text: %s", got)
	}
	if a := w.ask(t, token, `{"x":"`+strings.Repeat("x", 300<<10)+`"}`); a.Status != 413 {
		t.Errorf("a large body: %d", a.Status)
	}
	for name, token := range map[string]string{"none": "", "of a person": s.Tokens["learner"], "of a program": s.Tokens["lms"], "the code": pre, "cut short": token[1:]} {
		if a := w.ask(t, token, ldp()); a.Status != 401 || a.Header.Get("WWW-Authenticate") == "" || (token != "") != strings.Contains(a.Header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("token %s: %d %v", name, a.Status, a.Header)
		}
	}
	got := w.fetch(t, token, "OpenBadge_ldp")
	for name, tt := range map[string]struct{ body, want string }{
		"nothing":       {`{}`, "400 invalid_notification_request"},
		"another event": {`{"notification_id":"` + got.Notice + `","event":"x"}`, "400 invalid_notification_request"},
		"another id":    {`{"notification_id":"x","event":"credential_accepted"}`, "400 invalid_notification_id"},
	} {
		if said := code(t, s.Send(t, "nobody", "POST", "/oid4vci/notification", tt.body, "Authorization", "Bearer "+token)); said != tt.want {
			t.Errorf("notification of %s: %s", name, said)
		}
	}
	// A token opens its own offer alone.
	other := newWallet(t, s, "ed25519")
	theirs := other.token(t, other.find(t, offered(t, s, "other", earn(t, s, "other", "honour"))), mailed(t, s))
	if said := code(t, s.Send(t, "nobody", "POST", "/oid4vci/notification", `{"notification_id":"`+got.Notice+`","event":"credential_deleted"}`, "Authorization", "Bearer "+theirs)); said != "400 invalid_notification_id" {
		t.Errorf("notification with the token of another offer: %s", said)
	}
}

// TestDigits: five wrong ones end an offer, and then the right ones do as little;
// so do offers that are too old, too many, or of a badge that is paused meanwhile.
// While issuing is stopped the answer is to come again.
func TestDigits(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		badge := earn(t, s, "learner", "honour")
		w := newWallet(t, s, "ed25519")
		pre := w.find(t, offered(t, s, "learner", badge))
		pin := mailed(t, s)
		wrong := "000000"
		if pin == wrong {
			wrong = "111111"
		}
		for range issuer.WalletPinTries {
			if got := code(t, w.redeem(t, pre, wrong)); got != "400 invalid_grant" {
				t.Errorf("wrong digits: %s", got)
			}
		}
		if got := code(t, w.redeem(t, pre, pin)); got != "400 invalid_grant" {
			t.Errorf("the right digits after five wrong ones: %s", got)
		}
		late := w.find(t, offered(t, s, "learner", badge))
		pin = mailed(t, s)
		s.Clock.Advance(issuer.WalletOfferLife)
		if got := code(t, w.redeem(t, late, pin)); got != "400 invalid_grant" {
			t.Errorf("an offer that is too old: %s", got)
		}
		var tokens []string
		for range issuer.MaxWalletOffers - 1 {
			pre := w.find(t, offered(t, s, "learner", badge))
			tokens = append(tokens, w.token(t, pre, mailed(t, s)))
		}
		if _, err := s.Registrar.StopIssuing(t.Context(), operator, "An inquiry."); err != nil {
			t.Fatal(err)
		}
		ask := func(token string) *issuertest.Answer {
			return w.ask(t, token, wish("OpenBadge_ldp", w.proof(t, w.nonce(t), nil)))
		}
		if a := ask(tokens[0]); a.Status != 503 || a.Header.Get("Retry-After") == "" {
			t.Errorf("while issuing is stopped: %d %v", a.Status, a.Header)
		}
		if _, err := s.Registrar.ResumeIssuing(t.Context(), operator); err != nil {
			t.Fatal(err)
		}
		ask(tokens[0]).Want(t, 200)
		// The same key by another offer gets the copy that it has.
		copies := func() int {
			all, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Credential, error) {
				c, err := tx.Credential(badge)
				if err != nil {
					return nil, err
				}
				return tx.WalletCopies(c)
			})
			must(t, err)
			return len(all)
		}
		ask(tokens[1]).Want(t, 200)
		if n := copies(); n != 1 {
			t.Errorf("one key has %d copies", n)
		}
		s.Clock.Advance(2 * time.Hour)
		for range issuer.MaxWalletOffers {
			offered(t, s, "learner", badge)
		}
		if _, err := s.Registrar.OfferToWallet(t.Context(), s.Caller(t, "learner"), badge); err == nil {
			t.Error("one offer more than can be open")
		}
	})
}

// TestNoOfferTwice: however many redeem one offer at once, one gets a token; and
// however many ask with it at once for keys of their own, one key gets a copy.
func TestNoOfferTwice(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		badge := earn(t, s, "learner", "honour")
		first := newWallet(t, s, "ed25519")
		pre := first.find(t, offered(t, s, "learner", badge))
		pin := mailed(t, s)
		const hands = 8
		var statuses [2][hands]int
		var tokens [hands]string
		together(func(i int) {
			a := first.redeem(t, pre, pin)
			var got struct {
				Token string `json:"access_token"`
			}
			if statuses[0][i] = a.Status; a.Status == 200 && json.Unmarshal(a.Body, &got) == nil {
				tokens[i] = got.Token
			}
		}, hands)
		token := strings.Join(tokens[:], "")
		var proofs [hands]string
		for i := range proofs {
			w := newWallet(t, s, []string{"ed25519", "p256"}[i%2])
			proofs[i] = w.proof(t, first.nonce(t), nil)
		}
		together(func(i int) { statuses[1][i] = first.ask(t, token, wish("OpenBadge_ldp", proofs[i])).Status }, hands)
		for i, what := range []string{"tokens", "copies"} {
			slices.Sort(statuses[i][:])
			if want := [hands]int{200, 400, 400, 400, 400, 400, 400, 400}; statuses[i] != want {
				t.Errorf("%s: %v", what, statuses[i])
			}
		}
		audited(t, s)
	})
}

func together(f func(i int), hands int) {
	var wg sync.WaitGroup
	for i := range hands {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// TestOrigins: wallets in browsers come from anywhere, with a token and without
// cookies.
func TestOrigins(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	for _, path := range []string{"/oid4vci/token", "/oid4vci/nonce", "/oid4vci/credential", "/oid4vci/notification"} {
		a := s.Send(t, "nobody", "OPTIONS", path, "", "Origin", "https://wallet.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
		h := a.Header
		if a.Status != 204 || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("preflight of %s: %d %v", path, a.Status, h)
		}
		a = s.Send(t, "nobody", "POST", path, "", "Origin", "https://wallet.example", "Sec-Fetch-Site", "cross-site")
		if a.Status == 403 || a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s from elsewhere: %d %v", path, a.Status, a.Header)
		}
	}
}

// TestBasePath: with a path in the base URL the well-known addresses stand before
// it.
func TestBasePath(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{Base: "https://badges.example/academy"})
	for _, name := range []string{"openid-credential-issuer", "oauth-authorization-server"} {
		var got struct {
			Issuer string `json:"credential_issuer"`
			Server string `json:"issuer"`
		}
		s.Send(t, "nobody", "GET", "/.well-known/"+name+"/academy", "").Want(t, 200).JSON(t, &got)
		if got.Issuer+got.Server != s.URL {
			t.Errorf("%s: %+v", name, got)
		}
		s.Send(t, "nobody", "GET", "/.well-known/"+name+"/elsewhere", "").Want(t, 404)
	}
}
