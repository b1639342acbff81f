package ob3

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// Problem is one rule of Open Badges 3.0 that a document breaks.
type Problem struct {
	Pointer string // JSON pointer to the value (RFC 6901); "" is the document
	Rule    string // class and member, as in Appendix B: "Achievement.criteria"
	Reason  string // a phrase for people
}

// maxProblems is how many problems one answer lists.
const maxProblems = 50

// Check judges a badge (AchievementCredential, also called OpenBadgeCredential)
// by the data model of Open Badges 3.0, Appendix B. No problems: it conforms.
// Beyond the schema, §9.1 step 1 asks that the subject has an id or an
// identifier; see SubjectNamed.
func Check(doc *strictjson.Value) []Problem {
	return check(doc, "AchievementCredential")
}

// CheckEndorsement judges an EndorsementCredential in the same way.
func CheckEndorsement(doc *strictjson.Value) []Problem {
	return check(doc, "EndorsementCredential")
}

// SubjectNamed says whether the badge tells who earned it: the subject has an
// id or at least one identifier (Open Badges 3.0 §9.1).
func SubjectNamed(doc *strictjson.Value) bool {
	subject := doc.Get("credentialSubject")
	identifier := subject.Get("identifier")
	return subject.Get("id").Text() != "" || identifier != nil && len(identifier.Kids) > 0
}

func check(doc *strictjson.Value, class string) []Problem {
	c := &checker{}
	c.object(doc, class, "")
	return c.problems
}

type checker struct{ problems []Problem }

func (c *checker) add(pointer, rule, reason string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{pointer, rule, reason})
	}
}

func (c *checker) object(v *strictjson.Value, name, pointer string) {
	if v == nil || v.Kind != strictjson.Object {
		c.add(pointer, name, "this must be an object")
		return
	}
	cl := classes[name]
	for i := range cl.rules {
		r := &cl.rules[i]
		member := v.Get(r.name)
		where, what := pointer+"/"+r.name, name+"."+r.name
		switch {
		case member == nil && r.required:
			c.add(where, what, "this is missing")
		case member == nil:
		case r.many:
			c.list(member, r, where, what)
		default:
			c.value(member, r, where, what)
		}
	}
	if !cl.closed {
		return
	}
	for i := range v.Kids {
		if !slices.ContainsFunc(cl.rules, func(r rule) bool { return r.name == v.Kids[i].Name }) {
			c.add(pointer+"/"+escape(v.Kids[i].Name), name, "nothing but the members of the standard may stand here")
		}
	}
}

func (c *checker) list(v *strictjson.Value, r *rule, pointer, what string) {
	if v.Kind != strictjson.Array {
		c.add(pointer, what, "this must be a list")
		return
	}
	element := *r
	for i := range v.Kids {
		if r.kind == context {
			c.context(&v.Kids[i], i, pointer, what)
			continue
		}
		c.value(&v.Kids[i], &element, pointer+"/"+strconv.Itoa(i), what)
	}
	if r.kind == context && len(v.Kids) < 2 {
		c.add(pointer, what, "this must name the vocabularies of verifiable credentials and of Open Badges")
	}
	for _, alternatives := range r.types {
		if !has(v, alternatives) {
			c.add(pointer, what, fmt.Sprintf("the type %s is missing", strings.ReplaceAll(alternatives, "|", " or ")))
		}
	}
}

// has says whether the list holds one of the names in "a|b".
func has(list *strictjson.Value, alternatives string) bool {
	for name := range strings.SplitSeq(alternatives, "|") {
		for i := range list.Kids {
			if list.Kids[i].Text() == name {
				return true
			}
		}
	}
	return false
}

// context checks one element of @context.
func (c *checker) context(v *strictjson.Value, at int, pointer, what string) {
	where := pointer + "/" + strconv.Itoa(at)
	switch {
	case at == 0 && v.Text() != vc.ContextV2:
		c.add(where, what, "the first vocabulary must be that of verifiable credentials 2.0")
	case at == 1 && !isBadgeContext(v.Text()):
		c.add(where, what, "the second vocabulary must be that of Open Badges 3.0")
	case at > 1 && v.Kind != strictjson.String && v.Kind != strictjson.Object:
		c.add(where, what, "a vocabulary must be an address or an object")
	}
}

func (c *checker) value(v *strictjson.Value, r *rule, pointer, what string) {
	isText := v.Kind == strictjson.String
	ok, reason := isText, "this must be text"
	switch r.kind {
	case object:
		c.object(v, r.class, pointer)
		return
	case textOr:
		if !isText {
			c.object(v, r.class, pointer)
			return
		}
	case number:
		ok, reason = v.Kind == strictjson.Number, "this must be a number"
	case boolean:
		ok, reason = v.Kind == strictjson.Bool, "this must be true or false"
	case dateTime:
		ok, reason = isText && isDateTime(v.Str), "this must be a date and time with a zone"
	case day:
		ok, reason = isText && isDay(v.Str), "this must be a day, like 2026-11-21"
	case constant:
		ok, reason = isText && slices.Contains(r.words, v.Str), "this must be one of "+strings.Join(r.words, ", ")
	case open:
		ok, reason = isText && (slices.Contains(r.words, v.Str) || isExtension(v.Str)), `this must be one of the standard's words or begin with "ext:"`
	case language:
		ok, reason = isText && isLanguage(v.Str), "this must be a language tag, like en-GB"
	case compact:
		ok, reason = isText && isCompactJWS(v.Str), "this must be a compact JWS"
	}
	if !ok {
		c.add(pointer, what, reason)
	}
}

// escape writes a name as a token of a JSON pointer (RFC 6901 §3).
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
