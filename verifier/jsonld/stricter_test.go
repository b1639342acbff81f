package jsonld

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// reasons are the refusals (see kindOf) that belong to each item of the list in
// the doc comment, which is named by its beginning.
var reasons = []struct{ item, refusals string }{
	{"null, empty arrays", `null says nothing.*|an empty array.*|an empty list of types.*|the (document|object) says nothing`},
	{"@index, and members beside @value", `… is not supported beside @value`},
	{"blank node identifiers", `the type … is not defined by the contexts|… is not an absolute IRI|a context uses …, which is no IRI and no term`},
	{"numbers whose 16-digit", `the … has no exact canonical form|the … is out of range|JSON: a number is larger or finer.*`},
	{"strings typed xsd:double", `… is not the canonical form of an xsd:double|the definition of … has the unusable type …`},
	{"two texts that differ in @direction alone", `the document says the same thing twice, spelt differently`},
	{"one statement in two spellings", `the document says the same thing twice, spelt differently`},
	{"properties and types that an embedded context", `… must be written as …`},
	{`"@id" and "@type" where`, `the (id|type) must be written once, as …|a type must be written as such|a context must not (let … stand for \S+|add to the meaning of …)|the context maps the term … to …, which is not a usable IRI|… is not supported here`},
	{"ids that begin with a prefix", `… begins with the prefix … instead of a scheme`},
	{"@graph, @included", `… is not supported|an array within an array.*|the type of a value must be one string|the document is not an object`},
	{"in contexts: @import", `a context must not (contain|define the term) …|a context (is null|is a list within a list)|the definition of … (has an unusable …|puts JSON into a container)|@protected must be true or false|a context uses …, which is reserved|the context gives the term … no meaning|the context maps the term … to …, which is not a usable IRI`},
	{"@vocab that is not an absolute IRI", `@vocab must .*|the term … is not defined by the contexts`},
	{"a property whose own scoped context", `the context of … changes what its value is|the type … is for objects, not for values|the context of a type changes the meaning of …`},
	{"value objects with null", `a value has a type or a language, not both|only a string may have a language or direction|a text in a language map must be a string|only an object can be a graph of its own|@language must be a language tag|@direction must be … or …|… is not a language tag|@value must be a string, number or boolean`},
	{"IRIs with any of", `… is not an absolute IRI|… is neither a term of the contexts nor an absolute IRI|the (term|type) … is not defined by the contexts|a context uses …, which is no IRI and no term|the context maps the term … to …, which is not a usable IRI`},
	{"more than 4,096 term definitions", `the contexts define too many terms|the document combines too many contexts|.* too long|.*too entangled.*`},
}

type strictness map[string]*regexp.Regexp

// stricterThanNPM reads the list out of the doc comment: every item has reasons
// here, and every reason an item there.
func stricterThanNPM(t *testing.T) strictness {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(source), "# Where this package is stricter, and why")
	list, _, _ = strings.Cut(list, "# Not decided here")
	var items []string
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "//"))
		if item, ok := strings.CutPrefix(line, "- "); ok {
			items = append(items, item)
		}
	}
	out := strictness{}
	for i, r := range reasons {
		if i >= len(items) || !strings.HasPrefix(items[i], r.item) {
			t.Fatalf("item %d of the list is not %q: %q", i, r.item, items[min(i, len(items)-1)])
		}
		out[r.item] = regexp.MustCompile(`^(` + r.refusals + `)$`)
	}
	if len(items) != len(reasons) {
		t.Fatalf("the list has %d items and the test %d", len(items), len(reasons))
	}
	return out
}

// find names the item that a refusal belongs to, "" if none does.
func (s strictness) find(refusal string) string {
	for _, r := range reasons {
		if s[r.item].MatchString(refusal) {
			return r.item
		}
	}
	return ""
}

// TestStrictnessIsListed: the list of the doc comment and the test of it agree,
// on a machine without npm too.
func TestStrictnessIsListed(t *testing.T) {
	list := stricterThanNPM(t)
	if got := list.find("an empty array says nothing that could be signed"); got != "null, empty arrays" {
		t.Errorf("%q", got)
	}
	if got := list.find("the moon is full"); got != "" {
		t.Errorf("%q", got)
	}
}
