package fetch

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// prefixes parses a table that is written here.
func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// What is not the public Internet: the IANA special-purpose registries for IPv4
// and IPv6 (RFC 6890 and its updates). Of IPv6 only 2000::/3 is given out at
// all, so that loopback, unique local, link-local, multicast, IPv4-mapped and
// whatever is invented outside need no line of their own.
var (
	specialIPv4 = prefixes(
		"0.0.0.0/8",       // this network
		"10.0.0.0/8",      // private
		"100.64.0.0/10",   // carrier-grade NAT
		"127.0.0.0/8",     // loopback
		"169.254.0.0/16",  // link-local, cloud metadata
		"172.16.0.0/12",   // private
		"192.0.0.0/24",    // protocol assignments
		"192.0.2.0/24",    // documentation
		"192.88.99.0/24",  // 6to4 relays
		"192.168.0.0/16",  // private
		"198.18.0.0/15",   // benchmarking
		"198.51.100.0/24", // documentation
		"203.0.113.0/24",  // documentation
		"224.0.0.0/4",     // multicast
		"240.0.0.0/4",     // reserved, broadcast
	)
	globalIPv6  = netip.MustParsePrefix("2000::/3")
	specialIPv6 = prefixes(
		"2001::/23",     // protocol assignments, Teredo, ORCHID
		"2001:db8::/32", // documentation
		"3fff::/20",     // documentation
	)
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: IPv4 in the last four bytes
	sixToFo = netip.MustParsePrefix("2002::/16")    // RFC 3056: IPv4 in bytes 2 to 5
)

// public tells whether an address belongs to the public Internet. An address
// that only wraps an IPv4 address is as public as that one.
func public(a netip.Addr) bool {
	if !a.IsValid() {
		return false
	}
	a = a.Unmap()
	if a.Is4() {
		return !within(a, specialIPv4)
	}
	bytes := a.As16()
	switch {
	case nat64.Contains(a):
		return public(netip.AddrFrom4([4]byte(bytes[12:16])))
	case sixToFo.Contains(a):
		return public(netip.AddrFrom4([4]byte(bytes[2:6])))
	}
	return globalIPv6.Contains(a) && !within(a, specialIPv6) // never an address with a zone
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// dial resolves the host of address once, looks at every answer, and connects to
// one of the addresses it has looked at. One address that is not public spoils
// the whole answer: no honest name has one beside public ones.
func (f *Fetcher) dial(ctx context.Context, network, address string, guard bool) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, err
	}
	// The standard client dials in a context that has lost the request's deadline.
	ctx, cancel := context.WithTimeout(ctx, orDefault(f.Timeout, DefaultTimeout))
	defer cancel()
	addrs, err := f.resolve(ctx, host, guard)
	if err != nil {
		return nil, err
	}
	if guard {
		for _, a := range addrs {
			if !public(a) {
				return nil, refuse(ErrNotAllowed, nil, "%s leads to an address that is not on the public Internet; it was not asked.", host)
			}
		}
	}
	return f.connect(ctx, network, addrs[:min(len(addrs), maxDials)], uint16(port))
}

// resolve gives at least one address. Only a typed origin can be an address
// already: the guard refuses such hosts before.
func (f *Fetcher) resolve(ctx context.Context, host string, guard bool) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	resolve := f.Resolve
	switch {
	case resolve == nil && guard:
		resolve = resolveExactly
	case resolve == nil:
		resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	addrs, err := resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, refuse(ErrUnreachable, nil, "%s has no address.", host)
	}
	return addrs, nil
}

// resolveExactly asks the system for this name and no other: the final dot keeps
// it from being tried below the domains of our own network.
func resolveExactly(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host+".")
}

// connect tries the addresses in turn, each with its share of the time left.
func (f *Fetcher) connect(ctx context.Context, network string, addrs []netip.Addr, port uint16) (net.Conn, error) {
	dial := f.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	var failed error
	for i, a := range addrs {
		try, cancel := context.WithTimeout(ctx, left(ctx)/time.Duration(len(addrs)-i))
		conn, err := dial(try, network, netip.AddrPortFrom(a.Unmap(), port).String())
		cancel()
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, failed
}

func left(ctx context.Context) time.Duration {
	deadline, _ := ctx.Deadline() // dial has set one
	return time.Until(deadline)
}
