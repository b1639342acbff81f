package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer/keyring"
)

// engine is a transit engine as Vault and OpenBao have it: it closes what it is
// handed by a key that it keeps.
func engine(t *testing.T) *httptest.Server {
	t.Helper()
	turn := func(text string) string { // its cipher, which turns a text back as well
		b := []byte(text)
		for i := range b {
			b[i] ^= 0x15
		}
		return string(b)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Plaintext, Ciphertext string }
		switch err := json.NewDecoder(r.Body).Decode(&in); {
		case r.Header.Get("X-Vault-Token") != "s.token":
			w.WriteHeader(http.StatusForbidden)
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
		case r.Method == "POST" && r.URL.Path == "/v1/keys/transit/encrypt/hallmark":
			reply(w, map[string]string{"ciphertext": "vault:v1:" + base64.StdEncoding.EncodeToString([]byte(turn(in.Plaintext)))})
		case r.Method == "POST" && r.URL.Path == "/v1/keys/transit/decrypt/hallmark":
			closed, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(in.Ciphertext, "vault:v1:"))
			reply(w, map[string]string{"plaintext": turn(string(closed))})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func reply(w http.ResponseWriter, data map[string]string) {
	_ = json.NewEncoder(w).Encode(map[string]any{"request_id": "1", "data": data})
}

// inVault configures an installation whose sealing key a service closes.
func inVault(t *testing.T, address, token string) (config, data string) {
	t.Helper()
	data = t.TempDir()
	for name, text := range map[string]string{"token": token + "\n", "hallmark.yaml": "base_url: https://badges.example.org\nsealing_key_kms: {url: '" + address +
		"', mount: keys/transit, key: hallmark, token_file: '" + filepath.Join(data, "token") + "'}\n"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(data, "hallmark.yaml"), data
}

// TestKeyService: the sealing key is closed in its file, opens again, and comes
// out for safekeeping; without the service nothing starts.
func TestKeyService(t *testing.T) {
	service := engine(t)
	config, data := inVault(t, service.URL, "s.token")
	first := must(t, "keys", "list", "--config", config, "--data", data)
	if again := must(t, "keys", "list", "--config", config, "--data", data); again != first || !strings.Contains(first, "active") {
		t.Errorf("after a restart:\n%s%s", first, again)
	}
	kept, err := os.ReadFile(filepath.Join(data, "sealing.key"))
	if err != nil || !bytes.HasPrefix(kept, []byte("vault:v1:")) {
		t.Fatalf("the file has %q, %v", kept, err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(must(t, "keys", "export", "--config", config, "--data", data)))
	if err != nil || len(key) != keyring.SealingKeySize || bytes.Contains(kept, key) {
		t.Errorf("%d bytes came out, %v", len(key), err)
	}
	for name, test := range map[string]struct{ address, token, want string }{
		"another token": {service.URL, "s.other", "answers 403"},
		"no service":    {"http://127.0.0.1:1", "s.token", "cannot be reached"},
	} {
		config, elsewhere := inVault(t, test.address, test.token)
		if err := os.WriteFile(filepath.Join(elsewhere, "sealing.key"), kept, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := hallmark(t, "", "keys", "export", "--config", config, "--data", elsewhere); code != exitFailed || !strings.Contains(errs, test.want) || strings.Contains(errs, test.token) {
			t.Errorf("%s: exit %d, %q", name, code, errs)
		}
	}
	// The key as it came out opens the same installation without the service.
	if err := os.WriteFile(filepath.Join(data, "sealing.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if open := must(t, "keys", "list", "--data", data, "--db", filepath.Join(data, "hallmark.db")); open != first {
		t.Errorf("without the service:\n%s", open)
	}
	if _, errs, code := hallmark(t, "", "keys", "list", "--config", config, "--data", data); code != exitFailed || !strings.Contains(errs, "was not closed") {
		t.Errorf("an open file for the service: exit %d, %q", code, errs)
	}
}

func TestKeyServiceConfig(t *testing.T) {
	good := KMSConfig{URL: "https://vault.example.org:8200", Key: "k", TokenFile: "t"}
	if w, err := good.wrapper(); err != nil || w.(*transit).Mount != "transit" {
		t.Errorf("%+v, %v", w, err)
	}
	for _, change := range []func(c *KMSConfig){
		func(c *KMSConfig) { c.URL = "http://vault.example.org" },
		func(c *KMSConfig) { c.URL = "http://10.0.0.1" },
		func(c *KMSConfig) { c.URL = "https://user:word@vault.example.org" },
		func(c *KMSConfig) { c.URL = "" },
		func(c *KMSConfig) { c.Key = "" },
		func(c *KMSConfig) { c.TokenFile = "" },
	} {
		bad := good
		change(&bad)
		if _, err := bad.wrapper(); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// TestKeysInTrialMode: the one key can be neither replaced nor given up.
func TestKeysInTrialMode(t *testing.T) {
	data := t.TempDir()
	must(t, "admin", "add", "root@example.org", "--name", "Root", "--data", data)
	id := string(signs(t, data, "credential"))
	for _, args := range [][]string{{"rotate"}, {"rotate", "status"}, {"rotate", "--algorithm", "RSA-2048"}, {"compromise", id}} {
		if _, errs, code := hallmark(t, "", append([]string{"keys", "--data", data}, args...)...); code != exitFailed || !strings.Contains(errs, "trial mode") {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
	must(t, "keys", "rotate", "log", "--wait", "0s", "--data", data)
	if out := must(t, "keys", "list", "--data", data); strings.Count(out, "retired") != 1 {
		t.Errorf("keys:\n%s", out)
	}
}
