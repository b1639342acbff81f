package issuer

import "time"

// IssuerIdentity is where the issuer is and what it is called there, as badges carry
// both.
type IssuerIdentity struct {
	BaseURL string // without a slash at the end
	DID     string
}

// FormerIdentity is what the issuer was before it moved. They are numbered from
// 0 in the order of the moves; the number after the last is that of what it is
// now. StatusList.Identity is such a number.
type FormerIdentity struct {
	Number   int
	IssuerID IssuerID
	BaseURL  string
	DID      string
	EndedAt  time.Time
}

// Identities lists what the issuer was and, last, what it is.
func Identities(former []FormerIdentity, now *Issuer) []IssuerIdentity {
	all := make([]IssuerIdentity, 0, len(former)+1)
	for _, f := range former {
		all = append(all, IssuerIdentity{f.BaseURL, f.DID})
	}
	return append(all, IssuerIdentity{now.BaseURL, now.DID})
}
