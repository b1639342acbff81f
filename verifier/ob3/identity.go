package ob3

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"hallmark/verifier/strictjson"
)

// Hash makes an IdentityHash (Appendix B): SHA-256 of the identifier followed by
// the salt.
func Hash(identifier, salt string) string {
	sum := sha256.Sum256([]byte(identifier + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

// Identifies says whether an IdentityObject of a stranger's badge is about this
// identifier, exactly as written. understood is false when the object is hashed
// in a way that is not known.
func Identifies(identity *strictjson.Value, identifier string) (same, understood bool) {
	value := identity.Get("identityHash").Text()
	hashed := identity.Get("hashed")
	if hashed == nil || hashed.Kind != strictjson.Bool || value == "" {
		return false, false
	}
	if hashed.Str == "false" {
		return value == identifier, true
	}
	// Hex digits may be of either case; the standard also knows MD5, which is
	// good enough to recognise what someone stated, never to prove it.
	name, digest, _ := strings.Cut(value, "$")
	salted := []byte(identifier + identity.Get("salt").Text())
	switch name {
	case "sha256":
		sum := sha256.Sum256(salted)
		return strings.EqualFold(digest, hex.EncodeToString(sum[:])), true
	case "md5":
		sum := md5.Sum(salted)
		return strings.EqualFold(digest, hex.EncodeToString(sum[:])), true
	}
	return false, false
}
