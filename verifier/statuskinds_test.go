package verifier_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// statusBadge is a badge with another status entry and perhaps more contexts.
func (w *world) statusBadge(t testing.TB, entry any, contexts ...string) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
		t.Fatal(err)
	}
	m["credentialStatus"] = entry
	for _, c := range contexts {
		m["@context"] = append(m["@context"].([]any), c)
	}
	return w.sign(t, m)
}

// unsigned takes the proof off a document.
func unsigned(t testing.TB, doc []byte) []byte {
	t.Helper()
	v, err := strictjson.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return v.Without("proof").Append(nil)
}

// packed is a bitstring with these bits set, most significant first, as gzip.
func packed(t testing.TB, bits ...int) []byte {
	t.Helper()
	list := make([]byte, 64<<10)
	for _, i := range bits {
		list[i/8] |= 0x80 >> (i % 8)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(list); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unknownStatus(reason string) expect {
	return expect{"undetermined", "status", "undetermined", reason, "Genuine, but whether it is still good could not be checked"}
}

// Entries of Status List 2021 are read by their own standard, not by that of
// their successor.
func TestStatusList2021(t *testing.T) {
	const context = "https://w3id.org/vc/status-list/2021/v1"
	list := func(change func(map[string]any), bits ...int) func(*world) []byte {
		return func(w *world) []byte {
			l := map[string]any{
				"@context": []string{vc.ContextV1, context, "https://w3id.org/security/data-integrity/v2"}, "id": listURL, "type": []string{"VerifiableCredential", "StatusList2021Credential"}, "issuer": academy,
				"issuanceDate": "2026-11-21T00:00:00Z", "credentialSubject": map[string]any{"id": listURL + "#list", "type": "StatusList2021", "statusPurpose": "revocation",
					"encodedList": base64.RawURLEncoding.EncodeToString(packed(t, bits...))}}
			if change != nil {
				change(l)
			}
			return w.sign(t, l)
		}
	}
	encoded := func(text string) func(map[string]any) {
		return func(l map[string]any) { l["credentialSubject"].(map[string]any)["encodedList"] = text }
	}
	entry := map[string]any{"id": listURL + "#94567", "type": "StatusList2021Entry", "statusPurpose": "revocation", "statusListIndex": "94567", "statusListCredential": listURL}
	with := func(name string, value any) map[string]any {
		e := map[string]any{}
		for k, v := range entry {
			e[k] = v
		}
		e[name] = value
		return e
	}
	std := base64.StdEncoding.EncodeToString
	for name, tt := range map[string]struct {
		entry map[string]any
		list  func(*world) []byte
		want  expect
	}{
		"not set":               {entry, list(nil, 94566, 94568), expect{"verified", "status", "verified", "does not mark it", "Issuer not known"}},
		"set":                   {entry, list(nil, 94567), expect{"refused", "status", "refused", "as revoked", "Genuine, but revoked"}},
		"base64 with padding":   {entry, list(encoded(std(packed(t, 94567)))), expect{"refused", "status", "refused", "as revoked", ""}},
		"multibase":             {entry, list(encoded("u" + base64.RawURLEncoding.EncodeToString(packed(t)))), unknownStatus("cannot be read")},
		"rubbish":               {entry, list(encoded("!!!!")), unknownStatus("not base64")},
		"line break":            {entry, list(encoded("H4sI\n" + std(packed(t))[4:])), unknownStatus("not base64")},
		"both alphabets":        {entry, list(encoded("-/" + std(packed(t))[2:])), unknownStatus("not base64")},
		"another purpose":       {with("statusPurpose", "suspension"), list(nil), unknownStatus("another purpose")},
		"a list of later kind":  {entry, func(w *world) []byte { return w.list(t, nil) }, unknownStatus("not a status list")},
		"later entry, old list": {with("type", "BitstringStatusListEntry"), list(nil), unknownStatus("not a status list")},
		"of another type": {entry, func(w *world) []byte {
			genuine := strings.Replace(string(unsigned(t, list(nil)(w))), `"type":"StatusList2021"`, `"type":"StatusList2020"`, 1)
			return w.sign(t, []byte(genuine), func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 })
		}, unknownStatus("not a status list")},
		"two lists": {entry, list(func(l map[string]any) {
			l["credentialSubject"] = []any{l["credentialSubject"], map[string]any{"id": "urn:uuid:l", "type": "StatusList2021", "statusPurpose": "revocation"}}
		}), unknownStatus("not one list")},
		"purpose not its own": {with("statusPurpose", "refresh"), list(func(l map[string]any) { l["credentialSubject"].(map[string]any)["statusPurpose"] = "refresh" }, 94567),
			unknownStatus("not known here")},
		"by someone else": {entry, list(func(l map[string]any) { l["issuer"] = "did:web:other.example" }), unknownStatus("someone else")},
	} {
		w := newWorld(t)
		w.lists[listURL] = tt.list(w)
		tt.want.compare(t, name, verify(t, w.verifier(), w.statusBadge(t, tt.entry, context)))
	}
}

// A list of 1EdTech is not signed; what it calls revoked is, and what is odd in
// it is never "not revoked".
func TestRevocationList(t *testing.T) {
	const (
		address = "https://badges.example.org/revoked"
		context = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
		good    = `{"id":"` + address + `","issuer":"` + academy + `","revokedCredential":[{"id":"urn:uuid:other"}]}`
	)
	named := func(more string) string {
		return strings.Replace(good, `{"id":"urn:uuid:other"}`, `{"id":"urn:uuid:other"},{"id":"`+badgeID+`"`+more+`}`, 1)
	}
	entry := map[string]any{"id": address, "type": "1EdTechRevocationList"}
	refused := func(reason string) expect {
		return expect{"refused", "status", "refused", reason, "Genuine, but revoked"}
	}
	fine := expect{"verified", "status", "verified", "not signed, does not name it", "Issuer not known"}
	for name, tt := range map[string]struct {
		list string
		want expect
	}{
		"not named":              {good, fine},
		"nobody":                 {`{"id":"` + address + `","issuer":"` + academy + `"}`, fine},
		"issuer as a profile":    {strings.Replace(good, `"`+academy+`"`, `{"id":"`+academy+`","type":"Profile"}`, 1), fine},
		"named":                  {named(""), refused("shows it as revoked.")},
		"with a reason":          {named(`,"revoked":true,"revocationReason":"copied work"`), refused("revoked: copied work.")},
		"percent-encoded":        {strings.Replace(named(""), badgeID, strings.Replace(badgeID, "uuid", "%75uid", 1)+" ", 1), refused("revoked")},
		"by itself":              {strings.Replace(good, `[{"id":"urn:uuid:other"}]`, `{"id":"`+badgeID+`"}`, 1), refused("revoked")},
		"no longer":              {named(`,"revoked":false`), fine},
		"revoked and oddities":   {strings.Replace(named(""), `[{`, `[7,{`, 1), refused("revoked")},
		"an oddity":              {strings.Replace(good, `[{`, `[7,{`, 1), unknownStatus("not as it should be")},
		"neither yes nor no":     {named(`,"revoked":"false"`), unknownStatus("not as it should be")},
		"a text for a list":      {strings.Replace(good, `[{"id":"urn:uuid:other"}]`, `"none"`, 1), unknownStatus("not as it should be")},
		"someone else's":         {strings.Replace(good, academy, "did:web:other.example", 1), unknownStatus("someone else")},
		"nobody's":               {`{"id":"` + address + `","revokedCredential":[]}`, unknownStatus("someone else")},
		"another list":           {strings.Replace(good, address, address+"2", 1), unknownStatus("another list")},
		"a page":                 {"<!doctype html>", unknownStatus("not a readable document")},
		"an array":               {"[" + good + "]", unknownStatus("not a readable document")},
		"a name twice":           {strings.Replace(good, `{"id"`, `{"revokedCredential":[],"id"`, 1), unknownStatus("not a readable document")},
		"longer than is read":    {strings.Replace(good, `[{`, `["`+strings.Repeat("x", 2<<20)+`",{`, 1), unknownStatus("not a readable document")},
		"more than is looked at": {strings.Replace(good, `[{`, `[`+strings.Repeat(`"",`, 40000)+`{`, 1), unknownStatus("not a readable document")},
	} {
		w := newWorld(t)
		w.lists[address] = []byte(tt.list)
		tt.want.compare(t, name, verify(t, w.verifier(), w.statusBadge(t, entry, context)))
	}
	w := newWorld(t)
	doc := w.statusBadge(t, entry, context)
	unknownStatus("could not be had").compare(t, "no list", verify(t, w.verifier(), doc))
	v := w.verifier()
	v.Status = nil
	unknownStatus("not at hand").compare(t, "offline", verify(t, v, doc))
	w.lists["http://badges.example.org/revoked"] = []byte(strings.ReplaceAll(good, "https://badges", "http://badges"))
	unclear := unknownStatus("where to look")
	unclear.compare(t, "without https", verify(t, w.verifier(), w.statusBadge(t, map[string]any{"id": "http://badges.example.org/revoked", "type": "1EdTechRevocationList"}, context)))
}

// Entries of several bits say in words what their values mean.
func TestStatusMessages(t *testing.T) {
	list := func(w *world, purpose string, bits ...int) []byte {
		return w.list(t, func(l map[string]any) {
			s := l["credentialSubject"].(map[string]any)
			s["statusPurpose"], s["encodedList"] = purpose, "u"+base64.RawURLEncoding.EncodeToString(packed(t, bits...))
		})
	}
	messages := []any{
		map[string]any{"status": "0x0", "message": "on its way"}, map[string]any{"status": "0x1", "message": "accepted"},
		map[string]any{"status": "0x2", "message": "in dispute"}, map[string]any{"status": "0x3", "message": "lapsed"},
	}
	// The entry 5 of two bits is bits 10 and 11.
	for name, tt := range map[string]struct {
		purpose  string
		size     any
		messages any
		bits     []int
		want     expect
	}{
		"first":               {"message", 2, messages, nil, expect{"verified", "status", "verified", "“on its way”", ""}},
		"second":              {"message", 2, messages, []int{11}, expect{"verified", "status", "verified", "“accepted”", ""}},
		"third":               {"message", 2, messages, []int{10}, expect{"verified", "status", "verified", "“in dispute”", ""}},
		"fourth":              {"message", 2, messages, []int{10, 11}, expect{"verified", "status", "verified", "“lapsed”", ""}},
		"neighbours":          {"message", 2, messages, []int{9, 12}, expect{"verified", "status", "verified", "“on its way”", ""}},
		"revocation":          {"revocation", 2, messages, []int{10}, expect{"refused", "status", "refused", "as revoked: “in dispute”", "Genuine, but revoked"}},
		"not revoked":         {"revocation", 2, messages, nil, expect{"verified", "status", "verified", "does not mark it: “on its way”", ""}},
		"one bit":             {"message", 1, messages[:2], []int{5}, expect{"verified", "status", "verified", "“accepted”", ""}},
		"one bit, no words":   {"message", 1, nil, []int{5}, expect{"verified", "status", "verified", "message: 1", ""}},
		"no words":            {"message", 2, nil, nil, unknownStatus("does not say what")},
		"no words, revoked":   {"revocation", 2, nil, []int{10}, unknownStatus("does not say what")},
		"no word for this":    {"message", 2, messages[:2], []int{10}, unknownStatus("does not say what")},
		"two words for this":  {"message", 2, append(messages[:4:4], messages[2]), []int{10}, unknownStatus("does not say what")},
		"values without 0x":   {"message", 2, []any{map[string]any{"status": "0", "message": "x"}}, nil, unknownStatus("does not say what")},
		"size nought":         {"message", 0, messages, nil, unknownStatus("size")},
		"size as text":        {"message", "2", messages, nil, unknownStatus("size")},
		"more bits than read": {"message", 9, messages, nil, unknownStatus("size")},
		"unknown purpose":     {"praise", 2, messages, []int{10}, unknownStatus("not known here")},
	} {
		w := newWorld(t)
		w.lists[listURL] = list(w, tt.purpose, tt.bits...)
		entry := map[string]any{"id": listURL + "#5", "type": "BitstringStatusListEntry", "statusPurpose": tt.purpose, "statusListIndex": "5", "statusListCredential": listURL, "statusSize": tt.size}
		if tt.messages != nil {
			entry["statusMessage"] = tt.messages
		}
		if tt.size == "2" {
			entry["statusSize"] = map[string]any{"@value": "2", "@type": "http://www.w3.org/2001/XMLSchema#integer"}
		}
		tt.want.compare(t, name, verify(t, w.verifier(), w.statusBadge(t, entry)))
	}
	// Several entries of one list ask for it once.
	w := newWorld(t)
	var entries []any
	for i := range 4 {
		entries = append(entries, map[string]any{"id": listURL + "#" + string(rune('0'+i)), "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": string(rune('0' + i)), "statusListCredential": listURL})
	}
	r := verify(t, w.verifier(), w.statusBadge(t, entries))
	asked := 0
	for _, a := range w.asked {
		if a == listURL {
			asked++
		}
	}
	if asked != 1 || r.Verdict != verifier.Verified {
		t.Errorf("%s; asked for the list %d times", r.Verdict, asked)
	}
}

func FuzzRevocationList(f *testing.F) {
	const address = "https://badges.example.org/revoked"
	f.Add([]byte(`{"id":"` + address + `","issuer":"` + academy + `","revokedCredential":[{"id":"urn:uuid:other"},{"id":"` + badgeID + `","revoked":false}]}`))
	f.Add([]byte(`{"id":"` + address + `","issuer":{"id":"` + academy + `"},"revokedCredential":{"id":"%2","revoked":1}}`))
	w := newWorld(f)
	doc := w.statusBadge(f, map[string]any{"id": address, "type": "1EdTechRevocationList"}, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
	f.Fuzz(func(t *testing.T, list []byte) {
		w.lists[address] = list
		r := verify(t, w.verifier(), doc)
		if outcome(r, "status") == verifier.Verified && !bytes.Contains(list, []byte("issuer")) {
			t.Errorf("good by %s", list)
		}
	})
}
