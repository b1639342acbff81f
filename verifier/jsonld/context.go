package jsonld

import (
	"sync"
	"sync/atomic"

	"hallmark/verifier/strictjson"
)

type coercion uint8

const (
	coerceNone coercion = iota
	coerceID
	coerceVocab
	coerceJSON
	coerceOff // @none
	coerceType
)

type container uint8

const (
	inList container = 1 << iota
	inSet
	inGraph
	inLanguage
)

// term is one term definition (JSON-LD 1.1 §4.1 of the API).
type term struct {
	name      string
	iri       string // absolute IRI, or a keyword that the term stands for
	keyword   bool
	prefix    bool
	protected bool
	inline    bool // defined by the document, not by an embedded context
	coerce    coercion
	datatype  string // coerceType: the IRI
	container container
	tagged    bool   // @language is given
	language  string // "" is null
	scoped    *strictjson.Value
}

// equal compares definitions as the test for redefinition of protected terms
// does (API §4.2.2, step 27): everything but protection and origin.
func (t *term) equal(other *term) bool {
	return t.iri == other.iri && t.prefix == other.prefix && t.coerce == other.coerce && t.datatype == other.datatype &&
		t.container == other.container && t.tagged == other.tagged && t.language == other.language && alike(t.scoped, other.scoped)
}

// alike compares two context definitions, members in any order.
func alike(a, b *strictjson.Value) bool {
	if a == nil || b == nil || a == b {
		return a == b
	}
	if a.Kind != b.Kind || a.Str != b.Str || len(a.Kids) != len(b.Kids) {
		return false
	}
	for i := range a.Kids {
		twin := &b.Kids[i]
		if a.Kind == strictjson.Object {
			twin = b.Get(a.Kids[i].Name)
		}
		if twin == nil || !alike(&a.Kids[i], twin) {
			return false
		}
	}
	return true
}

// context is an active context. It never changes once it is built. The terms
// of a shared context are all in one table; a context that one document made
// holds what it added and looks up the rest in its parent.
type context struct {
	terms     map[string]*term
	parent    *context
	vocab     string
	language  string
	previous  *context // what a type-scoped context returns to (API §4.1.2, step 6)
	idAlias   bool     // "id" means @id here
	typeAlias bool     // "type" means @type here
	inline    bool     // its own table holds definitions of the document alone
	shared    bool     // made from embedded contexts alone: kept between documents
	derived   atomic.Pointer[[]derivation]
	reverse   sync.Once          // fills byIRI
	byIRI     map[string][]*term // see named
}

// derivation is a context that was made from another by a local context.
type derivation struct {
	local     *strictjson.Value
	propagate bool
	override  bool
	result    *context
}

// initial is the empty context that every document starts from.
var initial = &context{shared: true}

func (c *context) lookup(name string) *term {
	for ; c != nil; c = c.parent {
		if t := c.terms[name]; t != nil {
			return t
		}
	}
	return nil
}

// fold takes over the tables of parents that are not much larger, so that a
// long chain of contexts within a document is not searched one by one: the
// chain stays as short as the logarithm of the terms in it.
func (c *context) fold() {
	for p := c.parent; p.inline && len(p.terms) <= 2*len(c.terms); p = p.parent {
		for name, t := range p.terms {
			if _, newer := c.terms[name]; !newer {
				c.terms[name] = t
			}
		}
		c.parent = p.parent
	}
}

// rival returns the term by which embedded contexts call an IRI, if name is
// not it, for use as a property or as a type. Some contexts give a class and a
// property one IRI; their names differ in the case of the first letter. Terms
// that a document has overridden count as well.
func (c *context) rival(iri, name string, asType bool) *term {
	var found *term
	for at := c; at != nil; at = at.parent {
		for _, t := range at.named(iri) {
			if isClass(t.name) != asType {
				continue
			}
			if t.name == name {
				return nil
			}
			if found == nil || t.name < found.name {
				found = t
			}
		}
	}
	return found
}

// named lists the terms that embedded contexts defined in this very context
// for an IRI.
func (c *context) named(iri string) []*term {
	c.reverse.Do(func() {
		for _, t := range c.terms {
			if t.inline {
				continue
			}
			if c.byIRI == nil {
				c.byIRI = make(map[string][]*term, len(c.terms))
			}
			c.byIRI[t.iri] = append(c.byIRI[t.iri], t)
		}
	})
	return c.byIRI[iri]
}

// isClass tells by its first letter, in embedded contexts, whether a term is
// for types. Types of 1EdTech begin with a digit.
func isClass(name string) bool { return name[0] < 'a' }

// maxShared bounds the contexts kept between documents. Honest documents make
// a few dozen; types can be combined in more ways than memory could hold. When
// it is reached all are dropped, so that no one can fill the room for good.
const maxShared = 256

var (
	sharedMutex sync.Mutex
	sharedCount int
)

func (c *context) find(local *strictjson.Value, propagate, override bool) *context {
	list := c.derived.Load()
	if list == nil {
		return nil
	}
	for i := range *list {
		if d := &(*list)[i]; d.local == local && d.propagate == propagate && d.override == override {
			return d.result
		}
	}
	return nil
}

// keep remembers a derivation of a shared context and returns the context to
// use from now on: one with all terms in one table.
func (c *context) keep(local *strictjson.Value, propagate, override bool, result *context) *context {
	sharedMutex.Lock()
	defer sharedMutex.Unlock()
	if first := c.find(local, propagate, override); first != nil {
		return first
	}
	if sharedCount++; sharedCount > maxShared {
		// Start anew: documents under way keep what they hold.
		initial.derived.Store(nil)
		sharedCount = 1
	}
	flat := make(map[string]*term, len(result.terms))
	for at := result; at != nil; at = at.parent {
		for name, t := range at.terms {
			if _, newer := flat[name]; !newer {
				flat[name] = t
			}
		}
	}
	kept := &context{terms: flat, vocab: result.vocab, language: result.language, previous: result.previous,
		idAlias: result.idAlias, typeAlias: result.typeAlias, shared: true}
	var list []derivation
	if old := c.derived.Load(); old != nil {
		list = append(list, *old...)
	}
	list = append(list, derivation{local, propagate, override, kept})
	c.derived.Store(&list)
	return kept
}
