package vcjose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"sync"
	"testing"
)

const (
	issuer = "did:web:badges.example.org"
	kid    = issuer + "#key"
	badge  = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"` + issuer + `","type":["Profile"]},"validFrom":"2026-11-21T00:00:00Z","validUntil":"2029-11-21T00:00:00Z","credentialSubject":{"id":"urn:uuid:2","type":["AchievementSubject"]}}`
)

// keys makes one key for each algorithm, once.
var keys = sync.OnceValue(func() map[string]crypto.Signer {
	made := map[string]crypto.Signer{"EdDSA": ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", ed25519.SeedSize)))}
	var err error
	if made["RS256"], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		panic(err)
	}
	if made["ES256"], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		panic(err)
	}
	if made["ES384"], err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader); err != nil {
		panic(err)
	}
	return made
})

func b64(data string) string { return base64.RawURLEncoding.EncodeToString([]byte(data)) }

// genuine is a badge signed with the key of an algorithm.
func genuine(t testing.TB, alg string) string {
	t.Helper()
	token, err := SignBadge([]byte(badge), keys()[alg], Options{KeyID: kid})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// accepted is what a reader does: read, then check with the issuer's key.
func accepted(token string, key crypto.PublicKey) error {
	read, err := Parse([]byte(token))
	if err != nil {
		return err
	}
	return read.Verify(key)
}
