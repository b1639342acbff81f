package vcapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/vc"
	verifyweb "hallmark/verifier/web"
)

// answer is a report in the words of the protocol. An answer of 400 is a problem
// document too: it has the first four members then.
type answer struct {
	Type   string `json:"type,omitempty"`
	Title  string `json:"title,omitempty"`
	Status int    `json:"status,omitempty"`
	Detail string `json:"detail,omitempty"`

	Verified     bool            `json:"verified"`
	Credential   json.RawMessage `json:"credential,omitempty"`
	Presentation json.RawMessage `json:"presentation,omitempty"`
	Credentials  []answer        `json:"credentialResults,omitempty"`
	Problems     []problem       `json:"problemDetails,omitempty"`
	Warnings     []problem       `json:"warnings,omitempty"`
}

// problem is one problem (RFC 9457) of a credential.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	At     string `json:"pointer,omitempty"` // into the document
}

// kind says what a check of the report is to this protocol.
type kind struct {
	essential bool // without it nothing is genuine: 400
	current   bool // it decides, and the document is genuine without it: 200
	title     string
	problem   string // type where the check names none
}

const cryptographic = "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"

// kinds are the checks by name. Those that are not here are warnings.
var kinds = map[string]kind{
	"format": {essential: true, title: "Not a proper document", problem: vc.ProblemMalformed},
	"proof":  {essential: true, title: "Proof not verified", problem: cryptographic},
	"issuer": {essential: true, title: "Not the issuer's key", problem: cryptographic},
	"status": {current: true, title: "Status", problem: "about:blank"},
	"period": {current: true, title: "Validity period", problem: "about:blank"},
}

// genuine gives the check for want of which a document is not genuine; nil when
// it is. With proofOnly whose key signed is not asked.
func genuine(r *verifier.Report, proofOnly bool) *verifier.Check {
	for i := range r.Checks {
		c := &r.Checks[i]
		if kinds[c.Name].essential && c.Outcome != verifier.Verified && !(proofOnly && c.Name == "issuer") {
			return c
		}
	}
	return nil
}

// good says whether a check has nothing against the document.
func good(c *verifier.Check) bool {
	return c.Outcome == verifier.Verified || c.Outcome == verifier.Skipped
}

// answer maps a report. Verified is true if every essential check is verified
// and none that decides on currency is anything but verified or skipped: what
// could not be told is not good. With proofOnly only format and proof decide.
func (w *wish) answer(r *verifier.Report) *answer {
	a := &answer{Verified: true}
	for i := range r.Checks {
		c := &r.Checks[i]
		k := kinds[c.Name]
		decides := k.essential || k.current
		if w.proofOnly && c.Name != "format" && c.Name != "proof" {
			decides = false
		}
		switch {
		case c.Outcome == verifier.Verified, good(c) && !k.essential:
		case decides:
			a.Verified = false
			a.Problems = append(a.Problems, problems(c, k)...)
		default:
			a.Warnings = append(a.Warnings, problems(c, k)...)
		}
	}
	if c := genuine(r, w.proofOnly); c != nil {
		a.fail(problems(c, kinds[c.Name])[0])
	}
	if !w.explained {
		a.Problems, a.Warnings = nil, nil
	}
	return a
}

// problems makes the problems of one check: those at places of the document
// where it names them, else one.
func problems(c *verifier.Check, k kind) []problem {
	p := problem{Type: c.Problem, Title: k.title, Detail: c.Reason}
	if p.Type == "" {
		p.Type = k.problem
	}
	if p.Type == "" {
		p.Type = "about:blank"
	}
	if p.Title == "" {
		p.Title = strings.ToUpper(c.Name[:1]) + c.Name[1:]
	}
	places, _ := c.Detail["problems"].([]map[string]any)
	if len(places) == 0 {
		return []problem{p}
	}
	list := make([]problem, 0, len(places))
	for _, place := range places {
		one := p
		one.At, _ = place["at"].(string)
		if reason, ok := place["reason"].(string); ok {
			one.Detail = reason
		}
		list = append(list, one)
	}
	return list
}

// fail makes the answer a problem document.
func (a *answer) fail(p problem) {
	a.Verified = false
	a.Type, a.Title, a.Status, a.Detail = p.Type, p.Title, http.StatusBadRequest, p.Detail
}

// refuse fails the answer for a reason of the request's own.
func (a *answer) refuse(kind, reason string) {
	p := problem{Type: kind, Title: "Proof not verified", Detail: reason}
	if a.Status == 0 {
		a.fail(p)
	}
	a.Problems = append(a.Problems, p)
}

// content is what was signed, where it is asked for and known.
func (w *wish) content(r *verifier.Report) json.RawMessage {
	if !w.shown {
		return nil
	}
	return r.Credential
}

// presented says whether a report is about a presentation.
func presented(r *verifier.Report) bool {
	_, ok := r.Checks[0].Detail["holder"]
	return ok
}

// each answers for every credential of a presentation.
func (w *wish) each(r *verifier.Report) []answer {
	reports, _ := r.Checks[0].Detail["credentials"].([]*verifier.Report)
	var list []answer
	for _, report := range reports {
		a := w.answer(report)
		a.Credential = w.content(report)
		list = append(list, *a)
	}
	return list
}

// send writes the answer. What is not genuine shows nothing of the document.
func send(c echo.Context, a *answer) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	if a.Status == 0 {
		return c.JSON(http.StatusOK, a)
	}
	a.Credential, a.Presentation = nil, nil
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return c.Blob(a.Status, verifyweb.ProblemType, body)
}
