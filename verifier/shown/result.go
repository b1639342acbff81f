// Package shown is what a report says to people: the verdict, who vouches, the
// checks, and the claims in plain members, whatever kind of credential they
// come from.
//
// It owns the choice of what is shown. It owns neither words nor markup: pages
// take those from their catalogue, on the server and in the visitor's browser,
// which is why this stands apart from the doors and is small.
package shown

import "time"

// Result is a report as a page shows it: the block that the badge page and the
// verify page have in common, there and in the visitor's own browser.
type Result struct {
	Verdict   string // verified, refused or undetermined
	Summary   string // the verifier's one sentence
	Issuer    Issuer
	Deciding  []Check // the checks that decide, in the report's order
	Informing []Check // the others
	Claims    Claims
	CheckedAt time.Time
	JSON      string // the whole report, indented, for machines; a door adds it

	Legacy       string // the older standard that it follows, such as "Open Badges 2.0"; "" for none
	Newer        string // host that may have a newer copy and was not asked; "" for none
	Endorsements []Endorsement

	AsOf, Until time.Time // of a stapled status, where one says that it stands; zero otherwise
}

// Endorsement is one endorsement that came with a badge. What it says is
// empty unless it is genuine.
type Endorsement struct {
	Outcome string
	Reason  string
	Issuer  Issuer
	Comment string
}

// Issuer says who vouches for a credential and how we know.
type Issuer struct {
	ID      string // the DID or URL that holds the key
	Domain  string // host of a did:web or https issuer; "" for a did:key
	Name    string // what they call themselves; not proof of anything
	Trusted bool
	How     string // plain words: how the key was tied to the issuer
}

// Check is one check: its outcome is verified, refused, undetermined or
// skipped; the name is the report's ("proof", "status" …).
type Check struct {
	Name    string
	Outcome string
	Reason  string
	// Findings are all that the check found, where its reason names the first
	// of several.
	Findings []Finding
}

// Finding is one slip and where it is: a JSON Pointer into the credential.
type Finding struct {
	At     string
	Reason string
}

// Claims is what was signed, as far as a page shows it. Everything here comes
// from the signed bytes; an absent claim is empty.
type Claims struct {
	ID          string // the credential's id
	Achievement string
	Description string
	Criteria    string // narrative, Markdown of a stranger: show as text
	CriteriaURL string
	Type        string // achievementType
	Version     string
	Recipient   string // the name that was signed; "" if none was
	Subject     string // the subject's id
	AwardedOn   time.Time
	ValidFrom   time.Time
	ValidUntil  time.Time
	Skills      []Link // alignments
	Evidence    []Link
	Results     []ClaimResult
}

// Link is a named link of a stranger; URL is http(s) or empty, never another
// scheme.
type Link struct {
	Name        string
	URL         string
	Description string
}

// ClaimResult is one result that was signed, such as a line of a rubric.
type ClaimResult struct {
	Name  string
	Level string
}
