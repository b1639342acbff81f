package keyring

import (
	"encoding/json"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/did"
	"hallmark/verifier/vcjose"
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
	Public     string `json:"publicKeyMultibase,omitempty"`
	JWK        *jwk   `json:"publicKeyJwk,omitempty"`
}

// jwk is a public key as RFC 7518 §6 and RFC 8037 §2 write it. Iss binds it to
// the issuer for readers that hold a badge's key to its issuer by it.
type jwk struct {
	Kty     string   `json:"kty"`
	Crv     string   `json:"crv,omitempty"`
	X       string   `json:"x,omitempty"`
	Y       string   `json:"y,omitempty"`
	N       string   `json:"n,omitempty"`
	E       string   `json:"e,omitempty"`
	Alg     string   `json:"alg,omitempty"`
	Use     string   `json:"use,omitempty"`
	Kid     string   `json:"kid,omitempty"`
	Iss     string   `json:"iss,omitempty"`
	Revoked *revoked `json:"revoked,omitempty"`
}

// revoked says when a key was given up (OpenID Federation 1.0 §8.7.2).
type revoked struct {
	At int64 `json:"revoked_at"`
}

// published lists the keys that documents of ours show: everything that may
// have signed a credential or a list, now, before or soon. What was planned and
// dropped has signed nothing.
func (v *view) published() []issuer.Key {
	var keys []issuer.Key
	for _, k := range v.keys {
		if id := v.trialKey(); id != "" && k.ID != id || id == "" && v.namesKey(k.ID) {
			continue
		}
		if (k.Purpose == PurposeCredential || k.Purpose == PurposeStatus) && (k.State == issuer.KeyPlanned || k.ActiveAt != nil) {
			keys = append(keys, k)
		}
	}
	return keys
}

// method is a key in the issuer's document: as Multikey, or where that has no
// form for it, as JsonWebKey (Controlled Identifiers 1.0 §2.2.2, §2.2.3).
func (v *view) method(k *issuer.Key) (m method, err error) {
	m = method{ID: v.did + "#" + string(k.ID), Type: "Multikey", Controller: v.did, Public: k.Public}
	if k.Algorithm == RSA2048 {
		m.Type, m.Public, m.JWK = "JsonWebKey", "", new(jwk)
		err = json.Unmarshal([]byte(k.Public), m.JWK)
	}
	if k.State == issuer.KeyCompromised && k.CompromisedAt != nil {
		m.Revoked = k.CompromisedAt.UTC().Format(time.RFC3339)
	}
	return m, err
}

// DIDDocument is the issuer's controlled identifier document. In trial mode it
// is what everyone derives from the did:key, for whoever asks here.
// assertionMethod holds absolute strings: other verifiers read nothing else.
func (r *Ring) DIDDocument() ([]byte, error) { return r.DIDDocumentOf(r.DID()) }

// DIDDocumentOf is the document of a name that the issuer has or had: what was
// signed under it goes on being checked by it, and its status lists signed anew.
func (r *Ring) DIDDocumentOf(name string) ([]byte, error) {
	v, err := r.as(name)
	if err != nil {
		return nil, err
	}
	return v.document()
}

func (v *view) document() ([]byte, error) {
	doc := document{Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}, ID: v.did,
		VerificationMethod: []method{}, AssertionMethod: []string{}}
	for _, k := range v.published() {
		m, err := v.method(&k)
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", k.ID, err)
		}
		if k.State != issuer.KeyCompromised {
			doc.AssertionMethod = append(doc.AssertionMethod, m.ID)
		}
		if m.JWK != nil && len(doc.Context) == 2 {
			doc.Context = append(doc.Context, "https://w3id.org/security/jwk/v1")
		}
		doc.VerificationMethod = append(doc.VerificationMethod, m)
	}
	doc.VerificationMethod = append(doc.VerificationMethod, v.asideMethods()...)
	return encode(doc)
}

// VerifierDocument is the same document as the verifier reads it.
// It is read once for each view of the keys and shared by all who ask.
func (r *Ring) VerifierDocument() (*did.Document, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	if have := r.own.Load(); have != nil && have.of == v {
		return have.doc, nil
	}
	raw, err := v.document()
	if err != nil {
		return nil, err
	}
	doc, err := did.ParseDocument(v.did, raw)
	if err == nil {
		r.own.Store(&ownDocument{v, doc})
	}
	return doc, err
}

// ownDocument is the issuer's document, read, and the view that it shows.
type ownDocument struct {
	of  *view
	doc *did.Document
}

// VerifierDocumentOf is DIDDocumentOf as the verifier reads it.
func (r *Ring) VerifierDocumentOf(name string) (*did.Document, error) {
	raw, err := r.DIDDocumentOf(name)
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(name, raw)
}

// JWKS is the issuer's set of public keys (RFC 7517 §5), compromised ones left
// out.
func (r *Ring) JWKS() ([]byte, error) { return r.JWKSOf(r.DID()) }

// JWKSOf is the set of a name that the issuer has or had.
func (r *Ring) JWKSOf(name string) ([]byte, error) {
	v, err := r.as(name)
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

// JWK is the bare public key of an id, as it lies at its address. A compromised
// one does not lie there any more.
func (r *Ring) JWK(kid issuer.KeyID) ([]byte, error) { return r.JWKOf(r.DID(), kid) }

// JWKOf is the bare public key under a name that the issuer has or had.
func (r *Ring) JWKOf(name string, kid issuer.KeyID) ([]byte, error) {
	j, err := r.bare(name, kid)
	if err == nil && j.Revoked != nil {
		err = noKey()
	}
	if err != nil {
		return nil, err
	}
	return encode(j)
}

// VerifierKey is the same key as our own verifier is told of it: of one that was
// compromised, since when, so that it can answer "no" and not "not found".
func (r *Ring) VerifierKey(kid issuer.KeyID) (*did.KeySet, error) {
	return r.VerifierKeyOf(r.DID(), kid)
}

// VerifierKeyOf is VerifierKey under a name that the issuer has or had.
func (r *Ring) VerifierKeyOf(name string, kid issuer.KeyID) (*did.KeySet, error) {
	j, err := r.bare(name, kid)
	if err != nil {
		return nil, err
	}
	raw, err := encode(j)
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(raw)
}

func (r *Ring) bare(name string, kid issuer.KeyID) (jwk, error) {
	v, err := r.as(name)
	if err != nil {
		return jwk{}, err
	}
	for _, k := range v.published() {
		if k.ID == kid {
			return v.jwk(k)
		}
	}
	return jwk{}, noKey()
}

func noKey() error { return issuer.Refuse(issuer.NotFound, "There is no such key.") }

func (v *view) jwk(k issuer.Key) (j jwk, err error) {
	key, err := publicKey(k.Public)
	if err != nil {
		return jwk{}, fmt.Errorf("read key %s: %w", k.ID, err)
	}
	bare, err := did.EncodeJWK(key)
	if err == nil {
		err = json.Unmarshal(bare, &j)
	}
	if err != nil {
		return jwk{}, fmt.Errorf("read key %s: %w", k.ID, err)
	}
	j.Alg, j.Use, j.Kid, j.Iss = vcjose.Algorithm(key), "sig", string(k.ID), v.did
	if k.State == issuer.KeyCompromised && k.CompromisedAt != nil {
		j.Revoked = &revoked{k.CompromisedAt.Unix()}
	}
	return j, nil
}

func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	return b, nil
}
