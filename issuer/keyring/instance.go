package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/go-jose/go-jose/v4"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
)

// curves of the algorithms that instances may sign with beside Ed25519.
var curves = map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384()}

// fits are the algorithms of each cryptosuite.
var fits = map[string][]string{
	dataintegrity.EddsaRDFC2022: {algorithm}, dataintegrity.EddsaJCS2022: {algorithm},
	dataintegrity.EcdsaRDFC2019: {"P-256", "P-384"}, dataintegrity.EcdsaJCS2019: {"P-256", "P-384"},
	dataintegrity.EcdsaSD2023: {"P-256"},
}

// Algorithms lists what keys a cryptosuite of an instance works with, the usual
// one first; none for a suite that is not known.
func Algorithms(cryptosuite string) []string { return fits[cryptosuite] }

// MakeInstanceKey gives an instance that is new its key, for its Algorithm: it
// fills Public and Sealed. The key is sealed like those of the issuer and is no
// key of the issuer: no document of ours lists it, and the issuer's keys sign
// nothing for an instance.
func (r *Ring) MakeInstanceKey(i *issuer.Instance) error {
	var secret []byte
	var public crypto.PublicKey
	if i.Algorithm == algorithm {
		p, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return fmt.Errorf("make key: %w", err)
		}
		public, secret = p, private.Seed()
	} else {
		curve, ok := curves[i.Algorithm]
		if !ok {
			return fmt.Errorf("make key: the algorithm %q is not known", i.Algorithm)
		}
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			return fmt.Errorf("make key: %w", err)
		}
		if secret, err = private.Bytes(); err != nil {
			return fmt.Errorf("make key: %w", err)
		}
		public = &private.PublicKey
	}
	var err error
	if i.Public, err = did.EncodeMultikey(public); err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	i.Sealed, err = seal(secret, r.sealing())
	return err
}

// InstanceSigner opens the key of an instance: a crypto.Signer that shows
// nothing of it. Errors name the instance and nothing of what is in its row.
func (r *Ring) InstanceSigner(i *issuer.Instance) (crypto.Signer, error) {
	sealed, err := jose.ParseEncryptedCompact(i.Sealed, []jose.KeyAlgorithm{jose.A256GCMKW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return nil, fmt.Errorf("unseal key of instance %s: it is not a sealed key", i.ID)
	}
	secret, err := sealed.Decrypt(r.sealing())
	if err != nil {
		return nil, fmt.Errorf("unseal key of instance %s: %w", i.ID, ErrSealed)
	}
	private, err := privateKey(i.Algorithm, secret)
	if err != nil {
		return nil, fmt.Errorf("unseal key of instance %s: it is not a key of its algorithm", i.ID)
	}
	public, err := did.EncodeMultikey(private.Public())
	if err != nil || public != i.Public {
		return nil, fmt.Errorf("unseal key of instance %s: it is the private key of another", i.ID)
	}
	return instanceSigner{func() crypto.Signer { return private }}, nil
}

// privateKey reads a seed (RFC 8032 §5.1.5) or a scalar of a curve.
func privateKey(name string, secret []byte) (crypto.Signer, error) {
	if name != algorithm {
		curve, ok := curves[name]
		if !ok {
			return nil, errors.New("the algorithm is not known")
		}
		return ecdsa.ParseRawPrivateKey(curve, secret)
	}
	if len(secret) != ed25519.SeedSize {
		return nil, errors.New("the seed has another length")
	}
	return ed25519.NewKeyFromSeed(secret), nil
}

// instanceSigner is a signer for keys of every algorithm: see signer.
type instanceSigner struct{ private func() crypto.Signer }

// Public gives the public key.
func (s instanceSigner) Public() crypto.PublicKey { return s.private().Public() }

// Sign signs as the key itself does: a message under Ed25519, else a digest.
func (s instanceSigner) Sign(rand io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.private().Sign(rand, message, opts)
}

// Format prints the word for every verb.
func (instanceSigner) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs the word.
func (instanceSigner) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText encodes the word, in JSON too.
func (instanceSigner) MarshalText() ([]byte, error) { return []byte(redacted), nil }
