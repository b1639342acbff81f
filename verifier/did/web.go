package did

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// WebURL gives the https address of a did:web's document (did:web method §3.2):
// did:web:host[%3Aport][:path…] becomes https://host[:port]/path/did.json, or
// /.well-known/did.json without a path. Host names are lower-case DNS names;
// addresses in numbers, users, empty and dotted path segments are refused.
func WebURL(didWeb string) (string, error) {
	rest, ok := strings.CutPrefix(didWeb, "did:web:")
	if !ok {
		return "", errors.New("this is not a did:web")
	}
	if len(rest) > 1024 {
		return "", errors.New("the did:web is too long")
	}
	segments := strings.Split(rest, ":")
	host, err := webHost(segments[0])
	if err != nil {
		return "", err
	}
	if len(segments) == 1 {
		return "https://" + host + "/.well-known/did.json", nil
	}
	path := ""
	for _, segment := range segments[1:] {
		name, err := url.PathUnescape(segment)
		if err != nil || !segmentOK(name) {
			return "", errors.New("the path of the did:web is wrong")
		}
		path += "/" + url.PathEscape(name)
	}
	return "https://" + host + path + "/did.json", nil
}

// WebHost gives the host (and port, if any) that a did:web names.
func WebHost(didWeb string) (string, error) {
	rest, ok := strings.CutPrefix(didWeb, "did:web:")
	if !ok {
		return "", errors.New("this is not a did:web")
	}
	first, _, _ := strings.Cut(rest, ":")
	return webHost(first)
}

func webHost(segment string) (string, error) {
	wrong := errors.New("the host of the did:web is wrong")
	host, err := url.PathUnescape(segment)
	if err != nil || strings.Contains(host, "%") {
		return "", wrong
	}
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || port[0] == '0' {
			return "", wrong
		}
	}
	if !dnsName(name) {
		return "", wrong
	}
	return host, nil
}

// dnsName accepts lower-case letters, digits and hyphens in labels of 1 to 63,
// and refuses what a resolver would read as an address in numbers.
func dnsName(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	// Old resolvers read 127.1, 2130706433 and 0x7f.1 as addresses: a last label
	// of digits, or of 0x and hex digits, is never a top-level domain.
	last := labels[len(labels)-1]
	if _, err := strconv.ParseUint(last, 10, 64); err == nil {
		return false
	}
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		if _, err := strconv.ParseUint(hex, 16, 64); err == nil || hex == "" {
			return false
		}
	}
	return true
}

func segmentOK(name string) bool {
	if name == "" || name == "." || name == ".." {
		return false
	}
	for _, c := range []byte(name) {
		if c <= 0x20 || c >= 0x7f || strings.IndexByte(`/\%?#`, c) >= 0 {
			return false
		}
	}
	return true
}
