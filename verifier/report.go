package verifier

import (
	"encoding/json"
	"errors"
	"time"
)

// Outcome is the answer to one question.
type Outcome string

// The four outcomes. The zero value vouches for nothing and counts as
// undetermined.
const (
	Verified     Outcome = "verified"     // checked and good
	Refused      Outcome = "refused"      // checked and bad: trying again will not help
	Undetermined Outcome = "undetermined" // could not be checked now: trying again may help
	Skipped      Outcome = "skipped"      // does not apply
)

// Check is one question and its answer.
type Check struct {
	Name    string         `json:"name"`
	Outcome Outcome        `json:"outcome"`
	Reason  string         `json:"reason"` // a sentence for people
	Detail  map[string]any `json:"detail,omitempty"`
	Problem string         `json:"problem,omitempty"` // RFC 9457 type, where a standard names one
}

// Report is the answer about one credential.
type Report struct {
	Verdict    Outcome         `json:"verdict"`    // verified, refused or undetermined
	Summary    string          `json:"summary"`    // one sentence; its first words are the answer
	Checks     []Check         `json:"checks"`     // all of Names, in that order
	Credential json.RawMessage `json:"credential"` // what was signed; null unless the proof is right
	Issuer     Issuer          `json:"issuer"`
	CheckedAt  time.Time       `json:"checkedAt"`
}

// Issuer is who the credential names as its issuer.
type Issuer struct {
	ID      string `json:"id"`
	Name    string `json:"name"`    // self-given and signed, or the trust list's; "" when unknown
	Trusted bool   `json:"trusted"` // on the reader's list, or the operator itself
	How     string `json:"how"`     // how the key was tied to the issuer, or why it was not
}

// Positions of the checks in a report.
const (
	format = iota
	proof
	issuer
	trust
	status
	period
	recipient
	refresh
	schema
	conformance
	log
	endorsement
	image
	count
)

// Deciding is how many checks decide, from the first on; the others inform.
const Deciding = recipient + 1

// Names are the names of the checks in the order of every report.
var Names = [count]string{"format", "proof", "issuer", "trust", "status", "period", "recipient",
	"refresh", "schema", "conformance", "log", "endorsement", "image"}

// ErrNoCredential says that there is no credential in the bytes.
var ErrNoCredential = errors.New("there is no credential here")

// Verdict is the one place where outcomes become an answer: any deciding check
// refused: refused; else any undetermined: undetermined; else verified. Without
// format, proof and issuer verified nothing is, whatever the others say, and a
// missing or unknown outcome is undetermined.
func Verdict(checks []Check) Outcome {
	verdict := Verified
	for i := range Deciding {
		outcome := Undetermined
		if i < len(checks) {
			outcome = checks[i].Outcome
		}
		switch {
		case outcome == Refused:
			return Refused
		case outcome == Verified:
		case outcome == Skipped && i > issuer:
		default:
			verdict = Undetermined
		}
	}
	return verdict
}

// check gives the check with this position. Neither it nor set is inlined: the
// copies took 9 KB of the browsers' program, compressed.
//
//go:noinline
func (r *Report) check(i int) *Check { return &r.Checks[i] }

// set answers a question.
//
//go:noinline
func (r *Report) set(i int, o Outcome, reason string) *Check {
	c := &r.Checks[i]
	c.Outcome, c.Reason = o, reason
	return c
}
