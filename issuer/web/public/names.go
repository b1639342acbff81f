package public

import (
	"bytes"
	"encoding/json"
	"regexp"

	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/strictjson"
)

// toWhom is where the summary of a report names who a badge was issued to.
// Words that were signed cannot leave their quotation marks there.
var toWhom = regexp.MustCompile(` to “[^“”]*”`)

// discreet takes the name of a holder who does not, or no longer, want to be
// named out of a report that we show. The signed bytes themselves stay as
// they are: whoever has them has the name, but no page of ours repeats it.
func discreet(report *verifier.Report, b *registrar.PublicBadge) (*verifier.Report, error) {
	if b.Name != "" || !bytes.Contains(report.Credential, []byte(`"identifier"`)) {
		return report, nil
	}
	var claims, subject map[string]json.RawMessage
	if err := strictjson.Decode(report.Credential, &claims); err != nil {
		return nil, err
	}
	if err := strictjson.Decode(claims["credentialSubject"], &subject); err != nil {
		return nil, err
	}
	if subject["identifier"] == nil {
		return report, nil
	}
	delete(subject, "identifier")
	quiet := *report
	quiet.Summary = toWhom.ReplaceAllString(report.Summary, "")
	var err error
	if claims["credentialSubject"], err = json.Marshal(subject); err != nil {
		return nil, err
	}
	quiet.Credential, err = json.Marshal(claims)
	return &quiet, err
}
