package ob2

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"hallmark/verifier/strictjson"
)

// Identifies says whether a recipient (Open Badges 2.0, "IdentityObject") is about
// this identity, exactly as written: in plain text, or as the hash of identity and
// salt. understood is false when it is hashed in a way that is not known.
func Identifies(recipient *strictjson.Value, identity string) (same, understood bool) {
	value, hashed := recipient.Get("identity").Text(), recipient.Get("hashed")
	if value == "" || hashed == nil || hashed.Kind != strictjson.Bool {
		return false, false
	}
	if hashed.Str == "false" {
		return value == identity, true
	}
	name, digest, _ := strings.Cut(value, "$")
	salted := []byte(identity + recipient.Get("salt").Text())
	switch name {
	case "sha256":
		sum := sha256.Sum256(salted)
		return strings.EqualFold(digest, hex.EncodeToString(sum[:])), true
	case "md5": // good enough to recognise what an issuer stated, never to prove it
		sum := md5.Sum(salted)
		return strings.EqualFold(digest, hex.EncodeToString(sum[:])), true
	}
	return false, false
}
