package oid4vci_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/issuer/web"
)

type object = map[string]any

// operator prepares what a test needs.
var operator = issuer.Caller{System: "test"}

// revocation is why badges are revoked here.
var revocation = registrar.StatusChange{Code: "other", Reason: "For the test."}

const grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

var b64 = base64.RawURLEncoding

// wallet is a wallet that knows of the issuer what the specification lets it
// find out, and nothing of this module: it makes its keys, identifiers and proofs
// by itself.
type wallet struct {
	s      *issuertest.Service
	key    crypto.Signer
	did    string // "" for a key that goes into the header
	kid    string
	alg    string
	server server
}

// server is what a wallet learns from metadata.
type server struct {
	Issuer       string `json:"credential_issuer"`
	Credential   string `json:"credential_endpoint"`
	Nonce        string `json:"nonce_endpoint"`
	Notification string `json:"notification_endpoint"`
	Token        string `json:"token_endpoint"`
}

// newWallet makes a wallet with a key of a kind: ed25519 in a did:key, p256 in a
// did:jwk, or bare for P-256 in the header.
func newWallet(t testing.TB, s *issuertest.Service, kind string) *wallet {
	t.Helper()
	w := &wallet{s: s}
	if kind == "ed25519" {
		public, key, err := ed25519.GenerateKey(rand.Reader)
		must(t, err)
		name := "z" + base58(append([]byte{0xed, 0x01}, public...))
		w.key, w.alg, w.did, w.kid = key, "EdDSA", "did:key:"+name, "did:key:"+name+"#"+name
		return w
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	w.key, w.alg = key, "ES256"
	w.did = "did:jwk:" + b64.EncodeToString([]byte(text(t, w.jwk())))
	if kind == "p256" {
		w.kid = w.did + "#0"
	}
	return w
}

// jwk is the public key (RFC 7518 §6.2).
func (w *wallet) jwk() object {
	public, err := w.key.(*ecdsa.PrivateKey).PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	return object{"crv": "P-256", "kty": "EC", "x": b64.EncodeToString(public[1:33]), "y": b64.EncodeToString(public[33:])}
}

// base58 is base58btc, as Multibase has it.
func base58(data []byte) string {
	const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	n, rest, out := new(big.Int).SetBytes(data), new(big.Int), ""
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), rest)
		out = string(letters[rest.Int64()]) + out
	}
	return out
}

// proof makes a proof of the key; change alters its header and claims first.
func (w *wallet) proof(t testing.TB, nonce string, change func(header, claims object)) string {
	t.Helper()
	header := object{"typ": "openid4vci-proof+jwt", "alg": w.alg}
	if header["kid"] = w.kid; w.kid == "" {
		delete(header, "kid")
		header["jwk"] = w.jwk()
	}
	claims := object{"aud": w.s.URL, "iat": w.s.Clock.Now().Unix(), "nonce": nonce}
	if change != nil {
		change(header, claims)
	}
	signed := b64.EncodeToString([]byte(text(t, header))) + "." + b64.EncodeToString([]byte(text(t, claims)))
	return signed + "." + b64.EncodeToString(sign(t, w.key, signed))
}

// sign makes the signature of a JWS (RFC 7518 §3.4, RFC 8037 §3.1).
func sign(t testing.TB, key crypto.Signer, signed string) []byte {
	t.Helper()
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(k, []byte(signed))
	case *ecdsa.PrivateKey:
		sum := sha256.Sum256([]byte(signed))
		r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
		must(t, err)
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	t.Fatalf("no way to sign with %T", key)
	return nil
}

// offer is what a wallet reads at the link of an offer.
type offer struct {
	Issuer         string   `json:"credential_issuer"`
	Configurations []string `json:"credential_configuration_ids"`
	Grants         map[string]struct {
		Code   string `json:"pre-authorized_code"`
		TxCode struct {
			Mode   string `json:"input_mode"`
			Length int    `json:"length"`
		} `json:"tx_code"`
	} `json:"grants"`
}

// find reads an offer by its openid-credential-offer URI, and what the issuer says
// of itself.
func (w *wallet) find(t testing.TB, uri string) (code string) {
	t.Helper()
	u, err := url.Parse(uri)
	must(t, err)
	if u.Scheme != "openid-credential-offer" || len(u.Query()) != 1 {
		t.Fatalf("no offer: %s", uri)
	}
	var o offer
	w.get(t, u.Query().Get("credential_offer_uri"), &o)
	w.get(t, w.s.URL+"/.well-known/openid-credential-issuer", &w.server)
	w.get(t, w.s.URL+"/.well-known/oauth-authorization-server", &w.server)
	if o.Issuer != w.s.URL || w.server.Issuer != o.Issuer || o.Grants[grant].TxCode.Length != 6 {
		t.Fatalf("offer and metadata: %+v %+v", o, w.server)
	}
	return o.Grants[grant].Code
}

func (w *wallet) get(t testing.TB, address string, into any) {
	t.Helper()
	w.s.Send(t, "nobody", "GET", w.path(t, address), "", "Accept", "application/json").Want(t, 200).JSON(t, into)
}

// path is where an address leads at the test's server.
func (w *wallet) path(t testing.TB, address string) string {
	t.Helper()
	path, ours := strings.CutPrefix(address, w.s.URL)
	if !ours {
		t.Fatalf("%s leads elsewhere", address)
	}
	return path
}

func (w *wallet) redeem(t testing.TB, code, pin string) *issuertest.Answer {
	t.Helper()
	return w.form(t, url.Values{"grant_type": {grant}, "pre-authorized_code": {code}, "tx_code": {pin}})
}

func (w *wallet) form(t testing.TB, form url.Values) *issuertest.Answer {
	t.Helper()
	return w.s.Send(t, "nobody", "POST", w.path(t, w.server.Token), form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// token redeems an offer.
func (w *wallet) token(t testing.TB, code, pin string) string {
	t.Helper()
	var got struct {
		Token string `json:"access_token"`
		Type  string `json:"token_type"`
		Ends  int    `json:"expires_in"`
	}
	w.redeem(t, code, pin).Want(t, 200).JSON(t, &got)
	if got.Type != "Bearer" || got.Ends <= 0 || len(got.Token) < 22 {
		t.Fatalf("token: %+v", got)
	}
	return got.Token
}

func (w *wallet) nonce(t testing.TB) string {
	t.Helper()
	a := w.s.Send(t, "nobody", "POST", w.path(t, w.server.Nonce), "").Want(t, 200)
	var got struct {
		Nonce string `json:"c_nonce"`
	}
	a.JSON(t, &got)
	if a.Header.Get("Cache-Control") != "no-store" || got.Nonce == "" {
		t.Fatalf("nonce: %v %s", a.Header, a.Body)
	}
	return got.Nonce
}

// ask sends a credential request.
func (w *wallet) ask(t testing.TB, token string, body any, headers ...string) *issuertest.Answer {
	t.Helper()
	if token != "" {
		headers = append([]string{"Authorization", "Bearer " + token}, headers...)
	}
	return w.s.Send(t, "nobody", "POST", w.path(t, w.server.Credential), text(t, body), headers...)
}

// fetched is an answer with a credential.
type fetched struct {
	Credentials []struct {
		Credential json.RawMessage `json:"credential"`
	} `json:"credentials"`
	Notice string `json:"notification_id"`
}

// fetch asks for a credential in a form, with a new nonce.
func (w *wallet) fetch(t testing.TB, token, form string) *fetched {
	t.Helper()
	var got fetched
	w.ask(t, token, wish(form, w.proof(t, w.nonce(t), nil))).Want(t, 200).JSON(t, &got)
	if len(got.Credentials) != 1 || got.Notice == "" {
		t.Fatalf("%+v", got)
	}
	return &got
}

// wish is a credential request.
func wish(form string, proofs ...string) object {
	return object{"credential_configuration_id": form, "proofs": object{"jwt": proofs}}
}

// copied is what a test reads of a copy.
type copied struct {
	ID      string `json:"id"`
	Subject struct {
		ID         string
		Identifier []object
	} `json:"credentialSubject"`
	Status struct {
		List  string `json:"statusListCredential"`
		Index string `json:"statusListIndex"`
	} `json:"credentialStatus"`
	Endorsement []any
}

// offered makes an offer of a badge, in a second of its own: that is how the
// newest mail is told from the others.
func offered(t testing.TB, s *issuertest.Service, kind string, badge issuer.CredentialID) string {
	t.Helper()
	s.Clock.Advance(time.Second)
	o, err := s.Registrar.OfferToWallet(t.Context(), s.Caller(t, kind), badge)
	must(t, err)
	return web.OfferURI(s.URL, o.Secret)
}

// mailed gives the digits that were mailed last.
func mailed(t testing.TB, s *issuertest.Service) string {
	t.Helper()
	all, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) })
	must(t, err)
	for _, m := range all { // the newest first
		var said struct{ Code string }
		if m.Template == "wallet-code" && json.Unmarshal([]byte(m.Data), &said) == nil {
			return said.Code
		}
	}
	t.Fatal("no code was mailed")
	return ""
}

// earn gives someone of the sample a badge.
func earn(t testing.TB, s *issuertest.Service, kind, achievement string) issuer.CredentialID {
	t.Helper()
	got, err := s.Registrar.AwardAchievement(t.Context(), operator, registrar.NewAward{Achievement: achievement,
		Person: registrar.PersonRef{ID: s.People[kind]}, Reason: "For the test."})
	must(t, err)
	return got.Badge.ID
}

// code is the error of an answer.
func code(t testing.TB, a *issuertest.Answer) string {
	t.Helper()
	var e struct {
		Code   string `json:"error"`
		Reason string `json:"error_description"`
	}
	a.JSON(t, &e)
	if strings.ContainsAny(e.Reason, "\"\\") || e.Code == "" {
		t.Errorf("no error of OAuth: %s", a.Body)
	}
	return fmt.Sprintf("%d %s", a.Status, e.Code)
}

func text(t testing.TB, v any) string {
	t.Helper()
	if s, ok := v.(string); ok {
		return s
	}
	raw, err := json.Marshal(v)
	must(t, err)
	return string(raw)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
