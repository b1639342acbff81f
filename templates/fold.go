package templates

import (
	"fmt"
	"html"
	"html/template"
	"text/template/parse"
)

// constant gives what a call of one of the functions that always answer the
// same puts into a page, as markup; ok is false for other functions.
func (s *Set) constant(w *words, page, name string, args []string) (markup string, ok bool, err error) {
	switch {
	case name == "t" && len(args) > 0:
		values := make([]any, len(args)-1)
		for i, a := range args[1:] {
			values[i] = a
		}
		markup, err = w.plain(args[0], values...)
	case name == "asset" && len(args) == 1:
		markup = s.assetURL(args[0])
	case name == "base" && len(args) == 0:
		markup = s.base
	case name == "lang" && len(args) == 0:
		markup = w.tag
	case name == "page" && len(args) == 0:
		markup = page
	case name == "icon" && len(args) == 1:
		picture, err := icon(args[0])
		return string(picture), true, err
	case name == "texts":
		return string(w.texts(args...)), true, nil
	default:
		return "", false, nil
	}
	return html.EscapeString(markup), true, err
}

// fold puts what never changes into a page when it is parsed: words, icons
// and addresses of files. They are most of what a page would otherwise ask
// for, by reflection, each time that it is shown. A text that is missing, and
// an icon, stop the start.
//
// All of them stand in text or in quoted attributes, for both of which they
// are escaped; the escaper of html/template sees them as the page's own words.
func (s *Set) fold(t *template.Template, w *words, page string) error {
	for _, part := range t.Templates() {
		if part.Tree == nil || part.Tree.Root == nil {
			continue
		}
		if err := s.foldList(part.Tree.Root, w, page); err != nil {
			return fmt.Errorf("page %s: %w", page, err)
		}
	}
	return nil
}

func (s *Set) foldList(list *parse.ListNode, w *words, page string) error {
	if list == nil {
		return nil
	}
	var out []parse.Node
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			name, args, plain := call(n)
			if !plain {
				break
			}
			markup, ok, err := s.constant(w, page, name, args)
			if err != nil {
				return err
			}
			if ok {
				node = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(markup)}
			}
		case *parse.IfNode:
			if err := s.foldBranch(&n.BranchNode, w, page); err != nil {
				return err
			}
		case *parse.WithNode:
			if err := s.foldBranch(&n.BranchNode, w, page); err != nil {
				return err
			}
		case *parse.RangeNode:
			if err := s.foldBranch(&n.BranchNode, w, page); err != nil {
				return err
			}
		}
		out = joined(out, node)
	}
	list.Nodes = out
	return nil
}

func (s *Set) foldBranch(b *parse.BranchNode, w *words, page string) error {
	if err := s.foldList(b.List, w, page); err != nil {
		return err
	}
	return s.foldList(b.ElseList, w, page)
}

// call reads an action that calls a function with texts alone.
func call(n *parse.ActionNode) (name string, args []string, ok bool) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 {
		return "", nil, false
	}
	parts := n.Pipe.Cmds[0].Args
	function, ok := parts[0].(*parse.IdentifierNode)
	if !ok {
		return "", nil, false
	}
	for _, p := range parts[1:] {
		text, ok := p.(*parse.StringNode)
		if !ok {
			return "", nil, false
		}
		args = append(args, text.Text)
	}
	return function.Ident, args, true
}

// joined adds a node to a list; texts that follow each other become one.
func joined(list []parse.Node, node parse.Node) []parse.Node {
	text, ok := node.(*parse.TextNode)
	if !ok || len(list) == 0 {
		return append(list, node)
	}
	before, ok := list[len(list)-1].(*parse.TextNode)
	if !ok {
		return append(list, node)
	}
	both := append(append([]byte{}, before.Text...), text.Text...)
	list[len(list)-1] = &parse.TextNode{NodeType: parse.NodeText, Pos: before.Pos, Text: both}
	return list
}
