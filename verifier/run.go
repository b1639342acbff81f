package verifier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hallmark/verifier/bake"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/ob3"
	"hallmark/verifier/vc"
)

// maxLookups is how many documents and lists one Verify asks others for.
const maxLookups = 4

// run is one Verify: the report in the making and what was looked up for it.
type run struct {
	v          *Verifier
	ctx        context.Context
	now        time.Time
	report     *Report
	credential *vc.Credential
	lookups    int
	budget     *dataintegrity.Budget // of all signatures that are checked in this Verify
	documents  map[string]lookup
	lists      map[string][]byte // status lists by address
	sets       map[string]setLookup
	tokens     map[*vc.Credential]*envelope // of what came in a token
	words      summaryWords

	own         Check  // what the operator's records say; no outcome: nothing
	recordsDown bool   // they could not be read
	unnamed     bool   // the holder's name stays out of the report
	staple      []byte // the status that came beside the credential; nil: none

	carrier bake.Kind // of the file that it was taken out of; "": none
	carried []byte    // that file
}

// lookup is a document that was asked for, or why it could not be had.
type lookup struct {
	doc *did.Document
	err error
}

var errEnough = errors.New("enough was looked up for one credential")

// judge fills the report about a credential that could be parsed.
func (r *run) judge(c *vc.Credential, problems []vc.Problem, ask Ask) {
	r.assess(c, problems, r.identify(c, problems), ask)
}

// identify answers what a credential is and whose: format, proof and issuer.
func (r *run) identify(c *vc.Credential, problems []vc.Problem) authentication {
	r.credential = c
	r.describe(c)
	r.report.Issuer.ID = c.Issuer.ID
	r.judgeFormat(problems)
	auth := r.authenticate(c)
	*r.report.check(proof) = auth.proof
	*r.report.check(issuer) = auth.issuer
	r.report.Issuer.How = auth.issuer.Reason
	r.askRecords(c)
	if auth.proof.Outcome == Verified {
		r.report.Credential = r.claims(auth.signed)
		r.report.Issuer.Name = c.Issuer.Name
	}
	return auth
}

// assess answers the other questions about a credential that was identified.
func (r *run) assess(c *vc.Credential, problems []vc.Problem, auth authentication, ask Ask) {
	r.judgeTrust()
	r.judgeStatus(c)
	r.judgePeriod(c)
	r.judgeRecipient(c, ask)
	r.judgeSchema(c)
	r.judgeConformance(c, problems, auth)
	r.judgeLog(c)
	r.judgeEndorsements(c)
	r.judgePicture(auth.signed)
}

func (r *run) judgeFormat(problems []vc.Problem) {
	fatal := vc.Fatal(problems)
	if fatal == nil {
		r.report.set(format, Verified, "The document is a well-formed credential.")
		return
	}
	c := r.report.set(format, Refused, "The document is not a proper credential: "+fatal.Reason+".")
	c.Problem = fatal.Type
	c.Detail = map[string]any{"problems": describe(problems, true)}
}

// describe lists problems for a report: those that are fatal, or the others.
func describe(problems []vc.Problem, fatal bool) []map[string]any {
	var list []map[string]any
	for _, p := range problems {
		if p.Fatal == fatal && len(list) < 20 {
			list = append(list, map[string]any{"at": p.Pointer, "reason": p.Reason})
		}
	}
	return list
}

// document finds the document of an identifier, asking others at most
// maxLookups times per Verify and once for each identifier.
func (r *run) document(id string) (*did.Document, error) {
	if doc, err := did.Derive(id); !errors.Is(err, did.ErrMethod) {
		return doc, err
	}
	if found, ok := r.documents[id]; ok {
		return found.doc, found.err
	}
	found := lookup{err: errors.New("nobody was asked, because this check works offline")}
	switch {
	case r.v.Keys == nil:
	case r.lookups >= maxLookups:
		found.err = errEnough
	default:
		r.lookups++
		found.doc, found.err = r.v.Keys.Document(r.ctx, id)
		if found.err == nil && (found.doc == nil || found.doc.ID != id) {
			found = lookup{err: fmt.Errorf("the document found for %s belongs to someone else", id)}
		}
	}
	if r.documents == nil {
		r.documents = map[string]lookup{}
	}
	r.documents[id] = found
	return found.doc, found.err
}

// finish gives the verdict and the summary.
func (r *run) finish() *Report {
	r.report.Verdict = Verdict(r.report.Checks)
	r.report.Summary = r.summary()
	return r.report
}

// judgeSchema holds a badge against the data model of Open Badges 3.0. Schemas
// that the credential names are never fetched.
func (r *run) judgeSchema(c *vc.Credential) {
	badge := c.Has("OpenBadgeCredential") || c.Has("AchievementCredential")
	switch {
	case !badge && c.Has("EndorsementCredential") && c.Version == 2:
		r.schemaProblems(ob3.CheckEndorsement(c.Doc))
	case !badge:
		r.report.set(schema, Skipped, "This is not an Open Badge, and other schemas are not fetched.")
	case c.Version == 1:
		r.report.set(schema, Skipped, "The badge follows the older data model, whose schema is not held here.")
	default:
		r.schemaProblems(ob3.Check(c.Doc))
	}
}

func (r *run) schemaProblems(problems []ob3.Problem) {
	if len(problems) == 0 {
		r.report.set(schema, Verified, "The badge follows the rules of Open Badges 3.0.")
		return
	}
	first := problems[0]
	c := r.report.set(schema, Refused, "The badge breaks rules of Open Badges 3.0: "+first.Rule+": "+first.Reason+".")
	var list []map[string]any
	for _, p := range problems {
		list = append(list, map[string]any{"at": p.Pointer, "rule": p.Rule, "reason": p.Reason})
	}
	c.Detail = map[string]any{"problems": list}
}

// judgeConformance reports slips that leave the meaning plain.
func (r *run) judgeConformance(c *vc.Credential, problems []vc.Problem, auth authentication) {
	list := describe(problems, false)
	if (c.Has("OpenBadgeCredential") || c.Has("AchievementCredential")) && !ob3.SubjectNamed(c.Doc) {
		list = append(list, map[string]any{"at": "/credentialSubject", "reason": "a badge must name its earner by an id or an identifier"})
	}
	for _, p := range auth.results {
		if p.State == dataintegrity.Good && p.Created != nil && p.Created.After(r.now.Add(5*time.Minute)) {
			list = append(list, map[string]any{"at": "/proof", "reason": "the proof says that it was made in the future"})
		}
	}
	if where, undefined := undefinedTerm(auth); undefined {
		list = append(list, map[string]any{"at": where, "reason": "something in it is not defined by the vocabularies that it names"})
	}
	reason := "The credential departs from the standards in ways that leave its meaning plain: "
	if names := deceptiveNames(c); len(names) > 0 {
		list, reason = append(names, list...), "Read the names in it with care: "
	}
	if len(list) == 0 {
		r.report.set(conformance, Verified, "No slips against the standards were found.")
		return
	}
	check := r.report.set(conformance, Refused, reason+list[0]["reason"].(string)+".")
	check.Detail = map[string]any{"problems": list}
}

// undefinedTerm looks for members without a defined meaning where a proof signs
// the JSON itself: they are signed, yet VC Data Model 2.0 §4.3 wants them
// defined. Other proofs cannot be right with such members.
func undefinedTerm(auth authentication) (pointer string, found bool) {
	for _, p := range auth.results {
		if p.State != dataintegrity.Good || p.Statements != nil {
			continue
		}
		_, err := jsonld.Canonicalize(p.Signed, jsonld.Options{})
		var refused *jsonld.Error
		if errors.As(err, &refused) {
			return refused.Pointer, true
		}
	}
	return "", false
}
