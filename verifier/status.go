package verifier

import (
	"strings"
	"time"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// Problem types of Bitstring Status List v1.0 §3.3.
const (
	problemRetrieval   = "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"
	problemStatusProof = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
	problemStatusValue = "https://www.w3.org/ns/credentials/status-list#MALFORMED_VALUE_ERROR"
)

// listLimits bound a status list credential: 2 MiB of encoded list and the
// envelope around it.
var listLimits = strictjson.Limits{Bytes: 2<<20 + 64<<10, Values: 2048, Names: 1024}

// maxEntries is how many status entries of one credential are looked up.
const maxEntries = 4

// judgeStatus answers whether the credential was withdrawn: by the operator's
// own records where they know it, and by every status entry; where their lists
// cannot be had, by the status that came beside it.
func (r *run) judgeStatus(c *vc.Credential) {
	own, known := r.own, r.own.Outcome != ""
	if own.Outcome == Refused {
		*r.report.check(status) = own
		return
	}
	answers := make([]Check, 0, len(c.Status)+1)
	for i := range c.Status {
		if i == maxEntries {
			answers = append(answers, statusCheck(Undetermined, "", "The credential has more status entries than are looked up."))
			break
		}
		answers = append(answers, r.entry(c, &c.Status[i]))
	}
	switch {
	case len(c.Status) == 0 && c.Doc.Get("credentialStatus") != nil:
		answers = append(answers, statusCheck(Undetermined, problemStatusValue, "The status entry of the credential cannot be read."))
	case len(answers) == 0 && r.recordsDown:
		answers = append(answers, statusCheck(Undetermined, problemRetrieval, "Whether it was withdrawn could not be checked: our records could not be read."))
	case len(answers) == 0 && !known:
		r.report.set(status, Skipped, "The credential has no status entry: its issuer keeps no list of withdrawn ones for it.")
		return
	}
	worst := worstOf(answers)
	switch {
	case worst.Outcome == Refused:
	case known: // our own records answer where a list of ours cannot be had just now
		worst = own
	case r.staple != nil && unreadLists(answers):
		worst = r.stapled(c, worst)
	}
	r.report.Checks[status] = worst
}

//go:noinline
func statusCheck(o Outcome, problem, reason string) Check {
	return Check{Name: Names[status], Outcome: o, Reason: reason, Problem: problem}
}

// worstOf gives a refusal before anything unknown before what is good.
func worstOf(checks []Check) Check {
	if len(checks) == 0 {
		return Check{}
	}
	worst := checks[0]
	for _, c := range checks[1:] {
		if worst.Outcome == Verified && c.Outcome != Verified || worst.Outcome == Undetermined && c.Outcome == Refused {
			worst = c
		}
	}
	return worst
}

// askRecords asks the operator's own records, once the issuer is known. They
// speak only of credentials that are shown to be the operator's: an id can be
// copied. While they cannot be read, the list alone answers.
func (r *run) askRecords(c *vc.Credential) {
	if r.v.Records == nil || c.ID == "" || r.report.check(issuer).Outcome != Verified {
		return
	}
	s, err := r.v.Records.Standing(r.ctx, c.ID)
	if err != nil {
		r.recordsDown = true
		return
	}
	switch {
	case !s.Known:
	case s.Issuer == "" || s.Issuer == c.Issuer.ID:
		r.own = r.standing(s)
		r.unnamed = r.unnamed || s.Unnamed
		r.report.Issuer.Trusted = true
	default:
		r.report.set(issuer, Refused, "It bears the address of a credential of ours, and we did not sign it.")
	}
}

// standing puts what the records say into an answer.
func (r *run) standing(s Standing) Check {
	answer := statusCheck(Verified, "", "Our records show that it stands: it was neither withdrawn nor replaced.")
	answer.Detail = map[string]any{"state": s.State}
	for name, value := range map[string]string{"reason": s.Reason, "replacedBy": s.ReplacedBy} {
		if value != "" {
			answer.Detail[name] = value
		}
	}
	if !s.Since.IsZero() {
		answer.Detail["since"] = s.Since.UTC().Format("2006-01-02T15:04:05Z")
	}
	word, ok := standingWords[s.State]
	switch {
	case !ok:
		answer.Outcome, answer.Reason = Undetermined, "Our records have this credential in a state that is not known here."
	case word != "":
		r.words.status = word + since(word, s.Since)
		answer.Outcome, answer.Reason = Refused, "It was "+r.words.status+because(s.Reason)
		if s.ReplacedBy != "" {
			answer.Reason += " The one that counts is at " + s.ReplacedBy + "."
		}
	}
	return answer
}

// standingWords are the words for states that end or pause a credential; ""
// for states that do not (expiry is a matter of the period).
var standingWords = map[string]string{"issued": "", "expired": "", "suspended": "paused", "revoked": "revoked",
	"superseded": "replaced by a newer one", "withdrawn": "withdrawn"}

func since(word string, at time.Time) string {
	switch {
	case at.IsZero():
		return ""
	case word == "paused":
		return " since " + at.UTC().Format("2006-01-02")
	}
	return " on " + at.UTC().Format("2006-01-02")
}

func because(reason string) string {
	if reason == "" {
		return "."
	}
	return ": " + strings.TrimSuffix(clean(reason, 200), ".") + "."
}
