package keyring

import (
	"crypto"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// SealingKeySize is the length of a sealing key in bytes.
const SealingKeySize = 32

// ErrSealed says that the sealing key does not open the keys of the database.
var ErrSealed = errors.New("the sealing key does not fit the keys in the database")

// seal closes the secret of a key (see secretOf) with the sealing key.
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

// unseal opens a private key and believes it if it makes the public key that
// stands beside it. Errors name whose key it is and nothing of what is in it.
func unseal(what, algorithm, public, closed string, sealing []byte) (signer, error) {
	sealed, err := jose.ParseEncryptedCompact(closed, []jose.KeyAlgorithm{jose.A256GCMKW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return signer{}, fmt.Errorf("unseal %s: it is not a sealed key", what)
	}
	secret, err := sealed.Decrypt(sealing)
	if err != nil {
		return signer{}, fmt.Errorf("unseal %s: %w", what, ErrSealed)
	}
	private, err := privateKey(algorithm, secret)
	if err != nil {
		return signer{}, fmt.Errorf("unseal %s: it is not a key of its algorithm", what)
	}
	own, err := publicText(private.Public())
	if err != nil || own != public {
		return signer{}, fmt.Errorf("unseal %s: it is the private key of another", what)
	}
	return signer{func() crypto.Signer { return private }}, nil
}
