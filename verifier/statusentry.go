package verifier

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// entry looks one status entry up.
func (r *run) entry(c *vc.Credential, e *vc.StatusEntry) Check {
	// The order of types does not matter (VC Data Model 2.0 §4.5): the one that
	// is known here counts.
	for t := range e.Value.Get("type").Each() {
		if kinds[t.Text()] != nil || t.Text() == revocationListType {
			e.Type = t.Text()
			break
		}
	}
	if e.Type == revocationListType {
		answer := r.readRevocationList(c, e)
		answer.Detail = map[string]any{"type": e.Type, "list": e.ID}
		return answer
	}
	answer := r.readEntry(c, e)
	answer.Detail = map[string]any{"type": e.Type, "purpose": e.Purpose, "list": e.List, "index": e.Index}
	return answer
}

// readEntry looks up an entry in a list of bits (Bitstring Status List v1.0 §3.2,
// Status List 2021 §4.2). An entry of several bits means what a set bit means
// unless all of them are unset.
func (r *run) readEntry(c *vc.Credential, e *vc.StatusEntry) Check {
	k := kinds[e.Type]
	if k == nil {
		return statusCheck(Undetermined, "", "Its status is kept in a way that is not read here ("+clip(e.Type, 40)+"), so it may have been withdrawn.")
	}
	index, err := statuslist.ParseIndex(e.Index)
	switch {
	case err != nil:
		return statusCheck(Undetermined, problemStatusValue, "The number of its status entry cannot be read.")
	case e.Size == 0 || e.Size > 1 && k != kinds["BitstringStatusListEntry"]:
		return statusCheck(Undetermined, problemStatusValue, "The size of its status entry is wrong.")
	case e.Purpose == "" || e.List == "":
		return statusCheck(Undetermined, problemStatusValue, "Its status entry does not say where to look, or for what.")
	}
	list, failed := r.list(c, e, k)
	if failed != nil {
		return *failed
	}
	value, err := k.lookup(list.encoded, index, e.Size)
	if err != nil {
		var known *statuslist.Error
		problem := problemStatusValue
		if errors.As(err, &known) {
			problem = known.Type
		}
		return statusCheck(Undetermined, problem, "The status list cannot be read: "+plainCause(err)+".")
	}
	return r.meaning(e, k, list, value)
}

// meaning says what the value of an entry means for the credential.
func (r *run) meaning(e *vc.StatusEntry, k *kind, list *bitstring, value uint64) Check {
	word, known := k.purposes[e.Purpose]
	message, ok := statusMessage(e, value)
	switch {
	case !ok:
		return statusCheck(Undetermined, problemStatusValue, "Its status entry does not say what the issuer's mark means.")
	case value == 0 && message == "":
		return statusCheck(Verified, "", "The issuer's list of "+list.when+" does not mark it.")
	case known && word == "" && message != "":
		return statusCheck(Verified, "", "The issuer left a note on it, which does not end it: “"+message+"”.")
	case value == 0:
		return statusCheck(Verified, "", "The issuer's list of "+list.when+" does not mark it: “"+message+"”.")
	case !known:
		return statusCheck(Undetermined, "", "The issuer marked it with a meaning that is not known here: "+clip(e.Purpose, 40)+".")
	case word == "":
		return statusCheck(Verified, "", "The issuer left a note on it ("+e.Purpose+": "+strconv.FormatUint(value, 10)+"), which does not end it.")
	}
	if r.words.status == "" || word == "revoked" {
		r.words.status = word
	}
	reason := "The issuer's list of " + list.when + " shows it as " + word
	if message != "" {
		reason += ": “" + message + "”"
	}
	return statusCheck(Refused, "", reason+".")
}

// statusMessage gives what the entry says that a value means (§2.1: statusMessage,
// values in hexadecimal). Entries of more than one bit must say it, and nothing
// may be said twice.
func statusMessage(e *vc.StatusEntry, value uint64) (message string, ok bool) {
	list := e.Value.Get("statusMessage")
	if list == nil {
		return "", e.Size == 1
	}
	found := 0
	for one := range list.Each() {
		digits, hex := strings.CutPrefix(one.Get("status").Text(), "0x")
		n, err := strconv.ParseUint(digits, 16, 8)
		if !hex || err != nil {
			return "", false
		}
		if n == value {
			found++
			message = clean(one.Get("message").Text(), 200)
		}
	}
	return message, found == 1 && message != ""
}

// bitstring is a list that may be believed.
type bitstring struct {
	encoded string
	when    string // when the list was signed
}

// kind is one of the standards for lists of bits.
type kind struct {
	credential string // types of the list's credential and of its subject
	subject    string
	purposes   map[string]string
	lookup     func(encoded string, index uint64, size int) (uint64, error)
}

// kinds are the standards by the type of the entry.
var kinds = map[string]*kind{
	"BitstringStatusListEntry": {
		credential: "BitstringStatusListCredential", subject: "BitstringStatusList", lookup: statuslist.Lookup,
		purposes: map[string]string{"revocation": "revoked", "suspension": "paused", "refresh": "", "message": ""},
	},
	// Status List 2021 §3: an entry is one bit for one of two purposes.
	"StatusList2021Entry": {
		credential: "StatusList2021Credential", subject: "StatusList2021",
		purposes: map[string]string{"revocation": "revoked", "suspension": "paused"},
		lookup: func(encoded string, index uint64, _ int) (uint64, error) {
			return statuslist.Lookup2021(encoded, index)
		},
	},
}

// list fetches and checks the credential of a status list: genuine, by the
// issuer of the credential itself, for this purpose, and in its period.
func (r *run) list(c *vc.Credential, e *vc.StatusEntry, k *kind) (*bitstring, *Check) {
	fail := func(problem, reason string) (*bitstring, *Check) {
		check := unknownStatus(problem, reason)
		return nil, &check
	}
	raw, why := r.fetchList(e.List)
	if why != "" {
		return fail(problemRetrieval, why)
	}
	l, problems, err := r.parse(bytes.TrimSpace(raw), listLimits)
	switch {
	case err != nil:
		return fail(problemStatusProof, "the issuer's status list is not a readable document")
	case vc.Fatal(problems) != nil:
		return fail(problemStatusProof, "the issuer's status list is not a proper credential")
	case !l.Has(k.credential):
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
	if !listed(subject.Get("type"), k.subject) {
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

// fetchList asks for a list, once in a Verify, and says why it could not be had.
func (r *run) fetchList(url string) (raw []byte, why string) {
	if raw, ok := r.lists[url]; ok {
		return raw, ""
	}
	switch {
	case r.v.Status == nil:
		return nil, "the issuer's status list is not at hand"
	case r.lookups >= maxLookups:
		return nil, errEnough.Error()
	}
	r.lookups++
	raw, err := r.v.Status.StatusList(r.ctx, url)
	if err != nil {
		return nil, "the issuer's status list could not be had"
	}
	if r.lists == nil {
		r.lists = map[string][]byte{}
	}
	r.lists[url] = raw
	return raw, ""
}

// unknownStatus answers where nobody can tell.
//
//go:noinline
func unknownStatus(problem, reason string) Check {
	return statusCheck(Undetermined, problem, "Whether it was withdrawn could not be checked: "+reason+".")
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
