package verifier_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// hostileTokens are tokens and presentations of at most 256 KiB that make as
// much work as they can.
func hostileTokens(t testing.TB, w *tokenWorld) map[string][]byte {
	header := `{"alg":"EdDSA","typ":"JWT","kid":"` + w.method + `"}`
	const room = 190 << 10 // what is left for a payload
	many := func(n int, each string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strings.ReplaceAll(each, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	whole := strings.TrimSuffix(w.claimed(t, nil), "}")
	signed := string(w.sign(t, badge()))
	praise := `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","EndorsementCredential"],"issuer":"` + academy + `","credentialSubject":{"id":"urn:x:1"}}`
	endorsed := string(w.rawToken(t, header, praise))
	heavy := strings.Replace(signed, `"evidence":[`, `"evidence":[`+many(160, `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`)+",", 1)
	light := strings.Replace(signed, `"evidence":[`, `"evidence":[`+many(60, `{"type":["Evidence"],"name":"nameless #"}`)+",", 1)
	proofs := func(doc string) string {
		const begin = `,"proof":[`
		at := strings.LastIndex(doc, begin) + len(begin)
		return doc[:at] + strings.Repeat(strings.TrimSuffix(doc[at:], "]}")+",", 3) + doc[at:]
	}
	// chained makes every proof of a document build upon another.
	chained := func(doc string) string {
		at := strings.LastIndex(doc, `,"proof":[`)
		links := strings.Split(doc[at:], `"proofPurpose"`)
		for i := range links[1:] {
			links[i] += fmt.Sprintf(`"id":"urn:p:%d","previousProof":"urn:p:%d",`, i, (i+1)%(len(links)-1))
		}
		return doc[:at] + strings.Join(links, `"proofPurpose"`)
	}
	large := func(n int) string {
		return proofs(strings.Replace(signed, `"evidence":[`, `"evidence":[`+many(n, `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`)+",", 1))
	}
	// four presents with four proofs, which need not be right to make work.
	four := func(credentials ...string) []byte {
		bare := strings.Replace(presentation(adaID()), `,"verifiableCredential":[]`, "", 1)
		proof := strings.Replace(string(presentWith(t, adaKey, adaMethod(), bare)), `"holder":`, `"verifiableCredential":[`+strings.Join(credentials, ",")+`],"holder":`, 1)
		return []byte(proofs(proof))
	}
	ten := func(one string) []string {
		var all []string
		for i := range 10 {
			all = append(all, strings.NewReplacer("urn:e:", fmt.Sprintf("urn:e:%d:", i), badgeID, fmt.Sprintf("urn:b:%d", i), "nameless", fmt.Sprintf("nameless %d", i)).Replace(one))
		}
		return all
	}
	all := map[string][]byte{
		"token, long text":             w.rawToken(t, header, whole+`,"x":"`+strings.Repeat("a", room-4096)+`"}`),
		"token, many texts":            w.rawToken(t, header, whole+`,"x":[`+many(9000, `"#"`)+"]}"),
		"token, many unknown names":    w.rawToken(t, header, whole+`,`+many(5500, `"n#":1`)+"}"),
		"token, many contexts":         w.rawToken(t, header, `{"@context":["https://www.w3.org/ns/credentials/v2",`+many(2000, `{"t#":{"@id":"urn:t:x","@type":"@id"}}`)+`],"type":["VerifiableCredential"],"credentialSubject":{"id":"urn:x:1"},"issuer":"`+academy+`"}`),
		"token, much evidence":         w.rawToken(t, header, strings.Replace(whole, `"evidence":[`, `"evidence":[`+many(1200, `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`)+",", 1)+"}"),
		"token, long header":           []byte(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","a":"`+strings.Repeat("a", 8000)+`"}`)) + ".e30.AAAA"),
		"token, header far too long":   []byte(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","a":"`+strings.Repeat("a", room)+`"}`)) + ".e30.AAAA"),
		"token, many parts":            []byte("eyJ" + strings.Repeat(".", 250<<10)),
		"token, nothing but signature": []byte("eyJhbGciOiJFZERTQSJ9.e30." + strings.Repeat("A", 250<<10)),
		"token, deep":                  w.rawToken(t, header, `{"issuer":`+strings.Repeat("[", 90000)+strings.Repeat("]", 90000)+"}"),
		"token, many endorsements":     w.rawToken(t, header, whole+`,"endorsementJwt":[`+many(200, `"`+endorsed+`"`)+"]}"),
		"token, large endorsements":    w.rawToken(t, header, whole+`,"endorsementJwt":[`+strings.TrimSuffix(strings.Repeat(`"`+string(w.rawToken(t, header, strings.TrimSuffix(praise, "}")+`,"x":[`+many(3000, `"#"`)+"]}"))+`",`, 5), ",")+"]}"),
		"presentation of ten":          four(ten(heavy)...),
		"presentation, four proofs":    four(ten(proofs(heavy))...),
		"presentation, nameless":       four(ten(proofs(light))...),
		"presentation, one large":      four(large(1800)),
		"presentation, chains":         []byte(chained(string(four(chained(large(1800)))))),
		"presentation, chains of ten":  []byte(chained(string(four(ten(chained(proofs(heavy)))...)))),
		"presentation of tokens":       w.rawToken(t, header, `{"vp":`+presentation("", ten(`"`+string(w.rawToken(t, header, whole+`,"x":"`+strings.Repeat("a", 5000)+`"}`))+`"`)...)+"}"),
		"enveloped upon enveloped":     []byte(enveloped(w.rawToken(t, strings.Replace(header, "JWT", "vc+jwt", 1), enveloped(w.rawToken(t, header, whole+`,"x":"`+strings.Repeat("a", 50000)+`"}`))))),
	}
	return all
}

// TestHostileTokens holds tokens and presentations to the bounds of
// TestHostileInput.
func TestHostileTokens(t *testing.T) {
	w := newTokenWorld(t)
	v := w.verifier()
	v.Status = nil
	bounded(t, v, w.badgeToken(t, keyURL), hostileTokens(t, w))
}
