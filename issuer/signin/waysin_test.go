package signin

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// mails gives the messages of a template that were put out.
func (h *house) mails(t *testing.T, template string) []issuer.Message {
	t.Helper()
	var some []issuer.Message
	for _, m := range h.outbox(t) {
		if m.Template == template {
			some = append(some, m)
		}
	}
	return some
}

// TestSessionOutlivesTheProgram: another program on the same database knows who
// is signed in.
func TestSessionOutlivesTheProgram(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	b := h.browser(t, ada)
	again := &house{Signin: New(Config{Registrar: h.reg, Keys: h.ring, BaseURL: "https://hall.example", Now: h.clock}), reg: h.reg}
	again.visit(t, b.cookie, func(_ context.Context, by issuer.Caller) {
		if by.Person != ada {
			t.Errorf("%+v", by)
		}
	})
}

// TestSessionEndedMeanwhile: a request that was under way when its session was
// ended does not bring it back.
func TestSessionEndedMeanwhile(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	mine, theirs := h.browser(t, ada), h.browser(t, ada)
	theirs.do(func(ctx context.Context, _ issuer.Caller) {
		h.sessions.Put(ctx, "x", "changed, so that it is kept")
		mine.do(func(ctx context.Context, by issuer.Caller) {
			open, err := h.Sessions(ctx, by)
			must(t, err)
			if len(open) != 2 || open[0].Here == open[1].Here {
				t.Errorf("%+v", open)
			}
			must(t, h.EndOthers(ctx, by))
		})
	})
	theirs.do(func(_ context.Context, by issuer.Caller) {
		if by.Signed() {
			t.Error("the session came back")
		}
	})
	mine.do(func(ctx context.Context, by issuer.Caller) {
		open, err := h.Sessions(ctx, by)
		must(t, err)
		if len(open) != 1 || !open[0].Here {
			t.Fatalf("%+v", open)
		}
		must(t, h.reg.EndSession(ctx, by, open[0].ID))
	})
	mine.do(func(_ context.Context, by issuer.Caller) {
		if by.Signed() {
			t.Error("still signed in")
		}
	})
}

// TestNewDevice: the second browser that someone signs in with is told to them, and
// known from then on by its cookie.
func TestNewDevice(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@people.example")
	arrive := func(agent string, cookies ...*http.Cookie) []*http.Cookie {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("User-Agent", agent)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		r, _, err := h.Open(r)
		must(t, err)
		must(t, h.Begin(r.Context(), ada))
		w := httptest.NewRecorder()
		must(t, h.Keep(w, r))
		return w.Result().Cookies()
	}
	const fox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	first := arrive(fox)
	if len(first) != 2 || first[1].Name != "__Host-hallmark-device" || !first[1].HttpOnly || !first[1].Secure || len(h.mails(t, "signed-in")) != 0 {
		t.Fatalf("%v, %d mails", first, len(h.mails(t, "signed-in")))
	}
	if again := arrive(fox, first[1]); len(again) != 1 || len(h.mails(t, "signed-in")) != 0 {
		t.Errorf("known again: %v", again)
	}
	arrive("evil <script>\r\nBcc: x")
	told := h.mails(t, "signed-in")
	if len(told) != 1 || !strings.Contains(told[0].Data, "a browser of unknown make") || strings.Contains(told[0].Data, "script") {
		t.Errorf("%+v", told)
	}
}

func TestDeviceName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                         "Chrome on Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":                   "Safari on Mac",
		"curl/8.0": "a browser of unknown make", "": "a browser of unknown make", "Linux": "Linux",
	} {
		if got := deviceName(agent); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPasskeyEntry: a passkey signs its person in without a word of who they are,
// and only in the browser that asked, once.
func TestPasskeyEntry(t *testing.T) {
	h := open(t, localhost)
	ada := h.person(t, "ada@example.org")
	bob := h.person(t, "bob@example.org")
	a := newAuthenticator(t, localhost, "localhost")
	h.browser(t, ada).passkey(a)
	b := &browser{house: h, t: t}
	enter := func(change func(a *authenticator) (undo func())) error {
		var begun []byte
		b.do(func(ctx context.Context, by issuer.Caller) {
			var err error
			begun, err = h.BeginPasskeyEntry(ctx)
			must(t, err)
			if o := a.begun(begun); len(o.PublicKey.Allow) != 0 || o.PublicKey.UserVerification != "required" {
				t.Errorf("options %s", begun)
			}
		})
		undo := change(a)
		answer := a.get(begun)
		undo()
		var err error
		b.do(func(ctx context.Context, _ issuer.Caller) { err = h.EnterByPasskey(ctx, answer) })
		if err == nil {
			b.do(func(ctx context.Context, by issuer.Caller) {
				if by.Person != ada || !by.SteppedUpAt(h.clock()) {
					t.Errorf("%+v", by)
				}
				if h.EnterByPasskey(ctx, answer) == nil {
					t.Error("an answer counted twice")
				}
				must(t, h.End(ctx))
			})
			b.cookie = nil
		}
		return err
	}
	for name, change := range map[string]func(a *authenticator) func(){
		"another site": func(a *authenticator) func() {
			a.origin = "http://evil.example"
			return func() { a.origin = localhost }
		},
		"not verified":    func(a *authenticator) func() { a.flags = 0x01; return func() { a.flags = 0x05 } },
		"another person":  func(a *authenticator) func() { u := a.user; a.user = []byte(bob); return func() { a.user = u } },
		"an unknown key":  func(a *authenticator) func() { id := a.id; a.id = []byte("nothing"); return func() { a.id = id } },
		"without a name":  func(a *authenticator) func() { u := a.user; a.user = nil; return func() { a.user = u } },
		"a copy of a key": func(a *authenticator) func() { c := a.count; a.count = 0; return func() { a.count = c } },
	} {
		must(t, enter(func(*authenticator) func() { return func() {} })) // so that there is a count to fall behind
		if err := enter(change); err == nil || !errors.As(err, new(*issuer.Error)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, h.reg.ErasePerson(t.Context(), operator, ada))
	if err := enter(func(*authenticator) func() { return func() {} }); !errors.Is(err, issuer.NotFound) {
		t.Errorf("erased: %v", err)
	}
}

// TestAddressTaken: a link to an address lets nobody in once the address is not
// theirs any more; the private one goes on.
func TestAddressTaken(t *testing.T) {
	h := open(t, "https://hall.example")
	ada := h.person(t, "ada@work.example")
	b := h.browser(t, ada)
	must(t, b.try(b.ask()))
	b.do(func(ctx context.Context, by issuer.Caller) { must(t, h.Claim(ctx, by, "Ada@Home.example")) })
	if err := h.Ask(t.Context(), "ada@home.example", ""); err != nil || len(h.mails(t, "sign-in")) != 0 {
		t.Errorf("an address that was only claimed: %v, %d mails", err, len(h.mails(t, "sign-in")))
	}
	secret := secretOf(t, linkIn(t, h.mails(t, "address-confirm")[0]))
	bob := h.browser(t, h.person(t, "bob@work.example"))
	bob.do(func(ctx context.Context, by issuer.Caller) {
		if err := h.ConfirmAddress(ctx, by, secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("confirmed by another: %v", err)
		}
	})
	b.do(func(ctx context.Context, by issuer.Caller) { must(t, h.ConfirmAddress(ctx, by, secret)) })
	must(t, h.Ask(t.Context(), "ada@work.example", ""))
	must(t, h.Ask(t.Context(), "ada@home.example", ""))
	links := map[string]string{}
	for _, m := range h.mails(t, "sign-in") {
		links[m.Recipient] = secretOf(t, linkIn(t, m))
	}
	b.do(func(ctx context.Context, by issuer.Caller) {
		must(t, h.reg.ChooseMainAddress(ctx, by, "ada@home.example"))
		must(t, h.reg.RemoveAddress(ctx, by, "ada@work.example"))
	})
	visitor := &browser{house: h, t: t}
	visitor.do(func(ctx context.Context, _ issuer.Caller) {
		if _, err := h.Use(ctx, links["ada@work.example"]); !errors.Is(err, issuer.NotFound) {
			t.Errorf("by the address of before: %v", err)
		}
		_, err := h.Use(ctx, links["ada@home.example"])
		must(t, err)
	})
	changed := map[string]int{}
	for _, m := range h.mails(t, "account-changed") {
		changed[m.Recipient]++
	}
	if changed["ada@work.example"] != 3 || changed["ada@home.example"] != 3 { // added, main, removed
		t.Errorf("told %v", changed)
	}
}

// TestInvited: who is new is let in by the link, once; who is known is mailed one to
// sign in with.
func TestInvited(t *testing.T) {
	h := open(t, "https://hall.example")
	h.person(t, "bob@people.example")
	invite := func(address string) string {
		_, err := h.reg.Invite(t.Context(), operator, registrar.NewInvitation{Email: address, Name: "New", Role: issuer.Admin})
		must(t, err)
		for _, m := range h.mails(t, "invitation") {
			if m.Recipient == address {
				return secretOf(t, linkIn(t, m))
			}
		}
		t.Fatal("no mail")
		return ""
	}
	fresh, known := invite("new@people.example"), invite("bob@people.example")
	v := &browser{house: h, t: t}
	v.do(func(ctx context.Context, _ issuer.Caller) {
		in, err := h.OpenInvitation(ctx, fresh)
		if err != nil || !in {
			t.Errorf("%v %v", in, err)
		}
	})
	v.do(func(ctx context.Context, by issuer.Caller) {
		if !by.Manages("") || by.Name != "New" {
			t.Errorf("%+v", by)
		}
		must(t, h.reg.AcceptInvitation(ctx, by, fresh))
		if err := h.reg.AcceptInvitation(ctx, by, known); err != nil {
			t.Error(err)
		}
	})
	w := &browser{house: h, t: t}
	w.do(func(ctx context.Context, _ issuer.Caller) {
		for _, secret := range []string{fresh, known, "x"} {
			if in, err := h.OpenInvitation(ctx, secret); err == nil || in {
				t.Errorf("a link that was used: %v %v", in, err)
			}
		}
		h.person(t, "cy@people.example")
		other := invite("cy@people.example")
		if in, err := h.OpenInvitation(ctx, other); err != nil || in || len(h.mails(t, "sign-in")) != 1 {
			t.Errorf("who is known: %v %v", in, err)
		}
	})
	h.later(issuer.InvitationLife + time.Second)
	late := &browser{house: h, t: t}
	late.do(func(ctx context.Context, _ issuer.Caller) {
		last := h.mails(t, "invitation")
		if _, err := h.OpenInvitation(ctx, secretOf(t, linkIn(t, last[0]))); !errors.As(err, new(*issuer.Error)) {
			t.Errorf("late: %v", err)
		}
	})
}

// linkIn is the link that a message says.
func linkIn(t *testing.T, m issuer.Message) string {
	t.Helper()
	_, rest, ok := strings.Cut(m.Data, `"Link":"`)
	link, _, end := strings.Cut(rest, `"`)
	if !ok || !end {
		t.Fatalf("no link in %s", m.Data)
	}
	return strings.ReplaceAll(link, `\u0026`, "&")
}
