package jsonld

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/strictjson"
)

// pinned are the embedded contexts: SHA-256 of the bytes, and the published
// file that says the same.
var pinned = []struct{ file, digest, published string }{
	{"citizenship-v4rc1.json", "a89b0bc00b1848ac3dfdf956c7dd5de8567e755351c07ec6a1c2b4a08b67953b", ""},
	{"credentials-examples-v2.json", "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c", "credentials-examples-v2.jsonld"},
	{"credentials-status-v1.json", "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c", "credentials-status-v1.jsonld"},
	{"credentials-undefined-terms-v2.json", "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581", "credentials-undefined-terms-v2.jsonld"},
	{"credentials-v1.json", "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8", "credentials-v1.jsonld"},
	{"credentials-v2.json", "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f", "credentials-v2.jsonld"},
	{"data-integrity-v1.json", "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554", "security-data-integrity-v1.jsonld"},
	{"data-integrity-v2.json", "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363", "security-data-integrity-v2.jsonld"},
	{"did-v1.json", "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f", "did-v1.jsonld"},
	{"ed25519-2020-v1.json", "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588", "security-suites-ed25519-2020-v1.jsonld"},
	{"multikey-v1.json", "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6", "security-multikey-v1.jsonld"},
	{"ob-3.0.0.json", "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72", "ob-v3p0-context.json"},
	{"ob-3.0.1.json", "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba", "ob-v3p0-context-3.0.1.json"},
	{"ob-3.0.2.json", "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53", "ob-v3p0-context-3.0.2.json"},
	{"ob-3.0.3-additions.json", "98ef684fac4a8bd6117de25ce7d2230c658b95b3e452d29a03e2057887693342", ""},
	{"ob-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761", "ob-v3p0-context-3.0.3.json"},
	{"status-list-2021-v1.json", "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160", ""},
	{"ob-extensions.json", "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e", "ob-v3p0-extensions.json"},
}

func TestEmbeddedContextsArePinned(t *testing.T) {
	files, err := contextFiles.ReadDir("contexts")
	if err != nil || len(files) != len(pinned) {
		t.Fatalf("%d files embedded, %d pinned (%v)", len(files), len(pinned), err)
	}
	used := map[string]bool{}
	for _, names := range knownFiles {
		for _, name := range names {
			used[name] = true
		}
	}
	for _, p := range pinned {
		text, err := contextFiles.ReadFile(path.Join("contexts", p.file))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != p.digest {
			t.Errorf("%s has the digest %x", p.file, sum)
		}
		if !used[p.file] {
			t.Errorf("%s belongs to no URL", p.file)
		}
	}
}

func TestEmbeddedContextsEqualThePublished(t *testing.T) {
	for _, p := range pinned {
		if p.published == "" {
			continue
		}
		want := parse(t, fixture(t, "contexts", p.published)).Any()
		text, err := contextFiles.ReadFile(path.Join("contexts", p.file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, parse(t, text).Any()); diff != "" {
			t.Errorf("%s: %s", p.file, diff)
		}
	}
}

// TestContextsThatGrew: the 3.0.3 context of Open Badges got terms after it
// was published. What is embedded is the newest.
func TestContextsThatGrew(t *testing.T) {
	newest := parse(t, fixture(t, "contexts", "ob-v3p0-context-3.0.3.validator-2026-06.json")).Get("@context").Any().(map[string]any)
	merged := map[string]any{}
	for _, object := range known()["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"] {
		for name, definition := range object.Any().(map[string]any) {
			if was, ok := merged[name]; ok && !cmp.Equal(was, definition) {
				t.Errorf("%s is defined twice", name)
			}
			merged[name] = definition
		}
	}
	if diff := cmp.Diff(newest, merged); diff != "" {
		t.Error(diff)
	}
}

func TestKnown(t *testing.T) {
	if !Known("https://www.w3.org/ns/credentials/v2") || Known("https://www.w3.org/ns/credentials/v2/") || Known("") {
		t.Error("Known")
	}
}

// TestEveryTermCompiles walks all embedded contexts, one after the other over
// the base context, with every scoped context in them.
func TestEveryTermCompiles(t *testing.T) {
	base := "https://www.w3.org/ns/credentials/v2"
	// Made for the data model 1.1, these redefine protected terms of 2.0.
	clash := map[string]bool{
		"https://purl.imsglobal.org/spec/ob/v3p0/context.json":       true,
		"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": true,
		"https://w3id.org/security/data-integrity/v1":                true,
	}
	for url := range knownFiles {
		for _, under := range []string{"", base} {
			c := compiler{}
			ctx, err := initial, error(nil)
			if under != "" && url != base && url != "https://www.w3.org/2018/credentials/v1" {
				ctx, err = c.apply(ctx, text(under), true, false, true)
			}
			if err == nil {
				ctx, err = c.apply(ctx, text(url), true, false, true)
			}
			if clashing := under != "" && clash[url]; err != nil || clashing {
				if err == nil || !clashing {
					t.Errorf("%s over %q: %v", url, under, err)
				}
				continue
			}
			for name, term := range ctx.terms {
				if term.scoped == nil {
					continue
				}
				if _, err := c.apply(ctx, term.scoped, true, true, false); err != nil {
					t.Errorf("%s over %q: %s: %v", url, under, name, err)
				}
			}
		}
	}
}

func text(s string) *strictjson.Value { return &strictjson.Value{Kind: strictjson.String, Str: s} }
