package dataintegrity_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

// said is what the other vendor's library answers about one request.
type said struct {
	Document json.RawMessage
	Verified bool
	Proofs   []bool
	Error    string
}

type request map[string]any

// askDB asks Digital Bazaar's libraries.
func askDB(t *testing.T, requests ...any) []said {
	t.Helper()
	npm := verifiertest.NPM(t, "@digitalbazaar/vc", "@digitalbazaar/ecdsa-sd-2023-cryptosuite", "@digitalbazaar/ecdsa-jcs-2019-cryptosuite", "@digitalbazaar/ed25519-signature-2020")
	contexts := map[string]json.RawMessage{}
	for url, file := range map[string]string{
		"https://www.w3.org/ns/credentials/examples/v2":           "credentials-examples-v2.json",
		"https://w3id.org/security/suites/ed25519-2020/v1":        "ed25519-2020-v1.json",
		"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-extensions.json",
	} {
		text, err := os.ReadFile(filepath.Join("..", "jsonld", "contexts", file))
		if err != nil {
			t.Fatal(err)
		}
		contexts[url] = text
	}
	return verifiertest.Ask[said](t, npm, "proofs.mjs", []any{request{"documents": contexts}}, requests...)
}

// signer is a key that both sides sign with.
type signer struct {
	suite  string
	key    crypto.Signer
	id, vm string
	secret request
}

func newSigner(t testing.TB, suite, algorithm string) *signer {
	t.Helper()
	s := &signer{suite: suite}
	var secret []byte
	switch algorithm {
	case "Ed25519":
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
		s.key, secret = key, append([]byte{0x80, 0x26}, key.Seed()...)
	case "P-256", "P-384":
		curve, codec := elliptic.P256(), byte(0x86)
		if algorithm == "P-384" {
			curve, codec = elliptic.P384(), 0x87
		}
		scalar := bytes.Repeat([]byte{7}, curve.Params().BitSize/8)
		key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
		if err != nil {
			t.Fatal(err)
		}
		s.key, secret = key, append([]byte{codec, 0x26}, scalar...)
	}
	var err error
	if s.id, s.vm, err = did.FromKey(s.key.Public()); err != nil {
		t.Fatal(err)
	}
	s.secret = request{"publicKeyMultibase": strings.TrimPrefix(s.id, "did:key:"), "secretKeyMultibase": "z" + did.EncodeBase58(secret)}
	return s
}

func (s *signer) sign(t testing.TB, doc []byte, change func(*dataintegrity.Options)) []byte {
	t.Helper()
	o := dataintegrity.Options{VerificationMethod: s.vm, Cryptosuite: s.suite, Created: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	if change != nil {
		change(&o)
	}
	signed, err := dataintegrity.Sign(doc, s.key, o, len(doc)%2 == 0)
	if err != nil {
		t.Fatalf("%s: %v\n%s", s.suite, err, doc)
	}
	return signed
}

// signers are all suites with each of their algorithms.
func signers(t testing.TB) []*signer {
	return []*signer{
		newSigner(t, dataintegrity.EddsaRDFC2022, "Ed25519"), newSigner(t, dataintegrity.EddsaJCS2022, "Ed25519"),
		newSigner(t, dataintegrity.EcdsaRDFC2019, "P-256"), newSigner(t, dataintegrity.EcdsaRDFC2019, "P-384"),
		newSigner(t, dataintegrity.EcdsaJCS2019, "P-256"), newSigner(t, dataintegrity.EcdsaJCS2019, "P-384"),
	}
}

// meant are the leaves of a document that mean something. Whether terms are
// protected makes no statement, so that proofs over statements do not cover it;
// nor do definitions of terms for what is not shown.
func meant(root *strictjson.Value) (all []*strictjson.Value) {
	shown := listed(root.Get("proof"))[0].Get("cryptosuite").Text() == dataintegrity.EcdsaSD2023
	for i := range root.Kids {
		if shown && root.Kids[i].Name == "@context" {
			continue
		}
		leaves(&root.Kids[i], func(v *strictjson.Value) {
			if v.Name != "@protected" {
				all = append(all, v)
			}
		})
	}
	return all
}

// listed gives the elements of an array, or the value itself.
func listed(v *strictjson.Value) (all []*strictjson.Value) {
	if v.Kind != strictjson.Array {
		return []*strictjson.Value{v}
	}
	for i := range v.Kids {
		all = append(all, &v.Kids[i])
	}
	return all
}

// changedLeaf gives the document with one of its leaves changed, chosen by at.
func changedLeaf(t testing.TB, doc []byte, at int) []byte {
	t.Helper()
	root := parse(t, doc)
	all := meant(root)
	v := all[at%len(all)]
	head, last := v.Str[:len(v.Str)-1], v.Str[len(v.Str)-1]
	switch {
	case v.Name == "proofValue": // its last letter has bits that some do not read
		middle := len(v.Str) / 2
		v.Str = v.Str[:middle] + map[bool]string{true: "B", false: "A"}[v.Str[middle] == 'A'] + v.Str[middle+1:]
	case v.Kind == strictjson.Bool:
		v.Str = map[string]string{"true": "false", "false": "true"}[v.Str]
	case v.Kind == strictjson.Number:
		sign := v.Str[:strings.IndexAny(v.Str, "0123456789")]
		v.Str = sign + map[bool]string{true: "2", false: "1"}[v.Str[len(sign)] == '1'] + v.Str[len(sign)+1:]
	case last == 'Z' && v.Str[0] == '2': // a date stays one
		v.Str = "1" + v.Str[1:]
	case last >= 0x80:
		v.Str += "x"
	case last == 'x':
		v.Str = head + "y"
	default:
		v.Str = head + "x"
	}
	return root.Append(nil)
}

// refusals are answers about the same document, changed in one leaf at a time:
// none of them may be good. Here each stride-th leaf is tried; the requests ask
// the same of the other vendor about three of them.
func refusals(t *testing.T, what string, doc []byte, stride int) (requests []any) {
	t.Helper()
	total := len(meant(parse(t, doc)))
	for at := len(doc) % stride; at < total; at += stride {
		changed := changedLeaf(t, doc, at)
		if got := states(verify(t, changed)); strings.Contains(got, "good") {
			t.Errorf("%s is %s here with another leaf:\n%s", what, got, changed)
		}
	}
	for i := range 3 {
		requests = append(requests, request{"op": "proofs", "document": json.RawMessage(changedLeaf(t, doc, len(doc)+i*total/3))})
	}
	return requests
}

// notByValue is what their libraries for JCS say of every document with an inline
// context that they have read from JSON: VC DI EdDSA §3.3.2, step 4, compares
// values, and they compare objects by identity.
const notByValue = "document.@context does not start with proof.@context"

// tooDeep is what npm rdf-canonize says where it stops working; RDFC-1.0 §7.1
// leaves the limit to each program.
const tooDeep = "Maximum deep iterations exceeded"

// theirs tells with which words they refuse a genuine document; "" when they
// have no reason to.
func (d *document) theirs(suite string) string {
	json := strings.Contains(suite, "-jcs-")
	switch {
	case json && strings.Contains(d.text[:strings.Index(d.text, "]")], `,{"`):
		return notByValue
	case !json && d.alike:
		return tooDeep
	}
	return ""
}

// TestOtherVendorAgrees: what is signed here verifies with Digital Bazaar's
// libraries, what they sign verifies here, and what was changed in one leaf is
// refused by both, for every suite and many shapes of documents.
func TestOtherVendorAgrees(t *testing.T) {
	t.Parallel()
	type trial struct {
		name, refusal string
		ours, theirs  []byte
	}
	var trials []*trial
	var asked, again []any
	for _, s := range signers(t) {
		for _, d := range documents(s.id) {
			if d.jsonOnly && !strings.Contains(s.suite, "-jcs-") {
				continue
			}
			tr := &trial{name: s.suite + " with " + d.name, refusal: d.theirs(s.suite), ours: s.sign(t, []byte(d.text), nil)}
			if got := states(verify(t, tr.ours)); got != "good" {
				t.Errorf("%s, signed here: %s", tr.name, got)
			}
			trials = append(trials, tr)
			asked = append(asked, request{"op": "issue", "document": json.RawMessage(d.text), "suite": s.suite, "key": s.secret})
		}
	}
	for i, a := range askDB(t, asked...) {
		tr := trials[i]
		again = append(again, request{"op": "verify", "document": json.RawMessage(tr.ours)})
		again = append(again, refusals(t, tr.name+", signed here,", tr.ours, 5)...)
		if tr.theirs = a.Document; tr.theirs == nil {
			if tr.refusal != tooDeep || !strings.Contains(a.Error, tooDeep) {
				t.Errorf("%s: they did not sign: %s", tr.name, a.Error)
			}
			tr.theirs = tr.ours
		}
		if r := verify(t, tr.theirs)[0]; r.State != dataintegrity.Good {
			t.Errorf("%s, signed there: %s: %s", tr.name, r.State, r.Reason)
		}
		again = append(again, refusals(t, tr.name+", signed there,", tr.theirs, 5)...)
	}
	const each = 7 // one genuine document and twice three changed ones
	agreed := 0
	for i, a := range askDB(t, again...) {
		tr := trials[i/each]
		switch {
		case i%each > 0:
			if a.Verified || slices.Contains(a.Proofs, true) {
				t.Errorf("%s: good there with another leaf:\n%s", tr.name, again[i].(request)["document"])
			}
		case tr.refusal != "":
			if a.Verified || !strings.Contains(a.Error, tr.refusal) {
				t.Errorf("%s: they say %+v, were to say %s", tr.name, a, tr.refusal)
			}
		case !a.Verified || !slices.Equal(a.Proofs, []bool{true}):
			t.Errorf("%s, signed here: they say %+v", tr.name, a)
		default:
			agreed++
		}
	}
	t.Logf("%d documents signed by both, %d of ours verified there, %d changed ones refused there", len(trials), agreed, len(trials)*(each-1))
}

// TestOtherVendorsOldProofs: Ed25519Signature2020 is made there and checked here.
func TestOtherVendorsOldProofs(t *testing.T) {
	t.Parallel()
	s := newSigner(t, dataintegrity.Ed25519Signature2020, "Ed25519")
	var list []document
	var asked, again []any
	for _, d := range documents(s.id) {
		if d.jsonOnly || d.alike {
			continue
		}
		list = append(list, d)
		asked = append(asked, request{"op": "issue", "document": json.RawMessage(d.text), "suite": s.suite, "key": s.secret})
	}
	for i, a := range askDB(t, asked...) {
		if a.Document == nil {
			t.Errorf("%s: %s", list[i].name, a.Error)
			continue
		}
		if r := verify(t, a.Document)[0]; r.State != dataintegrity.Good {
			t.Errorf("%s: %s: %s", list[i].name, r.State, r.Reason)
		}
		again = append(again, refusals(t, list[i].name, a.Document, 3)...)
	}
	for i, a := range askDB(t, again...) {
		if a.Verified || slices.Contains(a.Proofs, true) {
			t.Errorf("good there with another leaf:\n%s", again[i].(request)["document"])
		}
	}
	t.Logf("%d documents", len(list))
}
