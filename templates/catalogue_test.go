package templates

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"
)

// sources gives every template file by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".tmpl") {
			return err
		}
		b, err := files.ReadFile(name)
		out[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// texts of a catalogue that templates name through a value that a handler
// chose.
var chosen = []string{"report.nowait", "report.lessthanhour", "report.hours.one", "report.hours.other", "report.days.one", "report.days.other",
	"trail.refused", "trail.other"}

// named says which keys and groups of keys the templates name.
func named(t *testing.T) (keys, groups map[string]bool) {
	keys, groups = map[string]bool{"list.and": true, "list.comma": true}, map[string]bool{}
	for _, k := range chosen {
		keys[k] = true
	}
	for _, word := range []string{"ago", "waiting", "span", "deed"} { // named by words.go, and by acts
		groups[word] = true
	}
	set := &Set{}
	builtin := map[string]any{"and": 1, "or": 1, "not": 1, "eq": 1, "ne": 1, "gt": 1, "lt": 1, "len": 1, "index": 1, "print": 1, "printf": 1, "html": 1}
	for name, source := range sources(t) {
		trees, err := parse.Parse(name, source, "", "", set.funcs(&words{}, ""), builtin)
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range trees {
			walk(tree.Root, func(call []parse.Node) { noteCall(t, name, call, keys, groups) })
		}
	}
	return keys, groups
}

func noteCall(t *testing.T, file string, call []parse.Node, keys, groups map[string]bool) {
	fn, ok := call[0].(*parse.IdentifierNode)
	if !ok {
		return
	}
	text := func(i int) (string, bool) {
		if i >= len(call) {
			return "", false
		}
		s, ok := call[i].(*parse.StringNode)
		if !ok {
			return "", false
		}
		return s.Text, true
	}
	first, literal := text(1)
	switch fn.Ident {
	case "t", "say":
		if literal {
			keys[first] = true
		}
	case "n", "sayn":
		if literal {
			keys[first+".one"], keys[first+".other"] = true, true
		}
	case "word", "has":
		if !literal {
			if f, ok := call[1].(*parse.FieldNode); !ok || f.String() != ".group" {
				t.Errorf("%s: %v chooses its group of words at run time", file, call)
			}
			return
		}
		groups[first] = true
	case "kind", "kinds":
		groups["evidence.kind"] = true
	case "texts":
		for i := 1; i < len(call); i++ {
			group, _ := text(i)
			groups[group] = true
		}
	case "check":
		groups["check"], groups["outcome"], groups["icon"] = true, true, true
	case "dict":
		for i := 1; i+1 < len(call); i += 2 {
			name, _ := text(i)
			value, ok := text(i + 1)
			switch {
			case ok && name == "key":
				keys[value] = true
			case ok && name == "group":
				groups[value] = true
			}
		}
	}
}

// walk calls f with every command of a tree, its function first.
func walk(n parse.Node, f func([]parse.Node)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, kid := range n.Nodes {
				walk(kid, f)
			}
		}
	case *parse.ActionNode:
		walk(n.Pipe, f)
	case *parse.PipeNode:
		if n != nil {
			for _, cmd := range n.Cmds {
				walk(cmd, f)
			}
		}
	case *parse.CommandNode:
		f(n.Args)
		for _, arg := range n.Args {
			walk(arg, f)
		}
	case *parse.IfNode:
		walkBranch(&n.BranchNode, f)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, f)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, f)
	case *parse.TemplateNode:
		walk(n.Pipe, f)
	}
}

func walkBranch(b *parse.BranchNode, f func([]parse.Node)) {
	walk(b.Pipe, f)
	walk(b.List, f)
	walk(b.ElseList, f)
}

func TestEveryTextIsThereAndUsed(t *testing.T) {
	keys, groups := named(t)
	text, err := readCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		if _, ok := text[key]; !ok {
			t.Errorf("no text %q, which a template names", key)
		}
	}
	for group := range groups {
		if !slices.ContainsFunc(keysOf(text), func(k string) bool { return strings.HasPrefix(k, group+".") }) {
			t.Errorf("no text of the group %q, which a template names", group)
		}
	}
	for _, key := range keysOf(text) {
		group := key[:max(strings.LastIndexByte(key, '.'), 0)]
		for group != "" && !groups[group] {
			group = group[:max(strings.LastIndexByte(group, '.'), 0)]
		}
		if !keys[key] && group == "" {
			t.Errorf("nobody uses the text %q", key)
		}
	}
}

func keysOf(c catalogue) []string {
	var out []string
	for k := range c {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func TestCatalogueHasNoKeyTwice(t *testing.T) {
	names, err := fs.Glob(files, "text/*/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		d := json.NewDecoder(bytes.NewReader(b))
		for i := 0; ; i++ {
			token, err := d.Token()
			if err != nil {
				break
			}
			key, ok := token.(string)
			if !ok || i%2 == 0 {
				continue
			}
			if seen[key] {
				t.Errorf("%s: %q is there twice", name, key)
			}
			seen[key] = true
		}
		if len(seen) == 0 {
			t.Errorf("%s: no keys were read", name)
		}
	}
}

var (
	action    = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	tag       = regexp.MustCompile(`(?s)<[^>]*>`)
	attribute = regexp.MustCompile(`\b(alt|title|aria-label|placeholder|aria-description)="([^"]*)"`)
)

// bare gives the words that stand in a template outside the catalogue.
func bare(source string) []string {
	html := action.ReplaceAllString(source, "")
	pieces := []string{tag.ReplaceAllString(html, "\n")}
	for _, m := range attribute.FindAllStringSubmatch(html, -1) {
		pieces = append(pieces, m[2])
	}
	var out []string
	for _, p := range pieces {
		if strings.ContainsFunc(p, unicode.IsLetter) {
			out = append(out, strings.TrimSpace(p))
		}
	}
	return out
}

func TestNoTextOutsideTheCatalogue(t *testing.T) {
	if len(bare(`<p title="x">{{t "a"}} Hello</p>`)) != 2 {
		t.Fatal("bare does not see bare text")
	}
	for name, source := range sources(t) {
		for _, words := range bare(source) {
			t.Errorf("%s: %q is not in the catalogue", name, words)
		}
	}
}

func TestNothingIsInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|<script(?: [^>]*)?>[^<]|\sstyle=|\son[a-z]+=|javascript:`)
	for name, source := range sources(t) {
		if strings.HasPrefix(name, "mail/") {
			continue // mail programs read no style sheets
		}
		if found := inline.FindString(source); found != "" {
			t.Errorf("%s: %q: our policy allows files alone", name, found)
		}
	}
}
