package web

import "time"

// Result is a report as a page shows it: the block that the badge page and
// the verify page have in common.
type Result struct {
	Verdict   string // verified, refused or undetermined
	Summary   string // the verifier's one sentence
	Issuer    ResultIssuer
	Deciding  []ResultCheck // the checks that decide, in the report's order
	Informing []ResultCheck // the others
	Claims    Claims
	CheckedAt time.Time
	JSON      string // the whole report, indented, for machines

	Legacy       string // the older standard that it follows, such as "Open Badges 2.0"; "" for none
	Newer        string // host that may have a newer copy and was not asked; "" for none
	Endorsements []ResultEndorsement
}

// ResultEndorsement is one endorsement that came with a badge. What it says is
// empty unless it is genuine.
type ResultEndorsement struct {
	Outcome string
	Reason  string
	Issuer  ResultIssuer
	Comment string
}

// ResultIssuer says who vouches for a credential and how we know.
type ResultIssuer struct {
	ID      string // the DID or URL that holds the key
	Domain  string // host of a did:web or https issuer; "" for a did:key
	Name    string // what they call themselves; not proof of anything
	Trusted bool
	How     string // plain words: how the key was tied to the issuer
}

// ResultCheck is one check: its outcome is verified, refused, undetermined or
// skipped; the name is the report's ("proof", "status" …).
type ResultCheck struct {
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

// VerifyPage is the data of the template "page/verify".
type VerifyPage struct {
	Link    string  // what was typed, to show it again
	Text    string  // what was pasted, to show it again
	Problem string  // a sentence, when nothing could be checked; "" otherwise
	Result  *Result // nil before anything was checked
	Name    string  // recipient asked for, to show it again
	Own     string  // what the operator publishes of itself, as JSON; "" for nothing
	Held    string  // text of the credential, for asking again about what came in a file; "" for none

	Batch        *BatchPage // nil before many were checked
	Links        string     // what was pasted for many, to show it again
	BatchProblem string     // a sentence, when no table could be checked; "" otherwise
}
