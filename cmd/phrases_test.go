package cmd

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
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
	all, err := read(goFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, s := range all {
		if s.test {
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
	files, err := filepath.Glob("../templates/text/*/said/acts.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no phrases", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var phrases map[string]string
		if err := json.Unmarshal(b, &phrases); err != nil {
			t.Fatal(err)
		}
		for sentence := range phrases {
			if !said[sentence] {
				t.Errorf("%s: nobody says %q", filepath.ToSlash(file), sentence)
			}
		}
	}
}
