package ob3

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

func fixtures(t testing.TB) string {
	return filepath.Join(verifiertest.Fixtures(t), "standards")
}

func loadSchema(t testing.TB) (*jsonschema.Schema, map[string]any) {
	raw, err := os.ReadFile(filepath.Join(fixtures(t), "schemas/ob_v3p0_achievementcredential_schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var parsed map[string]any
	if err := json.Unmarshal(raw, &parsed); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema, parsed
}

// sample builds a value that follows every rule of a class, members that are
// not required included, down to a depth.
func sample(class string, depth int) map[string]any {
	out := map[string]any{}
	for _, r := range classes[class].rules {
		var v any
		switch r.kind {
		case text:
			v = "urn:example:text"
		case number:
			v = 4.5
		case boolean:
			v = true
		case dateTime:
			v = "2026-11-21T09:00:00Z"
		case day:
			v = "1990-02-28"
		case constant, open:
			v = r.words[0]
		case language:
			v = "en-GB"
		case compact:
			v = "eyJ.eyJ.AA"
		case object, textOr:
			if depth == 0 && !r.required {
				continue
			}
			v = sample(r.class, max(depth-1, 0))
		}
		switch {
		case r.kind == context:
			v = []any{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", map[string]any{}, "https://example.org/c"}
		case len(r.types) > 0:
			list := []any{"urn:example:type"}
			for _, names := range r.types {
				first, _, _ := strings.Cut(names, "|")
				list = append(list, first)
			}
			v = list
		case r.many:
			v = []any{v}
		}
		out[r.name] = v
	}
	return out
}

// The words that mutations put in place of others.
var strange = []any{nil, true, false, 0.0, 7.25, "", "x", "ext:a", "pre ext:x post", "ext:", "ext:-", "ext:|", "EXT:a", "Image", "IdentityObject", "Profile",
	"Achievement", "OpenBadgeCredential", "AchievementCredential", "VerifiableCredential", "emailAddress", "Course", "Status", "Completed", "CTDL", "GeoCoordinates",
	"2026-11-21T09:00:00Z", "2026-11-21t09:00:00z", "2026-11-21T09:00:00", "2026-11-21T24:00:00Z", "2026-11-21T09:00:00.123+05:30", "2016-12-31T23:59:60Z",
	"2016-12-31T18:29:60-05:30", "2016-12-31T22:59:60Z", "2026-02-29T09:00:00Z", "2026-11-21T09:00:00+24:00", "2026-11-21T09:60:00Z", "2026-11-21 09:00:00Z", "2026-11-21",
	"2026-02-30", "1990-02-28", "en", "en-Latn-GB", "english", "EN", "en-gb", "es-419", "a.b.c", "a..c", ".b.c", "a.b", "a.b.c.d",
	"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.9.json",
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.10.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1-3.0.2.json",
	map[string]any{}, []any{}, []any{"x"}, []any{map[string]any{}}, map[string]any{"id": "urn:x", "type": "X"}, map[string]any{"id": "urn:x", "type": []any{"Profile"}}}

// mutate changes one place of v, chosen by chance.
func mutate(r *rand.Rand, v any, names []string) any {
	switch v := v.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) == 0 || r.IntN(12) == 0 {
			v[names[r.IntN(len(names))]] = clone(strange[r.IntN(len(strange))])
			return v
		}
		key := keys[r.IntN(len(keys))]
		switch r.IntN(10) {
		case 0:
			delete(v, key)
		case 1:
			v[names[r.IntN(len(names))]] = v[key]
		default:
			v[key] = mutate(r, v[key], names)
		}
		return v
	case []any:
		if len(v) == 0 || r.IntN(6) == 0 {
			return append(v, clone(strange[r.IntN(len(strange))]))
		}
		i := r.IntN(len(v))
		switch r.IntN(8) {
		case 0:
			return slices.Delete(v, i, i+1)
		case 1:
			return v[i]
		case 2:
			return append(v, clone(v[i]))
		default:
			v[i] = mutate(r, v[i], names)
			return v
		}
	}
	if r.IntN(10) == 0 {
		return []any{v}
	}
	return clone(strange[r.IntN(len(strange))])
}

func clone(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(err)
	}
	return out
}

// propertyNames collects the names of all members that the schema speaks of.
func propertyNames(v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			for name := range properties {
				into[name] = true
			}
		}
		for _, each := range v {
			propertyNames(each, into)
		}
	case []any:
		for _, each := range v {
			propertyNames(each, into)
		}
	}
}

func TestRulesEqualSchema(t *testing.T) {
	schema, parsed := loadSchema(t)
	found := map[string]bool{"unknown": true}
	propertyNames(parsed, found)
	names := slices.Sorted(maps.Keys(found))

	bases := []any{}
	for depth := range 3 {
		bases = append(bases, clone(sample("AchievementCredential", depth)))
	}
	for _, file := range []string{"examples/examples-ob3-di.json", "vectors/1edtech-ob30/complete.json", "vectors/1edtech-ob30/simple.json"} {
		raw, err := os.ReadFile(filepath.Join(fixtures(t), file))
		if err != nil {
			t.Fatal(err)
		}
		var base any
		if err := json.Unmarshal(raw, &base); err != nil {
			t.Fatal(err)
		}
		bases = append(bases, base)
	}
	accepted, refused := 0, 0
	compare := func(v any) {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := strictjson.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		problems, want := Check(doc), schema.Validate(v)
		if (len(problems) == 0) != (want == nil) {
			t.Fatalf("we say %v, the schema says %v, of\n%s", problems, want, raw)
		}
		if want == nil {
			accepted++
		} else {
			refused++
		}
	}
	for i, base := range bases {
		if doc, _ := json.Marshal(base); schema.Validate(base) != nil {
			t.Errorf("base %d does not follow the schema: %v\n%s", i, schema.Validate(base), doc)
		}
		compare(base)
	}
	r := rand.New(rand.NewPCG(3, 0))
	for range 3000 {
		v := clone(bases[r.IntN(len(bases))])
		for range 1 + r.IntN(2) {
			v = mutate(r, v, names)
		}
		compare(v)
	}
	t.Logf("%d accepted, %d refused, by both", accepted, refused)
	if accepted < 500 || refused < 500 {
		t.Errorf("%d accepted, %d refused: the mutations are too one-sided", accepted, refused)
	}
}
