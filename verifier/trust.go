package verifier

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// Trust is a reader's list of issuers. The zero list trusts nobody.
type Trust struct {
	issuers map[string]string // id to name; the name may be ""
	looks   map[string]string // what a name looks like (skeleton) to the first such name
	domains []string          // lower-case; "*." in front covers all below
}

// trustFile is the JSON form of a list.
type trustFile struct {
	Issuers []trustedIssuer `json:"issuers"`
	Domains []string        `json:"domains"`
}

type trustedIssuer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ParseTrust reads a list, in one of two forms: JSON,
//
//	{"issuers":[{"id":"did:web:example.org","name":"Example"}],"domains":["example.org","*.example.edu"]}
//
// or text, one entry a line: an identifier (anything with a colon) or a domain,
// then perhaps a name; "#" begins a comment. A domain stands for the did:web and
// https identifiers at that host; "*." covers the hosts below it.
func ParseTrust(raw []byte) (*Trust, error) {
	t := &Trust{issuers: map[string]string{}, looks: map[string]string{}}
	var file trustFile
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		if err := strictjson.DecodeLimits(raw, &file, strictjson.Limits{Bytes: 4 << 20, Values: 1 << 18, Names: 1 << 18}); err != nil {
			return nil, fmt.Errorf("read trust list: %w", err)
		}
	} else {
		file = parseTrustLines(string(raw))
	}
	for _, i := range file.Issuers {
		if !strings.Contains(i.ID, ":") {
			return nil, fmt.Errorf("read trust list: %q is not the identifier of an issuer", i.ID)
		}
		t.issuers[i.ID] = i.Name
		if looks := skeleton(i.Name); looks != "" && (t.looks[looks] == "" || i.Name < t.looks[looks]) {
			t.looks[looks] = i.Name
		}
	}
	for _, d := range file.Domains {
		d = strings.ToLower(d)
		if _, err := did.WebURL("did:web:" + strings.TrimPrefix(d, "*.")); err != nil || strings.Contains(d, ":") {
			return nil, fmt.Errorf("read trust list: %q is not a domain", d)
		}
		t.domains = append(t.domains, d)
	}
	return t, nil
}

func parseTrustLines(text string) trustFile {
	var file trustFile
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		entry, name, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		if strings.Contains(entry, ":") {
			file.Issuers = append(file.Issuers, trustedIssuer{entry, strings.TrimSpace(name)})
		} else {
			file.Domains = append(file.Domains, entry)
		}
	}
	return file
}

// Lookup says whether the list has this issuer, and under which name.
func (t *Trust) Lookup(id string) (name string, ok bool) {
	if t == nil {
		return "", false
	}
	if name, ok = t.issuers[id]; ok {
		return name, true
	}
	host := hostOf(id)
	if host == "" {
		return "", false
	}
	for _, d := range t.domains {
		below, wild := strings.CutPrefix(d, "*")
		if d == host || wild && strings.HasSuffix(host, below) {
			return "", true
		}
	}
	return "", false
}

// hostOf gives the host, port included, of a did:web or https identifier.
func hostOf(id string) string {
	if strings.HasPrefix(id, "did:web:") {
		host, err := did.WebHost(id)
		if err != nil {
			return ""
		}
		return host
	}
	u, err := url.Parse(id)
	if err != nil || u.Scheme != "https" || u.User != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// judgeTrust answers whether the reader knows the issuer. A list vouches only
// for an issuer whose key was shown to be its own.
func (r *run) judgeTrust() {
	i := &r.report.Issuer
	bound := r.report.check(proof).Outcome == Verified && r.report.check(issuer).Outcome == Verified
	name, ok := r.v.Trust.Lookup(i.ID)
	switch {
	case r.v.Trust == nil:
		r.report.set(trust, Skipped, "There is no list of trusted issuers to look at.")
	case r.own.Outcome != "":
		r.report.set(trust, Verified, "It was issued here.")
	case !bound:
		r.report.set(trust, Undetermined, "Not known, because the issuer could not be confirmed.")
	case !ok && r.v.Trust.resembles(i.Name) != "":
		c := r.report.set(trust, Undetermined, "The issuer is not on the list of trusted issuers, and its name looks like that of another one that is.")
		c.Detail = map[string]any{"resembles": r.v.Trust.resembles(i.Name)}
	case !ok:
		r.report.set(trust, Undetermined, "The issuer is not on the list of trusted issuers.")
	default:
		i.Trusted = true
		if name != "" {
			i.Name = name
		}
		r.report.set(trust, Verified, "The issuer is on the list of trusted issuers.")
	}
}
