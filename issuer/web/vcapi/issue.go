package vcapi

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
	verifyweb "hallmark/verifier/web"
)

// signed is what issuing and deriving answer.
type signed struct {
	Credential json.RawMessage `json:"verifiableCredential"`
}

// issue answers POST …/credentials/issue: 201 with the credential, its proof an
// object, or 400 with every rule that it breaks.
func (a *VCAPI) issue(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	r, err := read(c, "credential")
	if err != nil {
		return err
	}
	doc, err := r.object("credential")
	if err != nil {
		return err
	}
	o, err := r.signing()
	if err != nil {
		return err
	}
	done, err := a.Registrar.SignAtInstance(c.Request().Context(), by, instanceOf(c).ID, doc, o)
	if err != nil {
		return unfit(err, "/credential")
	}
	return c.JSON(http.StatusCreated, signed{done})
}

func (r *request) signing() (o registrar.InstanceOptions, err error) {
	if err = r.understood("mandatoryPointers", "credentialId"); err != nil {
		return o, err
	}
	if o.CredentialID, err = r.text("credentialId"); err != nil {
		return o, err
	}
	if !web.Text(o.CredentialID) {
		return o, malformed("/options/credentialId", "The option %q must be readable text.", "credentialId")
	}
	o.Mandatory, err = r.texts("mandatoryPointers")
	return o, err
}

// unfit makes a problem document of what is wrong with a credential, which
// stands at a pointer into the body. Other errors stay as they are.
func unfit(err error, at string) error {
	var u *registrar.Unfit
	if !errors.As(err, &u) {
		return err
	}
	p := verifyweb.NewProblem(http.StatusBadRequest, "%s", u.Error())
	p.Type, p.Title = u.Problems[0].Type, titles[u.Problems[0].Type]
	if p.Title == "" {
		p.Title = http.StatusText(http.StatusBadRequest)
	}
	for i, problem := range u.Problems {
		if i == 20 {
			break
		}
		p.Errors = append(p.Errors, verifyweb.ProblemField{Field: at + problem.Pointer, Reason: problem.Reason})
	}
	return p
}

var titles = map[string]string{
	vc.ProblemMalformed: "Malformed value",
	vc.ProblemParsing:   "Parsing error",
	"https://w3id.org/security#DATA_LOSS_DETECTION_ERROR": "Data would be lost",
	problemGeneration: "Proof cannot be made",
}

const problemGeneration = "https://w3id.org/security#PROOF_GENERATION_ERROR"

// derive answers POST …/credentials/derive, as the holder of a credential under
// ecdsa-sd-2023: 201 with the parts at the pointers, the proof checked before it
// leaves. Whether what is shown is enough of a credential is the holder's choice.
func (a *VCAPI) derive(c echo.Context) error {
	r, err := read(c, "verifiableCredential")
	if err != nil {
		return err
	}
	doc, err := r.object("verifiableCredential")
	if err != nil {
		return err
	}
	if err := r.understood("selectivePointers"); err != nil {
		return err
	}
	pointers, err := r.texts("selectivePointers")
	if err != nil {
		return err
	}
	shown, err := dataintegrity.Derive(doc, pointers)
	if err != nil {
		p := malformed("/options/selectivePointers", "This cannot be shown in part: %s.", err)
		p.Type, p.Title = problemGeneration, titles[problemGeneration]
		return p
	}
	report, err := a.verifier().Verify(c.Request().Context(), shown, none)
	if err != nil {
		return err
	}
	if c := report.Checks[1]; c.Outcome != verifier.Verified {
		return malformed("/verifiableCredential", "What would be shown is not genuine: %s", c.Reason)
	}
	return c.JSON(http.StatusCreated, signed{shown})
}

// setStatus answers POST …/credentials/status: 200, and the list says so from
// then on. "status" left out means set.
func (a *VCAPI) setStatus(c echo.Context) error {
	by, err := web.CallerOf(c)
	if err != nil {
		return err
	}
	r, err := read(c, "credentialId", "credentialStatus", "status")
	if err != nil {
		return err
	}
	id, purpose, on, err := r.change()
	if err != nil {
		return err
	}
	if err := a.Registrar.SetInstanceStatus(c.Request().Context(), by, instanceOf(c).ID, id, purpose, on); err != nil {
		return unfit(err, "")
	}
	return c.JSON(http.StatusOK, map[string]any{"credentialId": id, "statusPurpose": purpose, "status": on})
}

// change reads which bit is to be what.
func (r *request) change() (id, purpose string, on bool, err error) {
	if err := r.understood(); err != nil {
		return "", "", false, err
	}
	id, entry, status := r.root.Get("credentialId").Text(), r.root.Get("credentialStatus"), r.root.Get("status")
	switch {
	case id == "" || len(id) > maxText || !web.Text(id):
		return "", "", false, malformed("/credentialId", "Say which credential by its id.")
	case entry == nil || entry.Kind != strictjson.Object:
		return "", "", false, malformed("/credentialStatus", "Say which status by an object with its type and purpose.")
	case entry.Get("type").Text() != "BitstringStatusListEntry":
		return "", "", false, malformed("/credentialStatus/type", "Statuses are kept as BitstringStatusListEntry here.")
	case status != nil && status.Kind != strictjson.Bool:
		return "", "", false, malformed("/status", "The status must be true or false.")
	}
	for i := range entry.Kids {
		switch name := entry.Kids[i].Name; name {
		case "id", "type", "statusPurpose", "statusListIndex", "statusListCredential":
		default:
			return "", "", false, malformed("/credentialStatus/"+clip(name), "The member %q is not understood here.", clip(name))
		}
	}
	return id, entry.Get("statusPurpose").Text(), status == nil || status.Str == "true", nil
}
