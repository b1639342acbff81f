package vcapi_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/vcapi"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
)

type object = map[string]any

// operator prepares what a test needs.
var operator = issuer.Caller{System: "test"}

// suites are the instances by name: one for each cryptosuite and curve, two that
// add status entries, and one that asks for the proof alone.
var suites = []registrar.NewInstance{
	{Name: "eddsa-rdfc", Cryptosuite: "eddsa-rdfc-2022"},
	{Name: "eddsa-jcs", Cryptosuite: "eddsa-jcs-2022"},
	{Name: "ecdsa-rdfc-p256", Cryptosuite: "ecdsa-rdfc-2019", Algorithm: "P-256"},
	{Name: "ecdsa-rdfc-p384", Cryptosuite: "ecdsa-rdfc-2019", Algorithm: "P-384"},
	{Name: "ecdsa-jcs-p256", Cryptosuite: "ecdsa-jcs-2019", Algorithm: "P-256"},
	{Name: "ecdsa-jcs-p384", Cryptosuite: "ecdsa-jcs-2019", Algorithm: "P-384"},
	{Name: "ecdsa-sd", Cryptosuite: "ecdsa-sd-2023"},
	{Name: "status", Cryptosuite: "eddsa-rdfc-2022", Status: "revocation"},
	{Name: "pause", Cryptosuite: "ecdsa-rdfc-2019", Status: "suspension"},
	{Name: "unbound", Cryptosuite: "eddsa-rdfc-2022"},
}

// door is a service with the VC-API, and a client of it.
type door struct {
	*issuertest.Service
	token string
	dids  map[string]string
}

func open(t testing.TB, o issuertest.Options) *door {
	t.Helper()
	d := &door{Service: issuertest.NewEmpty(t, o)}
	mount(t, d)
	d.token = d.client(t, "vc-api")
	return d
}

// client makes a client with a scope and gives an access token.
func (d *door) client(t testing.TB, scope string) string {
	t.Helper()
	client, secret, err := d.Registrar.AddClient(t.Context(), operator, "client of "+scope, []string{scope})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := d.Signin.ClientToken(t.Context(), client.ID, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// post sends a value as JSON, or a string as it is.
func (d *door) post(t testing.TB, path string, body any, headers ...string) *issuertest.Answer {
	t.Helper()
	text, ok := body.(string)
	if !ok {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(raw)
	}
	return d.Send(t, "nobody", "POST", "/vc-api"+path, text, append([]string{"Authorization", "Bearer " + d.token, "Accept", "application/ld+json,application/json"}, headers...)...)
}

func (d *door) get(t testing.TB, url string) *issuertest.Answer {
	t.Helper()
	return d.Send(t, "nobody", "GET", strings.TrimPrefix(url, d.URL), "")
}

// issue signs at an instance and gives the credential.
func (d *door) issue(t testing.TB, instance string, credential, options object) object {
	t.Helper()
	var out struct{ VerifiableCredential object }
	d.post(t, "/"+instance+"/credentials/issue", asked("credential", credential, options)).Want(t, 201).JSON(t, &out)
	return out.VerifiableCredential
}

// verdict is what verifying answers.
type verdict struct {
	Type, Title, Detail      string
	Status                   int
	Verified                 *bool
	Credential, Presentation object
	CredentialResults        []verdict
	ProblemDetails, Warnings []struct{ Type, Title, Detail, Pointer string }
	Errors                   []struct{ Field, Reason string }
}

// verify asks about a credential, on the routes of no instance for "".
func (d *door) verify(t testing.TB, instance string, credential any, options object) (int, verdict) {
	t.Helper()
	path := "/credentials/verify"
	if instance != "" {
		path = "/" + instance + path
	}
	a := d.post(t, path, asked("verifiableCredential", credential, options))
	return a.Status, judged(t, a)
}

func judged(t testing.TB, a *issuertest.Answer) (v verdict) {
	t.Helper()
	a.JSON(t, &v)
	if want := map[bool]string{true: "application/json", false: "application/problem+json"}[a.Status < 400]; a.Header.Get("Content-Type") != want {
		t.Errorf("status %d with Content-Type %q", a.Status, a.Header.Get("Content-Type"))
	}
	if a.Status >= 400 && (v.Status != a.Status || v.Detail == "" || v.Title == "" || v.Verified != nil && *v.Verified || v.Credential != nil || v.Presentation != nil) {
		t.Errorf("a refusal says %s", a.Body)
	}
	return v
}

// copyOf copies a JSON value deeply.
func copyOf[T any](t testing.TB, v T) (out T) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// plain is a credential of version 2.0 or 1.1.
func plain(version, issuer string) object {
	c := object{
		"@context": []any{"https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"},
		"id":       "urn:uuid:" + strings.ToLower(rand.Text()), "type": []any{"VerifiableCredential", "AlumniCredential"}, "issuer": issuer,
		"name": "Alumni Credential", "credentialSubject": object{"id": "did:example:alice", "alumniOf": "The School of Examples"},
	}
	if version == "1.1" {
		c["@context"], c["type"] = []any{"https://www.w3.org/2018/credentials/v1"}, []any{"VerifiableCredential"}
		c["issuanceDate"], c["credentialSubject"] = "2026-01-01T00:00:00Z", object{"id": "did:example:alice"}
		delete(c, "name")
	}
	return c
}

// stranger is a key that is none of ours, with its did:key.
type stranger struct {
	key    crypto.Signer
	id, vm string
}

func newStranger(t testing.TB, algorithm string) *stranger {
	t.Helper()
	s := &stranger{}
	var err error
	switch algorithm {
	case "Ed25519":
		_, s.key, err = edKey()
	case "P-256":
		s.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "P-384":
		s.key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	if s.id, s.vm, err = did.FromKey(s.key.Public()); err != nil {
		t.Fatal(err)
	}
	return s
}

func edKey() (ed25519.PublicKey, crypto.Signer, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	return public, private, err
}

// sign signs a document elsewhere, as the suites do with keys of their own.
func (s *stranger) sign(t testing.TB, doc object, o dataintegrity.Options) object {
	t.Helper()
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if o.VerificationMethod == "" {
		o.VerificationMethod = s.vm
	}
	if o.Created.IsZero() {
		o.Created = time.Now()
	}
	signed, err := dataintegrity.Sign(raw, s.key, o, false)
	if err != nil {
		t.Fatalf("sign: %v\n%s", err, raw)
	}
	var out object
	if err := json.Unmarshal(signed, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// at finds a value by names and indexes, or fails.
func at(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(object)
			if !ok || m[p] == nil {
				t.Fatalf("there is no %v in %v", p, v)
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				t.Fatalf("there is no %v in %v", p, v)
			}
			v = l[p]
		default:
			t.Fatalf("a path of %T", p)
		}
	}
	return v
}

// with gives a copy of a document that was changed.
func with(t testing.TB, doc object, change func(object)) object {
	t.Helper()
	c := copyOf(t, doc)
	change(c)
	return c
}

// proofWith changes the proof.
func proofWith(t testing.TB, doc object, change func(proof object)) object {
	t.Helper()
	return with(t, doc, func(c object) { change(c["proof"].(object)) })
}

// mount adds the door to a service.
func mount(t testing.TB, d *door) {
	t.Helper()
	d.dids = map[string]string{}
	views, err := d.Registrar.EnsureInstances(t.Context(), suites)
	if err != nil {
		t.Fatal(err)
	}
	api := &vcapi.VCAPI{Registrar: d.Registrar, Published: d.Published, Verifier: d.Verifier}
	for _, v := range views {
		d.dids[string(v.ID)] = v.DID
		api.Instances = append(api.Instances, vcapi.Instance{InstanceView: v, ProofOnly: v.ID == "unbound"})
	}
	api.Mount(d.Echo)
}

// text writes a value as JSON.
func text(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// asked is a request about a thing, with options if there are any.
func asked(name string, thing any, options object) object {
	body := object{name: thing}
	if options != nil {
		body["options"] = options
	}
	return body
}
