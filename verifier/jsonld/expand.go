package jsonld

import (
	"slices"
	"strconv"
	"strings"

	"hallmark/verifier/jcs"
	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// expander walks one document and writes quads.
type expander struct {
	compiler
	out      *rdfc.Dataset
	session  *Session
	path     []step
	types    []string
	body     []strictjson.Value // the members of the document that are taken
	buf      []byte
	directed bool // a text with a direction was written
}

// step is one token of a JSON pointer; an index when name is "".
type step struct {
	name  string
	index int
}

func (x *expander) push(name string) { x.path = append(x.path, step{name: name, index: -1}) }
func (x *expander) pushIndex(i int)  { x.path = append(x.path, step{index: i}) }
func (x *expander) pop()             { x.path = x.path[:len(x.path)-1] }

// refuse makes the error for the place where the walk is.
func (x *expander) refuse(reason string) error {
	var b strings.Builder
	for _, s := range x.path {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(s.name))
		}
	}
	return &Error{Pointer: b.String(), Reason: reason}
}

// quote shows a stranger's text in a reason: escaped, cut short.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return string(strictjson.AppendString(nil, s))
}

// node expands one node object (API §5.1) and returns its subject. ctx is the
// context after the property-scoped one of the property key was applied.
func (x *expander) node(v *strictjson.Value, ctx *context, key string, graph rdfc.Node) (rdfc.Node, error) {
	ctx, err := x.enter(v, ctx, key)
	if err != nil {
		return rdfc.Node{}, err
	}
	typeCtx := ctx
	types, err := x.typesOf(v, typeCtx)
	if err != nil {
		return rdfc.Node{}, err
	}
	if ctx, err = x.typeScoped(types, typeCtx); err != nil {
		return rdfc.Node{}, err
	}
	subject, err := x.subject(v, ctx)
	if err != nil {
		return rdfc.Node{}, err
	}
	for i := range v.Kids {
		kid := &v.Kids[i]
		if kid.Name == "@context" || isID(kid.Name, ctx) {
			continue
		}
		x.push(kid.Name)
		if isType(kid.Name, typeCtx) {
			err = x.addTypes(kid, typeCtx, subject, graph)
		} else {
			err = x.property(kid, ctx, subject, graph)
		}
		if err != nil {
			return rdfc.Node{}, err
		}
		x.pop()
	}
	return subject, nil
}

func isID(name string, ctx *context) bool {
	return name == "@id" || name == "id" && ctx.idAlias
}

func isType(name string, ctx *context) bool {
	return name == "@type" || name == "type" && ctx.typeAlias
}

// enter finds the context inside an object: a type-scoped context ends here
// (API §5.1.2 steps 7 and 8), an embedded one begins (step 9).
func (x *expander) enter(v *strictjson.Value, ctx *context, key string) (*context, error) {
	if ctx.previous != nil && !(len(v.Kids) == 1 && isID(v.Kids[0].Name, ctx)) {
		t := ctx.lookup(key)
		ctx = ctx.previous
		if t != nil && t.scoped != nil {
			var err error
			if ctx, err = x.apply(ctx, t.scoped, true, true, t.inline); err != nil {
				return nil, x.refuse(err.Error())
			}
		}
	}
	local := v.Get("@context")
	if local == nil {
		return ctx, nil
	}
	ctx, err := x.apply(ctx, local, true, false, true)
	if err != nil {
		x.push("@context")
		return nil, x.refuse(err.Error())
	}
	return ctx, nil
}

// typesOf returns the @type entry of a node object.
func (x *expander) typesOf(v *strictjson.Value, ctx *context) (*strictjson.Value, error) {
	var found *strictjson.Value
	for i := range v.Kids {
		if kid := &v.Kids[i]; isType(kid.Name, ctx) {
			if found != nil || kid.Name == "@type" && ctx.typeAlias {
				x.push(kid.Name)
				return nil, x.refuse(`the type must be written once, as "type"`)
			}
			found = kid
		}
	}
	return found, nil
}

// typeScoped applies the contexts of the types, sorted (step 11).
func (x *expander) typeScoped(types *strictjson.Value, typeCtx *context) (*context, error) {
	if types == nil {
		return typeCtx, nil
	}
	x.types = x.types[:0]
	for one := range types.Each() {
		x.types = append(x.types, one.Text())
	}
	if len(x.types) > 1 {
		slices.SortFunc(x.types, jcs.CompareUTF16)
	}
	ctx := typeCtx
	for _, name := range x.types {
		t := typeCtx.lookup(name)
		if t == nil || t.scoped == nil {
			continue
		}
		var err error
		if ctx, err = x.apply(ctx, t.scoped, false, false, t.inline); err != nil {
			return nil, x.refuse("the type " + quote(name) + " cannot be used here: " + err.Error())
		}
	}
	if ctx.typeAlias != typeCtx.typeAlias {
		return nil, x.refuse(`the context of a type changes the meaning of "type"`)
	}
	return ctx, nil
}

// subject reads the @id of a node object or makes a blank node.
func (x *expander) subject(v *strictjson.Value, ctx *context) (rdfc.Node, error) {
	var found *strictjson.Value
	for i := range v.Kids {
		if kid := &v.Kids[i]; isID(kid.Name, ctx) {
			if found != nil || kid.Name == "@id" && ctx.idAlias {
				x.push(kid.Name)
				return rdfc.Node{}, x.refuse(`the id must be written once, as "id"`)
			}
			found = kid
		}
	}
	if found == nil {
		return x.blank(int(v.Start))
	}
	x.push(found.Name)
	if found.Kind != strictjson.String {
		return rdfc.Node{}, x.refuse("an id must be a string")
	}
	node, err := x.reference(found.Str, ctx)
	if err == nil {
		x.pop()
	}
	return node, err
}

// blank makes a blank node for what stands at a place. A document with more of
// them than are ever put in order is given up at once.
func (x *expander) blank(place int) (rdfc.Node, error) {
	if x.out.Blanks() == rdfc.MaxBlankNodes {
		return rdfc.Node{}, rdfc.ErrTooComplex
	}
	return x.out.BlankAt(place), nil
}

// reference checks the IRI of a node. It is taken as it stands: what is signed
// is what is read.
func (x *expander) reference(iri string, ctx *context) (rdfc.Node, error) {
	if !absolute(iri) {
		return rdfc.Node{}, x.refuse(quote(iri) + " is not an absolute IRI")
	}
	colon := schemeEnd(iri)
	if !strings.HasPrefix(iri[colon+1:], "//") {
		if t := ctx.lookup(iri[:colon]); t != nil && t.prefix {
			return rdfc.Node{}, x.refuse(quote(iri) + " begins with the prefix " + quote(t.name) + " instead of a scheme")
		}
	}
	return rdfc.CleanIRI(iri), nil
}

func (x *expander) addTypes(types *strictjson.Value, ctx *context, subject, graph rdfc.Node) error {
	if types.Kind == strictjson.Array && len(types.Kids) == 0 {
		return x.refuse("an empty list of types says nothing")
	}
	for one := range types.Each() {
		if one.Kind != strictjson.String {
			return x.refuse("a type must be a string")
		}
		t := ctx.lookup(one.Str)
		iri := x.vocabulary(one.Str, t, ctx)
		if iri == "" {
			return x.refuse("the type " + quote(one.Str) + " is not defined by the contexts")
		}
		if err := x.ownName(t, one.Str, iri, ctx, true); err != nil {
			return err
		}
		x.out.Add(subject, rdfType, rdfc.CleanIRI(iri), graph)
	}
	return nil
}

// vocabulary expands a type or vocabulary value to an absolute IRI, "" if it
// has none (API §5.2 with vocab). t is what the context knows under this name.
func (x *expander) vocabulary(value string, t *term, ctx *context) string {
	if value == "" || value[0] == '@' {
		return ""
	}
	if t != nil {
		if t.keyword {
			return ""
		}
		return t.iri
	}
	if colon := strings.IndexByte(value, ':'); colon > 0 {
		// What looks like an IRI never becomes part of the vocabulary.
		if t := ctx.lookup(value[:colon]); t != nil && t.prefix && !strings.HasPrefix(value[colon+1:], "//") {
			value = x.compose(t.iri, value[colon+1:])
		}
	} else {
		value = x.compose(ctx.vocab, value)
	}
	if !absolute(value) {
		return ""
	}
	return value
}

// property writes the statements of one entry of a node object.
func (x *expander) property(v *strictjson.Value, ctx *context, subject, graph rdfc.Node) error {
	t := ctx.lookup(v.Name)
	iri := ""
	switch {
	case v.Name != "" && v.Name[0] == '@':
		return x.refuse(quote(v.Name) + " is not supported")
	case t != nil && t.keyword:
		return x.refuse(quote(v.Name) + " is not supported here")
	case t != nil:
		iri = t.iri
	default:
		if iri = x.vocabulary(v.Name, nil, ctx); iri == "" {
			return x.refuse("the term " + quote(v.Name) + " is not defined by the contexts")
		}
		if iri == rdfType {
			return x.refuse("a type must be written as such")
		}
	}
	if err := x.ownName(t, v.Name, iri, ctx, false); err != nil {
		return err
	}
	inside := ctx
	if t != nil && t.scoped != nil {
		var err error
		if inside, err = x.apply(ctx, t.scoped, true, true, t.inline); err != nil {
			return x.refuse(err.Error())
		}
	}
	p := property{iri: iri, name: v.Name, outer: t, term: t, ctx: inside}
	if inside != ctx {
		p.term = inside.lookup(v.Name)
		if err := x.settled(v, &p); err != nil {
			return err
		}
	}
	return x.values(v, &p, subject, graph)
}

// ownName refuses a property or type that embedded contexts know by another
// name: a reader of the JSON would not find there what was signed.
func (x *expander) ownName(t *term, name, iri string, ctx *context, asType bool) error {
	if t != nil && !t.inline && isClass(name) == asType {
		return nil
	}
	if t := ctx.rival(iri, name, asType); t != nil {
		return x.refuse(quote(name) + " must be written as " + quote(t.name))
	}
	return nil
}
