package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/registrar"
	"hallmark/verifier/inclusion"
)

// Site is the public site on its way into a folder.
type Site struct {
	Door       Door // answers for the site, with pages made for a copy (see Lacking)
	Published  *registrar.Published
	DIDPath    string                   // where the issuer's document is, below the base
	Identities []issuer.IssuerIdentity  // what the issuer was before it moved and, last, what it is
	DIDPathOf  func(base string) string // where its document is below another base URL
	Lists      map[issuer.StatusListID][]byte
	Assets     []string             // static files, by their paths below the base
	Pictures   bool                 // also what takes ten milliseconds and more to draw
	Progress   func(done int)       // after some badges; nil: nobody is told
	Readme     func(t Tally) string // the words of README.txt
}

// Tally is what went into a folder.
type Tally struct {
	Badges, Achievements, Lists int
	Leaves                      int64 // of the log
}

// hands is how many badges are asked for at a time.
const hands = 4

// some is how many badges are named at a time.
const some = 200

// Write fills an empty folder.
func (s *Site) Write(ctx context.Context, dir string) (*Tally, error) {
	w, t := &files{dir: dir}, &Tally{Lists: len(s.Lists)}
	var err error
	if t.Leaves, err = s.log(ctx, w); err != nil {
		return nil, err
	}
	if t.Badges, err = s.badges(ctx, w); err != nil {
		return nil, err
	}
	site, err := s.Published.Site(ctx) // last: with every key and achievement that a badge of the copy names
	if err != nil {
		return nil, err
	}
	t.Achievements = len(site.Achievements)
	if err := s.documents(ctx, w, site); err != nil {
		return nil, err
	}
	for _, path := range s.Assets {
		if err := s.copy(ctx, w, path, "*/*", strings.TrimPrefix(path, "/")); err != nil {
			return nil, err
		}
	}
	if err := s.hosting(ctx, w, *t); err != nil {
		return nil, err
	}
	return t, s.formerHosts(ctx, w, site.Keys)
}

// documents writes what other verifiers need, and the pages of things.
func (s *Site) documents(ctx context.Context, w *files, site *registrar.Site) error {
	type item struct{ path, accept, file string }
	items := []item{
		{"/", html, "index.html"},
		{"/verify/offline", html, "verify/index.html"},
		{s.DIDPath, "application/did+json", strings.TrimPrefix(s.DIDPath, "/")},
		{"/.well-known/jwks.json", "application/jwk-set+json", ".well-known/jwks.json"},
		{"/issuers/" + string(site.IssuerID), html, "issuers/" + string(site.IssuerID) + "/index.html"},
		{"/issuers/" + string(site.IssuerID), "application/ld+json", "issuers/" + string(site.IssuerID) + ".json"},
	}
	for _, k := range site.Keys {
		items = append(items, item{"/keys/" + string(k), "application/jwk+json", "keys/" + string(k)})
	}
	for _, a := range site.Achievements {
		path := "/achievements/" + string(a.ID)
		items = append(items, item{path, html, path[1:] + "/index.html"}, item{path, "application/ld+json", path[1:] + ".json"},
			item{"/art/" + string(a.ID) + ".svg", "image/svg+xml", "art/" + string(a.ID) + ".svg"})
	}
	for _, digest := range site.Pictures {
		items = append(items, item{"/art/" + digest + ".png", "image/png", "art/" + digest + ".png"})
	}
	for _, i := range items {
		if err := s.copy(ctx, w, i.path, i.accept, i.file); err != nil {
			return err
		}
	}
	for id, list := range s.Lists {
		if err := w.put("status/"+string(id), list); err != nil {
			return err
		}
	}
	return w.link("verify/index.html", "verify/offline/index.html")
}

// log writes the head of the log and the tiles that it covers.
func (s *Site) log(ctx context.Context, w *files) (leaves int64, err error) {
	if err := s.copy(ctx, w, "/log/key", "*/*", "log/key"); err != nil {
		return 0, err
	}
	head, err := s.Published.Checkpoint(ctx)
	if errors.Is(err, registrar.ErrPending) {
		return 0, nil // nothing was logged yet
	}
	if err != nil {
		return 0, err
	}
	c, err := inclusion.ParseCheckpoint(string(head))
	if err != nil {
		return 0, fmt.Errorf("read the head of the log: %w", err)
	}
	for path := range ledger.TilePaths(c.Size) {
		if err := s.copy(ctx, w, "/log/tile/"+path, "*/*", "log/tile/"+path); err != nil {
			return 0, err
		}
	}
	return c.Size, w.put("log/checkpoint", head)
}

// badges writes every badge that its holder shows.
func (s *Site) badges(ctx context.Context, w *files) (n int, err error) {
	for after := issuer.CredentialID(""); ; {
		ids, err := s.Published.Shown(ctx, after, some)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		group, within := errgroup.WithContext(ctx)
		group.SetLimit(hands)
		for _, id := range ids {
			group.Go(func() error { return s.badge(within, w, string(id)) })
		}
		if err := group.Wait(); err != nil {
			return n, err
		}
		after, n = ids[len(ids)-1], n+len(ids)
		if s.Progress != nil {
			s.Progress(n)
		}
	}
}

const html = "text/html"

// forms of a badge, by what follows its address, and whether they are pictures.
// Not every badge has all of them.
var forms = []struct {
	end     string
	name    string // that its page has a link under; "" where none leads there
	picture bool
}{
	{".json", "json", false}, {".jwt", "jwt", false}, {".svg", "svg", false}, {".png", "png", true}, {".pdf", "pdf", true},
	{"/qr.svg", "", false}, {"/qr.png", "", true}, {"/slip.svg", "slip", false}, {"/slip.png", "", true}, {"/card.png", "card", true},
	{"/proof", "", false}, {"/endorsements", "", false},
}

// badge writes the forms of a badge, then its page, which leads to those that
// there are. The page is there under both spellings of its address: that of
// links and that of QR codes.
func (s *Site) badge(ctx context.Context, w *files, id string) error {
	path := "/v/" + id
	var lacking []string
	for _, f := range forms {
		var a *answer
		if !f.picture || s.Pictures {
			var err error
			if a, err = s.Door.ask(ctx, path+f.end, "*/*"); err != nil {
				return err
			}
		}
		if a == nil {
			lacking = append(lacking, f.name)
			continue
		}
		if err := w.put(path[1:]+f.end, a.body.Bytes()); err != nil {
			return err
		}
	}
	page, err := s.Door.ask(context.WithValue(ctx, lackingKey{}, lacking), path, html)
	if err != nil {
		return err
	}
	if page == nil { // taken down or erased while the copy is made: no form of it stays
		return w.drop(path[1:], path[1:]+".json", path[1:]+".jwt", path[1:]+".svg", path[1:]+".png", path[1:]+".pdf")
	}
	if err := w.put(path[1:]+"/index.html", page.body.Bytes()); err != nil {
		return err
	}
	return w.link(path[1:]+"/index.html", "V/"+id+"/index.html")
}

type lackingKey struct{}

// Lacking tells, under the context of a request for the page of a badge, whether
// the copy lacks a form of it: "json", "jwt", "svg", "png", "pdf", "card" or
// "slip".
func Lacking(ctx context.Context, form string) bool {
	lacking, _ := ctx.Value(lackingKey{}).([]string)
	return slices.Contains(lacking, form)
}

// copy writes what the door answers, which must be something.
func (s *Site) copy(ctx context.Context, w *files, path, accept, file string) error {
	a, err := s.Door.ask(ctx, path, accept)
	if err != nil {
		return err
	}
	if a == nil {
		return fmt.Errorf("copy %s: there is nothing", path)
	}
	return w.put(file, a.body.Bytes())
}

// files writes below a folder.
type files struct{ dir string }

func (w *files) put(name string, body []byte) error {
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	return nil
}

// link gives a file a second name: another name of the same bytes, or where the
// file system has no such thing, a copy. Where case makes no difference it is
// there already.
func (w *files) link(name, also string) error {
	from, to := filepath.Join(w.dir, filepath.FromSlash(name)), filepath.Join(w.dir, filepath.FromSlash(also))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := os.Link(from, to); err == nil {
		return nil
	}
	body, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("write the copy: %w", err)
	}
	return w.put(also, body)
}

func (w *files) drop(names ...string) error {
	var all error
	for _, name := range names {
		all = errors.Join(all, os.RemoveAll(filepath.Join(w.dir, filepath.FromSlash(name))))
	}
	return all
}
