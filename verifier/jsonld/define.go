package jsonld

import (
	"strings"

	"hallmark/verifier/strictjson"
)

// compiler makes active contexts for one document.
type compiler struct {
	terms    int // definitions read so far, over all contexts of the document
	made     int // contexts made so far that are not kept between documents
	composed int // bytes of IRIs put together so far
}

// Limits of the contexts of one document.
const (
	maxTerms    = 4096
	maxDerived  = 512
	maxIRI      = 2048      // bytes of an IRI that a context gives to others
	maxComposed = 320 << 10 // bytes of IRIs made of a vocabulary or prefix and a name
)

// compose puts an IRI together; "" when the document has made too many.
func (c *compiler) compose(start, end string) string {
	if c.composed += len(start) + len(end); c.composed > maxComposed {
		return ""
	}
	return start + end
}

// refusal is a reason without a place; the reader of the document adds it.
type refusal string

func (r refusal) Error() string { return string(r) }

// apply processes a local context: URL, object, or array of these (API §4.1).
// inline tells whether the document wrote it.
func (c *compiler) apply(active *context, local *strictjson.Value, propagate, override, inline bool) (*context, error) {
	switch local.Kind {
	case strictjson.String:
		objects, ok := known()[local.Str]
		if !ok {
			return nil, refusal("the context " + quote(local.Str) + " is not one this verifier carries")
		}
		result := active
		for _, object := range objects {
			var err error
			if result, err = c.object(result, object, propagate, override, false); err != nil {
				return nil, err
			}
		}
		return result, nil
	case strictjson.Array:
		result := active
		for i := range local.Kids {
			if local.Kids[i].Kind == strictjson.Array {
				return nil, refusal("a context is a list within a list")
			}
			var err error
			if result, err = c.apply(result, &local.Kids[i], propagate, override, inline); err != nil {
				return nil, err
			}
		}
		return result, nil
	case strictjson.Object:
		return c.object(active, local, propagate, override, inline)
	case strictjson.Null:
		// Embedded contexts clear the slate for a presentation's credentials; a
		// document that does so itself would escape protected terms.
		if !inline && override {
			return initial, nil
		}
		return nil, refusal("a context is null")
	}
	return nil, refusal("a context is neither a URL nor an object")
}

// object processes one context object. Results made from embedded contexts
// alone are kept.
func (c *compiler) object(active *context, local *strictjson.Value, propagate, override, inline bool) (*context, error) {
	if found := active.find(local, propagate, override); found != nil {
		return found, nil
	}
	if c.made++; c.made > maxDerived {
		return nil, refusal("the document combines too many contexts")
	}
	d := definer{compiler: c, local: local, override: override, inline: inline}
	d.active = &context{inline: inline, parent: active, vocab: active.vocab, language: active.language, previous: active.previous,
		idAlias: active.idAlias, typeAlias: active.typeAlias, terms: make(map[string]*term, len(local.Kids))}
	if !propagate && d.active.previous == nil {
		d.active.previous = active
	}
	if err := d.run(); err != nil {
		return nil, err
	}
	if active.shared && !inline {
		return active.keep(local, propagate, override, d.active), nil
	}
	if inline {
		d.active.fold()
	}
	// Not shared: remembered on the parent, which the document alone holds,
	// unless the parent is shared.
	if !active.shared {
		var list []derivation
		if old := active.derived.Load(); old != nil {
			list = *old
		}
		list = append(list, derivation{local, propagate, override, d.active})
		active.derived.Store(&list)
	}
	return d.active, nil
}

// definer reads the definitions of one context object into active.
type definer struct {
	*compiler
	active    *context
	local     *strictjson.Value
	override  bool
	inline    bool
	protected bool
	defining  []string
	entries   map[string]*strictjson.Value // of local, when they are many
}

// entry finds what the context object says about a term.
func (d *definer) entry(name string) *strictjson.Value {
	const few = 16 // below this, looking at all is quicker than hashing
	if len(d.local.Kids) <= few {
		return d.local.Get(name)
	}
	if d.entries == nil {
		d.entries = make(map[string]*strictjson.Value, len(d.local.Kids))
		for i := range d.local.Kids {
			d.entries[d.local.Kids[i].Name] = &d.local.Kids[i]
		}
	}
	return d.entries[name]
}

func (d *definer) run() error {
	for i := range d.local.Kids {
		if entry := &d.local.Kids[i]; strings.HasPrefix(entry.Name, "@") {
			if err := d.keyword(entry); err != nil {
				return err
			}
		}
	}
	for i := range d.local.Kids {
		entry := &d.local.Kids[i]
		if strings.HasPrefix(entry.Name, "@") {
			continue
		}
		if err := d.define(entry, d.override); err != nil {
			return err
		}
	}
	if t := d.active.terms["id"]; t != nil {
		d.active.idAlias = t.iri == "@id"
	}
	if t := d.active.terms["type"]; t != nil {
		d.active.typeAlias = t.iri == "@type"
	}
	return d.checkScoped()
}

// keyword reads the entries that set up the context itself (API §4.1.2).
func (d *definer) keyword(entry *strictjson.Value) error {
	switch entry.Name {
	case "@version":
		if entry.Kind != strictjson.Number || entry.Str != "1.1" {
			return refusal("@version must be 1.1")
		}
	case "@protected":
		if entry.Kind != strictjson.Bool {
			return refusal("@protected must be true or false")
		}
		d.protected = entry.Str == "true"
	case "@vocab":
		if entry.Kind != strictjson.String || len(entry.Str) > maxIRI || !absolute(entry.Str) {
			return refusal("@vocab must be an absolute IRI")
		}
		if t := d.active.lookup(entry.Str[:schemeEnd(entry.Str)]); t != nil {
			return refusal("@vocab must not begin with a term")
		}
		d.active.vocab = entry.Str
	case "@language":
		tag, ok := languageTag(entry.Text())
		if !ok {
			return refusal("@language must be a language tag")
		}
		d.active.language = tag
	default:
		return refusal("a context must not contain " + quote(entry.Name))
	}
	return nil
}

// checkScoped compiles the contexts within definitions that a document wrote,
// so that a bad one is refused even where it is not used.
func (d *definer) checkScoped() error {
	if !d.inline {
		return nil
	}
	for i := range d.local.Kids {
		if t := d.active.terms[d.local.Kids[i].Name]; t != nil && t.scoped != nil {
			if _, err := d.apply(d.active, t.scoped, true, true, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// define creates one term definition (API §4.2). override allows protected
// terms to change; it does not extend to terms defined on the way.
func (d *definer) define(entry *strictjson.Value, override bool) error {
	name := entry.Name
	if d.active.terms[name] != nil {
		return nil
	}
	for _, open := range d.defining {
		if open == name {
			return refusal("the term " + quote(name) + " is defined by itself")
		}
	}
	if d.compiler.terms++; d.compiler.terms > maxTerms {
		return refusal("the contexts define too many terms")
	}
	if name == "" || strings.ContainsAny(name, ":/") {
		return refusal("a context must not define the term " + quote(name))
	}
	d.defining = append(d.defining, name)
	t, err := d.definition(entry)
	d.defining = d.defining[:len(d.defining)-1]
	if err != nil {
		return err
	}
	if previous := d.active.parent.lookup(name); previous != nil && previous.protected && !override {
		t.protected = true
		if !t.equal(previous) {
			return refusal("the context redefines the protected term " + quote(name))
		}
		t.inline = previous.inline
	}
	d.active.terms[name] = t
	return nil
}

func (d *definer) definition(entry *strictjson.Value) (*term, error) {
	t := &term{name: entry.Name, inline: d.inline, protected: d.protected}
	var err error
	switch entry.Kind {
	case strictjson.String:
		if t.iri, err = d.mapping(entry.Name, entry.Str); err != nil {
			return nil, err
		}
		t.prefix = entry.Str != entry.Name && strings.IndexByte(":/?#[]@", t.iri[len(t.iri)-1]) >= 0
	case strictjson.Object:
		if err = d.expanded(t, entry); err != nil {
			return nil, err
		}
	default:
		return nil, refusal("the context gives the term " + quote(entry.Name) + " no meaning")
	}
	t.keyword = t.iri[0] == '@'
	if t.keyword {
		return t, d.alias(t)
	}
	return t, nil
}

// alias lets "id" and "type" stand for their keywords and nothing else: what
// is signed is read by its usual name.
func (d *definer) alias(t *term) error {
	if t.prefix = false; t.iri != "@"+t.name || t.name != "id" && t.name != "type" {
		return refusal("a context must not let " + quote(t.name) + " stand for " + t.iri)
	}
	if t.coerce != coerceNone || t.scoped != nil || t.tagged || t.container&^inSet != 0 {
		return refusal("a context must not add to the meaning of " + quote(t.name))
	}
	return nil
}

// mapping expands the @id of a term, or derives it from the vocabulary.
func (d *definer) mapping(name, id string) (string, error) {
	iri := ""
	if id == name {
		iri = d.compose(d.active.vocab, name)
	} else {
		var err error
		if iri, err = d.expand(id); err != nil {
			return "", err
		}
	}
	if iri == "" || len(iri) > maxIRI {
		return "", refusal("the context maps the term " + quote(name) + " to an IRI that is too long")
	}
	if iri == rdfType || iri[:1] == "@" && !isKeyword(iri) || iri[0] != '@' && !absolute(iri) {
		return "", refusal("the context maps the term " + quote(name) + " to " + quote(iri) + ", which is not a usable IRI")
	}
	return iri, nil
}

// expand resolves a term, compact IRI or IRI within the context (API §5.2).
func (d *definer) expand(value string) (string, error) {
	if isKeyword(value) {
		return value, nil
	}
	if value == "" || value[0] == '@' {
		return "", refusal("a context uses " + quote(value) + ", which is reserved")
	}
	if entry := d.entry(value); entry != nil {
		if err := d.define(entry, false); err != nil {
			return "", err
		}
	}
	if t := d.active.lookup(value); t != nil {
		return t.iri, nil
	}
	if colon := strings.IndexByte(value, ':'); colon > 0 && !strings.HasPrefix(value[colon+1:], "//") {
		prefix := value[:colon]
		if entry := d.entry(prefix); entry != nil {
			if err := d.define(entry, false); err != nil {
				return "", err
			}
		}
		if t := d.active.lookup(prefix); t != nil && t.prefix {
			return d.compose(t.iri, value[colon+1:]), nil
		}
	}
	if absolute(value) {
		return value, nil
	}
	if d.active.vocab != "" && !strings.Contains(value, ":") {
		return d.compose(d.active.vocab, value), nil
	}
	return "", refusal("a context uses " + quote(value) + ", which is no IRI and no term")
}

// expanded reads an expanded term definition.
func (d *definer) expanded(t *term, entry *strictjson.Value) error {
	id := entry.Name
	for i := range entry.Kids {
		part := &entry.Kids[i]
		ok := true
		switch part.Name {
		case "@id":
			id, ok = part.Str, part.Kind == strictjson.String && part.Str != ""
		case "@protected":
			t.protected, ok = part.Str == "true", part.Kind == strictjson.Bool
		case "@prefix":
			t.prefix, ok = part.Str == "true", part.Kind == strictjson.Bool
		case "@context":
			t.scoped = part
		case "@container":
			ok = t.contain(part)
		case "@language":
			t.tagged = true
			if part.Kind != strictjson.Null {
				t.language, ok = languageTag(part.Text())
			}
		case "@type":
			if err := d.coerce(t, part); err != nil {
				return err
			}
		default:
			ok = false
		}
		if !ok {
			return refusal("the definition of " + quote(entry.Name) + " has an unusable " + quote(part.Name))
		}
	}
	if t.coerce != coerceNone {
		t.tagged, t.language = false, "" // API §4.2.2, step 22: @language only without @type
	}
	if t.coerce == coerceJSON && t.container&^inSet != 0 {
		return refusal("the definition of " + quote(entry.Name) + " puts JSON into a container")
	}
	var err error
	t.iri, err = d.mapping(entry.Name, id)
	return err
}

func (t *term) contain(part *strictjson.Value) bool {
	for one := range part.Each() {
		switch one.Text() {
		case "@list":
			t.container |= inList
		case "@set":
			t.container |= inSet
		case "@graph":
			t.container |= inGraph
		case "@language":
			t.container |= inLanguage
		default:
			return false
		}
	}
	kind := t.container &^ inSet
	return t.container != 0 && kind&(kind-1) == 0 && (kind != inList || t.container == inList)
}

func (d *definer) coerce(t *term, part *strictjson.Value) error {
	switch part.Text() {
	case "@id":
		t.coerce = coerceID
	case "@vocab":
		t.coerce = coerceVocab
	case "@json":
		t.coerce = coerceJSON
	case "@none":
		t.coerce = coerceOff
	case "":
		return refusal("the definition of " + quote(t.name) + " has an unusable \"@type\"")
	default:
		iri, err := d.expand(part.Str)
		if err != nil {
			return err
		}
		if !goodDatatype(iri) {
			return refusal("the definition of " + quote(t.name) + " has the unusable type " + quote(iri))
		}
		t.coerce, t.datatype = coerceType, iri
	}
	return nil
}
