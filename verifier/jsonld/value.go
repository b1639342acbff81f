package jsonld

import (
	"strconv"

	"hallmark/verifier/jcs"
	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

// property is what is known of the property whose values are expanded.
type property struct {
	iri   string
	name  string
	outer *term    // its definition where it stands: container, JSON
	term  *term    // its definition inside its own scoped context: coercion
	ctx   *context // the context of its values
}

// Origins of literals: two spellings of one statement are told apart by them.
const (
	fromString = iota
	fromTypedString
	fromNumber
	fromTypedNumber
	fromBool
	fromTypedBool
	fromJSON
	fromDirection
)

// values writes all values of a property (API §5.1.2, step 13).
func (x *expander) values(v *strictjson.Value, p *property, subject, graph rdfc.Node) error {
	if t := p.outer; t != nil {
		switch {
		case t.container&inLanguage != 0 && v.Kind == strictjson.Object:
			return x.languages(v, p, subject, graph)
		case t.coerce == coerceJSON:
			return x.json(v, p, subject, graph)
		case t.container&inList != 0:
			return x.list(v, p, subject, graph)
		case t.container&inGraph != 0:
			return x.each(v, func(one *strictjson.Value) error { return x.graph(one, p, subject, graph) })
		}
	}
	if v.Kind != strictjson.Array {
		return x.value(v, p, subject, p.iri, graph)
	}
	return x.each(v, func(one *strictjson.Value) error { return x.value(one, p, subject, p.iri, graph) })
}

// settled refuses a property whose own scoped context changes what its values
// are, except that the context may forget it, as for the credentials of a
// presentation, and the values are objects.
func (x *expander) settled(v *strictjson.Value, p *property) error {
	t := p.term
	if t != nil && t.coerce == p.outer.coerce && t.datatype == p.outer.datatype && t.container == p.outer.container &&
		t.tagged == p.outer.tagged && t.language == p.outer.language && alike(t.scoped, p.outer.scoped) {
		return nil
	}
	for one := range v.Each() {
		if t != nil || one.Kind != strictjson.Object || one.Get("@value") != nil || p.outer.container&^(inGraph|inSet) != 0 {
			return x.refuse("the context of " + quote(p.name) + " changes what its value is")
		}
	}
	return nil
}

// each visits the elements of an array, or the one value, with its place.
func (x *expander) each(v *strictjson.Value, visit func(*strictjson.Value) error) error {
	if v.Kind != strictjson.Array {
		return visit(v)
	}
	if len(v.Kids) == 0 {
		return x.refuse("an empty array says nothing that could be signed")
	}
	for i := range v.Kids {
		x.pushIndex(i)
		if err := visit(&v.Kids[i]); err != nil {
			return err
		}
		x.pop()
	}
	return nil
}

// value writes one statement and what lies below it.
func (x *expander) value(v *strictjson.Value, p *property, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	switch v.Kind {
	case strictjson.Null:
		return x.refuse("null says nothing that could be signed")
	case strictjson.Array:
		return x.refuse("an array within an array is not supported")
	case strictjson.String:
		return x.text(v.Str, p, subject, predicate, graph)
	case strictjson.Object:
		if v.Get("@value") != nil {
			return x.valueObject(v, p, subject, predicate, graph)
		}
		object, err := x.node(v, p.ctx, p.name, graph)
		if err != nil {
			return err
		}
		x.out.Add(subject, predicate, object, graph)
		return nil
	}
	datatype := ""
	if p.term != nil && p.term.coerce == coerceType {
		datatype = p.term.datatype
	}
	return x.native(v, datatype, subject, predicate, graph)
}

// text writes a string by the coercion of its property (API §5.3).
func (x *expander) text(s string, p *property, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	language := p.ctx.language
	if t := p.term; t != nil {
		switch t.coerce {
		case coerceID:
			object, err := x.reference(s, p.ctx)
			if err != nil {
				return err
			}
			x.out.Add(subject, predicate, object, graph)
			return nil
		case coerceVocab:
			iri := x.vocabulary(s, p.ctx.lookup(s), p.ctx)
			if iri == "" {
				return x.refuse(quote(s) + " is neither a term of the contexts nor an absolute IRI")
			}
			x.out.Add(subject, predicate, rdfc.CleanIRI(iri), graph)
			return nil
		case coerceType:
			return x.typed(s, t.datatype, subject, predicate, graph)
		}
		if t.tagged {
			language = t.language
		}
	}
	if language != "" {
		x.out.AddTagged(subject, predicate, s, language, graph)
	} else {
		x.out.AddLiteral(subject, predicate, s, "", fromString, graph)
	}
	return nil
}

// typed writes a string with a datatype.
func (x *expander) typed(s, datatype string, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	if datatype == xsdDouble {
		// npm jsonld prints every xsd:double anew, from as much of the string as
		// is a number. Only what it leaves alone is taken.
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || string(appendDouble(nil, f)) != s {
			return x.refuse(quote(s) + " is not the canonical form of an xsd:double")
		}
	}
	x.out.AddLiteral(subject, predicate, s, datatype, fromTypedString, graph)
	return nil
}

// native writes a number or boolean, with the datatype or its own (API §8.6).
func (x *expander) native(v *strictjson.Value, datatype string, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	origin, text, own := uint8(fromBool), v.Str, xsdBool
	if v.Kind == strictjson.Number {
		f, err := strconv.ParseFloat(v.Str, 64)
		if err != nil {
			return x.refuse("the number " + v.Str + " is out of range")
		}
		var ok bool
		origin = fromNumber
		if text, own, ok = canonicalNumber(v.Str, f, datatype == xsdDouble); !ok {
			return x.refuse("the number " + v.Str + " has no exact canonical form")
		}
	}
	if datatype == "" {
		datatype = own
	} else {
		origin++
	}
	x.out.AddLiteral(subject, predicate, text, datatype, origin, graph)
	return nil
}

// json writes a JSON literal (API §8.6, step 8).
func (x *expander) json(v *strictjson.Value, p *property, subject, graph rdfc.Node) error {
	text, err := jcs.Append(x.buf[:0], v)
	if err != nil {
		return x.refuse(err.Error())
	}
	x.buf = text[:0]
	origin := uint8(fromJSON)
	if v.Kind >= strictjson.Array {
		origin = rdfc.Distinct
	}
	x.out.AddLiteral(subject, p.iri, string(text), rdfJSON, origin, graph)
	return nil
}

// valueObject writes {"@value": …} (API §5.1.2, steps 13.4.7 to 13.4.10).
func (x *expander) valueObject(v *strictjson.Value, p *property, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	var kind *strictjson.Value
	for i := range v.Kids {
		switch kid := &v.Kids[i]; {
		case kid.Name == "@value" || kid.Name == "@language" || kid.Name == "@direction":
		case isType(kid.Name, p.ctx) && kind == nil:
			kind = kid
		default:
			x.push(kid.Name)
			return x.refuse(quote(kid.Name) + " is not supported beside @value")
		}
	}
	value, language, direction := v.Get("@value"), v.Get("@language"), v.Get("@direction")
	if kind != nil {
		if language != nil || direction != nil {
			return x.refuse("a value has a type or a language, not both")
		}
		return x.typedObject(value, kind, p, subject, predicate, graph)
	}
	switch {
	case value.Kind == strictjson.Bool, value.Kind == strictjson.Number:
		if language != nil || direction != nil {
			return x.refuse("only a string may have a language or direction")
		}
		return x.native(value, "", subject, predicate, graph)
	case value.Kind != strictjson.String:
		return x.refuse("@value must be a string, number or boolean")
	case language == nil && direction == nil:
		x.out.AddLiteral(subject, predicate, value.Str, "", fromString, graph)
		return nil
	}
	tag, ok := "", true
	if language != nil {
		if tag, ok = languageTag(language.Text()); !ok {
			return x.refuse("@language must be a language tag")
		}
	}
	if direction == nil {
		x.out.AddTagged(subject, predicate, value.Str, tag, graph)
		return nil
	}
	if d := direction.Text(); d != "ltr" && d != "rtl" {
		return x.refuse(`@direction must be "ltr" or "rtl"`)
	}
	// API §8.6 step 13.2: the i18n datatype carries both.
	x.directed = true
	x.out.AddLiteral(subject, predicate, value.Str, i18n+tag+"_"+direction.Str, fromDirection, graph)
	return nil
}

func (x *expander) typedObject(value, kind *strictjson.Value, p *property, subject rdfc.Node, predicate string, graph rdfc.Node) error {
	if kind.Kind != strictjson.String {
		return x.refuse("the type of a value must be one string")
	}
	if kind.Str == "@json" {
		return x.json(value, &property{iri: predicate}, subject, graph)
	}
	t := p.ctx.lookup(kind.Str)
	if t != nil && t.scoped != nil {
		return x.refuse("the type " + quote(kind.Str) + " is for objects, not for values")
	}
	datatype := x.vocabulary(kind.Str, t, p.ctx)
	if !goodDatatype(datatype) {
		return x.refuse("the type " + quote(kind.Str) + " is not defined by the contexts")
	}
	switch value.Kind {
	case strictjson.String:
		return x.typed(value.Str, datatype, subject, predicate, graph)
	case strictjson.Bool, strictjson.Number:
		return x.native(value, datatype, subject, predicate, graph)
	}
	return x.refuse("@value must be a string, number or boolean")
}

// goodDatatype refuses what is no IRI, and rdf:langString, which without a
// language would be written as if it were not there.
func goodDatatype(iri string) bool {
	return iri != rdfc.LangString && absolute(iri)
}

// languages writes a language map (API §5.1.2, step 13.7).
func (x *expander) languages(v *strictjson.Value, p *property, subject, graph rdfc.Node) error {
	for i := range v.Kids {
		entry := &v.Kids[i]
		x.push(entry.Name)
		tag, ok := languageTag(entry.Name)
		if !ok && entry.Name != "@none" {
			return x.refuse(quote(entry.Name) + " is not a language tag")
		}
		err := x.each(entry, func(one *strictjson.Value) error {
			switch {
			case one.Kind != strictjson.String:
				return x.refuse("a text in a language map must be a string")
			case tag == "":
				x.out.AddLiteral(subject, p.iri, one.Str, "", fromString, graph)
			default:
				x.out.AddTagged(subject, p.iri, one.Str, tag, graph)
			}
			return nil
		})
		if err != nil {
			return err
		}
		x.pop()
	}
	return nil
}

// graph writes a value of a graph container: a graph of its own, named by a
// blank node (API §5.1.2, step 13.12).
func (x *expander) graph(v *strictjson.Value, p *property, subject, graph rdfc.Node) error {
	if v.Kind != strictjson.Object || v.Get("@value") != nil {
		return x.refuse("only an object can be a graph of its own")
	}
	name, err := x.blank(rdfc.NoPlace)
	if err != nil {
		return err
	}
	before := x.out.Len()
	if _, err := x.node(v, p.ctx, p.name, name); err != nil {
		return err
	}
	if x.out.Len() == before {
		return x.refuse("the object says nothing")
	}
	x.out.Add(subject, p.iri, name, graph)
	return nil
}

// list writes an RDF collection (API §8.7).
func (x *expander) list(v *strictjson.Value, p *property, subject, graph rdfc.Node) error {
	if v.Kind == strictjson.Array && len(v.Kids) == 0 {
		x.out.Add(subject, p.iri, rdfc.CleanIRI(rdfNil), graph)
		return nil
	}
	cell, predicate := subject, p.iri
	err := x.each(v, func(one *strictjson.Value) error {
		next, err := x.blank(rdfc.NoPlace)
		if err != nil {
			return err
		}
		x.out.Add(cell, predicate, next, graph)
		cell, predicate = next, rdfRest
		return x.value(one, p, cell, rdfFirst, graph)
	})
	if err != nil {
		return err
	}
	x.out.Add(cell, rdfRest, rdfc.CleanIRI(rdfNil), graph)
	return nil
}
