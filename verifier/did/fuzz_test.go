package did_test

import (
	"testing"

	"hallmark/verifier/did"
)

func FuzzMultikey(f *testing.F) {
	f.Add("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	f.Add("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP")
	f.Fuzz(func(t *testing.T, text string) {
		if data, err := did.DecodeBase58(text); err == nil && did.EncodeBase58(data) != text {
			t.Errorf("%q has a second spelling", text)
		}
		key, err := did.DecodeMultikey(text)
		if err != nil {
			return
		}
		if back, err := did.EncodeMultikey(key); err != nil || back != text {
			t.Errorf("%q comes back as %q, %v", text, back, err)
		}
	})
}

func FuzzDocument(f *testing.F) {
	f.Add("did:web:example.org", []byte(`{"id":"did:web:example.org","verificationMethod":[{"id":"#k","type":"Multikey","controller":"did:web:example.org","publicKeyMultibase":"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}],"assertionMethod":["#k"]}`))
	f.Add("did:jwk:e30", []byte(`{"id":"did:jwk:e30"}`))
	f.Fuzz(func(t *testing.T, id string, raw []byte) {
		if doc, err := did.ParseDocument(id, raw); err == nil && doc.ID != id {
			t.Errorf("a document of %q passes for %q", doc.ID, id)
		}
		if doc, err := did.Derive(id); err == nil && (doc.ID != id || doc.Methods[0].Key == nil) {
			t.Errorf("Derive(%q) = %+v", id, doc)
		}
		if address, err := did.WebURL(id); err == nil && len(address) < len("https://a/did.json") {
			t.Errorf("WebURL(%q) = %q", id, address)
		}
	})
}
