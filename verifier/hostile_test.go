package verifier_test

import (
	"bytes"
	"fmt"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
)

// hostile are documents of at most 256 KiB that make as much work as they can.
func hostile(t testing.TB, w *world) map[string][]byte {
	t.Helper()
	// fill repeats each, with "#" for its number, as often as the limits of the
	// reader allow.
	fill := func(head, each, tail string) []byte {
		some := func(n int) []byte {
			var b bytes.Buffer
			b.WriteString(head)
			for i := range n {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(strings.ReplaceAll(each, "#", strconv.Itoa(i)))
			}
			b.WriteString(tail)
			return b.Bytes()
		}
		too := sort.Search(20000, func(n int) bool {
			if (n+1)*len(each) > 300<<10 {
				return true
			}
			_, err := strictjson.Parse(some(n + 1))
			return err != nil
		})
		return some(too)
	}
	genuine := w.sign(t, badge())
	head, proof, _ := strings.Cut(string(genuine), `,"proof":`)
	head = strings.Replace(head, `"evidence":[`, `"evidence":[%s`, 1)
	before, after, _ := strings.Cut(head, "%s")
	whole := before + after
	bare, _, _ := strings.Cut(whole, `,"credentialStatus":`)
	proof = strings.TrimSuffix(strings.TrimPrefix(proof, "["), "]}")
	chain := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, strings.Replace(proof, `"proofPurpose"`, fmt.Sprintf(`"id":"urn:p:%d","previousProof":"urn:p:%d","proofPurpose"`, i, (i+1)%n), 1))
		}
		return `,"proof":[` + strings.Join(all, ",") + "]}"
	}
	numbered := func(n int, each string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(each, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	// plain is the beginning of a credential with more contexts and members.
	plain := func(contexts, members string) string {
		return `{"@context":["https://www.w3.org/ns/credentials/v2"` + contexts + `],"type":["VerifiableCredential"],"issuer":"did:web:badges.example.org","credentialSubject":{"id":"urn:x:1"},` + members
	}
	endorse := string(w.sign(t, ob3.EndorsementCredential{Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: "urn:uuid:e", Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "E",
		Issuer: ob3.Profile{ID: academy, Type: []string{"Profile"}}, ValidFrom: ob3.At(today), CredentialSubject: ob3.EndorsementSubject{ID: badgeID, Type: []string{"EndorsementSubject"}}}))
	return map[string][]byte{
		"much evidence, one proof":  fill(before, `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`, ","+after+`,"proof":[`+proof+"]}"),
		"much evidence, four links": fill(before, `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`, ","+after+chain(4)),
		"nameless evidence, chain":  fill(before, `{"type":["Evidence"],"name":"#"}`, ","+after+chain(4)),
		"alike evidence, chain":     fill(before, `{"type":["Evidence"],"name":"n"}`, ","+after+chain(4)),
		"some nameless, chain":      fill(strings.Replace(before, "%s", "", 1)+strings.Repeat(`{"type":["Evidence"],"name":"n"},`, 8)+strings.Repeat(`{"type":["Evidence"]},`, 1)+numbered(900, `{"type":["Evidence"],"name":"n#"},`), `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`, ","+after+chain(4)),
		"long id":                   fill(strings.Replace(before, badgeID, "urn:"+strings.Repeat("a", 100000), 1), `{"id":"urn:e:#","type":["Evidence"],"name":"n"}`, ","+after+chain(4)),
		"long id, many texts":       fill(plain("", `"id":"urn:`+strings.Repeat("a", 100000)+`","relatedResource":[`), `{"id":"urn:e:#","digestSRI":"x"}`, "],"+chain(4)[1:]),
		"long term":                 fill(plain(`,{"x":"urn:`+strings.Repeat("a", 100000)+`"}`, `"x":[`), `"#"`, "],"+chain(4)[1:]),
		"long vocabulary":           fill(plain(`,{"@vocab":"urn:`+strings.Repeat("a", 100000)+`:"}`, ``), `"x#":"1"`, ","+chain(4)[1:]),
		"long vocabulary of types":  fill(plain(`,{"@vocab":"urn:`+strings.Repeat("a", 100000)+`:","x":"urn:x"}`, `"x":[`), `{"type":"x#"}`, "],"+chain(4)[1:]),
		"long prefix":               fill(plain(`,{"p":{"@id":"urn:`+strings.Repeat("a", 100000)+`:","@prefix":true}}`, ``), `"p:x#":"1"`, ","+chain(4)[1:]),
		"long prefix of terms":      fill(plain(`,{"p":{"@id":"urn:`+strings.Repeat("a", 100000)+`:","@prefix":true}},{`, ``)[:0]+`{"credentialSubject":{"id":"urn:x:1"},"type":["VerifiableCredential"],"issuer":"did:web:badges.example.org",`+chain(4)[1:len(chain(4))-1]+`,"@context":["https://www.w3.org/ns/credentials/v2",{"p":{"@id":"urn:`+strings.Repeat("a", 100000)+`:","@prefix":true}},{`, `"t#":"p:x#"`, "}]}"),
		"long language":             fill(plain(`,{"x":"urn:x","@language":"en`+strings.Repeat("-a", 50000)+`"}`, `"x":[`), `"#"`, "],"+chain(4)[1:]),
		"long datatype":             fill(plain(`,{"x":{"@id":"urn:x","@type":"urn:`+strings.Repeat("a", 100000)+`"}}`, `"x":[`), `"#"`, "],"+chain(4)[1:]),
		"vocabulary not too long":   fill(plain(`,{"@vocab":"urn:`+strings.Repeat("a", 2000)+`:"}`, ``), `"x#":"1"`, ","+chain(4)[1:]),
		"prefix not too long":       fill(plain(`,{"p":{"@id":"urn:`+strings.Repeat("a", 2000)+`:","@prefix":true}}`, ``), `"p:x#":"1"`, ","+chain(4)[1:]),
		"types of a vocabulary":     fill(plain(`,{"@vocab":"urn:`+strings.Repeat("a", 2000)+`:","x":"urn:x"}`, `"x":[`), `{"type":["x#","y#"]}`, "],"+chain(4)[1:]),
		"terms just not too long":   fill(plain(`,{"x":"urn:`+strings.Repeat("a", 2000)+`"}`, `"x":[`), `{"x":"#"}`, "],"+chain(4)[1:]),
		"id of some length":         fill(plain("", `"id":"urn:`+strings.Repeat("a", 1000)+`","relatedResource":[`), `{"id":"urn:e:#","digestSRI":"x"}`, "],"+chain(4)[1:]),
		"contexts upon contexts":    fill(plain(numbered(500, `,{"t#":"urn:t:#"}`), `"t0":[`), `{"t1":"#"}`, "],"+chain(4)[1:]),
		"contexts, unknown names":   fill(plain(numbered(500, `,{"t#":"urn:t:#"}`), ``), `"urn:u:#":"#"`, ","+chain(4)[1:]),
		"many texts":                fill(plain(`,{"x":"urn:x"}`, `"x":[`), `"#"`, "],"+chain(4)[1:]),
		"many texts, one proof":     fill(plain(`,{"x":"urn:x"}`, `"x":[`), `"#"`, `],"proof":[`+proof+`]}`),
		"many texts, signed JSON":   fill(plain(`,{"x":"urn:x"}`, `"x":[`), `"#"`, "],"+strings.ReplaceAll(chain(4)[1:], "eddsa-rdfc-2022", "eddsa-jcs-2022")),
		"deep types":                fill(plain(`,{"x":"urn:x"}`, `"x":[`), `{"x":{"x":{"x":{"x":"#"}}}}`, "],"+chain(4)[1:]),
		"many proofs":               fill(whole+`,"proof":[`, proof, "]}"),
		"many endorsements":         fill(whole+`,"endorsement":[`, endorse, `],"proof":[`+proof+"]}"),
		"many status entries":       fill(bare+`,"proof":[`+proof+`],"credentialStatus":[`, `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"#","statusListCredential":"https://badges.example.org/status/1"}`, "]}"),
		"many unknown names":        fill(`{"credentialSubject":{},"proof":{},`, `"n#":1`, "}"),
		"deep":                      []byte(`{"credentialSubject":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + "}"),
		"one long string":           []byte(strings.Replace(string(genuine), "Pass the review.", strings.Repeat("\\u00e9", 40000), 1)),
		"many contexts":             fill(`{"type":["VerifiableCredential"],"credentialSubject":{"id":"urn:x:1"},"issuer":"did:web:badges.example.org","proof":[`+proof+`],"@context":["https://www.w3.org/ns/credentials/v2",`, `{"t#":{"@id":"urn:t:x","@type":"@id"}}`, "]}"),
		"many types":                fill(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"credentialSubject":{"id":"urn:x:1"},"issuer":"did:web:badges.example.org","proof":[`+proof+`],"type":["VerifiableCredential",`, `"Achievement","urn:t:#"`, "]}"),
		"svg":                       []byte(`<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat("<g>", 60000)),
		"long base58":               []byte(strings.Replace(string(genuine), `"proofValue":"z`, `"proofValue":"z`+strings.Repeat("z", 200000), 1)),
		"long did:key":              []byte(strings.ReplaceAll(string(genuine), academy, "did:key:z"+strings.Repeat("6", 30000))),
	}
}

// cpu is the processor time that this process has used.
func cpu(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The bounds that a check without fetching is held to: 8 MiB, and 50 ms, taken as
// the best of three on a shared machine and doubled for a slow one.
func TestHostileInput(t *testing.T) {
	const most = 8 << 20
	w := newWorld(t)
	v := w.verifier()
	v.Status = nil
	for name, doc := range hostile(t, w) {
		if len(doc) > 256<<10 && !strings.HasPrefix(name, "long") && name != "svg" && name != "one long string" {
			t.Errorf("%s has %d bytes", name, len(doc))
		}
		best := time.Hour
		verdict := ""
		for range 3 {
			began := cpu(t)
			r, err := v.Verify(t.Context(), doc, verifier.Ask{Name: "Ada"})
			best = min(best, cpu(t)-began)
			if err == nil {
				verdict = r.Summary
			}
		}
		var earlier, later runtime.MemStats
		runtime.ReadMemStats(&earlier)
		_, _ = v.Verify(t.Context(), doc, verifier.Ask{Name: "Ada"})
		runtime.ReadMemStats(&later)
		allocated := later.TotalAlloc - earlier.TotalAlloc
		t.Logf("%-28s %7d bytes: %6.1f ms, %5.2f MiB: %.90s", name, len(doc), best.Seconds()*1000, float64(allocated)/(1<<20), verdict)
		if best > slow*100*time.Millisecond || allocated > slow*most {
			t.Errorf("%s: %v, %d bytes allocated", name, best, allocated)
		}
	}
}
