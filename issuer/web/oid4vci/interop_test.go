package oid4vci_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/verifiertest"
)

// TestOtherWallet: a wallet of another vendor's making takes badges by a did:jwk
// and by a key in the header, and another vendor's verifier finds the copies good
// until the badge is revoked.
func TestOtherWallet(t *testing.T) {
	npm := verifiertest.NPM(t, "@openid4vc/openid4vci", "@openid4vc/oauth2", "jose", "@digitalbazaar/vc", "@digitalbazaar/vc-bitstring-status-list")
	s := issuertest.New(t, issuertest.Options{})
	badge := earn(t, s, "learner", "honour")
	type taken struct {
		DID         string
		Credentials map[string]json.RawMessage
		Error       *string
	}
	ask := func(method string, forms ...string) any {
		return object{"offer": offered(t, s, "learner", badge), "pin": mailed(t, s), "method": method, "forms": forms}
	}
	places := map[string]bool{}
	var copies []json.RawMessage
	for _, got := range verifiertest.Ask[taken](t, npm, "wallet.mjs", nil, ask("did", "OpenBadge_ldp", "OpenBadge_jwt"), ask("jwk", "OpenBadge_jwt")) {
		if got.Error != nil {
			t.Fatal(*got.Error)
		}
		w := &wallet{s: s, did: got.DID}
		for form, signed := range got.Credentials {
			if form == "OpenBadge_ldp" {
				copies = append(copies, signed)
			} else {
				var text string
				must(t, json.Unmarshal(signed, &text))
				signed = []byte(text)
			}
			w.holds(t, signed, places)
		}
	}
	if len(copies) != 1 || len(places) != 2 {
		t.Fatalf("%d copies at %v", len(copies), places)
	}
	verified := func() bool {
		s.Publish(t)
		var c copied
		must(t, json.Unmarshal(copies[0], &c))
		list := s.Send(t, "nobody", "GET", strings.TrimPrefix(c.Status.List, s.URL), "", "Accept", "application/vc").Want(t, 200).Body
		type answer struct {
			Verified bool
			Error    any
		}
		a := verifiertest.Ask[answer](t, npm, "verify-vc.mjs", nil, object{"credential": copies[0], "documents": map[string]json.RawMessage{c.Status.List: list}})[0]
		t.Logf("another verifier: %+v", a)
		return a.Verified
	}
	if !verified() {
		t.Error("another verifier does not find the copy good")
	}
	_, err := s.Registrar.RevokeCredential(t.Context(), operator, badge, revocation)
	must(t, err)
	if verified() {
		t.Error("another verifier finds the copy of a revoked badge good")
	}
}
