package registrar

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vcjose"
)

// Proofs of wallets that they have a key (OpenID4VCI 1.0 Appendix F.1).

// ProofAlgorithms are those of the keys that copies are made for.
var ProofAlgorithms = []string{"ES256", "EdDSA"}

// How old a proof can be, how far its clock may be ahead of ours, and how long
// it can be.
const (
	proofAge    = 5 * time.Minute
	proofAhead  = time.Minute
	maxProof    = 8 << 10
	proofType   = "openid4vci-proof+jwt"
	nonceRandom = 16
	nonceSize   = nonceRandom + 8 + 16
)

// provenKey is what a proof says when it is right.
type provenKey struct{ subject, nonce string }

// Nonce gives a nonce for a proof. None is kept: what is good about one is that
// we made it, lately.
func (p *Wallets) Nonce(ctx context.Context) (string, error) {
	return store.Read(ctx, p.r.Store, func(tx *store.Tx) (string, error) {
		raw := make([]byte, nonceRandom, nonceSize)
		_, _ = rand.Read(raw) // never fails: crypto/rand ends the program first
		raw = binary.BigEndian.AppendUint64(raw, uint64(tx.Now.Add(issuer.WalletNonceLife).Unix()))
		mac, err := p.r.Ring.MAC("wallet nonce", raw)
		if err != nil {
			return "", err
		}
		return base64.RawURLEncoding.EncodeToString(append(raw, mac[:nonceSize-len(raw)]...)), nil
	})
}

// ours tells whether a nonce is one of ours that is not too old.
func (p *Wallets) ours(nonce string, at time.Time) (bool, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(nonce)
	if err != nil || len(raw) != nonceSize {
		return false, nil
	}
	said, got := raw[:nonceRandom+8], raw[nonceRandom+8:]
	mac, err := p.r.Ring.MAC("wallet nonce", said)
	if err != nil {
		return false, err
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(said[nonceRandom:])), 0)
	return hmac.Equal(got, mac[:len(got)]) && at.Before(until), nil
}

// proven reads the proof in a wish, for a token that is good, and says what badge
// the token is about.
func (p *Wallets) proven(ctx context.Context, token string, in WalletWish) (*provenKey, string, error) {
	type offered struct {
		at     time.Time
		object string
	}
	o, err := store.Read(ctx, p.r.Store, func(tx *store.Tx) (*offered, error) {
		o, err := tx.WalletOfferOfToken(secretHash(token))
		if errors.Is(err, issuer.NotFound) || err == nil && !o.Good(tx.Now) {
			return nil, badToken()
		}
		if err != nil {
			return nil, err
		}
		return &offered{tx.Now, string(o.CredentialID)}, nil
	})
	if err != nil {
		return nil, "", err
	}
	k, err := readProof(in.Proof, p.r.BaseURL, o.at, in.Token)
	if err != nil {
		return nil, "", err
	}
	good, err := p.ours(k.nonce, o.at)
	if err == nil && !good {
		err = refuseWallet(InvalidNonce, "This nonce is not one of ours, or is too old; ask for a new one.")
	}
	return k, o.object, err
}

// readProof checks a proof for an issuer. With jwk a key can stand in its header
// by itself; it is called by its did:jwk then.
//
// The claim iss is read by nobody: a wallet without a client_id has none to put
// there (Appendix F.1), and what some put there instead would prove nothing.
func readProof(text, audience string, at time.Time, jwk bool) (*provenKey, error) {
	bad := func(format string, args ...any) (*provenKey, error) {
		return nil, refuseWallet(InvalidProof, format, args...)
	}
	if len(text) > maxProof {
		return bad("The proof has more than %d bytes.", maxProof)
	}
	t, err := vcjose.Parse([]byte(text))
	if err != nil {
		return bad("The proof could not be read: %s.", err)
	}
	if t.Type != proofType {
		return bad("The typ of the proof must be %q.", proofType)
	}
	if !slices.Contains(ProofAlgorithms, t.Alg) {
		return bad("The proof is signed with %s; these are taken: %s.", t.Alg, strings.Join(ProofAlgorithms, ", "))
	}
	subject, key, err := keyOfProof(t, jwk)
	if err != nil {
		return nil, err
	}
	if err := t.Verify(key); err != nil {
		return bad("The proof does not hold: %s.", err)
	}
	claims, err := strictjson.Parse(t.Payload)
	if err != nil || claims.Kind != strictjson.Object {
		return bad("The claims of the proof could not be read.")
	}
	if aud := claims.Get("aud"); aud == nil || aud.Kind != strictjson.String || aud.Str != audience {
		return bad("The proof is for another issuer: aud must be %q.", audience)
	}
	if why := outOfTime(claims, at); why != "" {
		return bad("%s", why)
	}
	nonce := claims.Get("nonce")
	if nonce == nil || nonce.Kind != strictjson.String || nonce.Str == "" {
		return bad("The proof has no nonce; ask for one.")
	}
	return &provenKey{subject, nonce.Str}, nil
}

// keyOfProof finds the key that a proof is about: by kid, the DID URL of a
// did:key or did:jwk, or in the header.
func keyOfProof(t *vcjose.Token, jwk bool) (subject string, key crypto.PublicKey, err error) {
	switch {
	case (t.KeyID == "") == (t.Key == nil):
		return "", nil, refuseWallet(InvalidProof, "The header of the proof must have a kid or a jwk, and not both.")
	case t.Key != nil && !jwk:
		return "", nil, refuseWallet(InvalidProof, "For this credential the kid of the proof must be the URL of a key in a did:key or did:jwk.")
	case t.Key != nil:
		public, err := did.EncodeJWK(t.Key)
		if err != nil {
			return "", nil, refuseWallet(InvalidProof, "The jwk of the proof could not be read.")
		}
		subject, key = "did:jwk:"+base64.RawURLEncoding.EncodeToString(public), t.Key
	default:
		id, _, _ := strings.Cut(t.KeyID, "#")
		doc, err := did.Derive(id)
		if err != nil || !doc.Authenticates(t.KeyID) || doc.Method(t.KeyID) == nil || doc.Method(t.KeyID).Key == nil {
			return "", nil, refuseWallet(InvalidProof, "The kid of the proof must be the URL of a key in a did:key or did:jwk.")
		}
		subject, key = doc.ID, doc.Method(t.KeyID).Key
	}
	switch key.(type) { // the algorithm follows from the key, and the token may only agree with it
	case ed25519.PublicKey, *ecdsa.PublicKey:
		return subject, key, nil
	}
	return "", nil, refuseWallet(InvalidProof, "Keys of this kind are not taken.")
}

// outOfTime tells why a proof is too old or too young; "" if it is neither.
func outOfTime(claims *strictjson.Value, at time.Time) string {
	when := func(name string) (t time.Time, there bool, err error) {
		v := claims.Get(name)
		if v == nil {
			return t, false, nil
		}
		t, err = did.ParseNumericDate(v)
		return t, true, err
	}
	made, there, err := when("iat")
	if err != nil || !there {
		return "The proof does not say when it was made (iat)."
	}
	if at.Sub(made) > proofAge || made.Sub(at) > proofAhead {
		return "The proof was not made just now (iat)."
	}
	if end, there, err := when("exp"); err != nil || there && !at.Before(end) {
		return "The proof has ended (exp)."
	}
	if from, there, err := when("nbf"); err != nil || there && from.Sub(at) > proofAhead {
		return "The proof is not valid yet (nbf)."
	}
	return ""
}
