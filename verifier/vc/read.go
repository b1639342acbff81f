package vc

import (
	"strconv"
	"strings"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// reader collects the members of one credential and what is wrong with them.
type reader struct {
	c        *Credential
	problems []Problem
}

func (r *reader) fatal(pointer, reason string) {
	r.problems = append(r.problems, Problem{Pointer: pointer, Reason: reason, Type: ProblemMalformed, Fatal: true})
}

func (r *reader) finding(pointer, reason string) {
	r.problems = append(r.problems, Problem{Pointer: pointer, Reason: reason, Type: ProblemMalformed})
}

// context: VC Data Model 2.0 §4.3, 1.1 §4.1: an ordered list whose first
// item is the base context.
func (r *reader) context() {
	context := r.c.Doc.Get("@context")
	if context == nil {
		r.fatal("/@context", "it does not name its vocabulary (@context)")
		return
	}
	first := context
	if context.Kind == strictjson.Array && len(context.Kids) > 0 {
		first = &context.Kids[0]
	}
	switch first.Text() {
	case ContextV2:
		r.c.Version = 2
	case ContextV1:
		r.c.Version = 1
	default:
		r.fatal("/@context", "its vocabulary (@context) does not begin with that of verifiable credentials")
		return
	}
	if context.Kind != strictjson.Array {
		r.finding("/@context", "its vocabulary (@context) is not a list")
	}
	at := 0
	for item := range context.Each() {
		switch {
		case item.Kind == strictjson.Object:
		case item.Kind != strictjson.String || !did.IsURL(item.Str):
			r.fatal("/@context/"+strconv.Itoa(at), "its vocabulary (@context) lists something that is neither an address nor an object")
		case at > 0 && (item.Str == ContextV1 || item.Str == ContextV2):
			r.fatal("/@context/"+strconv.Itoa(at), "it names the vocabulary of verifiable credentials twice")
		}
		at++
	}
}

// identity: §4.4 identifiers, §4.5 types, §4.6 names and descriptions.
func (r *reader) identity() {
	if id := r.c.Doc.Get("id"); id != nil {
		if !did.IsURL(id.Text()) {
			r.fatal("/id", "its id is not one URL")
		} else {
			r.c.ID = id.Str
		}
	}
	types := r.c.Doc.Get("type")
	for t := range types.Each() {
		if t.Kind != strictjson.String || t.Str == "" {
			r.fatal("/type", "its type is not a list of names")
			continue
		}
		r.c.Types = append(r.c.Types, t.Str)
	}
	if !r.c.Has("VerifiableCredential") {
		r.fatal("/type", "its type does not say that it is a verifiable credential")
	}
	for _, name := range [...]string{"name", "description"} {
		r.language("/"+name, r.c.Doc.Get(name))
	}
}

// language checks a string or language value objects (§11.1): @value and
// nothing beside it but @language and @direction.
func (r *reader) language(pointer string, v *strictjson.Value) {
	if v == nil || r.c.Version == 1 {
		return
	}
	for one := range v.Each() {
		if one.Kind == strictjson.String {
			continue
		}
		ok := one.Kind == strictjson.Object && one.Get("@value") != nil && one.Get("@value").Kind == strictjson.String
		if ok {
			for i := range one.Kids {
				switch m := &one.Kids[i]; m.Name {
				case "@value":
				case "@language":
					ok = ok && isLanguage(m.Text())
				case "@direction":
					ok = ok && (m.Text() == "ltr" || m.Text() == "rtl")
				default:
					ok = false
				}
			}
		}
		if !ok {
			r.fatal(pointer, "this text is neither plain nor marked with a language as it should be")
		}
	}
}

// isLanguage accepts what is shaped like a language tag (BCP 47 §2.1): letters,
// then parts of letters and digits.
func isLanguage(tag string) bool {
	for i, part := range strings.Split(tag, "-") {
		if part == "" || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			if letter := c|0x20 >= 'a' && c|0x20 <= 'z'; !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// issuer: §4.7, a URL or an object with one as its id.
func (r *reader) issuer() {
	v := r.c.Doc.Get("issuer")
	id := v.Text()
	if v != nil && v.Kind == strictjson.Object {
		id = v.Get("id").Text()
		r.c.Issuer.Name = plain(v.Get("name"))
		r.language("/issuer/name", v.Get("name"))
		r.language("/issuer/description", v.Get("description"))
	}
	r.c.Issuer.Value = v
	switch {
	case v == nil:
		r.fatal("/issuer", "it does not say who issued it")
	case !did.IsURL(id):
		r.fatal("/issuer", "its issuer has no proper identifier")
	default:
		r.c.Issuer.ID = id
	}
}

// period: §4.9; 1.1 §4.5, §4.6 with other names, where the first is required.
func (r *reader) period() {
	from, until := "validFrom", "validUntil"
	if r.c.Version == 1 {
		from, until = "issuanceDate", "expirationDate"
		if r.c.Doc.Get(from) == nil {
			r.fatal("/issuanceDate", "it does not say when it was issued")
		}
	}
	r.c.ValidFrom, r.c.ValidUntil = r.instant(from), r.instant(until)
	if r.c.ValidFrom != nil && r.c.ValidUntil != nil && r.c.ValidUntil.Before(*r.c.ValidFrom) {
		r.fatal("/"+until, "it ends before it begins")
	}
}

func (r *reader) instant(name string) *time.Time {
	v := r.c.Doc.Get(name)
	if v == nil {
		return nil
	}
	at, zoned, err := did.ParseDateTime(v.Text())
	if err != nil {
		r.fatal("/"+name, "this is not a date and time with a zone")
		return nil
	}
	if !zoned {
		// §4.9: times serialised without an offset are to be read as UTC.
		r.finding("/"+name, "this time has no zone; it was read as UTC")
	}
	return &at
}

// subjects: §4.8, one object or several, none of them empty.
func (r *reader) subjects() {
	v := r.c.Doc.Get("credentialSubject")
	for one := range v.Each() {
		if one.Kind != strictjson.Object || len(one.Kids) == 0 {
			r.fatal("/credentialSubject", "what it says about its subject is empty or not an object")
			continue
		}
		if id := one.Get("id"); id != nil && !did.IsURL(id.Text()) {
			r.fatal("/credentialSubject/id", "the id of its subject is not a URL")
		}
		r.c.Subjects = append(r.c.Subjects, one)
	}
	if v == nil || v.Kind == strictjson.Array && len(v.Kids) == 0 {
		r.fatal("/credentialSubject", "it says nothing about anybody (credentialSubject)")
	}
}
