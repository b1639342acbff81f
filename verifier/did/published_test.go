package did_test

import (
	"strings"
	"testing"

	"hallmark/verifier/did"
)

// TestPublishedIdentifiers: the identifiers that did:key and did:jwk print in
// their specifications, of all their kinds of key; ours are three of them.
func TestPublishedIdentifiers(t *testing.T) {
	for id, ok := range map[string]bool{
		// Ed25519.
		"did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp": true,
		"did:key:z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG": true,
		"did:key:z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf": true,
		// P-256 and P-384.
		"did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169":                       true,
		"did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv":                       true,
		"did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9": true,
		"did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54": true,
		// secp256k1, P-521, X25519, RSA, BLS12-381.
		"did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme":                                                                                       false,
		"did:key:z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7":                                        false,
		"did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F":                                                                                        false,
		"did:key:zUC7K4ndUaGZgV7Cp2yJy6JtMoUHY6u7tkcSYUvPrEidqBmLCTLmi6d5WvwnUqejscAkERJ3bfjEiSYtdPkRSE8kSa11hFBr4sTgnbZ95SJj19PN2jdvJjyzpSZgxkyyxNnBNnY": false,
		// did:jwk: P-256 and X25519.
		"did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9": true,
		"did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9":                                                 false,
	} {
		doc, err := did.Derive(id)
		if (err == nil) != ok {
			t.Errorf("%s: %v", id, err)
			continue
		}
		if ok && (doc.ID != id || doc.Methods[0].Key == nil || !doc.Asserts(doc.Methods[0].ID)) {
			t.Errorf("%s: %+v", id, doc)
		}
	}
	// Other spellings of one identifier are other identifiers, or none.
	const id = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
	for _, other := range []string{strings.ToUpper(id), "DID:key:" + id[8:], "did:KEY:" + id[8:], id + " ", " " + id, id + "#" + id[8:], id + "?a", id + "/a", id + "\n", "did:key:" + id[9:], "did:key:Z" + id[9:], "did:key:1.1:" + id[8:], id + id[8:], "did:key:z1" + id[9:], "did:key:", "did:key:z", "did:jwk:", "did:jwk:e30", "did:jwk:e30="} {
		if doc, err := did.Derive(other); err == nil {
			t.Errorf("%q gives %+v", other, doc)
		}
	}
}
