package web

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// addressOf makes the extractor of a caller's address. Without proxies it is
// the connection's. Behind proxies the operator named it is the right-most
// address in X-Forwarded-For that is not one of them: what stands left of it
// is the caller's own word.
func addressOf(proxies []netip.Prefix) echo.IPExtractor {
	trusted := func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return func(req *http.Request) string {
		conn, err := netip.ParseAddrPort(req.RemoteAddr)
		if err != nil {
			return ""
		}
		at := conn.Addr().Unmap().WithZone("")
		if !trusted(at) {
			return at.String()
		}
		hops := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			at = hop.Unmap().WithZone("")
			if !trusted(at) {
				break
			}
		}
		return at.String()
	}
}

// bucketOf is what a limit counts by: an IPv4 address, or the /64 that one
// IPv6 subscriber has to themselves.
func bucketOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Is4() {
		return address
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
