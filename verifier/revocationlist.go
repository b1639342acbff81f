package verifier

import (
	"bytes"
	"net/url"
	"strings"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// revocationListType is the status of 1EdTech's Verifiable Credentials Revocation
// List 1.0: the id of the entry is the address of a list of the credentials that
// were withdrawn.
const revocationListType = "1EdTechRevocationList"

// revokedLimits bound such a list: 2 MiB, some ten thousand credentials.
var revokedLimits = strictjson.Limits{Bytes: 2 << 20, Values: 40000, Names: 30000, String: 8 << 10}

// readRevocationList looks the credential up in such a list. The list has no
// signature: the credential, which has one, names its address, and it comes from
// there by https. Anything odd in it is "could not tell", except that whatever it
// calls revoked is.
func (r *run) readRevocationList(c *vc.Credential, e *vc.StatusEntry) Check {
	if c.ID == "" || !strings.HasPrefix(e.ID, "https://") {
		return statusCheck(Undetermined, problemStatusValue, "Its status entry does not say where to look, or for what.")
	}
	raw, why := r.fetchList(e.ID)
	if why != "" {
		return unknownStatus(problemRetrieval, why)
	}
	list, err := strictjson.ParseLimits(bytes.TrimSpace(raw), revokedLimits)
	switch {
	case err != nil || list.Kind != strictjson.Object:
		return unknownStatus(problemStatusProof, "the issuer's list of withdrawn credentials is not a readable document")
	case list.Get("id").Text() != e.ID:
		return unknownStatus(problemStatusProof, "what was found is another list")
	case listIssuer(list) != c.Issuer.ID:
		return unknownStatus(problemStatusProof, "the list of withdrawn credentials is by someone else than the issuer")
	}
	found, reason, odd := findRevoked(list, c.ID)
	switch {
	case found:
		r.words.status = "revoked"
		return statusCheck(Refused, "", "The issuer's list shows it as revoked"+because(reason))
	case odd:
		return unknownStatus(problemStatusValue, "the issuer's list of withdrawn credentials is not as it should be")
	}
	return statusCheck(Verified, "", "The issuer's list of withdrawn credentials, which is not signed, does not name it.")
}

func listIssuer(list *strictjson.Value) string {
	issuer := list.Get("issuer")
	if issuer != nil && issuer.Kind == strictjson.Object {
		return issuer.Get("id").Text()
	}
	return issuer.Text()
}

// findRevoked looks for a credential among those of a list. odd: something in the
// list cannot be read.
func findRevoked(list *strictjson.Value, id string) (found bool, reason string, odd bool) {
	all := list.Get("revokedCredential")
	if all != nil && all.Kind != strictjson.Array && all.Kind != strictjson.Object {
		odd = true
	}
	for one := range all.Each() {
		named, revoked := one.Get("id").Text(), one.Get("revoked")
		switch {
		case named == "" || revoked != nil && revoked.Kind != strictjson.Bool:
			odd = true
		case !sameID(named, id):
		case revoked == nil || revoked.Str == "true":
			return true, one.Get("revocationReason").Text(), odd
		}
	}
	return false, "", odd
}

// sameID compares ids as Open Badges 3.0 §10 does: without percent-encoding and
// white space around them.
func sameID(a, b string) bool {
	plain := func(id string) string {
		if un, err := url.PathUnescape(id); err == nil {
			id = un
		}
		return strings.TrimSpace(id)
	}
	return a == b || plain(a) == plain(b)
}
