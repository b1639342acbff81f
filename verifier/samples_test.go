package verifier_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/verifiertest"
)

// samples are 1EdTech's published files, all of the reference data, each with
// what is found about it where its issuer publishes the key that it names.
// breaks says which rule of its own standard a sample breaks; the report says
// the same, apart from whether it is genuine.
var samples = map[string]struct {
	want   []expect
	breaks string
}{
	"simple.json":     {want: []expect{{"verified", "proof", "verified", "fits", "Issuer not known to us. Genuine and current"}, {"verified", "schema", "verified", "", ""}, {"verified", "conformance", "verified", "", ""}}},
	"simple-json.png": {want: []expect{{"verified", "image", "verified", "exactly one", "Issuer not known to us. Genuine and current"}, {"verified", "schema", "verified", "", ""}, {"verified", "conformance", "verified", "", ""}}},
	"simple-json.svg": {want: []expect{{"verified", "image", "verified", "exactly one", "Issuer not known to us. Genuine and current"}, {"verified", "schema", "verified", "", ""}, {"verified", "conformance", "verified", "", ""}}},
	"simple_v1.json":  {want: []expect{{"verified", "proof", "verified", "fits", "Issuer not known to us. Genuine and current"}, {"verified", "conformance", "verified", "", ""}}},
	"simple-multiple-proofs.json": {
		want:   []expect{{"verified", "proof", "verified", "", "Issuer not known to us. Genuine and current"}},
		breaks: "its first proof was made in a way that no standard knows; the second is good",
	},
	"endorsement-valid.json": {want: []expect{{"verified", "proof", "verified", "fits", "Issuer not known to us. Genuine and current: “Example endorsement”"}, {"verified", "schema", "verified", "", ""}, {"verified", "conformance", "verified", "", ""}}},
	"complete.json": {
		want: []expect{{"undetermined", "proof", "verified", "fits", "Genuine, but whether it is still good could not be checked"}, {"undetermined", "status", "undetermined", "could not be had", ""},
			{"undetermined", "schema", "verified", "", ""}, {"undetermined", "conformance", "verified", "", ""}, {"undetermined", "endorsement", "undetermined", "0 of 5", ""}},
		breaks: "the proofs of its endorsements name the cryptosuite eddsa-rdf-2022, which VC DI EdDSA does not have (it is eddsa-rdfc-2022)",
	},
	"simple-jwt.png": {
		want:   []expect{{"undetermined", "proof", "verified", "fits", "Could not be checked fully"}, {"undetermined", "issuer", "undetermined", "could not be looked up", ""}, {"undetermined", "conformance", "refused", "lacks the claim sub", ""}, {"undetermined", "image", "verified", "exactly one", ""}},
		breaks: "no claim sub (Open Badges 3.0 §8.2.3); its key comes with the token alone, so that nobody can tell whose it is",
	},
	"simple-jwt_v1.svg": {
		want:   []expect{{"undetermined", "proof", "verified", "fits", "Could not be checked fully"}, {"undetermined", "issuer", "undetermined", "could not be looked up", ""}, {"undetermined", "conformance", "refused", "lacks the claim sub", ""}, {"undetermined", "image", "verified", "exactly one", ""}},
		breaks: "no claim sub (Open Badges 3.0 §8.2.3); its key comes with the token alone, so that nobody can tell whose it is",
	},
	"simple-err-context.json": {
		want:   []expect{{"refused", "format", "refused", "vocabulary (@context) does not begin", "Not genuine"}},
		breaks: "@context does not begin with the vocabulary of verifiable credentials (VC Data Model 2.0 §4.3), as its name says",
	},
	"simple-err-expired.json":     {want: []expect{{"refused", "period", "refused", "expired on 2010-01-01", "Genuine, but expired on 2010-01-01"}, {"refused", "proof", "verified", "fits", ""}, {"refused", "conformance", "verified", "", ""}}},
	"simple-err-proof-value.json": {want: []expect{{"refused", "proof", "refused", "does not fit", "Not genuine"}}},
}

// TestSamples checks every published file, none left out.
func TestSamples(t *testing.T) {
	folder := filepath.Join(verifiertest.Fixtures(t), "standards", "vectors", "1edtech-ob30")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := file.Name()
		sample, known := samples[name]
		if !known {
			if name != "LICENSE" {
				t.Errorf("nothing is said of %s", name)
			}
			continue
		}
		doc := fixture(t, "vectors/1edtech-ob30/"+name)
		r := verify(t, publishing(t, doc), doc)
		for _, want := range sample.want {
			want.compare(t, name, r)
		}
		if len(sample.want) == 0 {
			t.Errorf("%s: nothing is expected", name)
		}
		if sample.breaks != "" {
			t.Logf("%s (%s): %s", name, r.Verdict, sample.breaks)
		}
	}
}

var keyInFragment = regexp.MustCompile(`"verificationMethod"\s*:\s*"([^"#]+)#(z6Mk[^"]+)"`)

// publishing is a verifier in a world where every issuer that a document names
// publishes the keys that its proofs name.
func publishing(t testing.TB, doc []byte) *verifier.Verifier {
	t.Helper()
	w := newWorld(t)
	if text, _, err := bake.Unbake(doc); err == nil {
		doc = text
	}
	keys := map[string][]string{}
	for _, found := range keyInFragment.FindAllSubmatch(doc, -1) {
		if id, key := string(found[1]), string(found[2]); !slices.Contains(keys[id], key) {
			keys[id] = append(keys[id], key)
		}
	}
	for id, all := range keys {
		var methods, uses []string
		for _, key := range all {
			methods = append(methods, fmt.Sprintf(`{"id":"%[1]s#%[2]s","type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[2]q}`, id, key))
			uses = append(uses, fmt.Sprintf(`"%s#%s"`, id, key))
		}
		w.documents[id] = fmt.Sprintf(`{"id":%q,"verificationMethod":[%s],"assertionMethod":[%s]}`, id, strings.Join(methods, ","), strings.Join(uses, ","))
	}
	return w.verifier()
}
