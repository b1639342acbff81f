package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"mime"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"hallmark/issuer/issuertest"
)

// shown are the good answers that the flows have seen, all tests together.
var shown sync.Map // "POST /api/v1/completions 201"

// TestMain fails a whole run in which a good answer that the document tells
// of was never seen: nothing would hold it to its schema.
func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		for _, answer := range unseen() {
			fmt.Fprintf(os.Stderr, "openapi.json tells of %s, and no flow has seen it\n", answer)
			code = 1
		}
	}
	os.Exit(code)
}

func unseen() []string {
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		return []string{err.Error()}
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]any
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return []string{err.Error()}
	}
	var out []string
	for path, item := range doc.Paths {
		for verb, op := range item {
			for status := range op.Responses {
				answer := strings.ToUpper(verb) + " " + path + " " + status
				if _, ok := shown.Load(answer); status[0] == '2' && verb != "options" && !ok {
					out = append(out, answer)
				}
			}
		}
	}
	return out
}

// contract is openapi.json as a test holds requests and answers to it.
type contract struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
}

func readContract(t testing.TB) *contract {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{doc: doc.(map[string]any), compiler: jsonschema.NewCompiler()}
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *contract) paths() map[string]any { return c.doc["paths"].(map[string]any) }

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// find gives the path of the document that a request's path is one of. A path
// without parameters goes before one with them.
func (c *contract) find(path string) string {
	path, _, _ = strings.Cut(path, "?")
	if _, ok := c.paths()[path]; ok {
		return path
	}
	for p := range c.paths() {
		pattern := "^" + parameter.ReplaceAllString(p, `[^/]+`) + "$"
		if regexp.MustCompile(pattern).MatchString(path) {
			return p
		}
	}
	return ""
}

// holds checks a body against the schema at a place of the document.
func (c *contract) holds(t testing.TB, what string, body []byte, at ...string) {
	t.Helper()
	place := "openapi.json#"
	for _, step := range at {
		place += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "%2B").Replace(step)
	}
	schema, err := c.compiler.Compile(place)
	if err != nil {
		t.Fatalf("%s: no schema at %s: %v", what, place, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s does not hold to the document: %v\n%.600s", what, err, body)
	}
}

// send makes a request and holds it, where it is meant to be right, and its
// answer to the document.
func (c *contract) send(t testing.TB, s *issuertest.Service, kind, method, path, body string, status int, headers ...string) *issuertest.Answer {
	t.Helper()
	a := s.Send(t, kind, method, path, body, headers...).Want(t, status)
	p := c.find(path)
	if p == "" {
		t.Fatalf("%s %s is not in the document", method, path)
	}
	verb := strings.ToLower(method)
	op := c.paths()[p].(map[string]any)[verb].(map[string]any)
	if _, told := op["responses"].(map[string]any)[strconv.Itoa(status)]; !told {
		t.Errorf("%s %s: the document does not tell of %d", method, p, status)
	}
	if body != "" && len(headers) == 0 && status < 400 {
		c.holds(t, "request "+method+" "+path, []byte(body), "paths", p, verb, "requestBody", "content", "application/json", "schema")
	}
	if status == http.StatusNoContent {
		if shown.Store(method+" "+p+" 204", true); len(a.Body) > 0 {
			t.Errorf("%s %s: 204 with %s", method, path, a.Body)
		}
		return a
	}
	media, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		t.Fatalf("%s %s: Content-Type %q", method, path, a.Header.Get("Content-Type"))
	}
	if status >= 400 {
		c.holds(t, "answer to "+method+" "+path, a.Body, "components", "schemas", "Problem")
		return a
	}
	shown.Store(method+" "+p+" "+strconv.Itoa(status), true)
	c.holds(t, "answer to "+method+" "+path, a.Body, "paths", p, verb, "responses", strconv.Itoa(status), "content", media, "schema")
	return a
}

// TestDocumentNamesEveryRoute: every route of this door is in the document,
// and everything in the document is a route.
func TestDocumentNamesEveryRoute(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	c := readContract(t)
	told := map[string]bool{}
	for path, item := range c.paths() {
		for verb := range item.(map[string]any) {
			told[strings.ToUpper(verb)+" "+path] = true
		}
	}
	mounted := map[string]bool{}
	colon := regexp.MustCompile(`:([a-z]+)`)
	for _, r := range s.Echo.Routes() {
		if r.Method != echo.RouteNotFound && (strings.HasPrefix(r.Path, "/api/") || strings.HasPrefix(r.Path, "/oauth/")) {
			mounted[r.Method+" "+colon.ReplaceAllString(r.Path, "{$1}")] = true
		}
	}
	for route := range mounted {
		if !told[route] {
			t.Errorf("%s is not in openapi.json", route)
		}
	}
	for route := range told {
		if !mounted[route] {
			t.Errorf("%s is in openapi.json and nowhere else", route)
		}
	}
	if len(mounted) < 25 {
		t.Errorf("only %d routes", len(mounted))
	}
}

// TestDocument: the document is served as it is, and is sound in itself.
func TestDocument(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	c := readContract(t)
	a := c.send(t, s, "nobody", "GET", "/api/openapi.json", "", 200)
	if a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers %v", a.Header)
	}
	var doc struct{ OpenAPI string }
	if err := json.Unmarshal(a.Body, &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %q, %v", doc.OpenAPI, err)
	}
	ids := map[string]string{}
	for path, item := range c.paths() {
		for verb, op := range item.(map[string]any) {
			o := op.(map[string]any)
			id, _ := o["operationId"].(string)
			if id == "" || ids[id] != "" {
				t.Errorf("%s %s: operation id %q is %q's", verb, path, id, ids[id])
			}
			ids[id] = path
			if o["summary"] == "" || o["responses"] == nil {
				t.Errorf("%s %s says too little", verb, path)
			}
			for _, name := range parameter.FindAllString(path, -1) {
				if !hasParameter(o, strings.Trim(name, "{}")) {
					t.Errorf("%s %s does not describe %s", verb, path, name)
				}
			}
		}
	}
	for name := range c.doc["components"].(map[string]any)["schemas"].(map[string]any) {
		if _, err := c.compiler.Compile("openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("schema %s: %v", name, err)
		}
	}
	refs := regexp.MustCompile(`"#/components/schemas/([A-Za-z]+)"`).FindAllStringSubmatch(string(a.Body), -1)
	used := map[string]bool{}
	for _, r := range refs {
		used[r[1]] = true
	}
	for name := range c.doc["components"].(map[string]any)["schemas"].(map[string]any) {
		if !used[name] {
			t.Errorf("schema %s is not used", name)
		}
	}
}

func hasParameter(op map[string]any, name string) bool {
	list, _ := op["parameters"].([]any)
	return slices.ContainsFunc(list, func(p any) bool {
		m := p.(map[string]any)
		return m["name"] == name && m["in"] == "path"
	})
}
