package verifier

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// Digest seals bytes as digestMultibase does (VC Data Integrity §2.6): SHA-256
// as a multihash, in base58btc.
func Digest(b []byte) string {
	return "z" + did.EncodeBase58(multihash(b))
}

func multihash(b []byte) []byte {
	sum := sha256.Sum256(b)
	return append([]byte{0x12, sha256.Size}, sum[:]...)
}

// Sealed tells whether bytes are those that a digestMultibase seals. known is
// false for hashes and bases that are not read here: SHA-256 is, in base58btc and
// in base64url without padding.
func Sealed(digest string, b []byte) (is, known bool) {
	var hash []byte
	err := errUnknownBase
	if text, is := strings.CutPrefix(digest, "z"); is && len(text) < 100 {
		hash, err = did.DecodeBase58(text)
	} else if text, is := strings.CutPrefix(digest, "u"); is {
		hash, err = base64.RawURLEncoding.DecodeString(text)
	}
	if err != nil || len(hash) != 2+sha256.Size || hash[0] != 0x12 || hash[1] != sha256.Size {
		return false, false
	}
	return bytes.Equal(hash, multihash(b)), true
}

var errUnknownBase = errors.New("this base is not read here")

// CheckEvidence tells whether a file is what the credential of a report names by
// its digest as evidence. The digests are part of what was signed: what it says
// is worth as much as the verdict.
func CheckEvidence(r *Report, file []byte) Check {
	answer := func(o Outcome, reason string) Check { return Check{Name: "evidence", Outcome: o, Reason: reason} }
	doc, err := strictjson.Parse(r.Credential)
	if err != nil {
		return answer(Undetermined, "No claims could be read to look for evidence in.")
	}
	named, unknown := 0, 0
	for e := range doc.Get("evidence").Each() {
		digest := e.Get("digestMultibase").Text()
		if digest == "" {
			continue
		}
		named++
		switch is, known := Sealed(digest, file); {
		case is:
			return answer(Verified, fmt.Sprintf("This file is the evidence%s that the credential names by its digest.", called(e.Get("name").Text())))
		case !known:
			unknown++
		}
	}
	switch {
	case named == 0:
		return answer(Undetermined, "The credential names no evidence by its digest, so nothing can be said of this file.")
	case unknown > 0:
		return answer(Undetermined, "The credential names evidence by a digest of a kind that is not read here.")
	}
	return answer(Refused, "This file is not the evidence that the credential names by its digest; one changed character is enough.")
}

func called(name string) string {
	if name == "" {
		return ""
	}
	return " “" + clean(name, 100) + "”"
}
