package keyring

import (
	"fmt"
	"strings"

	"hallmark/issuer"
	"hallmark/verifier/strictjson"
)

// An issuer that moved is still who it was: badges from before are checked by the
// documents of its former names, and their status lists and stapled statuses go on
// being signed in these. A did:web had the keys that the present one has; a did:key
// is one key, which stays open for this whatever became of it, and is in no other
// document: who tried things out may not have kept it well.

// trialPurposes are what the key of a did:key signs.
var trialPurposes = []string{PurposeCredential, PurposeStatus, issuer.PurposeStaple}

// trialKey is the key that is the name of the view; "" where it is no did:key.
func (v *view) trialKey() issuer.KeyID {
	id, _ := strings.CutPrefix(v.did, "did:key:")
	if id == v.did {
		return ""
	}
	return issuer.KeyID(id)
}

// namesKey tells whether a key was, or is, the issuer's name.
func (v *view) namesKey(id issuer.KeyID) bool {
	for _, n := range v.names {
		if n.DID == "did:key:"+string(id) {
			return true
		}
	}
	return false
}

// as is the present view under a name that the issuer has or had.
func (r *Ring) as(name string) (*view, error) {
	v, err := r.current()
	if err != nil || v.did == name {
		return v, err
	}
	for _, n := range v.names {
		if n.DID == name {
			former := *v
			former.did = name
			return &former, nil
		}
	}
	return nil, fmt.Errorf("look for keys: %q is no name of this issuer", name)
}

// namedIn is the view under the name that a credential gives its issuer.
func (r *Ring) namedIn(doc []byte) (*view, error) {
	v, err := strictjson.Parse(doc)
	if err != nil {
		return nil, fmt.Errorf("read who is to sign: %w", err)
	}
	who := v.Get("issuer")
	if id := who.Get("id"); id != nil {
		who = id
	}
	return r.as(who.Text())
}

// Identities lists what the issuer was and, last, what it is at a base URL.
func (r *Ring) Identities(baseURL string) []issuer.IssuerIdentity {
	v, err := r.current()
	if err != nil {
		return []issuer.IssuerIdentity{{BaseURL: baseURL}}
	}
	if len(v.names) == 0 {
		return []issuer.IssuerIdentity{{BaseURL: baseURL, DID: v.did}}
	}
	return v.names
}
