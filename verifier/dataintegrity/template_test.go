package dataintegrity_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// strange are values for holes, whatever stands in them otherwise.
var strange = []string{
	"", " ", "a", "Z", "~", "\x00", "\x1f\x7f", "\u0080\u009f", `"`, `\`, `\\"`, "a\tb\nc\rd\be\ff", "<b>&amp;</b>", "line\u2028and\u2029", "\ufeff", "\ufffd",
	"é", "e\u0301", "日本語", "\U0001f393\ue000", "\U0010ffff", "שלום", "type", "id", "@id", "@type", "@vocab", "Achievement", "Profile", "name", "VerifiableCredential",
	"https://school.example/v/7", "https://school.example/v/7#x", "https://school.example/v/7 8", "https://school.example/é", "https://school.example/\u00a0",
	"https:school", "http://school.example/", "HTTPS://school.example/", "did:example:ann", "did:example:ann/", "did:", "urn:", "urn:uuid:8c1a", "urn:uuid:a1", "urn:uuid:a1-", "urn:uuid:a10", "URN:x",
	"schema:name", "xsd:date", "ceasn:Competency", "_:b0", "_:c14n0", "mailto:a@b", "://", "https://<>", "https://{}", "https://a|b", "urn:\u200b", "urn:\"", "urn:\\u0041",
	"2024-01-01T00:00:00Z", "2024-01-02T03:04:05Z", "2024", "1", "1.0", "1E0", "true", "null", "c14n0", "_:a", `x" .`, `"@en`, "hole0n0x", "Foundations", "School", "Knows them.", "Pass.",
}

// stringsOf lists the strings of a document.
func stringsOf(v *strictjson.Value, at string, visit func(pointer string, v *strictjson.Value)) {
	if v.Kind == strictjson.String {
		visit(at, v)
	}
	for i := range v.Kids {
		name := v.Kids[i].Name
		if v.Kind == strictjson.Array {
			name = strconv.Itoa(i)
		}
		stringsOf(&v.Kids[i], at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), visit)
	}
}

var templateSigner = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32))

func templateOptions(t testing.TB) dataintegrity.Options {
	t.Helper()
	_, vm, err := did.FromKey(templateSigner.Public())
	if err != nil {
		t.Fatal(err)
	}
	return dataintegrity.Options{VerificationMethod: vm, Created: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
}

// sameAsFull signs both ways and tells whether the template knew the text.
func sameAsFull(t testing.TB, tpl *dataintegrity.Template, values []string, o dataintegrity.Options, asArray bool) (known bool) {
	t.Helper()
	filled, err := tpl.Fill(values)
	if err != nil {
		t.Fatal(err)
	}
	if back, ok := tpl.Values(filled); len(filled) < strictjson.DefaultLimits.Bytes && (!ok || !slices.Equal(back, values)) {
		t.Fatalf("the values %.200q were read back as %.200q", values, back)
	}
	want, wantErr := dataintegrity.Sign(filled, templateSigner, o, asArray)
	got, gotErr := tpl.Sign(values, templateSigner, o, asArray)
	if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		t.Fatalf("the template answers %v, the full path %v\n%s", gotErr, wantErr, filled)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("signed otherwise than by the full path: %s", cmp.Diff(string(want), string(got)))
	}
	text, known := tpl.Text(values)
	if !known {
		return false
	}
	full, err := jsonld.Canonicalize(parse(t, filled), jsonld.Options{Skip: "proof"})
	if err != nil {
		t.Fatalf("the full path refuses what the template takes: %v\n%s", err, filled)
	}
	if !bytes.Equal(text, full) {
		t.Fatalf("another text than that of the full path: %s", cmp.Diff(string(full), string(text)))
	}
	return true
}

// TestTemplateShapes tries every string of documents of many shapes as a hole,
// and many of them at once, with values of all kinds.
func TestTemplateShapes(t *testing.T) {
	issuer, _, err := did.FromKey(templateSigner.Public())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	templates, signed, known := 0, 0, 0
	for _, d := range documents(issuer) {
		if d.jsonOnly {
			continue
		}
		doc := parse(t, []byte(d.text))
		var all, good, examples []string
		stringsOf(doc, "", func(pointer string, v *strictjson.Value) {
			all = append(all, pointer)
			if _, err := dataintegrity.NewTemplate([]byte(d.text), pointer); err == nil {
				good, examples = append(good, pointer), append(examples, v.Str)
			} else if !errors.Is(err, dataintegrity.ErrNotATemplate) {
				t.Fatalf("%s, %s: %v", d.name, pointer, err)
			}
		})
		for round := range 12 {
			var holes, own []string
			for i, p := range good {
				if round == 0 || random.IntN(3) > 0 {
					holes, own = append(holes, p), append(own, examples[i])
				}
			}
			tpl, err := dataintegrity.NewTemplate([]byte(d.text), holes...)
			if err != nil {
				if !errors.Is(err, dataintegrity.ErrNotATemplate) {
					t.Fatalf("%s, %v: %v", d.name, holes, err)
				}
				continue
			}
			templates++
			for range 20 {
				values := make([]string, len(own))
				for i, v := range own {
					values[i] = mutated(random, v, own)
				}
				o := templateOptions(t)
				o.Created = o.Created.Add(time.Duration(random.IntN(3)) * time.Second)
				signed++
				if sameAsFull(t, tpl, values, o, random.IntN(2) == 0) {
					known++
				}
			}
		}
		t.Logf("%s: %d of %d strings can vary", d.name, len(good), len(all))
	}
	t.Logf("%d templates, %d documents, %d of them from the template alone", templates, signed, known)
	if templates < 200 || signed < 5000 || known < signed/4 {
		t.Errorf("too little was tried: %d templates, %d documents, %d of them from the template alone", templates, signed, known)
	}
}

// mutated gives a value for a hole: mostly one of the same kind.
func mutated(random *rand.Rand, example string, others []string) string {
	switch random.IntN(24) {
	case 0:
		return strange[random.IntN(len(strange))]
	case 1:
		return others[random.IntN(len(others))]
	case 2, 3, 4, 5, 6, 7:
		return example
	}
	scheme, _, ok := strings.Cut(example, ":")
	if !ok || strings.Contains(scheme, "-") {
		return strange[random.IntN(len(strange))] + strconv.Itoa(random.IntN(99))
	}
	ends := []string{"", "/", "#", "-", ".", "0", "a", "~", "?x=1", ":", "//"}
	return example[:len(example)-random.IntN(2)] + ends[random.IntN(len(ends))] + strconv.Itoa(random.IntN(9))
}

// capstone is a badge of every kind of statement that ours hold.
const capstone = `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"https://b.example/v/A1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":"did:web:b.example","type":["Profile"],"name":"School","url":"https://b.example"},
"validFrom":"2026-11-21T09:00:00Z","validUntil":"2027-11-21T23:59:59Z","awardedDate":"2026-11-20T00:00:00Z","name":"Capstone",
"credentialSubject":{"id":"urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-3b2f9f7b6c11","type":["AchievementSubject"],"identifier":[{"type":"IdentityObject","hashed":false,"identityHash":"Ann Lee","identityType":"name"}],
"achievement":{"id":"https://b.example/achievements/C","type":["Achievement"],"achievementType":"Project","name":"Capstone","description":"Built it.","criteria":{"narrative":"All lines at good."},"humanCode":"C-1","tag":["go","sql"],"version":"3",
"alignment":[{"type":["Alignment"],"targetCode":"1","targetName":"Testing","targetFramework":"F","targetUrl":"https://f.example/1"},{"type":["Alignment"],"targetName":"Design","targetUrl":"https://f.example/2"}],
"resultDescription":[{"id":"https://b.example/achievements/C#a","type":["ResultDescription"],"name":"Works","resultType":"RubricCriterionLevel","rubricCriterionLevel":[{"id":"https://b.example/achievements/C#a.1","type":["RubricCriterionLevel"],"name":"fair","level":"fair","points":"0"},{"id":"https://b.example/achievements/C#a.2","type":["RubricCriterionLevel"],"name":"good","level":"good","points":"1"}],"requiredLevel":"https://b.example/achievements/C#a.2"}]},
"result":[{"type":["Result"],"resultDescription":"https://b.example/achievements/C#a","achievedLevel":"https://b.example/achievements/C#a.2"},{"type":["Result"],"resultDescription":"https://b.example/achievements/C#b","achievedLevel":"https://b.example/achievements/C#b.1"}]},
"evidence":[{"type":["Evidence"],"name":"Capstone","narrative":"Approved by a mentor."}],
"credentialStatus":{"id":"https://b.example/status/L#7","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://b.example/status/L"}}`

var capstoneHoles = []string{"/id", "/validFrom", "/validUntil", "/awardedDate", "/credentialSubject/id", "/credentialSubject/identifier/0/identityHash",
	"/credentialSubject/result/0/achievedLevel", "/credentialSubject/result/1/achievedLevel", "/evidence/0/narrative",
	"/credentialStatus/id", "/credentialStatus/statusListIndex", "/credentialStatus/statusListCredential"}

// capstoneValues are those of one badge of many.
func capstoneValues(random *rand.Rand) []string {
	n, list := random.IntN(131072), "https://b.example/status/"+strconv.FormatUint(random.Uint64(), 36)
	day := time.Date(2026, 1, 1, 0, 0, random.IntN(3e7), 0, time.UTC)
	level := func(c string) string {
		return "https://b.example/achievements/C#" + c + "." + strconv.Itoa(random.IntN(4))
	}
	return []string{"https://b.example/v/" + strconv.FormatUint(random.Uint64(), 36), day.Format(time.RFC3339), day.AddDate(2, 0, 0).Format(time.RFC3339), day.Format("2006-01-02") + "T00:00:00Z",
		fmt.Sprintf("urn:uuid:%016x", random.Uint64()), strange[random.IntN(len(strange))] + " Lee " + strconv.Itoa(n), level("a"), level("b"),
		"Approved by " + strange[random.IntN(len(strange))], list + "#" + strconv.Itoa(n), strconv.Itoa(n), list}
}

func TestTemplateBadges(t *testing.T) {
	tpl, err := dataintegrity.NewTemplate([]byte(capstone), capstoneHoles...)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	o, known := templateOptions(t), 0
	for range 5000 {
		o.Created = o.Created.Add(time.Duration(random.IntN(2)) * time.Second)
		if sameAsFull(t, tpl, capstoneValues(random), o, true) {
			known++
		}
	}
	if known < 4990 {
		t.Errorf("only %d of 5000 badges were signed from the template alone", known)
	}
}

// TestTemplateFill holds the writing of values to encoding/json's, by which
// badges are written elsewhere.
func TestTemplateFill(t *testing.T) {
	doc := `{"@context":"https://www.w3.org/ns/credentials/v2","id":"urn:x","type":"VerifiableCredential","issuer":"did:example:a","credentialSubject":{"id":"urn:y","name":"N"} }`
	tpl, err := dataintegrity.NewTemplate([]byte(doc), "/credentialSubject/name", "/id")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range strange {
		var name bytes.Buffer
		e := json.NewEncoder(&name)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		want := strings.NewReplacer(`"N"`, strings.TrimSpace(name.String()), "urn:x", "urn:z").Replace(doc)
		got, err := tpl.Fill([]string{v, "urn:z"})
		if err != nil || string(got) != want {
			t.Errorf("%q is written as %s, %v; want %s", v, got, err, want)
		}
	}
	if _, err := tpl.Fill([]string{"one"}); err == nil {
		t.Error("a value is missing")
	}
	if _, err := tpl.Sign([]string{"\xff", "urn:z"}, templateSigner, templateOptions(t), true); err == nil {
		t.Error("a value that is not UTF-8 was signed")
	}
}

// TestTemplateValues: a document that is not the filled example is not taken
// for it.
func TestTemplateValues(t *testing.T) {
	const doc = `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:a:1","type":["VerifiableCredential"],"name":"Ann"}`
	tpl, err := dataintegrity.NewTemplate([]byte(doc), "/id", "/name")
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", "{", doc[:len(doc)-1], doc + " ", doc + "{}", strings.Replace(doc, "VerifiableCredential", "VerifiableCredentiaL", 1),
		strings.Replace(doc, `"Ann"`, `["Ann"]`, 1), strings.Replace(doc, `"Ann"`, `7`, 1), strings.Replace(doc, `"Ann"`, `"An\u006e"`, 1), strings.Replace(doc, `"Ann"`, `"A\/n"`, 1),
		strings.Replace(doc, `"Ann"`, `"Ann","x":"y"`, 1), strings.Replace(doc, `"Ann"`, `"Ann\"`, 1), strings.Replace(doc, `"Ann"}`, `"Ann`, 1), strings.Replace(doc, "Ann", "\xff", 1)} {
		if values, ok := tpl.Values([]byte(other)); ok {
			t.Errorf("%s was read as %q", other, values)
		}
	}
	for n := range len(doc) {
		if _, ok := tpl.Values([]byte(doc[:n])); ok {
			t.Errorf("%s was read", doc[:n])
		}
	}
}

// TestTemplateAlike gives values that make statements, subjects or nameless
// objects equal, or more of them than the full path takes.
func TestTemplateAlike(t *testing.T) {
	typed := `{"@context":["https://www.w3.org/ns/credentials/v2",{"n":{"@id":"urn:x:n","@type":"http://www.w3.org/2001/XMLSchema#integer"},"v":{"@id":"urn:x:v","@type":"@vocab"},"Known":"urn:x:Known"}],
"type":["VerifiableCredential"],"id":"urn:x:1","issuer":"did:example:a","credentialSubject":{"id":"urn:x:s","n":[5,"6"],"v":["urn:x:Known","urn:x:other"]}}`
	long := strings.Repeat("a", 100<<10)
	for _, c := range []struct {
		name, doc string
		holes     []string
		values    [][]string
	}{
		{"tags", capstone, []string{"/credentialSubject/achievement/tag/0", "/credentialSubject/achievement/tag/1"}, [][]string{{"go", "go"}, {"sql", "go"}, {"", ""}, {"\"", "\""}}},
		{"one tag", capstone, []string{"/credentialSubject/achievement/tag/0"}, [][]string{{"sql"}, {"z"}, {"sql "}}},
		{"results", capstone, []string{"/credentialSubject/result/0/resultDescription", "/credentialSubject/result/1/resultDescription", "/credentialSubject/result/0/achievedLevel", "/credentialSubject/result/1/achievedLevel"},
			[][]string{{"https://a", "https://a", "https://b", "https://b"}, {"https://a", "https://a", "https://b", "https://c"}, {"https://c", "https://b", "https://b", "https://c"}}},
		{"ids", capstone, []string{"/id", "/credentialSubject/id", "/credentialStatus/id", "/credentialStatus/statusListCredential"},
			[][]string{{"https://b.example/achievements/C", "urn:x", "https://b.example/v/A1", "https://b.example/v"}, {"https://a", "urn:https://a", "https://a", "https://a"},
				{"https://a", "urn:a", "https://a#", "https://a"}, {"https://a-", "urn:a", "https://a", "https://a?"}, {"https://a", "urn:a", "https://a~", "https://a%"}}},
		{"numbers", typed, []string{"/credentialSubject/n/1"}, [][]string{{"5"}, {"05"}, {"six"}, {""}}},
		{"vocabulary", typed, []string{"/credentialSubject/v/0", "/credentialSubject/v/1"}, [][]string{{"urn:x:Known", "urn:x:Known"}, {"Known", "urn:x:Known"}, {"urn:x:2", "urn:x:1"}, {"n", "v"}}},
		{"long", capstone, []string{"/credentialSubject/identifier/0/identityHash", "/credentialSubject/id"}, [][]string{{long, "urn:x"}, {"a", "urn:" + long}, {long + long, "urn:" + long},
			{strings.Repeat("\x01", 30<<10), "urn:x"}, {strings.Repeat("\x01", 60<<10), "urn:x"}, {strings.Repeat("é", 60<<10), "urn:" + strings.Repeat("b", 20<<10)}}},
	} {
		tpl, err := dataintegrity.NewTemplate([]byte(c.doc), c.holes...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, values := range c.values {
			sameAsFull(t, tpl, values, templateOptions(t), true)
		}
	}
}

// TestTemplateRefusals names what cannot be a template.
func TestTemplateRefusals(t *testing.T) {
	const context = `"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"https://x.example/#"}],"type":["VerifiableCredential"]`
	for name, c := range map[string]struct{ doc, hole string }{
		"a type":                {`{` + context + `,"x":"1"}`, "/type/0"},
		"a type by its IRI":     {`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","urn:x:T"],"id":"urn:x"}`, "/type/1"},
		"a value object":        {`{` + context + `,"x":{"@value":"1"}}`, "/x/@value"},
		"a language by default": {`{"@context":["https://www.w3.org/ns/credentials/v2",{"@vocab":"https://x.example/#","@language":"en"}],"type":["VerifiableCredential"],"x":"1"}`, "/x"},
		"a context":             {`{` + context + `,"x":"1"}`, "/@context/0"},
		"a number":              {`{` + context + `,"x":1}`, "/x"},
		"an object":             {`{` + context + `,"x":{"y":"1"}}`, "/x"},
		"nowhere":               {`{` + context + `,"x":"1"}`, "/y"},
		"not a pointer":         {`{` + context + `,"x":"1"}`, "x"},
		"a language":            {`{` + context + `,"x":{"@value":"1","@language":"en"}}`, "/x/@language"},
		"a text of a language":  {`{` + context + `,"x":{"@value":"1","@language":"en"}}`, "/x/@value"},
		"a text in a direction": {`{` + context + `,"x":"1","y":{"@value":"1","@direction":"ltr"}}`, "/x"},
		"a graph":               {`{"@context":"https://www.w3.org/ns/credentials/v2","type":"VerifiablePresentation","verifiableCredential":{` + context + `,"x":"1"}}`, "/verifiableCredential/x"},
		"alike":                 {`{` + context + `,"x":[{"y":{"z":1}},{"y":{"z":1}}],"w":"1"}`, "/w"},
		"a proof":               {`{` + context + `,"x":"1","proof":{"type":"DataIntegrityProof"}}`, "/x"},
		"no proofs":             {`{"@context":"https://www.w3.org/2018/credentials/v1","type":["VerifiableCredential"],"id":"urn:x"}`, "/id"},
		"refused":               {`{` + context + `,"x":"1","y":null}`, "/x"},
	} {
		tpl, err := dataintegrity.NewTemplate([]byte(c.doc), c.hole)
		if !errors.Is(err, dataintegrity.ErrNotATemplate) {
			t.Errorf("%s: %v, %v", name, tpl, err)
		}
	}
	if _, err := dataintegrity.NewTemplate([]byte(`{`+context+`,"x":"1"}`), "/x", "/x"); !errors.Is(err, dataintegrity.ErrNotATemplate) {
		t.Errorf("one hole twice: %v", err)
	}
}

// TestTemplateOptions signs under options of all kinds, one after the other.
func TestTemplateOptions(t *testing.T) {
	tpl, err := dataintegrity.NewTemplate([]byte(capstone), capstoneHoles...)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	plain := templateOptions(t)
	for i, change := range []func(o *dataintegrity.Options){
		func(*dataintegrity.Options) {},
		func(o *dataintegrity.Options) { o.Created = time.Time{} },
		func(o *dataintegrity.Options) { o.Created = o.Created.Add(time.Hour).In(time.FixedZone("", 3600)) },
		func(o *dataintegrity.Options) { o.ID = "urn:uuid:1" },
		func(o *dataintegrity.Options) { o.ID = "not an IRI" },
		func(o *dataintegrity.Options) { o.Expires = o.Created.Add(time.Hour) },
		func(o *dataintegrity.Options) { o.Domain = `a"b` },
		func(o *dataintegrity.Options) { o.Challenge = "c" },
		func(o *dataintegrity.Options) { o.Nonce = "\u2028" },
		func(o *dataintegrity.Options) { o.Purpose = "authentication" },
		func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 },
		func(o *dataintegrity.Options) { o.Cryptosuite = "none" },
		func(o *dataintegrity.Options) { o.Mandatory = []string{"/id"} },
		func(o *dataintegrity.Options) { o.PreviousProof = []string{"urn:x"} },
		func(o *dataintegrity.Options) { o.VerificationMethod = "did:web:b.example#key-1" },
		func(o *dataintegrity.Options) { o.VerificationMethod = "did:web:b.example" },
		func(o *dataintegrity.Options) { o.VerificationMethod = "no IRI#x" },
		func(o *dataintegrity.Options) {
			o.VerificationMethod = "did:web:b.example#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
		},
	} {
		for range 2 {
			o := plain
			change(&o)
			sameAsFull(t, tpl, capstoneValues(random), o, i%2 == 0)
			sameAsFull(t, tpl, capstoneValues(random), plain, true)
		}
	}
}

// TestTemplateSigners signs with other keys under the options of the first, and
// in many goroutines.
func TestTemplateSigners(t *testing.T) {
	tpl, err := dataintegrity.NewTemplate([]byte(capstone), capstoneHoles...)
	if err != nil {
		t.Fatal(err)
	}
	values, o := capstoneValues(rand.New(rand.NewPCG(7, 8))), templateOptions(t)
	sameAsFull(t, tpl, values, o, true)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []crypto.Signer{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)), curve} {
		if _, err := tpl.Sign(values, other, o, true); err == nil {
			t.Errorf("a %T that the options do not name signed", other)
		}
	}
	var wg sync.WaitGroup
	for hand := range uint64(4) {
		wg.Go(func() {
			random, o := rand.New(rand.NewPCG(hand, 9)), o
			for range 50 {
				o.Created = o.Created.Add(time.Duration(random.IntN(2)) * time.Second)
				values := capstoneValues(random)
				filled, _ := tpl.Fill(values)
				want, err := dataintegrity.Sign(filled, templateSigner, o, true)
				if got, gotErr := tpl.Sign(values, templateSigner, o, true); err != nil || gotErr != nil || !bytes.Equal(got, want) {
					t.Errorf("signed otherwise beside others: %v, %v", err, gotErr)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzTemplate(f *testing.F) {
	tpl, err := dataintegrity.NewTemplate([]byte(capstone), capstoneHoles...)
	if err != nil {
		f.Fatal(err)
	}
	o := templateOptions(f)
	for i, v := range strange {
		f.Add("https://b.example/v/1", "urn:uuid:1", v, strange[(i+9)%len(strange)], "https://b.example/status/L#1", "https://b.example/achievements/C#a.1")
		f.Add(v, v, v, v, v, v)
	}
	f.Fuzz(func(t *testing.T, id, subject, name, narrative, status, level string) {
		values := []string{id, "2026-11-21T09:00:00Z", name, "2026-11-20T00:00:00Z", subject, name, level, level, narrative, status, narrative, status}
		if _, err := tpl.Fill(values); err != nil {
			return
		}
		sameAsFull(t, tpl, values, o, len(name)%2 == 0)
	})
}
