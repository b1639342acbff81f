package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/public"
	"hallmark/verifier"
	"hallmark/verifier/did"
)

// After a move, badges from before are checked by what their former host goes on
// serving, and those from after by the site itself; each host has files enough to
// answer alone, and no page of either leads to what is not there.
func TestStaticSiteAfterAMove(t *testing.T) {
	for name, to := range map[string]struct{ first, second, host, called string }{
		"with paths":      {"https://badges.example.org/academy", "https://new.example.net/b", "badges.example.org", "did:web:new.example.net:b"},
		"within the host": {"https://badges.example.org", "https://badges.example.org/b", "badges.example.org", "did:web:badges.example.org:b"},
	} {
		t.Run(name, func(t *testing.T) {
			e := endIn(t, to.first)
			fresh := e.moveTo(t, to.second)
			dir := e.static(t, "--without", "pictures")
			crawl(t, e, dir)
			nothingPrivate(t, e, dir)
			reproducible(t, dir, e.static(t, "--without", "pictures"))
			now, err := url.Parse(to.second)
			if err != nil {
				t.Fatal(err)
			}
			web := hosts{now.Host: {now.EscapedPath(), dir}}
			web[to.host] = hosted{"", filepath.Join(dir, "at", to.host)} // which has what its root needs
			v := verifier.Verifier{Keys: web, Status: web}
			before, after := 0, 0
			contents(t, filepath.Join(dir, "v"), func(name string, body []byte) {
				if end := path.Ext(name); strings.Contains(name, "/") || end == "" {
					return
				}
				report, err := v.Verify(t.Context(), body, verifier.Ask{})
				if err != nil {
					t.Fatal(err)
				}
				want := verifier.Verified
				if strings.HasPrefix(name, string(e.revoked.ID)) || strings.HasPrefix(name, string(e.spare.ID)) {
					want = verifier.Refused
				}
				if report.Verdict != want {
					t.Errorf("%s is %s: %s", name, report.Verdict, report.Summary)
				}
				if strings.HasPrefix(name, string(fresh)) {
					after++
				} else {
					before++
				}
			})
			if before < 15 || after < 3 {
				t.Errorf("%d forms from before the move, %d from after it", before, after)
			}
			page, err := web.get(to.first + "/v/" + string(e.public.ID) + "/index.html")
			if err != nil || !bytes.Contains(page, []byte(`data-verdict="verified"`)) {
				t.Errorf("at its former address its page says %.200s, %v", page, err)
			}
			if readme, err := os.ReadFile(filepath.Join(dir, "README.txt")); err != nil || !strings.Contains(string(readme), "at/"+to.host+"/ ") {
				t.Errorf("README.txt does not say what %s has to serve: %v", to.host, err)
			}
		})
	}
}

// moveTo moves the installation for good, where one of the badges is issued anew.
func (e *ended) moveTo(t *testing.T, base string) issuer.CredentialID {
	t.Helper()
	ctx := t.Context()
	p, err := (&commands{Config: e.config}).open(ctx, streams{err: &bytes.Buffer{}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	there := &registrar.Registrar{Store: p.Store, Ring: p.Ring, BaseURL: base, Draw: public.Draw, Move: true}
	if _, err := there.Setup(ctx, issuer.Issuer{}, keyring.MethodByURL); err != nil {
		t.Fatal(err)
	}
	there.Move = false
	again, err := there.ReissueCredential(ctx, issuer.Caller{System: "test"}, e.spare.ID, "The move.")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(e.config)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("base_url: "+e.base+"\n"), []byte("base_url: "+base+"\n"), 1)
	if err := os.WriteFile(e.config, text, 0o600); err != nil {
		t.Fatal(err)
	}
	e.base = base
	return again.Badge.ID
}

// hosts answers a verifier from folders alone, each served by a host.
type hosts map[string]hosted

// hosted is a folder under a path of its host.
type hosted struct{ path, dir string }

func (h hosts) get(address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	at, known := h[u.Host]
	rest, under := strings.CutPrefix(u.EscapedPath(), at.path+"/")
	if !known || !under {
		return nil, fmt.Errorf("nobody serves %s", address)
	}
	return os.ReadFile(filepath.Join(at.dir, filepath.FromSlash(path.Clean(rest))))
}

func (h hosts) Document(_ context.Context, id string) (*did.Document, error) {
	address, err := did.WebURL(id)
	if err != nil {
		return nil, err
	}
	raw, err := h.get(address)
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(id, raw)
}

func (h hosts) KeySet(_ context.Context, address string) (*did.KeySet, error) {
	raw, err := h.get(address)
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(raw)
}

func (h hosts) StatusList(_ context.Context, address string) ([]byte, error) { return h.get(address) }
