package vcapi_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/web"
)

// TestAccess: who comes in at every route: a client with the scope and a good
// token, and nobody else. An admin of the whole installation is nobody here.
func TestAccess(t *testing.T) {
	d := open(t, issuertest.Options{})
	root, err := d.Registrar.AddAdmin(t.Context(), operator, "root@x.example", "Rut Root")
	if err != nil {
		t.Fatal(err)
	}
	person, err := d.Signin.PersonToken(root.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for _, s := range issuer.Scopes {
		if s != issuer.VCAPI {
			others = append(others, string(s))
		}
	}
	client, secret, err := d.Registrar.AddClient(t.Context(), operator, "other", others)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := d.Signin.ClientToken(t.Context(), client.ID, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	gone, goneSecret, err := d.Registrar.AddClient(t.Context(), operator, "gone", []string{"vc-api"})
	if err != nil {
		t.Fatal(err)
	}
	revoked, _, err := d.Signin.ClientToken(t.Context(), gone.ID, goneSecret, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Registrar.RevokeClient(t.Context(), operator, gone.ID); err != nil {
		t.Fatal(err)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(string(client.ID)+":"+secret))
	callers := []struct {
		name, authorization string
		status              int
	}{
		{"nobody", "", 401},
		{"a secret in the request", basic, 401},
		{"not a token", "Bearer x.y.z", 401},
		{"a token cut short", "Bearer " + d.token[:len(d.token)-4], 401},
		{"a client that was revoked", "Bearer " + revoked, 401},
		{"an admin", "Bearer " + person, 403},
		{"a client without the scope", "Bearer " + other, 403},
		{"a client with the scope", "Bearer " + d.token, 0},
	}
	routes := []string{"/credentials/verify", "/presentations/verify", "/eddsa-rdfc/credentials/verify", "/eddsa-rdfc/presentations/verify",
		"/eddsa-rdfc/credentials/issue", "/eddsa-rdfc/credentials/derive", "/eddsa-rdfc/credentials/status", "/unbound/credentials/verify"}
	ask := func(route, authorization string) *issuertest.Answer {
		var headers []string
		if authorization != "" {
			headers = []string{"Authorization", authorization}
		}
		return d.Send(t, "nobody", "POST", "/vc-api"+route, `{}`, headers...)
	}
	check := func(name, route, authorization string, status int) {
		a := ask(route, authorization)
		if status != 0 && a.Status != status || status == 0 && a.Status != 400 {
			t.Errorf("%s at %s: %d %s", name, route, a.Status, a.Body)
		}
		if a.Header.Get("Content-Type") != "application/problem+json" || (a.Status == 401) != (a.Header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s at %s: %v", name, route, a.Header)
		}
	}
	for _, route := range routes {
		for _, c := range callers {
			check(c.name, route, c.authorization, c.status)
		}
	}
	d.Clock.Advance(2 * time.Hour)
	for _, route := range routes {
		check("an expired token", route, "Bearer "+d.token, 401)
	}
}

// TestSessions: a browser that is signed in has no business here.
func TestSessions(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	d := &door{Service: s}
	mount(t, d)
	a := s.Browse(t, "root").Post(t, "/vc-api/credentials/verify", nil)
	if a.Status != 403 || a.Header.Get("Location") != "" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if a := s.Browse(t, "nobody").Post(t, "/vc-api/credentials/verify", nil); a.Status != 401 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("nobody's browser: %d %v", a.Status, a.Header)
	}
}

// TestRequests: what is not understood is refused, and says where.
func TestRequests(t *testing.T) {
	d := open(t, issuertest.Options{})
	good := d.issue(t, "eddsa-rdfc", plain("2.0", d.dids["eddsa-rdfc"]), nil)
	wrapped := func(options string) string {
		return strings.Replace(`{"verifiableCredential":{},"options":`+options+`}`, "{}", text(t, good), 1)
	}
	tests := []struct {
		name, path string
		body       any
		headers    []string
		status     int
		field      string
	}{
		{"no such instance", "/none/credentials/issue", `{}`, nil, 404, ""},
		{"no such route", "/eddsa-rdfc/credentials/mint", `{}`, nil, 404, ""},
		{"not JSON", "/credentials/verify", `{`, nil, 400, ""},
		{"two values", "/credentials/verify", `{} {}`, nil, 400, ""},
		{"a name twice", "/credentials/verify", `{"options":{},"options":{}}`, nil, 400, ""},
		{"broken UTF-8", "/credentials/verify", "{\"options\":{\"domain\":\"\xff\"}}", nil, 400, ""},
		{"a list", "/credentials/verify", `[]`, nil, 400, ""},
		{"nothing", "/credentials/verify", `{}`, nil, 400, "/verifiableCredential"},
		{"another name", "/credentials/verify", `{"credential":{}}`, nil, 400, "/credential"},
		{"another case", "/credentials/verify", `{"VerifiableCredential":{}}`, nil, 400, "/VerifiableCredential"},
		{"null", "/credentials/verify", `{"verifiableCredential":null}`, nil, 400, "/verifiableCredential"},
		{"an array", "/credentials/verify", `{"verifiableCredential":[{}]}`, nil, 400, "/verifiableCredential"},
		{"no token", "/credentials/verify", `{"verifiableCredential":"<svg/>"}`, nil, 400, "/verifiableCredential"},
		{"no credential", "/credentials/verify", `{"verifiableCredential":{}}`, nil, 400, "/verifiableCredential"},
		{"no presentation", "/presentations/verify", `{"verifiablePresentation":{}}`, nil, 400, "/verifiablePresentation"},
		{"a credential as presentation", "/presentations/verify", object{"verifiablePresentation": good}, nil, 400, "/verifiablePresentation"},
		{"options that are none", "/credentials/verify", wrapped(`[]`), nil, 400, "/options"},
		{"unknown option", "/credentials/verify", wrapped(`{"skip":true}`), nil, 400, "/options/skip"},
		{"checks of another kind", "/credentials/verify", wrapped(`{"checks":"proof"}`), nil, 400, "/options/checks"},
		{"checks of numbers", "/credentials/verify", wrapped(`{"checks":[1]}`), nil, 400, "/options/checks/0"},
		{"challenge of another kind", "/credentials/verify", wrapped(`{"challenge":7}`), nil, 400, "/options/challenge"},
		{"empty domain", "/credentials/verify", wrapped(`{"domain":""}`), nil, 400, "/options/domain"},
		{"flag of another kind", "/credentials/verify", wrapped(`{"returnCredential":"yes"}`), nil, 400, "/options/returnCredential"},
		{"checks are read", "/credentials/verify", wrapped(`{"checks":["proof","credentialStatus"]}`), nil, 200, ""},
		{"too large", "/credentials/verify", `{"verifiableCredential":"` + strings.Repeat("x", 256<<10) + `"}`, nil, 413, ""},
		{"a form", "/credentials/verify", `x=y`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, ""},
		{"text", "/credentials/verify", `{}`, []string{"Content-Type", "text/plain"}, 415, ""},
		{"UTF-16", "/credentials/verify", `{}`, []string{"Content-Type", "application/json; charset=utf-16"}, 415, ""},
		{"a picture as answer", "/credentials/verify", `{}`, []string{"Accept", "image/png"}, 406, ""},
		{"issue nothing", "/eddsa-rdfc/credentials/issue", `{}`, nil, 400, "/credential"},
		{"issue a text", "/eddsa-rdfc/credentials/issue", `{"credential":"x"}`, nil, 400, "/credential"},
		{"issue with unknown option", "/eddsa-rdfc/credentials/issue", object{"credential": plain("2.0", d.dids["eddsa-rdfc"]), "options": object{"cryptosuite": "x"}}, nil, 400, "/options/cryptosuite"},
		{"derive without pointers", "/ecdsa-sd/credentials/derive", object{"verifiableCredential": good}, nil, 400, "/options/selectivePointers"},
		{"status without id", "/status/credentials/status", `{"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation"}}`, nil, 400, "/credentialId"},
		{"status without entry", "/status/credentials/status", `{"credentialId":"urn:x:1"}`, nil, 400, "/credentialStatus"},
		{"status of another kind", "/status/credentials/status", `{"credentialId":"urn:x:1","credentialStatus":{"type":"StatusList2021Entry"}}`, nil, 400, "/credentialStatus/type"},
		{"status that is no flag", "/status/credentials/status", `{"credentialId":"urn:x:1","credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation"},"status":"1"}`, nil, 400, "/status"},
		{"status of nobody", "/status/credentials/status", `{"credentialId":"urn:x:1","credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation"}}`, nil, 404, ""},
		{"status where none is kept", "/eddsa-rdfc/credentials/status", `{"credentialId":"urn:x:1","credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation"}}`, nil, 404, ""},
	}
	for _, tt := range tests {
		a := d.post(t, tt.path, tt.body, tt.headers...)
		if a.Status != tt.status {
			t.Errorf("%s: %d, want %d: %s", tt.name, a.Status, tt.status, a.Body)
			continue
		}
		v := judged(t, a)
		if tt.field != "" && (len(v.Errors) == 0 || v.Errors[0].Field != tt.field || !strings.HasPrefix(v.Type, "https://www.w3.org/TR/vc-data-model#") && !strings.HasPrefix(v.Type, "https://w3id.org/security#")) {
			t.Errorf("%s: %s", tt.name, a.Body)
		}
	}
	if a := d.Send(t, "nobody", "GET", "/vc-api/credentials/verify", "", "Authorization", "Bearer "+d.token); a.Status != 405 {
		t.Errorf("GET: %d", a.Status)
	}
}

// TestPace: who asks too much is told to wait.
func TestPace(t *testing.T) {
	d := open(t, issuertest.Options{Limits: web.Limits{Verify: web.Limit{PerSecond: 0.01, Burst: 2}}})
	for i, want := range []int{400, 400, http.StatusTooManyRequests} {
		a := d.post(t, "/eddsa-rdfc/credentials/issue", `{}`)
		if a.Status != want || want == 429 && a.Header.Get("Retry-After") == "" {
			t.Errorf("request %d: %d %v", i, a.Status, a.Header)
		}
	}
}
