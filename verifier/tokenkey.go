package verifier

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"net/url"
	"strings"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/vc"
	"hallmark/verifier/vcjose"
)

// KeySets finds keys that are published outside a document of keys: a JSON Web
// Key Set, or a bare JSON Web Key, at an https URL. A KeySource that is one as
// well is asked for the keys of tokens; errors are as KeySource's.
type KeySets interface {
	KeySet(ctx context.Context, url string) (*did.KeySet, error)
}

// setLookup is a key set that was asked for, or why it could not be had.
type setLookup struct {
	set *did.KeySet
	err error
}

// checkProofs checks what secures a credential: the token that it came in, the
// proofs within it, or both.
func (r *run) checkProofs(c *vc.Credential, want dataintegrity.Expect) []dataintegrity.Result {
	e := r.tokens[c]
	if e == nil {
		return dataintegrity.Verify(r.ctx, c.Doc, r.findKey, want)
	}
	results := []dataintegrity.Result{r.checkToken(c, e)}
	// A badge may have been signed twice, the embedded proof first (Open Badges
	// 3.0 §8.2.1); it covers the credential without the token's claims.
	if c.Doc.Get("proof") != nil {
		results = append(results, dataintegrity.Verify(r.ctx, c.Doc, r.findKey, want)...)
	}
	return results
}

// checkToken checks the signature of a token, then its claims.
func (r *run) checkToken(c *vc.Credential, e *envelope) dataintegrity.Result {
	p := dataintegrity.Result{Cryptosuite: e.token.Alg, VerificationMethod: e.token.KeyID, Created: e.issued, Expires: e.until}
	answer := func(state dataintegrity.State, reason string) dataintegrity.Result {
		p.State, p.Reason, p.Problem = state, reason, problemProof
		return p
	}
	if e.refused != nil {
		return answer(tokenState(e.refused), sentence(e.refused))
	}
	owner := c.Issuer.ID
	if isPresentation(c) {
		owner = holder(c)
	}
	method, failed := r.tokenKey(owner, e.token)
	if failed != nil {
		answer(failed.State, failed.Reason)
		p.Problem = failed.Problem
		return p
	}
	if method.Key == nil {
		return answer(dataintegrity.Unchecked, "The key cannot be used: "+method.Fault+".")
	}
	if !r.budget.Spend(tokenCost(method.Key)) {
		return answer(dataintegrity.Unchecked, dataintegrity.TooMany)
	}
	if err := e.token.Verify(method.Key); err != nil {
		return answer(tokenState(err), sentence(err))
	}
	switch {
	case e.contradiction != "":
		return answer(dataintegrity.Bad, e.contradiction)
	case e.from != nil && r.now.Before(*e.from):
		return answer(dataintegrity.Bad, "The signature is good only from "+e.from.Format("2006-01-02 15:04 UTC")+" on.")
	case e.until != nil && !r.now.Before(*e.until):
		return answer(dataintegrity.Bad, "The signature was good only until "+e.until.Format("2006-01-02 15:04 UTC")+".")
	}
	p.State, p.Reason, p.Method = dataintegrity.Good, "The signature fits the content and the key that it names.", method
	p.Signed = c.Doc.Without("proof")
	return p
}

// tokenCost is what it costs to check the signature of a token. That of RSA grows
// with the square of the key's length.
func tokenCost(key crypto.PublicKey) int {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P384() {
			return dataintegrity.SlowCost
		}
	case *rsa.PublicKey:
		return 1 + k.N.BitLen()/2048
	}
	return 1
}

// tokenState: what we cannot check is unknown; everything else is wrong.
func tokenState(err error) dataintegrity.State {
	if errors.Is(err, vcjose.ErrUnsupported) {
		return dataintegrity.Unchecked
	}
	return dataintegrity.Bad
}

// sentence makes a reason of vcjose a sentence for people.
func sentence(err error) string {
	text := strings.TrimSuffix(err.Error(), ".")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func unchecked(reason string) *dataintegrity.KeyError {
	return &dataintegrity.KeyError{State: dataintegrity.Unchecked, Problem: problemMethod, Reason: reason}
}

func wrong(reason string) *dataintegrity.KeyError {
	return &dataintegrity.KeyError{State: dataintegrity.Bad, Problem: problemMethod, Reason: reason}
}

// tokenKey finds the key that a token names. What it finds may be anybody's:
// bind says whose it is.
func (r *run) tokenKey(owner string, t *vcjose.Token) (*did.Method, *dataintegrity.KeyError) {
	if t.KeyID == "" {
		if t.Key == nil {
			return nil, unchecked("The token does not name the key that signed it.")
		}
		return &did.Method{Type: "JsonWebKey", Key: t.Key}, nil
	}
	m, failed := r.namedKey(owner, t.KeyID)
	if failed == nil && t.Key != nil && m.Key != nil && !sameKey(m.Key, t.Key) {
		return nil, wrong("The token carries another key than the one that it names.")
	}
	return m, failed
}

// namedKey follows a kid: a DID URL, an https URL of a key or of a set, or a
// name that is the issuer's own (VC-JOSE-COSE §4.1.1, Open Badges 3.0 §8.2.2).
func (r *run) namedKey(owner, kid string) (*did.Method, *dataintegrity.KeyError) {
	if strings.HasPrefix(kid, "#") {
		kid = owner + kid
	}
	base, fragment, _ := strings.Cut(kid, "#")
	switch {
	case strings.HasPrefix(base, "did:") && fragment == "":
		return r.onlyKey(base)
	case strings.HasPrefix(base, "did:") || base == owner && fragment != "":
		return r.methodKey(kid)
	case strings.HasPrefix(base, "https://"):
		return r.setKey(kid)
	case !strings.Contains(kid, ":") && owner != "":
		if m, failed := r.methodKey(owner + "#" + kid); failed == nil {
			return m, nil
		}
		if address := wellKnown(owner); address != "" {
			return r.setKey(address + "#" + kid)
		}
	}
	return nil, unchecked("The token names its key in a way that is not understood here.")
}

func (r *run) methodKey(id string) (*did.Method, *dataintegrity.KeyError) {
	m, err := r.findKey(r.ctx, id)
	var known *dataintegrity.KeyError
	switch {
	case errors.As(err, &known):
		return nil, known
	case err != nil:
		return nil, unchecked("The key could not be looked up.")
	}
	return m, nil
}

// onlyKey is the key of an identifier that has one.
func (r *run) onlyKey(id string) (*did.Method, *dataintegrity.KeyError) {
	doc, err := r.document(id)
	switch {
	case err != nil:
		return nil, keyError(id, err)
	case len(doc.Methods) != 1:
		return nil, unchecked("The token names the owner of several keys, and does not say which of them signed.")
	}
	return &doc.Methods[0], nil
}

// setKey finds a key by the URL of it or of its set; a fragment names it in the
// set. The method's Controller is the owner that the key itself names, if any.
func (r *run) setKey(kid string) (*did.Method, *dataintegrity.KeyError) {
	address, fragment, _ := strings.Cut(kid, "#")
	set, err := r.keySet(address)
	if err != nil {
		return nil, unchecked(couldNotLookUp(address, err))
	}
	for i := range set.Keys {
		k := &set.Keys[i]
		if set.Bare && fragment == "" || k.ID == kid || k.ID != "" && k.ID == fragment || len(set.Keys) == 1 && k.ID == "" {
			return &did.Method{ID: kid, Type: "JsonWebKey", Controller: k.Issuer, Key: k.Key, Fault: k.Fault, Expires: k.Expires, Revoked: k.Revoked}, nil
		}
	}
	return nil, wrong("The token names a key that its owner does not list.")
}

// keySet asks for a set of keys, within the same bounds as document.
func (r *run) keySet(address string) (*did.KeySet, error) {
	if found, ok := r.sets[address]; ok {
		return found.set, found.err
	}
	found := setLookup{err: errors.New("nobody was asked, because this check works offline")}
	source, ok := r.v.Keys.(KeySets)
	switch {
	case !ok:
	case r.lookups >= maxLookups:
		found.err = errEnough
	default:
		r.lookups++
		found.set, found.err = source.KeySet(r.ctx, address)
		if found.err == nil && found.set == nil {
			found.err = did.ErrNotFound
		}
	}
	if r.sets == nil {
		r.sets = map[string]setLookup{}
	}
	r.sets[address] = found
	return found.set, found.err
}

// wellKnown is where the host of an issuer publishes its keys (RFC 8615); ""
// when the issuer has no host.
func wellKnown(owner string) string {
	if host := hostOf(owner); host != "" {
		return "https://" + host + "/.well-known/jwks.json"
	}
	return ""
}

// wholeHost says whether an identifier stands for its host as a whole, not for
// one of several who share it.
func wholeHost(id string) bool {
	if rest, ok := strings.CutPrefix(id, "did:web:"); ok {
		return !strings.Contains(rest, ":")
	}
	u, err := url.Parse(id)
	return err == nil && u.Scheme == "https" && (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == ""
}
