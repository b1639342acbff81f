package jsonld

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"hallmark/verifier/strictjson"
)

// seeds are honest documents of every shape that the product meets.
func seeds(t testing.TB) []any {
	var texts [][]byte
	if os.Getenv("HALLMARK_FIXTURES") != "" {
		for _, file := range []string{"examples/examples-ob3-di.json", "examples/examples-status-list.json", "examples/examples-endorsement-di.json",
			"vectors/1edtech-ob30/simple.json", "vectors/1edtech-ob30/simple_v1.json", "vectors/vc-di-eddsa/unsigned.json"} {
			texts = append(texts, fixture(t, file))
		}
	}
	for _, text := range ownSeeds {
		texts = append(texts, []byte(text))
	}
	var out []any
	for _, text := range texts {
		out = append(out, parse(t, text).Any())
	}
	return out
}

var ownSeeds = []string{
	`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json","https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
	"id":"https://example.org/credentials/1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:web:example.org","type":["Profile"],"name":"Org"},
	"validFrom":"2026-01-01T00:00:00Z","name":"Badge","credentialSubject":{"type":["AchievementSubject"],"identifier":[{"type":"IdentityObject","hashed":false,"identityType":"name","identityHash":"Ann"},{"type":"IdentityObject","hashed":false,"identityType":"name","identityHash":"Bob"}],
	"achievement":{"id":"urn:uuid:1","type":["Achievement"],"name":"A","criteria":{"narrative":"do \"it\"\n\twell"},"tag":["x","y","x"],"resultDescription":[{"id":"urn:uuid:2","type":["ResultDescription"],"name":"Score","resultType":"Percent"}]},
	"result":[{"type":["Result"],"resultDescription":"urn:uuid:2","value":"97"},{"type":["Result"],"value":"97"}],"creditsEarned":1.5},
	"credentialSchema":[{"id":"https://example.org/schema.json","type":"1EdTechJsonSchemaValidator2019"}],
	"credentialStatus":{"id":"https://example.org/status/1#4","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"4","statusListCredential":"https://example.org/status/1"}}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2",{"@protected":true,"rank":"https://example.org/v#rank","level":{"@id":"https://example.org/v#level","@type":"http://www.w3.org/2001/XMLSchema#integer"},
	"steps":{"@id":"https://example.org/v#steps","@container":"@list"},"raw":{"@id":"https://example.org/v#raw","@type":"@json"},"titles":{"@id":"https://example.org/v#titles","@container":"@language"},
	"see":{"@id":"https://example.org/v#see","@type":"@id"},"kind":{"@id":"https://example.org/v#kind","@type":"@vocab"},"Thing":{"@id":"https://example.org/v#Thing","@context":{"part":"https://example.org/v#part","note":{"@id":"https://example.org/v#note","@language":"en"}}},
	"box":{"@id":"https://example.org/v#box","@container":"@graph"},"inner":{"@id":"https://example.org/v#inner","@context":{"deep":"https://example.org/v#deep"}}}],
	"id":"urn:uuid:7","type":["VerifiableCredential"],"issuer":"did:key:z6Mk","validFrom":"2026-01-01T00:00:00Z","name":{"@value":"Name","@language":"en-GB"},"description":[{"@value":"نص","@language":"ar","@direction":"rtl"},"x"],
	"credentialSubject":[{"id":"did:example:1","type":"Thing","rank":3,"level":5,"steps":["a",2,{"rank":1}],"raw":{"b":[1,null],"a":"é"},"titles":{"en":"T","de":["U","V"]},"see":["urn:a","urn:b"],"kind":["Thing","urn:k"],"part":{"rank":1},"note":"n","inner":{"deep":true,"rank":2}},{"rank":1e21,"box":{"rank":2},"level":"5"}],
	"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"2026-01-01T00:00:00Z","verificationMethod":"did:key:z6Mk#z6Mk","proofPurpose":"assertionMethod","proofValue":"z1"}}`,
	`{"@context":"https://www.w3.org/ns/credentials/v2","type":"VerifiablePresentation","holder":"did:example:h","verifiableCredential":[{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/undefined-terms/v2"],"id":"urn:uuid:8",
	"type":["VerifiableCredential","Unheard"],"issuer":"did:example:i","credentialSubject":{"unheard":"x","id":"did:example:s"},"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","proofPurpose":"authentication","proofValue":"z2"}}]}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:9","type":["VerifiableCredential","AchievementCredential"],"issuer":{"id":"did:example:i","type":"Profile","address":{"type":"Address","addressLocality":"L","geo":{"type":"GeoCoordinates","latitude":1.25,"longitude":-0.5}}},
	"credentialSubject":{"type":"AchievementSubject","id":"did:example:s","achievement":{"id":"urn:a","type":"Achievement","name":"N","description":"D","criteria":{"id":"urn:c"}}},
	"endorsement":[{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:e","type":["VerifiableCredential","EndorsementCredential"],"issuer":"did:example:j","name":"E","credentialSubject":{"id":"urn:a","type":["EndorsementSubject"],"endorsementComment":"good"},
	"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","proofValue":"z3"}]}]}`,
	`{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context.json","https://w3id.org/security/suites/ed25519-2020/v1"],"id":"urn:uuid:10","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"did:example:i","issuanceDate":"2026-01-01T00:00:00Z","credentialSubject":{"type":"AchievementSubject","achievement":{"id":"urn:a","type":"Achievement","name":"N"}},
	"proof":{"type":"Ed25519Signature2020","created":"2026-01-01T00:00:00Z","proofPurpose":"assertionMethod","verificationMethod":"did:example:i#k","proofValue":"z4"}}`,
	`{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json","https://w3id.org/security/data-integrity/v2"],"id":"urn:uuid:11","type":["VerifiableCredential","OpenBadgeCredential"],"name":"B","issuer":{"id":"did:example:i","type":"Profile","name":"I"},"issuanceDate":"2026-01-01T00:00:00Z","expirationDate":"2027-01-01T00:00:00Z",
	"credentialSubject":{"id":"did:example:s","type":"AchievementSubject","achievement":{"id":"urn:a","type":"Achievement","name":"N","description":"D","criteria":{"narrative":"C"}}},
	"endorsement":[{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],"id":"urn:e1","type":["VerifiableCredential","EndorsementCredential"],"name":"E","issuer":{"id":"did:example:j","type":"Profile"},"issuanceDate":"2026-01-01T00:00:00Z","credentialSubject":{"id":"urn:a","type":"EndorsementSubject","endorsementComment":"ok"}},
	{"@context":["https://www.w3.org/2018/credentials/v1","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],"id":"urn:e2","type":["VerifiableCredential","EndorsementCredential"],"name":"E","issuer":{"id":"did:example:j","type":"Profile"},"issuanceDate":"2026-01-01T00:00:00Z","credentialSubject":{"id":"urn:a","type":"EndorsementSubject"}}],
	"proof":{"type":"DataIntegrityProof","cryptosuite":"ecdsa-rdfc-2019","created":"2026-01-01T00:00:00Z","proofPurpose":"assertionMethod","verificationMethod":"did:example:i#k","proofValue":"z5"}}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2",{"knows":{"@id":"urn:v:knows","@type":"@id"},"peers":{"@id":"urn:v:peers","@container":"@set"},"row":{"@id":"urn:v:row","@container":"@list"},"cell":{"@id":"urn:v:cell","@container":["@graph","@set"]},"n":"urn:v:n"}],"type":"VerifiableCredential","issuer":"did:example:i",
	"credentialSubject":[{"n":1,"peers":[{"n":2},{"n":2},{"n":2}]},{"n":1,"peers":[{"n":2},{"n":2,"knows":{"n":2}}]},{"row":[{"n":3},{"n":3},"x","x"]},{"cell":[{"n":4},{"n":4},{"n":4,"peers":[{"n":4},{"n":4}]}]},{"n":2,"knows":[{"n":2,"knows":{"n":2,"knows":{"n":2}}},{"n":2,"knows":{"n":2,"knows":{"n":2}}}]}]}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"https://example.org/v#","@language":"fr","Outer":{"@id":"urn:v:Outer","@context":{"held":{"@id":"urn:v:held","@context":{"Inner":{"@id":"urn:v:Inner","@context":{"leaf":{"@id":"urn:v:leaf","@type":"http://www.w3.org/2001/XMLSchema#date"}}},"mark":{"@id":"urn:v:mark","@language":"ar"}}}}},"plain":{"@id":"urn:v:plain","@language":null}}],
	"id":"urn:uuid:12","type":["VerifiableCredential","Loose"],"issuer":"did:example:i","credentialSubject":{"type":"Outer","held":{"type":"Inner","leaf":"2026-01-01","mark":"نص","freely":{"nested":["a","b",true,0.5]}},"plain":"p","word":"mot"}}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],"type":"VerifiableCredential","issuer":"did:example:i","credentialSubject":{"texts":["\u0000\u0001\b\t\n\u000b\f\r\u001f","\u007f\u0080\u009f\u00a0","\u2028\u2029\ufeff\ufffd","\"\\'/","e\u0301 \u00e9","😀"],
	"numbers":[0,-1,1.5,-2.25,1e20,1e21,100000000000000000000,0.1,1.5e-9,2.5e300,9007199254740991,true,false],"same":[{"x":1},{"x":1}],"label":{"@value":"x","@language":"sr-Latn-RS"},"way":[{"@value":"x","@direction":"ltr"},{"@value":"y","@language":"he","@direction":"rtl"}],"when":{"@value":"2026-01-01","@type":"http://www.w3.org/2001/XMLSchema#date"}}}`,
	`{"@context":["https://www.w3.org/ns/credentials/v2","https://w3id.org/citizenship/v4rc1"],"type":["VerifiableCredential","EmploymentAuthorizationDocumentCredential"],"issuer":{"id":"did:key:z6Mk","image":"data:image/png;base64,iVBORw0KGgo="},"credentialSubject":{"type":["Person","EmployablePerson"],"givenName":"A","additionalName":"J","birthDate":"1999-07-17","employmentAuthorizationDocument":{"type":"EmploymentAuthorizationDocument","identifier":"83627465","lprCategory":"C09"}}}`,
}

// mutator makes documents out of seeds: most of them wrong, all of them JSON.
type mutator struct {
	*rand.Rand
	seeds []any
	names []string // terms of all embedded contexts
}

func newMutator(t testing.TB, r *rand.Rand) *mutator {
	m := &mutator{Rand: r, seeds: seeds(t)}
	var collect func(v *strictjson.Value)
	collect = func(v *strictjson.Value) {
		for i := range v.Kids {
			if name := v.Kids[i].Name; name != "" && name[0] != '@' {
				m.names = append(m.names, name)
			}
			collect(&v.Kids[i])
		}
	}
	for _, objects := range known() {
		for _, o := range objects {
			collect(o)
		}
	}
	slices.Sort(m.names)
	m.names = slices.Compact(m.names)
	return m
}

func pick[T any](m *mutator, list []T) T { return list[m.IntN(len(list))] }

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	}
	return v
}

func (m *mutator) next() []byte {
	doc := clone(pick(m, m.seeds)).(map[string]any)
	for range m.IntN(4) {
		m.mutate(doc)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return text
}

// places lists the objects of a document, sorted walk so that runs repeat.
func places(v any, inContext bool, out *[]map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		if !inContext {
			*out = append(*out, v)
		}
		for _, k := range sortedKeys(v) {
			if k != "@context" {
				places(v[k], inContext, out)
			}
		}
	case []any:
		for _, e := range v {
			places(e, inContext, out)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (m *mutator) mutate(doc map[string]any) {
	var objects []map[string]any
	places(doc, false, &objects)
	at := pick(m, objects)
	key := ""
	if keys := sortedKeys(at); len(keys) > 0 {
		key = pick(m, keys)
	}
	switch m.IntN(12) {
	case 0:
		delete(at, key)
	case 1:
		at[key] = m.value(2)
	case 2:
		at[m.name()] = m.value(2)
	case 3:
		at[pick(m, m.names)] = m.value(1)
	case 4:
		if v, ok := at[key]; ok {
			delete(at, key)
			at[m.respell(key)] = v
		}
	case 5:
		if v, ok := at[key]; ok && key != "@context" {
			at[key] = []any{v, m.value(1)}
		}
	case 6:
		if v, ok := at[key].([]any); ok && len(v) > 0 {
			at[key] = v[m.IntN(len(v)):]
		} else if ok && key != "@context" {
			at[key] = []any{v}
		}
	case 7:
		m.context(doc)
	case 8:
		at["type"] = m.types()
	case 9:
		if s, ok := at[key].(string); ok {
			at[key] = s + pick(m, []string{" ", "é", "\u007f", "\\", "\"", "\n", "\u0000", "\U0001f600", "\ue000", ">", "#", "%20", "\u00a0"})
		}
	case 10:
		other := pick(m, objects)
		if len(other) < 6 {
			at[key] = clone(other)
		}
	case 11:
		if s, ok := at[key].(string); ok {
			at[key] = m.dress(s)
		}
	}
}

func (m *mutator) name() string {
	return pick(m, []string{"unheard", "Name", "validuntil", "@id", "@type", "@value", "@graph", "@included", "@reverse", "@nest", "@index", "@language", "@list", "@set",
		"@json", "@none", "@foo", "", "id", "type", "https://example.org/x", "urn:x", "_:b", "xsd:x", "cred:x", "https://schema.org/name", "https://www.w3.org/2018/credentials#validUntil",
		"http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "rank", "steps", "raw", "titles", "box", "see", "kind", "inner", "note", "part", "1EdTechRevocationList", "jti", "endorsementJwt"})
}

func (m *mutator) respell(key string) string {
	switch m.IntN(5) {
	case 0:
		return "@" + key
	case 1:
		return strings.ToUpper(key[:min(1, len(key))]) + key[min(1, len(key)):]
	case 2:
		return "https://www.w3.org/2018/credentials#" + key
	case 3:
		return "https://purl.imsglobal.org/spec/vc/ob/vocab.html#" + key
	}
	return m.name()
}

func (m *mutator) types() any {
	list := []any{}
	for range m.IntN(4) {
		list = append(list, pick(m, []string{"VerifiableCredential", "VerifiablePresentation", "OpenBadgeCredential", "AchievementCredential", "AchievementSubject", "Achievement",
			"Profile", "Thing", "DataIntegrityProof", "Address", "Result", "IdentityObject", "BitstringStatusListEntry", "EndorsementCredential", "Evidence", "Image", "unheard", "urn:t", "@json", "_:t", "Ed25519Signature2020", "Alignment"}))
	}
	if len(list) == 1 && m.IntN(2) == 0 {
		return list[0]
	}
	return list
}

func (m *mutator) value(depth int) any {
	if depth > 0 {
		switch m.IntN(9) {
		case 0:
			return []any{m.value(depth - 1), m.value(depth - 1)}
		case 1:
			return map[string]any{m.name(): m.value(depth - 1), pick(m, m.names): m.value(depth - 1)}
		case 2:
			return map[string]any{"id": m.value(0), "type": m.types()}
		case 3:
			return map[string]any{"@value": m.value(depth - 1), pick(m, []string{"@type", "@language", "@direction", "@index", "type", "x"}): m.value(0)}
		case 4:
			return m.dress(pick(m, []string{"x", "5", "5.0E0", "true", "1.5"}))
		}
	}
	return pick(m, []any{"x", "", "urn:x", "https://example.org/a", "did:example:1", "relative/x", "_:b0", "@id", "@foo", "a b", "en", "rtl", "Thing", "xsd:integer", "http://www.w3.org/2001/XMLSchema#double",
		"http://www.w3.org/2001/XMLSchema#integer", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", true, false, nil, []any{}, map[string]any{}, "2026-01-01T00:00:00Z", "urn:a>b", "urn:é", "urn:\u3000",
		json.Number("0"), json.Number("-0"), json.Number("5"), json.Number("-12"), json.Number("1.0"), json.Number("1e2"), json.Number("1.5"), json.Number("0.1"), json.Number("1e-7"), json.Number("1.5e-7"), json.Number("1e21"), json.Number("123456789012345680000"),
		json.Number("0.30000000000000004"), json.Number("5e-324"), json.Number("1.7976931348623157e308"), json.Number("-1e-6"), json.Number("4503599627370497.5"), "\U0001f600", "tab\there"})
}

// dress makes a value object of a string.
func (m *mutator) dress(s string) any {
	out := map[string]any{"@value": s}
	for range 1 + m.IntN(2) {
		switch m.IntN(5) {
		case 0:
			out["@language"] = pick(m, []any{"en", "EN-us", "not a tag", "x-toolongpart", "de-1996", "1a", "", nil, json.Number("1")})
		case 1:
			out["@direction"] = pick(m, []any{"ltr", "rtl", "up", nil})
		case 2:
			out["@type"] = pick(m, []any{"http://www.w3.org/2001/XMLSchema#date", "http://www.w3.org/2001/XMLSchema#double", "http://www.w3.org/2001/XMLSchema#string", "@json", "@id", "Thing", "relative", []any{"urn:t"}, nil})
		case 3:
			out["@value"] = pick(m, []any{true, json.Number("7"), json.Number("7.5"), nil, []any{"x"}, map[string]any{"a": json.Number("1")}, "5.0E0"})
		}
	}
	return out
}

var knownURLs = func() []string {
	urls := []string{"https://example.org/unknown", "https://www.w3.org/ns/credentials/v2#"}
	for url := range knownFiles {
		urls = append(urls, url)
	}
	slices.Sort(urls)
	return urls
}()

// context changes the document's contexts.
func (m *mutator) context(doc map[string]any) {
	list, ok := doc["@context"].([]any)
	if !ok {
		list = []any{doc["@context"]}
	}
	list = slices.Clone(list)
	switch m.IntN(4) {
	case 0:
		list = append(list, pick(m, knownURLs))
	case 1:
		list = append(list, m.definitions())
	case 2:
		list = append([]any{m.definitions()}, list...)
	case 3:
		list[m.IntN(len(list))] = pick(m, knownURLs)
	}
	doc["@context"] = list
}

// definitions makes an inline context.
func (m *mutator) definitions() any {
	out := map[string]any{}
	for range 1 + m.IntN(4) {
		switch m.IntN(8) {
		case 0:
			out[pick(m, []string{"@vocab", "@language", "@protected", "@version", "@base", "@import", "@propagate", "@direction"})] =
				pick(m, []any{"https://example.org/vocab#", "en", true, json.Number("1.1"), nil, "relative", "rtl", ""})
		case 1:
			out[pick(m, m.names)] = m.iri()
		default:
			out[m.name()] = m.definition(2)
		}
	}
	return out
}

func (m *mutator) iri() any {
	return pick(m, []any{"https://example.org/v#rank", "https://example.org/v#new", "https://example.org/v/", "urn:p:", "@id", "@type", "@value", "@json", "rank", "name", "rank:x", "https://schema.org/name", "relative", "", nil, "_:b",
		"https://www.w3.org/2018/credentials#validUntil", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"})
}

func (m *mutator) definition(depth int) any {
	if m.IntN(3) == 0 {
		return m.iri()
	}
	out := map[string]any{"@id": m.iri()}
	if m.IntN(8) == 0 {
		delete(out, "@id")
	}
	for range m.IntN(3) {
		switch m.IntN(7) {
		case 0, 1:
			out["@type"] = pick(m, []any{"@id", "@vocab", "@json", "@none", "urn:datatype", "relative", "xsd:integer", "http://www.w3.org/2001/XMLSchema#double", nil})
		case 2, 3:
			out["@container"] = pick(m, []any{"@list", "@set", "@graph", "@language", []any{"@set"}, []any{"@graph", "@set"}, []any{"@list", "@set"}, "@index", "@id", "@type", []any{}, "x"})
		case 4:
			out[pick(m, []string{"@protected", "@prefix"})] = pick(m, []any{true, false, "x"})
		case 5:
			out["@language"] = pick(m, []any{"en", nil, "bad tag"})
		case 6:
			if depth > 0 {
				out["@context"] = pick(m, []any{nil, "https://www.w3.org/ns/credentials/v2", []any{}, map[string]any{m.name(): m.definition(depth - 1)}, map[string]any{pick(m, m.names): m.definition(depth - 1)}})
			} else {
				out[pick(m, []string{"@reverse", "@nest", "@index", "@direction"})] = "urn:x"
			}
		}
	}
	return out
}
