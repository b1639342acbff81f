package dataintegrity

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// ErrNotATemplate is the answer for a document whose canonical form cannot be
// told from the values of its holes alone. Sign signs such documents.
var ErrNotATemplate = errors.New("the document cannot be a template")

// Template signs documents that differ in some texts only, with eddsa-rdfc-2022,
// byte for byte as Sign does: the statements of the document are worked out
// once, and the values are written into their places among them.
//
// It holds as long as no value decides which statements there are. A hole is
// therefore a whole string, never a type, a context or a member of a value
// object; one that is an IRI keeps the scheme of the example; nameless objects
// are put in order anew by what is said directly about them, since values take
// part in that. Where a value breaks a condition (another scheme, an IRI beyond
// ASCII, two statements or two subjects made equal, nameless objects made alike),
// Sign does all the work anew, so that its answer is the same, also where that is
// a refusal. A Template is safe for use by several goroutines.
type Template struct {
	shape   *shape
	context *strictjson.Value
	proof   atomic.Pointer[proofTemplate]
}

// NewTemplate makes a template of one example: a document without a proof, and
// JSON pointers (RFC 6901) to the strings in it that vary. The result is compared
// with the full canonicalisation before it is given out. The error is
// ErrNotATemplate, with a reason, for a document that is to be signed by Sign.
func NewTemplate(doc []byte, holes ...string) (*Template, error) {
	root, err := strictjson.Parse(doc)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	context := root.Get("@context")
	if root.Kind != strictjson.Object || context == nil || root.Get("proof") != nil {
		return nil, notATemplate("it is not an object with an @context and without a proof")
	}
	if defined, err := jsonld.Defines(context, integrityProof); err != nil || !defined {
		return nil, notATemplate("its contexts do not define proofs")
	}
	s, err := learn(doc, jsonld.Options{}, holes)
	if err != nil {
		return nil, err
	}
	return &Template{shape: s, context: context}, nil
}

func notATemplate(reason string) error { return fmt.Errorf("%w: %s", ErrNotATemplate, reason) }

// Fill writes the unsigned document with these values in its holes, in the order
// in which NewTemplate was given them. Values are escaped as encoding/json does
// without its escapes for HTML.
func (t *Template) Fill(values []string) ([]byte, error) {
	if err := t.check(values); err != nil {
		return nil, err
	}
	return t.shape.fill(nil, values), nil
}

// Values gives what stands in the holes of a document, so that Fill writes the
// same bytes; not ok where it differs from the example elsewhere, in how its
// texts are escaped, or holds a text beyond the limits of package strictjson.
func (t *Template) Values(doc []byte) (values []string, ok bool) {
	values = make([]string, len(t.shape.holes))
	rest := doc
	for _, p := range t.shape.pieces {
		if len(rest) < len(p.fixed) || string(rest[:len(p.fixed)]) != p.fixed {
			return nil, false
		}
		if rest = rest[len(p.fixed):]; p.hole < 0 {
			continue
		}
		end := min(1+closing(rest), len(rest))
		text, err := strictjson.Parse(rest[:end])
		if err != nil || text.Kind != strictjson.String {
			return nil, false
		}
		values[p.hole], rest = text.Str, rest[end:]
	}
	if len(rest) > 0 {
		return nil, false
	}
	w := writers.Get().(*writer)
	defer w.close()
	w.doc = t.shape.fill(w.doc[:0], values)
	return values, bytes.Equal(w.doc, doc)
}

func (t *Template) check(values []string) error {
	if len(values) != len(t.shape.holes) {
		return fmt.Errorf("fill template: %d values for %d holes", len(values), len(t.shape.holes))
	}
	for i, v := range values {
		if !utf8.ValidString(v) {
			return fmt.Errorf("fill template: value %d is not UTF-8", i+1)
		}
	}
	return nil
}

// writers are the memory of documents that are written.
var writers = sync.Pool{New: func() any { return new(writer) }}

// Sign gives what the function Sign gives for the filled document.
func (t *Template) Sign(values []string, signer crypto.Signer, o Options, asArray bool) ([]byte, error) {
	if err := t.check(values); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	w := writers.Get().(*writer)
	defer w.close()
	w.doc = t.shape.fill(w.doc[:0], values)
	text, ok := t.shape.canonical(w, values)
	if !ok {
		return Sign(w.doc, signer, o, asArray)
	}
	var message [2 * sha256.Size]byte
	sum := sha256.Sum256(text)
	copy(message[sha256.Size:], sum[:])
	proof := t.options(w, signer, o)
	if proof == nil {
		return Sign(w.doc, signer, o, asArray)
	}
	copy(message[:], proof.sum[:])
	signature, err := ed25519Algorithm.sign(signer, message[:])
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if len(signature) != ed25519Algorithm.size {
		return nil, errors.New("sign: the signer gave something that is not a signature")
	}
	return t.insert(w.doc, proof.config, did.EncodeBase58(signature), asArray), nil
}

// insert puts the proof after the last member, as the function insert does.
func (t *Template) insert(doc, config []byte, value string, asArray bool) []byte {
	const around = len(`,"proof":[,"proofValue":"z"}]`)
	at := len(doc) - t.shape.after
	out := make([]byte, 0, len(doc)+len(config)+len(value)+around)
	out = append(append(out, doc[:at]...), `,"proof":`...)
	if asArray {
		out = append(out, '[')
	}
	out = append(append(out, config[:len(config)-1]...), `,"proofValue":"z`...)
	out = append(append(out, value...), `"}`...)
	if asArray {
		out = append(out, ']')
	}
	return append(out, doc[at:]...)
}

// proofTemplate is what a template knows of the options it signed with last: of
// all their members but created, and of those with the last created.
type proofTemplate struct {
	options Options
	key     ed25519.PublicKey
	shape   *shape
	config  []byte
	sum     [sha256.Size]byte // of the canonical form of config
}

// options gives the options of a proof and the hash of their canonical form; nil
// where the full path must judge them.
func (t *Template) options(w *writer, signer crypto.Signer, o Options) *proofTemplate {
	key, ok := signer.Public().(ed25519.PublicKey)
	if !ok || o.Cryptosuite != "" && o.Cryptosuite != EddsaRDFC2022 || len(o.Mandatory) > 0 || len(o.PreviousProof) > 0 {
		return nil
	}
	known := t.proof.Load()
	same := known != nil && bytes.Equal(known.key, key) && known.options.likeButCreated(&o)
	switch {
	case same && known.options.Created.Equal(o.Created):
		return known
	case !same:
		if checkMethod(o.VerificationMethod, key) != nil {
			return nil
		}
		known = &proofTemplate{}
		holes := []string{"/created"}
		if o.Created.IsZero() {
			holes = nil
		}
		var err error
		config := o.append(nil, findSuite(integrityProof, EddsaRDFC2022), nil)
		if known.shape, err = learn(config, jsonld.Options{Context: t.context, Skip: "proofValue"}, holes); err != nil {
			return nil
		}
	}
	fresh := &proofTemplate{options: o, key: bytes.Clone(key), shape: known.shape}
	var values []string
	if !o.Created.IsZero() {
		values = []string{o.Created.UTC().Format(createdLayout)}
	}
	fresh.config = fresh.shape.fill(nil, values)
	text, ok := fresh.shape.canonical(w, values)
	if !ok {
		return nil
	}
	fresh.sum = sha256.Sum256(text)
	t.proof.Store(fresh)
	return fresh
}

// createdLayout is how Options are written.
const createdLayout = "2006-01-02T15:04:05Z"

// likeButCreated says that options are alike, but perhaps for when the proof is made.
func (o *Options) likeButCreated(with *Options) bool {
	return o.VerificationMethod == with.VerificationMethod && o.Purpose == with.Purpose && o.ID == with.ID && o.Expires.Equal(with.Expires) &&
		o.Domain == with.Domain && o.Challenge == with.Challenge && o.Nonce == with.Nonce && o.Created.IsZero() == with.Created.IsZero()
}

// fill writes the document.
func (s *shape) fill(dst []byte, values []string) []byte {
	for _, p := range s.pieces {
		dst = append(dst, p.fixed...)
		if p.hole >= 0 {
			dst = appendJSON(dst, values[p.hole])
		}
	}
	return dst
}

// appendJSON writes a string as encoding/json does, which escapes the two line
// separators of ECMAScript too.
func appendJSON(dst []byte, s string) []byte {
	if strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029") {
		return append(dst, lineSeparators.Replace(string(strictjson.AppendString(nil, s)))...)
	}
	return strictjson.AppendString(dst, s)
}

var lineSeparators = strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`)
