package vc_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

func base(version int) map[string]any {
	c := map[string]any{"@context": []any{vc.ContextV2}, "type": []any{"VerifiableCredential"}, "issuer": "did:web:example.org", "credentialSubject": map[string]any{"id": "urn:uuid:1"}}
	if version == 1 {
		c["@context"], c["issuanceDate"] = []any{vc.ContextV1}, "2020-01-01T00:00:00Z"
	}
	return c
}

// Each case changes one member of a good credential ("-" removes it). want is
// the pointer of the fatal problem, "" for none, or "~" and the pointer of a
// finding that decides nothing.
func TestRules(t *testing.T) {
	object := func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	for _, tt := range []struct {
		name    string
		version int
		member  string
		value   any
		want    string
	}{
		{"as it is", 2, "id", "urn:uuid:2", ""},
		{"as it is, 1.1", 1, "id", "urn:uuid:2", ""},
		// §4.3
		{"no context", 2, "@context", "-", "/@context"},
		{"context one text", 2, "@context", vc.ContextV2, "~/@context"},
		{"context other first", 2, "@context", []any{"https://example.org", vc.ContextV2}, "/@context"},
		{"context empty", 2, "@context", []any{}, "/@context"},
		{"context both versions", 2, "@context", []any{vc.ContextV2, vc.ContextV1}, "/@context/1"},
		{"context number", 2, "@context", []any{vc.ContextV2, 7}, "/@context/1"},
		{"context no address", 2, "@context", []any{vc.ContextV2, "here"}, "/@context/1"},
		{"context null", 2, "@context", []any{vc.ContextV2, nil}, "/@context/1"},
		{"context inline", 2, "@context", []any{vc.ContextV2, map[string]any{}}, ""},
		// §4.4
		{"id no URL", 2, "id", "abc", "/id"},
		{"id with blank", 2, "id", "urn:a b", "/id"},
		{"id several", 2, "id", []any{"urn:a:1", "urn:b:2"}, "/id"},
		{"id null", 2, "id", nil, "/id"},
		{"id number", 2, "id", 1, "/id"},
		// §4.5
		{"no type", 2, "type", "-", "/type"},
		{"type of something else", 2, "type", []any{"Thing"}, "/type"},
		{"type one text", 2, "type", "VerifiableCredential", ""},
		{"type number", 2, "type", []any{"VerifiableCredential", 1}, "/type"},
		{"type other case", 2, "type", []any{"verifiableCredential"}, "/type"},
		// §4.6, §11.1
		{"name plain", 2, "name", "N", ""},
		{"name in a language", 2, "name", object("@value", "N", "@language", "en", "@direction", "ltr"), ""},
		{"name in several", 2, "name", []any{object("@value", "N", "@language", "en"), object("@value", "M", "@language", "de")}, ""},
		{"name with more", 2, "name", object("@value", "N", "url", "x"), "/name"},
		{"name without value", 2, "name", object("@language", "en"), "/name"},
		{"name number", 2, "name", 1, "/name"},
		{"description odd direction", 2, "description", object("@value", "N", "@direction", "up"), "/description"},
		// §4.7
		{"no issuer", 2, "issuer", "-", "/issuer"},
		{"issuer no URL", 2, "issuer", "me", "/issuer"},
		{"issuer object", 2, "issuer", object("id", "did:web:example.org", "name", "N"), ""},
		{"issuer object without id", 2, "issuer", object("name", "N"), "/issuer"},
		{"issuer list", 2, "issuer", []any{"did:web:example.org"}, "/issuer"},
		{"issuer name odd", 2, "issuer", object("id", "did:web:example.org", "name", 4), "/issuer/name"},
		// §4.8
		{"no subject", 2, "credentialSubject", "-", "/credentialSubject"},
		{"subject empty", 2, "credentialSubject", object(), "/credentialSubject"},
		{"subject none", 2, "credentialSubject", []any{}, "/credentialSubject"},
		{"subject text", 2, "credentialSubject", "did:key:z", "/credentialSubject"},
		{"subject one empty", 2, "credentialSubject", []any{object("id", "urn:a:1"), object()}, "/credentialSubject"},
		{"subject id no URL", 2, "credentialSubject", object("id", "x"), "/credentialSubject/id"},
		{"subjects", 2, "credentialSubject", []any{object("id", "urn:a:1"), object("id", "urn:a:2")}, ""},
		// §4.9
		{"from", 2, "validFrom", "2026-11-21T00:00:00+01:00", ""},
		{"from no date", 2, "validFrom", "yesterday", "/validFrom"},
		{"from number", 2, "validFrom", 7, "/validFrom"},
		{"from no zone", 2, "validFrom", "2026-11-21T00:00:00", "~/validFrom"},
		{"1.1 no date", 1, "issuanceDate", "-", "/issuanceDate"},
		{"1.1 ends before", 1, "expirationDate", "2019-01-01T00:00:00Z", "/expirationDate"},
		// §4.10
		{"status", 2, "credentialStatus", object("id", "https://example.org/s#1", "type", "X"), ""},
		{"status no type", 2, "credentialStatus", object("id", "https://example.org/s#1"), "/credentialStatus/0"},
		{"status id no URL", 2, "credentialStatus", object("id", "1", "type", "X"), "/credentialStatus/0/id"},
		{"status text", 2, "credentialStatus", "https://example.org/s#1", "/credentialStatus/0"},
		{"status second bad", 2, "credentialStatus", []any{object("type", "X"), object()}, "/credentialStatus/1"},
		{"status index number", 2, "credentialStatus", object("type", "X", "statusListIndex", 5), "~/credentialStatus/0/statusListIndex"},
		// §4.11, §5
		{"schema", 2, "credentialSchema", object("id", "https://example.org/s", "type", "JsonSchema"), ""},
		{"schema no id", 2, "credentialSchema", object("type", "JsonSchema"), "/credentialSchema/0"},
		{"schema no type", 2, "credentialSchema", object("id", "https://example.org/s"), "/credentialSchema/0"},
		{"refresh no type", 2, "refreshService", object("id", "https://example.org/r"), "/refreshService/0"},
		{"terms no type", 2, "termsOfUse", []any{object("id", "https://example.org/r")}, "/termsOfUse/0"},
		{"evidence no type", 2, "evidence", []any{object("name", "E")}, "/evidence/0"},
		{"related", 2, "relatedResource", []any{object("id", "https://example.org/r", "digestSRI", "sha384-x")}, ""},
		{"related no digest", 2, "relatedResource", []any{object("id", "https://example.org/r")}, "/relatedResource/0"},
		{"related twice", 2, "relatedResource", []any{object("id", "urn:r:1", "digestSRI", "x"), object("id", "urn:r:1", "digestMultibase", "x")}, "/relatedResource/1/id"},
	} {
		m := base(tt.version)
		if tt.value == "-" {
			delete(m, tt.member)
		} else {
			m[tt.member] = tt.value
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		c, problems, err := vc.Parse(raw)
		if err != nil || string(c.Raw) != string(raw) {
			t.Fatal(err)
		}
		got := ""
		if fatal := vc.Fatal(problems); fatal != nil {
			got = fatal.Pointer
		} else if len(problems) > 0 {
			got = "~" + problems[0].Pointer
		}
		if got != tt.want {
			t.Errorf("%s: %q; want %q (%v)", tt.name, got, tt.want, problems)
		}
	}
}

func TestMembers(t *testing.T) {
	c, problems, err := vc.Parse([]byte(`{"@context":["` + vc.ContextV2 + `"],"id":"urn:uuid:1","type":["VerifiableCredential","X"],
		"name":[{"@value":"Nom","@language":"fr"}],"issuer":{"id":"did:web:example.org","name":"Academy"},
		"validFrom":"2026-11-21T00:00:00Z","validUntil":"2027-11-21T00:00:00Z","credentialSubject":[{"id":"urn:a:1"},{"id":"urn:a:2"}],
		"credentialStatus":[{"id":"https://example.org/s#7","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://example.org/s"},
			{"type":["Other"],"statusSize":2},{"type":"Third","statusSize":"2"}],
		"refreshService":{"id":"https://example.org/r","type":"R"},"credentialSchema":[{"id":"https://example.org/j","type":"J"}]}`))
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if c.Version != 2 || c.ID != "urn:uuid:1" || !c.Has("X") || c.Has("x") || c.Name() != "Nom" || c.Issuer.ID != "did:web:example.org" || c.Issuer.Name != "Academy" || len(c.Subjects) != 2 {
		t.Errorf("%+v", c)
	}
	if !c.ValidUntil.Equal(time.Date(2027, 11, 21, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("valid until %v", c.ValidUntil)
	}
	var sizes []int
	for _, e := range c.Status {
		sizes = append(sizes, e.Size)
	}
	if e := c.Status[0]; e.Index != "7" || e.Purpose != "revocation" || e.List != "https://example.org/s" || !slices.Equal(sizes, []int{1, 2, 0}) || c.Status[1].Type != "Other" {
		t.Errorf("%+v", c.Status)
	}
	if c.Refresh[0].Type != "R" || c.Schemas[0].ID != "https://example.org/j" {
		t.Errorf("%+v %+v", c.Refresh, c.Schemas)
	}
}

// What is read is exactly what stands there: no member by another spelling.
func TestNoFolding(t *testing.T) {
	m := base(2)
	for name := range maps.Clone(m) {
		folded := base(2)
		folded[strings.ToUpper(name)] = folded[name]
		delete(folded, name)
		raw, _ := json.Marshal(folded)
		if _, problems, _ := vc.Parse(raw); vc.Fatal(problems) == nil {
			t.Errorf("%s was read in upper case", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for version := 1; version <= 2; version++ {
		raw, _ := json.Marshal(base(version))
		f.Add(raw)
	}
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, problems, err := vc.Parse(raw)
		if err != nil {
			return
		}
		if vc.Fatal(problems) == nil && (c.Issuer.ID == "" || len(c.Subjects) == 0 || c.Version == 0 || !c.Has("VerifiableCredential")) {
			t.Errorf("no fatal problem, yet %+v", c)
		}
		if c.Doc.Kind == strictjson.Object {
			_ = c.Name()
		}
	})
}
