package keyring_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/verifier/dataintegrity"
)

// TestInstanceKeys: each algorithm's key signs under its suites, stays itself
// over restarts, opens with the right sealing key alone, and shows nothing.
func TestInstanceKeys(t *testing.T) {
	ring := instanceRing(t, 7)
	for _, alg := range []string{"Ed25519", "P-256", "P-384"} {
		i := &issuer.Instance{ID: "x", Algorithm: alg}
		if err := ring.MakeInstanceKey(i); err != nil {
			t.Fatal(err)
		}
		for _, suite := range []string{"eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"} {
			signer, err := instanceRing(t, 7).InstanceSigner(i)
			if err != nil {
				t.Fatal(err)
			}
			doc := fmt.Appendf(nil, `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":%q,"credentialSubject":{"id":"urn:x:1"}}`, i.DID())
			_, err = dataintegrity.Sign(doc, signer, dataintegrity.Options{VerificationMethod: i.DID() + "#" + i.Public, Cryptosuite: suite, Created: time.Now()}, false)
			fit := strings.Contains(strings.Join(keyring.Algorithms(suite), " "), alg)
			if (err == nil) != fit {
				t.Errorf("%s with %s: %v", suite, alg, err)
			}
			text, err := json.Marshal(signer)
			if err != nil || string(text) != `"sealed"` {
				t.Errorf("as JSON: %s, %v", text, err)
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
				if got := fmt.Sprintf(verb, signer); got != "sealed" {
					t.Errorf("%s prints %q", verb, got)
				}
			}
		}
		if _, err := instanceRing(t, 8).InstanceSigner(i); !errors.Is(err, keyring.ErrSealed) {
			t.Errorf("another sealing key: %v", err)
		}
		other := &issuer.Instance{ID: "y", Algorithm: alg}
		if err := ring.MakeInstanceKey(other); err != nil {
			t.Fatal(err)
		}
		other.Sealed = i.Sealed
		if _, err := ring.InstanceSigner(other); err == nil || !strings.Contains(err.Error(), "of another") {
			t.Errorf("swapped rows: %v", err)
		}
		for _, bad := range []issuer.Instance{{Algorithm: alg, Public: i.Public, Sealed: "x"}, {Algorithm: "RSA", Public: i.Public, Sealed: i.Sealed}} {
			if _, err := ring.InstanceSigner(&bad); err == nil {
				t.Errorf("%+v opened", bad)
			}
		}
	}
	if err := ring.MakeInstanceKey(&issuer.Instance{Algorithm: "RSA"}); err == nil {
		t.Error("a key of an unknown algorithm")
	}
	if keyring.Algorithms("none") != nil {
		t.Error("algorithms of an unknown suite")
	}
}

// instanceRing is a ring without rows under a sealing key of one byte.
func instanceRing(t *testing.T, b byte) *keyring.Ring {
	t.Helper()
	r, err := keyring.Open(t.Context(), keyring.Config{
		Load:       func(context.Context) (string, []issuer.Key, error) { return "", nil, nil },
		SealingKey: bytes.Repeat([]byte{b}, keyring.SealingKeySize),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
