package dataintegrity

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// Options say how to sign.
type Options struct {
	VerificationMethod string    // id of the key, absolute; required
	Created            time.Time // written in UTC, whole seconds; zero: no created
	Purpose            string    // "" is AssertionMethod
	Cryptosuite        string    // "" is EddsaRDFC2022

	ID            string    // of the proof, for others to build on
	Expires       time.Time // zero: none
	Domain        string
	Challenge     string
	Nonce         string
	Mandatory     []string // EcdsaSD2023: JSON pointers to what its holder must always show
	PreviousProof []string // ids of proofs in the document that this one builds on
}

// arenas are the memory of documents under the pen: nothing of them is kept.
var arenas = sync.Pool{New: func() any { return new(strictjson.Arena) }}

// Sign gives doc with a proof after its last member; every other byte stays as
// it is, except that a document whose contexts do not know such proofs gets
// IntegrityContext as its last context. asArray writes the proof as an array of
// one, as Open Badges 3.0 asks. A document that has proofs gets one more, as an
// array.
//
// The caller verifies the result before keeping it.
func Sign(doc []byte, signer crypto.Signer, o Options, asArray bool) ([]byte, error) {
	arena := arenas.Get().(*strictjson.Arena)
	defer func() {
		arena.Reset()
		arenas.Put(arena)
	}()
	root, err := arena.Parse(doc)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if root.Kind != strictjson.Object || root.Get("@context") == nil {
		return nil, errors.New("sign: the document is not an object with an @context")
	}
	if doc, root, err = withTerms(doc, root, arena); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	proof, err := newProof(root, signer, o, arena)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return insert(doc, root, proof, asArray), nil
}

// IntegrityContext defines the terms of proofs for documents that lack them, as
// those of VCDM 1.1 do.
const IntegrityContext = "https://w3id.org/security/data-integrity/v2"

// withTerms adds IntegrityContext to a document whose contexts do not define the
// terms of proofs (VC Data Integrity §2.4.1). It goes last: proofs that the
// document has already stay good, under a JCS suite too (VC DI EdDSA §3.3.2, step
// 3). A context that is not known is left for the signing itself to judge.
func withTerms(doc []byte, root *strictjson.Value, arena *strictjson.Arena) ([]byte, *strictjson.Value, error) {
	context := root.Get("@context")
	if defined, err := jsonld.Defines(context, integrityProof); defined || err != nil {
		return doc, root, nil
	}
	added := strictjson.AppendString(nil, IntegrityContext)
	switch {
	case context.Kind != strictjson.Array:
		added = slices.Concat([]byte("["), doc[context.Start:context.End], []byte(","), added, []byte("]"))
		added = slices.Concat(doc[:context.Start], added, doc[context.End:])
	case len(context.Kids) == 0:
		added = slices.Concat(doc[:context.End-1], added, doc[context.End-1:])
	default:
		end := context.Kids[len(context.Kids)-1].End
		added = slices.Concat(doc[:end], []byte(","), added, doc[end:])
	}
	root, err := arena.Parse(added)
	return added, root, err
}

// newProof makes the JSON of the proof.
func newProof(root *strictjson.Value, signer crypto.Signer, o Options, arena *strictjson.Arena) ([]byte, error) {
	if o.Cryptosuite == "" {
		o.Cryptosuite = EddsaRDFC2022
	}
	s := findSuite(integrityProof, o.Cryptosuite)
	if s == nil {
		return nil, fmt.Errorf("the cryptosuite %q is not known", o.Cryptosuite)
	}
	alg := s.forKey(signer.Public())
	if alg == nil {
		return nil, fmt.Errorf("a key of type %T does not fit %s", signer.Public(), s.name)
	}
	if err := checkMethod(o.VerificationMethod, signer.Public()); err != nil {
		return nil, err
	}
	config := o.append(nil, s, root.Get("@context"))
	proof, err := arena.Parse(config)
	if err != nil {
		return nil, fmt.Errorf("write proof options: %w", err)
	}
	var r Result
	c := newChecker(root, listProofs(root))
	defer c.session.Close()
	c.signing = true
	u, ok := c.unsecured(proof, s, &r)
	if !ok {
		return nil, errors.New(strings.ToLower(r.Reason[:1]) + strings.TrimSuffix(r.Reason[1:], "."))
	}
	value, err := c.value(s, alg, signer, proof, u, o.Mandatory)
	if err != nil {
		return nil, err
	}
	config = append(config[:len(config)-1], `,"proofValue":"`...)
	return append(append(config, value...), `"}`...), nil
}

// value signs and gives the value of the proof.
func (c *checker) value(s *suite, a *algorithm, signer crypto.Signer, proof *strictjson.Value, u unsecured, mandatory []string) (string, error) {
	switch {
	case s.form != formSD && len(mandatory) > 0:
		return "", fmt.Errorf("with %s everything is shown: there is nothing to make mandatory", s.name)
	case s.form == formSD && u.chained:
		return "", fmt.Errorf("a proof of %s cannot build on another one", s.name)
	case s.form == formSD:
		return c.baseValue(signer, proof, mandatory)
	}
	message, err := c.message(s, a, proof, u)
	if err != nil {
		return "", fmt.Errorf("canonicalise: %w", err)
	}
	signature, err := a.sign(signer, message)
	if err != nil {
		return "", err
	}
	if len(signature) != a.size {
		return "", errors.New("the signer gave something that is not a signature")
	}
	return "z" + did.EncodeBase58(signature), nil
}

// checkMethod refuses to name another key than the one that signs, where the
// fragment tells which it is.
func checkMethod(id string, key crypto.PublicKey) error {
	base, fragment, ok := strings.Cut(id, "#")
	if !ok || base == "" || fragment == "" {
		return errors.New("the verification method needs a fragment")
	}
	named, err := did.DecodeMultikey(fragment)
	if err != nil {
		return nil // a name of the issuer's choosing
	}
	if k, ok := named.(interface{ Equal(crypto.PublicKey) bool }); !ok || !k.Equal(key) {
		return errors.New("the verification method names another key than the signer's")
	}
	return nil
}

// append writes the options of the proof as a JSON object.
func (o *Options) append(dst []byte, s *suite, context *strictjson.Value) []byte {
	member := func(name, value string) {
		if value != "" {
			dst = append(strictjson.AppendString(append(dst, ','), name), ':')
			dst = strictjson.AppendString(dst, value)
		}
	}
	instant := func(name string, at time.Time) {
		if !at.IsZero() {
			member(name, at.UTC().Format("2006-01-02T15:04:05Z"))
		}
	}
	dst = append(dst, `{"type":"`+integrityProof+`"`...)
	if s.form == formJCS {
		// VC DI EdDSA §3.3.1: the document's @context is signed within the proof.
		dst = context.Append(append(dst, `,"@context":`...))
	}
	member("id", o.ID)
	instant("created", o.Created)
	instant("expires", o.Expires)
	member("verificationMethod", o.VerificationMethod)
	member("cryptosuite", s.name)
	member("proofPurpose", Expect{Purpose: o.Purpose}.purpose())
	member("domain", o.Domain)
	member("challenge", o.Challenge)
	member("nonce", o.Nonce)
	if len(o.PreviousProof) == 1 {
		member("previousProof", o.PreviousProof[0])
	} else if len(o.PreviousProof) > 1 {
		dst = append(dst, `,"previousProof":[`...)
		for i, id := range o.PreviousProof {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = strictjson.AppendString(dst, id)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

// insert puts the proof into the bytes of the document.
func insert(doc []byte, root *strictjson.Value, proof []byte, asArray bool) []byte {
	old := root.Get("proof")
	if old == nil {
		last := &root.Kids[len(root.Kids)-1] // there is an @context at least
		if asArray {
			proof = slices.Concat([]byte("["), proof, []byte("]"))
		}
		return slices.Concat(doc[:last.End], []byte(`,"proof":`), proof, doc[last.End:])
	}
	if old.Kind != strictjson.Array {
		return slices.Concat(doc[:old.Start], []byte("["), doc[old.Start:old.End], []byte(","), proof, []byte("]"), doc[old.End:])
	}
	end := old.End - 1 // the closing bracket
	comma := []byte(",")
	if len(old.Kids) == 0 {
		comma = nil
	} else {
		end = old.Kids[len(old.Kids)-1].End
	}
	return slices.Concat(doc[:end], comma, proof, doc[end:])
}
