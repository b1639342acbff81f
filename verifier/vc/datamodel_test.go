package vc_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hallmark/verifier/vc"
)

// The statements of VC Data Model 2.0 that can be tested on a document, by
// section, in the shapes in which conformance suites try them: every value of a
// member that must be taken, and every one that must not. The values are JSON;
// where a finding is enough (the meaning is plain), the case stands in findings.
var dataModel = []statements{
	{"4.3", "@context",
		[]string{`["https://www.w3.org/ns/credentials/v2"]`, `["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"]`,
			`["https://www.w3.org/ns/credentials/v2",{"a":"https://example.org/a"}]`, `["https://www.w3.org/ns/credentials/v2",{"a":"https://example.org/a"},"https://example.org/c"]`, `["https://www.w3.org/ns/credentials/v2","urn:example:context"]`},
		[]string{`"https://www.w3.org/ns/credentials/v2"`},
		[]string{`-`, `null`, `""`, `[]`, `{}`, `7`, `true`, `[null]`, `[[]]`, `"https://www.w3.org/ns/credentials"`, `"http://www.w3.org/ns/credentials/v2"`, `["https://www.w3.org/ns/credentials/v2/"]`, `["https://www.w3.org/ns/credentials/V2"]`,
			`["https://www.w3.org/ns/credentials/v2#"]`, `[{"a":"https://example.org/a"},"https://www.w3.org/ns/credentials/v2"]`, `["https://www.w3.org/ns/credentials/examples/v2","https://www.w3.org/ns/credentials/v2"]`,
			`[["https://www.w3.org/ns/credentials/v2"]]`, `["https://www.w3.org/ns/credentials/v2",123192875]`, `["https://www.w3.org/ns/credentials/v2","https ://not-a-url/contexts/example/v1"]`, `["https://www.w3.org/ns/credentials/v2",null]`,
			`["https://www.w3.org/ns/credentials/v2",true]`, `["https://www.w3.org/ns/credentials/v2",[]]`, `["https://www.w3.org/ns/credentials/v2",""]`, `["https://www.w3.org/ns/credentials/v2","examples/v2"]`, `["https://www.w3.org/ns/credentials/v2","/v2"]`,
			`["https://www.w3.org/2018/credentials/v1","https://www.w3.org/ns/credentials/v2"]`}},
	{"4.4", "id",
		[]string{`-`, `"urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11"`, `"http://university.example/credentials/3732"`, `"did:key:z6Mk"`, `"https://example.org/?q=a%20b#c"`, `"https://example.org/ä"`, `"tag:example.org,2026:x"`}, nil,
		[]string{`null`, `""`, `[]`, `{}`, `7`, `false`, `"not-a-url"`, `"/relative"`, `"//example.org/x"`, `"?q"`, `"#f"`, `":"`, `"https:"`, `"https://"`, `"https:///x"`, `"HTTP://?q"`, `"http://#f"`, `"https://:443/"`, `"https:example.org"`, `"1https://example.org"`, `" https://example.org"`, `"https://example.org "`, `"https://exa mple.org"`, `"https://example.org/\n"`, `"https://example.org/<a>"`,
			`["https://example.org/1"]`, `["https://example.org/1","https://example.org/2"]`, `{"id":"https://example.org/1"}`}},
	{"4.5", "type",
		[]string{`["VerifiableCredential"]`, `"VerifiableCredential"`, `["VerifiableCredential","https://example.org/types#A"]`, `["https://example.org/types#A","VerifiableCredential"]`, `["A","VerifiableCredential","B"]`}, nil,
		[]string{`-`, `null`, `""`, `[]`, `{}`, `7`, `[""]`, `["A"]`, `"A"`, `["verifiablecredential"]`, `["VerifiableCredential",null]`, `["VerifiableCredential",""]`, `["VerifiableCredential",7]`, `["VerifiableCredential",["A"]]`, `["VerifiableCredential",{}]`, `["VerifiablePresentation"]`, `["VerifiableCredential "]`}},
	{"4.6", "name", texts, nil, noTexts},
	{"4.6", "description", texts, nil, noTexts},
	{"4.7", "issuer",
		[]string{`"did:web:example.org"`, `"https://example.org/issuer"`, `{"id":"did:web:example.org"}`, `{"id":"https://example.org/i","name":"N","description":{"@value":"D","@language":"en"},"x":[]}`, `{"id":"https://example.org/i","name":[{"@value":"N","@language":"en"},{"@value":"M","@language":"de"}]}`}, nil,
		[]string{`-`, `null`, `""`, `[]`, `{}`, `7`, `true`, `"not-a-url"`, `["did:web:example.org"]`, `["did:web:example.org","did:web:example.com"]`, `[{"id":"did:web:example.org"}]`, `{"name":"N"}`, `{"id":null}`, `{"id":""}`, `{"id":"not-a-url"}`, `{"id":7}`, `{"id":["did:web:example.org"]}`, `{"id":{"id":"did:web:example.org"}}`, `{"ID":"did:web:example.org"}`,
			`{"id":"https://example.org/i","name":{"@value":"N","url":"https://example.org"}}`, `{"id":"https://example.org/i","description":{"@value":"N","url":"https://example.org"}}`, `{"id":"https://example.org/i","name":7}`}},
	{"4.8", "credentialSubject",
		[]string{`{"id":"did:key:z6Mk"}`, `{"name":"A"}`, `[{"id":"urn:a:1"},{"name":"B"}]`, `{"id":"https://example.org/a","spouse":{"id":"did:key:z"}}`}, nil,
		[]string{`-`, `null`, `""`, `[]`, `{}`, `7`, `true`, `"did:key:z6Mk"`, `[{}]`, `[{"id":"urn:a:1"},{}]`, `[{"id":"urn:a:1"},null]`, `[{"id":"urn:a:1"},"did:key:z"]`, `[[{"id":"urn:a:1"}]]`, `{"id":null}`, `{"id":""}`, `{"id":7}`, `{"id":"not-a-url"}`, `{"id":["did:key:z","did:key:y"]}`, `{"id":{}}`}},
	{"4.9", "validFrom", times, zoneless, noTimes},
	{"4.9", "validUntil", times, zoneless, noTimes},
	{"4.10", "credentialStatus", append([]string{`[{"type":"A"},{"id":"urn:s:1","type":"B"}]`}, typed...), nil, untyped},
	{"4.11", "credentialSchema",
		[]string{`-`, `{"id":"https://example.org/s","type":"JsonSchema"}`, `[{"id":"https://example.org/s","type":"JsonSchema"},{"id":"https://example.org/t","type":["JsonSchemaCredential"]}]`}, nil,
		append([]string{`{"type":"JsonSchema"}`, `{"id":"","type":"JsonSchema"}`, `[{"id":"https://example.org/s","type":"JsonSchema"},{"id":"https://example.org/t"}]`, `[{"id":"https://example.org/s","type":"JsonSchema"},{"type":"JsonSchema"}]`}, untyped...)},
	{"5.4", "refreshService", typed, nil, untyped},
	{"5.5", "termsOfUse", append([]string{`[{"type":"IssuerPolicy"},{"type":"IssuerPolicy"}]`}, typed...), nil, untyped},
	{"5.6", "evidence", append([]string{`[{"type":"Evidence"},{"type":["Evidence","B"]}]`}, typed...), nil, untyped},
	{"5.10", "confidenceMethod", typed, nil, untyped},
	{"5.10", "renderMethod", typed, nil, untyped},
	{"5.3", "relatedResource",
		[]string{`-`, `{"id":"https://example.org/r","digestSRI":"sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"}`, `[{"id":"https://example.org/r","digestMultibase":"uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"},{"id":"https://example.org/s","digestSRI":"sha256-x"}]`,
			`{"id":"https://example.org/r","digestSRI":"sha256-x","digestMultibase":"uEiB","mediaType":"image/png"}`}, nil,
		[]string{`null`, `""`, `7`, `{}`, `[{}]`, `"https://example.org/r"`, `["https://example.org/r"]`, `{"digestSRI":"sha256-x"}`, `{"id":"https://example.org/r"}`, `{"id":"https://example.org/r","digestSRI":""}`, `{"id":"https://example.org/r","digestSRI":null}`, `{"id":"https://example.org/r","digestSRI":7}`, `{"id":"https://example.org/r","digestMultibase":{}}`,
			`{"id":"not-a-url","digestSRI":"sha256-x"}`, `{"id":["https://example.org/r"],"digestSRI":"sha256-x"}`, `{"id":null,"digestSRI":"sha256-x"}`,
			`[{"id":"https://example.org/r","digestSRI":"sha256-x"},{"id":"https://example.org/s"}]`, `[{"id":"https://example.org/r","digestSRI":"sha256-x"},{"id":"https://example.org/r","digestMultibase":"uEiB"}]`}},
}

type statements struct {
	section, member string
	good, findings  []string
	bad             []string
}

var (
	// §4.6 and §11.1.
	texts = []string{`-`, `"N"`, `""`, `{"@value":"N"}`, `{"@value":"N","@language":"en"}`, `{"@value":"N","@language":"ar","@direction":"rtl"}`, `{"@value":"N","@language":"en-GB","@direction":"ltr"}`, `[{"@value":"N","@language":"en"},{"@value":"M","@language":"fr"}]`}
	// An array of texts without language has no meaning in §11.1.
	noTexts = []string{`null`, `7`, `true`, `{}`, `[7]`, `[null]`, `[[]]`, `{"@language":"en"}`, `{"@value":7}`, `{"@value":null}`, `{"@value":["N"]}`, `{"@value":{}}`, `{"@value":"N","@language":7}`, `{"@value":"N","@language":null}`, `{"@value":"N","@language":["en"]}`, `{"@value":"N","@direction":"up"}`, `{"@value":"N","@direction":null}`, `{"@value":"N","@type":"xsd:string"}`,
		`{"@value":"N","@language":"en","url":"did:example:1"}`, `{"@value":"N","@index":"a"}`, `{"value":"N"}`, `[{"@value":"N","@language":"en"},{"@value":"M","url":"x"}]`, `{"@value":"N","@language":"not a language"}`, `{"@value":"N","@language":""}`}
	// §4.9: dateTimeStamp of XML Schema 1.1; years of four digits alone.
	times = []string{`-`, `"2026-11-21T00:00:00Z"`, `"2026-11-21T00:00:00.123456Z"`, `"2026-11-21T09:00:00+09:30"`, `"2026-11-21T09:00:00-14:00"`, `"2026-11-21T09:00:00+14:00"`, `"2026-11-21T24:00:00Z"`, `"2024-02-29T00:00:00Z"`, `"0000-01-01T00:00:00Z"`, `"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, `"2026-11-21T00:00:00-00:00"`}
	// "Times serialised without an offset are to be read as UTC."
	zoneless = []string{`"2026-11-21T00:00:00"`, `"2026-11-21T24:00:00"`}
	noTimes  = []string{`null`, `""`, `[]`, `{}`, `7`, `1795219200`, `["2026-11-21T00:00:00Z"]`, `{"@value":"2026-11-21T00:00:00Z"}`, `"2026"`, `"2026-11-21"`, `"2026-11-21Z"`, `"T00:00:00Z"`, `"2026-11-21T00:00Z"`, `"20261121T000000Z"`, `"2026-11-21 00:00:00Z"`, `"2026-11-21t00:00:00Z"`, `"2026-11-21T00:00:00z"`, `"2026-1-21T00:00:00Z"`, `"2026-13-21T00:00:00Z"`, `"2026-00-21T00:00:00Z"`,
		`"2026-11-31T00:00:00Z"`, `"2026-02-29T00:00:00Z"`, `"2100-02-29T00:00:00Z"`, `"2026-11-21T25:00:00Z"`, `"2026-11-21T24:00:01Z"`, `"2026-11-21T24:00:00.1Z"`, `"2026-11-21T00:60:00Z"`, `"2026-11-21T00:00:60Z"`, `"2016-12-31T23:59:60Z"`, `"2026-11-21T00:00:00,5Z"`, `"2026-11-21T00:00:00.Z"`, `"2026-11-21T00:00:00+14:01"`, `"2026-11-21T00:00:00+15:00"`, `"2026-11-21T00:00:00+01"`, `"2026-11-21T00:00:00+0100"`, `"2026-11-21T00:00:00 Z"`,
		`"2026-11-21T00:00:00ZZ"`, `"2026-11-21T00:00:00UTC"`, `"-2026-11-21T00:00:00Z"`, `"+2026-11-21T00:00:00Z"`, `"12026-11-21T00:00:00Z"`, `"26-11-21T00:00:00Z"`, `"02026-11-21T00:00:00Z"`, `"Sat, 21 Nov 2026 00:00:00 GMT"`, `"2026-W47-6T00:00:00Z"`, `"2026-325T00:00:00Z"`, `"now"`, `"٢٠٢٦-11-21T00:00:00Z"`}
	// Objects of extension points.
	typed   = []string{`-`, `{"type":"A"}`, `{"type":["A","https://example.org/B"],"x":1}`, `{"id":"https://example.org/1","type":"A"}`, `[{"type":"A"}]`}
	untyped = []string{`null`, `""`, `7`, `true`, `{}`, `"https://example.org/1"`, `[null]`, `[{}]`, `[[]]`, `["A"]`, `{"id":"https://example.org/1"}`, `{"id":"https://example.org/1","type":""}`, `{"id":"https://example.org/1","type":null}`, `{"id":"https://example.org/1","type":[]}`, `{"id":"https://example.org/1","type":7}`, `{"id":"https://example.org/1","type":{}}`, `{"id":"https://example.org/1","type":["A",7]}`, `{"id":"https://example.org/1","type":["A",""]}`, `{"id":"https://example.org/1","TYPE":"A"}`,
		`{"id":"not-a-url","type":"A"}`, `{"id":null,"type":"A"}`, `{"id":7,"type":"A"}`, `{"id":["https://example.org/1"],"type":"A"}`, `[{"id":"https://example.org/1","type":"A"},{"id":"https://example.org/2"}]`}
)

// dataModel1 are the same for version 1.1 (§4, §5), where other members say when
// a credential holds and texts may be anything.
func dataModel1() []statements {
	all := []statements{
		{"4.1", "@context", []string{`["https://www.w3.org/2018/credentials/v1"]`, `["https://www.w3.org/2018/credentials/v1","https://www.w3.org/2018/credentials/examples/v1"]`, `["https://www.w3.org/2018/credentials/v1",{"a":"https://example.org/a"}]`},
			[]string{`"https://www.w3.org/2018/credentials/v1"`},
			[]string{`-`, `null`, `[]`, `{}`, `7`, `["https://www.w3.org/2018/credentials/examples/v1","https://www.w3.org/2018/credentials/v1"]`, `["http://www.w3.org/2018/credentials/v1"]`, `["https://www.w3.org/2018/credentials/v1",7]`, `["https://www.w3.org/2018/credentials/v1","v1"]`, `["https://www.w3.org/2018/credentials/v1","https://www.w3.org/ns/credentials/v2"]`}},
		{"4.5", "issuanceDate", times[1:], zoneless, append([]string{`-`}, noTimes...)},
		{"4.6", "expirationDate", []string{`-`, `"2027-11-21T00:00:00Z"`, `"2020-01-01T00:00:00Z"`, `"9999-12-31T24:00:00+14:00"`}, []string{`"2027-11-21T00:00:00"`}, append([]string{`"2019-12-31T23:59:59Z"`, `"0001-01-01T00:00:00Z"`}, noTimes...)},
		{"4", "name", []string{`-`, `"N"`, `7`, `{"en":"N"}`, `{"@value":"N","@language":"en"}`}, nil, nil},
	}
	for _, s := range dataModel {
		switch s.member {
		case "issuer": // its name may be anything
			s.bad = slices.DeleteFunc(slices.Clone(s.bad), func(value string) bool { return strings.Contains(value, `"https://example.org/i"`) })
			all = append(all, s)
		case "id", "type", "credentialSubject", "credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence":
			all = append(all, s)
		}
	}
	return all
}

// TestDataModel: 0 wrongly taken, 0 wrongly refused.
func TestDataModel(t *testing.T) {
	cases := 0
	for version, table := range map[int][]statements{2: dataModel, 1: dataModel1()} {
		for _, s := range table {
			for want, values := range map[string][]string{"good": s.good, "a finding": s.findings, "bad": s.bad} {
				for _, value := range values {
					cases++
					got, where := judged(t, version, s.member, value)
					if got != want || got == "bad" && !strings.HasPrefix(where, "/"+s.member) {
						t.Errorf("%d §%s %s: %s is %s at %q, want %s", version, s.section, s.member, value, got, where, want)
					}
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

// judged reads a credential with one member changed, and gives where the worst
// of its problems is.
func judged(t *testing.T, version int, member, value string) (got, where string) {
	t.Helper()
	raw, err := json.Marshal(base(version))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if m[member] = json.RawMessage(value); value == "-" {
		delete(m, member)
	}
	if raw, err = json.Marshal(m); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	_, problems, err := vc.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if p := vc.Fatal(problems); p != nil {
		return "bad", p.Pointer
	}
	if len(problems) > 0 {
		return "a finding", problems[0].Pointer
	}
	return "good", ""
}
