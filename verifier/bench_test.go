package verifier_test

import (
	"fmt"
	"testing"
	"time"

	"hallmark/verifier"
)

// BenchmarkReport is the whole of a check by bytes: every question, with the
// issuer's key within its identifier and no status list, over a thousand
// distinct badges.
func BenchmarkReport(b *testing.B) {
	key := keyOf(5)
	id := "did:key:" + multikey(key)
	var docs [][]byte
	for i := range 1000 {
		c := badge()
		c.ID, c.Issuer.ID, c.CredentialStatus = fmt.Sprintf("urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-%012x", i*7919), id, nil
		docs = append(docs, signWith(b, key, id+"#"+multikey(key), c))
	}
	v := &verifier.Verifier{Now: func() time.Time { return today }}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r, err := v.Verify(b.Context(), docs[i%1000], verifier.Ask{})
		if err != nil || r.Verdict != verifier.Verified {
			b.Fatal(r, err)
		}
	}
}
