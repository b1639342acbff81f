package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// Algorithms of the issuer's keys, as their rows name them.
const (
	Ed25519 = "Ed25519"
	RSA2048 = "RSA-2048"
	P256    = "P-256"
)

// algorithm is the one of everything but tokens.
const algorithm = Ed25519

// curves of the algorithms beside Ed25519 and RSA.
var curves = map[string]elliptic.Curve{P256: elliptic.P256(), "P-384": elliptic.P384()}

// generate makes a private key.
func generate(algorithm string) (key crypto.Signer, err error) {
	switch curve, known := curves[algorithm]; {
	case algorithm == Ed25519:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case algorithm == RSA2048:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case known:
		key, err = ecdsa.GenerateKey(curve, rand.Reader)
	default:
		err = fmt.Errorf("the algorithm %q is not known", algorithm)
	}
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, nil
}

// secretOf is what is sealed of a private key: a seed (RFC 8032 §5.1.5), the
// scalar of a curve, or PKCS #8 for RSA.
func secretOf(key crypto.Signer) ([]byte, error) {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return k.Seed(), nil
	case *ecdsa.PrivateKey:
		return k.Bytes()
	case *rsa.PrivateKey:
		return x509.MarshalPKCS8PrivateKey(k)
	}
	return nil, errors.New("the key is of no kind that is kept")
}

// privateKey reads what secretOf gave.
func privateKey(name string, secret []byte) (crypto.Signer, error) {
	curve, known := curves[name]
	switch {
	case name == Ed25519 && len(secret) == ed25519.SeedSize:
		return ed25519.NewKeyFromSeed(secret), nil
	case name == RSA2048:
		key, err := x509.ParsePKCS8PrivateKey(secret)
		if err != nil {
			return nil, err
		}
		if private, ok := key.(*rsa.PrivateKey); ok {
			return private, nil
		}
	case known:
		return ecdsa.ParseRawPrivateKey(curve, secret)
	}
	return nil, errors.New("the secret is of another algorithm")
}

// publicText is a public key as its row keeps it: as Multikey, or for RSA, which
// has none, as the JSON Web Key that thumbprints are made of (RFC 7638 §3).
func publicText(key crypto.PublicKey) (string, error) {
	if _, ok := key.(*rsa.PublicKey); ok {
		jwk, err := did.EncodeJWK(key)
		return string(jwk), err
	}
	return did.EncodeMultikey(key)
}

// publicKey reads what publicText gave.
func publicKey(text string) (crypto.PublicKey, error) {
	if text == "" || text[0] != '{' {
		return did.DecodeMultikey(text)
	}
	set, err := did.ParseKeySet([]byte(text))
	switch {
	case err != nil:
		return nil, err
	case len(set.Keys) != 1 || set.Keys[0].Key == nil:
		return nil, errors.New("it is not a public key")
	}
	return set.Keys[0].Key, nil
}

// Name gives the id that a key has by its public part, as its row keeps it.
func Name(public string) (issuer.KeyID, error) {
	key, err := publicKey(public)
	if err != nil {
		return "", fmt.Errorf("read key: %w", err)
	}
	name, err := nameOf(key)
	return issuer.KeyID(name), err
}

// nameOf is the id of a key: its Multikey, so that who reads a proof has the
// key, or its thumbprint.
func nameOf(key crypto.PublicKey) (string, error) {
	if _, ok := key.(*rsa.PublicKey); ok {
		return did.Thumbprint(key)
	}
	return did.EncodeMultikey(key)
}
