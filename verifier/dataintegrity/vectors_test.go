package dataintegrity_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	return verifiertest.Fixture(t, "standards", name)
}

func parse(t testing.TB, doc []byte) *strictjson.Value {
	t.Helper()
	v, err := strictjson.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fromFragment takes the key out of the fragment, whoever owns it.
func fromFragment(_ context.Context, vm string) (*did.Method, error) {
	_, fragment, _ := strings.Cut(vm, "#")
	key, err := did.DecodeMultikey(fragment)
	return &did.Method{ID: vm, Key: key}, err
}

func verify(t testing.TB, doc []byte) []dataintegrity.Result {
	t.Helper()
	return dataintegrity.Verify(t.Context(), parse(t, doc), fromFragment, dataintegrity.Expect{})
}

func states(results []dataintegrity.Result) string {
	var words []string
	for _, r := range results {
		words = append(words, r.State.String())
	}
	return strings.Join(words, " ")
}

func TestPublishedProofs(t *testing.T) {
	for file, want := range map[string]string{
		"examples/examples-ob3-di.json":                                        "good",
		"examples/examples-endorsement-di.json":                                "good",
		"examples/examples-status-list.json":                                   "good",
		"vectors/ob3-di-vector/signed.json":                                    "good",
		"vectors/vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json":               "good",
		"vectors/vc-di-eddsa/eddsa-jcs-2022/signedJCS.json":                    "good",
		"vectors/vc-di-eddsa/proof-set-chain/signedProofSet1.json":             "good",
		"vectors/vc-di-eddsa/proof-set-chain/signedProofSet2.json":             "good good",
		"vectors/vc-di-eddsa/proof-set-chain/signedProofChain1.json":           "good good good",
		"vectors/vc-di-eddsa/proof-set-chain/signedProofChain2.json":           "good good good good",
		"vectors/vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json":        "good",
		"vectors/vc-di-eddsa/Ed25519Signature2020/signedEdSig.json":            "good",
		"vectors/vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json":        "good",
		"vectors/vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json":      "good",
		"vectors/vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json": "good",
		"vectors/1edtech-ob30/simple.json":                                     "good",
		"vectors/1edtech-ob30/simple-err-expired.json":                         "good",
		"vectors/1edtech-ob30/simple-multiple-proofs.json":                     "unchecked good",
		"vectors/1edtech-ob30/endorsement-valid.json":                          "good",
		"vectors/1edtech-ob30/simple-err-proof-value.json":                     "bad",
	} {
		results := verify(t, fixture(t, file))
		if got := states(results); got != want {
			t.Errorf("%s: %s; want %s", file, got, want)
			for _, r := range results {
				t.Logf("%s %s", r.Reason, r.Problem)
			}
		}
	}
}

// seed reads a published secret key: multibase base58btc with the prefix 8026.
func seed(t testing.TB, multibase string) ed25519.PrivateKey {
	t.Helper()
	data, err := did.DecodeBase58(multibase[1:])
	if err != nil || !bytes.HasPrefix(data, []byte{0x80, 0x26}) {
		t.Fatalf("%s is not a secret key: %v", multibase, err)
	}
	return ed25519.NewKeyFromSeed(data[2:])
}

// Signing with the published keys gives the published proofs, byte for byte.
func TestSignReproducesVectors(t *testing.T) {
	var pair struct{ PrivateKeyMultibase string }
	if err := json.Unmarshal(fixture(t, "vectors/vc-di-eddsa/keyPair.json"), &pair); err != nil {
		t.Fatal(err)
	}
	var expected struct{ SecretKeySeedHex string }
	if err := json.Unmarshal(fixture(t, "vectors/ob3-di-vector/expected.json"), &expected); err != nil {
		t.Fatal(err)
	}
	obSeed, err := hex.DecodeString(expected.SecretKeySeedHex)
	if err != nil {
		t.Fatal(err)
	}
	key := seed(t, pair.PrivateKeyMultibase)
	for _, tt := range []struct {
		signed string
		key    ed25519.PrivateKey
	}{
		{"vectors/vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", key},
		{"vectors/vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json", key},
		{"vectors/vc-di-eddsa/eddsa-jcs-2022/signedJCS.json", key},
		{"vectors/ob3-di-vector/signed.json", ed25519.NewKeyFromSeed(obSeed)},
	} {
		want := parse(t, fixture(t, tt.signed))
		signed, err := dataintegrity.Sign(want.Without("proof").Append(nil), tt.key, optionsOf(t, want.Get("proof")), false)
		if err != nil {
			t.Errorf("%s: %v", tt.signed, err)
			continue
		}
		if diff := cmp.Diff(want.Any(), parse(t, signed).Any()); diff != "" {
			t.Errorf("%s (-published +ours):\n%s", tt.signed, diff)
		}
	}
}

// optionsOf reads back how a proof was made.
func optionsOf(t testing.TB, proof *strictjson.Value) dataintegrity.Options {
	t.Helper()
	created, err := time.Parse(time.RFC3339, proof.Get("created").Text())
	if err != nil {
		t.Fatal(err)
	}
	o := dataintegrity.Options{
		ID: proof.Get("id").Text(), VerificationMethod: proof.Get("verificationMethod").Text(),
		Cryptosuite: proof.Get("cryptosuite").Text(), Created: created,
	}
	for p := range proof.Get("previousProof").Each() {
		o.PreviousProof = append(o.PreviousProof, p.Text())
	}
	return o
}

// A set, then a chain upon the set, grown proof by proof with the published
// keys, gives the published documents.
func TestSetsAndChains(t *testing.T) {
	var pairs map[string]struct{ PrivateKeyMultibase string }
	if err := json.Unmarshal(fixture(t, "vectors/vc-di-eddsa/proof-set-chain/multiKeyPairs.json"), &pairs); err != nil {
		t.Fatal(err)
	}
	want := parse(t, fixture(t, "vectors/vc-di-eddsa/proof-set-chain/signedProofChain2.json"))
	doc := want.Without("proof").Append(nil)
	i := 0
	for proof := range want.Get("proof").Each() {
		i++
		var err error
		key := seed(t, pairs["keyPair"+string(rune('0'+i))].PrivateKeyMultibase)
		if doc, err = dataintegrity.Sign(doc, key, optionsOf(t, proof), i == 1); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want.Any(), parse(t, doc).Any()); diff != "" {
		t.Errorf("(-published +ours):\n%s", diff)
	}
	// Each link holds the ones it builds on: with a value of an earlier proof
	// changed, or the earlier proof gone, the later ones fail.
	broken := strings.Replace(string(doc), `z66vWyqwAghu52`, `z66vWyqwAghu53`, 1)
	if got := states(verify(t, []byte(broken))); got != "bad good bad good" {
		t.Errorf("with the first proof altered: %s", got)
	}
	gone := parse(t, doc)
	proofs := gone.Get("proof")
	proofs.Kids = proofs.Kids[1:]
	if got := states(dataintegrity.Verify(t.Context(), gone, fromFragment, dataintegrity.Expect{})); got != "good bad good" {
		t.Errorf("with the first proof gone: %s", got)
	}
}

// ecdsaSeed reads a published secret key: multibase base58btc, multicodec 8626.
func ecdsaSeed(t testing.TB, multibase string) *ecdsa.PrivateKey {
	t.Helper()
	data, err := did.DecodeBase58(multibase[1:])
	if err != nil || !bytes.HasPrefix(data, []byte{0x86, 0x26}) {
		t.Fatalf("%s is not a secret key: %v", multibase, err)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), data[2:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The published key gives the published ECDSA proofs, byte for byte.
func TestSignReproducesECDSAVectors(t *testing.T) {
	var pair struct{ SecretKeyMultibase string }
	if err := json.Unmarshal(fixture(t, "vectors/vc-di-ecdsa/p256KeyPair.json"), &pair); err != nil {
		t.Fatal(err)
	}
	key := ecdsaSeed(t, pair.SecretKeyMultibase)
	for _, file := range []string{
		"vectors/vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
		"vectors/vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json",
		"vectors/vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
	} {
		want := parse(t, fixture(t, file))
		signed, err := dataintegrity.Sign(want.Without("proof").Append(nil), key, optionsOf(t, want.Get("proof")), false)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(want.Any(), parse(t, signed).Any()); diff != "" {
			t.Errorf("%s (-published +ours):\n%s", file, diff)
		}
	}
}
