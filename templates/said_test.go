package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSaid(t *testing.T) {
	var phrases []phrase
	for _, p := range [][2]string{
		{"This badge is %s; it cannot be suspended.", "%1 : ce badge ne peut pas être suspendu."},
		{"Move %d of %q, 100%% sure.", "%2 (%1)"},
		{"This %s.", "?"},
		{"Say no.", "Dites <non>."},
	} {
		one, err := compile(p[0], p[1])
		if err != nil {
			t.Fatal(err)
		}
		phrases = append(phrases, one)
	}
	w := &words{region: region{language: "fr"}, phrases: phrases}
	for sentence, want := range map[string]string{
		"This badge is <b>paused</b>; it cannot be suspended.": "<bdi>&lt;b&gt;paused&lt;/b&gt;</bdi> : ce badge ne peut pas être suspendu.",
		`Move 3 of "A\nB", 100% sure.`:                         `<bdi>&#34;A\nB&#34;</bdi> (<bdi>3</bdi>)`,
		"Say no.":                                              "Dites &lt;non&gt;.",
		"Nobody & nothing.":                                    `<span lang="en" dir="ltr">Nobody &amp; nothing.</span>`,
		"":                                                     "",
	} {
		if got := w.said(sentence); string(got) != want {
			t.Errorf("%s: %s, want %s", sentence, got, want)
		}
	}
	if got := (&words{region: regions[0], phrases: phrases}).said("Say no."); got != "Say no." {
		t.Errorf("English: %s", got)
	}
	for _, wrong := range []string{"%2", "%0"} {
		if _, err := compile("It is %s.", wrong); err == nil {
			t.Errorf("%s names a value that is not there", wrong)
		}
	}
}

// TestPhrases: the files of every language can be read.
func TestPhrases(t *testing.T) {
	for _, l := range Languages() {
		for _, whose := range []string{"acts", "verifier"} {
			if _, err := readPhrases(l.Tag, whose); err != nil {
				t.Errorf("%s: %v", l.Tag, err)
			}
		}
	}
}

// TestFound: a sentence of the verifier, with its days as people write them, and
// one within another.
func TestFound(t *testing.T) {
	for language, tests := range map[string]map[string]string{
		"fr": {
			"It was revoked on 2026-11-21: A <b>mistake</b>.":                                           "Il a été <bdi>révoqué le <bdi>21 novembre 2026</bdi></bdi> : <bdi>A &lt;b&gt;mistake&lt;/b&gt;</bdi>.",
			"Whether it was withdrawn could not be checked: the issuer's status list could not be had.": "Impossible de vérifier s’il a été retiré : <bdi>la liste d’état de l’émetteur n’a pas pu être obtenue</bdi>.",
			"Nobody foresaw this on 2026-11-21.":                                                        `<span lang="en" dir="ltr">Nobody foresaw this on 21 novembre 2026.</span>`,
		},
		"ar": {"The key that signed has run out.": "انتهت صلاحية المفتاح الذي وقّع."},
		"en": {"It expired on 2026-11-21.": "It expired on 21 November 2026."},
	} {
		for _, r := range regions {
			if r.language != language || r.tag == "en-US" {
				continue
			}
			w, err := r.spoken()
			if err != nil {
				t.Fatal(err)
			}
			for sentence, want := range tests {
				if got := string(w.found(sentence)); got != want {
					t.Errorf("%s: %s, want %s", r.tag, got, want)
				}
			}
		}
	}
}

// unsaid are files of the verifier whose sentences nobody reads on a page, and
// summary.go, which puts one together from many: TestSummaries has those.
var unsaid = []string{"summary.go", "trust.go"}

// told are files whose sentences people read, or may read within another.
var told = []string{"*.go", "dataintegrity/proof.go", "dataintegrity/verify.go", "vcjose/token.go", "vcjose/verify.go", "statuslist/*.go", "vc/*.go"}

// bits are no sentences: parts of some that are asked for as a whole, and forms.
var bits = []string{"signed in a way that is not checked here", "encode status list: V", "the signature does not fit", "not a compact JSON Web Signature", "a token that must not be believed", "2006-01-02 15:04 UTC", "Open Badges 2.0", "Open Badges 1", "Who issued it is not known: the description of the badge",
	"The picture holds only the address of a badge, which", "Badges of this kind are not signed: the one at its address counts. It",
	"The key of its issuer", "The profile of its issuer V", "V could not be had: V.", "It was VV", "V, the first kind of badge", "V This is about the copy that you have.",
	departsFrom, "The credential departs from the standards in ways that leave its meaning plain:", "Read the names in it with care:"}

const departsFrom = "The badge departs from the standard in ways that leave its meaning plain:"

// TestEverythingFound: whatever the verifier says can be said in every language.
func TestEverythingFound(t *testing.T) {
	sentences := map[string]string{}
	var files []string
	for _, where := range told {
		some, err := filepath.Glob("../verifier/" + where)
		if err != nil || len(some) == 0 {
			t.Fatal(where, err)
		}
		files = append(files, some...)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(unsaid, filepath.Base(name)) {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			all, told := wordsOf(e)
			for _, s := range all {
				if s = strings.TrimSpace(s); told && strings.Count(s, " ") >= 2 && !slices.Contains(bits, s) {
					sentences[s] = set.Position(e.Pos()).String()
				}
			}
			return !told
		})
	}
	if len(sentences) < 250 {
		t.Fatalf("only %d sentences were found", len(sentences))
	}
	foundIn(t, sentences)
}

// TestSummaries: so can what a summary begins with, and what it is about, and what
// is put together in other ways.
func TestSummaries(t *testing.T) {
	all := map[string]string{departsFrom + " it calls its issuer otherwise than the issuer does itself.": "olderchecks.go", "Read the names in it with care: a name holds characters that cannot be seen.": "olderchecks.go",
		"Open Badges 2.0, an older kind of badge.": "older.go", "The token is too large.": "token.go", "The key that signed has run out. This is about the copy that you have.": "refresh.go", "The document holds something that no signature can cover (at /a).": "dataintegrity/verify.go",
		"It was replaced by a newer one on 2026-01-02: V. The one that counts is at V.":                                                                                                 "status.go",
		"Whether it was withdrawn could not be checked: the issuer's status list could not be had; the status that came with it does not help: it was good until 2026-01-02 10:00 UTC.": "stapled.go"}
	for _, begins := range []string{"Not genuine", "Not genuine (Open Badges 2.0, an older kind of badge)", "Genuine, but withdrawn", "Could not be checked fully", "Genuine, but expired on 2026-01-02",
		"Genuine, but whether it is still good could not be checked", "Genuine, but its dates could not be read", "Genuine, but issued to someone else", "Genuine and current, but whose it is could not be checked"} {
		all[begins+": “V”, issued by “V” (v.example) to “V” on 2026-01-02."] = "summary.go"
		all[begins+": the key that signed has run out."] = "summary.go"
	}
	foundIn(t, all)
}

// foundIn asks for sentences in every language, from where they stand.
func foundIn(t *testing.T, sentences map[string]string) {
	t.Helper()
	for _, r := range regions {
		if r.language == "en" {
			continue
		}
		w, err := r.spoken()
		if err != nil {
			t.Fatal(err)
		}
		for s, at := range sentences {
			if got := string(w.found(s)); strings.Contains(got, `lang="en"`) || takenOver.MatchString(got) {
				t.Errorf("%s: in %s, %q is %s", at, r.tag, s, got)
			}
		}
	}
}

// takenOver tells text that was taken over as it was.
var takenOver = regexp.MustCompile(`\b(the|that|was|not)\b`)

// wordsOf gives the sentences that an expression makes, with a V for each value; told
// is false where it holds none.
func wordsOf(e ast.Expr) (all []string, told bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return []string{verb.ReplaceAllString(s, "V")}, true
		}
	case *ast.ParenExpr:
		return wordsOf(e.X)
	case *ast.BinaryExpr:
		left, one := wordsOf(e.X)
		right, other := wordsOf(e.Y)
		if e.Op != token.ADD || !one && !other {
			break
		}
		for _, l := range left {
			for _, r := range right {
				all = append(all, l+r)
			}
		}
		return all, true
	case *ast.CallExpr:
		called, ok := e.Fun.(*ast.Ident)
		switch {
		case ok && called.Name == "because":
			return []string{".", ": V."}, false
		case ok && called.Name == "notHad":
			what, _ := wordsOf(e.Args[0])
			return []string{what[0] + " could not be had: V."}, true
		}
	}
	return []string{"V"}, false
}
