package dataintegrity_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/strictjson"
)

// benchBadges are a thousand distinct badges varied from the golden one, so that
// nothing can be gained by remembering a document.
type benchBadges struct {
	key      ed25519.PrivateKey
	options  dataintegrity.Options
	method   *did.Method
	unsigned [][]byte
	signed   [][]byte
	texts    [][]byte // canonical documents
	configs  [][]byte // canonical proof options
}

func newBenchBadges(b *testing.B) *benchBadges {
	golden, err := strictjson.Parse(fixture(b, "examples/examples-ob3-di.json"))
	if err != nil {
		b.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	id, vm, err := did.FromKey(key.Public())
	if err != nil {
		b.Fatal(err)
	}
	base := string(golden.Without("proof").Append(nil))
	base = strings.ReplaceAll(base, golden.Get("issuer").Get("id").Text(), id)
	set := &benchBadges{key: key, options: dataintegrity.Options{VerificationMethod: vm, Created: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}}
	set.method = &did.Method{ID: vm, Controller: id, Key: key.Public()}
	for i := range 1000 {
		doc := strings.NewReplacer(
			"urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-3b2f9f7b6c11", fmt.Sprintf("urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-%012x", i*7919),
			"94567", fmt.Sprint(i*131),
			"Capstone: expense approvals app", fmt.Sprintf("Capstone: app number %d", i),
			"a1b2c3d4e5f60718293a4b5c6d7e8f90", fmt.Sprintf("%032x", i*104729),
		).Replace(base)
		signed, err := dataintegrity.Sign([]byte(doc), key, set.options, true)
		if err != nil {
			b.Fatal(err)
		}
		v, err := strictjson.Parse(signed)
		if err != nil {
			b.Fatal(err)
		}
		text, err := jsonld.Canonicalize(v, jsonld.Options{Skip: "proof"})
		if err != nil {
			b.Fatal(err)
		}
		config, err := jsonld.Canonicalize(&v.Get("proof").Kids[0], jsonld.Options{Context: v.Get("@context"), Skip: "proofValue"})
		if err != nil {
			b.Fatal(err)
		}
		set.unsigned, set.signed = append(set.unsigned, []byte(doc)), append(set.signed, signed)
		set.texts, set.configs = append(set.texts, text), append(set.configs, config)
	}
	b.SetBytes(int64(len(set.signed[0])))
	b.ReportAllocs()
	return set
}

func BenchmarkSign(b *testing.B) {
	set := newBenchBadges(b)
	for i := 0; b.Loop(); i++ {
		if _, err := dataintegrity.Sign(set.unsigned[i%1000], set.key, set.options, true); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify goes from the JSON bytes to the answer, with the key known.
func BenchmarkVerify(b *testing.B) {
	set := newBenchBadges(b)
	keys := func(context.Context, string) (*did.Method, error) { return set.method, nil }
	for i := 0; b.Loop(); i++ {
		doc, err := strictjson.Parse(set.signed[i%1000])
		if err != nil {
			b.Fatal(err)
		}
		results := dataintegrity.Verify(b.Context(), doc, keys, dataintegrity.Expect{})
		if len(results) != 1 || results[0].State != dataintegrity.Good {
			b.Fatalf("%+v", results)
		}
	}
}

// The floor is SHA-256 of both canonical texts and Ed25519 over their 64 bytes.
func floorMessage(text, config []byte) []byte {
	one, two := sha256.Sum256(config), sha256.Sum256(text)
	return append(one[:], two[:]...)
}

func BenchmarkFloorSign(b *testing.B) {
	set := newBenchBadges(b)
	for i := 0; b.Loop(); i++ {
		ed25519.Sign(set.key, floorMessage(set.texts[i%1000], set.configs[i%1000]))
	}
}

func BenchmarkFloorVerify(b *testing.B) {
	set := newBenchBadges(b)
	var signatures [][]byte
	for i := range 1000 {
		signatures = append(signatures, ed25519.Sign(set.key, floorMessage(set.texts[i], set.configs[i])))
	}
	public := set.key.Public().(ed25519.PublicKey)
	for i := 0; b.Loop(); i++ {
		if !ed25519.Verify(public, floorMessage(set.texts[i%1000], set.configs[i%1000]), signatures[i%1000]) {
			b.Fatal("the floor gives way")
		}
	}
}
