package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"

	"hallmark/verifier/strictjson"
)

// maxSetKeys bounds the keys of one JSON Web Key Set.
const maxSetKeys = 64

// JWK is one published key of a JSON Web Key Set.
type JWK struct {
	ID      string           // kid; "" when it has none
	Issuer  string           // the member iss: whose key it is, where a set serves several; "" when not said
	Alg     string           // the one algorithm it is for; "" when not said
	Key     crypto.PublicKey // nil: see Fault
	Fault   string           // why there is no key, as a phrase
	Expires *time.Time       // exp; not to be used from then on
	Revoked *time.Time       // revoked.revoked_at; given up then
}

// KeySet is a JSON Web Key Set (RFC 7517 §5), or a bare JSON Web Key read as a
// set of one.
type KeySet struct {
	Keys []JWK
	Bare bool // a single key, not a set
}

// ParseKeySet reads a set or a bare key. A key that cannot be used keeps its
// place with a reason, as methods of a document do. A set that holds a secret,
// a key for symmetric algorithms, or one kid twice is refused as a whole: who
// publishes that has lost hold of its keys, or means to confuse.
func ParseKeySet(raw []byte) (*KeySet, error) {
	root, err := strictjson.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read key set: %w", err)
	}
	if root.Kind != strictjson.Object {
		return nil, errors.New("the key set is not an object")
	}
	list := root.Get("keys")
	if list == nil && root.Get("kty") != nil {
		one, err := readJWK(root)
		if err != nil {
			return nil, err
		}
		return &KeySet{Keys: []JWK{one}, Bare: true}, nil
	}
	if list == nil || list.Kind != strictjson.Array {
		return nil, errors.New("the key set holds no list of keys")
	}
	if len(list.Kids) > maxSetKeys {
		return nil, errors.New("the key set holds too many keys")
	}
	set := &KeySet{}
	seen := map[string]bool{}
	for v := range list.Each() {
		one, err := readJWK(v)
		if err != nil {
			return nil, err
		}
		if one.ID != "" && seen[one.ID] {
			return nil, errors.New("the key set names two keys alike")
		}
		seen[one.ID] = true
		set.Keys = append(set.Keys, one)
	}
	return set, nil
}

// readJWK reads one key of a set; an error makes the whole set unusable.
func readJWK(v *strictjson.Value) (JWK, error) {
	if v.Kind != strictjson.Object {
		return JWK{}, errors.New("the key set holds something that is not a key")
	}
	for _, name := range secretMembers {
		if v.Get(name) != nil {
			return JWK{}, errors.New("the key set gives away a secret")
		}
	}
	k := JWK{ID: v.Get("kid").Text(), Issuer: v.Get("iss").Text(), Alg: v.Get("alg").Text()}
	var err error
	if k.Key, err = ParseJWK(v); err == nil {
		err = k.readTimes(v)
	}
	if err == nil && v.Get("kid") != nil && k.ID == "" {
		err = errors.New("its kid is not a text")
	}
	if err != nil {
		k.Key, k.Fault = nil, err.Error()
	}
	return k, nil
}

// readTimes: exp and revoked of historical keys (OpenID Federation 1.0 §8.7.2),
// in seconds since 1970.
func (k *JWK) readTimes(v *strictjson.Value) error {
	revoked := v.Get("revoked")
	if revoked != nil {
		revoked = revoked.Get("revoked_at")
		if revoked == nil {
			return errors.New("its revocation has no date")
		}
	}
	for _, end := range [...]struct {
		value *strictjson.Value
		into  **time.Time
	}{{v.Get("exp"), &k.Expires}, {revoked, &k.Revoked}} {
		if end.value == nil {
			continue
		}
		at, err := ParseNumericDate(end.value)
		if err != nil {
			return err
		}
		*end.into = &at
	}
	return nil
}

// Thumbprint gives the SHA-256 thumbprint of a public key (RFC 7638 §3, RFC
// 8037 §2), base64url without padding.
func Thumbprint(key crypto.PublicKey) (string, error) {
	canonical, err := publicJWK(key)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(canonical))
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// EncodeJWK writes a public key as a JSON Web Key with its required members
// alone, in the order of RFC 7638 §3.
func EncodeJWK(key crypto.PublicKey) ([]byte, error) {
	text, err := publicJWK(key)
	return []byte(text), err
}

func publicJWK(key crypto.PublicKey) (string, error) {
	encode := base64.RawURLEncoding.EncodeToString
	switch key := key.(type) {
	case ed25519.PublicKey:
		return `{"crv":"Ed25519","kty":"OKP","x":"` + encode(key) + `"}`, nil
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return "", fmt.Errorf("write key: %w", err)
		}
		curve := map[elliptic.Curve]string{elliptic.P256(): "P-256", elliptic.P384(): "P-384"}[key.Curve]
		if curve == "" {
			return "", errors.New("write key: the curve is not supported")
		}
		half := (len(point) - 1) / 2
		return `{"crv":"` + curve + `","kty":"EC","x":"` + encode(point[1:1+half]) + `","y":"` + encode(point[1+half:]) + `"}`, nil
	case *rsa.PublicKey:
		return `{"e":"` + encode(big.NewInt(int64(key.E)).Bytes()) + `","kty":"RSA","n":"` + encode(key.N.Bytes()) + `"}`, nil
	}
	return "", fmt.Errorf("write key: a key of type %T is not supported", key)
}
