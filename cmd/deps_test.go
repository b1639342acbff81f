// Package cmd holds the programs, one folder each, and here the tests that
// keep the whole tree in its shape: who may import whom (this file) and what
// no file may contain (rules_test.go). The core that decides whether a
// credential is genuine knows nothing of an issuer, a database or a server;
// that is kept by this test and not by good intentions.
package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "hallmark"

// A row says what a package may import of ours, and what it must never
// reach, by whatever way: packages, or everything below a path that ends in
// "/...".
type row struct {
	may   []string
	never []string
}

// The core: no database, no web framework, no net/http (which would also
// triple the size of the verifier for browsers), and no word of an issuer.
var core = []string{"hallmark/issuer/...", "net/http", "database/sql", "gorm.io/...", "github.com/labstack/..."}

// Pure packages of the issuer: they compute, and others keep and send.
var pure = []string{"net/http", "database/sql", "gorm.io/...", "github.com/labstack/..."}

// noEcho is for what lies under the doors.
var noEcho = []string{"github.com/labstack/..."}

// What the verifier consists of, without its client and its web page.
var verifierParts = []string{
	"verifier", "verifier/bake", "verifier/dataintegrity", "verifier/did", "verifier/inclusion", "verifier/jcs", "verifier/jsonld",
	"verifier/ob2", "verifier/ob3", "verifier/rdfc", "verifier/slip", "verifier/staple", "verifier/statuslist", "verifier/strictjson", "verifier/vc", "verifier/vcjose",
}

// What every door of the issuer may import.
var door = append([]string{
	"issuer", "issuer/badge", "issuer/evidence", "issuer/registrar", "issuer/signin", "issuer/web", "templates", "verifier/web",
}, verifierParts...)

var table = map[string]row{
	"migrations": {never: core},
	"templates":  {never: core},

	"verifier":               {may: verifierParts, never: core},
	"verifier/verifiertest":  {never: core},
	"verifier/strictjson":    {never: core},
	"verifier/jcs":           {may: []string{"verifier/strictjson"}, never: core},
	"verifier/slip":          {never: core},
	"verifier/staple":        {may: []string{"verifier/strictjson"}, never: core},
	"verifier/rdfc":          {never: core},
	"verifier/jsonld":        {may: []string{"verifier/strictjson", "verifier/jcs", "verifier/rdfc"}, never: core},
	"verifier/did":           {may: []string{"verifier/strictjson"}, never: core},
	"verifier/statuslist":    {may: []string{"verifier/strictjson", "verifier/vc"}, never: core},
	"verifier/vc":            {may: []string{"verifier/strictjson", "verifier/did"}, never: core},
	"verifier/ob3":           {may: []string{"verifier/strictjson", "verifier/vc", "verifier/did"}, never: core},
	"verifier/ob2":           {may: []string{"verifier/strictjson", "verifier/jcs", "verifier/did"}, never: core},
	"verifier/dataintegrity": {may: []string{"verifier/strictjson", "verifier/jcs", "verifier/rdfc", "verifier/jsonld", "verifier/did"}, never: core},
	"verifier/vcjose":        {may: []string{"verifier/strictjson", "verifier/vc", "verifier/did"}, never: core},
	"verifier/inclusion":     {may: []string{"verifier/strictjson"}, never: core},
	"verifier/bake":          {may: []string{"verifier/strictjson"}, never: core},
	"verifier/fetch":         {may: []string{"verifier/did", "verifier/ob2", "verifier/statuslist"}, never: []string{"hallmark/issuer/...", "database/sql", "gorm.io/...", "github.com/labstack/..."}},
	"verifier/shown":         {may: []string{"verifier", "verifier/strictjson"}, never: core},
	"verifier/web":           {may: append([]string{"templates", "verifier/shown"}, verifierParts...), never: []string{"hallmark/issuer/...", "database/sql", "gorm.io/..."}},

	"issuer":                 {may: []string{"verifier", "verifier/ob3"}, never: append([]string{"hallmark/issuer/..."}, pure...)},
	"issuer/store":           {may: []string{"issuer", "migrations"}, never: noEcho},
	"issuer/store/storetest": {may: []string{"verifier/verifiertest"}, never: noEcho},
	"issuer/keyring":         {may: []string{"issuer", "verifier/dataintegrity", "verifier/did", "verifier/strictjson", "verifier/vcjose"}, never: pure},
	"issuer/evidence":        {may: []string{"issuer", "verifier/did"}, never: pure},
	"issuer/ledger":          {may: []string{"issuer", "verifier/inclusion"}, never: pure},
	"issuer/highwater":       {may: []string{"issuer"}, never: pure},
	"issuer/backup":          {may: []string{"issuer", "issuer/evidence", "issuer/store"}, never: noEcho},
	"issuer/registrar":       {may: append([]string{"issuer", "issuer/evidence", "issuer/store", "issuer/keyring", "issuer/ledger", "issuer/highwater"}, verifierParts...), never: noEcho},
	"issuer/export":          {may: []string{"issuer", "issuer/evidence", "issuer/intake", "issuer/ledger", "issuer/registrar", "verifier/inclusion", "verifier/web"}},
	"issuer/intake":          {may: []string{"issuer", "issuer/registrar"}, never: noEcho},
	"issuer/badge":           {may: []string{"templates", "verifier/bake"}, never: pure},
	"issuer/signin":          {may: []string{"issuer", "issuer/registrar"}, never: noEcho},
	"issuer/jobs": {may: []string{"issuer", "issuer/evidence", "issuer/store", "issuer/keyring", "issuer/ledger", "issuer/highwater", "issuer/registrar", "issuer/badge", "templates",
		"verifier/dataintegrity", "verifier/did", "verifier/inclusion", "verifier/statuslist", "verifier/strictjson"}, never: noEcho},
	"issuer/auditor":    {may: []string{"issuer", "issuer/evidence", "issuer/store", "issuer/keyring", "issuer/ledger", "verifier", "verifier/inclusion", "verifier/statuslist", "verifier/strictjson"}, never: noEcho},
	"issuer/web/chart":  {never: core},
	"issuer/web":        {may: []string{"issuer", "issuer/signin", "templates", "verifier/strictjson", "verifier/web"}},
	"issuer/web/public": {may: door}, "issuer/web/pages": {may: append([]string{"issuer/intake", "issuer/web/chart"}, door...)}, "issuer/web/api": {may: append([]string{"issuer/intake"}, door...)},
	"issuer/web/ob3api": {may: door}, "issuer/web/oid4vci": {may: door}, "issuer/web/vcapi": {may: door},
	"issuer/issuertest": {may: []string{"..."}},

	"cmd":               {},
	"cmd/hallmark":      {may: []string{"..."}},
	"cmd/hallmark-wasm": {may: append([]string{"verifier/shown"}, verifierParts...), never: core},
	"cmd/check":         {may: []string{"cmd/check/crash"}},
	"cmd/check/crash":   {never: []string{"hallmark/issuer", "hallmark/verifier"}},
}

// testKits are packages for tests alone: nothing that runs imports them.
var testKits = []string{"issuer/issuertest", "issuer/store/storetest", "verifier/verifiertest"}

// corners says which package may import a module of others, outside of
// tests. A module without a corner is in nobody's hands: give it one.
// "tests" stands for test files everywhere and the test kits.
var corners = map[string][]string{
	"gorm.io":                               {"issuer/store"},
	"modernc.org":                           {"issuer/store"},
	"github.com/jackc/pgx":                  {"issuer/store"},
	"github.com/pressly/goose":              {"issuer/store"},
	"github.com/labstack/echo":              {"issuer/web/...", "verifier/web", "cmd/hallmark"},
	"github.com/golang-jwt/jwt":             {"issuer/signin"},
	"github.com/alexedwards/scs":            {"issuer/signin"},
	"github.com/go-webauthn/webauthn":       {"issuer/signin"},
	"github.com/coreos/go-oidc":             {"issuer/signin"},
	"golang.org/x/oauth2":                   {"issuer/signin"},
	"github.com/skip2/go-qrcode":            {"issuer/badge"},
	"codeberg.org/go-pdf/fpdf":              {"issuer/badge"},
	"github.com/go-jose/go-jose":            {"verifier/vcjose", "verifier/did", "issuer/keyring", "cmd/hallmark-wasm"},
	"github.com/gowebpki/jcs":               {"verifier/jcs"},
	"github.com/go-json-experiment/json":    {"verifier/strictjson"},
	"github.com/wneessen/go-mail":           {"issuer/jobs"},
	"github.com/alecthomas/kong":            {"cmd/hallmark"},
	"github.com/schollz/progressbar":        {"cmd/hallmark"},
	"go.yaml.in/yaml":                       {"cmd/hallmark", "issuer/intake"},
	"github.com/yuin/goldmark":              {"templates"},
	"github.com/microcosm-cc/bluemonday":    {"templates"},
	"golang.org/x/image":                    {"issuer/badge", "templates"},
	"golang.org/x/time":                     {"issuer/web/...", "verifier/web", "issuer/signin"},
	"golang.org/x/mod":                      {"verifier/inclusion", "issuer/ledger", "issuer/keyring", "issuer/jobs", "issuer/registrar"},
	"golang.org/x/text":                     {"..."},
	"golang.org/x/crypto":                   {"issuer/keyring", "issuer/signin", "issuer/registrar"},
	"golang.org/x/net":                      {"verifier/fetch"},
	"golang.org/x/sync":                     {"..."},
	"golang.org/x/term":                     {"cmd/hallmark"},
	"github.com/google/go-cmp":              {"tests"},
	"pgregory.net/rapid":                    {"tests"},
	"go.uber.org/goleak":                    {"tests"},
	"github.com/chromedp":                   {"tests"},
	"github.com/makiuchi-d/gozxing":         {"tests"},
	"github.com/piprate/json-gold":          {"tests"},
	"github.com/santhosh-tekuri/jsonschema": {"tests"},
}

// pkg is what `go list` says of a package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Standard                           bool
	Error                              *struct{ Err string }
}

// list asks `go list` for packages and everything they reach, by path.
func list(t *testing.T, env []string, args ...string) map[string]*pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Imports,TestImports,XTestImports,Standard,Error"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	all := map[string]*pkg{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := &pkg{}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

// packages is the whole tree, with the program for browsers as the browser
// sees it.
func packages(t *testing.T) map[string]*pkg {
	t.Helper()
	all := list(t, nil, "./...")
	if _, err := os.Stat("hallmark-wasm"); err == nil {
		for name, p := range list(t, []string{"GOOS=js", "GOARCH=wasm"}, "./cmd/hallmark-wasm") {
			if name == module+"/cmd/hallmark-wasm" || all[name] == nil {
				all[name] = p
			}
		}
	}
	return all
}

// matches tells whether an import path is named by a pattern: itself, or
// below it if the pattern ends in "/...".
func matches(pattern, name string) bool {
	if pattern == "..." {
		return true
	}
	if above, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == above || strings.HasPrefix(name, above+"/")
	}
	return pattern == name
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// chain is the shortest way of imports from one package to another that
// matches pattern, or nil. A package does not reach itself.
func chain(all map[string]*pkg, from, pattern string) []string {
	ways := [][]string{{from}}
	seen := map[string]bool{from: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		p := all[way[len(way)-1]]
		if p == nil {
			continue
		}
		for _, next := range p.Imports {
			if seen[next] {
				continue
			}
			seen[next] = true
			longer := append(slices.Clone(way), next)
			if matches(pattern, next) {
				return longer
			}
			ways = append(ways, longer)
		}
	}
	return nil
}

// violations holds the packages to the table and gives a sentence for each
// import that is not allowed.
func violations(all map[string]*pkg, table map[string]row, corners map[string][]string) []string {
	var said []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		if p.Standard || name != module && !strings.HasPrefix(name, module+"/") {
			continue
		}
		if p.Error != nil {
			said = append(said, fmt.Sprintf("%s cannot be read: %s", name, p.Error.Err))
		}
		ours := strings.TrimPrefix(name, module+"/")
		r, ok := table[ours]
		if !ok {
			said = append(said, fmt.Sprintf("%s has no row in the table of cmd/deps_test.go: say there what it may import", name))
			continue
		}
		said = append(said, direct(p, ours, r, corners)...)
		for _, pattern := range r.never {
			if way := chain(all, name, pattern); way != nil {
				said = append(said, fmt.Sprintf("%s must never reach %s, and does: %s", name, pattern, strings.Join(way, " imports ")))
			}
		}
	}
	return said
}

// direct judges what the files of one package import themselves.
func direct(p *pkg, ours string, r row, corners map[string][]string) []string {
	var said []string
	for _, imported := range p.Imports {
		if own, ok := strings.CutPrefix(imported, module+"/"); ok {
			if slices.Contains(testKits, own) && !slices.Contains(testKits, ours) {
				said = append(said, fmt.Sprintf("%s imports %s, which is only for tests", p.ImportPath, imported))
			}
			if !matchesAny(r.may, own) {
				said = append(said, fmt.Sprintf("%s imports %s, which its row does not allow", p.ImportPath, imported))
			}
			continue
		}
		corner, who, ok := cornerOf(imported, corners)
		switch {
		case !strings.Contains(strings.Split(imported, "/")[0], "."): // the standard library
		case !ok:
			said = append(said, fmt.Sprintf("%s imports %s, which has no corner in cmd/deps_test.go: say there who may", p.ImportPath, imported))
		case !slices.Contains(testKits, ours) && !matchesAny(who, ours):
			said = append(said, fmt.Sprintf("%s imports %s, which is only for %s", p.ImportPath, corner, strings.Join(who, ", ")))
		}
	}
	below := strings.HasPrefix(ours, "verifier") || ours == "migrations" || ours == "templates"
	for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
		if below && matches(module+"/issuer/...", imported) {
			said = append(said, fmt.Sprintf("the tests of %s import %s: nothing there knows that there is an issuer", p.ImportPath, imported))
		}
		if _, _, ok := cornerOf(imported, corners); !ok && strings.Contains(strings.Split(imported, "/")[0], ".") {
			said = append(said, fmt.Sprintf("the tests of %s import %s, which has no corner in cmd/deps_test.go: say there who may", p.ImportPath, imported))
		}
	}
	return said
}

// cornerOf finds the row of corners that an import falls under.
func cornerOf(imported string, corners map[string][]string) (name string, who []string, ok bool) {
	for name := imported; name != "." && name != "/"; name = path.Dir(name) {
		if who, ok := corners[name]; ok {
			return name, who, true
		}
	}
	return "", nil, false
}

func TestImports(t *testing.T) {
	for _, sentence := range violations(packages(t), table, corners) {
		t.Error(sentence)
	}
}

// TestImportTestCanFail gives the judge a small house in which everything is
// wrong once.
func TestImportTestCanFail(t *testing.T) {
	house := map[string]row{
		"core": {never: []string{"net/http", "hallmark/top/..."}},
		"mid":  {may: []string{"core"}},
		"top":  {may: []string{"mid", "..."}},
	}
	modules := map[string][]string{"gorm.io": {"mid"}, "test.example/kit": {"tests"}}
	tests := []struct {
		name string
		all  map[string]*pkg
		want []string
	}{
		{"good", map[string]*pkg{
			"hallmark/core": {Imports: []string{"fmt"}, TestImports: []string{"net/http", "test.example/kit/v2"}},
			"hallmark/mid":  {Imports: []string{"hallmark/core", "gorm.io/gorm"}},
			"hallmark/top":  {Imports: []string{"hallmark/mid", "hallmark/core", "net/http"}},
			"net/http":      {Standard: true}, "gorm.io/gorm": {}, "fmt": {Standard: true},
		}, nil},
		{"upwards", map[string]*pkg{"hallmark/mid": {Imports: []string{"hallmark/top"}}},
			[]string{"hallmark/mid imports hallmark/top, which its row does not allow"}},
		{"no row", map[string]*pkg{"hallmark/util": {}},
			[]string{"hallmark/util has no row in the table of cmd/deps_test.go: say there what it may import"}},
		{"reached by a long way", map[string]*pkg{
			"hallmark/core": {Imports: []string{"other.example/a"}}, "other.example/a": {Imports: []string{"other.example/b"}}, "other.example/b": {Imports: []string{"net/http"}},
		}, []string{
			"hallmark/core imports other.example/a, which has no corner in cmd/deps_test.go: say there who may",
			"hallmark/core must never reach net/http, and does: hallmark/core imports other.example/a imports other.example/b imports net/http",
		}},
		{"out of its corner", map[string]*pkg{"hallmark/core": {Imports: []string{"gorm.io/gorm/clause"}}},
			[]string{"hallmark/core imports gorm.io, which is only for mid"}},
		{"a test tool in the product", map[string]*pkg{"hallmark/top": {Imports: []string{"test.example/kit"}}},
			[]string{"hallmark/top imports test.example/kit, which is only for tests"}},
		{"a test's unknown module", map[string]*pkg{"hallmark/top": {XTestImports: []string{"mock.example/m"}}},
			[]string{"the tests of hallmark/top import mock.example/m, which has no corner in cmd/deps_test.go: say there who may"}},
		{"a test kit in the product", map[string]*pkg{"hallmark/top": {Imports: []string{"hallmark/issuer/issuertest"}}},
			[]string{"hallmark/top imports hallmark/issuer/issuertest, which is only for tests"}},
		{"broken", map[string]*pkg{"hallmark/mid": {Error: &struct{ Err string }{"no Go files"}}},
			[]string{"hallmark/mid cannot be read: no Go files"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, p := range tt.all {
				p.ImportPath = name
			}
			if diff := cmp.Diff(tt.want, violations(tt.all, house, modules)); diff != "" {
				t.Error(diff)
			}
		})
	}
	below := map[string]*pkg{"hallmark/verifier": {ImportPath: "hallmark/verifier", TestImports: []string{"hallmark/issuer/store"}}}
	if got := violations(below, map[string]row{"verifier": {}}, nil); len(got) != 1 {
		t.Errorf("a test below the line that knows an issuer: %q", got)
	}
}

// topLevel is all that may lie at the top of the tree.
var topLevel = []string{
	"cmd", "issuer", "verifier", "templates", "migrations", "go.mod", "go.sum", "README.md",
	"LICENSE", "NOTICE", "Dockerfile", ".dockerignore", ".gitignore", ".gitattributes", ".ci", ".git", ".github",
}

func TestTopLevel(t *testing.T) {
	ignored, err := os.ReadFile(filepath.Join("..", ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, name := range strangers(names, string(ignored)) {
		t.Errorf("%s does not belong at the top level: put it into cmd, issuer, verifier, templates or migrations", name)
	}
}

// strangers is the names that neither belong at the top level nor are
// ignored there by a line "/name" or "/name/".
func strangers(names []string, ignored string) []string {
	known := slices.Clone(topLevel)
	for line := range strings.Lines(ignored) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "/"); ok {
			known = append(known, strings.TrimSuffix(name, "/"))
		}
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(known, name) })
}

func TestTopLevelCanFail(t *testing.T) {
	got := strangers([]string{"cmd", "pkg", "Makefile", "hallmark-data", "data"}, "# mine\n/hallmark-data/\ndata/\n")
	if diff := cmp.Diff([]string{"pkg", "Makefile", "data"}, got); diff != "" {
		t.Error(diff)
	}
}
