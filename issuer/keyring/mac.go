package keyring

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
)

// MAC is the HMAC-SHA-256 of data for a purpose, by which the service knows its
// own words again when a stranger brings them back; every copy of the program
// with the same sealing key makes the same. Its key is derived from the sealing
// key (HKDF, RFC 5869), one for each purpose, and seals nothing.
func (r *Ring) MAC(purpose string, data []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, r.sealing(), nil, "hallmark mac "+purpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive key for %s: %w", purpose, err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil), nil
}
