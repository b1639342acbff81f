package jsonld

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"hallmark/verifier/strictjson"
)

// badges makes n distinct badges of the golden example: other ids, people,
// texts and results.
func badges(t testing.TB, n int) [][]byte {
	golden := fixture(t, "vectors/1edtech-ob30/simple.json")
	if text := fixture(t, "examples/examples-ob3-di.json"); len(text) > 0 {
		golden = text
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, golden); err != nil {
		t.Fatal(err)
	}
	out := make([][]byte, n)
	for i := range out {
		doc := compact.Bytes()
		for _, swap := range [][2]string{
			{`"urn:uuid:`, fmt.Sprintf(`"urn:uuid:%04x-`, i)},
			{`"name":"`, fmt.Sprintf(`"name":"%d `, i)},
			{`"narrative":"`, fmt.Sprintf(`"narrative":"Nr. %d. `, i*7919)},
			{`"description":"`, fmt.Sprintf(`"description":"%x: `, i*31)},
			{`"value":"`, fmt.Sprintf(`"value":"%d`, i%10)},
		} {
			doc = bytes.ReplaceAll(doc, []byte(swap[0]), []byte(swap[1]))
		}
		out[i] = bytes.Clone(doc)
	}
	return out
}

// BenchmarkCanonicalize goes from the bytes of a badge to its canonical form;
// every iteration takes another of 1,000 badges.
func BenchmarkCanonicalize(b *testing.B) {
	docs := badges(b, 1000)
	b.SetBytes(int64(len(docs[0])))
	b.ReportAllocs()
	var memory strictjson.Arena
	i := 0
	for b.Loop() {
		v, err := memory.Parse(docs[i%len(docs)])
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Canonicalize(v, Options{Skip: "proof"}); err != nil {
			b.Fatal(err)
		}
		memory.Reset()
		i++
	}
}

// BenchmarkParse is the part of BenchmarkCanonicalize that reads JSON.
func BenchmarkParse(b *testing.B) {
	docs := badges(b, 1000)
	b.SetBytes(int64(len(docs[0])))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := strictjson.Parse(docs[i%len(docs)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
