package vc

import (
	"strconv"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// status: §4.10, one object or several, each with a type; an id, if any, is a
// URL.
func (r *reader) status() {
	for _, el := range r.objects("credentialStatus", rules{needType: true}) {
		v, where := el.value, el.pointer
		e := StatusEntry{ID: v.Get("id").Text(), Type: firstType(v), Purpose: v.Get("statusPurpose").Text(), List: v.Get("statusListCredential").Text(), Size: 1, Value: v}
		if index := v.Get("statusListIndex"); index != nil {
			e.Index = index.Str
			if index.Kind == strictjson.Number {
				// Bitstring Status List §2.1 asks for a string; a published sample
				// of Open Badges has a number, and its meaning is plain.
				r.finding(where+"/statusListIndex", "the number of the status entry is not written as a string")
			}
		}
		if e.ID != "" && e.ID == e.List {
			// Bitstring Status List §2.1: id MUST NOT be the URL of the list.
			r.finding(where+"/id", "the id of the status entry is that of the whole list")
		}
		if size := v.Get("statusSize"); size != nil {
			n, err := strconv.Atoi(size.Str)
			if err != nil || size.Kind != strictjson.Number || n < 1 {
				n = 0
			}
			e.Size = n
		}
		r.c.Status = append(r.c.Status, e)
	}
}

// extensions: §4.11 and §5.4 to §5.6: objects of extension points have a type,
// schemas an id as well.
func (r *reader) extensions() {
	for _, el := range r.objects("credentialSchema", rules{needType: true, needID: true}) {
		r.c.Schemas = append(r.c.Schemas, el.typed())
	}
	for _, el := range r.objects("refreshService", rules{needType: true}) {
		r.c.Refresh = append(r.c.Refresh, el.typed())
	}
	for _, name := range [...]string{"termsOfUse", "evidence", "confidenceMethod", "renderMethod"} {
		r.objects(name, rules{needType: true})
	}
}

// relatedResources: §5.3, each with its own id and a digest.
func (r *reader) relatedResources() {
	seen := map[string]bool{}
	for _, el := range r.objects("relatedResource", rules{needID: true}) {
		v, where := el.value, el.pointer
		id := v.Get("id").Text()
		if seen[id] {
			r.fatal(where+"/id", "two related resources have the same id")
		}
		seen[id] = true
		if v.Get("digestSRI").Text() == "" && v.Get("digestMultibase").Text() == "" {
			r.fatal(where, "a related resource has no digest")
		}
	}
}

type rules struct{ needType, needID bool }

// element is a well-shaped object of a member and where it stands.
type element struct {
	pointer string
	value   *strictjson.Value
}

func (e element) typed() Typed {
	return Typed{e.value.Get("id").Text(), firstType(e.value), e.value}
}

// objects gives the well-shaped elements of a member, in order.
func (r *reader) objects(name string, need rules) []element {
	v := r.c.Doc.Get(name)
	if v == nil {
		return nil
	}
	var found []element
	at := -1
	for one := range v.Each() {
		at++
		where := "/" + name + "/" + strconv.Itoa(at)
		id := one.Get("id")
		switch {
		case one.Kind != strictjson.Object:
			r.fatal(where, "this is not an object")
		case need.needType && firstType(one) == "":
			r.fatal(where, "this has no type")
		case need.needType && !properTypes(one):
			r.fatal(where+"/type", "its type is not a list of names")
		case need.needID && id == nil:
			r.fatal(where, "this has no id")
		case id != nil && !did.IsURL(id.Text()):
			r.fatal(where+"/id", "this id is not a URL")
		default:
			found = append(found, element{where, one})
		}
	}
	return found
}

// properTypes says whether all types of an object are names (§4.5).
func properTypes(v *strictjson.Value) bool {
	for t := range v.Get("type").Each() {
		if t.Text() == "" {
			return false
		}
	}
	return true
}

func firstType(v *strictjson.Value) string {
	for t := range v.Get("type").Each() {
		return t.Text()
	}
	return ""
}
