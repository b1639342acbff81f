package dataintegrity

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// EcdsaSD2023 is the cryptosuite of credentials whose holder chooses what to
// show (VC DI ECDSA §3.4, P-256 alone). The issuer's proof is a base proof; Sign
// makes it, Derive makes of it what is shown, and Verify checks that.
const EcdsaSD2023 = "ecdsa-sd-2023"

// statements are the labelled statements of a document, sorted, and which blank
// node has which label.
type statements struct {
	lines  []string
	labels map[int]string // by the place of the object in the document
}

// place puts a dataset into sorted lines under labels known by place.
func (s *statements) place(d *rdfc.Dataset) ([]string, error) {
	labels := make([]string, d.Blanks())
	for i := range labels {
		known, ok := s.labels[d.Place(i)]
		if !ok {
			return nil, errors.New("it holds a list or a graph, which cannot be shown in part")
		}
		labels[i] = known
	}
	return d.Lines(labels)
}

// hmacLabels labels the blank nodes of a document so that their names tell
// nothing about what is left out (§3.3.1, createHmacIdLabelMapFunction).
func (c *checker) hmacLabels(doc *strictjson.Value, key []byte) (*statements, error) {
	d, err := c.session.ToRDF(doc, jsonld.Options{Skip: "proof"})
	if err != nil {
		return nil, err
	}
	numbers, err := d.Numbers(crypto.SHA256, rdfc.Limits{})
	if err != nil {
		return nil, err
	}
	s := &statements{labels: map[int]string{}}
	for i, number := range numbers {
		if d.Place(i) == rdfc.NoPlace {
			continue
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("c14n" + strconv.Itoa(int(number))))
		s.labels[d.Place(i)] = label(mac.Sum(nil))
	}
	s.lines, err = s.place(d)
	return s, err
}

// group finds the statements of the chosen part of a document among all of
// them, in order (§3.3.16, canonicalizeAndGroup).
func (c *checker) group(s *statements, doc *strictjson.Value, pointers []string) (positions []int, part *strictjson.Value, err error) {
	if len(pointers) == 0 {
		return nil, nil, nil
	}
	chosen, err := choose(pointers)
	if err != nil {
		return nil, nil, err
	}
	if part, err = chosen.selection(doc); err != nil {
		return nil, nil, err
	}
	d, err := c.session.ToRDF(part, jsonld.Options{})
	if err != nil {
		return nil, nil, err
	}
	lines, err := s.place(d)
	if err != nil {
		return nil, nil, err
	}
	for _, line := range lines {
		at, found := slices.BinarySearch(s.lines, line)
		if !found {
			return nil, nil, errors.New("a part was chosen that means something else by itself")
		}
		positions = append(positions, at)
	}
	return positions, part, nil
}

// signed is what the issuer signs: the proof's options, the key of the single
// signatures, and the mandatory statements (§3.3.17, serializeSignData).
func signed(options, key []byte, mandatory []string) []byte {
	to := sha256.New()
	for _, line := range mandatory {
		to.Write([]byte(line))
	}
	return to.Sum(slices.Concat(options, key))
}

// baseValue makes the value of a base proof (§3.4.1).
func (c *checker) baseValue(signer crypto.Signer, proof *strictjson.Value, pointers []string) (string, error) {
	key := make([]byte, hmacSize)
	if _, err := rand.Read(key); err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	once, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return c.baseValueWith(signer, proof, pointers, key, once)
}

func (c *checker) baseValueWith(signer crypto.Signer, proof *strictjson.Value, pointers []string, key []byte, once *ecdsa.PrivateKey) (string, error) {
	doc := c.doc.Without("proof")
	all, err := c.hmacLabels(doc, key)
	if err != nil {
		return "", err
	}
	mandatory, _, err := c.group(all, doc, pointers)
	if err != nil {
		return "", err
	}
	if len(all.lines)-len(mandatory) > maxSelective || len(mandatory) > maxStatements {
		return "", fmt.Errorf("a holder cannot choose among more than %d statements", maxSelective)
	}
	base := &baseProof{hmac: key, pointers: pointers}
	if base.key, err = pointBytes(once.Public()); err != nil {
		return "", err
	}
	var must []string
	for i, line := range all.lines {
		if _, found := slices.BinarySearch(mandatory, i); found {
			must = append(must, line)
			continue
		}
		signature, err := p256Algorithm.sign(once, []byte(line))
		if err != nil {
			return "", err
		}
		base.signatures = append(base.signatures, signature)
	}
	options, err := c.options(findSuite(integrityProof, EcdsaSD2023), crypto.SHA256, proof, doc.Get("@context"))
	if err != nil {
		return "", fmt.Errorf("canonicalise: %w", err)
	}
	if base.signature, err = p256Algorithm.sign(signer, signed(options, base.key, must)); err != nil {
		return "", err
	}
	return base.encode(), nil
}

// pointBytes writes a key as multikey without multibase.
func pointBytes(key crypto.PublicKey) ([]byte, error) {
	text, err := did.EncodeMultikey(key)
	if err != nil {
		return nil, err
	}
	return did.DecodeBase58(text[1:])
}

// Derive makes the credential that a holder shows: the parts at the pointers
// (RFC 6901) and what the issuer made mandatory, with a proof derived from the
// base proof in doc. Other proofs are left out. It does not check the base proof.
func Derive(doc []byte, pointers []string) ([]byte, error) {
	root, err := strictjson.Parse(doc)
	if err != nil {
		return nil, fmt.Errorf("derive: %w", err)
	}
	proof, base := findBase(root)
	if base == nil {
		return nil, errors.New("derive: the document has no base proof of " + EcdsaSD2023)
	}
	c := newChecker(root, nil)
	defer c.session.Close()
	value, part, err := c.derive(base, pointers)
	if err != nil {
		return nil, fmt.Errorf("derive: %w", err)
	}
	text := proof.Without("proofValue").Append(nil)
	text = strictjson.AppendString(append(text[:len(text)-1], `,"proofValue":`...), value)
	out := part.Append(nil)
	shown, err := strictjson.Parse(out)
	if err != nil {
		return nil, fmt.Errorf("derive: %w", err)
	}
	return insert(out, shown, append(text, '}'), root.Get("proof").Kind == strictjson.Array), nil
}

func findBase(root *strictjson.Value) (*strictjson.Value, *baseProof) {
	for _, p := range listProofs(root) {
		if p.Get("type").Text() != integrityProof || p.Get("cryptosuite").Text() != EcdsaSD2023 {
			continue
		}
		if header, data, ok := selectiveBytes(p.Get("proofValue").Text()); ok && header == baseHeader {
			if base, ok := parseBaseProof(data); ok {
				return p, base
			}
		}
	}
	return nil, nil
}

// derive makes the value of a derived proof and the document it is for (§3.4.6,
// createDisclosureData).
func (c *checker) derive(base *baseProof, pointers []string) (string, *strictjson.Value, error) {
	doc := c.doc.Without("proof")
	all, err := c.hmacLabels(doc, base.hmac)
	if err != nil {
		return "", nil, err
	}
	mandatory, _, err := c.group(all, doc, base.pointers)
	if err != nil {
		return "", nil, err
	}
	if len(all.lines)-len(mandatory) != len(base.signatures) {
		return "", nil, errors.New("the base proof is not for this document")
	}
	shown, part, err := c.group(all, doc, slices.Concat(base.pointers, pointers))
	if err != nil {
		return "", nil, err
	}
	if part == nil {
		return "", nil, errors.New("nothing was chosen")
	}
	derived := &derivedProof{signature: base.signature, key: base.key, labels: map[int][]byte{}}
	for i, at := range shown {
		before, must := slices.BinarySearch(mandatory, at)
		if must {
			derived.mandatory = append(derived.mandatory, i)
		} else {
			derived.signatures = append(derived.signatures, base.signatures[at-before])
		}
	}
	d, err := c.session.ToRDF(part, jsonld.Options{})
	if err != nil {
		return "", nil, err
	}
	numbers, err := d.Numbers(crypto.SHA256, rdfc.Limits{})
	if err != nil {
		return "", nil, err
	}
	for i, number := range numbers {
		if derived.labels[int(number)], err = unlabel(all.labels[d.Place(i)]); err != nil {
			return "", nil, err
		}
	}
	return derived.encode(), part, nil
}

// checkSelective checks a derived proof (§3.4.8).
func (c *checker) checkSelective(ctx context.Context, proof *strictjson.Value, s *suite, u unsecured, r *Result) {
	header, data, ok := selectiveBytes(proof.Get("proofValue").Text())
	if ok && header == baseHeader {
		r.fail(Bad, problemVerification, "The proof is the one that the issuer gave to the holder alone: what is shown must be derived from it.")
		return
	}
	p, parsed := (*derivedProof)(nil), false
	if ok && header == derivedHeader {
		p, parsed = parseDerivedProof(data)
	}
	if !parsed {
		r.fail(Bad, problemVerification, "The value of the proof is not a signature.")
		return
	}
	if u.chained {
		r.fail(Unchecked, problemTransform, "The proof builds on another one, which is not supported for proofs of this kind.")
		return
	}
	if c.selective += len(p.signatures) + 1; c.selective > maxSelective {
		r.fail(Unchecked, problemTransform, "The document has more signatures than are checked.")
		return
	}
	lines, err := c.disclosed(p)
	if errors.Is(err, errLabels) {
		r.fail(Bad, problemVerification, "The proof is not for what is shown: its names for nameless things do not fit.")
		return
	}
	if err != nil {
		r.failForm(err, c.doc)
		return
	}
	must, may, ok := p.split(lines)
	if !ok {
		r.fail(Bad, problemVerification, "The proof is not for what is shown: something was left out or added.")
		return
	}
	options, err := c.options(s, crypto.SHA256, proof, c.doc.Get("@context"))
	if err != nil {
		r.failForm(err, c.doc)
		return
	}
	once, err := did.DecodeMultikey(multikey(p.key))
	if err != nil || !p256Algorithm.fits(once) {
		r.fail(Bad, problemVerification, "The value of the proof holds a key that cannot be used.")
		return
	}
	if !c.affords((len(p.signatures)+1)*p256Algorithm.cost, r) || !r.findKey(ctx, c.keys) {
		return
	}
	if !p256Algorithm.fits(r.Method.Key) {
		r.fail(Bad, problemTransform, "The key that the proof names does not fit the way the proof was made.")
		return
	}
	good := p256Algorithm.verify(r.Method.Key, signed(options, p.key, must), p.signature)
	for i := 0; good && i < len(may); i++ {
		good = p256Algorithm.verify(once, []byte(may[i]), p.signatures[i])
	}
	if !good {
		r.fail(Bad, problemVerification, "The signature does not fit: the content was changed, or it was signed with another key.")
		return
	}
	r.Signed, r.Statements = c.doc.Without("proof"), []byte(strings.Join(lines, ""))
	r.State, r.Reason = Good, "The signature fits what was shown; its holder may have left out the rest."
}

// errLabels says that the names of blank nodes in a proof are not one for each.
var errLabels = errors.New("the proof does not name each nameless thing once")

// disclosed gives the statements of the document that is shown, under the labels
// of the proof. Each blank node needs one of its own: with one label for two,
// what was signed about one thing could be shown as if about several.
func (c *checker) disclosed(p *derivedProof) ([]string, error) {
	d, err := c.session.ToRDF(c.doc, jsonld.Options{Skip: "proof"})
	if err != nil {
		return nil, err
	}
	numbers, err := d.Numbers(crypto.SHA256, rdfc.Limits{})
	if err != nil {
		return nil, err
	}
	labels, seen := make([]string, len(numbers)), map[string]bool{}
	for i, number := range numbers {
		sum, ok := p.labels[int(number)]
		if labels[i] = label(sum); !ok {
			return nil, errLabels
		}
		seen[labels[i]] = true
	}
	// As many labels as the proof has, and as many as there are nodes: no two alike.
	if len(seen) != len(p.labels) {
		return nil, errLabels
	}
	return d.Lines(labels)
}

// split tells the mandatory statements from the others; not ok when the proof is
// not for this number of statements.
func (p *derivedProof) split(lines []string) (must, may []string, ok bool) {
	if len(p.mandatory)+len(p.signatures) != len(lines) {
		return nil, nil, false
	}
	for i, line := range lines {
		if _, found := slices.BinarySearch(p.mandatory, i); found {
			must = append(must, line)
		} else {
			may = append(may, line)
		}
	}
	return must, may, len(may) == len(p.signatures)
}
