package dataintegrity

import (
	"crypto/ecdsa"

	"hallmark/verifier/strictjson"
)

// BaseValue makes the value of a base proof with keys that are given.
func BaseValue(doc, proof *strictjson.Value, signer *ecdsa.PrivateKey, pointers []string, key []byte, once *ecdsa.PrivateKey) (string, error) {
	c := newChecker(doc, nil)
	defer c.session.Close()
	return c.baseValueWith(signer, proof, pointers, key, once)
}

// Pointers reads the mandatory pointers out of the value of a base proof.
func Pointers(value string) []string {
	_, data, _ := selectiveBytes(value)
	base, ok := parseBaseProof(data)
	if !ok {
		return nil
	}
	return base.pointers
}

// MaxSelective is how many statements a holder may choose among.
const MaxSelective = maxSelective
