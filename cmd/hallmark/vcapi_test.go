package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer/store"
)

// conformance writes a configuration with the VC-API and gives its file.
func conformance(t *testing.T, vcapi string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "hallmark.yaml")
	content := "base_url: http://127.0.0.1:1\ndb: " + filepath.Join(dir, "h.db") + "\nsealing_key_file: " + filepath.Join(dir, "sealing.key") + "\n" + vcapi
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// command runs the program and gives what it printed.
func command(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs}); code != want {
		t.Fatalf("hallmark %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, &out, &errs)
	}
	return out.String() + errs.String()
}

// TestVCAPIFromTheOutside: what a tester does: enable it, list the instances,
// make a client, get a token, issue and verify. The keys stay over restarts.
func TestVCAPIFromTheOutside(t *testing.T) {
	file := conformance(t, "vc_api: {enabled: true}\n")
	listed := command(t, 0, "--config", file, "admin", "instances")
	lines := strings.Split(strings.TrimSpace(listed), "\n")
	if len(lines) != len(usualInstances) || strings.Contains(listed, "proof_only") {
		t.Fatalf("instances:\n%s", listed)
	}
	if again := command(t, 0, "--config", file, "admin", "instances"); again != listed {
		t.Errorf("after a restart:\n%s", again)
	}
	made := strings.Fields(command(t, 0, "--config", file, "admin", "client", "suites", "--scope", "vc-api"))
	if len(made) < 4 || made[0] != "client_id" || made[2] != "client_secret" {
		t.Fatalf("client: %q", made)
	}
	if said := command(t, 1, "--config", file, "admin", "client", "suites", "--scope", "vc-apis"); !strings.Contains(said, "There is no scope") {
		t.Errorf("an unknown scope: %s", said)
	}
	h := served(t, file)
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {made[1]}, "client_secret": {made[3]}}
	var token struct {
		AccessToken string `json:"access_token"`
		Scope       string
	}
	send(t, h, "/oauth/token", "application/x-www-form-urlencoded", "", form.Encode(), 200, &token)
	if token.Scope != "vc-api" {
		t.Errorf("scope %q", token.Scope)
	}
	for _, line := range lines {
		parts := strings.Fields(line)
		path, issuer := strings.TrimPrefix(parts[0], "http://127.0.0.1:1"), parts[3]
		var signed struct{ VerifiableCredential json.RawMessage }
		body := `{"credential":{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"` + issuer + `","credentialSubject":{"id":"did:example:a"}}}`
		send(t, h, path+"/credentials/issue", "application/json", token.AccessToken, body, 201, &signed)
		if parts[1] == "ecdsa-sd-2023" {
			body = `{"verifiableCredential":` + string(signed.VerifiableCredential) + `,"options":{"selectivePointers":["/credentialSubject","/issuer"]}}`
			send(t, h, path+"/credentials/derive", "application/json", token.AccessToken, body, 201, &signed)
		}
		var verdict struct{ Verified bool }
		send(t, h, "/vc-api/credentials/verify", "application/json", token.AccessToken, `{"verifiableCredential":`+string(signed.VerifiableCredential)+`}`, 200, &verdict)
		if !verdict.Verified {
			t.Errorf("%s does not verify what it issued", parts[0])
		}
	}
}

// TestVCAPIOff: without being enabled it is not there, and no instance is made.
func TestVCAPIOff(t *testing.T) {
	for _, config := range []string{"", "vc_api: {enabled: false, instances: [{name: a, cryptosuite: eddsa-rdfc-2022}]}\n"} {
		file := conformance(t, config)
		if said := command(t, 1, "--config", file, "admin", "instances"); !strings.Contains(said, "vc_api") {
			t.Errorf("instances: %s", said)
		}
		send(t, served(t, file), "/vc-api/credentials/verify", "application/json", "", `{}`, 404, nil)
	}
}

// TestVCAPIMadeByServing: a command that only looks makes no signer; serving does.
func TestVCAPIMadeByServing(t *testing.T) {
	file := conformance(t, "vc_api: {enabled: true}\n")
	count := func() int {
		db, err := (&commands{Config: file}).database(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made, err := store.Read(t.Context(), db, (*store.Tx).Instances)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return len(made)
	}
	command(t, 0, "--config", file, "keys", "list")
	if n := count(); n != 0 {
		t.Errorf("listing the keys made %d instances", n)
	}
	served(t, file)
	if n := count(); n != len(usualInstances) {
		t.Errorf("serving made %d instances, want %d", n, len(usualInstances))
	}
}

// TestVCAPIConfig: settings that could only fail later.
func TestVCAPIConfig(t *testing.T) {
	for config, want := range map[string]string{
		"vc_api: {enabled: true, instances: [{name: a, cryptosuite: rsa}]}":                                                      "not known",
		"vc_api: {enabled: true, instances: [{name: A, cryptosuite: eddsa-rdfc-2022}]}":                                          "lower-case",
		"vc_api: {enabled: true, instances: [{name: a, cryptosuite: eddsa-rdfc-2022, curve: P-256}]}":                            "works with",
		"vc_api: {enabled: true, instances: [{name: a, cryptosuite: eddsa-rdfc-2022, status: x}]}":                               "revocation",
		"vc_api: {enabled: true, instances: [{name: a, cryptosuite: eddsa-rdfc-2022}, {name: a, cryptosuite: eddsa-rdfc-2022}]}": "twice",
		"vc_api: {enabled: true, proof_only: true}":                                                                              "proof_only",
	} {
		if said := command(t, 1, "--config", conformance(t, config+"\n"), "admin", "instances"); !strings.Contains(said, want) {
			t.Errorf("%s: %s", config, said)
		}
	}
	file := conformance(t, "vc_api: {enabled: true, instances: [{name: a, cryptosuite: ecdsa-jcs-2019, curve: P-384}, {name: b, cryptosuite: eddsa-rdfc-2022, proof_only: true}]}\n")
	if listed := command(t, 0, "--config", file, "admin", "instances"); strings.Count(listed, "proof_only") != 1 || !strings.Contains(listed, "P-384") {
		t.Errorf("instances:\n%s", listed)
	}
}

// served wires the service of a configuration, without listening.
func served(t *testing.T, file string) http.Handler {
	t.Helper()
	var errs bytes.Buffer
	p, err := (&commands{Config: file}).open(t.Context(), streams{strings.NewReader(""), &errs, &errs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	h, err := p.handler(t.Context(), doors{limits: p.Config.Limits.web(), ready: p.Store.Ready})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func send(t *testing.T, h http.Handler, path, media, token, body string, want int, into any) {
	t.Helper()
	req := httptest.NewRequest("POST", path, strings.NewReader(body))
	req.Header.Set("Content-Type", media)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	if rec.Code != want {
		t.Fatalf("POST %s: %d, want %d: %s", path, rec.Code, want, rec.Body)
	}
	if into != nil {
		if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil {
			t.Fatalf("POST %s: %v: %s", path, err, rec.Body)
		}
	}
}
