package export

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	verifyweb "hallmark/verifier/web"
)

// A host that keeps files tells their kind by their names, and some of ours say
// nothing. kinds says which is which, by paths below the base in which * stands
// for anything within one segment, and ** for anything.
var kinds = []struct {
	path, media string
	unsought    bool // search engines are asked to pass by
}{
	{"/v/*.json", "application/vc", true},
	{"/v/*.jwt", "text/plain", true},
	{"/v/*.png", "image/png", true},
	{"/v/*.svg", "image/svg+xml", true},
	{"/v/*.pdf", "application/pdf", true},
	{"/art/*.png", "image/png", false},
	{"/v/*/proof", "application/json", true},
	{"/v/*/endorsements", "application/json", true},
	{"/status/*", "application/vc", false},
	{"/keys/*", "application/jwk+json", false},
	{"/achievements/*.json", "application/ld+json", false},
	{"/issuers/*.json", "application/ld+json", false},
	{"/.well-known/jwks.json", "application/jwk-set+json", false},
	{"/log/checkpoint", "text/plain; charset=utf-8", false},
	{"/log/key", "text/plain; charset=utf-8", false},
	{"/log/tile/**", "application/octet-stream", false},
}

// hosting writes what hosts and robots read, and the page for what is not there.
func (s *Site) hosting(ctx context.Context, w *files, t Tally) error {
	absent, err := s.Door.send(ctx, "/v/none", html)
	if err != nil {
		return err
	}
	if absent.status != http.StatusNotFound {
		return fmt.Errorf("copy the page for what is not there: the service answers %d", absent.status)
	}
	base, err := url.Parse(s.Door.BaseURL)
	if err != nil {
		return fmt.Errorf("read the base URL: %w", err)
	}
	path, secure := base.EscapedPath(), base.Scheme == "https"
	for name, text := range map[string]string{
		"404.html":   absent.body.String(),
		"README.txt": s.Readme(t),
		"robots.txt": "User-agent: *\nDisallow: " + path + "/V/\nDisallow: " + path + "/log/\n",
		".nojekyll":  "", // GitHub Pages then serves what begins with a dot or an underscore
		"_headers":   headersFile(path, s.DIDPath, secure),
		".htaccess":  htaccess(path, s.DIDPath, secure),
	} {
		if err := w.put(name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// always are the headers of every file. The policy of a page stands in the
// page, where no host can leave it out.
func always(secure bool) []string {
	h := http.Header{}
	verifyweb.SetHeaders(h, verifyweb.Data, secure)
	h.Del("Content-Security-Policy")
	var lines []string
	for name := range h {
		lines = append(lines, name+": "+h.Get(name))
	}
	slices.Sort(lines)
	return lines
}

// headersFile is what Netlify, Cloudflare Pages and others read.
func headersFile(base, didPath string, secure bool) string {
	var b strings.Builder
	rule := func(path string, lines ...string) {
		b.WriteString(base + path + "\n  " + strings.Join(lines, "\n  ") + "\n")
	}
	rule("/*", always(secure)...)
	rule(didPath, "Content-Type: application/did+json")
	for _, k := range kinds {
		rule(strings.ReplaceAll(k.path, "**", "*"), kindLines(k.media, k.unsought)...)
	}
	return b.String()
}

func kindLines(media string, unsought bool) []string {
	lines := []string{"Content-Type: " + media}
	if unsought {
		lines = append(lines, "X-Robots-Tag: noindex, nofollow")
	}
	return lines
}

// htaccess is what Apache reads. The kind of a file is forced, the rest needs
// mod_headers.
func htaccess(base, didPath string, secure bool) string {
	var b strings.Builder
	b.WriteString("Options -Indexes\nErrorDocument 404 " + base + "/404.html\n<IfModule mod_headers.c>\n")
	for _, line := range always(secure) {
		name, value, _ := strings.Cut(line, ": ")
		fmt.Fprintf(&b, "Header set %s %q\n", name, value)
	}
	b.WriteString("</IfModule>\n")
	rule := func(path, media string, unsought bool) {
		fmt.Fprintf(&b, "<If \"%%{REQUEST_URI} =~ m#^%s$#\">\nForceType '%s'\n", pattern(base+path), media)
		if unsought {
			b.WriteString("<IfModule mod_headers.c>\nHeader set X-Robots-Tag \"noindex, nofollow\"\n</IfModule>\n")
		}
		b.WriteString("</If>\n")
	}
	rule(didPath, "application/did+json", false)
	for _, k := range kinds {
		rule(k.path, k.media, k.unsought)
	}
	return b.String()
}

// pattern makes a path of kinds a regular expression.
func pattern(path string) string {
	return strings.NewReplacer(`\*\*`, ".*", `\*`, "[^/]*").Replace(regexp.QuoteMeta(path))
}
