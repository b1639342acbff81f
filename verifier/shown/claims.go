package shown

import (
	"net/url"
	"strings"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/strictjson"
)

// Of says what a report says to people.
func Of(r *verifier.Report) Result {
	out := Result{
		Verdict: string(r.Verdict), Summary: r.Summary, CheckedAt: r.CheckedAt,
		Issuer: Issuer{ID: r.Issuer.ID, Domain: Domain(r.Issuer.ID), Name: verifier.Plain(r.Issuer.Name), Trusted: r.Issuer.Trusted, How: r.Issuer.How},
		Claims: ClaimsOf(r.Credential),
	}
	for i, c := range r.Checks {
		line := Check{Name: c.Name, Outcome: string(c.Outcome), Reason: c.Reason, Findings: findingsOf(c)}
		out.notice(c)
		if i < verifier.Deciding {
			out.Deciding = append(out.Deciding, line)
		} else {
			out.Informing = append(out.Informing, line)
		}
	}
	return out
}

// notice takes what a check says in its details to people.
func (out *Result) notice(c verifier.Check) {
	switch c.Name {
	case "format":
		out.Legacy, _ = c.Detail["legacy"].(string)
	case "status":
		if c.Outcome == verifier.Verified {
			out.AsOf, out.Until = moment(c.Detail["asOf"]), moment(c.Detail["until"])
		}
	case "refresh":
		address, _ := c.Detail["url"].(string)
		if open, _ := c.Detail["available"].(bool); open {
			out.Newer = Domain(address)
		}
	case "endorsement":
		list, _ := c.Detail["endorsements"].([]map[string]any)
		for _, d := range list {
			out.Endorsements = append(out.Endorsements, endorsementOf(d))
		}
	}
}

func endorsementOf(d map[string]any) Endorsement {
	text := func(name string) string { s, _ := d[name].(string); return s }
	outcome, _ := d["outcome"].(verifier.Outcome)
	return Endorsement{Outcome: string(outcome), Reason: text("reason"), Comment: text("comment"),
		Issuer: Issuer{ID: text("issuer"), Domain: Domain(text("issuer")), Name: verifier.Plain(text("issuerName"))}}
}

// findingsOf lists what a check found, where that is more than its reason says.
func findingsOf(c verifier.Check) []Finding {
	list, _ := c.Detail["problems"].([]map[string]any)
	if len(list) < 2 {
		return nil
	}
	var all []Finding
	for _, d := range list {
		at, _ := d["at"].(string)
		reason, _ := d["reason"].(string)
		all = append(all, Finding{at, reason})
	}
	return all
}

// Domain gives the host that a did:web or https id names, "" for others.
func Domain(id string) string {
	if rest, ok := strings.CutPrefix(id, "did:web:"); ok {
		host, _, _ := strings.Cut(rest, ":")
		if plain, err := url.PathUnescape(host); err == nil {
			return plain
		}
		return ""
	}
	if u, err := url.Parse(id); err == nil && u.Scheme == "https" {
		return u.Host
	}
	return ""
}

// ClaimsOf reads what a page shows out of the claims that were signed. What
// is absent, or not of the kind it should be, stays empty.
func ClaimsOf(credential []byte) Claims {
	if len(credential) == 0 {
		return Claims{}
	}
	doc, err := strictjson.Parse(credential)
	if err != nil {
		return Claims{}
	}
	switch {
	case hasType(doc, "VerifiablePresentation"):
		return Claims{} // its credentials have their own reports; it has none to make
	case isOlder(doc):
		return olderClaims(doc)
	}
	subject := first(doc.Get("credentialSubject"))
	achievement := first(subject.Get("achievement"))
	c := Claims{
		ID: doc.Get("id").Text(), Subject: subject.Get("id").Text(),
		Achievement: achievement.Get("name").Text(), Description: achievement.Get("description").Text(),
		Criteria:    first(achievement.Get("criteria")).Get("narrative").Text(),
		CriteriaURL: webURL(first(achievement.Get("criteria")).Get("id").Text()),
		Type:        first(achievement.Get("achievementType")).Text(), Version: achievement.Get("version").Text(),
		AwardedOn: instant(doc.Get("awardedDate")),
		ValidFrom: instant(either(doc, "validFrom", "issuanceDate")), ValidUntil: instant(either(doc, "validUntil", "expirationDate")),
	}
	for id := range subject.Get("identifier").Each() {
		if hashed := id.Get("hashed"); id.Get("identityType").Text() == "name" && (hashed == nil || hashed.Str == "false") {
			c.Recipient = id.Get("identityHash").Text()
		}
	}
	for a := range achievement.Get("alignment").Each() {
		c.Skills = append(c.Skills, Link{Name: a.Get("targetName").Text(), URL: webURL(a.Get("targetUrl").Text()), Description: a.Get("targetFramework").Text()})
	}
	for e := range doc.Get("evidence").Each() {
		c.Evidence = append(c.Evidence, Link{Name: e.Get("name").Text(), URL: webURL(e.Get("id").Text()), Description: e.Get("narrative").Text()})
	}
	c.Results = resultsOf(subject, achievement)
	return c
}

// resultsOf ties results to their descriptions (Open Badges 3.0 §B.1.17).
func resultsOf(subject, achievement *strictjson.Value) []ClaimResult {
	type described struct {
		name   string
		levels map[string]string
	}
	about := map[string]described{}
	for d := range achievement.Get("resultDescription").Each() {
		levels := map[string]string{}
		for l := range d.Get("rubricCriterionLevel").Each() {
			levels[l.Get("id").Text()] = l.Get("name").Text()
		}
		about[d.Get("id").Text()] = described{d.Get("name").Text(), levels}
	}
	var results []ClaimResult
	for r := range subject.Get("result").Each() {
		d := about[r.Get("resultDescription").Text()]
		level := d.levels[r.Get("achievedLevel").Text()]
		if level == "" {
			level = r.Get("value").Text()
		}
		if d.name != "" || level != "" {
			results = append(results, ClaimResult{Name: d.name, Level: level})
		}
	}
	return results
}

func hasType(doc *strictjson.Value, name string) bool {
	for kind := range doc.Get("type").Each() {
		if kind.Text() == name {
			return true
		}
	}
	return false
}

// first gives the first of one or many; nil of none.
func first(v *strictjson.Value) *strictjson.Value {
	for e := range v.Each() {
		return e
	}
	return nil
}

func either(doc *strictjson.Value, a, b string) *strictjson.Value {
	if v := doc.Get(a); v != nil {
		return v
	}
	return doc.Get(b)
}

func instant(v *strictjson.Value) time.Time { return moment(v.Text()) }

// moment reads a time; the zero time of whatever is none.
func moment(v any) time.Time {
	text, _ := v.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// webURL lets http and https pass and nothing else become a link.
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return ""
	}
	return s
}
