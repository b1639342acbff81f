package verifier_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
)

// departures are credentials that VC Data Model 2.0 forbids, one for every
// statement that can be told on a document; package vc holds the many spellings
// of each. The value is JSON; "-" removes the member.
var departures = []struct{ section, member, value string }{
	{"4.3", "@context", `-`}, {"4.3", "@context", `["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json","https://www.w3.org/ns/credentials/v2"]`},
	{"4.3", "@context", `["https://www.w3.org/ns/credentials/v2",123192875]`}, {"4.3", "@context", `["https://www.w3.org/ns/credentials/v2","https ://not-a-url/contexts/example/v1"]`},
	{"4.4", "id", `null`}, {"4.4", "id", `["urn:uuid:1","urn:uuid:2"]`}, {"4.4", "id", `"not-a-url"`}, {"4.4", "id", `7`},
	{"4.4", "credentialSubject", `{"id":["did:key:z","did:key:y"],"type":["AchievementSubject"]}`},
	{"4.5", "type", `-`}, {"4.5", "type", `["OpenBadgeCredential"]`}, {"4.5", "type", `["VerifiableCredential",7]`},
	{"4.6", "name", `{"@value":"N","@language":"en","url":"https://example.org"}`}, {"4.6", "description", `{"@value":"N","@direction":"up"}`}, {"4.6", "name", `7`},
	{"4.7", "issuer", `-`}, {"4.7", "issuer", `null`}, {"4.7", "issuer", `["` + academy + `"]`}, {"4.7", "issuer", `{"name":"Example Academy"}`}, {"4.7", "issuer", `{"id":"` + academy + `","name":{"@value":"N","x":1}}`},
	{"4.8", "credentialSubject", `-`}, {"4.8", "credentialSubject", `{}`}, {"4.8", "credentialSubject", `[]`}, {"4.8", "credentialSubject", `[{"id":"urn:a:1"},{}]`}, {"4.8", "credentialSubject", `"did:key:z6Mk"`}, {"4.8", "credentialSubject", `null`},
	{"4.9", "validFrom", `"2026-11-20"`}, {"4.9", "validFrom", `"2016-12-31T23:59:60Z"`}, {"4.9", "validFrom", `"02026-11-20T00:00:00Z"`}, {"4.9", "validUntil", `"2026-02-30T00:00:00Z"`}, {"4.9", "validUntil", `"2020-01-01T00:00:00Z"`}, {"4.9", "validUntil", `null`}, {"4.9", "validFrom", `1795219200`},
	{"4.10", "credentialStatus", `{"id":"https://badges.example.org/status/1#1"}`}, {"4.10", "credentialStatus", `"https://badges.example.org/status/1"`}, {"4.10", "credentialStatus", `null`}, {"4.10", "credentialStatus", `{"id":"not-a-url","type":"BitstringStatusListEntry"}`},
	{"4.11", "credentialSchema", `{"type":"JsonSchema"}`}, {"4.11", "credentialSchema", `{"id":"https://example.org/s"}`}, {"4.11", "credentialSchema", `{"id":"not-a-url","type":"JsonSchema"}`},
	{"5.3", "relatedResource", `{"id":"https://example.org/r"}`}, {"5.3", "relatedResource", `{"digestSRI":"sha256-x"}`}, {"5.3", "relatedResource", `["https://example.org/r"]`}, {"5.3", "relatedResource", `[{"id":"urn:r:1","digestSRI":"sha256-x"},{"id":"urn:r:1","digestSRI":"sha256-x"}]`},
	{"5.4", "refreshService", `{"id":"https://example.org/r"}`}, {"5.5", "termsOfUse", `[{"id":"https://example.org/t"}]`}, {"5.6", "evidence", `[{"name":"E"}]`}, {"5.10", "renderMethod", `{"id":"https://example.org/t"}`}, {"5.10", "confidenceMethod", `{"id":"https://example.org/t"}`},
}

// TestDataModelWhole: a departure is refused in whatever form it is signed, with
// the key of the issuer, by itself and in a presentation; and without it the
// same credential is verified.
func TestDataModelWhole(t *testing.T) {
	w := newTokenWorld(t)
	try := func(name, doc string, want verifier.Outcome) {
		t.Helper()
		token := w.rawToken(t, `{"alg":"EdDSA","typ":"vc+jwt","kid":"`+w.method+`"}`, doc)
		documents := map[string][]byte{
			"token": token, "enveloped": []byte(enveloped(token)),
			"presented": vpToken(t, adaKey, adaMethod(), presentation(adaID(), enveloped(token))),
		}
		// Our own signer leaves some of them unsigned.
		if signed, err := dataintegrity.Sign([]byte(doc), w.key, dataintegrity.Options{VerificationMethod: w.method, Created: today, Cryptosuite: dataintegrity.EddsaJCS2022}, true); err == nil {
			documents["signed JSON"] = signed
		}
		if signed, err := dataintegrity.Sign([]byte(doc), w.key, dataintegrity.Options{VerificationMethod: w.method, Created: today}, true); err == nil {
			documents["signed statements"] = signed
		}
		for form, signed := range documents {
			r := verify(t, w.verifier(), signed)
			if r.Verdict != want || outcome(r, "format") != want {
				t.Errorf("%s, %s: %s; format is %s: %s", name, form, r.Verdict, outcome(r, "format"), r.Summary)
			}
		}
	}
	good := string(toJSON(t, badge()))
	try("as it is", good, verifier.Verified)
	for _, d := range departures {
		m := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(good), &m); err != nil {
			t.Fatal(err)
		}
		if m[d.member] = json.RawMessage(d.value); d.value == "-" {
			delete(m, d.member)
		}
		try("§"+d.section+" "+d.member+" "+d.value, string(toJSON(t, m)), verifier.Refused)
	}
}

// TestPresentationModel: §4.13 with what holds for presentations as for
// credentials.
func TestPresentationModel(t *testing.T) {
	w := newTokenWorld(t)
	hers := &tokenWorld{world: &world{key: adaKey}}
	token := vcToken(t, w.key, w.method, "")
	one := enveloped(token)
	good := presentation(adaID(), one)
	change := func(old, new string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	const types = `"type":["VerifiablePresentation"]`
	for name, tt := range map[string]struct{ doc, reason string }{
		"as it is":               {good, ""},
		"id":                     {change(types, types+`,"id":"urn:uuid:1"`), ""},
		"type a text":            {change(types, `"type":"VerifiablePresentation"`), ""},
		"a type more":            {change(types, `"type":["VerifiablePresentation","https://example.org/types#A"]`), ""},
		"types in another order": {change(types, `"type":["https://example.org/types#A","VerifiablePresentation"]`), ""},
		"holder an object":       {change(`"holder":"`+adaID()+`"`, `"holder":{"id":"`+adaID()+`"}`), ""},
		"one, no list":           {change(`[`+one+`]`, one), ""},
		"terms of use":           {change(types, types+`,"termsOfUse":{"type":"IssuerPolicy"}`), ""},
		"envelope of two types":  {change(`"type":"EnvelopedVerifiableCredential"`, `"type":["EnvelopedVerifiableCredential"]`), ""},
		"nothing presented":      {change(`[`+one+`]`, `[]`), ""},

		"id null":                   {change(types, types+`,"id":null`), "id is not one URL"},
		"two ids":                   {change(types, types+`,"id":["urn:uuid:1","urn:uuid:2"]`), "id is not one URL"},
		"id no URL":                 {change(types, types+`,"id":"1"`), "id is not one URL"},
		"no context":                {change(`"@context":["https://www.w3.org/ns/credentials/v2"],`, ``), "@context"},
		"context null":              {change(`["https://www.w3.org/ns/credentials/v2"]`, `null`), "@context"},
		"another first":             {change(`["https://www.w3.org/ns/credentials/v2"]`, `["https://example.org","https://www.w3.org/ns/credentials/v2"]`), "@context"},
		"context with a number":     {change(`["https://www.w3.org/ns/credentials/v2"]`, `["https://www.w3.org/ns/credentials/v2",123192875]`), "@context"},
		"context with no address":   {change(`["https://www.w3.org/ns/credentials/v2"]`, `["https://www.w3.org/ns/credentials/v2","https ://not-a-url/contexts/example/v1"]`), "@context"},
		"context of both versions":  {change(`["https://www.w3.org/ns/credentials/v2"]`, `["https://www.w3.org/ns/credentials/v2","https://www.w3.org/2018/credentials/v1"]`), "vocabulary"},
		"type with a number":        {change(types, `"type":["VerifiablePresentation",7]`), "type"},
		"type with nothing":         {change(types, `"type":["VerifiablePresentation",""]`), "type"},
		"type with null":            {change(types, `"type":["VerifiablePresentation",null]`), "type"},
		"holder no URL":             {change(`"holder":"`+adaID()+`"`, `"holder":"Ada"`), "holder"},
		"holder with a blank":       {change(`"holder":"`+adaID()+`"`, `"holder":"did:key: x"`), "holder"},
		"holder null":               {change(`"holder":"`+adaID()+`"`, `"holder":null`), "holder"},
		"holder a number":           {change(`"holder":"`+adaID()+`"`, `"holder":7`), "holder"},
		"holder without id":         {change(`"holder":"`+adaID()+`"`, `"holder":{"name":"Ada"}`), "holder"},
		"holders":                   {change(`"holder":"`+adaID()+`"`, `"holder":["`+adaID()+`"]`), "holder"},
		"terms without type":        {change(types, types+`,"termsOfUse":{"id":"urn:t:1"}`), "type"},
		"credential a text":         {change(one, `"`+string(token)+`"`), "not a credential"},
		"credential an address":     {change(one, `"https://example.org/credentials/1"`), "not a credential"},
		"credential a number":       {change(one, `7`), "not a credential"},
		"credential null":           {change(one, `null`), "not a credential"},
		"credential a list":         {change(one, `[`+one+`]`), "not a credential"},
		"credential empty":          {change(one, `{}`), "not a credential"},
		"credentials null":          {change(`[`+one+`]`, `null`), "not a credential"},
		"envelope without type":     {change(`"type":"EnvelopedVerifiableCredential"`, `"x":1`), "not a credential"},
		"envelope of another type":  {change(`"type":"EnvelopedVerifiableCredential"`, `"type":"VerifiableCredential"`), "proper credential"},
		"envelope without context":  {change(`{"@context":"https://www.w3.org/ns/credentials/v2",`, `{`), "@context"},
		"envelope, another context": {change(`{"@context":"https://www.w3.org/ns/credentials/v2",`, `{"@context":"https://example.org",`), "@context"},
		"envelope without id":       {change(`"id":"data:application/vc+jwt,`, `"url":"data:application/vc+jwt,`), "data URL"},
		"envelope, no data URL":     {change(`"id":"data:application/vc+jwt,`, `"id":"https://example.org/`), "data URL"},
		"envelope, two ids":         {change(`"id":"data:application/vc+jwt,`+string(token)+`"`, `"id":["data:application/vc+jwt,`+string(token)+`"]`), "data URL"},
	} {
		r := present(t, w.verifier(), hers.rawToken(t, `{"alg":"EdDSA","typ":"vp+jwt","kid":"`+adaMethod()+`"}`, tt.doc), verifier.Ask{})
		if tt.reason == "" {
			expect{"verified", "format", "verified", "", ""}.compare(t, name, r)
		} else {
			expect{"refused", "format", "refused", tt.reason, "Not genuine"}.compare(t, name, r)
		}
	}
}
