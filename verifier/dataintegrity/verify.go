package dataintegrity

import (
	"context"
	"errors"

	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// Verify checks each proof of doc on its own and gives one Result for each, in
// document order (VC Data Integrity §4.3, §4.4). The proof may be one object or
// an array. No result means that there is no proof at all: refuse that.
func Verify(ctx context.Context, doc *strictjson.Value, keys KeyFunc, want Expect) []Result {
	proofs := listProofs(doc)
	if len(proofs) == 0 {
		return nil
	}
	c := newChecker(doc, proofs)
	defer c.session.Close()
	c.keys, c.want = keys, want
	results := make([]Result, len(proofs))
	for i, proof := range proofs {
		if i >= MaxProofs {
			results[i].fail(Unchecked, problemVerification, "This document has too many proofs; this one was not checked.")
			continue
		}
		c.check(ctx, proof, &results[i])
	}
	return results
}

func listProofs(doc *strictjson.Value) []*strictjson.Value {
	var proofs []*strictjson.Value
	for p := range doc.Get("proof").Each() {
		proofs = append(proofs, p)
	}
	return proofs
}

// checker checks the proofs of one document. What they share is made once.
type checker struct {
	doc     *strictjson.Value
	proofs  []*strictjson.Value
	keys    KeyFunc
	want    Expect
	session *jsonld.Session
	texts   []*text
	jcs     []byte // working memory

	signing   bool // one proof is made, and none is checked
	selective int  // signatures over single statements that were asked for
}

func newChecker(doc *strictjson.Value, proofs []*strictjson.Value) *checker {
	return &checker{doc: doc, proofs: proofs, session: jsonld.NewSession()}
}

func (c *checker) check(ctx context.Context, proof *strictjson.Value, r *Result) {
	s := r.read(proof, c.want)
	if s == nil {
		return
	}
	u, ok := c.unsecured(proof, s, r)
	if !ok {
		return
	}
	if s.form == formSD {
		c.checkSelective(ctx, proof, s, u, r)
		return
	}
	// Under ECDSA the hash goes with the curve, and so does the size of a
	// signature: a key of another curve is refused below.
	signature := proofValue(proof.Get("proofValue").Text())
	alg := s.forSize(len(signature))
	if alg == nil {
		r.fail(Bad, problemVerification, "The value of the proof is not a signature.")
		return
	}
	message, err := c.message(s, alg, proof, u)
	if err != nil {
		r.failForm(err, u.doc)
		return
	}
	if !c.affords(alg.cost, r) || !r.findKey(ctx, c.keys) {
		return
	}
	if !alg.fits(r.Method.Key) {
		r.fail(Bad, problemTransform, "The key that the proof names does not fit the way the proof was made.")
		return
	}
	if !alg.verify(r.Method.Key, message, signature) {
		r.fail(Bad, problemVerification, "The signature does not fit: the content was changed, or it was signed with another key.")
		return
	}
	r.Signed = u.doc.Without("proof")
	if s.form == formRDFC {
		t := c.wholeText(alg.hash)
		if r.Statements = t.bytes; t.err != nil {
			r.failForm(t.err, c.doc)
			return
		}
	}
	r.State, r.Reason = Good, "The signature fits the content and the key that it names."
}

// unsecured is the document that a proof signed: with the proofs that this one
// builds on, or without any.
type unsecured struct {
	doc     *strictjson.Value
	chained bool
}

// unsecured gives the document that this proof signed: doc without proof; for a
// link of a chain, doc with the proofs that it builds on (VC Data Integrity
// §4.3: matchingProofs); under a JCS suite, doc under the proof's own @context.
func (c *checker) unsecured(proof *strictjson.Value, s *suite, r *Result) (u unsecured, ok bool) {
	u.doc = c.doc
	if s.form == formJCS {
		if u.doc, ok = signedContext(c.doc, proof); !ok {
			r.fail(Bad, problemTransform, "The proof was made under another vocabulary than the document's.")
			return u, false
		}
	}
	wanted := proof.Get("previousProof")
	if wanted == nil {
		return u, true
	}
	var matching []strictjson.Value
	for id := range wanted.Each() {
		found := false
		for _, p := range c.proofs {
			if p != proof && id.Text() != "" && p.Get("id").Text() == id.Text() {
				link := *p
				link.Name = ""
				matching, found = append(matching, link), true
			}
		}
		if !found || len(matching) > MaxProofs {
			r.fail(Bad, problemVerification, "The proof builds on another proof that is not there.")
			return u, false
		}
	}
	chained := *u.doc.Without("proof")
	chained.Kids = append(chained.Kids, strictjson.Value{Kind: strictjson.Array, Name: "proof", Kids: matching})
	return unsecured{&chained, true}, true
}

// signedContext applies VC DI EdDSA §3.3.2 steps 3 and 4: the document's
// @context must begin with the proof's, and the proof signed no more than that.
func signedContext(doc, proof *strictjson.Value) (*strictjson.Value, bool) {
	own, whole := proof.Get("@context"), doc.Get("@context")
	if own == nil || equal(own, whole) {
		return doc, true
	}
	if own.Kind != strictjson.Array || whole == nil || whole.Kind != strictjson.Array || len(own.Kids) > len(whole.Kids) {
		return nil, false
	}
	for i := range own.Kids {
		if !equal(&own.Kids[i], &whole.Kids[i]) {
			return nil, false
		}
	}
	out := *doc
	out.Kids = append([]strictjson.Value(nil), doc.Kids...)
	for i := range out.Kids {
		if out.Kids[i].Name == "@context" {
			out.Kids[i] = *own
		}
	}
	return &out, true
}

// findKey fills r.Method.
func (r *Result) findKey(ctx context.Context, keys KeyFunc) bool {
	method, err := keys(ctx, r.VerificationMethod)
	var known *KeyError
	switch {
	case errors.As(err, &known):
		r.fail(known.State, known.Problem, known.Reason)
	case err != nil || method == nil:
		r.fail(Unchecked, problemMethod, "The key could not be looked up.")
	case method.Key == nil:
		r.fail(Unchecked, problemMethod, "The key cannot be used: "+method.Fault+".")
	default:
		r.Method = method
		return true
	}
	return false
}

// failForm answers for a document or options that have no canonical form. A
// vocabulary that we do not carry, and work beyond our limits, are "could not
// tell"; everything else breaks the rule that whatever stands in a document
// must be signed.
func (r *Result) failForm(err error, doc *strictjson.Value) {
	if url := unknownContext(doc); url != "" {
		r.fail(Unchecked, problemTransform, "The document uses a vocabulary that is not known here: "+clip(url)+".")
		return
	}
	if errors.Is(err, rdfc.ErrTooComplex) {
		r.fail(Unchecked, problemTransform, "The document is too entangled to be checked.")
		return
	}
	reason := "The document holds something that no signature can cover"
	var e *jsonld.Error
	if errors.As(err, &e) {
		reason += " (at " + clip(e.Pointer) + ")"
	}
	r.fail(Bad, problemDataLoss, reason+".")
}

// unknownContext gives the address of a context that we do not carry, wherever
// in the document it is named; "" if there is none.
func unknownContext(v *strictjson.Value) string {
	if v == nil {
		return ""
	}
	for c := range v.Get("@context").Each() {
		if c.Kind == strictjson.String && !jsonld.Known(c.Str) {
			return c.Str
		}
	}
	for i := range v.Kids {
		if url := unknownContext(&v.Kids[i]); url != "" {
			return url
		}
	}
	return ""
}

// proofValue reads a multibase base58btc signature; nil when it is none.
func proofValue(text string) []byte {
	if text == "" || text[0] != 'z' {
		return nil
	}
	signature, err := did.DecodeBase58(text[1:])
	if err != nil {
		return nil
	}
	return signature
}
