package public

import (
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	verifyweb "hallmark/verifier/web"
)

// BadgePage is the data of the template "page/badge": one badge of ours and
// its verification, live.
type BadgePage struct {
	Badge     Badge
	Result    verifyweb.Result
	Links     Links
	Approvals []registrar.Approval // of the work that it rests on; none if nobody reviewed it
	Trial     bool                 // the issuer's key is a did:key: trial mode, said on the page

	// What the page carries, so that it can be checked when it was saved.
	Carried string // the credential; "" where it holds a name that is not to be repeated
	Staple  string // where it stands, signed; "" for none
}

// Badge is what our records say about a badge. What was signed is in
// Result.Claims.
type Badge struct {
	ID           string // as in the link, upper-case
	Code         string // for those who type, "7H2K-9QXW-3M4T"
	State        issuer.AwardState
	Name         string // of the achievement
	Description  string
	Criteria     string // Markdown, ours
	Version      int
	Kind         string // short, track, capstone, level, program, mentor
	Program      string
	Cohort       string
	Holder       string // "" where their name is not shown
	HolderSigned bool   // false: the name is stated by the issuer, not signed
	IssuerName   string
	IssuerURL    string
	IssuerDID    string
	Host         string // the domain this page is served from: the one to type
	AwardedOn    issuer.Day
	IssuedAt     time.Time
	ValidUntil   *time.Time
	Public       bool // its holder lists it; otherwise robots are asked to stay away
	Copy         bool // that a wallet of its holder has

	RevokedCode     string // key of issuer.RevocationCodes
	RevokedReason   string // public words, may be ""
	RevokedAt       *time.Time
	SuspendedAt     *time.Time
	SuspendedReason string
	ReplacedBy      string // URL of the badge that replaced this one
	ReplacedAt      *time.Time
	Replaces        string // URL of the badge that this one replaced
	RenewedBy       string // URL of the badge of the next term
	RenewedUntil    *time.Time
	Renews          string // URL of the badge of the term before
}

// Links are the URLs of a badge and its forms, absolute.
type Links struct {
	Page   string
	JSON   string
	JWT    string // the token
	PNG    string
	SVG    string
	PDF    string // the certificate
	QRPNG  string
	QRSVG  string
	Card   string // the picture for sharing
	Slip   string // the code that also checks without network
	Verify string // the verify page, for this badge

	OEmbedJSON, OEmbedXML string // how another site embeds it; "" where it is not to be
}
