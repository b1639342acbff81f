package jsonld

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/piprate/json-gold/ld"
)

// carried hands json-gold the embedded contexts.
type carried struct{}

func (carried) LoadDocument(url string) (*ld.RemoteDocument, error) {
	objects, ok := known()[url]
	if !ok {
		return nil, fmt.Errorf("unknown context %s", url)
	}
	var context any
	text := append(append([]byte(`{"@context":`), objects[0].Append(nil)...), '}')
	if err := json.Unmarshal(text, &context); err != nil {
		return nil, err
	}
	return &ld.RemoteDocument{DocumentURL: url, Document: context}, nil
}

// BenchmarkJSONGoldCanonicalize does the same work with the common library.
func BenchmarkJSONGoldCanonicalize(b *testing.B) {
	docs := badges(b, 1000)
	b.SetBytes(int64(len(docs[0])))
	b.ReportAllocs()
	processor := ld.NewJsonLdProcessor()
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = ld.NewCachingDocumentLoader(carried{})
	options.Algorithm, options.Format = ld.AlgorithmURDNA2015, "application/n-quads"
	i := 0
	for b.Loop() {
		var doc map[string]any
		if err := json.Unmarshal(docs[i%len(docs)], &doc); err != nil {
			b.Fatal(err)
		}
		delete(doc, "proof")
		if _, err := processor.Normalize(doc, options); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
