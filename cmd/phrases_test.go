package cmd

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// literal is the text of a string that stands in the code, in one piece or in
// several that are added.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, also := literal(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}

// TestPhrasesAreSaid: every sentence of acts that has words in another language
// still stands in the code, letter by letter; otherwise nobody reads these.
func TestPhrasesAreSaid(t *testing.T) {
	said := literals(t, "")
	for file, phrases := range phrasesOf(t, "acts") {
		for sentence := range phrases {
			if !slices.Contains(said, sentence) {
				t.Errorf("%s: nobody says %q", file, sentence)
			}
		}
	}
}

// TestFindingsAreSaid: the verifier puts its sentences together, so each of their
// pieces is looked for; and every language has the same of them.
func TestFindingsAreSaid(t *testing.T) {
	said := literals(t, "verifier")
	all := phrasesOf(t, "verifier")
	for file, phrases := range all {
		for sentence := range phrases {
			for _, piece := range value.Split(sentence, -1) {
				piece = strings.Trim(piece, " .:;,()")
				if len(piece) > 3 && !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, piece) }) {
					t.Errorf("%s: nobody says %q of %q", file, piece, sentence)
				}
			}
			for other, theirs := range all {
				if _, ok := theirs[sentence]; !ok {
					t.Errorf("%s lacks %q", other, sentence)
				}
			}
		}
	}
}

// value is where the verifier adds something: a day with the word before it, or words
// that it says of several things.
var value = regexp.MustCompile(`(?: on| since)? ?%[sd]| could not be had|, the first kind of badge|, but whose it is`)

// literals are the texts that stand in the code below a folder.
func literals(t *testing.T, below string) []string {
	t.Helper()
	all, err := read(goFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, s := range all {
		if s.test || !strings.HasPrefix(s.dir, below) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := literal(e); ok {
					said[text] = true
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(said))
}

// phrasesOf reads what the languages say for somebody's sentences, by file.
func phrasesOf(t *testing.T, whose string) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob("../templates/text/*/said/" + whose + ".json")
	if err != nil || len(files) == 0 {
		t.Fatal("no phrases", err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var phrases map[string]string
		if err := json.Unmarshal(b, &phrases); err != nil {
			t.Fatal(err)
		}
		all[filepath.ToSlash(file)] = phrases
	}
	return all
}
