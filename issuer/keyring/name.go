package keyring

import (
	"net/netip"
	"net/url"
	"strings"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// Method is how the issuer is named.
type Method string

// The methods; MethodByURL decides by the base URL.
const (
	MethodByURL Method = ""
	MethodWeb   Method = "web"
	MethodKey   Method = "key"
)

// WebDID gives the did:web of a base URL, or "" if it can have none: it must
// be https on a DNS name (did:web method §3.1). A path becomes part of the
// name: https://host/a is did:web:host:a, served at /a/did.json.
func WebDID(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") {
		return ""
	}
	name := "did:web:" + host
	if port := u.Port(); port != "" && port != "443" {
		name += "%3A" + port
	}
	if path := strings.Trim(u.EscapedPath(), "/"); path != "" {
		name += ":" + strings.ReplaceAll(path, "/", ":")
	}
	if _, err := did.WebURL(name); err != nil {
		return ""
	}
	return name
}

// choose settles the method for a base URL.
func choose(m Method, baseURL string) (Method, error) {
	web := WebDID(baseURL) != ""
	switch {
	case m == MethodByURL && web:
		return MethodWeb, nil
	case m == MethodByURL, m == MethodKey:
		return MethodKey, nil
	case m == MethodWeb && web:
		return MethodWeb, nil
	case m == MethodWeb:
		return "", issuer.Refuse(issuer.Invalid, "A did:web needs a base URL that is https on a DNS name.")
	}
	return "", issuer.Refuse(issuer.Invalid, "issuer.did must be “web” or “key”.")
}
