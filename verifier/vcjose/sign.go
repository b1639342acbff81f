package vcjose

import (
	"crypto"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// Types of tokens.
const (
	TypeJWT = "JWT"    // Open Badges 3.0 §8.2
	TypeVC  = "vc+jwt" // VC-JOSE-COSE §3.1.1
	TypeVP  = "vp+jwt" // VC-JOSE-COSE §3.1.2
)

// Options say how to sign.
type Options struct {
	Type  string // typ: TypeJWT, TypeVC or TypeVP; required
	KeyID string // kid: an absolute URL that leads to the key; required unless Embed
	Embed bool   // put the public key itself into the header (jwk), not a kid
}

// SignBadge signs a credential as Open Badges 3.0 §8.2 has it: the whole
// credential is the payload, and the claims iss, jti, sub, nbf and exp repeat
// issuer, id, credentialSubject.id, validFrom and validUntil. All but the last
// must be there, dates in whole seconds; a credential that already has such
// claims is refused. o.Type is TypeJWT when empty.
func SignBadge(doc []byte, signer crypto.Signer, o Options) (string, error) {
	c, problems, err := vc.Parse(doc)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	if bad := vc.Fatal(problems); bad != nil {
		return "", fmt.Errorf("sign token: %w", *bad)
	}
	if o.Type == "" {
		o.Type = TypeJWT
	}
	claims, err := badgeClaims(c)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	payload := c.Doc.Append(nil)
	return sign(append(payload[:len(payload)-1], claims...), signer, o)
}

// badgeClaims writes the claims as the end of a JSON object.
func badgeClaims(c *vc.Credential) ([]byte, error) {
	for _, name := range [...]string{"iss", "jti", "sub", "nbf", "exp", "vc", "vp"} {
		if c.Doc.Get(name) != nil {
			return nil, fmt.Errorf("the credential has a member of its own called %s", name)
		}
	}
	if len(c.Subjects) != 1 || c.Subjects[0].Get("id").Text() == "" || c.ID == "" || c.ValidFrom == nil {
		return nil, errors.New("the credential needs an id, a date validFrom, and one subject with an id")
	}
	if c.ValidFrom.Nanosecond() != 0 || c.ValidUntil != nil && c.ValidUntil.Nanosecond() != 0 {
		return nil, errors.New("the dates of the credential are not in whole seconds")
	}
	out := strictjson.AppendString([]byte(`,"iss":`), c.Issuer.ID)
	out = strictjson.AppendString(append(out, `,"jti":`...), c.ID)
	out = strictjson.AppendString(append(out, `,"sub":`...), c.Subjects[0].Get("id").Text())
	out = fmt.Appendf(out, `,"nbf":%d`, c.ValidFrom.Unix())
	if c.ValidUntil != nil {
		out = fmt.Appendf(out, `,"exp":%d`, c.ValidUntil.Unix())
	}
	return append(out, '}'), nil
}

// Sign signs a JSON document byte for byte: a credential as vc+jwt or a
// presentation as vp+jwt. The caller verifies the result before keeping it.
func Sign(doc []byte, signer crypto.Signer, o Options) (string, error) {
	root, err := strictjson.Parse(doc)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	// VC-JOSE-COSE §3.1.1: the payload is the credential, not a claim of it.
	if root.Kind != strictjson.Object || root.Get("@context") == nil || root.Get("vc") != nil || root.Get("vp") != nil {
		return "", errors.New("sign token: the document is not a credential or presentation by itself")
	}
	return sign(doc, signer, o)
}

func sign(payload []byte, signer crypto.Signer, o Options) (string, error) {
	alg := Algorithm(signer.Public())
	switch {
	case alg == "":
		return "", fmt.Errorf("sign token: a key of type %T signs no tokens here", signer.Public())
	case o.Type != TypeJWT && o.Type != TypeVC && o.Type != TypeVP:
		return "", fmt.Errorf("sign token: %q is not a type of token", o.Type)
	case (o.KeyID == "") != o.Embed:
		return "", errors.New("sign token: name the key by its kid, or embed it")
	case !o.Embed && !strings.Contains(o.KeyID, ":"):
		return "", errors.New("sign token: the kid is not an absolute URL")
	}
	options := (&jose.SignerOptions{EmbedJWK: o.Embed}).WithType(jose.ContentType(o.Type))
	switch {
	case o.Type == TypeVC:
		options = options.WithContentType("vc")
	case o.Type == TypeVP:
		options = options.WithContentType("vp")
	}
	if !o.Embed {
		options = options.WithHeader("kid", o.KeyID)
	}
	key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: cryptosigner.Opaque(signer)}
	s, err := jose.NewSigner(key, options)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return text, nil
}
