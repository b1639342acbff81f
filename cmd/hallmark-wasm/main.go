//go:build js && wasm

// Command hallmark-wasm is the verifier in a browser: the same checks as on the
// server, with nothing sent anywhere.
//
// It sets two global functions:
//
//	hallmarkVerify(credential, known) → JSON text
//	hallmarkSlip(scanned, known) → JSON text
//
// credential is a string or a Uint8Array: a credential as JSON or as a token, or
// a PNG, SVG or PDF that carries one. known is optional and holds what the page has
// already: {documents: {id: JSON text}, keySets: {url: JSON text}, lists: {url:
// text}, trust: text, name: text, email: text, staple: text, log: {prefix: text,
// keys: text, proofs: {id: JSON text}, signed: {id: text}}}. The log is that of the
// issuer whose credentials' ids begin with the prefix; its keys stand one a line;
// signed are the bytes that it recorded, where the credential may be written in
// another way. The answer is
// {"report": …, "shown": …}: the report as every verification gives it, and what it
// says to people (package shown); or {"error": "…"}, a sentence, when there is no
// credential in the input. The program itself opens no connection; what is not
// handed in could not be checked, and the report says so.
//
// scanned is the text of a QR code: a slip, or a link with one. known is {slipKeys:
// text}, the issuer's keys for slips, one multikey a line. The answer is {"judged":
// …} (package slip), which is no report, or {"error": "…"}.
//
// Once the functions can be called, the program dispatches the event
// "hallmark-ready" on the global object.
//
// It is loaded over telephones, so its size counts. The report is written by
// go-jose's copy of encoding/json, which is in the program anyway: the original
// beside it would be 60 kB more when compressed. A test holds what it writes to
// the bytes that a server sends. The command line that builds the program is in
// cmd/check, which also weighs it.
package main

import (
	"context"
	std "encoding/json"
	"errors"
	"strings"
	"syscall/js"

	"github.com/go-jose/go-jose/v4/json"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/did"
	"hallmark/verifier/inclusion"
	"hallmark/verifier/shown"
)

// maxInput bounds what is copied out of the page: a picture or a PDF of 2 MiB.
const maxInput = 2 << 20

func main() {
	global := js.Global()
	global.Set("hallmarkVerify", js.FuncOf(func(_ js.Value, args []js.Value) any { return answer(args) }))
	global.Set("hallmarkSlip", js.FuncOf(func(_ js.Value, args []js.Value) any { return slipAnswer(args) }))
	if event := global.Get("Event"); event.Type() == js.TypeFunction && global.Get("dispatchEvent").Type() == js.TypeFunction {
		global.Call("dispatchEvent", event.New("hallmark-ready"))
	}
	select {}
}

// Why there is no report, in words for people.
const (
	noCredential = "There is no credential in this. Bring the badge itself: its JSON, or the PNG, SVG or PDF that carries it."
	noReport     = "The answer could not be written down. Bring the badge to the server instead."
)

// refusal is an error whose text is for people.
type refusal string

func (r refusal) Error() string { return string(r) }

// answer gives the report, or why there is none, as JSON text.
func answer(args []js.Value) string {
	var said struct {
		Report *verifier.Report `json:"report,omitempty"`
		Shown  *shown.Result    `json:"shown,omitempty"`
		Error  string           `json:"error,omitempty"`
	}
	report, err := check(args)
	if err == nil {
		people := shown.Of(report)
		for i := range report.Checks {
			numbers(report.Checks[i].Detail)
		}
		said.Report, said.Shown = report, &people
	} else {
		said.Error = sentence(err)
	}
	return text(said)
}

// text writes an answer.
func text(said any) string {
	raw, err := json.Marshal(said)
	if err != nil {
		return `{"error":"` + noReport + `"}`
	}
	return string(raw)
}

// numbers makes the numbers in the details of a check those of the writer here,
// to which the type of encoding/json is a text.
func numbers(v any) any {
	switch v := v.(type) {
	case std.Number:
		return json.Number(v)
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	}
	return v
}

// sentence says an error to people, as the server's page does.
func sentence(err error) string {
	var said refusal
	var picture *bake.Error
	switch {
	case errors.As(err, &said):
		return string(said)
	case errors.As(err, &picture) && !errors.Is(err, bake.ErrNotPicture):
		return picture.Reason
	}
	return noCredential
}

func check(args []js.Value) (*verifier.Report, error) {
	if len(args) == 0 {
		return nil, refusal("Choose a file or paste a badge.")
	}
	doc, err := input(args[0])
	if err != nil {
		return nil, err
	}
	known := page{js.Undefined()}
	if len(args) > 1 {
		known.object = args[1]
	}
	v := &verifier.Verifier{Keys: known, Status: known, Log: known}
	if list := known.text("trust"); list != "" {
		if v.Trust, err = verifier.ParseTrust([]byte(list)); err != nil {
			return nil, refusal("The list of trusted issuers could not be read.")
		}
	}
	ask := verifier.Ask{Name: known.text("name"), Email: known.text("email")}
	if status := known.text("staple"); status != "" {
		ask.Staple = []byte(status)
	}
	return v.Verify(context.Background(), doc, ask)
}

func input(v js.Value) ([]byte, error) {
	const tooLarge = refusal("This is larger than 2 MiB, which no badge is.")
	switch {
	case v.Type() == js.TypeString:
		doc := []byte(v.String())
		if len(doc) > maxInput {
			return nil, tooLarge
		}
		return doc, nil
	case v.InstanceOf(js.Global().Get("Uint8Array")):
		size := v.Get("length").Int()
		if size > maxInput {
			return nil, tooLarge
		}
		doc := make([]byte, size)
		js.CopyBytesToGo(doc, v)
		return doc, nil
	}
	return nil, refusal("Only text or a file can be checked.")
}

// page is what the page handed in; it stands for documents and lists.
type page struct{ object js.Value }

var errNotHandedIn = errors.New("it was not handed in")

// text reads a member that is text; "" when it is anything else.
func (p page) text(path ...string) string {
	v := p.object
	for _, name := range path {
		if v.Type() != js.TypeObject {
			return ""
		}
		v = v.Get(name)
	}
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// Document gives an issuer's document from known.documents.
func (p page) Document(_ context.Context, id string) (*did.Document, error) {
	raw := p.text("documents", id)
	if raw == "" {
		return nil, errNotHandedIn
	}
	return did.ParseDocument(id, []byte(raw))
}

// KeySet gives published keys from known.keySets.
func (p page) KeySet(_ context.Context, url string) (*did.KeySet, error) {
	raw := p.text("keySets", url)
	if raw == "" {
		return nil, errNotHandedIn
	}
	return did.ParseKeySet([]byte(raw))
}

// StatusList gives a status list credential from known.lists.
func (p page) StatusList(_ context.Context, url string) ([]byte, error) {
	raw := p.text("lists", url)
	if raw == "" {
		return nil, errNotHandedIn
	}
	return []byte(raw), nil
}

// Logged gives the proof from known.log that a credential stands in the log.
func (p page) Logged(_ context.Context, id string) (*verifier.Logged, error) {
	prefix := p.text("log", "prefix")
	if prefix == "" || !strings.HasPrefix(id, prefix) {
		return nil, nil
	}
	raw := p.text("log", "proofs", id)
	if raw == "" {
		return nil, errNotHandedIn
	}
	proof, err := inclusion.Parse([]byte(raw))
	if err != nil {
		return nil, err
	}
	logged := &verifier.Logged{Proof: proof, Keys: strings.Fields(p.text("log", "keys"))}
	if signed := p.text("log", "signed", id); signed != "" {
		logged.Signed = []byte(signed)
	}
	return logged, nil
}
