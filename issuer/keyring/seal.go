package keyring

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// SealingKeySize is the length of a sealing key in bytes.
const SealingKeySize = 32

// ErrSealed says that the sealing key does not open the keys of the database.
var ErrSealed = errors.New("the sealing key does not fit the keys in the database")

// seal closes the secret of a key with the sealing key: the seed of an Ed25519
// key, the scalar of one on a curve.
func seal(secret, sealing []byte) (string, error) {
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.A256GCMKW, Key: sealing}, nil)
	if err != nil {
		return "", errors.New("seal key: the sealing key cannot be used")
	}
	sealed, err := e.Encrypt(secret)
	if err != nil {
		return "", errors.New("seal key: encryption failed")
	}
	return sealed.CompactSerialize()
}

// unseal opens the private key of a row. Its errors name the row and nothing
// of what is in it.
func unseal(k *issuer.Key, sealing []byte) (signer, error) {
	sealed, err := jose.ParseEncryptedCompact(k.Sealed, []jose.KeyAlgorithm{jose.A256GCMKW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return signer{}, fmt.Errorf("unseal key %s: it is not a sealed key", k.ID)
	}
	seed, err := sealed.Decrypt(sealing)
	if err != nil {
		return signer{}, fmt.Errorf("unseal key %s: %w", k.ID, ErrSealed)
	}
	if len(seed) != ed25519.SeedSize {
		return signer{}, fmt.Errorf("unseal key %s: it is not an Ed25519 key", k.ID)
	}
	private := ed25519.NewKeyFromSeed(seed)
	public, err := did.EncodeMultikey(private.Public().(ed25519.PublicKey))
	if err != nil || public != k.Public {
		return signer{}, fmt.Errorf("unseal key %s: it is the private key of another", k.ID)
	}
	return signer{func() ed25519.PrivateKey { return private }}, nil
}
