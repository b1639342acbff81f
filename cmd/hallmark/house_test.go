package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// house is a demo inside the test: what is done in it can be prepared by acts,
// and its table of routes be read. Nothing runs in the background unless a test
// has it run.
type house struct {
	*parts
	t      *testing.T
	line   *demoLine
	routes []*echo.Route
	box    *mailbox
}

// system acts where a test prepares something.
var system = issuer.Caller{System: "test"}

// openHouse starts a demo on a database, "" for a file of its own, with so many
// people more.
func openHouse(t *testing.T, db string, people int) *house {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := demoConfig(t.TempDir(), listener.Addr().String())
	if db != "" {
		cfg.DB = db
	}
	h := &house{t: t, box: &mailbox{}}
	ctx, std := t.Context(), streams{strings.NewReader(""), io.Discard, t.Output()}
	if h.parts, err = openDemo(ctx, cfg, std, h.box); err != nil {
		t.Fatal(errors.Join(err, listener.Close()))
	}
	t.Cleanup(h.Close)
	if h.line, err = fillDemo(ctx, h.parts, people, io.Discard); err != nil {
		t.Fatal(errors.Join(err, listener.Close()))
	}
	e, handler, err := h.router(ctx, doors{limits: demoLimits, mailbox: h.box, ready: h.Store.Ready})
	if err != nil {
		t.Fatal(errors.Join(err, listener.Close()))
	}
	h.routes = e.Routes()
	serving, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serveHTTP(serving, listener, handler, h.Log) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return h
}

// in is the house as a subtest uses it.
func (h house) in(t *testing.T) *house {
	h.t = t
	return &h
}

// guest opens a browser window for someone: signed in by their address, or for
// a stranger by none.
func (h *house) guest(b *browser, name, address string) *visitor {
	h.t.Helper()
	v := b.visitor(h.t, name, h.line.URL)
	if address != "" {
		for _, c := range h.cookies(address) {
			v.keeps(c.Name, c.Value)
		}
	}
	return v
}

// person finds someone by their address.
func (h *house) person(address string) issuer.PersonID {
	h.t.Helper()
	list, err := h.Registrar.People(h.t.Context(), system, registrar.PeopleFilter{Search: address})
	if err != nil || len(list.Items) != 1 {
		h.t.Fatalf("%s: %v, %d people", address, err, len(list.Items))
	}
	return list.Items[0].ID
}

// as gives someone as the registrar knows them.
func (h *house) as(address string) issuer.Caller {
	h.t.Helper()
	by, err := h.Registrar.Caller(h.t.Context(), h.person(address))
	if err != nil {
		h.t.Fatal(err)
	}
	return by
}

// cookies signs someone in and gives what their browser keeps of it.
func (h *house) cookies(address string) []*http.Cookie {
	h.t.Helper()
	link, err := h.Signin.Link(h.t.Context(), system, registrar.PersonRef{Email: address}, "")
	if err != nil {
		h.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	client := http.Client{Jar: jar}
	_, secret, _ := strings.Cut(link, "?t=")
	res, err := client.PostForm(h.line.URL+"/signin/link", url.Values{"t": {secret}})
	if err != nil {
		h.t.Fatal(err)
	}
	res.Body.Close()
	at, err := url.Parse(h.line.URL)
	if err != nil || res.StatusCode != http.StatusOK {
		h.t.Fatalf("sign in %s: %v, status %d", address, err, res.StatusCode)
	}
	return jar.Cookies(at)
}

var mailedLink = regexp.MustCompile(`https?://\S+`)

// mailed sends what waits and gives the newest link under a path that an address
// was sent, behind the path.
func (h *house) mailed(address, path string) string {
	h.t.Helper()
	if err := h.Jobs.Send(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for _, m := range h.box.Messages() {
		if m.To != address {
			continue
		}
		for _, link := range mailedLink.FindAllString(m.Text, -1) {
			if secret, ok := strings.CutPrefix(link, h.line.URL+path); ok {
				return secret
			}
		}
	}
	h.t.Fatalf("%s got no link to %s", address, path)
	return ""
}
