package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"hallmark/verifier/verifiertest"
)

// browser is a real Chromium. Each visitor has a context of their own, so no
// cookie is shared.
type browser struct {
	ctx    context.Context
	mu     sync.Mutex
	faults []string // script errors, refused content and what else the console complains of
}

func openBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	path := os.Getenv("HALLMARK_CHROMIUM")
	if path == "" {
		verifiertest.Lacks(t, "set HALLMARK_CHROMIUM to a Chromium to walk through the pages")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(time.Minute))
	options = append(options, more...)
	allocator, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(func() { stop(); stopAll() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx: ctx}
}

// visitor is one person at one browser.
type visitor struct {
	t    *testing.T
	name string
	ctx  context.Context
	url  string
}

type step = chromedp.Action[chromedp.Void]

func (b *browser) visitor(t *testing.T, name, url string) *visitor {
	t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { cancel(); stop() })
	v := &visitor{t: t, name: name, ctx: limited, url: url}
	v.do(chromedp.EmulateViewport(390, 844))
	err := chromedp.Listen(limited, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.fault("%s: script error: %s", name, e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || strings.Contains(e.Entry.Text, "Content Security Policy") {
				b.fault("%s: %s %s", name, e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, runtime.Enable, cdp.Empty{})
		return err
	}))
	return v
}

func (b *browser) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// told gives what the browser complained of so far.
func (b *browser) told() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.faults...)
}

func (v *visitor) do(steps ...step) {
	v.t.Helper()
	for _, s := range steps {
		get(v, s)
	}
}

// get takes a step, or a value out of the page. A page that reloads itself on
// news may do so under the hand: then it is done again on the new one.
func get[T any](v *visitor, a chromedp.Action[T]) T {
	v.t.Helper()
	for began := time.Now(); ; {
		value, err := chromedp.Run(v.ctx, a)
		if err == nil {
			return value
		}
		if !reloaded(err) || time.Since(began) > 20*time.Second { // a file to save is no page, either
			v.t.Fatalf("%s: %v\n%s", v.name, err, v.where())
		}
		sleep(v.t)
	}
}

// reloaded tells that nothing was done because another page came in between:
// a navigation was overtaken, or what was asked for stood on the page before.
func reloaded(err error) bool {
	if load := (*chromedp.LoadError)(nil); errors.As(err, &load) {
		return load.ErrorText == "net::ERR_ABORTED"
	}
	refused := (*cdproto.Error)(nil)
	return errors.As(err, &refused) && slices.ContainsFunc([]string{
		"Could not find node", "No node with given id", "Node is detached", "does not belong to the document",
		"Could not find object", "Cannot find context", "Execution context was destroyed", "navigated or closed",
	}, func(part string) bool { return strings.Contains(refused.Message, part) })
}

// run runs a script in the page.
func (v *visitor) run(script string) {
	v.t.Helper()
	get(v, chromedp.Evaluate[bool]("(() => {"+script+"; return true})()"))
}

// where tells what a visitor looks at, when something went wrong.
func (v *visitor) where() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.ctx), 5*time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%.3000s", s)
}

// open goes to a page and waits until it is there.
func (v *visitor) open(path, page string) {
	v.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = v.url + path
	}
	v.do(chromedp.Navigate(path))
	v.on(page)
}

// on waits for a page, known by its data-page.
func (v *visitor) on(page string) {
	v.t.Helper()
	v.see(`[data-page="` + page + `"]`)
}

// see waits for an element.
func (v *visitor) see(selector string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		v.t.Fatalf("%s does not see %s: %v\n%s", v.name, selector, err, v.where())
	}
}

// press clicks what carries a data-act.
func (v *visitor) press(name string) {
	v.t.Helper()
	v.click(`[data-act="` + name + `"]`)
}

// click waits for an element and clicks it.
func (v *visitor) click(selector string) {
	v.t.Helper()
	v.see(selector)
	v.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// act presses and waits for another page.
func (v *visitor) act(name, next string) {
	v.t.Helper()
	v.press(name)
	v.on(next)
}

func (v *visitor) fill(selector, text string) {
	v.t.Helper()
	v.see(selector)
	v.do(chromedp.SetValue(chromedp.CSS(selector), text))
}

// text is what an element says.
func (v *visitor) text(selector string) string {
	v.t.Helper()
	v.see(selector)
	return get(v, chromedp.Text(chromedp.CSS(selector)))
}

// signIn goes the whole way of the mail link, through the demo's mailbox.
func (v *visitor) signIn(email string) {
	v.t.Helper()
	v.open("/signin", "signin")
	v.fill("#email", email)
	v.act("send-link", "signin-sent")
	link := `[data-to="` + email + `"] [data-act="mail-link"][href*="/signin/link"]`
	for range 100 {
		v.open("/demo/mail", "mailbox")
		if get(v, chromedp.Evaluate[bool](fmt.Sprintf("document.querySelector(%q) !== null", link))) {
			v.open(get(v, chromedp.AttributeValue(chromedp.CSS(link), "href")).Value, "signin-link")
			v.act("enter", "home")
			return
		}
		sleep(v.t)
	}
	v.t.Fatalf("no mail came for %s", email)
}

// qrLink reads the link out of a badge's QR code as a camera would.
func qrLink(t *testing.T, badge string) string {
	t.Helper()
	res, err := http.Get(badge + "/qr.png")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return scan(t, body)
}
