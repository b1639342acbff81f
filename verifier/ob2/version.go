package ob2

import "hallmark/verifier/strictjson"

// contexts are the addresses of the standard's contexts. That of 2.1, which left
// assertions as they were, counts as 2.
var contexts = map[string]int{
	"https://w3id.org/openbadges/v2":                                                              2,
	"http://w3id.org/openbadges/v2":                                                               2,
	"https://openbadgespec.org/v2/context.json":                                                   2,
	"https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld":                                      2,
	"https://w3id.org/openbadges/v1":                                                              1,
	"http://w3id.org/openbadges/v1":                                                               1,
	"http://standard.openbadges.org/1.1/context.json":                                             1,
	"https://openbadgespec.org/v1/context.json":                                                   1,
	"https://raw.githubusercontent.com/openbadges/openbadges-specification/master/ob_v1p1.jsonld": 1,
}

// Version tells whether a document is the assertion of an older badge: 2 for Open
// Badges 2.0, 1 for 1.0 and 1.1, 0 for anything else, badge classes and profiles
// among them.
func Version(doc *strictjson.Value) int {
	context := doc.Get("@context")
	if context == nil {
		// Open Badges 1.0 and what came before had no context.
		if doc.Get("badge") != nil && doc.Get("recipient") != nil && (doc.Get("verify") != nil || doc.Get("issued_on") != nil || doc.Get("uid") != nil || doc.Get("issuedOn") != nil || isObject(doc.Get("badge"))) {
			return 1
		}
		return 0
	}
	version := 0
	for one := range context.Each() {
		version = max(version, contexts[one.Text()])
	}
	if version == 0 || !is(doc, "Assertion") {
		return 0
	}
	return version
}

// is says whether a document is of this type.
func is(doc *strictjson.Value, kind string) bool {
	for one := range doc.Get("type").Each() {
		if one.Text() == kind {
			return true
		}
	}
	return false
}

func isObject(v *strictjson.Value) bool { return v != nil && v.Kind == strictjson.Object }

// idOf gives the id of a document that is named or stands in place.
func idOf(v *strictjson.Value) string {
	if isObject(v) {
		return v.Get("id").Text()
	}
	return v.Text()
}
