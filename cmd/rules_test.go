package cmd

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A source is one Go file with what rules ask about it.
type source struct {
	name    string // path from the root, with slashes
	dir     string // its package, as in the table of imports
	test    bool   // a test file, or a test kit
	file    *ast.File
	fset    *token.FileSet
	imports map[string]string // local name → import path
	gorm    bool              // some file of the package imports gorm
	consts  map[string]bool   // names of constants in the package
}

// A rule looks at one node of a file and says what is wrong with it, or "".
type rule func(s *source, n ast.Node) string

var rules = []rule{unsafeMiddleware, noBind, noMarkup, noInlineConditions, noBuiltSQL, noHiddenGorm, noDefaultClient, noEnvironment, noLooseJSON, noOwnSkip, unrepeatable}

const (
	echoPath       = "github.com/labstack/echo/v4"
	middlewarePath = echoPath + "/middleware"
	gormPath       = "gorm.io/gorm"
)

// selected is the import path and name of a selector on an imported package.
func (s *source) selected(n ast.Node) (from, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok || s.imports[id.Name] == "" {
		return "", ""
	}
	return s.imports[id.Name], sel.Sel.Name
}

// method is the name of a method call and its arguments; calls of functions
// of imported packages are none.
func (s *source) method(n ast.Node) (name string, args []ast.Expr) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	if from, _ := s.selected(sel); from != "" {
		return "", nil
	}
	return sel.Sel.Name, call.Args
}

func hasPrefix(name string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// unsafeMiddleware: CVE-2026-118264 and CVE-2026-118260 are in the first
// three; MethodOverride lets a form choose its method; Timeout and Logger
// are deprecated; JSONP hands answers to any page.
func unsafeMiddleware(s *source, n ast.Node) string {
	if from, name := s.selected(n); from == middlewarePath && (hasPrefix(name, "Proxy", "BodyDump", "Decompress", "MethodOverride", "Timeout") || name == "Logger" || name == "LoggerWithConfig") {
		return "middleware." + name + " is not safe here: leave it out"
	}
	if name, _ := s.method(n); hasPrefix(name, "JSONP") {
		return name + " hands answers to any page: use JSON"
	}
	return ""
}

// noBind: echo's Bind mixes path, query and body, folds the case of names and
// ignores what follows the first JSON value (echo #1670, #1757).
func noBind(s *source, n ast.Node) string {
	if !slices.Contains(imported(s), echoPath) {
		return ""
	}
	if name, _ := s.method(n); slices.Contains([]string{"Bind", "BindBody", "BindQueryParams", "BindPathParams", "BindHeaders"}, name) {
		return name + " reads what nobody sent there: use web.Body and c.Param"
	}
	if from, name := s.selected(n); from == echoPath && name == "DefaultBinder" {
		return "echo.DefaultBinder reads what nobody sent there: use web.Body and c.Param"
	}
	return ""
}

func imported(s *source) []string {
	var paths []string
	for _, p := range s.imports {
		paths = append(paths, p)
	}
	return paths
}

// noMarkup: only package templates may call text markup, so that no data can
// become a page unescaped.
func noMarkup(s *source, n ast.Node) string {
	from, name := s.selected(n)
	if s.dir == "templates" || s.test || from != "html/template" {
		return ""
	}
	if slices.Contains([]string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "URL", "Srcset"}, name) {
		return "template." + name + " turns escaping off: only package templates may say what is markup"
	}
	return ""
}

// noInlineConditions: gorm takes a string after the destination as SQL, so
// First(&row, id) with a string id is an injection.
func noInlineConditions(s *source, n ast.Node) string {
	name, args := s.method(n)
	if s.gorm && len(args) > 1 && slices.Contains([]string{"First", "Take", "Last", "Find", "Delete", "FirstOrInit", "FirstOrCreate"}, name) {
		return name + " with conditions beside the destination takes a string as SQL: use Where"
	}
	return ""
}

// noBuiltSQL: SQL is written, never put together from values.
func noBuiltSQL(s *source, n ast.Node) string {
	name, args := s.method(n)
	if !s.gorm || s.test || len(args) == 0 || !slices.Contains([]string{"Where", "Or", "Not", "Order", "Select", "Group", "Having", "Joins", "Raw", "Exec", "Pluck", "Distinct", "Table"}, name) {
		return ""
	}
	switch arg := args[0].(type) {
	case *ast.CallExpr:
		if from, f := s.selected(arg.Fun); from == "fmt" && hasPrefix(f, "Sprint") {
			return name + " of a formatted string: write the SQL and pass the values beside it"
		}
	case *ast.BinaryExpr:
		if !s.constant(arg) {
			return name + " of a string put together from values: write the SQL and pass the values beside it"
		}
	}
	return ""
}

// constant tells whether a string expression is made of literals and
// constants of its package alone.
func (s *source) constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return s.consts[e.Name]
	case *ast.ParenExpr:
		return s.constant(e.X)
	case *ast.BinaryExpr:
		return s.constant(e.X) && s.constant(e.Y)
	}
	return false
}

// noHiddenGorm: what gorm does behind the line that calls it. Tests compare
// the migrations with what AutoMigrate would do.
func noHiddenGorm(s *source, n ast.Node) string {
	if name, _ := s.method(n); s.gorm && !s.test && slices.Contains([]string{"AutoMigrate", "Save", "Preload", "Association"}, name) {
		return name + " does more than its line says: write the statement"
	}
	if from, name := s.selected(n); from == gormPath && (name == "Model" || name == "DeletedAt") {
		return "gorm." + name + " hides columns and rows: name them"
	}
	return ""
}

// noDefaultClient: every request goes through a client that somebody chose,
// with its limits.
func noDefaultClient(s *source, n ast.Node) string {
	from, name := s.selected(n)
	if !s.test && from == "net/http" && slices.Contains([]string{"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"}, name) {
		return "http." + name + " has no limits: take the client that was handed in"
	}
	return ""
}

// noEnvironment: only programs read the environment; others are told.
func noEnvironment(s *source, n ast.Node) string {
	from, name := s.selected(n)
	if !s.test && !strings.HasPrefix(s.dir, "cmd/") && from == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, name) {
		return "os." + name + " below cmd: let cmd read it and hand it in"
	}
	return ""
}

// noLooseJSON: encoding/json folds the case of names, lets the last of two
// equal names win and stops after the first value; strangers' bytes are read
// by strictjson.
func noLooseJSON(s *source, n ast.Node) string {
	from, name := s.selected(n)
	outside := strings.HasPrefix(s.dir, "verifier") || strings.HasPrefix(s.dir, "issuer/web") || s.dir == "cmd/hallmark-wasm"
	if outside && !s.test && from == "encoding/json" && (name == "Unmarshal" || name == "NewDecoder") {
		return "json." + name + " reads strangers' bytes loosely: use strictjson"
	}
	return ""
}

// noOwnSkip: one place decides what happens to a test that lacks something,
// so that a run in which nothing may be missing sees every skip.
func noOwnSkip(s *source, n ast.Node) string {
	name, _ := s.method(n)
	if s.test && s.dir != "verifier/verifiertest" && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, name) {
		return name + " of its own: use verifiertest.Lacks"
	}
	return ""
}

// Directives that silence a tool, and marks of unfinished work.
var unwanted = regexp.MustCompile(`^(?://|/\*)\s*(nolint|lint:|#nosec|nosemgrep|TODO|FIXME|XXX|HACK)\b?`)

// judge gives a sentence for everything that the rules find in a file.
func (s *source) judge() []string {
	var said []string
	say := func(pos token.Pos, words string) {
		said = append(said, fmt.Sprintf("%s:%d: %s", s.name, s.fset.Position(pos).Line, words))
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		for _, r := range rules {
			if words := r(s, n); words != "" {
				say(n.Pos(), words)
			}
		}
		return true
	})
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			if m := unwanted.FindStringSubmatch(comment.Text); m != nil {
				say(comment.Pos(), m[1]+" in a comment: mend it or argue in words")
			}
		}
	}
	return said
}

// parse reads one file.
func parse(fset *token.FileSet, name string, text []byte) (*source, error) {
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	dir := path.Dir(name)
	s := &source{name: name, dir: dir, file: file, fset: fset, imports: map[string]string{}, consts: map[string]bool{}}
	s.test = strings.HasSuffix(name, "_test.go") || slices.Contains(testKits, dir)
	for _, spec := range file.Imports {
		from, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		s.imports[localName(spec, from)] = from
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if decl, ok := n.(*ast.GenDecl); ok && decl.Tok == token.CONST {
			for _, spec := range decl.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					s.consts[id.Name] = true
				}
			}
		}
		return true
	})
	return s, nil
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// localName is the name by which a file knows an imported package.
func localName(spec *ast.ImportSpec, from string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path.Base(from)
	if majorVersion.MatchString(base) {
		base = path.Base(path.Dir(from))
	}
	return strings.TrimPrefix(base, "go-")
}

// read parses the files of a tree and tells the files of each package what
// their neighbours know.
func read(files map[string][]byte) ([]*source, error) {
	fset := token.NewFileSet()
	var all []*source
	gorm, consts := map[string]bool{}, map[string]map[string]bool{}
	for name, text := range files {
		s, err := parse(fset, name, text)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
		gorm[s.dir] = gorm[s.dir] || slices.Contains(imported(s), gormPath)
		if consts[s.dir] == nil {
			consts[s.dir] = map[string]bool{}
		}
		for c := range s.consts {
			consts[s.dir][c] = true
		}
	}
	slices.SortFunc(all, func(a, b *source) int { return strings.Compare(a.name, b.name) })
	for _, s := range all {
		s.gorm, s.consts = gorm[s.dir], consts[s.dir]
	}
	return all, nil
}

// goFiles is every Go file of the tree by its path from the root.
func goFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRules(t *testing.T) {
	files := goFiles(t)
	if len(files) < 10 {
		t.Fatalf("%d Go files: the tree was not found", len(files))
	}
	all, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, sentence := range s.judge() {
			t.Error(sentence)
		}
	}
}

// maxLines is where a file is split.
const maxLines = 600

// Names under which anything could lie.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "models", "services", "managers", "validators", "lib", "pkg", "internal"}

// TestShape: a package says in its doc comment what it owns and what not,
// has a name that means something, and no file is endless.
func TestShape(t *testing.T) {
	files := goFiles(t)
	all, err := read(files)
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, s := range all {
		documented[s.dir] = documented[s.dir] || s.file.Doc.Text() != ""
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment: say what it owns and what it does not", dir)
		}
		if slices.Contains(vague, path.Base(dir)) {
			t.Errorf("package %s could hold anything: name it for what it owns", dir)
		}
	}
	for name, text := range files {
		if n := bytes.Count(text, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines: split it, %d is the most", filepath.FromSlash(name), n, maxLines)
		}
	}
}

// TestRulesCanFail holds each rule to code that breaks it and to code that
// looks like it and does not.
func TestRulesCanFail(t *testing.T) {
	tests := []struct {
		name, file, imports, body string
		want                      []string // what the sentences begin with, after file and line
	}{
		{"middleware", "issuer/web/a.go", middlewarePath, "middleware.BodyDumpWithConfig(c); middleware.RequestID()",
			[]string{"middleware.BodyDumpWithConfig"}},
		{"proxy", "issuer/web/a.go", middlewarePath, "middleware.Proxy(b); middleware.Decompress(); middleware.MethodOverride()",
			[]string{"middleware.Proxy ", "middleware.Decompress ", "middleware.MethodOverride "}},
		{"renamed middleware", "issuer/web/a.go", `mw "` + middlewarePath, "mw.Decompress()", []string{"middleware.Decompress"}},
		{"JSONP", "issuer/web/a.go", echoPath, `return c.JSONP(200, "f", v)`, []string{"JSONP hands"}},
		{"bind", "issuer/web/api/a.go", echoPath, "c.Bind(&v)", []string{"Bind reads"}},
		{"binder", "issuer/web/api/a.go", echoPath, "(&echo.DefaultBinder{}).BindBody(c, &v)", []string{"BindBody reads", "echo.DefaultBinder reads"}},
		{"another bind", "issuer/a.go", "fmt", "c.Bind(&v)", nil},
		{"markup", "issuer/web/pages/a.go", "html/template", "_ = template.HTML(name); _ = template.URL(u); _ = template.Template{}",
			[]string{"template.HTML", "template.URL"}},
		{"markup in templates", "templates/a.go", "html/template", "_ = template.HTML(name)", nil},
		{"inline condition", "issuer/store/a.go", gormPath, "tx.First(&u, id); tx.Delete(&u, id)", []string{"First with", "Delete with"}},
		{"explicit condition", "issuer/store/a.go", gormPath, `tx.Where("id = ?", id).Take(&u)`, nil},
		{"inline condition elsewhere", "issuer/a.go", "slices", "slices.Delete(s, 1, 2); list.First(a, b)", nil},
		{"formatted SQL", "issuer/store/a.go", gormPath + `"; "fmt`, `tx.Raw(fmt.Sprintf("SELECT %s", x))`, []string{"Raw of a formatted"}},
		{"concatenated SQL", "issuer/store/a.go", gormPath, `const cols = "a"; tx.Order("a " + direction); tx.Raw("SELECT " + cols + " FROM t")`,
			[]string{"Order of a string"}},
		{"hidden gorm", "issuer/store/a.go", gormPath, "tx.Save(&u); tx.AutoMigrate(&u); var _ gorm.Model",
			[]string{"Save does", "AutoMigrate does", "gorm.Model hides"}},
		{"AutoMigrate in a test", "issuer/store/a_test.go", gormPath, "tx.AutoMigrate(&u)", nil},
		{"default client", "verifier/fetch/a.go", "net/http", "http.DefaultClient.Do(r); http.Get(u); http.NewRequest()",
			[]string{"http.DefaultClient", "http.Get"}},
		{"default client in a test", "verifier/fetch/a_test.go", "net/http", "http.Get(u)", nil},
		{"environment", "issuer/keyring/a.go", "os", `os.Getenv("KEY")`, []string{"os.Getenv"}},
		{"environment in a program", "cmd/hallmark/a.go", "os", `os.Getenv("KEY")`, nil},
		{"loose JSON", "verifier/vc/a.go", "encoding/json", "json.Unmarshal(b, &v); json.NewDecoder(r); json.Marshal(v)",
			[]string{"json.Unmarshal", "json.NewDecoder"}},
		{"own JSON", "issuer/store/a.go", "encoding/json", "json.Unmarshal(b, &v)", nil},
		{"own skip", "issuer/a_test.go", "testing", `t.Skip("no database"); f.SkipNow(); b.Skipf("no %s", x)`,
			[]string{"Skip of", "SkipNow of", "Skipf of"}},
		{"skip in its place", "verifier/verifiertest/a.go", "testing", "t.Skip(what)", nil},
		{"act that keeps a tally", "issuer/registrar/a.go", "fmt", "act(ctx, func(w *work) (int, error) { n++; return n, nil })", []string{"n is of outside"}},
		{"act that changes what it was given", "issuer/registrar/a.go", "fmt", "act(ctx, func(w *work) (int, error) { in.Note = w.clean(in.Note); return 0, nil })", []string{"in is of outside"}},
		{"act that hands on what it was given", "issuer/jobs/a.go", "hallmark/issuer/store", "store.Write(ctx, s, func(tx *store.Tx) (int, error) { return 0, tx.Save(&m) })", []string{"m is of outside"}},
		{"act on a copy", "issuer/registrar/a.go", "fmt", "act(ctx, func(w *work) (int, error) { in := in; in.Note, w.object = x, y; return 0, nil })", nil},
		{"view", "issuer/registrar/a.go", "fmt", "look(ctx, func(w *work) (int, error) { n++; return n, nil })", nil},
		{"silenced", "issuer/a.go", "fmt", "fmt.Println() //nolint:errcheck\n//lint:ignore U1000 never\n// #nosec G104",
			[]string{"nolint in", "lint: in", "#nosec in"}},
		{"unfinished", "issuer/a.go", "fmt", "// TODO: later\n// What is left TODO here is prose.", []string{"TODO in"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from := tt.imports + `"`
			if !strings.HasPrefix(from, "mw ") {
				from = `"` + from
			}
			text := "package p\n\nimport (" + from + ")\n\nfunc f() {\n" + tt.body + "\n}\n"
			all, err := read(map[string][]byte{tt.file: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			got := all[0].judge()
			if len(got) != len(tt.want) {
				t.Fatalf("found %q, want %d findings", got, len(tt.want))
			}
			for i, sentence := range got {
				_, words, _ := strings.Cut(sentence, ": ")
				if !strings.HasPrefix(words, tt.want[i]) {
					t.Errorf("found %q, want %q", words, tt.want[i])
				}
			}
		})
	}
}

// What one file of a package declares, its neighbours know.
func TestRulesSeeThePackage(t *testing.T) {
	all, err := read(map[string][]byte{
		"issuer/store/a.go": []byte("package store\n\nimport \"gorm.io/gorm\"\n\nconst cols = \"a\"\n\nvar _ gorm.DB\n"),
		"issuer/store/b.go": []byte("package store\n\nfunc f() {\n\ttx.First(&u, id)\n\ttx.Raw(\"SELECT \" + cols)\n}\n"),
		"issuer/web/c.go":   []byte("package web\n\nfunc f() {\n\ttx.First(&u, id)\n}\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range all {
		got = append(got, s.judge()...)
	}
	want := []string{"issuer/store/b.go:4: First with conditions beside the destination takes a string as SQL: use Where"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
