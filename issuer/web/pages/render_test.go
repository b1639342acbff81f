package pages

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hallmark/issuer"
	"hallmark/templates"
	verifyweb "hallmark/verifier/web"
)

func openSet(t *testing.T) *templates.Set {
	t.Helper()
	set, err := templates.Open(templates.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// rendered gives every page in every tongue, and every page with nothing on
// it, as a document.
func rendered(t *testing.T, each func(t *testing.T, name string, raw string, doc *html.Node)) {
	set := openSet(t)
	render := func(name string, s sample, who string) {
		t.Run(name+"/"+s.file, func(t *testing.T) {
			var b bytes.Buffer
			if err := set.Render(&b, s.template, framed(s, who)); err != nil {
				t.Fatal(err)
			}
			raw := b.String()
			doc, err := html.Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			each(t, s.file, raw, doc)
		})
	}
	for name, l := range map[string]tongue{"usual": usual, "hostile": hostile, "long": long, "arabic": arabic} {
		for _, s := range samples(l) {
			render(name, s, l.name)
		}
	}
	for _, s := range emptySamples() {
		render("empty", s, "")
	}
}

func get(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// visit calls f with every element of a document.
func visit(n *html.Node, f func(*html.Node)) {
	if n.Type == html.ElementNode {
		f(n)
	}
	for kid := n.FirstChild; kid != nil; kid = kid.NextSibling {
		visit(kid, f)
	}
}

// bodyOf gives the body of the document that a node is in.
func bodyOf(n *html.Node) (body *html.Node) {
	for n.Parent != nil {
		n = n.Parent
	}
	visit(n, func(kid *html.Node) {
		if kid.Data == "body" {
			body = kid
		}
	})
	return body
}

func within(n *html.Node, tag string) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && n.Data == tag {
			return true
		}
	}
	return false
}

// TestPagesAreSound holds every page to what a browser and a screen reader
// need: one main heading, a language, a title, names for controls and
// pictures, no id twice, and references that lead somewhere.
func TestPagesAreSound(t *testing.T) {
	rendered(t, func(t *testing.T, name, raw string, doc *html.Node) {
		ids, labelled, counts := map[string]int{}, map[string]bool{}, map[string]int{}
		var refs []string
		visit(doc, func(n *html.Node) {
			counts[n.Data]++
			if id, ok := get(n, "id"); ok {
				ids[id]++
			}
			if n.Data == "label" {
				if to, ok := get(n, "for"); ok {
					labelled[to] = true
				}
			}
			for _, key := range []string{"aria-labelledby", "aria-describedby", "list", "for", "data-copy"} {
				if to, ok := get(n, key); ok {
					refs = append(refs, to)
				}
			}
		})
		for _, tag := range []string{"h1", "title", "main", "html"} {
			if counts[tag] != 1 {
				t.Errorf("%d of <%s>", counts[tag], tag)
			}
		}
		for id, n := range ids {
			if n != 1 || id == "" {
				t.Errorf("id %q stands %d times", id, n)
			}
		}
		for _, to := range refs {
			if ids[to] != 1 {
				t.Errorf("a reference to %q leads nowhere", to)
			}
		}
		visit(doc, func(n *html.Node) { checkElement(t, n, labelled) })
	})
}

func checkElement(t *testing.T, n *html.Node, labelled map[string]bool) {
	switch n.Data {
	case "html":
		if lang, _ := get(n, "lang"); lang == "" {
			t.Error("the page does not say its language")
		}
	case "img":
		if _, ok := get(n, "alt"); !ok {
			t.Error("a picture without alt")
		}
	case "input", "select", "textarea":
		kind, _ := get(n, "type")
		id, _ := get(n, "id")
		if kind != "hidden" && !labelled[id] && !within(n, "label") {
			t.Errorf("<%s id=%q> has no label", n.Data, id)
		}
	case "style":
		if page, _ := get(bodyOf(n), "data-page"); page != "takeout" { // which is a file by itself
			t.Error("a style in the page")
		}
	case "script":
		if kind, _ := get(n, "type"); kind == "application/ld+json" { // data, which no browser runs
			return
		}
		if src, _ := get(n, "src"); !strings.HasPrefix(src, "/static/") || n.FirstChild != nil {
			t.Errorf("a script from %q", src)
		}
	case "form":
		if action, _ := get(n, "action"); !strings.HasPrefix(action, "/") {
			t.Errorf("a form to %q", action)
		}
	case "button":
		if text := strings.TrimSpace(textOf(n)); text == "" {
			t.Error("a button without a word")
		}
	}
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
		if (a.Key == "href" || a.Key == "src") && (strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") || strings.Contains(a.Val, "ZgotmplZ")) {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
	}
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for kid := n.FirstChild; kid != nil; kid = kid.NextSibling {
		b.WriteString(textOf(kid))
	}
	return b.String()
}

// TestHostileTextStaysText holds every page to showing what people wrote as
// text: no element comes out of it, and it is all there.
func TestHostileTextStaysText(t *testing.T) {
	set := openSet(t)
	plain := map[string]map[string]int{}
	for i, l := range []tongue{usual, hostile} {
		for _, s := range samples(l) {
			var b bytes.Buffer
			if err := set.Render(&b, s.template, framed(s, l.name)); err != nil {
				t.Fatal(err)
			}
			doc, err := html.Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			counts := map[string]int{}
			visit(doc, func(n *html.Node) { counts[n.Data]++ })
			if i == 0 {
				plain[s.file] = counts
				continue
			}
			for _, tag := range []string{"script", "img", "svg", "iframe", "object", "form", "input", "title"} {
				if counts[tag] > plain[s.file][tag] {
					t.Errorf("%s: %d of <%s>, with usual text %d", s.file, counts[tag], tag, plain[s.file][tag])
				}
			}
			switch s.file {
			case "home", "mybadge", "queue", "people", "review", "badge", "verify":
				if !strings.Contains(textOf(doc), hostile.name) {
					t.Errorf("%s does not show the name as it is", s.file)
				}
			}
		}
	}
}

// TestEveryStateHasItsWord holds the catalogue to the closed sets of the
// domain: a state without a word and an icon would break its page.
func TestEveryStateHasItsWord(t *testing.T) {
	set := openSet(t)
	for _, state := range []issuer.CapstoneState{issuer.Draft, issuer.ScopeSubmitted, issuer.ScopeApproved, issuer.ScopeReturned, issuer.Submitted, issuer.Returned, issuer.Approved, issuer.Withdrawn} {
		page := capstonePage(issuer.Caller{}, sampleCapstone(usual, state))
		if html := renderOne(t, set, "page/capstone", page); strings.Contains(html, "<span>"+string(state)+"</span>") {
			t.Errorf("capstones: no word for %q", state)
		}
	}
	for _, state := range []issuer.AwardState{issuer.Issued, issuer.Suspended, issuer.Expired, issuer.Revoked, issuer.Erased, issuer.Superseded} {
		badge := sampleBadge(usual, 1, "Safe by Default", state)
		if html := renderOne(t, set, "page/mybadge", myBadgePage(issuer.Caller{}, &badge)); strings.Contains(html, "<span>"+string(state)+"</span>") {
			t.Errorf("badges: no word for %q", state)
		}
		for _, verdict := range []string{"verified", "refused", "undetermined"} {
			renderOne(t, set, "page/badge", sampleBadgePage(usual, state, verdict))
		}
	}
	for code := range issuer.RevocationCodes {
		if html := renderOne(t, set, "page/mybadge", MyBadgePage{Badge: &sampleHome(usual).Badges[0], Manages: true, MayChange: true, Codes: []string{code}}); strings.Contains(html, ">"+code+"</option>") {
			t.Errorf("revocation: no words for %q", code)
		}
	}
}

func renderOne(t *testing.T, set *templates.Set, name string, data any) string {
	t.Helper()
	var b bytes.Buffer
	if err := set.Render(&b, name, templates.View{Frame: templates.Frame{Now: noon}, Data: data}); err != nil {
		t.Error(err)
	}
	return b.String()
}

// TestNextPage: the link to the rest of a list leads there.
func TestNextPage(t *testing.T) {
	if page := renderOne(t, openSet(t), "page/people", samplePeople(usual)); !strings.Contains(page, `href="/people?after=x"`) {
		t.Error("the link to the next page does not name where it begins")
	}
}

// TestHeadlines holds the first word of the verdict to what was found.
func TestHeadlines(t *testing.T) {
	set := openSet(t)
	for _, test := range []struct {
		state   issuer.AwardState
		verdict string
		want    string
	}{
		{issuer.Issued, "verified", "Genuine and current."}, {issuer.Revoked, "refused", "Revoked by its issuer."}, {issuer.Suspended, "refused", "Paused by its issuer."},
		{issuer.Expired, "refused", "Expired."}, {issuer.Superseded, "refused", "Replaced by a newer badge."},
		{issuer.Issued, "undetermined", "Genuine, but we could not tell whether it is still current."}, {issuer.Issued, "refused", "No longer valid: the issuer took it back."},
	} {
		html := renderOne(t, set, "page/badge", sampleBadgePage(usual, test.state, test.verdict))
		if !strings.Contains(html, "<h1>"+test.want+"</h1>") || !strings.Contains(html, `data-verdict="`+test.verdict+`"`) {
			t.Errorf("%s, %s: no headline %q", test.state, test.verdict, test.want)
		}
	}
}

// TestWhatIsNotProvedIsNotVouchedFor holds the block of the verdict to naming
// no domain and no signer where the signature or the key is not right.
func TestWhatIsNotProvedIsNotVouchedFor(t *testing.T) {
	set := openSet(t)
	for _, failed := range []string{"format", "proof", "issuer"} {
		for _, outcome := range []string{"refused", "undetermined"} {
			result := sampleResult(usual, outcome)
			result.Deciding[4].Outcome = "verified"
			for i := range result.Deciding {
				if result.Deciding[i].Name == failed {
					result.Deciding[i].Outcome, result.Deciding[i].Reason = outcome, "It was looked at on 2026-11-21."
				}
			}
			page, _, _ := strings.Cut(renderOne(t, set, "page/verify", verifyweb.VerifyPage{Result: &result}), "<template data-device-words>")
			if strings.Contains(page, "Vouched for by") || strings.Contains(page, "awarded to") || !strings.Contains(page, "is not proved") {
				t.Errorf("%s %s: the page vouches for what is not proved", failed, outcome)
			}
			if !strings.Contains(page, "It was looked at on 21 November 2026.") {
				t.Errorf("%s %s: the page does not say why", failed, outcome)
			}
			if failed == "proof" && !strings.Contains(page, "What it claims (not proved)") {
				t.Errorf("%s: unproved claims stand as signed", outcome)
			}
		}
	}
}

// TestBadgePageIsLight holds the page that a QR code leads to, with style,
// typeface and script and before its pictures, to what a phone on a slow line
// loads in a second or two.
func TestBadgePageIsLight(t *testing.T) {
	set := openSet(t)
	total := len(renderOne(t, set, "page/badge", sampleBadgePage(usual, issuer.Issued, "verified")))
	for _, name := range []string{"hallmark.css", "hallmark.js", "serif-latin.woff2"} {
		body, _, _, ok := set.Asset("/static/x/" + name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		total += len(body)
	}
	if total > 60_000 {
		t.Errorf("the badge page weighs %d bytes", total)
	}
}

func BenchmarkBadgePage(b *testing.B) {
	set, err := templates.Open(templates.Config{})
	if err != nil {
		b.Fatal(err)
	}
	page := sampleBadgePage(usual, issuer.Issued, "verified")
	for b.Loop() {
		if err := set.Render(io.Discard, "page/badge", page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := templates.Open(templates.Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
