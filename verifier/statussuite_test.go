package verifier_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
)

// statusCase changes members of a status entry or of a list; the values are
// JSON, "-" removes the member.
type statusCase struct{ member, value, reason string }

// changed gives a JSON object with one member changed.
func changed(t testing.TB, object map[string]any, member, value string) map[string]any {
	t.Helper()
	m := map[string]any{}
	for name, v := range object {
		m[name] = v
	}
	if m[member] = json.RawMessage(value); value == "-" {
		delete(m, member)
	}
	return m
}

// signJSON signs a document whatever is in it: a proof over the JSON itself
// needs no vocabulary.
func (w *world) signJSON(t testing.TB, doc any) []byte {
	t.Helper()
	return w.sign(t, doc, func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 })
}

// TestBitstringEntries: Bitstring Status List v1.0 §2.1. Bit 94567 is set, so
// that whatever is read as "not marked" is seen.
func TestBitstringEntries(t *testing.T) {
	w := newWorld(t)
	w.lists[listURL] = w.list(t, func(l map[string]any) {
		s := l["credentialSubject"].(map[string]any)
		s["statusPurpose"] = []string{"revocation", "suspension"}
	}, 94567)
	entry := map[string]any{"id": listURL + "#94567", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "94567", "statusListCredential": listURL}
	signed := func(member, value string) []byte {
		var m map[string]any
		if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
			t.Fatal(err)
		}
		m["credentialStatus"] = changed(t, entry, member, value)
		return w.signJSON(t, m)
	}
	// Still revoked, however it is said.
	for _, tt := range []statusCase{
		{"id", `"` + listURL + `#94567"`, ""}, {"id", `-`, ""}, {"id", `"urn:uuid:4e1b0f52-0c56-4d6c-8e3f-6d2f6f2c5e11"`, ""}, {"id", `"` + listURL + `"`, "that of the whole list"},
		{"type", `["BitstringStatusListEntry"]`, ""}, {"type", `["BitstringStatusListEntry","https://example.org/A"]`, ""}, {"type", `["https://example.org/A","BitstringStatusListEntry"]`, ""},
		{"statusListIndex", `94567`, "not written as a string"}, {"statusSize", `1`, ""}, {"statusReference", `"https://example.org/why"`, ""}, {"statusReference", `["https://example.org/why"]`, ""},
		{"statusMessage", `[{"status":"0x0","message":"stands"},{"status":"0x1","message":"withdrawn"}]`, ""}, {"statusPurpose", `"suspension"`, ""},
	} {
		r := verify(t, w.verifier(), signed(tt.member, tt.value))
		if r.Verdict != verifier.Refused || outcome(r, "status") != verifier.Refused {
			t.Errorf("%s %s: status is %s: %s", tt.member, tt.value, outcome(r, "status"), find(r, "status").Reason)
		}
		if tt.reason != "" {
			expect{"refused", "conformance", "refused", tt.reason, "Genuine, but revoked"}.compare(t, tt.member+" "+tt.value, r)
		}
	}
	// Never "not marked": an index that is not one, beyond the end, of another kind.
	for _, tt := range []statusCase{
		{"statusListIndex", `-`, ""}, {"statusListIndex", `""`, ""}, {"statusListIndex", `"-1"`, ""}, {"statusListIndex", `-1`, ""}, {"statusListIndex", `"-0"`, ""}, {"statusListIndex", `"+1"`, ""}, {"statusListIndex", `"01"`, ""}, {"statusListIndex", `"00"`, ""}, {"statusListIndex", `"0x1"`, ""},
		{"statusListIndex", `"1.0"`, ""}, {"statusListIndex", `1.5`, ""}, {"statusListIndex", `"1e3"`, ""}, {"statusListIndex", `1e3`, ""}, {"statusListIndex", `" 1"`, ""}, {"statusListIndex", `"1 "`, ""}, {"statusListIndex", `"1\n"`, ""}, {"statusListIndex", `"1_000"`, ""}, {"statusListIndex", `"1,000"`, ""}, {"statusListIndex", `"١"`, ""}, {"statusListIndex", `"one"`, ""},
		{"statusListIndex", `true`, ""}, {"statusListIndex", `null`, ""}, {"statusListIndex", `["1"]`, ""}, {"statusListIndex", `{"@value":"1"}`, ""}, {"statusListIndex", `"131072"`, ""}, {"statusListIndex", `131072`, ""}, {"statusListIndex", `"4294967295"`, ""}, {"statusListIndex", `"4294967296"`, ""}, {"statusListIndex", `"9223372036854775807"`, ""}, {"statusListIndex", `"9223372036854775808"`, ""},
		{"statusListIndex", `"18446744073709551615"`, ""}, {"statusListIndex", `"18446744073709551616"`, ""}, {"statusListIndex", `"100000000000000000000000000000000"`, ""},
		{"statusPurpose", `-`, ""}, {"statusPurpose", `""`, ""}, {"statusPurpose", `null`, ""}, {"statusPurpose", `7`, ""}, {"statusPurpose", `["revocation"]`, ""}, {"statusPurpose", `"Revocation"`, ""}, {"statusPurpose", `"refresh"`, ""}, {"statusPurpose", `"message"`, ""},
		{"statusListCredential", `-`, ""}, {"statusListCredential", `""`, ""}, {"statusListCredential", `null`, ""}, {"statusListCredential", `7`, ""}, {"statusListCredential", `["` + listURL + `"]`, ""}, {"statusListCredential", `"https://badges.example.org/status/2"`, ""}, {"statusListCredential", `"` + listURL + `#1"`, ""}, {"statusListCredential", `{"id":"` + listURL + `"}`, ""},
		{"statusSize", `0`, ""}, {"statusSize", `-1`, ""}, {"statusSize", `1.5`, ""}, {"statusSize", `"1"`, ""}, {"statusSize", `null`, ""}, {"statusSize", `[1]`, ""}, {"statusSize", `true`, ""}, {"statusSize", `2`, ""}, {"statusSize", `8`, ""}, {"statusSize", `9`, ""}, {"statusSize", `1e3`, ""}, {"statusSize", `9007199254740992`, ""},
		{"statusMessage", `[]`, ""}, {"statusMessage", `{}`, ""}, {"statusMessage", `"withdrawn"`, ""}, {"statusMessage", `[{"status":"0x0","message":"stands"}]`, ""}, {"statusMessage", `[{"status":"1","message":"x"}]`, ""}, {"statusMessage", `[{"status":1,"message":"x"}]`, ""}, {"statusMessage", `[{"status":"0x1"}]`, ""}, {"statusMessage", `[{"message":"x"}]`, ""}, {"statusMessage", `[{"status":"0x1","message":""}]`, ""}, {"statusMessage", `[{"status":"0x1","message":"a"},{"status":"0x01","message":"b"}]`, ""},
		{"type", `"StatusList2021Entry"`, ""}, {"type", `"bitstringStatusListEntry"`, ""}, {"type", `"BitstringStatusListEntry "`, ""}, {"type", `"RevocationList2020Status"`, ""},
	} {
		r := verify(t, w.verifier(), signed(tt.member, tt.value))
		if r.Verdict != verifier.Undetermined || outcome(r, "status") != verifier.Undetermined {
			t.Errorf("%s %s: %s; status is %s: %s", tt.member, tt.value, r.Verdict, outcome(r, "status"), find(r, "status").Reason)
		}
	}
}

// TestBitstringCredentials: Bitstring Status List v1.0 §2.2 and §3.2, the list
// as a credential of its own.
func TestBitstringCredentials(t *testing.T) {
	w := newWorld(t)
	doc := w.sign(t, badge())
	list := unsignedList(t, 94567)
	subject := list["credentialSubject"].(map[string]any)
	encoded := subject["encodedList"].(string)
	try := func(name string, list any, want verifier.Outcome) {
		t.Helper()
		w.lists[listURL] = w.signJSON(t, list)
		r := verify(t, w.verifier(), doc)
		if outcome(r, "status") != want || r.Verdict != want {
			t.Errorf("%s: %s; status is %s: %s", name, r.Verdict, outcome(r, "status"), find(r, "status").Reason)
		}
	}
	try("as it is", list, verifier.Refused)
	for _, tt := range []statusCase{
		{"id", `-`, ""}, {"type", `["BitstringStatusListCredential","VerifiableCredential"]`, ""}, {"issuer", `{"id":"` + academy + `","name":"N"}`, ""}, {"validFrom", `-`, ""}, {"validUntil", `-`, ""}, {"validUntil", `"2026-11-21T12:00:00Z"`, ""}, {"validFrom", `"2026-11-21T12:00:00Z"`, ""}, {"validFrom", `"2026-11-20T24:00:00Z"`, ""},
	} {
		try("list: "+tt.member+" "+tt.value, changed(t, list, tt.member, tt.value), verifier.Refused)
	}
	for _, tt := range []statusCase{
		{"id", `-`, ""}, {"type", `["BitstringStatusList"]`, ""}, {"type", `["https://example.org/A","BitstringStatusList"]`, ""}, {"statusPurpose", `["revocation"]`, ""}, {"statusPurpose", `["suspension","revocation","https://example.org/p"]`, ""},
		{"ttl", `300000`, ""}, {"ttl", `1`, ""}, {"ttl", `0`, ""}, {"statusReference", `"https://example.org/why"`, ""},
	} {
		try("subject: "+tt.member+" "+tt.value, changed(t, list, "credentialSubject", string(toJSON(t, changed(t, subject, tt.member, tt.value)))), verifier.Refused)
	}
	try("subject in a list", changed(t, list, "credentialSubject", "["+string(toJSON(t, subject))+"]"), verifier.Refused)

	for _, tt := range []statusCase{
		{"@context", `["https://example.org"]`, ""}, {"id", `"` + listURL + `0"`, ""}, {"id", `7`, ""}, {"id", `null`, ""}, {"type", `["VerifiableCredential"]`, ""}, {"type", `["BitstringStatusListCredential"]`, ""}, {"type", `["VerifiableCredential","BitstringStatusList"]`, ""}, {"type", `["VerifiableCredential","StatusList2021Credential"]`, ""},
		{"issuer", `-`, ""}, {"issuer", `"did:web:evil.example"`, ""}, {"issuer", `["` + academy + `"]`, ""}, {"issuer", `"` + academy + `/"`, ""}, {"issuer", `"did:web:BADGES.example.org"`, ""},
		{"validFrom", `"2026-11-21T12:00:01Z"`, ""}, {"validFrom", `"2026-11-21T10:00:00-03:00"`, ""}, {"validFrom", `"today"`, ""}, {"validUntil", `"2026-11-21T11:59:59Z"`, ""}, {"validUntil", `"2026-11-20T00:00:00Z"`, ""}, {"validUntil", `7`, ""}, {"credentialSubject", `-`, ""}, {"credentialSubject", `[]`, ""},
		{"credentialSubject", `[` + string(toJSON(t, subject)) + `,` + string(toJSON(t, subject)) + `]`, ""}, {"credentialStatus", `{"id":"urn:s:1"}`, ""},
	} {
		try("list: "+tt.member+" "+tt.value, changed(t, list, tt.member, tt.value), verifier.Undetermined)
	}
	plain := base64.RawURLEncoding.EncodeToString(packed(t, 94567))
	for _, tt := range []statusCase{
		{"type", `-`, ""}, {"type", `"bitstringStatusList"`, ""}, {"type", `"BitstringStatusListCredential"`, ""}, {"type", `["StatusList2021"]`, ""},
		{"statusPurpose", `-`, ""}, {"statusPurpose", `""`, ""}, {"statusPurpose", `null`, ""}, {"statusPurpose", `[]`, ""}, {"statusPurpose", `"suspension"`, ""}, {"statusPurpose", `["suspension","refresh"]`, ""}, {"statusPurpose", `"revocation "`, ""}, {"statusPurpose", `{"id":"revocation"}`, ""},
		{"encodedList", `-`, ""}, {"encodedList", `""`, ""}, {"encodedList", `null`, ""}, {"encodedList", `7`, ""}, {"encodedList", `["` + encoded + `"]`, ""}, {"encodedList", `"` + plain + `"`, ""}, {"encodedList", `"` + encoded + `="`, ""}, {"encodedList", `"` + encoded[:len(encoded)-4] + `"`, ""}, {"encodedList", `"u"`, ""}, {"encodedList", `" ` + encoded + `"`, ""},
		{"encodedList", `"` + gzipped(make([]byte, 16383)) + `"`, ""}, {"encodedList", `"` + gzipped(nil) + `"`, ""}, {"encodedList", `"` + gzipped(make([]byte, 9<<20)) + `"`, ""},
	} {
		try("subject: "+tt.member+" "+tt.value, changed(t, list, "credentialSubject", string(toJSON(t, changed(t, subject, tt.member, tt.value)))), verifier.Undetermined)
	}
}
