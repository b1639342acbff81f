package signin

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"hallmark/issuer"
)

// tokenType is the "typ" of access tokens (RFC 9068 §2.1). It keeps anything
// else that one of our keys signs from passing for one.
const tokenType = "at+jwt"

// maxToken bounds what is looked at.
const maxToken = 4 << 10

// claims of an access token (RFC 9068 §2.2).
type claims struct {
	jwt.RegisteredClaims
	Scope    string `json:"scope,omitempty"`
	ClientID string `json:"client_id,omitempty"`
}

// ClientToken checks a client's secret and gives an access token with the
// scopes asked for, or all the client has if none are. The refusals are those
// of RFC 6749 §5.2: Unsigned for the client, Invalid for the scope.
func (s *Signin) ClientToken(ctx context.Context, id issuer.ClientID, secret, scope string) (token, granted string, err error) {
	client, err := s.registrar.CheckClient(ctx, id, secret)
	if err != nil {
		return "", "", err
	}
	scopes := []string(client.Scopes)
	if asked := strings.Fields(scope); len(asked) > 0 {
		for _, a := range asked {
			if !client.Scopes.Has(a) {
				return "", "", issuer.Wrong("scope", "This client does not have the scope “%.60s”.", a)
			}
		}
		slices.Sort(asked)
		scopes = slices.Compact(asked)
	}
	granted = strings.Join(scopes, " ")
	token, err = s.sign("client:"+string(id), granted, string(id), s.tokenLife)
	return token, granted, err
}

// TokenLife is how long a client's access token lasts.
func (s *Signin) TokenLife() time.Duration { return s.tokenLife }

// PersonToken gives an access token that acts as a person, for scripts. What
// they may do it may, and what takes a step-up only with its scope: endorse.
func (s *Signin) PersonToken(person issuer.PersonID, life time.Duration, scopes ...issuer.Scope) (string, error) {
	words := make([]string, len(scopes))
	for i, scope := range scopes {
		words[i] = string(scope)
	}
	return s.sign("person:"+string(person), strings.Join(words, " "), "", life)
}

// EndorseToken gives a mentor, who has just stepped up, a token with which a
// program of theirs signs their approvals. It lasts TokenLife and cannot be
// taken back before.
func (s *Signin) EndorseToken(ctx context.Context, by issuer.Caller) (string, error) {
	if err := s.registrar.GrantEndorseToken(ctx, by); err != nil {
		return "", err
	}
	return s.PersonToken(by.Person, TokenLife, issuer.Endorse)
}

func (s *Signin) sign(subject, scope, client string, life time.Duration) (string, error) {
	now := s.now()
	signer, kid, err := s.keys.TokenSigner()
	if err != nil {
		return "", err
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.base, Subject: subject, Audience: jwt.ClaimStrings{s.base}, ID: rand.Text(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
		},
		Scope: scope, ClientID: client,
	})
	t.Header["typ"], t.Header["kid"] = tokenType, string(kid)
	token, err := t.SignedString(signer)
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return token, nil
}

// read checks a token and gives its claims. A signature that was found right once
// is not checked again, for as long as its key stands; what it signs is.
func (s *Signin) read(token string) (*claims, error) {
	if len(token) > maxToken {
		return nil, errors.New("longer than any token of ours")
	}
	digest := sha256.Sum256([]byte(token))
	p, err := s.proven.get(digest), error(nil)
	if p == nil {
		p, err = s.prove(token)
	} else {
		err = s.stands(p)
	}
	if err == nil {
		err = s.valid.Validate(p.claims)
	}
	if err != nil {
		return nil, err
	}
	s.proven.keep(digest, p)
	return p.claims, nil
}

// proof is what a signature of ours says, and the key that made it.
type proof struct {
	claims *claims
	kid    issuer.KeyID
	key    ed25519.PublicKey
}

// prove checks the form of a token and its signature, and no more.
func (s *Signin) prove(token string) (*proof, error) {
	if !canonical(token) {
		return nil, errors.New("not a compact JWS in its one spelling")
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	p := &proof{claims: &claims{}}
	_, err := parser.ParseWithClaims(token, p.claims, func(t *jwt.Token) (any, error) {
		// RFC 8725 §3.11: the type is explicit. RFC 7515 §4.1.11: what is
		// critical must be understood, and we understand nothing critical.
		kid, named := t.Header["kid"].(string)
		if _, crit := t.Header["crit"]; crit || !named || t.Header["typ"] != tokenType {
			return nil, errors.New("not an access token of ours")
		}
		p.kid = issuer.KeyID(kid)
		var err error
		p.key, err = s.tokenKey(p.kid)
		return p.key, err
	})
	return p, err
}

// stands tells whether the key of a signature may still sign tokens.
func (s *Signin) stands(p *proof) error {
	key, err := s.tokenKey(p.kid)
	if err == nil && !key.Equal(p.key) {
		err = errors.New("the key of this token is another by now")
	}
	return err
}

func (s *Signin) tokenKey(kid issuer.KeyID) (ed25519.PublicKey, error) {
	key, err := s.keys.TokenKey(kid)
	if err != nil {
		return nil, err
	}
	if public, ok := key.(ed25519.PublicKey); ok {
		return public, nil
	}
	return nil, fmt.Errorf("token key is %T, not Ed25519", key)
}

// validatorOf checks what tokens say: whose they are, for whom, and when.
func validatorOf(base string, now func() time.Time) *jwt.Validator {
	return jwt.NewValidator(jwt.WithIssuer(base), jwt.WithAudience(base), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(30*time.Second), jwt.WithTimeFunc(now))
}

// maxProven is how many tokens are remembered: a client has one an hour.
const maxProven = 1024

// proven remembers tokens, by their digest, whose signatures were right.
type proven struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]*proof
}

func (k *proven) get(digest [sha256.Size]byte) *proof {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.seen[digest]
}

// keep remembers a token; where there are too many, all are forgotten first.
func (k *proven) keep(digest [sha256.Size]byte, p *proof) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen == nil || len(k.seen) == maxProven && k.seen[digest] == nil {
		k.seen = map[[sha256.Size]byte]*proof{}
	}
	k.seen[digest] = p
}

// canonical refuses other spellings of the same token: unused bits of base64,
// line breaks, padding. golang-jwt takes some even when told to be strict.
func canonical(token string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		b, err := base64.RawURLEncoding.DecodeString(p)
		if err != nil || p == "" || base64.RawURLEncoding.EncodeToString(b) != p {
			return false
		}
	}
	return true
}

// callerOf turns a token into who calls, with their rights as they are now.
func (s *Signin) callerOf(ctx context.Context, token string) (issuer.Caller, error) {
	refused := issuer.Refuse(issuer.Unsigned, "This access token is not good, or not good any more; get a new one.")
	c, err := s.read(token)
	if err != nil {
		return issuer.Caller{}, refused
	}
	kind, id, _ := strings.Cut(c.Subject, ":")
	var by issuer.Caller
	switch kind {
	case "person":
		by, err = s.registrar.Caller(ctx, issuer.PersonID(id))
		for _, scope := range strings.Fields(c.Scope) {
			by.Scopes = append(by.Scopes, issuer.Scope(scope))
		}
	case "client":
		by, err = s.registrar.ClientCaller(ctx, issuer.ClientID(id), strings.Fields(c.Scope))
	default:
		return issuer.Caller{}, refused
	}
	if errors.Is(err, issuer.NotFound) || errors.Is(err, issuer.Unsigned) {
		return issuer.Caller{}, refused
	}
	return by, err
}
