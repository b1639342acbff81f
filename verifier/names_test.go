package verifier_test

import (
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

// TestNames: names that may read as something else are said, and take nothing
// from the verdict; names of all the world are left alone.
func TestNames(t *testing.T) {
	w := newWorld(t)
	check := func(name, reason string) {
		t.Helper()
		b := badge()
		b.Issuer.Name = name
		r := verify(t, w.verifier(), w.sign(t, b))
		want := expect{"verified", "conformance", "refused", reason, "Issuer not known to us. Genuine"}
		if reason == "" {
			want.outcome = verifier.Verified
		}
		want.compare(t, name, r)
		if strings.Contains(r.Summary, "a name to read with care)") != (reason != "") {
			t.Errorf("%q: %s", name, r.Summary)
		}
	}
	for name, reason := range map[string]string{
		"Acme \u202eymedacA":  "direction",
		"Acme\u2067 Academy":  "direction",
		"Acme\u200f Academy":  "direction",
		"Ac\u200bme Academy":  "cannot be seen",
		"Ac\u200dme Academy":  "cannot be seen",
		"Ac\u00adme Academy":  "cannot be seen",
		"Acme\ufeff Academy":  "cannot be seen",
		"Acme\u3164Academy":   "cannot be seen",
		"Acme \u0007 Academy": "cannot be seen",
		"Acme ✔ verified":     "check mark",
		"Acme ✅":              "check mark",
		"Аcme Academy":        "mixes alphabets", // Cyrillic А
		"Acmе Academy":        "mixes alphabets", // Cyrillic е
		"Αcme Academy":        "mixes alphabets", // Greek Α
		"Acme Acadeմy":        "mixes alphabets", // Armenian
		"РАУРА":               "only look like Latin",
		"ΑΚΜΗ":                "only look like Latin",
		"Acme\u2800Academy":   "cannot be seen",
		"ACME ✔ Verified":     "check mark",
		"ACME ☑️":             "check mark",
		"ＡＣＭＥ":                "made of letters", // full-width
		"Ａcme Academy":        "made of letters",
		"𝐀𝐜𝐦𝐞 Academy":        "made of letters", // mathematical
		"ⒶⒸⓂⒺ":                "made of letters",
		"🅰🅲🅼🅴":                "made of letters",
		"Acme ℒℐℳℐ𝒯ℰ𝒟":        "made of letters",
	} {
		check(name, reason)
	}
	for _, name := range []string{
		"Citizen Developer Academy", "Universität Zürich", "École n° 5", "Школа программирования", "Академия Academy", "Πανεπιστήμιο Αθηνών",
		"東京大学", "日本語スクール Tokyo", "ＡＢＣ大学", "日本ＩＢＭ", "🇫🇷 École", "№ 5 School", "Acme™", "H₂O Lab", "x² Club", "½ Way", "Ⅳ. Gymnasium", "Javaスクール", "한국대학교", "北京大學 PKU", "جامعة القاهرة", "אוניברסיטת תל אביב", "दिल्ली विश्वविद्यालय", "می\u200cخواهم",
		"มหาวิทยาลัย", "Հայաստան", "საქართველო", "👩‍💻 Coders", "C++ / C#", "O’Reilly", "Ωmega", "Ĉefo ŝaĥo", "µ-Academy", "Мост", "Trường Đại học",
	} {
		if name == "Ωmega" {
			check(name, "mixes alphabets")
			continue
		}
		check(name, "")
	}
	b := badge()
	b.CredentialSubject.Identifier = []ob3.IdentityObject{{Type: "IdentityObject", IdentityType: "name", IdentityHash: "Ada\u202eLovelace"}}
	r := verify(t, w.verifier(), w.sign(t, b))
	expect{"verified", "conformance", "refused", "direction", ""}.compare(t, "earner", r)
	if strings.ContainsRune(r.Summary, 0x202e) {
		t.Errorf("the summary turns: %q", r.Summary)
	}
}

// TestResemblingName: who calls itself like somebody on the list is not them.
func TestResemblingName(t *testing.T) {
	w := newWorld(t)
	list, err := verifier.ParseTrust([]byte("did:web:acme.example Acme Academy\n" + "did:web:il.example Illinois 01\n"))
	if err != nil {
		t.Fatal(err)
	}
	v := w.verifier()
	v.Trust = list
	for name, like := range map[string]string{
		"Acme Academy": "Acme Academy", "ACME ACADEMY": "Acme Academy", "Аcme Academy": "Acme Academy", "Acrne Academy": "Acme Academy", "Acme-Academy": "Acme Academy",
		"ＡＣＭＥ Academy": "Acme Academy", "𝐀𝐜𝐦𝐞 𝒜𝒸𝒶𝒹ℯ𝓂𝓎": "Acme Academy", "Ⓐcme Academy": "Acme Academy",
		"lllinois O1": "Illinois 01", "Example Academy": "", "Acme Academies": "", "": "",
	} {
		b := badge()
		b.Issuer.Name = name
		c := find(verify(t, v, w.sign(t, b)), "trust")
		got, _ := c.Detail["resembles"].(string)
		if c.Outcome != verifier.Undetermined || got != like {
			t.Errorf("%q: %s %q, %s", name, c.Outcome, got, c.Reason)
		}
	}
}
