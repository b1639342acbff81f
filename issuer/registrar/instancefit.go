package registrar

import (
	"errors"
	"strconv"

	"hallmark/issuer"
	"hallmark/verifier/jsonld"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// fitToSign reads a credential that an instance is to sign. Stricter than a reader of
// what others signed: slips that leave the meaning plain are refused too, since
// here they can still be mended.
func fitToSign(doc []byte, i *issuer.Instance) (*vc.Credential, error) {
	c, problems, err := vc.Parse(doc)
	if err != nil {
		var syntax *strictjson.Error
		reason := "it is not readable JSON"
		if errors.As(err, &syntax) {
			reason += ": " + syntax.Reason + ", at byte " + strconv.Itoa(syntax.Offset)
		}
		return nil, &Unfit{[]vc.Problem{{Reason: reason, Type: vc.ProblemParsing, Fatal: true}}}
	}
	add := func(pointer, reason string) {
		problems = append(problems, vc.Problem{Pointer: pointer, Reason: reason, Type: vc.ProblemMalformed, Fatal: true})
	}
	if c.Issuer.ID != "" && c.Issuer.ID != i.DID() {
		add("/issuer", "this instance signs as "+i.DID()+" and for nobody else")
	}
	if c.Doc.Get("proof") != nil {
		add("/proof", "it has a proof already")
	}
	if i.Status != "" && c.Doc.Get("credentialStatus") != nil {
		add("/credentialStatus", "this instance adds the status entry itself")
	}
	if i.Status != "" && c.Version == 1 {
		add("/@context", "the vocabulary of version 1.1 does not define the status entry that this instance adds")
	}
	if i.Status != "" && len(c.ID) > maxCredentialID {
		add("/id", "its id is too long to keep a status by")
	}
	for n := range c.Status {
		if reason := fitEntry(&c.Status[n]); reason != "" {
			add("/credentialStatus/"+strconv.Itoa(n), reason)
		}
	}
	if len(problems) > 0 {
		return nil, &Unfit{problems}
	}
	// VC Data Integrity §4.1: what a processor of JSON-LD would drop is not
	// signed by anybody, under the JCS suites neither.
	if _, err := jsonld.Canonicalize(c.Doc, jsonld.Options{}); err != nil {
		p := vc.Problem{Reason: "it cannot be taken as RDF: " + err.Error(), Type: "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR", Fatal: true}
		var where *jsonld.Error
		if errors.As(err, &where) {
			p.Pointer, p.Reason = where.Pointer, where.Reason
		}
		return nil, &Unfit{[]vc.Problem{p}}
	}
	return c, nil
}

// maxCredentialID is the longest id, in bytes, that statuses are kept by.
const maxCredentialID = 1000

// fitEntry holds a BitstringStatusListEntry against Bitstring Status List §2.1.
func fitEntry(e *vc.StatusEntry) string {
	if e.Type != "BitstringStatusListEntry" {
		return ""
	}
	_, err := statuslist.ParseIndex(e.Index)
	switch {
	case e.Purpose == "":
		return "the status entry does not say what it is for (statusPurpose)"
	case err != nil:
		return "the number of the status entry (statusListIndex) is not a whole number, written as a string"
	case e.List == "" || e.List == e.ID:
		return "the status entry does not name its list (statusListCredential), or bears the list's own id"
	case e.Size < 1:
		return "the size of the status entry (statusSize) is not a whole number from 1"
	case e.Size > 1 && e.Value.Get("statusMessage") == nil:
		return "a status entry of several bits says what each value means (statusMessage)"
	}
	return ""
}
