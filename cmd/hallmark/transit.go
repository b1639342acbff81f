package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hallmark/issuer"
)

// KMSConfig names a key service that closes the sealing key: one that speaks
// the transit interface of HashiCorp Vault and OpenBao. Without a URL there is
// none, and the file has the key as it is.
type KMSConfig struct {
	URL       string `yaml:"url"`        // https://vault.internal:8200
	Mount     string `yaml:"mount"`      // where its transit engine is; "" is "transit"
	Key       string `yaml:"key"`        // name of a key there, which it never gives away
	TokenFile string `yaml:"token_file"` // a token that may encrypt and decrypt with that key
	CAFile    string `yaml:"ca_file"`    // certificates to believe, PEM; "" are the system's
}

// wrapper is what the configuration asks for.
func (c *KMSConfig) wrapper() (wrapper, error) {
	if *c == (KMSConfig{}) {
		return openFile{}, nil
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, issuer.Refuse(issuer.Invalid, "sealing_key_kms.url must look like https://vault.example.org:8200.")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, issuer.Refuse(issuer.Invalid, "sealing_key_kms.url must be https: a token and a key go over it.")
	case c.Key == "" || c.TokenFile == "":
		return nil, issuer.Refuse(issuer.Invalid, "sealing_key_kms needs a key and a token_file.")
	}
	t := &transit{KMSConfig: *c}
	if t.Mount == "" {
		t.Mount = "transit"
	}
	return t, nil
}

// transit asks a transit engine to close and open the sealing key.
type transit struct{ KMSConfig }

// transitBody is what goes to the engine and, under "data", comes from it.
type transitBody struct {
	Plaintext  string `json:"plaintext,omitempty"`  // base64
	Ciphertext string `json:"ciphertext,omitempty"` // vault:v1:…
}

func (t *transit) wrap(ctx context.Context, key []byte) ([]byte, error) {
	answer, err := t.ask(ctx, "encrypt", transitBody{Plaintext: base64.StdEncoding.EncodeToString(key)})
	if err == nil && answer.Ciphertext == "" {
		err = errors.New("the key service answered nothing to keep")
	}
	return []byte(answer.Ciphertext), err
}

func (t *transit) unwrap(ctx context.Context, kept []byte) ([]byte, error) {
	closed := strings.TrimSpace(string(kept))
	if !strings.HasPrefix(closed, "vault:v") {
		return nil, issuer.Refuse(issuer.Invalid, "The file of the sealing key was not closed by the key service; take sealing_key_kms out, or let the service close it as the README says.")
	}
	answer, err := t.ask(ctx, "decrypt", transitBody{Ciphertext: closed})
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(answer.Plaintext)
	if err != nil {
		return nil, errors.New("the key service answered no key")
	}
	return key, nil
}

// ask sends one request. What the service answers beside the result is not
// repeated anywhere.
func (t *transit) ask(ctx context.Context, what string, body transitBody) (transitBody, error) {
	token, err := readFile(t.TokenFile, 4096)
	if err != nil {
		return transitBody{}, fmt.Errorf("read the token for the key service: %w", err)
	}
	client, err := t.client()
	if err != nil {
		return transitBody{}, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return transitBody{}, errors.New("write to the key service")
	}
	address := strings.TrimSuffix(t.URL, "/") + "/v1/" + strings.Trim(t.Mount, "/") + "/" + what + "/" + url.PathEscape(t.Key)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return transitBody{}, fmt.Errorf("ask the key service: %w", err)
	}
	request.Header.Set("X-Vault-Token", strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return transitBody{}, issuer.Refuse(issuer.Unavailable, "The key service %s cannot be reached; without it the sealing key cannot be opened.", t.URL)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return transitBody{}, issuer.Refuse(issuer.Unavailable, "The key service %s answers %d; see that it is unsealed, that the key %s is there, and that the token may %s with it.", t.URL, response.StatusCode, t.Key, what)
	}
	var answer struct {
		Data transitBody `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&answer); err != nil {
		return transitBody{}, errors.New("the answer of the key service cannot be read")
	}
	return answer.Data, nil
}

func (t *transit) client() (*http.Client, error) {
	transport := &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if t.CAFile != "" {
		pem, err := readFile(t.CAFile, 1<<20)
		if err != nil {
			return nil, fmt.Errorf("read the certificates of the key service: %w", err)
		}
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, issuer.Refuse(issuer.Invalid, "sealing_key_kms.ca_file %s has no certificate.", t.CAFile)
		}
	}
	return &http.Client{Transport: transport, Timeout: 15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil // the token goes nowhere else
}
