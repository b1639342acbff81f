package public

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"hallmark/issuer/web"
	verifyweb "hallmark/verifier/web"
)

// Open gives the bytes behind a link to one of our badges, from our own
// records: own things are never fetched over HTTP. ours is false for links
// that lead elsewhere. The bytes are for checking: a file that is not given out
// for the name in it can be checked all the same, and the report names nobody.
func (p *Public) Open(ctx context.Context, link string) (doc []byte, ours bool, err error) {
	path, ours := p.ownPath(link)
	if !ours {
		return nil, false, nil
	}
	name, found := strings.CutPrefix(strings.ToLower(path), "/v/")
	if !found {
		return nil, true, verifyweb.WrongField("url", "This link does not lead to a badge.")
	}
	name, _, _ = strings.Cut(name, "/")
	name, _, _ = strings.Cut(name, ".")
	id, err := credentialID(name)
	if err != nil {
		return nil, true, verifyweb.NewProblem(http.StatusNotFound, "There is no badge at this link.")
	}
	badge, err := p.Published.Badge(ctx, id)
	if refusal, known := web.Problem(err); err != nil && known {
		return nil, true, refusal // 404 and 410 say what there is to say
	}
	if err != nil {
		return nil, true, err
	}
	return badge.Credential, true, nil
}

// ownPath gives the path under a base URL of ours, or one that was, that a link
// names, however its host and path are cased. A link typed from paper has https
// put before it, so the scheme says nothing about whose it is.
func (p *Public) ownPath(link string) (path string, ours bool) {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.User != nil || !ofTheWeb(u.Scheme) {
		return "", false
	}
	longest := -1
	for _, i := range p.Published.Identities() {
		base, err := url.Parse(i.BaseURL)
		if err == nil && strings.EqualFold(u.Host, base.Host) && len(u.Path) >= len(base.Path) && strings.EqualFold(u.Path[:len(base.Path)], base.Path) && len(base.Path) > longest {
			longest, path, ours = len(base.Path), u.Path[len(base.Path):], true
		}
	}
	return path, ours
}

func ofTheWeb(scheme string) bool {
	return strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")
}
