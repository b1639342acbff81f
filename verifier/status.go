package verifier

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"hallmark/verifier/statuslist"
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
// own records where they know it, and by every status entry.
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
	// Our own records answer where a list of ours cannot be had just now.
	if known && worst.Outcome != Refused {
		worst = own
	}
	r.report.Checks[status] = worst
}

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
	if s.Known && (s.Issuer == "" || s.Issuer == c.Issuer.ID) {
		r.own = r.standing(s)
		r.report.Issuer.Trusted = true
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

// purposes are the meanings of a set bit (§2.1). "" informs but does not end
// the credential.
var purposes = map[string]string{"revocation": "revoked", "suspension": "paused", "refresh": "", "message": ""}

// entry looks one status entry up (Bitstring Status List v1.0 §3.2).
func (r *run) entry(c *vc.Credential, e *vc.StatusEntry) Check {
	detail := map[string]any{"type": e.Type, "purpose": e.Purpose, "list": e.List, "index": e.Index}
	answer := r.readEntry(c, e)
	answer.Detail = detail
	return answer
}

func (r *run) readEntry(c *vc.Credential, e *vc.StatusEntry) Check {
	if e.Type != "BitstringStatusListEntry" {
		return statusCheck(Undetermined, "", "Its status is kept in a way that is not read here ("+clip(e.Type, 40)+"), so it may have been withdrawn.")
	}
	word, known := purposes[e.Purpose]
	index, err := statuslist.ParseIndex(e.Index)
	switch {
	case err != nil:
		return statusCheck(Undetermined, problemStatusValue, "The number of its status entry cannot be read.")
	case e.Size == 0 || e.Size > 1 && word != "":
		return statusCheck(Undetermined, problemStatusValue, "The size of its status entry is wrong.")
	case e.Purpose == "" || e.List == "":
		return statusCheck(Undetermined, problemStatusValue, "Its status entry does not say where to look, or for what.")
	}
	list, failed := r.list(c, e)
	if failed != nil {
		return *failed
	}
	value, err := statuslist.Lookup(list.encoded, index, e.Size)
	if err != nil {
		var known *statuslist.Error
		problem := problemStatusValue
		if errors.As(err, &known) {
			problem = known.Type
		}
		return statusCheck(Undetermined, problem, "The status list cannot be read: "+plainCause(err)+".")
	}
	switch {
	case value == 0:
		return statusCheck(Verified, "", "The issuer's list of "+list.when+" does not mark it.")
	case !known:
		return statusCheck(Undetermined, "", "The issuer marked it with a meaning that is not known here: "+clip(e.Purpose, 40)+".")
	case word == "":
		return statusCheck(Verified, "", fmt.Sprintf("The issuer left a note on it (%s: %d), which does not end it.", e.Purpose, value))
	}
	if r.words.status == "" || word == "revoked" {
		r.words.status = word
	}
	return statusCheck(Refused, "", "The issuer's list of "+list.when+" shows it as "+word+".")
}

// bitstring is a list that may be believed.
type bitstring struct {
	encoded string
	when    string // when the list was signed
}

// list fetches and checks the credential of a status list: genuine, by the
// issuer of the credential itself, for this purpose, and in its period.
func (r *run) list(c *vc.Credential, e *vc.StatusEntry) (*bitstring, *Check) {
	fail := func(problem, reason string) (*bitstring, *Check) {
		check := statusCheck(Undetermined, problem, "Whether it was withdrawn could not be checked: "+reason+".")
		return nil, &check
	}
	if r.v.Status == nil {
		return fail(problemRetrieval, "the issuer's status list is not at hand")
	}
	if r.lookups >= maxLookups {
		return fail(problemRetrieval, errEnough.Error())
	}
	r.lookups++
	raw, err := r.v.Status.StatusList(r.ctx, e.List)
	if err != nil {
		return fail(problemRetrieval, "the issuer's status list could not be had")
	}
	l, problems, err := r.parse(bytes.TrimSpace(raw), listLimits)
	switch {
	case err != nil:
		return fail(problemStatusProof, "the issuer's status list is not a readable document")
	case vc.Fatal(problems) != nil:
		return fail(problemStatusProof, "the issuer's status list is not a proper credential")
	case !l.Has("BitstringStatusListCredential"):
		return fail(problemStatusProof, "what the issuer published is not a status list")
	case l.ID != "" && l.ID != e.List:
		return fail(problemStatusProof, "what was found is another status list")
	case l.Issuer.ID != c.Issuer.ID:
		return fail(problemStatusProof, "the status list is by someone else than the issuer")
	case l.ValidFrom != nil && r.now.Before(*l.ValidFrom):
		return fail(problemStatusProof, "the issuer's status list is dated in the future")
	case l.ValidUntil != nil && r.now.After(*l.ValidUntil):
		return fail(problemStatusProof, "the issuer's status list is out of date")
	case len(l.Subjects) != 1:
		return fail(problemStatusProof, "the issuer's status list is not one list")
	}
	subject := l.Subjects[0]
	if subject.Get("type").Text() != "BitstringStatusList" && !listed(subject.Get("type"), "BitstringStatusList") {
		return fail(problemStatusProof, "what the issuer published is not a status list")
	}
	if !listed(subject.Get("statusPurpose"), e.Purpose) {
		return fail(problemStatusProof, "the issuer's status list is for another purpose")
	}
	auth := r.authenticate(l)
	if !auth.genuine() {
		why := auth.proof
		if why.Outcome == Verified {
			why = auth.issuer
		}
		return fail(problemStatusProof, "the issuer's status list is not shown to be genuine ("+strings.TrimSuffix(why.Reason, ".")+")")
	}
	return &bitstring{subject.Get("encodedList").Text(), listDate(l, auth)}, nil
}

func listDate(l *vc.Credential, auth authentication) string {
	for _, p := range auth.results {
		if p.Created != nil {
			return p.Created.UTC().Format("2006-01-02")
		}
	}
	if l.ValidFrom != nil {
		return l.ValidFrom.UTC().Format("2006-01-02")
	}
	return "unknown date"
}

// listed says whether a text, or one of several, is this word.
func listed(v *strictjson.Value, word string) bool {
	for one := range v.Each() {
		if one.Text() == word {
			return true
		}
	}
	return false
}
