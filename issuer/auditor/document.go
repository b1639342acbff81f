package auditor

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/strictjson"
)

// document compares the columns of a credential and its award, as that was in
// the term of the credential, with what was signed. Whether the bytes are those
// that were signed, the leaf tells.
func (c *audit) document(f *file, then *issuer.Award, k *issuer.Credential, signed *issuer.SignedCopy) {
	doc, err := strictjson.Parse(signed.Bytes)
	if err != nil {
		c.find("signed copy", string(k.ID), "It cannot be read: %v.", err)
		return
	}
	subject, status := doc.Get("credentialSubject"), doc.Get("credentialStatus")
	achievement := subject.Get("achievement")
	text := func(what, want, got string) {
		if want != got {
			c.find("credential", string(k.ID), "The signed bytes name another %s than the records.", what)
		}
	}
	of := c.issuedAs(k)
	text("issuer", of.DID, doc.Get("issuer").Get("id").Text())
	text("id", of.BaseURL+"/v/"+string(k.ID), doc.Get("id").Text())
	text("start", k.ValidFrom.UTC().Format(time.RFC3339), doc.Get("validFrom").Text())
	text("status list", of.BaseURL+"/status/"+string(k.StatusListID), status.Get("statusListCredential").Text())
	text("place in the status list", strconv.Itoa(k.StatusIndex), status.Get("statusListIndex").Text())
	if person := subject.Get("id").Text(); k.CopyOf == "" {
		text("person", f.Subject, person)
	} else if !strings.HasPrefix(person, "did:key:") && !strings.HasPrefix(person, "did:jwk:") {
		c.find("credential", string(k.ID), "It is the copy of a wallet, and the signed bytes name no key of one.")
	}
	if !c.ourAchievement(achievement.Get("id").Text(), f.AchievementID) {
		c.find("credential", string(k.ID), "The signed bytes name another achievement than the records.")
	}
	if k.SupersededBy == "" { // a corrected completion moves the dates: the newer one carries them
		text("day", string(then.AwardedOn)+"T00:00:00Z", doc.Get("awardedDate").Text())
		until := ""
		if then.ValidUntil != nil {
			until = then.ValidUntil.UTC().Format(time.RFC3339)
		}
		text("end", until, doc.Get("validUntil").Text())
	}
	text("key", string(signed.KeyID), keyOf(doc))
	c.pictured(then, k, doc)
	c.carries(k, doc)
	if v := f.versions[then.AchievementVersionID]; v != nil {
		text("version of the achievement", strconv.Itoa(v.Version), achievement.Get("version").Text())
		text("name of the achievement", v.Name, achievement.Get("name").Text())
		text("description of the achievement", v.Description, achievement.Get("description").Text())
		text("kind of achievement", v.Type, achievement.Get("achievementType").Text())
		text("way to earn the achievement", v.Criteria, achievement.Get("criteria").Get("narrative").Text())
	}
	if then.Term == f.Term && k.SupersededBy == "" && (subject.Get("identifier") != nil) != f.NameSigned {
		c.find("award", string(f.ID), "Whether its name was signed is not as the award says.")
	}
}

// issuedAs is what the issuer was called when it issued a credential: its status
// list tells.
func (c *audit) issuedAs(k *issuer.Credential) issuer.IssuerIdentity {
	of, _ := c.identity(c.listNames[k.StatusListID])
	return of
}

// ourAchievement tells whether an address is that of an achievement. A badge that
// replaces one from before a move names it as that one did.
func (c *audit) ourAchievement(address string, id issuer.AchievementID) bool {
	return slices.ContainsFunc(c.names, func(n issuer.IssuerIdentity) bool { return address == n.BaseURL+"/achievements/"+string(id) })
}

// keyOf is the key that the proof names, by its id.
func keyOf(doc *strictjson.Value) string {
	for p := range doc.Get("proof").Each() {
		_, key, _ := strings.Cut(p.Get("verificationMethod").Text(), "#")
		return key
	}
	return ""
}
