package jsonld

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

func fixture(t testing.TB, parts ...string) []byte {
	t.Helper()
	return verifiertest.Fixture(t, append([]string{"standards"}, parts...)...)
}

func parse(t testing.TB, doc []byte) *strictjson.Value {
	t.Helper()
	v, err := strictjson.Parse(doc)
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return v
}

// TestPublishedForms compares with the canonical forms that the standards
// print, of documents and of proof options.
func TestPublishedForms(t *testing.T) {
	const eddsa, ecdsa = "vectors/vc-di-eddsa", "vectors/vc-di-ecdsa"
	cases := []struct{ document, form string }{
		{"vectors/ob3-di-vector/unsigned.json", "vectors/ob3-di-vector/document-canon.txt"},
		{"vectors/ob3-di-vector/signed.json", "vectors/ob3-di-vector/document-canon.txt"},
		{eddsa + "/unsigned.json", eddsa + "/eddsa-rdfc-2022/canonDocDataInt.txt"},
		{eddsa + "/eddsa-rdfc-2022/proofConfigDataInt.json", eddsa + "/eddsa-rdfc-2022/proofCanonDataInt.txt"},
		{eddsa + "/eddsa-rdfc-2022/signedDataInt.json", eddsa + "/eddsa-rdfc-2022/canonDocDataInt.txt"},
		{eddsa + "/Ed25519Signature2020/signedEdSig.json", eddsa + "/Ed25519Signature2020/canonDocEdSig.txt"},
		{eddsa + "/Ed25519Signature2020/proofConfigEdSig.json", eddsa + "/Ed25519Signature2020/proofCanonEdSig.txt"},
		{eddsa + "/employmentAuth.json", eddsa + "/eddsa-rdfc-2022/employ/canonDocDataInt.txt"},
		{eddsa + "/eddsa-rdfc-2022/employ/proofConfigDataInt.json", eddsa + "/eddsa-rdfc-2022/employ/proofCanonDataInt.txt"},
		{ecdsa + "/employmentAuth.json", ecdsa + "/ecdsa-rdfc-2019-p256/employ/canonDocECDSAP256.txt"},
		{ecdsa + "/ecdsa-rdfc-2019-p256/employ/proofConfigECDSAP256.json", ecdsa + "/ecdsa-rdfc-2019-p256/employ/proofCanonECDSAP256.txt"},
		{ecdsa + "/unsigned.json", ecdsa + "/ecdsa-rdfc-2019-p256/canonDocECDSAP256.txt"},
		{ecdsa + "/ecdsa-rdfc-2019-p256/proofConfigECDSAP256.json", ecdsa + "/ecdsa-rdfc-2019-p256/proofCanonECDSAP256.txt"},
	}
	for _, c := range cases {
		t.Run(c.document, func(t *testing.T) {
			got, err := Canonicalize(parse(t, fixture(t, c.document)), Options{Skip: "proof"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(fixture(t, c.form)), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProofOptionsTakeTheDocumentsContext(t *testing.T) {
	doc := parse(t, fixture(t, "vectors/ob3-di-vector/signed.json"))
	for proof := range doc.Get("proof").Each() {
		got, err := Canonicalize(proof.Without("proofValue"), Options{Context: doc.Get("@context")})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(fixture(t, "vectors/ob3-di-vector/proof-canon.txt")), string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

// A context that this program does not carry is refused with its URL.
func TestUnknownContextIsNamed(t *testing.T) {
	_, err := Canonicalize(parse(t, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2","https://example.org/v4"],"id":"urn:x:1"}`)), Options{})
	var refused *Error
	if !errors.As(err, &refused) || refused.Pointer != "/@context" || !strings.Contains(refused.Reason, "https://example.org/v4") {
		t.Error(err)
	}
}
