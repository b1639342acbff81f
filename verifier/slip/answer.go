package slip

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"time"
)

// Verdicts on a slip. AsPrinted is not the verdict on a badge.
const (
	AsPrinted    = "verified as printed"
	Refused      = "refused"
	Undetermined = "undetermined"
)

// Answer says what became of a slip. It is no report: a slip is no Open Badge, and
// nothing here claims that the badge counts now.
type Answer struct {
	Verdict string `json:"verdict"`
	Summary string `json:"summary"` // a sentence or two; days as 2026-11-21
	Slip    Said   `json:"slip"`
	Page    string `json:"page,omitempty"` // where the badge itself can be checked
}

// Said is what was printed, with days and times as people and programs write
// them.
type Said struct {
	Credential  string `json:"credential"`
	Achievement string `json:"achievement"`
	Version     uint32 `json:"version"`
	Name        string `json:"name,omitempty"`
	Awarded     string `json:"awarded"`
	Issued      string `json:"issued"`
	Until       string `json:"until,omitempty"`
	Printed     string `json:"printed"`
	AsOf        string `json:"asOf,omitempty"`      // RFC 3339
	GoodUntil   string `json:"goodUntil,omitempty"` // RFC 3339
}

// Judge says what a slip is worth to someone who knows the issuer's keys for slips
// and the time, and nothing else.
func (s *Slip) Judge(keys []ed25519.PublicKey, now time.Time) *Answer {
	a := &Answer{Slip: s.said()}
	say := func(verdict, summary string) *Answer {
		a.Verdict, a.Summary = verdict, summary
		return a
	}
	err := s.Verify(keys)
	switch {
	case errors.Is(err, ErrKey):
		return say(Undetermined, "This code was signed by a key that is not known here. Ask the issuer that its link names.")
	case err != nil:
		return say(Refused, "Not genuine: what this code says was changed, or its issuer did not sign it.")
	case now.Add(24 * time.Hour).Before(s.Printed):
		return say(Undetermined, "This code is dated "+a.Slip.Printed+", which is still to come: look whether the clock here is right.")
	case !s.Until.IsZero() && !now.Before(s.Until.Add(24*time.Hour)):
		return say(Refused, "The issuer signed what this code says, and that the badge ended on "+a.Slip.Until+".")
	}
	stood := "."
	if now.Before(s.GoodUntil) {
		stood = ", and that the badge stood as of " + stamp(s.AsOf) + ", which is good until " + stamp(s.GoodUntil) + "."
	}
	return say(AsPrinted, "Verified as printed on "+a.Slip.Printed+": the issuer signed what this code says"+stood+" Whether the badge counts is what its page says at the time.")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func (s *Slip) said() Said {
	written := func(t time.Time, form string) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(form)
	}
	return Said{Credential: s.Credential, Achievement: s.Achievement, Version: s.Version, Name: s.Name,
		Awarded: written(s.Awarded, time.DateOnly), Issued: written(s.Issued, time.DateOnly), Until: written(s.Until, time.DateOnly),
		Printed: written(s.Printed, time.DateOnly), AsOf: written(s.AsOf, time.RFC3339), GoodUntil: written(s.GoodUntil, time.RFC3339)}
}

// Fault is what is wrong with what was scanned: a sentence for people.
type Fault string

func (f Fault) Error() string { return string(f) }

// The faults.
const (
	ErrNone Fault = "This is no code for checking without network."
	ErrTorn Fault = "This code is damaged. Scan it again, or open the link by itself."
	ErrLink Fault = "The link of this code leads to another badge than the one that the code was made from. Do not rely on it."
)

// Open reads what was scanned: a slip with its link before it, or by itself. Its
// error is a Fault.
func Open(scanned string) (*Slip, error) {
	text, found := Find(scanned)
	if !found {
		return nil, ErrNone
	}
	s, err := Read(text)
	if err != nil {
		return nil, ErrTorn
	}
	if link, _, linked := strings.Cut(scanned, "#"); linked && !leadsTo(link, s.Credential) {
		return nil, ErrLink
	}
	return s, nil
}

// leadsTo tells whether the link before a slip is that of its badge. Nothing
// signs the link: in front of a slip of one badge anybody can write that of
// another. No link at all is as good as the right one.
func leadsTo(link, credential string) bool {
	link, _, _ = strings.Cut(strings.TrimSpace(link), "?")
	return link == "" || strings.HasSuffix(strings.ToUpper(link), "/"+credential)
}
