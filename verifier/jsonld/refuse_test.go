package jsonld

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"hallmark/verifier/rdfc"
	"hallmark/verifier/strictjson"
)

const honest = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:web:example.org","type":["Profile"],"name":"Org"},"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z","name":"Badge",
"credentialSubject":{"id":"urn:uuid:2","type":["AchievementSubject"],"achievement":{"id":"urn:uuid:3","type":["Achievement"],"name":"A","description":"D","criteria":{"narrative":"N"}}}}`

// edit returns the honest document with members set at the top; a nil value
// removes one.
func edit(t testing.TB, members map[string]any) []byte {
	doc := parse(t, []byte(honest)).Any().(map[string]any)
	for name, v := range members {
		if v == nil {
			delete(doc, name)
		} else {
			doc[name] = v
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

type obj = map[string]any
type list = []any

func withContext(extra any) list {
	return list{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", extra}
}

func TestRefusals(t *testing.T) {
	if _, err := canonicalText([]byte(honest)); err != nil {
		t.Fatal(err)
	}
	null := json.RawMessage("null")
	cases := []struct {
		name, pointer, reason string
		members               obj
	}{
		{"undefined term", "/distinction", "not defined", obj{"distinction": "summa"}},
		{"undefined term within", "/evidence/0/grade", "not defined", obj{"evidence": list{obj{"type": "Evidence", "grade": 1}}}},
		{"term of another type", "/achievement", "not defined", obj{"achievement": obj{"name": "x"}}},
		{"other case", "/validuntil", "not defined", obj{"validuntil": "2099-01-01T00:00:00Z"}},
		{"kelvin sign", "/lin\u212a", "not defined", obj{"lin\u212a": "x"}},
		{"undefined type", "/type", "not defined", obj{"type": list{"VerifiableCredential", "Diploma"}}},
		{"relative id", "/id", "absolute", obj{"id": "credentials/1"}},
		{"empty id", "/id", "absolute", obj{"id": ""}},
		{"id with a space", "/id", "absolute", obj{"id": "urn:a b"}},
		{"id with >", "/id", "absolute", obj{"id": "urn:a>b"}},
		{"id with a backslash", "/id", "absolute", obj{"id": `urn:a\b`}},
		{"id with a wide space", "/id", "absolute", obj{"id": "urn:a\u3000b"}},
		{"blank node id", "/id", "absolute", obj{"id": "_:b0"}},
		{"id not a string", "/id", "string", obj{"id": 1}},
		{"relative issuer", "/issuer", "absolute", obj{"issuer": "example.org"}},
		{"relative evidence id", "/evidence/0/id", "absolute", obj{"evidence": list{obj{"id": "evidence/1", "type": "Evidence"}}}},
		{"blank type", "/type", "not defined", obj{"type": list{"VerifiableCredential", "_:t"}}},
		{"null", "/name", "null", obj{"name": null}},
		{"null in an array", "/name/1", "null", obj{"name": list{"x", null}}},
		{"empty array", "/evidence", "empty", obj{"evidence": list{}}},
		{"no types", "/issuer/type", "empty", obj{"issuer": obj{"id": "did:web:example.org", "type": list{}}}},
		{"nested array", "/name/0", "array within", obj{"name": list{list{"x"}}}},
		{"@graph", "/@graph", "not supported", obj{"@graph": list{obj{"name": "x"}}}},
		{"@included", "/@included", "not supported", obj{"@included": list{obj{"name": "x"}}}},
		{"@reverse", "/@reverse", "not supported", obj{"@reverse": obj{"name": "x"}}},
		{"@nest", "/@nest", "not supported", obj{"@nest": obj{"name": "x"}}},
		{"@index", "/@index", "not supported", obj{"@index": "x"}},
		{"@list", "/name/@list", "not supported", obj{"name": obj{"@list": list{"x"}}}},
		{"@set", "/name/@set", "not supported", obj{"name": obj{"@set": list{"x"}}}},
		{"unknown keyword", "/@foo", "not supported", obj{"@foo": "x"}},
		{"@value at the top", "/@value", "not supported", obj{"@value": "x"}},
		{"@index beside @value", "/name/@index", "not supported", obj{"name": obj{"@value": "x", "@index": "y"}}},
		{"term beside @value", "/name/name", "not supported", obj{"name": obj{"@value": "x", "name": "y"}}},
		{"language that is none", "/name", "language tag", obj{"name": obj{"@value": "x", "@language": "not a tag"}}},
		{"direction that is none", "/name", "ltr", obj{"name": obj{"@value": "x", "@direction": "up"}}},
		{"two kinds of value", "/name", "not both", obj{"name": obj{"@value": "x", "@type": "urn:t", "@language": "en"}}},
		{"language without text", "/name", "@value", obj{"name": obj{"@value": obj{}, "@language": "en"}}},
		{"rdf:langString", "/name", "not defined", obj{"name": obj{"@value": "x", "@type": rdfc.LangString}}},
		{"tiny number", "/name", "1e-7", obj{"name": json.Number("1e-7")}},
		{"number of 17 digits", "/name", "0.30000000000000004", obj{"name": json.Number("0.30000000000000004")}},
		{"integer beyond 2^53", "/name", "123456789012345680000", obj{"name": json.Number("123456789012345680000")}},
		{"said twice in two ways", "", "twice", obj{"name": list{json.Number("5"), obj{"@value": "5", "@type": "http://www.w3.org/2001/XMLSchema#integer"}}}},
		{"two directions", "", "twice", obj{"name": list{"x", obj{"@value": "x", "@direction": "rtl"}}}},
		{"term of the type above", "/credentialSubject/achievement/licenseNumber", "not defined", obj{"credentialSubject": obj{"type": "AchievementSubject", "licenseNumber": "1", "achievement": obj{"id": "urn:a", "licenseNumber": "1"}}}},
		{"proof that is no object", "/proof", "graph", obj{"proof": "urn:x"}},
		{"proof that says nothing", "/proof", "nothing", obj{"proof": obj{"id": "urn:x"}}},
		{"no context", "", "@context", obj{"@context": nil}},
		{"null context", "/@context", "null", obj{"@context": withContext(null)}},
		{"number as context", "/@context", "neither", obj{"@context": json.Number("1")}},
		{"unknown context", "/@context", "https://evil.example/", obj{"@context": withContext("https://evil.example/")}},
		{"almost a known context", "/@context", "v2/", obj{"@context": withContext("https://www.w3.org/ns/credentials/v2/")}},
		{"protected term", "/@context", `"name"`, obj{"@context": withContext(obj{"name": "https://example.org/name"})}},
		{"protected type", "/@context", `"VerifiableCredential"`, obj{"@context": withContext(obj{"VerifiableCredential": "urn:x"})}},
		{"protected term by a type", "", "protected", obj{"type": list{"VerifiableCredential", "X"}, "@context": withContext(obj{"X": obj{"@id": "urn:X", "@context": obj{"issuer": "urn:y"}}})}},
		{"@import", "/@context", "@import", obj{"@context": withContext(obj{"@import": "https://www.w3.org/ns/credentials/v2"})}},
		{"@base", "/@context", "@base", obj{"@context": withContext(obj{"@base": "https://example.org/"})}},
		{"@propagate", "/@context", "@propagate", obj{"@context": withContext(obj{"@propagate": false})}},
		{"relative @vocab", "/@context", "@vocab", obj{"@context": withContext(obj{"@vocab": ""})}},
		{"null @vocab", "/@context", "@vocab", obj{"@context": withContext(obj{"@vocab": null})}},
		{"@version 1.0", "/@context", "@version", obj{"@context": withContext(obj{"@version": json.Number("1.0")})}},
		{"@reverse term", "/@context", "@reverse", obj{"@context": withContext(obj{"x": obj{"@reverse": "urn:x"}})}},
		{"@nest term", "/@context", "@nest", obj{"@context": withContext(obj{"x": obj{"@id": "urn:x", "@nest": "name"}})}},
		{"@index term", "/@context", "@container", obj{"@context": withContext(obj{"x": obj{"@id": "urn:x", "@container": "@index"}})}},
		{"term for @graph", "/@context", "@graph", obj{"@context": withContext(obj{"x": "@graph"})}},
		{"term for @type", "/@context", "@type", obj{"@context": withContext(obj{"kind": "@type"})}},
		{"term for @id", "/@context", "@id", obj{"@context": withContext(obj{"uri": "@id"})}},
		{"term for rdf:type", "/@context", "usable", obj{"@context": withContext(obj{"kind": rdfType})}},
		{"term for a blank node", "/@context", "_:x", obj{"@context": withContext(obj{"x": "_:x"})}},
		{"term that is null", "/@context", "no meaning", obj{"@context": withContext(obj{"x": null})}},
		{"term that is an IRI", "/@context", "must not define", obj{"@context": withContext(obj{"https://example.org/x": "https://example.org/y"})}},
		{"keyword as term", "/@context", "@id", obj{"@context": withContext(obj{"@id": "urn:x"})}},
		{"term by itself", "/@context", "itself", obj{"@context": withContext(obj{"a": "b:x", "b": "a:x"})}},
		{"bad context that is not used", "/@context", "reserved", obj{"@context": withContext(obj{"X": obj{"@id": "urn:X", "@context": obj{"y": "@foo"}}})}},
		{"null context in a term", "/@context", "null", obj{"@context": withContext(obj{"x": obj{"@id": "urn:x", "@context": null}})}},
		// What is signed must be found under its usual name.
		{"IRI instead of a term", "/https:~1~1www.w3.org~12018~1credentials#validUntil", `"validUntil"`,
			obj{"validUntil": nil, "https://www.w3.org/2018/credentials#validUntil": obj{"@value": "2027-01-01T00:00:00Z", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}}},
		{"another name for a term", "/until", `"validUntil"`, obj{"validUntil": nil, "until": "2027-01-01T00:00:00Z",
			"@context": withContext(obj{"until": obj{"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}})}},
		{"prefix for a term", "/c:validUntil", `"validUntil"`, obj{"validUntil": nil, "@context": withContext(obj{"c": "https://www.w3.org/2018/credentials#"}),
			"c:validUntil": obj{"@value": "2027-01-01T00:00:00Z", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}}},
		{"@type for type", "/@type", `"type"`, obj{"type": nil, "@type": list{"VerifiableCredential", "OpenBadgeCredential"}}},
		{"class as a property", "/credentialSubject/achievement/Criteria", `"criteria"`, obj{"credentialSubject": obj{"type": "AchievementSubject", "achievement": obj{"type": "Achievement", "Criteria": obj{"narrative": "N"}}}}},
		{"IRI instead of a type", "/type", `"AchievementCredential"`, obj{"type": list{"VerifiableCredential", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"}}},
		{"another name for a type", "/type", `"AchievementCredential"`, obj{"type": list{"VerifiableCredential", "Diploma"}, "@context": withContext(obj{"Diploma": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"})}},
		{"@id for id", "/@id", `"id"`, obj{"id": nil, "@id": "urn:uuid:1"}},
		{"id by prefix", "/id", "prefix", obj{"id": "c:x", "@context": withContext(obj{"c": "https://example.org/"})}},
		{"rdf:type as property", "/http:~1~1www.w3.org~11999~102~122-rdf-syntax-ns#type", "type", obj{rdfType: "urn:x"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc := edit(t, c.members)
			_, err := Canonicalize(parse(t, doc), Options{})
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("%s: %v", doc, err)
			}
			if refused.Pointer != c.pointer || !strings.Contains(refused.Reason, c.reason) {
				t.Errorf("at %q: %s", refused.Pointer, refused.Reason)
			}
		})
	}
}

// TestSwappedNames: the context of Open Badges 3.0.0 protects nothing, so a
// later context may redefine its terms, but not to swap what was signed.
func TestSwappedNames(t *testing.T) {
	const text = `","@type":"https://www.w3.org/2001/XMLSchema#string"}`
	swapped := `{"name":{"@id":"https://schema.org/description` + text + `,"description":{"@id":"https://schema.org/name` + text + `}`
	doc := `{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context.json",` + swapped + `],
		"id":"urn:1","type":["VerifiableCredential"],"name":"x","description":"y"}`
	if out, err := canonicalText([]byte(doc)); err == nil {
		t.Errorf("accepted as %s", out)
	}
}

func TestNotAnObject(t *testing.T) {
	for _, doc := range []string{`[]`, `"x"`, `null`, `1`, `[{"@context":"https://www.w3.org/ns/credentials/v2","name":"x"}]`, `{"@context":"https://www.w3.org/ns/credentials/v2"}`,
		`{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:x"}`} {
		var refused *Error
		if _, err := Canonicalize(parse(t, []byte(doc)), Options{}); !errors.As(err, &refused) {
			t.Errorf("%s: %v", doc, err)
		}
	}
	if err := ToRDF(nil, Options{}, new(rdfc.Dataset)); err == nil {
		t.Error("nil accepted")
	}
}

// TestEveryByteIsSigned: whatever is changed in a badge, added to it or taken
// from it, the document is refused or its canonical form is another.
func TestEveryByteIsSigned(t *testing.T) {
	genuine := parse(t, []byte(honest)).Any()
	before, err := canonicalText([]byte(honest))
	if err != nil {
		t.Fatal(err)
	}
	terms := newMutator(t, nil).names
	tried, accepted := 0, 0
	check := func(doc any, what string) {
		t.Helper()
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		tried++
		after, err := canonicalText(text)
		if err == nil {
			accepted++
		}
		if err == nil && after == before {
			t.Errorf("%s: not noticed in %s", what, text)
		}
	}
	var count []obj
	places(genuine, false, &count)
	for i := range count {
		at := func(change func(obj)) any {
			doc := clone(genuine)
			var objects []obj
			places(doc, false, &objects)
			change(objects[i])
			return doc
		}
		for _, key := range sortedKeys(count[i]) {
			if key == "@context" {
				continue
			}
			check(at(func(o obj) { delete(o, key) }), "without "+key)
			for _, name := range []string{strings.ToUpper(key), strings.ToUpper(key[:1]) + key[1:], "@" + key, key + "\u0000", " " + key} {
				if name != key {
					check(at(func(o obj) { o[name] = o[key]; delete(o, key) }), key+" as "+name)
					check(at(func(o obj) { o[name] = o[key] }), key+" also as "+name)
				}
			}
			for _, v := range []any{"x", nil, true, json.Number("1"), obj{}, obj{"id": "urn:x"}, list{}, list{"x", "y"}} {
				check(at(func(o obj) { o[key] = v }), key+" changed")
			}
			if s, ok := count[i][key].(string); ok {
				for _, v := range []string{s + " ", s + "\u200b", strings.ToUpper(s) + "X", s + "\u0000", s[1:]} {
					check(at(func(o obj) { o[key] = v }), key+" changed")
				}
			}
		}
		for _, name := range append(slices.Clone(terms), "unheard", "urn:x", "@index", "@foo") {
			if _, there := count[i][name]; there {
				continue
			}
			for _, v := range []any{"x", "urn:x", nil, list{}, obj{}, obj{"id": "urn:x"}, obj{"type": "Profile"}, false} {
				check(at(func(o obj) { o[name] = v }), "with "+name)
			}
		}
	}
	if tried < 5000 || accepted < 200 {
		t.Errorf("%d changes, %d of them accepted", tried, accepted)
	}
}

// TestSkip: the skipped member is not read, and nothing else is skipped.
func TestSkip(t *testing.T) {
	signed := edit(t, obj{"proof": obj{"unheard": 1}})
	with, err := Canonicalize(parse(t, signed), Options{Skip: "proof"})
	if err != nil {
		t.Fatal(err)
	}
	without, err := Canonicalize(parse(t, []byte(honest)), Options{})
	if err != nil || string(with) != string(without) {
		t.Errorf("%s\n%s %v", with, without, err)
	}
	if _, err := Canonicalize(parse(t, signed), Options{}); err == nil {
		t.Error("the proof was not read")
	}
	context := &strictjson.Value{Kind: strictjson.String, Str: "https://www.w3.org/2018/credentials/v1"}
	if _, err := Canonicalize(parse(t, []byte(honest)), Options{Context: context}); err == nil {
		t.Error("the given context was not used")
	}
}

func FuzzToRDF(f *testing.F) {
	f.Add([]byte(honest))
	for _, doc := range corners(f) {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := strictjson.Parse(text)
		if err != nil {
			return
		}
		before := string(doc.Append(nil))
		out, err := Canonicalize(doc, Options{})
		if after := string(doc.Append(nil)); after != before {
			t.Fatalf("the document was changed to %s", after)
		}
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) && !errors.Is(err, rdfc.ErrTooComplex) {
				t.Fatal(err)
			}
			return
		}
		d, err := rdfc.ParseNQuads(out)
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		again, err := d.Canonicalize(rdfc.Limits{})
		if err != nil || string(again) != string(out) {
			t.Fatalf("%v\n%s\nbecomes\n%s", err, out, again)
		}
	})
}
