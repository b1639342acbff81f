package fetch

import (
	"net/url"
	"slices"
	"strings"
)

const maxURL = 2048

// target is an address that may be asked. typed: by the person's own word.
type target struct {
	url   *url.URL
	typed bool
}

// Origin gives the origin of an http or https address as Allow wants it:
// scheme://host, and the port where it is not the scheme's own.
func Origin(address string) (string, error) {
	u, err := parse(address)
	if err != nil {
		return "", err
	}
	return originOf(u), nil
}

func originOf(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port != "" && !(u.Scheme == "https" && port == "443") && !(u.Scheme == "http" && port == "80") {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}

// parse accepts what any http client would, without the parts that make an
// address look like another one.
func parse(address string) (*url.URL, error) {
	if len(address) > maxURL {
		return nil, refuse(ErrNotAllowed, nil, "The address is longer than %d characters.", maxURL)
	}
	for _, c := range []byte(address) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return nil, refuse(ErrNotAllowed, nil, "The address holds a character that no address may hold.")
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, refuse(ErrNotAllowed, nil, "The address is not one of the web.")
	}
	if u.User != nil {
		return nil, refuse(ErrNotAllowed, nil, "The address holds a user name or password; it was not asked.")
	}
	u.Fragment, u.RawFragment = "", "" // never sent
	return u, nil
}

// check decides whether an address may be asked at all; where its name leads is
// looked at when it is dialled.
func (f *Fetcher) check(address string) (target, error) {
	u, err := parse(address)
	if err != nil {
		return target{}, err
	}
	if slices.Contains(f.Allow, originOf(u)) {
		return target{url: u, typed: true}, nil
	}
	switch port := u.Port(); {
	case u.Scheme != "https":
		return target{}, refuse(ErrNotAllowed, nil, "%s is named without https; it was not asked.", u.Hostname())
	case strings.HasSuffix(u.Host, ":") || port != "" && port != "443":
		return target{}, refuse(ErrNotAllowed, nil, "%s is named with a port of its own; only 443 is asked.", u.Hostname())
	}
	host := strings.ToLower(u.Hostname())
	if !publicName(host) {
		return target{}, refuse(ErrNotAllowed, nil, "The address does not name a host on the public Internet; it was not asked.")
	}
	u.Host = host
	return target{url: u}, nil
}

// publicName: a DNS name of two labels or more (RFC 1035 §2.3.1, digits allowed
// in front) whose last label no resolver takes for a number, which rules out
// every spelling of an IP address, and which is not kept for local or other use
// (RFC 6761, 6762, 7686, 8375, 9476, and ICANN's .internal).
func publicName(host string) bool {
	if len(host) > 253 {
		return false
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return false
		}
	}
	last := labels[len(labels)-1]
	if len(labels) < 2 || last[0] < 'a' || last[0] > 'z' {
		return false
	}
	switch last {
	case "localhost", "local", "internal", "onion", "alt", "invalid":
		return false
	}
	return !strings.HasSuffix(host, ".home.arpa")
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
