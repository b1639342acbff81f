package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/verifier/slip"
	"hallmark/verifier/strictjson"
)

// SlipAnswer says what became of a slip, the short form of a badge in a QR
// code. It is no report: a slip is no Open Badge, and nothing here claims that
// the badge is still good.
type SlipAnswer struct {
	// Verdict is "verified as printed", "refused" or "undetermined".
	Verdict string     `json:"verdict"`
	Summary string     `json:"summary"`
	Slip    SlipClaims `json:"slip"`
	Page    string     `json:"page,omitempty"` // where the badge itself can be checked
}

// SlipClaims are what was printed, with days as people and programs write them.
type SlipClaims struct {
	Credential  string `json:"credential"`
	Achievement string `json:"achievement"`
	Version     uint32 `json:"version"`
	Name        string `json:"name,omitempty"`
	Awarded     string `json:"awarded"`
	Issued      string `json:"issued"`
	Until       string `json:"until,omitempty"`
	Printed     string `json:"printed"`
}

// Slips checks slips with the keys that the operator knows.
type Slips func(ctx context.Context, s *slip.Slip) (answer *SlipAnswer, err error)

// slip answers {"slip": what was scanned}; asked is false for other bodies.
func (v *Verify) slip(c echo.Context, doc []byte) (asked bool, err error) {
	root, err := strictjson.Parse(doc)
	if err != nil || v.Slips == nil || root.Kind != strictjson.Object || root.Get("slip") == nil {
		return false, nil
	}
	var req struct {
		Slip string `json:"slip"`
	}
	if err := Decode(doc, &req); err != nil {
		return true, err
	}
	text, found := slip.Find(req.Slip)
	if !found {
		return true, WrongField("slip", "Send what was scanned: a link that ends in #%s… with the code behind it.", slip.Mark)
	}
	read, err := slip.Read(text)
	if err != nil {
		return true, NewProblem(http.StatusBadRequest, "This code is damaged. Scan it again, or open the link by itself.")
	}
	if link, _, linked := strings.Cut(req.Slip, "#"); linked && !leadsTo(link, read.Credential) {
		return true, NewProblem(http.StatusUnprocessableEntity, "The link of this code leads to another badge than the one that the code was made from. Do not rely on it.")
	}
	answer, err := v.Slips(c.Request().Context(), read)
	if err != nil {
		return true, err
	}
	return true, c.JSON(http.StatusOK, answer)
}

// leadsTo tells whether the link before a slip is that of its badge. Nothing
// signs the link: in front of a slip of one badge anybody can write that of
// another. No link at all is as good as the right one.
func leadsTo(link, credential string) bool {
	link, _, _ = strings.Cut(strings.TrimSpace(link), "?")
	return link == "" || strings.HasSuffix(strings.ToUpper(link), "/"+credential)
}
