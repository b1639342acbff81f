package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/net/html"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/inclusion"
)

// ended is an installation at its end: the sample's badges, one of them public,
// one taken down, one revoked and one that nothing happened to.
type ended struct {
	config, base                   string
	public, hidden, revoked, spare registrar.BadgeView
}

// endIn makes one on disk under a base URL.
func endIn(t *testing.T, base string) *ended {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	e := &ended{config: filepath.Join(dir, "hallmark.yaml"), base: base}
	text := "base_url: " + base + "\ndb: " + filepath.Join(dir, "hallmark.db") + "\nsealing_key_file: " + filepath.Join(dir, "sealing.key") +
		"\nhigh_water_file: " + filepath.Join(dir, "high-water") + "\nissuer: {name: Ended Academy, url: https://academy.example.org}\n"
	if err := os.WriteFile(e.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := (&commands{Config: e.config, Data: dir}).open(ctx, streams{err: &bytes.Buffer{}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := fillDemo(ctx, p, 0, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	badges, err := p.Registrar.Credentials(ctx, issuer.Caller{System: "test"}, registrar.CredentialFilter{State: issuer.Issued, Page: registrar.Page{Limit: 200}})
	if err != nil || len(badges.Items) < 6 {
		t.Fatalf("%d badges, %v", len(badges.Items), err)
	}
	e.public, e.hidden, e.revoked, e.spare = badges.Items[0], badges.Items[1], badges.Items[2], badges.Items[3]
	for b, v := range map[*registrar.BadgeView]issuer.Visibility{&e.public: issuer.Public, &e.hidden: issuer.Hidden} {
		if _, err := p.Registrar.SetVisibility(ctx, issuer.Caller{Person: b.Person.ID}, b.ID, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Registrar.RevokeCredential(ctx, issuer.Caller{System: "test"}, e.revoked.ID, registrar.StatusChange{Code: "misconduct", Note: "a private note"}); err != nil {
		t.Fatal(err)
	}
	return e
}

// hallmark runs a command on the installation, in this process.
func (e *ended) hallmark(ctx context.Context, args ...string) (out string, code int) {
	var all bytes.Buffer
	code = run(ctx, append([]string{"--config", e.config}, args...), streams{strings.NewReader(""), &all, &all})
	return all.String(), code
}

// static exports the site.
func (e *ended) static(t *testing.T, args ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "site")
	if out, code := e.hallmark(t.Context(), append([]string{"export", "--static", dir}, args...)...); code != exitDone {
		t.Fatalf("exit %d: %s", code, out)
	}
	return dir
}

// TestStaticSite is about one installation and the copies of its site.
func TestStaticSite(t *testing.T) {
	e := endIn(t, "https://badges.example.org")
	dir := e.static(t)
	t.Run("stands alone", func(t *testing.T) { crawl(t, e, dir); nothingPrivate(t, e, dir) })
	t.Run("verifies", func(t *testing.T) { verifies(t, e, dir) })
	t.Run("log", func(t *testing.T) { logIsWhole(t, dir) })
	t.Run("is reproducible", func(t *testing.T) { reproducible(t, dir, e.static(t)) })
	t.Run("takes its place", func(t *testing.T) { takesItsPlace(t, e) })
}

// A site below a path of its host is found by every link as well.
func TestStaticSiteBelowAPath(t *testing.T) {
	e := endIn(t, "https://academy.example.org/badges")
	crawl(t, e, e.static(t, "--without", "pictures"))
}

// nothingPrivate: what is nobody's business is in no file.
func nothingPrivate(t *testing.T, e *ended, dir string) {
	contents(t, dir, func(name string, body []byte) {
		for what, secret := range map[string]string{"a badge that was taken down": string(e.hidden.ID), "an address of a person": "@makers.example.org", "a note": "a private note"} {
			if strings.Contains(name, secret) || bytes.Contains(body, []byte(secret)) {
				t.Errorf("%s: %s is in it", name, what)
			}
		}
	})
}

// crawl follows every link from the front and from every badge: each leads
// somewhere, and no page needs a script or anybody behind it.
func crawl(t *testing.T, e *ended, dir string) {
	t.Helper()
	u, err := url.Parse(e.base)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(u.Path+"/", http.StripPrefix(u.Path, http.FileServer(http.Dir(dir))))
	server := httptest.NewServer(mux)
	defer server.Close()
	seen := map[string]bool{}
	todo := []string{e.base + "/"}
	badges, err := filepath.Glob(filepath.Join(dir, "v", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range badges {
		id := strings.TrimSuffix(filepath.Base(b), ".json")
		todo = append(todo, e.base+"/v/"+id, e.base+"/V/"+id, e.base+"/v/"+id+"/qr.svg", e.base+"/v/"+id+"/proof")
	}
	if len(badges) < 5 {
		t.Errorf("%d badges", len(badges))
	}
	for len(todo) > 0 {
		link := todo[0]
		todo = todo[1:]
		if seen[link] {
			continue
		}
		seen[link] = true
		resp, err := http.Get(server.URL + strings.TrimPrefix(strings.SplitN(link, "#", 2)[0], u.Scheme+"://"+u.Host))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %v", link, resp.StatusCode, err)
			continue
		}
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			todo = append(todo, linksOf(t, link, doc, e.base, strings.Contains(link, "/verify"))...)
		}
	}
	for _, want := range []string{"/verify/", "/log/checkpoint", u.Path + "/v/" + string(e.public.ID) + "/"} {
		found := false
		for link := range seen {
			found = found || strings.HasSuffix(link, want)
		}
		if !found {
			t.Errorf("no link leads to %s", want)
		}
	}
}

// linksOf gives what a page leads to on its own site.
func linksOf(t *testing.T, page string, doc *html.Node, base string, scripted bool) (links []string) {
	t.Helper()
	from, err := url.Parse(page + "/")
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		data := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "type" && a.Val == "application/vc" })
		if !scripted && (n.Data == "script" && !data || n.Data == "form" || n.Data == "button") {
			t.Errorf("%s has a <%s>", page, n.Data)
		}
		for _, a := range n.Attr {
			if a.Key != "href" && a.Key != "src" && (a.Key != "content" || !strings.HasPrefix(a.Val, "https://")) {
				continue
			}
			to, err := from.Parse(a.Val)
			if err != nil {
				t.Errorf("%s: %q: %v", page, a.Val, err)
				continue
			}
			if strings.HasPrefix(to.String(), base+"/") {
				links = append(links, to.String())
			}
			if strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(to.String(), base+"/") {
				t.Errorf("%s leads out of the site, to %s", page, a.Val)
			}
			for _, dynamic := range []string{"/signin", "/home", "/api/", "/verify?", "/badges/"} {
				if strings.HasPrefix(strings.TrimPrefix(to.String(), base), dynamic) {
					t.Errorf("%s leads to %s, which nobody answers", page, a.Val)
				}
			}
		}
	}
	return links
}

func contents(t *testing.T, dir string, each func(name string, body []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		each(filepath.ToSlash(name), body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// folderSource answers a verifier from a folder alone.
type folderSource struct{ dir, base, did string }

func (f folderSource) read(address string) ([]byte, error) {
	name, ours := strings.CutPrefix(address, f.base+"/")
	if !ours {
		return nil, fmt.Errorf("%s is not of this site", address)
	}
	return os.ReadFile(filepath.Join(f.dir, filepath.FromSlash(path.Clean(name))))
}

func (f folderSource) Document(_ context.Context, id string) (*did.Document, error) {
	if id != f.did {
		return nil, did.ErrNotFound
	}
	raw, err := f.read(f.base + "/.well-known/did.json")
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(id, raw)
}

func (f folderSource) KeySet(_ context.Context, address string) (*did.KeySet, error) {
	raw, err := f.read(address)
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(raw)
}

func (f folderSource) StatusList(_ context.Context, address string) ([]byte, error) {
	return f.read(address)
}

// verifies: with the service gone, a verifier that has the folder alone says of every
// badge, in every form, what the service said, for years.
func verifies(t *testing.T, e *ended, dir string) {
	from := folderSource{dir, e.base, "did:web:badges.example.org"}
	for _, later := range []time.Duration{0, 9 * 365 * 24 * time.Hour} {
		v := verifier.Verifier{Keys: from, Status: from, Now: func() time.Time { return time.Now().Add(later) }}
		n := 0
		contents(t, filepath.Join(dir, "v"), func(name string, body []byte) {
			if end := path.Ext(name); strings.Contains(name, "/") || end == "" {
				return
			}
			n++
			report, err := v.Verify(t.Context(), body, verifier.Ask{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			for _, c := range report.Checks {
				want := verifier.Verified
				if strings.HasPrefix(name, string(e.revoked.ID)) && c.Name == "status" {
					want = verifier.Refused
				}
				switch c.Name {
				case "format", "proof", "issuer", "status", "schema", "conformance":
					if c.Outcome != want {
						t.Errorf("%s: %s is %s: %s", name, c.Name, c.Outcome, c.Reason)
					}
				}
			}
		})
		if n < 25 {
			t.Errorf("only %d forms", n)
		}
	}
}

// logIsWhole: the tiles hold all that the checkpoint covers, and every badge has
// its place in it.
func logIsWhole(t *testing.T, dir string) {
	read := func(name string) []byte {
		t.Helper()
		body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	keys := strings.Fields(string(read("log/key")))
	head, err := inclusion.OpenCheckpoint(read("log/checkpoint"), keys)
	if err != nil {
		t.Fatal(err)
	}
	var hashes []tlog.Hash // of the tree as it is stored, from the data of the leaves alone
	n := int64(0)
	for bundle := 0; n < head.Size; bundle++ {
		name := fmt.Sprintf("log/tile/entries/%03d", bundle)
		if rest := head.Size - n; rest < 256 {
			name += fmt.Sprintf(".p/%d", rest)
		}
		for data := read(name); len(data) > 0; n++ {
			size := int(data[0])<<8 | int(data[1])
			more, err := tlog.StoredHashes(n, data[2:2+size], tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
				out := make([]tlog.Hash, len(at))
				for i, x := range at {
					out[i] = hashes[x]
				}
				return out, nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			hashes, data = append(hashes, more...), data[2+size:]
		}
	}
	root, err := tlog.TreeHash(head.Size, tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = hashes[x]
		}
		return out, nil
	}))
	if err != nil || root != head.Root {
		t.Errorf("the leaves make another tree than the checkpoint: %v", err)
	}
	contents(t, filepath.Join(dir, "v"), func(name string, body []byte) {
		id, end, _ := strings.Cut(name, "/")
		if end != "proof" {
			return
		}
		p, err := inclusion.Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Check(read("v/"+id+".json"), keys); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// reproducible: two copies of the same records are the same bytes but for what
// is signed anew: the status lists, and what says as of when a badge stood.
func reproducible(t *testing.T, first, second string) {
	signed := regexp.MustCompile(`(^|/)status/|/slip\.|\.pdf$`)
	sums := func(dir string) map[string]string {
		all := map[string]string{}
		contents(t, dir, func(name string, body []byte) {
			if all[name] = ""; !signed.MatchString(name) {
				all[name] = fmt.Sprintf("%x", sha256.Sum256(body))
			}
		})
		return all
	}
	if diff := cmp.Diff(sums(first), sums(second)); diff != "" {
		t.Errorf("the second copy differs: %s", diff)
	}
}

// takesItsPlace: a copy takes nobody's place without being told to, and leaves
// nothing half made under its name.
func takesItsPlace(t *testing.T, e *ended) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, code := e.hallmark(t.Context(), "export", "--static", dir); code != exitFailed || !strings.Contains(out, "--force") {
		t.Errorf("exit %d: %s", code, out)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, code := e.hallmark(cancelled, "export", "--static", dir, "--force"); code == exitDone {
		t.Error("a run that was broken off says it is done")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
	if out, code := e.hallmark(t.Context(), "export", "--static", dir, "--force", "--without", "pictures"); code != exitDone {
		t.Fatalf("exit %d: %s", code, out)
	}
	if _, err := os.Stat(mine); err == nil {
		t.Error("what was there is still there")
	}
	contents(t, dir, func(name string, body []byte) {
		if strings.HasPrefix(name, "v/") && regexp.MustCompile(`\.(png|pdf)$`).MatchString(name) {
			t.Errorf("%s was to be left out", name)
		}
		if strings.HasPrefix(name, "v/") && strings.HasSuffix(name, "index.html") && regexp.MustCompile(`(href|content)="[^"]*\.(png|pdf)"`).Match(body) {
			t.Errorf("%s leads to a picture that was left out", name)
		}
	})
	if left, err := filepath.Glob(dir + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left beside it: %q %v", left, err)
	}
}
