package ob2

import (
	"net/url"
	"strings"

	"hallmark/verifier/strictjson"
)

// BadgeClass is what can be earned.
type BadgeClass struct {
	Doc      *strictjson.Value
	ID       string
	Name     string
	IssuerID string
	Issuer   *strictjson.Value // the profile that stands in place; nil when it is only named
}

// ReadBadgeClass reads a badge class; ok is false where the document is none.
func ReadBadgeClass(doc *strictjson.Value) (class *BadgeClass, ok bool) {
	if !is(doc, "BadgeClass") {
		return nil, false
	}
	c := &BadgeClass{Doc: doc, ID: doc.Get("id").Text(), Name: doc.Get("name").Text(), IssuerID: idOf(doc.Get("issuer"))}
	if issuer := doc.Get("issuer"); isObject(issuer) && len(issuer.Kids) > 1 {
		c.Issuer = issuer
	}
	return c, c.IssuerID != ""
}

// Profile is an issuer.
type Profile struct {
	Doc            *strictjson.Value
	ID             string
	Name           string
	Keys           []Key
	RevocationList string // address; "" when there is none
	AllowedOrigins []string
	StartsWith     []string
}

// Key is a key that a profile lists, by name or in place.
type Key struct {
	ID    string
	Owner string // "" when not said, or when the key is only named
	PEM   string // "" when the key is only named
}

// ReadProfile reads an issuer profile; ok is false where the document is none.
func ReadProfile(doc *strictjson.Value) (profile *Profile, ok bool) {
	if !is(doc, "Issuer") && !is(doc, "Profile") {
		return nil, false
	}
	p := &Profile{Doc: doc, ID: doc.Get("id").Text(), Name: doc.Get("name").Text(), RevocationList: idOf(doc.Get("revocationList"))}
	for key := range doc.Get("publicKey").Each() {
		p.Keys = append(p.Keys, ReadKey(key))
	}
	for origin := range doc.Get("verification").Get("allowedOrigins").Each() {
		p.AllowedOrigins = append(p.AllowedOrigins, origin.Text())
	}
	for start := range doc.Get("verification").Get("startsWith").Each() {
		p.StartsWith = append(p.StartsWith, start.Text())
	}
	return p, p.ID != ""
}

// ReadKey reads a key (Open Badges 2.0, "CryptographicKey"), or its name.
func ReadKey(v *strictjson.Value) Key {
	return Key{ID: idOf(v), Owner: idOf(v.Get("owner")), PEM: v.Get("publicKeyPem").Text()}
}

// Hosts says whether a badge at this address is the issuer's (Open Badges 2.0,
// "VerificationObject"): at a host that it allows and below an address that it
// names; where it says neither, at the origin of its own id. A beginning reaches
// to the end of its host: "https://a.example" is not the beginning of
// "https://a.example.evil.test/". An address that climbs is nobody's: what its
// host serves there may lie elsewhere than it begins.
func (p *Profile) Hosts(address string) bool {
	scheme, host := origin(address)
	ownScheme, ownHost := origin(p.ID)
	if host == "" || scheme != ownScheme || climbs(address) {
		return false
	}
	allowed, below := len(p.AllowedOrigins) == 0 && len(p.StartsWith) > 0, len(p.StartsWith) == 0
	if len(p.AllowedOrigins) == 0 && len(p.StartsWith) == 0 {
		allowed = host == ownHost
	}
	for _, one := range p.AllowedOrigins {
		if !strings.Contains(one, "://") {
			one = scheme + "://" + one
		}
		s, h := origin(one)
		allowed = allowed || s == scheme && h == host
	}
	for _, start := range p.StartsWith {
		s, h := origin(start)
		below = below || s == scheme && h == host && strings.HasPrefix(address, start)
	}
	return allowed && below
}

// climbs says whether a server may take an address for one above (RFC 3986
// §3.3), however that is written.
func climbs(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	for _, segment := range strings.FieldsFunc(u.Path, func(c rune) bool { return c == '/' || c == '\\' }) {
		if name, _, _ := strings.Cut(segment, ";"); name == "." || name == ".." {
			return true
		}
	}
	return false
}

// origin gives scheme and host of an address of the web, the port included where
// it is not the scheme's own; host is "" of others.
func origin(address string) (scheme, host string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return "", ""
	}
	own := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return u.Scheme, strings.ToLower(strings.TrimSuffix(u.Host, own))
}

// Revoked looks for an assertion in a list of revoked ones (Open Badges 2.0,
// "RevocationList"): strings with their ids, or objects with id or uid. odd says
// that something in the list cannot be read.
func Revoked(list *strictjson.Value, a *Assertion) (found bool, reason string, odd bool) {
	all := list.Get("revokedAssertions")
	odd = all != nil && all.Kind != strictjson.Array
	for one := range all.Each() {
		id := idOf(one)
		switch uid := one.Get("uid").Text(); {
		case id != "" && SameID(id, a.ID), uid != "" && uid == a.UID:
			return true, one.Get("revocationReason").Text(), odd
		case id == "" && uid == "":
			odd = true
		}
	}
	return false, "", odd
}
