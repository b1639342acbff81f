package issuer

import (
	"net/url"
	"strings"
	"time"
)

// Portfolio is the page about themselves that a person chose to have. It lists
// the badges that they made public, and the approved capstones that they chose.
type Portfolio struct {
	PersonID  PersonID
	IssuerID  IssuerID
	Handle    string // the name of the page in its address
	Looks     string // Looks of the handle
	Headline  string
	Named     bool    // the page says their name
	Links     Strings // where else they are on the web
	Capstones Strings // ids
	Shown     bool    // anyone can see it
	CreatedAt time.Time
	ChangedAt time.Time
}

// What a portfolio holds at most.
const (
	MinHandle   = 3
	MaxHandle   = 30
	MaxHeadline = 160
	MaxLinks    = 5
	maxLink     = 300
)

// reserved handles speak for the organisation, the service or a part of it.
var reserved = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(`about abuse account admin administrator anonymous api app badge badges billing
		board capstone capstones ceo certificate certificates cohort cohorts concern concerns contact council credential
		credentials demo docs embed everyone faq feedback gallery hallmark help home hostmaster hr imprint info issuer issuers
		join legal log login logout mail mailer-daemon me mentor mentors moderator news nobody noreply no-reply null oauth oembed
		office official owner people policy portfolio postmaster press privacy program programs public queue register registrar
		report reports review reviews root sales security service settings share signin signout signup staff static status
		support system team terms test trust undefined user users verified verify webmaster www you`) {
		all[Looks(word)] = true
	}
	return all
}()

// CleanHandle brings a handle into the form that is kept: lower-case letters,
// digits and single hyphens between them, a letter first. One that would speak
// for the organisation or the service is refused.
func CleanHandle(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) < MinHandle || len(s) > MaxHandle {
		return "", Wrong("handle", "Choose a name of %d to %d characters for your page.", MinHandle, MaxHandle)
	}
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || s[0] < 'a' || strings.HasSuffix(s, "-") || strings.Contains(s, "--") {
		return "", Wrong("handle", "Use the letters a to z, digits and single hyphens between them, and begin with a letter.")
	}
	if reserved[Looks(s)] {
		return "", Wrong("handle", "This name could be taken for a part of the service; choose another.")
	}
	return s, nil
}

// alike are what the eye takes for one another, in a typeface without serifs.
var alike = strings.NewReplacer("rn", "m", "vv", "w", "0", "o", "1", "l", "i", "l", "5", "s", "8", "b", "2", "z", "6", "g", "-", "")

// Looks is what is left of a handle for the eye: handles with the same are taken
// for each other (Unicode Technical Standard 39, section 4: skeletons).
func Looks(handle string) string { return alike.Replace(handle) }

// CleanLinks checks links of a portfolio: whole addresses of the web, without
// blanks or what signs someone in.
func CleanLinks(links []string) (Strings, error) {
	var out Strings
	for _, link := range links {
		if link = strings.TrimSpace(link); link == "" || out.Has(link) {
			continue
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(link) > maxLink || unprintable(link) || strings.ContainsFunc(link, bidi) {
			return nil, Wrong("links", "“%s” is not the address of a page; give it whole, with https:// in front.", shorten(link))
		}
		out = append(out, link)
	}
	if len(out) > MaxLinks {
		return nil, Wrong("links", "Give %d links at most.", MaxLinks)
	}
	return out, nil
}
