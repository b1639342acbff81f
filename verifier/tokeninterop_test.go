package verifier_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"hallmark/verifier"
	"hallmark/verifier/strictjson"
	"hallmark/verifier/vcjose"
	"hallmark/verifier/verifiertest"
)

type object = map[string]any

// joseSaid is what the library jose answers.
type joseSaid struct {
	Token, Payload, Error string
	Verified              bool
}

// variants are members that badges have, by what they stand before in a badge.
var variants = []struct{ before, members string }{
	{`"issuer":`, ``},
	{`"issuer":`, `"description":"All of it.",`},
	{`"issuer":`, `"awardedDate":"2026-11-20T03:04:05Z",`},
	{`"issuer":`, `"image":{"id":"https://badges.example.org/b.png","type":"Image","caption":"A \"star\""},`},
	{`"issuer":`, `"endorsement":[{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:e1","type":["VerifiableCredential","EndorsementCredential"],"issuer":{"id":"did:example:guild","type":["Profile"],"name":"Guild"},"validFrom":"2026-01-01T00:00:00Z","name":"Praise","credentialSubject":{"id":"urn:uuid:1","type":["EndorsementSubject"],"endorsementComment":"Sound."}}],`},
	{`"achievement":`, `"result":[{"type":["Result"],"value":"92.5","status":"Completed"},{"type":["Result"],"value":"3"}],`},
	{`"achievement":`, `"narrative":"tab\tline\nquote\" back\\slash \u0001\u2028 \ud83c\udf93 é 日本語",`},
	{`"achievement":`, `"activityStartDate":"2026-09-01T08:00:00Z","activityEndDate":"2026-11-20T17:00:00Z",`},
	{`"achievement":`, `"creditsEarned":1.5,"licenseNumber":"L-9","role":"pupil","term":"autumn",`},
	{`"achievement":`, `"source":{"id":"did:example:other","type":["Profile"],"name":"Other"},`},
	{`"criteria":`, `"alignment":[{"type":["Alignment"],"targetName":"Skill","targetUrl":"https://frame.example/1"},{"type":["Alignment"],"targetName":"Other","targetUrl":"https://frame.example/2","targetCode":"2.b"}],`},
	{`"criteria":`, `"resultDescription":[{"id":"urn:uuid:r1","type":["ResultDescription"],"name":"Score","resultType":"Percent","valueMin":"0","valueMax":"100"}],`},
	{`"criteria":`, `"tag":["basics","start"],"inLanguage":"en-GB","version":"2",`},
	{`"criteria":`, `"creditsAvailable":2.5,"fieldOfStudy":"Craft","humanCode":"F-1","achievementType":"Course",`},
	{`"criteria":`, `"related":[{"id":"urn:uuid:a0","type":["Related"],"inLanguage":"de"}],`},
	{`"criteria":`, `"creator":{"id":"https://badges.example.org","type":["Profile"],"name":"School","phone":"+41441234567"},`},
	{`"criteria":`, `"image":{"id":"https://badges.example.org/i.png","type":"Image"},"specialization":"Wood",`},
	{`"criteria":`, `"otherIdentifier":[{"type":"IdentifierEntry","identifier":"12-34","identifierType":"identifier"}],`},
	{`"name":"Example Academy"`, `"url":"https://badges.example.org","email":"desk@badges.example.org",`},
	{`"name":"Example Academy"`, `"address":{"type":["Address"],"addressCountryCode":"CH","geo":{"type":"GeoCoordinates","latitude":46.9481,"longitude":7.4474}},`},
	{`"name":"Example Academy"`, `"description":"Ein Haus.","official":"Head",`},
	{`"name":"Example Academy"`, `"otherIdentifier":[{"type":"IdentifierEntry","identifier":"x","identifierType":"identifier"},{"type":"IdentifierEntry","identifier":"y","identifierType":"identifier"}],`},
}

// tokenTrial is one badge under one key in one form.
type tokenTrial struct {
	name        string
	key         crypto.Signer
	alg         string
	secured     bool // vc+jwt, not the token of Open Badges
	embedded    bool // the key in the header, not its name
	ours        []byte
	their       string
	public, kid string
}

// tokenTrials makes them: every algorithm with every variant, forms in turn.
func tokenTrials(t *testing.T) (trials []*tokenTrial) {
	t.Helper()
	p384, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), bytes.Repeat([]byte{5}, 48))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{keyOf(0), rsaKey(), p256Key(), p384} {
		for i, v := range variants {
			tr := &tokenTrial{key: key, alg: vcjose.Algorithm(key.Public()), secured: i%2 == 1, embedded: i%4 >= 2, kid: setURL + "#k"}
			tr.name = fmt.Sprintf("%s, variant %d, secured %v, embedded %v", tr.alg, i, tr.secured, tr.embedded)
			tr.public = jwkOf(key.Public(), `"kid":"`+tr.kid+`"`)
			doc := strings.Replace(string(toJSON(t, badge())), v.before, v.members+v.before, 1)
			if !strings.Contains(doc, v.members) {
				t.Fatalf("no %s in %s", v.before, doc)
			}
			o := vcjose.Options{KeyID: tr.kid, Embed: tr.embedded}
			if tr.embedded {
				o.KeyID = ""
			}
			sign := vcjose.SignBadge
			if tr.secured {
				o.Type, sign = vcjose.TypeVC, vcjose.Sign
			}
			token, err := sign([]byte(doc), key, o)
			if err != nil {
				t.Fatalf("%s: %v", tr.name, err)
			}
			tr.ours = []byte(token)
			trials = append(trials, tr)
		}
	}
	return trials
}

// check reads a token here, as that of an issuer with this key in its set.
func (tr *tokenTrial) check(t *testing.T, token []byte) *verifier.Report {
	t.Helper()
	w := newTokenWorld(t)
	w.sets[setURL] = `{"keys":[` + strings.Replace(tr.public, tr.kid, "k", 1) + `]}`
	return verify(t, w.verifier(), token)
}

// ask is the request to read a token there.
func (tr *tokenTrial) ask(token []byte) object {
	keys := []any{}
	if !tr.embedded {
		keys = append(keys, json.RawMessage(tr.public))
	}
	request := object{"op": "verify", "token": string(token), "keys": keys}
	if !tr.secured {
		request["op"], request["expect"] = "verifyClaims", object{"issuer": academy, "typ": "JWT", "requiredClaims": []string{"jti", "sub", "nbf", "exp"}, "currentDate": today}
	}
	return request
}

// make is the request to sign the same payload there.
func (tr *tokenTrial) make(t *testing.T) object {
	t.Helper()
	read, err := vcjose.Parse(tr.ours)
	if err != nil {
		t.Fatal(err)
	}
	private, err := jose.JSONWebKey{Key: tr.key}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	header := object{"alg": tr.alg, "typ": map[bool]string{true: "vc+jwt", false: "JWT"}[tr.secured]}
	if tr.embedded {
		header["jwk"] = json.RawMessage(jwkOf(tr.key.Public(), ""))
	} else {
		header["kid"] = tr.kid
	}
	if tr.secured {
		return object{"op": "sign", "payload": string(read.Payload), "header": header, "key": json.RawMessage(private)}
	}
	return object{"op": "claims", "claims": json.RawMessage(read.Payload), "header": header, "key": json.RawMessage(private)}
}

// forged are copies of a token with one text of the payload changed, and one of
// the header.
func forged(t *testing.T, token []byte, at int) (all [][]byte) {
	t.Helper()
	parts := bytes.Split(token, []byte("."))
	for part := range 2 {
		raw, err := base64.RawURLEncoding.DecodeString(string(parts[part]))
		if err != nil {
			t.Fatal(err)
		}
		root, err := strictjson.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		var texts []*strictjson.Value
		collect(root, &texts)
		v := texts[at%len(texts)]
		v.Str += "x"
		other := bytes.Clone([]byte(base64.RawURLEncoding.EncodeToString(root.Append(nil))))
		all = append(all, bytes.Join([][]byte{[][]byte{other, parts[0]}[part], [][]byte{parts[1], other}[part], parts[2]}, []byte(".")))
	}
	return all
}

func collect(v *strictjson.Value, into *[]*strictjson.Value) {
	if v.Kind == strictjson.String {
		*into = append(*into, v)
	}
	for i := range v.Kids {
		collect(&v.Kids[i], into)
	}
}

// TestTokensOfOthers: tokens made here are read by the library jose, those made
// there are genuine here, and neither takes one with a text changed.
func TestTokensOfOthers(t *testing.T) {
	t.Parallel()
	npm := verifiertest.NPM(t, "jose")
	trials := tokenTrials(t)
	var asked, again []any
	for i, tr := range trials {
		if r := tr.check(t, tr.ours); r.Verdict != verifier.Verified {
			t.Errorf("%s, made here: %s %s", tr.name, r.Verdict, r.Summary)
		}
		asked = append(asked, tr.make(t), tr.ask(tr.ours))
		for _, f := range forged(t, tr.ours, 7*i) {
			asked = append(asked, tr.ask(f))
			if r := tr.check(t, f); r.Verdict == verifier.Verified {
				t.Errorf("%s, made here and changed, is verified: %s", tr.name, f)
			}
		}
	}
	for i, a := range verifiertest.Ask[joseSaid](t, npm, "jose.mjs", nil, asked...) {
		tr := trials[i/4]
		switch i % 4 {
		case 0:
			if tr.their = a.Token; a.Token == "" {
				t.Fatalf("%s: they did not sign: %s", tr.name, a.Error)
			}
			if r := tr.check(t, []byte(tr.their)); r.Verdict != verifier.Verified {
				t.Errorf("%s, made there: %s %s", tr.name, r.Verdict, r.Summary)
			}
			for _, f := range forged(t, []byte(tr.their), 5*i) {
				again = append(again, tr.ask(f))
				if r := tr.check(t, f); r.Verdict == verifier.Verified {
					t.Errorf("%s, made there and changed, is verified: %s", tr.name, f)
				}
			}
		case 1:
			if read, err := vcjose.Parse(tr.ours); err != nil || !a.Verified || tr.secured && a.Payload != string(read.Payload) {
				t.Errorf("%s, made here: they say %+v", tr.name, a)
			}
		default:
			if a.Verified {
				t.Errorf("%s, made here and changed: they take it", tr.name)
			}
		}
	}
	for i, a := range verifiertest.Ask[joseSaid](t, npm, "jose.mjs", nil, again...) {
		if a.Verified {
			t.Errorf("%s, made there and changed: they take it", trials[i/2].name)
		}
	}
	t.Logf("%d tokens each way, %d forgeries", len(trials), 4*len(trials))
}
