package verifier

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
	"hallmark/verifier/vcjose"
)

// envelope is the token in which a credential or presentation came.
type envelope struct {
	token   *vcjose.Token
	refused error             // why the token must not be believed, or cannot be
	claims  *strictjson.Value // the payload
	style   tokenStyle

	contradiction string     // where the claims deny the credential; a sentence
	issued        *time.Time // iat
	from, until   *time.Time // when the signature holds; nil: always
}

// tokenStyle says what the claims beside the credential mean.
type tokenStyle uint8

const (
	badgeToken  tokenStyle = iota // Open Badges 3.0 §8.2: claims repeat the credential
	legacyToken                   // VC Data Model 1.1 §6.3.1: the credential is in a claim, others may replace its members
	plainToken                    // VC-JOSE-COSE §3.1: claims are about the signature
)

// registered are the claims of RFC 7519 §4.1, which are not the credential's.
var registered = map[string]bool{"iss": true, "sub": true, "aud": true, "exp": true, "nbf": true, "iat": true, "jti": true}

// tokenTypes are the values of typ for each kind of content. The forms with
// "ld" stand in tokens made after drafts of VC-JOSE-COSE.
var tokenTypes = map[string]tokenStyle{"": badgeToken, "jwt": badgeToken,
	"vc+jwt": plainToken, "vc+ld+jwt": plainToken, "vc+ld+json+jwt": plainToken,
	"vp+jwt": plainToken, "vp+ld+jwt": plainToken, "vp+ld+json+jwt": plainToken}

// otherForms are values of typ for forms that are not read here: what SD-JWT
// hides would be missing from the claims.
var otherForms = map[string]bool{"vc+sd-jwt": true, "vp+sd-jwt": true, "dc+sd-jwt": true, "kb+jwt": true}

// looksLikeCOSE: the beginning of a COSE_Sign1 (RFC 9052 §4.2: tag 18, four
// members), as bytes or in base64, which is how VC-JOSE-COSE §3.3 secures
// credentials apart from tokens. It is told from rubbish, and not read.
func looksLikeCOSE(text []byte) bool {
	return bytes.HasPrefix(text, []byte{0xd2, 0x84}) || len(text) > 40 && bytes.HasPrefix(text, []byte("0o")) && bytes.IndexByte([]byte("QRST"), text[2]) >= 0 && !bytes.ContainsAny(text, " {<")
}

// looksLikeJWT: text that begins like a header {… in base64url and has the dots
// of a token. Whether it is one, vcjose says.
func looksLikeJWT(text []byte) bool {
	return len(text) > 2 && text[0] == 'e' && strings.IndexByte("wxyz0123456789-_", text[1]) >= 0 &&
		bytes.Count(text, []byte(".")) >= 2 && !bytes.ContainsAny(text, `{"`)
}

// parse reads a credential or presentation: JSON, a compact token, or JSON that
// only wraps a token (VC Data Model 2.0 §4.12.1, EnvelopedVerifiableCredential).
func (r *run) parse(text []byte, limits strictjson.Limits) (*vc.Credential, []vc.Problem, error) {
	switch {
	case looksLikeJWT(text):
		return r.parseToken(text, limits)
	case looksLikeCOSE(text):
		return nil, nil, errForm
	}
	c, problems, err := vc.ParseLimits(text, limits)
	if err != nil || !c.Has("EnvelopedVerifiableCredential") && !c.Has("EnvelopedVerifiablePresentation") {
		return c, problems, err
	}
	token, err := unwrap(c.Doc)
	if err != nil {
		return nil, nil, err
	}
	return r.parseToken(token, limits)
}

// within reads a credential that stands in another document: an object, or the
// text of a token.
func (r *run) within(v *strictjson.Value) (*vc.Credential, []vc.Problem, error) {
	if v.Kind == strictjson.String {
		return r.parseToken([]byte(v.Str), strictjson.DefaultLimits)
	}
	root := *v
	root.Name = ""
	c, problems := vc.Read(&root, nil)
	if !c.Has("EnvelopedVerifiableCredential") {
		return c, problems, nil
	}
	token, err := unwrap(c.Doc)
	if err != nil {
		return nil, nil, err
	}
	return r.parseToken(token, strictjson.DefaultLimits)
}

var errForm = errors.New("it is signed in a form that is not read here")

// unwrap takes the token out of an enveloped credential's data: URL (VC Data
// Model 2.0 §4.12.1, §4.12.2).
func unwrap(doc *strictjson.Value) ([]byte, error) {
	if !listed(doc.Get("@context"), vc.ContextV2) {
		return nil, errors.New("the enveloped credential does not name its vocabulary (@context)")
	}
	rest, ok := strings.CutPrefix(doc.Get("id").Text(), "data:application/")
	media, token, comma := strings.Cut(rest, ",")
	if !ok || !comma {
		return nil, errors.New("the enveloped credential has no data URL as its id")
	}
	if style, ok := tokenTypes[strings.ToLower(media)]; !ok || style != plainToken {
		return nil, errForm
	}
	return []byte(token), nil
}

// parseToken reads the credential in a token. Errors are about what cannot be
// read; what must not be believed is kept for the proof to say.
func (r *run) parseToken(text []byte, limits strictjson.Limits) (*vc.Credential, []vc.Problem, error) {
	switch {
	case bytes.IndexByte(text, '~') >= 0:
		return nil, nil, errForm // SD-JWT
	case len(text) > limits.Bytes:
		return nil, nil, errors.New("the token is too large")
	}
	token, refused := vcjose.Parse(text)
	if token == nil {
		return nil, nil, errors.New(refused.Error())
	}
	if otherForms[token.Type] {
		return nil, nil, errForm
	}
	payload, err := strictjson.ParseLimits(token.Payload, limits)
	if err != nil {
		return nil, nil, err
	}
	if payload.Kind != strictjson.Object {
		return nil, nil, errors.New("the token holds no object")
	}
	e := &envelope{token: token, refused: refused, claims: payload}
	doc, problems := e.content()
	c, more := vc.Read(doc, token.Payload)
	problems = append(append(problems, more...), e.compare(c)...)
	problems = append(problems, e.judgeType(c)...)
	if r.tokens == nil {
		r.tokens = map[*vc.Credential]*envelope{}
	}
	r.tokens[c] = e
	return c, problems, nil
}

// content finds the credential or presentation in the claims.
func (e *envelope) content() (*strictjson.Value, []vc.Problem) {
	inner := e.claims.Get("vc")
	if inner == nil {
		inner = e.claims.Get("vp")
	}
	e.style = tokenTypes[e.token.Type]
	switch {
	case inner == nil:
		doc := *e.claims
		doc.Kids = make([]strictjson.Value, 0, len(e.claims.Kids))
		for _, kid := range e.claims.Kids {
			if !registered[kid.Name] {
				doc.Kids = append(doc.Kids, kid)
			}
		}
		return &doc, nil
	case e.claims.Get("@context") != nil || e.claims.Get("vc") != nil && e.claims.Get("vp") != nil:
		return e.claims, []vc.Problem{{Pointer: "/vc", Reason: "the token holds two credentials at once", Type: vc.ProblemMalformed, Fatal: true}}
	}
	var problems []vc.Problem
	if e.style == plainToken {
		problems = append(problems, slip("/vc", "the credential stands in a claim of the token, where its type wants it to be the whole"))
	}
	e.style = legacyToken
	return e.complete(inner), problems
}

func slip(pointer, reason string) vc.Problem {
	return vc.Problem{Pointer: pointer, Reason: reason, Type: vc.ProblemMalformed}
}

// complete gives a credential the members that claims stand in for (VC Data
// Model 1.1 §6.3.1, "JWT Decoding").
func (e *envelope) complete(inner *strictjson.Value) *strictjson.Value {
	doc := *inner
	doc.Name = ""
	if doc.Kind != strictjson.Object {
		return &doc
	}
	doc.Kids = append([]strictjson.Value(nil), inner.Kids...)
	from, until := "issuanceDate", "expirationDate"
	for context := range inner.Get("@context").Each() {
		if context.Text() == vc.ContextV2 {
			from, until = "validFrom", "validUntil"
		}
		break
	}
	owner := "issuer"
	if inner.Get("verifiableCredential") != nil {
		owner = "holder"
	}
	texts := map[string]string{owner: e.claims.Get("iss").Text(), "id": e.claims.Get("jti").Text()}
	for name, claim := range map[string]string{from: "nbf", until: "exp"} {
		if at, err := did.ParseNumericDate(e.claims.Get(claim)); err == nil && owner == "issuer" {
			texts[name] = at.Format("2006-01-02T15:04:05Z")
		}
	}
	for _, name := range [...]string{"id", owner, from, until} {
		if text := texts[name]; text != "" && doc.Get(name) == nil {
			doc.Kids = append(doc.Kids, strictjson.Value{Kind: strictjson.String, Name: name, Str: text})
		}
	}
	if subject := doc.Get("credentialSubject"); subject != nil && subject.Kind == strictjson.Object && subject.Get("id") == nil && e.claims.Get("sub").Text() != "" {
		named := *subject
		id := strictjson.Value{Kind: strictjson.String, Name: "id", Str: e.claims.Get("sub").Text()}
		named.Kids = append([]strictjson.Value{id}, subject.Kids...)
		*subject = named
	}
	return &doc
}

// judgeType refuses a token that was made for another use (RFC 8725 §3.11), by
// its typ or by its cty; a cty that names no such content is only worth a word
// (VC-JOSE-COSE §3.1.1).
func (e *envelope) judgeType(c *vc.Credential) []vc.Problem {
	if e.refused != nil {
		return nil
	}
	kind, content := e.token.Type, e.token.Content
	_, known := tokenTypes[kind]
	wrong := kind != "" && kind != "jwt" && strings.HasPrefix(kind, "vp") != isPresentation(c)
	presents, named := contents[content]
	if !known || wrong || named && presents != isPresentation(c) {
		e.refused = &vcjose.Error{Kind: vcjose.ErrForbidden, Reason: "the token was made for another use"}
	}
	if content != "" && !named {
		return []vc.Problem{slip("/", "the token's header names another content than it has (cty)")}
	}
	return nil
}

// contents are the values of cty, and whether they say that it is a
// presentation. Those with "ld" and "credential" stand in older tokens.
var contents = map[string]bool{"vc": false, "vc+ld+json": false, "credential+ld+json": false, "vp": true, "vp+ld+json": true, "presentation+ld+json": true}
