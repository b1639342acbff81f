package ob3

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallmark/verifier/strictjson"
)

func TestHash(t *testing.T) {
	// The example of Open Badges 3.0, IdentityHash.
	const want = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
	if got := Hash("a@example.com", "Kosher"); got != want {
		t.Errorf("Hash = %s; want %s", got, want)
	}
	for _, tt := range []struct {
		hashed, value, salt, ask string
		same, understood         bool
	}{
		{"true", want, "Kosher", "a@example.com", true, true},
		{"true", "sha256$" + strings.ToUpper(want[7:]), "Kosher", "a@example.com", true, true},
		{"true", want, "", "a@example.com", false, true},
		{"true", want, "Kosher", "b@example.com", false, true},
		{"true", "md5$39e4d1f3ba3a7b4dd73d5b9f2f0b7a55", "", "x", false, true},
		{"true", "sha1$aa", "", "x", false, false},
		{"true", "x", "", "x", false, false},
		{"false", "Ada Lovelace", "", "Ada Lovelace", true, true},
		{"false", "Ada Lovelace", "not-used", "Ada Lovelace", true, true},
		{"false", want, "Kosher", "a@example.com", false, true},
		{`"true"`, want, "Kosher", "a@example.com", false, false},
	} {
		v, err := strictjson.Parse(fmt.Appendf(nil, `{"hashed":%s,"identityHash":%q,"salt":%q}`, tt.hashed, tt.value, tt.salt))
		if err != nil {
			t.Fatal(err)
		}
		if same, understood := Identifies(v, tt.ask); same != tt.same || understood != tt.understood {
			t.Errorf("%s %s for %s: %v, %v", tt.hashed, tt.value, tt.ask, same, understood)
		}
	}
}

// What the types write follows the rules, empty members left out.
func TestTypesFollowRules(t *testing.T) {
	at := At(time.Date(2026, 11, 21, 10, 0, 0, 999, time.FixedZone("", 3600)))
	profile := Profile{ID: "did:web:example.org", Type: []string{"Profile"}, Name: "A < B & C"}
	badge := AchievementCredential{
		Context: []string{ContextCredentials, ContextBadges}, ID: "urn:uuid:1", Type: []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer: profile, ValidFrom: at, Name: "N",
		CredentialSubject: AchievementSubject{ID: "urn:uuid:2", Type: []string{"AchievementSubject"},
			Achievement: Achievement{ID: "urn:uuid:3", Type: []string{"Achievement"}, Name: "N", Description: "D", Criteria: Criteria{Narrative: "C"}}},
	}
	raw, err := Marshal(badge)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), `"validFrom":"2026-11-21T09:00:00Z"`) || !strings.Contains(string(raw), "A < B & C") || strings.Contains(string(raw), "validUntil") {
		t.Errorf("the badge is %s", raw)
	}
	doc, err := strictjson.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	if problems := Check(doc); len(problems) > 0 || !SubjectNamed(doc) {
		t.Errorf("%v in %s", problems, raw)
	}
	full := badge
	full.ValidUntil, full.AwardedDate, full.Description, full.Image = at, at, "D", &Image{ID: "https://example.org/i.png", Type: "Image", Caption: "c"}
	full.CredentialStatus = &StatusEntry{ID: "https://example.org/s#1", Type: "BitstringStatusListEntry", StatusPurpose: "revocation", StatusListIndex: "1", StatusListCredential: "https://example.org/s"}
	full.Evidence = []Evidence{{ID: "https://example.org/e", Type: []string{"Evidence"}, Name: "E"}}
	full.Endorsement = []EndorsementCredential{{Context: badge.Context, ID: "urn:uuid:4", Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "E",
		Issuer: profile, ValidFrom: at, CredentialSubject: EndorsementSubject{ID: "urn:uuid:3", Type: []string{"EndorsementSubject"}}}}
	align := []Alignment{{Type: []string{"Alignment"}, TargetName: "T", TargetURL: "https://example.org/t", TargetType: "CFItem"}}
	s := &full.CredentialSubject
	s.Identifier = []IdentityObject{{Type: "IdentityObject", IdentityHash: "Ada", IdentityType: "name"}}
	s.ActivityStartDate, s.ActivityEndDate, s.CreditsEarned = at, at, 2.5
	s.Result = []Result{{Type: []string{"Result"}, ResultDescription: "urn:uuid:5", AchievedLevel: "urn:uuid:6", Status: "Completed", Value: "1", Alignment: align}}
	s.Achievement.Creator, s.Achievement.AchievementType, s.Achievement.InLanguage, s.Achievement.Alignment = &profile, "Course", "en-GB", align
	s.Achievement.ResultDescription = []ResultDescription{{ID: "urn:uuid:5", Type: []string{"ResultDescription"}, Name: "R", ResultType: "RubricCriterionLevel",
		RubricCriterionLevel: []RubricCriterionLevel{{ID: "urn:uuid:6", Type: []string{"RubricCriterionLevel"}, Name: "P", Points: "3"}}}}
	if raw, err = Marshal(full); err != nil {
		t.Fatal(err)
	}
	if doc, err = strictjson.Parse(raw); err != nil {
		t.Fatal(err)
	}
	if problems := Check(doc); len(problems) > 0 {
		t.Errorf("%v in %s", problems, raw)
	}
	if problems := CheckEndorsement(&doc.Get("endorsement").Kids[0]); len(problems) > 0 {
		t.Errorf("the endorsement: %v", problems)
	}
	doc.Get("credentialSubject").Get("achievement").Kids[2].Kind = strictjson.Null
	if problems := Check(doc); len(problems) != 1 || problems[0].Pointer != "/credentialSubject/achievement/achievementType" {
		t.Errorf("problems are %v", problems)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:x:1","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":"urn:x:2","validFrom":"2026-11-21T00:00:00Z","credentialSubject":{"type":["AchievementSubject"],"achievement":{"id":"urn:x:3","type":["Achievement"],"name":"N","description":"D","criteria":{}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := strictjson.Parse(raw)
		if err != nil {
			return
		}
		for _, p := range append(Check(doc), CheckEndorsement(doc)...) {
			if p.Rule == "" || p.Reason == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
		SubjectNamed(doc)
	})
}

// The matchers equal the patterns of the schema.
func TestFormatsEqualPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		match   func(string) bool
		words   []string
	}{
		{`^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json$`, isBadgeContext, []string{"https://purl.imsglobal.org/spec/ob/v3p0/context", "-3.0.1", "-3.1", ".json", "x", "-3.0.10"}},
		{`(ext:)[a-z|A-Z|0-9|.|-|_]+`, isExtension, []string{"ext:", "ext", ":", "a", "-", "|", ".", "_", " ", "é", "Z", "9", "{", "}"}},
		{`^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`, isLanguage, []string{"en", "-", "GB", "419", "Latn", "x", "EN", "abcd", "é", ""}},
		{`^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$`, isCompactJWS, []string{"a.", "a", ".", "-", "_", "Z9", "=", ""}},
	} {
		pattern := regexp.MustCompile(tt.pattern)
		yes := 0
		for _, text := range []string{"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ext:a", "en-Latn-GB", "a.b.c"} {
			if got := tt.match(text); got != pattern.MatchString(text) {
				t.Errorf("%q: %v; the pattern %s says otherwise", text, got, tt.pattern)
			} else if got {
				yes++
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(tt.words), 0, 5).Draw(t, "words"), "")
			if got := tt.match(text); got != pattern.MatchString(text) {
				t.Fatalf("%q: %v; the pattern %s says otherwise", text, got, tt.pattern)
			}
		})
		if yes == 0 {
			t.Errorf("%s never matched", tt.pattern)
		}
	}
}
