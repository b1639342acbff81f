package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"errors"
	"fmt"
)

// Multicodec prefixes of public keys, as unsigned varints (Controlled
// Identifiers 1.0 §2.2.2).
const (
	codecEd25519 = "\xed\x01"
	codecP256    = "\x80\x24"
	codecP384    = "\x81\x24"
)

// EncodeMultikey writes a public key as publicKeyMultibase: z6Mk… for Ed25519,
// zDn… for P-256, z82… for P-384. Other keys have no such form here.
func EncodeMultikey(key crypto.PublicKey) (string, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		if err := checkEd25519(key); err != nil {
			return "", err
		}
		return "z" + EncodeBase58(append([]byte(codecEd25519), key...)), nil
	case *ecdsa.PublicKey:
		codec := codecP256
		switch key.Curve {
		case elliptic.P256():
		case elliptic.P384():
			codec = codecP384
		default:
			return "", errors.New("only the curves P-256 and P-384 have a multikey form")
		}
		point, err := key.Bytes()
		if err != nil {
			return "", fmt.Errorf("encode multikey: %w", err)
		}
		return "z" + EncodeBase58(append([]byte(codec), compress(point)...)), nil
	}
	return "", fmt.Errorf("a key of type %T has no multikey form", key)
}

// compress turns an uncompressed point 04‖x‖y into 02‖x or 03‖x (SEC 1 §2.3.3).
func compress(point []byte) []byte {
	size := (len(point) - 1) / 2
	out := append([]byte{2 + point[len(point)-1]&1}, point[1:1+size]...)
	return out
}

// DecodeMultikey reads publicKeyMultibase. The result is an ed25519.PublicKey
// or an *ecdsa.PublicKey on P-256 or P-384, checked to be a usable key.
func DecodeMultikey(text string) (crypto.PublicKey, error) {
	if len(text) > 96 {
		return nil, errors.New("the multikey is too long")
	}
	if len(text) < 2 || text[0] != 'z' {
		return nil, errors.New(`the multikey does not begin with "z"`)
	}
	data, err := DecodeBase58(text[1:])
	if err != nil {
		return nil, fmt.Errorf("read multikey: %w", err)
	}
	if len(data) < 2 {
		return nil, errors.New("the multikey is too short")
	}
	switch codec, key := string(data[:2]), data[2:]; codec {
	case codecEd25519:
		public := ed25519.PublicKey(key)
		if err := checkEd25519(public); err != nil {
			return nil, err
		}
		return public, nil
	case codecP256:
		return parsePoint(elliptic.P256(), key)
	case codecP384:
		return parsePoint(elliptic.P384(), key)
	}
	return nil, errors.New("the multikey is of a kind that is not supported")
}

// parsePoint reads a compressed point and checks that it is on the curve.
func parsePoint(curve elliptic.Curve, data []byte) (*ecdsa.PublicKey, error) {
	size := (curve.Params().BitSize + 7) / 8
	if len(data) != size+1 {
		return nil, errors.New("the multikey has the wrong length for its curve")
	}
	x, y := elliptic.UnmarshalCompressed(curve, data)
	if x == nil {
		return nil, errors.New("the multikey is not a point of its curve")
	}
	point := make([]byte, 1+2*size)
	point[0] = 4
	x.FillBytes(point[1 : 1+size])
	y.FillBytes(point[1+size:])
	return ecdsa.ParseUncompressedPublicKey(curve, point)
}
