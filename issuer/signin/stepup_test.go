package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// browser is a signed-in browser of a house: it keeps its cookie.
type browser struct {
	*house
	t      *testing.T
	cookie *http.Cookie
}

func (h *house) browser(t *testing.T, who issuer.PersonID) *browser {
	t.Helper()
	b := &browser{house: h, t: t}
	b.do(func(ctx context.Context, _ issuer.Caller) { must(t, h.Begin(ctx, who)) })
	return b
}

// do is one request.
func (b *browser) do(f func(ctx context.Context, by issuer.Caller)) {
	b.t.Helper()
	for _, c := range b.visit(b.t, b.cookie, f).Cookies() {
		if c.Name == b.sessions.Cookie.Name {
			b.cookie = c
		}
	}
}

// sure tells whether the next request finds that it is them.
func (b *browser) sure() (sure bool) {
	b.t.Helper()
	b.do(func(_ context.Context, by issuer.Caller) { sure = by.SteppedUpAt(b.clock()) })
	return sure
}

// ask asks for a code and gives it, as the mail says it.
func (b *browser) ask() string {
	b.t.Helper()
	b.later(time.Second) // so that mails have an order
	b.do(func(ctx context.Context, by issuer.Caller) { must(b.t, b.AskCode(ctx, by)) })
	return b.mailed()
}

func (b *browser) mailed() string {
	b.t.Helper()
	newest := issuer.Message{}
	for _, m := range b.outbox(b.t) {
		if m.Template == "step-up" && !m.CreatedAt.Before(newest.CreatedAt) {
			newest = m
		}
	}
	var said struct{ Code string }
	must(b.t, json.Unmarshal([]byte(newest.Data), &said))
	if len(said.Code) != 6 || strings.Trim(said.Code, "0123456789") != "" {
		b.t.Fatalf("code %q", said.Code)
	}
	return said.Code
}

func (b *browser) try(code string) (err error) {
	b.t.Helper()
	b.do(func(ctx context.Context, by issuer.Caller) { _, err = b.TryCode(ctx, by, code) })
	return err
}

// other gives a code that is not this one.
func other(code string, n int) string {
	wrong := fmt.Sprintf("%06d", n)
	if wrong == code {
		wrong = fmt.Sprintf("%06d", 999_999-n)
	}
	return wrong
}

// TestCode: a code steps a session up for five minutes, with a new token, and
// with the session that ends.
func TestCode(t *testing.T) {
	h := open(t, "https://badges.example.org")
	b := h.browser(t, h.person(t, "ada@example.org"))
	if b.sure() {
		t.Fatal("sure before anything")
	}
	code := b.ask()
	if b.sure() {
		t.Fatal("sure for having asked")
	}
	before := b.cookie.Value
	must(t, b.try(" "+code[:3]+" "+code[3:]+"\n"))
	if !b.sure() || b.cookie.Value == before {
		t.Errorf("not stepped up, or under the old token")
	}
	old := &browser{house: h, t: t, cookie: &http.Cookie{Name: b.cookie.Name, Value: before}}
	if old.sure() {
		t.Error("the old token is stepped up")
	}
	h.later(issuer.StepUpLife - 2*time.Second)
	if !b.sure() {
		t.Error("over before its time")
	}
	h.later(3 * time.Second)
	if b.sure() {
		t.Error("still sure after five minutes")
	}
	must(t, b.try(b.ask()))
	b.do(func(ctx context.Context, _ issuer.Caller) { must(t, h.End(ctx)) })
	if b.sure() {
		t.Error("sure after signing out")
	}
}

// TestCodeMisused is every way in which a code does not count.
func TestCodeMisused(t *testing.T) {
	h := open(t, "https://badges.example.org")
	ada, bob := h.person(t, "ada@example.org"), h.person(t, "bob@example.org")
	refused := func(name string, b *browser, err error) {
		t.Helper()
		if !errors.Is(err, issuer.Invalid) || b.sure() {
			t.Errorf("%s: %v, sure: %v", name, err, b.sure())
		}
	}
	b := h.browser(t, ada)
	refused("none was asked for", b, b.try("000000"))

	code := b.ask()
	second := h.browser(t, ada)
	refused("in another session of theirs", second, second.try(code))
	stranger := h.browser(t, bob)
	stranger.ask()
	refused("someone else's", stranger, stranger.try(code))
	must(t, b.try(code))
	b.do(func(ctx context.Context, _ issuer.Caller) { must(t, h.Begin(ctx, bob)) })
	if b.sure() {
		t.Error("who signs in after is sure, too")
	}

	b = h.browser(t, h.person(t, "cem@example.org")) // who has asked for nothing yet
	code = b.ask()
	must(t, b.try(code))
	h.later(issuer.StepUpLife)
	refused("once more", b, b.try(code))

	code = b.ask()
	newer := b.ask()
	if code != newer {
		refused("an older one", b, b.try(code))
	}
	must(t, b.try(newer))

	dan := h.person(t, "dan@example.org")
	b = h.browser(t, dan)
	code = b.ask()
	for i := range issuer.CodeTries {
		refused("a wrong one", b, b.try(other(code, i)))
	}
	refused("the right one after too many wrong ones", b, b.try(code))

	b = h.browser(t, dan)
	code = b.ask()
	h.later(issuer.CodeLife)
	refused("too late", b, b.try(code))
}

// passkey makes one for a browser that has confirmed by a code.
func (b *browser) passkey(a *authenticator) {
	b.t.Helper()
	must(b.t, b.try(b.ask()))
	b.do(func(ctx context.Context, by issuer.Caller) {
		begun, err := b.BeginPasskey(ctx, by)
		must(b.t, err)
		if o := a.begun(begun); o.PublicKey.Authenticator.UserVerification != "required" || o.PublicKey.RP.ID != "localhost" {
			b.t.Errorf("options: %s", begun)
		}
		must(b.t, b.AddPasskey(ctx, by, "Phone", a.create(begun)))
	})
	b.later(issuer.StepUpLife) // from here on they are asked again
}

// use steps up with a passkey; between what was asked and the answer, f.
func (b *browser) use(a *authenticator, f func()) (err error) {
	b.t.Helper()
	var begun []byte
	b.do(func(ctx context.Context, by issuer.Caller) {
		begun, err = b.BeginStepUp(ctx, by)
		must(b.t, err)
	})
	if f != nil {
		f()
	}
	b.do(func(ctx context.Context, by issuer.Caller) { err = b.StepUp(ctx, by, a.get(begun)) })
	return err
}

const localhost = "http://localhost:8080"

// TestPasskey: made after a code, it steps a session up by itself; its count is
// kept.
func TestPasskey(t *testing.T) {
	h := open(t, localhost)
	ada := h.person(t, "ada@example.org")
	a := newAuthenticator(t, localhost, "localhost")
	h.browser(t, ada).passkey(a)
	b := h.browser(t, ada)
	must(t, b.use(a, nil))
	if !b.sure() {
		t.Error("not stepped up")
	}
	b = h.browser(t, ada)
	must(t, b.use(a, nil))
	keys, err := h.reg.Passkeys(t.Context(), issuer.Caller{Person: ada})
	must(t, err)
	if len(keys) != 1 || keys[0].Name != "Phone" || keys[0].UsedAt == nil || !strings.Contains(keys[0].Data, `"signCount":2`) {
		t.Errorf("%+v", keys)
	}
	if n := len(h.mails(t, "step-up")) + len(h.mails(t, "passkey-added")); n != 2 {
		t.Errorf("%d mails", n)
	}
}

// TestPasskeyMisused is every way in which a passkey's answer does not count.
func TestPasskeyMisused(t *testing.T) {
	h := open(t, localhost)
	ada, bob := h.person(t, "ada@example.org"), h.person(t, "bob@example.org")
	good := newAuthenticator(t, localhost, "localhost")
	h.browser(t, ada).passkey(good)
	theirs := newAuthenticator(t, localhost, "localhost")
	h.browser(t, bob).passkey(theirs)
	b := h.browser(t, ada)
	lies := map[string]func(a *authenticator){
		"another origin":        func(a *authenticator) { a.origin = "https://evil.example" },
		"another port":          func(a *authenticator) { a.origin = "http://localhost:9999" },
		"another relying party": func(a *authenticator) { a.rp = "evil.example" },
		"nobody verified":       func(a *authenticator) { a.flags = 0x01 },
		"nobody there":          func(a *authenticator) { a.flags = 0x04 },
		"someone else's":        func(a *authenticator) { a.id, a.key, a.user = theirs.id, theirs.key, theirs.user },
		"another key":           func(a *authenticator) { a.key = theirs.key },
		"a key nobody knows":    func(a *authenticator) { a.id = []byte("unknown") },
		"another's user handle": func(a *authenticator) { a.user = theirs.user },
	}
	for name, lie := range lies {
		a := *good
		lie(&a)
		if err := b.use(&a, nil); !errors.Is(err, issuer.Forbidden) || b.sure() {
			t.Errorf("%s: %v, sure: %v", name, err, b.sure())
		}
	}
	if err := b.use(good, func() { h.later(ceremonyLife) }); !errors.Is(err, issuer.Conflict) {
		t.Errorf("too late: %v", err)
	}
	var begun, answer []byte
	b = h.browser(t, ada)
	b.do(func(ctx context.Context, by issuer.Caller) {
		var err error
		begun, err = b.BeginStepUp(ctx, by)
		must(t, err)
	})
	answer = good.get(begun)
	elsewhere := h.browser(t, ada)
	elsewhere.do(func(ctx context.Context, by issuer.Caller) {
		if err := h.StepUp(ctx, by, answer); !errors.Is(err, issuer.Conflict) {
			t.Errorf("in another session: %v", err)
		}
	})
	b.do(func(ctx context.Context, by issuer.Caller) { must(t, h.StepUp(ctx, by, answer)) })
	b.do(func(ctx context.Context, by issuer.Caller) {
		if err := h.StepUp(ctx, by, answer); !errors.Is(err, issuer.Conflict) {
			t.Errorf("replayed: %v", err)
		}
	})
	b = h.browser(t, ada)
	if err := b.use(good, func() {
		b.do(func(ctx context.Context, by issuer.Caller) { _, _ = b.BeginStepUp(ctx, by) })
	}); !errors.Is(err, issuer.Forbidden) || b.sure() {
		t.Errorf("an answer to the question before: %v", err)
	}
	copied := *good
	copied.count = 1
	if err := b.use(&copied, nil); !errors.Is(err, issuer.Forbidden) || !strings.Contains(err.Error(), "copy") || b.sure() {
		t.Errorf("a copy: %v", err)
	}
	for _, rubbish := range []string{"", "{}", "null", `{"id":"x"}`, strings.Repeat("[", 5000)} {
		b.do(func(ctx context.Context, by issuer.Caller) {
			if _, err := b.BeginStepUp(ctx, by); err != nil {
				t.Fatal(err)
			}
			if err := h.StepUp(ctx, by, []byte(rubbish)); !errors.Is(err, issuer.Forbidden) {
				t.Errorf("%.20q: %v", rubbish, err)
			}
		})
	}
}

// TestPasskeyIsMade only by who has just confirmed that it is them, for the
// host of the base URL, and once.
func TestPasskeyIsMade(t *testing.T) {
	h := open(t, localhost)
	ada := h.person(t, "ada@example.org")
	b := h.browser(t, ada)
	add := func(name string, a *authenticator) (err error) {
		b.do(func(ctx context.Context, by issuer.Caller) {
			begun, fault := h.BeginPasskey(ctx, by)
			must(t, fault)
			err = h.AddPasskey(ctx, by, name, a.create(begun))
		})
		return err
	}
	good := newAuthenticator(t, localhost, "localhost")
	if err := add("Phone", good); !errors.Is(err, issuer.Forbidden) {
		t.Errorf("without confirming: %v", err)
	}
	must(t, b.try(b.ask()))
	for name, lie := range map[string]func(a *authenticator){
		"another origin":  func(a *authenticator) { a.origin = "https://evil.example" },
		"another host":    func(a *authenticator) { a.rp = "evil.example" },
		"nobody verified": func(a *authenticator) { a.flags = 0x01 },
	} {
		a := *good
		lie(&a)
		if err := add("Phone", &a); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := add(" ", good); !errors.Is(err, issuer.Invalid) {
		t.Errorf("without a name: %v", err)
	}
	must(t, add("Phone", good))
	if err := add("Phone again", good); err == nil {
		t.Error("the same passkey twice")
	}
	b.do(func(ctx context.Context, by issuer.Caller) {
		if err := h.reg.RemovePasskey(ctx, issuer.Caller{Person: by.Person}, b64(good.id)); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("removing without confirming: %v", err)
		}
		must(t, h.reg.RemovePasskey(ctx, by, b64(good.id)))
		if err := h.reg.RemovePasskey(ctx, by, b64(good.id)); !errors.Is(err, issuer.NotFound) {
			t.Errorf("removing again: %v", err)
		}
	})
	if open(t, "http://127.0.0.1:8080").TakesPasskeys() || !open(t, "https://badges.example.org/base").TakesPasskeys() {
		t.Error("which addresses take passkeys")
	}
}

// TestEndorseToken: a mentor's token has the scope; one without it has not, and
// nobody gets one who has not confirmed, or mentors nobody.
func TestEndorseToken(t *testing.T) {
	h := open(t, "https://badges.example.org")
	ada := h.person(t, "ada@example.org")
	for name, by := range map[string]issuer.Caller{
		"not confirmed": {Person: ada, Grants: []issuer.Grant{{Role: issuer.Mentor, CohortID: "C"}}},
		"no mentor":     {Person: ada, SteppedUp: h.clock()},
		"nobody":        {},
		"a client":      {Client: "C", Scopes: issuer.Scopes, SteppedUp: h.clock()},
	} {
		if token, err := h.EndorseToken(t.Context(), by); err == nil || token != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	token, err := h.EndorseToken(t.Context(), issuer.Caller{Person: ada, SteppedUp: h.clock(), Grants: []issuer.Grant{{Role: issuer.Mentor, CohortID: "C"}}})
	must(t, err)
	by, err := h.callerOf(t.Context(), token)
	must(t, err)
	if by.Person != ada || !by.May(issuer.Endorse) || by.SteppedUpAt(h.clock()) {
		t.Errorf("%+v", by)
	}
	plain, err := h.PersonToken(ada, time.Hour)
	must(t, err)
	if by, err = h.callerOf(t.Context(), plain); err != nil || by.May(issuer.Endorse) {
		t.Errorf("%v %+v", err, by)
	}
}
