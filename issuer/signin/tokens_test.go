package signin

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"hallmark/issuer"
)

// otherKeys are keys that come to be known otherwise.
type otherKeys struct {
	Keys
	key func(crypto.PublicKey, error) (crypto.PublicKey, error)
}

func (k *otherKeys) TokenKey(kid issuer.KeyID) (crypto.PublicKey, error) {
	return k.key(k.Keys.TokenKey(kid))
}

// TestTokensRemembered: a token whose signature was found right ends when it says
// so, when its key does, and when its client is revoked.
func TestTokensRemembered(t *testing.T) {
	const base = "http://127.0.0.1:8080"
	for name, end := range map[string]func(h *house, k *otherKeys, c issuer.ClientID){
		"over":            func(h *house, _ *otherKeys, _ issuer.ClientID) { h.later(TokenLife + time.Minute) },
		"from the future": func(h *house, _ *otherKeys, _ issuer.ClientID) { h.later(-time.Hour) },
		"key given up": func(_ *house, k *otherKeys, _ issuer.ClientID) {
			k.key = func(crypto.PublicKey, error) (crypto.PublicKey, error) {
				return nil, issuer.Refuse(issuer.NotFound, "There is no such key.")
			}
		},
		"key of another": func(_ *house, k *otherKeys, _ issuer.ClientID) {
			k.key = func(crypto.PublicKey, error) (crypto.PublicKey, error) {
				return make(ed25519.PublicKey, ed25519.PublicKeySize), nil
			}
		},
		"client revoked": func(h *house, _ *otherKeys, c issuer.ClientID) {
			_, err := h.reg.RevokeClient(t.Context(), operator, c)
			must(t, err)
			_, err = h.reg.Programs(t.Context(), operator) // any view reads what is defined
			must(t, err)
		},
	} {
		h := open(t, base)
		keys := &otherKeys{h.ring, func(key crypto.PublicKey, err error) (crypto.PublicKey, error) { return key, err }}
		h.Signin = New(Config{Registrar: h.reg, Keys: keys, BaseURL: base, Now: h.clock})
		client, secret, err := h.reg.AddClient(t.Context(), operator, "LMS", []string{string(issuer.CompletionsWrite)})
		must(t, err)
		token, _, err := h.ClientToken(t.Context(), client.ID, secret, "")
		must(t, err)
		for range 2 {
			if by, err := h.callerOf(t.Context(), token); err != nil || by.Client != client.ID {
				t.Fatalf("%s: the token is not good before: %v", name, err)
			}
		}
		if h.proven.get(sha256.Sum256([]byte(token))) == nil {
			t.Errorf("%s: the token is not remembered", name)
		}
		end(h, keys, client.ID)
		if _, err := h.callerOf(t.Context(), token); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTokensForgotten: so many tokens are remembered and no more.
func TestTokensForgotten(t *testing.T) {
	var k proven
	for n := range 3*maxProven + 7 {
		var digest [sha256.Size]byte
		binary.BigEndian.PutUint64(digest[:], uint64(n))
		k.keep(digest, &proof{})
		if k.get(digest) == nil || len(k.seen) > maxProven {
			t.Fatalf("after %d tokens, %d are remembered", n+1, len(k.seen))
		}
	}
}
