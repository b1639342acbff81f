package did

import (
	"crypto"
	"errors"
	"fmt"
	"strings"

	"hallmark/verifier/strictjson"
)

// ErrMethod says that a DID's document cannot be derived from the DID itself.
var ErrMethod = errors.New("the document is not derived from the identifier")

// Derive gives the document of an identifier that carries its own key: did:key
// or did:jwk. For every other identifier the error is ErrMethod.
func Derive(id string) (*Document, error) {
	switch {
	case strings.HasPrefix(id, "did:key:"):
		return ParseKey(id)
	case strings.HasPrefix(id, "did:jwk:"):
		return parseJWKDID(id)
	}
	return nil, ErrMethod
}

// ParseKey derives the document of a did:key: one Multikey method, whose
// fragment repeats the key, good for assertions.
func ParseKey(didKey string) (*Document, error) {
	multikey, ok := strings.CutPrefix(didKey, "did:key:")
	if !ok {
		return nil, errors.New("this is not a did:key")
	}
	key, err := DecodeMultikey(multikey)
	if err != nil {
		return nil, fmt.Errorf("read did:key: %w", err)
	}
	return single(didKey, multikey, "Multikey", key), nil
}

// FromKey gives the did:key identifier of a public key and the id of its one
// verification method.
func FromKey(key crypto.PublicKey) (id, method string, err error) {
	multikey, err := EncodeMultikey(key)
	if err != nil {
		return "", "", err
	}
	id = "did:key:" + multikey
	return id, id + "#" + multikey, nil
}

func parseJWKDID(id string) (*Document, error) {
	encoded := strings.TrimPrefix(id, "did:jwk:")
	if len(encoded) > 4096 {
		return nil, errors.New("the did:jwk is too long")
	}
	data, err := decodeBase64URL(encoded)
	if err != nil {
		return nil, errors.New("the did:jwk is not base64url")
	}
	jwk, err := strictjson.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("read did:jwk: %w", err)
	}
	key, err := ParseJWK(jwk)
	if err != nil {
		return nil, fmt.Errorf("read did:jwk: %w", err)
	}
	return single(id, "0", "JsonWebKey", key), nil
}

func single(id, fragment, kind string, key crypto.PublicKey) *Document {
	vm := id + "#" + fragment
	return &Document{ID: id, Methods: []Method{{ID: vm, Type: kind, Controller: id, Key: key}}, Assertion: []string{vm}, Authentication: []string{vm}}
}
