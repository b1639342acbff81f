package shown

import "hallmark/verifier/strictjson"

// olderClaims reads the claims of a badge of Open Badges 2.0, as the verifier gives
// them: the assertion with its badge class in place. Whom it is for stands in it as
// an address, which no page repeats.
func olderClaims(doc *strictjson.Value) Claims {
	class := doc.Get("badge")
	criteria := first(class.Get("criteria"))
	c := Claims{
		ID: doc.Get("id").Text(), Achievement: class.Get("name").Text(), Description: class.Get("description").Text(),
		Criteria: criteria.Get("narrative").Text(), CriteriaURL: addressOf(criteria),
		AwardedOn: instant(doc.Get("issuedOn")), ValidFrom: instant(doc.Get("issuedOn")), ValidUntil: instant(doc.Get("expires")),
	}
	for a := range class.Get("alignment").Each() {
		c.Skills = append(c.Skills, Link{Name: a.Get("targetName").Text(), URL: webURL(a.Get("targetUrl").Text()), Description: a.Get("targetFramework").Text()})
	}
	for e := range doc.Get("evidence").Each() {
		c.Evidence = append(c.Evidence, Link{Name: e.Get("name").Text(), URL: addressOf(e), Description: e.Get("narrative").Text()})
	}
	return c
}

// isOlder tells an assertion from a credential.
func isOlder(doc *strictjson.Value) bool {
	return hasType(doc, "Assertion") && doc.Get("credentialSubject") == nil
}

// addressOf gives the address of what is named, or stands in place with its id.
func addressOf(v *strictjson.Value) string {
	if id := v.Get("id").Text(); id != "" {
		return webURL(id)
	}
	return webURL(v.Text())
}
