package export

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"hallmark/issuer"
)

// At is where in a copy the files for a former host lie. A badge from before a
// move names its keys and its status list there, and a did:web is looked up at its own
// host alone.
func At(host string) string { return "at/" + strings.ReplaceAll(strings.ToLower(host), ":", "_") }

// FormerHosts names the hosts that an installation had before it moved, where others
// look up who it was. Loopback addresses of a trial are none.
func (s *Site) FormerHosts() (hosts []string) {
	for _, i := range s.former() {
		if u, err := url.Parse(i.BaseURL); err == nil && !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

// former are what the issuer was before, as far as it was called by an address.
func (s *Site) former() []issuer.IssuerIdentity {
	return slices.DeleteFunc(slices.Clone(s.Identities[:len(s.Identities)-1]), func(i issuer.IssuerIdentity) bool { return !strings.HasPrefix(i.DID, "did:web:") })
}

// formerHosts adds the files of former hosts: the site under the paths that it had
// there and below the one that its pages lead to, and of what tells who the issuer is,
// what it was called there.
func (s *Site) formerHosts(ctx context.Context, w *files, keys []issuer.KeyID) error {
	all, err := w.names()
	if err != nil {
		return err
	}
	now, err := url.Parse(s.Door.BaseURL)
	if err != nil {
		return fmt.Errorf("read the base URL: %w", err)
	}
	for _, host := range s.FormerHosts() {
		called := map[string]string{now.EscapedPath(): ""} // base URL by its path
		for _, i := range s.Identities {
			if u, err := url.Parse(i.BaseURL); err == nil && strings.EqualFold(u.Host, host) && strings.HasPrefix(i.DID, "did:web:") {
				called[u.EscapedPath()] = i.BaseURL
			}
		}
		if err := s.formerHost(ctx, w, host, called, all, keys); err != nil {
			return err
		}
	}
	return nil
}

func (s *Site) formerHost(ctx context.Context, w *files, host string, called map[string]string, all []string, keys []issuer.KeyID) error {
	var headers, access string
	for _, path := range slices.Sorted(maps.Keys(called)) {
		base, at := called[path], At(host)+path
		for _, name := range all {
			if s.tellsWho(name) || slices.Contains(ofTheRoot, name) {
				continue
			}
			if err := w.link(name, at+"/"+name); err != nil {
				return err
			}
		}
		did := s.DIDPath
		if base != "" {
			did = s.DIDPathOf(base)
			if err := s.whoItWas(ctx, w, at, base, did, keys); err != nil {
				return err
			}
		}
		headers += headersFile(path, did, true) // a did:web is looked up by https
		access += htaccess(path, did, true)
	}
	for name, text := range map[string]string{"_headers": headers, ".htaccess": access, ".nojekyll": ""} {
		if err := w.put(At(host)+"/"+name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// ofTheRoot are files that hosts and people look for at the root of a site alone.
var ofTheRoot = []string{"_headers", ".htaccess", ".nojekyll", "robots.txt", "README.txt"}

// tellsWho tells whether a file says who the issuer is.
func (s *Site) tellsWho(name string) bool {
	return "/"+name == s.DIDPath || name == ".well-known/jwks.json" || strings.HasPrefix(name, "keys/")
}

// whoItWas writes what says who the issuer was under a base URL.
func (s *Site) whoItWas(ctx context.Context, w *files, at, base, did string, keys []issuer.KeyID) error {
	there := &Site{Door: Door{Handler: s.Door.Handler, BaseURL: base}}
	if err := there.copy(ctx, w, did, "application/did+json", at+did); err != nil {
		return err
	}
	if err := there.copy(ctx, w, "/.well-known/jwks.json", "application/jwk-set+json", at+"/.well-known/jwks.json"); err != nil {
		return err
	}
	for _, k := range keys {
		if err := there.copy(ctx, w, "/keys/"+string(k), "application/jwk+json", at+"/keys/"+string(k)); err != nil {
			return err
		}
	}
	return nil
}

// names lists all files, by their paths.
func (w *files) names() (names []string, err error) {
	err = filepath.WalkDir(w.dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(w.dir, file)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the copy: %w", err)
	}
	return names, nil
}
