package web

import (
	"encoding/json"

	"hallmark/verifier"
	"hallmark/verifier/shown"
)

// What pages show of a report has a package of its own, which browsers share.
type (
	Result            = shown.Result
	ResultIssuer      = shown.Issuer
	ResultCheck       = shown.Check
	ResultEndorsement = shown.Endorsement
	Finding           = shown.Finding
	Claims            = shown.Claims
	Link              = shown.Link
	ClaimResult       = shown.ClaimResult
)

// ResultOf makes the block that pages show of a report.
func ResultOf(r *verifier.Report) Result {
	out := shown.Of(r)
	out.JSON = textOf(r)
	return out
}

// maxIndented is how long a report may grow by being indented. What is deep in a
// stranger's claims would make a hundred times as much of it.
const maxIndented = 256 << 10

func textOf(r *verifier.Report) string {
	text, err := json.MarshalIndent(r, "", "  ")
	if len(text) > maxIndented {
		text, err = json.Marshal(r)
	}
	if err != nil {
		return ""
	}
	return string(text)
}

// VerifyPage is the data of the template "page/verify".
type VerifyPage struct {
	Link    string  // what was typed, to show it again
	Code    string  // what was typed from paper, to show it again
	Coded   bool    // codes from paper are known here
	Text    string  // what was pasted, to show it again
	Problem string  // a sentence, when nothing could be checked; "" otherwise
	Result  *Result // nil before anything was checked
	Name    string  // recipient asked for, to show it again
	Own     string  // what the operator publishes of itself, as JSON; "" for nothing
	Held    string  // text of the credential, for asking again about what came in a file; "" for none

	Batch        *BatchPage // nil before many were checked
	Links        string     // what was pasted for many, to show it again
	BatchProblem string     // a sentence, when no table could be checked; "" otherwise
}
