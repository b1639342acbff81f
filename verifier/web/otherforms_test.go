package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// TestFormsNotRead: VC-JOSE-COSE in the forms that are not read is answered
// with a sentence, as a report that decides nothing or as a refusal of the
// request; never as a fault, and never green.
func TestFormsNotRead(t *testing.T) {
	cose := "\xd2\x84\x43\xa1\x01\x26\xa0\x58\x20" + strings.Repeat("x", 32) + "\x58\x40" + strings.Repeat("s", 64)
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	sd := part(`{"alg":"ES256","typ":"vc+sd-jwt"}`) + "." + part(`{"@context":["https://www.w3.org/ns/credentials/v2"],"_sd":["x"]}`) + "." + part(strings.Repeat("s", 64)) + "~" + part(`["salt","name","Ada"]`) + "~"
	envelope := func(url string) string {
		return `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"EnvelopedVerifiableCredential","id":"data:` + url + `"}`
	}
	for name, tt := range map[string]struct {
		media, body string
		status      int
	}{
		"COSE by its name":           {"application/vc+cose", cose, 415},
		"COSE of a presentation":     {"application/vp+cose", cose, 415},
		"SD-JWT by its name":         {"application/vc+sd-jwt", sd, 415},
		"COSE as bytes":              {"application/octet-stream", cose, 200},
		"COSE in base64":             {"text/plain", base64.StdEncoding.EncodeToString([]byte(cose)), 200},
		"SD-JWT as text":             {"text/plain", sd, 200},
		"SD-JWT as another token":    {"application/vc+jwt", sd, 200},
		"SD-JWT in a request":        {"application/json", `{"credential":"` + sd + `"}`, 200},
		"COSE, enveloped":            {"application/vc", envelope("application/vc+cose;base64," + base64.StdEncoding.EncodeToString([]byte(cose))), 200},
		"SD-JWT, enveloped":          {"application/json", envelope("application/vc+sd-jwt," + sd), 200},
		"JSON serialisation":         {"application/json", `{"payload":"e30","protected":"e30","signature":"AA"}`, 400},
		"general JSON serialisation": {"application/json", `{"payload":"e30","signatures":[{"protected":"e30","signature":"AA"}]}`, 400},
	} {
		rec := post(server(t, nil), "/api/verify", tt.media, []byte(tt.body))
		var answer struct{ Verdict, Summary, Detail string }
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != tt.status {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
			continue
		}
		switch {
		case tt.status == 200 && (answer.Verdict != "undetermined" || !strings.Contains(answer.Summary, "form that is not read here")):
			t.Errorf("%s: %s: %s", name, answer.Verdict, answer.Summary)
		case tt.status != 200 && !strings.HasSuffix(answer.Detail, "."):
			t.Errorf("%s: %s", name, rec.Body)
		}
	}
}
