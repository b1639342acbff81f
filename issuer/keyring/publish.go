package keyring

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

type document struct {
	Context            []string `json:"@context"`
	ID                 string   `json:"id"`
	VerificationMethod []method `json:"verificationMethod"`
	AssertionMethod    []string `json:"assertionMethod"`
}

type method struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Controller string `json:"controller"`
	Revoked    string `json:"revoked,omitempty"`
	Public     string `json:"publicKeyMultibase"`
}

// jwk is an Ed25519 public key in the form of RFC 8037. Iss binds it to the
// issuer for readers that hold a badge's key to its issuer by it.
type jwk struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	Kid string `json:"kid"`
	Iss string `json:"iss"`
}

// published lists the keys that documents of ours show: everything that may
// have signed a credential or a list, now, before or soon.
func (v *view) published() []issuer.Key {
	var keys []issuer.Key
	for _, k := range v.keys {
		if k.Purpose != PurposeSession && k.Purpose != PurposeLog && k.Purpose != issuer.PurposeSlip && k.Algorithm == algorithm {
			keys = append(keys, k)
		}
	}
	return keys
}

// DIDDocument is the issuer's controlled identifier document. In trial mode it
// is what everyone derives from the did:key, for whoever asks here.
// assertionMethod holds absolute strings: other verifiers read nothing else.
func (r *Ring) DIDDocument() ([]byte, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	doc := document{Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}, ID: v.did,
		VerificationMethod: []method{}, AssertionMethod: []string{}}
	for _, k := range v.published() {
		m := method{ID: v.did + "#" + k.Public, Type: "Multikey", Controller: v.did, Public: k.Public}
		if k.State == issuer.KeyCompromised && k.CompromisedAt != nil {
			m.Revoked = k.CompromisedAt.UTC().Format(time.RFC3339)
		} else {
			doc.AssertionMethod = append(doc.AssertionMethod, m.ID)
		}
		doc.VerificationMethod = append(doc.VerificationMethod, m)
	}
	doc.VerificationMethod = append(doc.VerificationMethod, v.slipMethods()...)
	return encode(doc)
}

// VerifierDocument is the same document as the verifier reads it.
func (r *Ring) VerifierDocument() (*did.Document, error) {
	raw, err := r.DIDDocument()
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(r.DID(), raw)
}

// JWKS is the issuer's set of public keys (RFC 7517 §5), compromised ones left
// out.
func (r *Ring) JWKS() ([]byte, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	keys := []jwk{}
	for _, k := range v.published() {
		if k.State == issuer.KeyCompromised {
			continue
		}
		j, err := v.jwk(k)
		if err != nil {
			return nil, err
		}
		keys = append(keys, j)
	}
	return encode(struct {
		Keys []jwk `json:"keys"`
	}{keys})
}

// JWK is the bare public key of an id.
func (r *Ring) JWK(kid issuer.KeyID) ([]byte, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	for _, k := range v.published() {
		if k.ID == kid && k.State != issuer.KeyCompromised {
			j, err := v.jwk(k)
			if err != nil {
				return nil, err
			}
			return encode(j)
		}
	}
	return nil, issuer.Refuse(issuer.NotFound, "There is no such key.")
}

func (v *view) jwk(k issuer.Key) (jwk, error) {
	key, err := did.DecodeMultikey(k.Public)
	if err != nil {
		return jwk{}, fmt.Errorf("read key %s: %w", k.ID, err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return jwk{}, fmt.Errorf("read key %s: it is not an Ed25519 key", k.ID)
	}
	return jwk{Kty: "OKP", Crv: "Ed25519", X: base64.RawURLEncoding.EncodeToString(public), Alg: "EdDSA", Use: "sig",
		Kid: string(k.ID), Iss: v.did}, nil
}

func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return b, nil
}
