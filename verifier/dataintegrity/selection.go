package dataintegrity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hallmark/verifier/strictjson"
)

// choice is a set of JSON pointers as a tree.
type choice struct {
	whole bool
	kids  map[string]*choice
}

// choose reads JSON pointers (RFC 6901).
func choose(pointers []string) (*choice, error) {
	if len(pointers) > maxPointers {
		return nil, fmt.Errorf("there are more than %d pointers", maxPointers)
	}
	root := &choice{}
	for _, pointer := range pointers {
		if len(pointer) > maxPointerBytes || pointer != "" && pointer[0] != '/' {
			return nil, fmt.Errorf("%s is not a JSON pointer", clip(pointer))
		}
		at := root
		for _, token := range strings.Split(pointer, "/")[1:] {
			name := strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
			if strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(token, "~1", ""), "~0", ""), "~") {
				return nil, fmt.Errorf("%s is not a JSON pointer", clip(pointer))
			}
			if at.kids == nil {
				at.kids = map[string]*choice{}
			}
			if at.kids[name] == nil {
				at.kids[name] = &choice{}
			}
			at = at.kids[name]
		}
		at.whole = true
	}
	return root, nil
}

// selection gives the part of a value that was chosen (VC DI ECDSA §3.3.13,
// selectJsonLd): of objects on the way, what they are about and their types too.
// It shares memory with v, and its parts keep their places in the document.
func (c *choice) selection(v *strictjson.Value) (*strictjson.Value, error) {
	if c.whole {
		return v, nil
	}
	out := *v
	out.Kids = nil
	found := 0
	for i := range v.Kids {
		kid := &v.Kids[i]
		name := kid.Name
		if v.Kind == strictjson.Array {
			name = strconv.Itoa(i)
		}
		picked := c.kids[name]
		switch {
		case picked != nil:
			found++
			part, err := picked.selection(kid)
			if err != nil {
				return nil, err
			}
			if v.Kind == strictjson.Object && slices.Contains(kept, name) {
				part = kid // a choice within it takes nothing away
			}
			out.Kids = append(out.Kids, *part)
		case v.Kind == strictjson.Object && slices.Contains(kept, name):
			out.Kids = append(out.Kids, *kid)
		}
	}
	if found < len(c.kids) {
		return nil, fmt.Errorf("a pointer leads nowhere in the document: one of %s", c.names())
	}
	return &out, nil
}

// kept are the members that come with any part of an object.
var kept = []string{"id", "@id", "type", "@type", "@context"}

func (c *choice) names() string {
	var names []string
	for name := range c.kids {
		names = append(names, name)
	}
	slices.Sort(names)
	return clip(strings.Join(names, ", "))
}
