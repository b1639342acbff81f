package badge

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/bake"
	"hallmark/verifier/verifiertest"
)

func capstoneCertificate() Certificate {
	return Certificate{
		Art:  Art{Kind: Capstone, Ring: 2, Icon: "process", Code: "C1", Year: 2026, Inks: InksOf("citizen-dev"), Name: "Capstone"},
		Lang: "en-GB", Title: "Certificate: Automate one real process", Issuer: "Example Academy",
		Kind: "Certificate", To: "Awarded to", Holder: "Ada Lovelace-Škvorecká", Nameless: "Its holder is not named.",
		Unread: "Written in letters that this paper lacks: read it at the address below.",
		For:    "for", Name: "Capstone: automate one real process", When: "on 14 November 2026, in Citizen Developer Program",
		Until: "Good until 14 November 2029", About: "Finds a process that costs people time, automates it with the people who do it, and shows what changed.",
		Status: "Genuine and current.", Tone: Good, AsOf: "Status as of 21 November 2026",
		Check: "Check it now: scan the code, or type this address. It must begin with badges.example.org.",
		Link:  "https://badges.example.org/v/ABCDEFGHIJKLMNOPQRSTUVWXYZ", QR: "HTTPS://BADGES.EXAMPLE.ORG/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ",
		QRSays: "Its page", Slip: "HTTPS://BADGES.EXAMPLE.ORG/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ#S1." + strings.Repeat("K7", 180), SlipSays: "To check offline",
		Beware:   "Anyone can copy paper: what counts is what that page says when you look.",
		Carried:  "This file carries the signed badge; drop it on badges.example.org/verify and it proves itself.",
		Vouched:  "Vouched for by badges.example.org, whose key signed it.",
		Overleaf: "What was signed, in full: see the next page.",
		Sections: []Section{
			{Title: "What it takes", Text: "Deliver a **working** automation that at least three people use.\n\n- shows the process before and after\n- measures what changed\n- is reviewed by a lead mentor"},
			{Title: "How it was judged", Items: []string{"Build: sound", "Impact: clear"}},
			{Title: "Skills", Items: []string{"process automation (ESCO)", "requirements analysis"}},
		},
		Signed: []byte(`{"a":1}`), Staple: []byte("eyJ.e30.AA"), At: time.Date(2026, 11, 14, 9, 0, 0, 0, time.UTC),
	}
}

func pdfOf(t testing.TB, c Certificate) []byte {
	t.Helper()
	doc, err := c.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// poppler runs one of its tools on a PDF; it says nothing on a sound one.
func poppler(t *testing.T, doc []byte, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		verifiertest.Lacks(t, "install poppler-utils to read certificates with another program")
	}
	file := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", file)
	}
	cmd := exec.CommandContext(t.Context(), tool, args...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("%s: %v %s", tool, err, complaints.String())
	}
	return out.String()
}

// written on the pages, one line after another.
func pageText(t *testing.T, doc []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(poppler(t, doc, "pdftotext", "FILE", "-")), " ")
}

func TestCertificate(t *testing.T) {
	c := capstoneCertificate()
	doc := pdfOf(t, c)
	if !bytes.Equal(doc, pdfOf(t, c)) {
		t.Error("two certificates of one badge differ")
	}
	inside, err := bake.Unpack(doc)
	if err != nil || inside.Kind != bake.PDFKind || !bytes.Equal(inside.Credential, c.Signed) || !bytes.Equal(inside.Staple, c.Staple) {
		t.Fatalf("%v: %+v", err, inside)
	}
	text := pageText(t, doc)
	for _, want := range []string{c.Issuer, c.Kind, c.To, c.Holder, c.Name, c.When, c.Until, c.About, c.Status, c.AsOf, c.Check, c.Link, c.Beware, c.Carried, c.Vouched, c.QRSays, c.SlipSays,
		"Deliver a working automation", "• measures what changed", "Build: sound · Impact: clear", "process automation (ESCO)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page: %s", want, text)
		}
	}
	info := poppler(t, doc, "pdfinfo", "FILE")
	for _, want := range []string{"Title:           " + c.Title, "Author:          " + c.Issuer, "2026", "Pages:           1", "595.28 x 841.89 pts (A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in %s", want, info)
		}
	}
	if !bytes.Contains(doc, []byte("/Lang (en-GB)")) {
		t.Error("the file does not say its language")
	}
}

// TestCertificateDetached: another program takes out the same bytes.
func TestCertificateDetached(t *testing.T) {
	c := capstoneCertificate()
	out := filepath.Join(t.TempDir(), "out")
	if list := poppler(t, pdfOf(t, c), "pdfdetach", "-list", "FILE"); !strings.Contains(list, "2 embedded files") || !strings.Contains(list, "1: "+Attached) || !strings.Contains(list, "2: "+Stapled) {
		t.Error(list)
	}
	poppler(t, pdfOf(t, c), "pdfdetach", "-save", "1", "-o", out, "FILE")
	got, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(got, c.Signed) {
		t.Errorf("%v %q", err, got)
	}
}

// TestCertificateScanned: the codes on the rendered page lead to the badge, in
// grey as office printers print: both at 150 dots to the inch, as from a copier;
// the link alone from a poor one. Printed to fit a sheet of Letter they are 6 %
// smaller.
func TestCertificateScanned(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		verifiertest.Lacks(t, "install zbar-tools to scan certificates")
	}
	c := capstoneCertificate()
	both := []string{c.QR, c.Slip}
	alone := c
	alone.Slip = ""
	for name, test := range map[string]struct {
		c    Certificate
		dpi  string
		want []string
	}{
		"A4": {c, "150", both}, "Letter": {c, "141", both}, "screen": {alone, "72", both[:1]},
	} {
		picture := filepath.Join(t.TempDir(), "page")
		poppler(t, pdfOf(t, test.c), "pdftoppm", "-gray", "-r", test.dpi, "-png", "-singlefile", "FILE", picture)
		got, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", picture+".png").Output()
		lines := strings.Fields(string(got))
		slices.Sort(lines)
		if diff := cmp.Diff(test.want, lines); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestCertificateNames(t *testing.T) {
	for name, want := range map[string]string{
		"Zoë Ångström-Łukasiewicz": "", "Đặng Thị Ngọc Ánh": "", "Ελένη Παπαδοπούλου": "", "Ђорђе Щукин": "", "O’Brien, Þóra": "",
		"Ame\u0301lie":       "Amélie", // composed
		"Ada \u202eecalevoL": "Ada ecalevoL",
		"Ada 🦊 Lovelace":     "Ada Lovelace",
		"山田太郎":               "unread", "محمد": "unread", "Ada 山田": "unread", "ศรี": "unread",
	} {
		c := capstoneCertificate()
		c.Holder = name
		text := pageText(t, pdfOf(t, c))
		switch {
		case want == "unread" && (!strings.Contains(text, c.Unread) || strings.Contains(text, "Ada")):
			t.Errorf("%q: no word that it cannot be written: %s", name, text)
		case want != "unread" && !strings.Contains(text, map[bool]string{true: name, false: want}[want == ""]):
			t.Errorf("%q is not on the page: %s", name, text)
		}
	}
	c := capstoneCertificate()
	c.Holder = ""
	if text := pageText(t, pdfOf(t, c)); !strings.Contains(text, c.Nameless) {
		t.Errorf("nameless: %s", text)
	}
}

// TestCertificateStanding: what does not count does not look as if it did, on
// no page.
func TestCertificateStanding(t *testing.T) {
	c := capstoneCertificate()
	c.Standing, c.Because, c.Tone, c.Status = "Revoked", "Revoked on 20 November 2026: its issuer took it back.", Bad, "Revoked by its issuer."
	c.Sections[0].Text = strings.Repeat(c.Sections[0].Text+"\n\n", 12)
	doc := pdfOf(t, c)
	text := pageText(t, doc)
	if n := strings.Count(text, "Revoked"); n < 3 || !strings.Contains(text, c.Because) || strings.Contains(text, c.Until) {
		t.Errorf("%d times: %s", n, text)
	}
	for page := 2; page <= pagesOf(t, doc); page++ {
		if one := poppler(t, doc, "pdftotext", "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), "FILE", "-"); !strings.Contains(one, "Revoked") {
			t.Errorf("page %d does not say so: %s", page, one)
		}
	}
}

func pagesOf(t *testing.T, doc []byte) int {
	t.Helper()
	n, err := strconv.Atoi(regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(poppler(t, doc, "pdfinfo", "FILE"))[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var placed = regexp.MustCompile(`<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">([^<]*)`)

// TestCertificateFits: however long the words, none leaves what A4 and Letter
// have in common, and none runs into the foot of the first page.
func TestCertificateFits(t *testing.T) {
	long := strings.Repeat("Überlanges Wort und ", 12)
	whole := strings.Repeat("Donaudampfschifffahrt", 20)
	for name, change := range map[string]func(*Certificate){
		"usual":      func(*Certificate) {},
		"long names": func(c *Certificate) { c.Holder, c.Name, c.Issuer, c.When = long, long, long, long },
		"long words": func(c *Certificate) { c.Holder, c.Name, c.Issuer, c.About = whole, whole, whole, whole },
		"long link": func(c *Certificate) {
			c.Link = "https://a." + strings.Repeat("very-long-host.", 7) + "example.org/v/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		},
		"long about":   func(c *Certificate) { c.About = strings.Repeat(long, 9) },
		"many terms":   func(c *Certificate) { c.Sections[0].Text = strings.Repeat(c.Sections[0].Text+"\n", 30) },
		"one long":     func(c *Certificate) { c.Sections[0].Text = strings.Repeat(long, 60) },
		"long reasons": func(c *Certificate) { c.Standing, c.Because, c.Holder = "Revoked", long+long, long },
		"one code":     func(c *Certificate) { c.Slip, c.SlipSays = "", "" },
		"nothing":      func(c *Certificate) { *c = Certificate{QR: c.QR, Link: c.Link, Signed: c.Signed, At: c.At} },
		"all long": func(c *Certificate) {
			c.Holder, c.Name, c.About, c.Because, c.Standing, c.Unsigned = long, long, strings.Repeat(long, 9), long, "Revoked", long
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := capstoneCertificate()
			change(&c)
			doc := pdfOf(t, c)
			for _, m := range placed.FindAllStringSubmatch(poppler(t, doc, "pdftotext", "-bbox", "FILE", "-"), -1) {
				var at [4]float64
				for i := range at {
					at[i], _ = strconv.ParseFloat(m[i+1], 64)
				}
				if c.Standing != "" && at[3]-at[1] > 80 {
					continue // the word across the page
				}
				if at[0] < 60 || at[2] > 595-60 || at[1] < 30 || at[3] > 842-34 {
					t.Errorf("%q stands at %v", m[5], at)
				}
			}
			if s, award := newSheet(), 0.0; name != "nothing" {
				for _, p := range c.shown(s) {
					award += p.gap + s.height(p.style, p.text, p.width)
				}
				if end := headEnd + artSize + artGap + award; end > c.footTop() {
					t.Errorf("the award ends at %v", end)
				}
			}
		})
	}
}

func TestPlainly(t *testing.T) {
	for markdown, want := range map[string][]string{
		"":                                      nil,
		"One\ntwo.\n\nThree.":                   {"One two.", "Three."},
		"## Head\ntext":                         {"Head", "text"},
		"- one\n- two\n  more\n* three\n+ four": {"• one", "• two more", "• three", "• four"},
		"**bold** and `code`":                   {"bold and code"},
		"see [the guide](https://a.example/b) first": {"see the guide first"},
		"#hash [open ](x": {"#hash [open ](x"},
		"](a) [b](c)":     {"](a) [b](c)"},
	} {
		if diff := cmp.Diff(want, plainly(markdown)); diff != "" {
			t.Errorf("%q: %s", markdown, diff)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	c := capstoneCertificate()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
