package verifier_test

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
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
	// twins is a tree whose branches are alike.
	var twins func(depth int) string
	twins = func(depth int) string {
		if depth == 0 {
			return `{"name":"n"}`
		}
		return `{"x":[` + twins(depth-1) + "," + twins(depth-1) + "]}"
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
		"scoped contexts, deep":     []byte(plain(","+strings.Repeat(`{"T":{"@id":"urn:T","@context":`, 55)+`{"x":"urn:x"}`+strings.Repeat("}}", 55), "") + `"name":"n"` + "," + chain(4)[1:]),
		"scoped contexts, wide":     fill(plain(`,{"x":{"@id":"urn:x","@context":{"y":{"@id":"urn:y","@context":{`+strings.TrimSuffix(numbered(300, `"t#":"urn:t:#",`), ",")+`}}}}}`, `"x":[`), `{"y":{"t1":"#"}}`, "],"+chain(4)[1:]),
		"scoped types, combined":    fill(plain(`,{"x":"urn:x",`+strings.TrimSuffix(numbered(60, `"T#":{"@id":"urn:T#","@context":{"a#":"urn:a#"}},`), ",")+`}`, `"x":[`), `{"type":["T1","T2","T3","T4","T5","T6","T7","T8"],"a1":"#"}`, "],"+chain(4)[1:]),
		"contexts everywhere":       fill(plain(`,{"x":"urn:x"}`, `"x":[`), `{"@context":{"y#":"urn:y"},"y#":1}`, "],"+chain(4)[1:]),
		"lists of lists":            fill(plain(`,{"x":{"@id":"urn:x","@container":"@list"}}`, `"x":[`), `["#"]`, "],"+chain(4)[1:]),
		"one long list":             fill(plain(`,{"x":{"@id":"urn:x","@container":"@list"}}`, `"x":[`), `"#"`, "],"+chain(4)[1:]),
		"graphs upon graphs":        fill(plain(`,{"x":{"@id":"urn:x","@container":"@graph"}}`, `"x":[`), `{"x":{"x":{"name":"#"}}}`, "],"+chain(4)[1:]),
		"twins of twins":            []byte(plain(`,{"x":"urn:x"}`, `"x":[`) + twins(9) + "]," + chain(4)[1:]),
		"many equal leaves":         fill(plain(`,{"x":"urn:x"}`, `"x":[`), `{"x":"y"}`, "],"+chain(4)[1:]),
		"numbers":                   fill(plain(`,{"x":"urn:x"}`, `"x":[`), `1.#5e-300`, "],"+chain(4)[1:]),
		"escapes":                   fill(plain(`,{"x":"urn:x"}`, `"x":[`), `"#`+strings.Repeat(`\u0001`, 4000)+`"`, "],"+chain(4)[1:]),
		"JSON literals":             fill(plain(`,{"x":{"@id":"urn:x","@type":"@json"}}`, `"x":[`), `{"b":1e-9,"a":[#,"\u0001"]}`, "],"+chain(4)[1:]),
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

// allocated is how many bytes a function has allocated.
func allocated(do func()) uint64 {
	var earlier, later runtime.MemStats
	runtime.ReadMemStats(&earlier)
	do()
	runtime.ReadMemStats(&later)
	return later.TotalAlloc - earlier.TotalAlloc
}

// The bounds of a check without fetching. 50 ms of a processor are 250 checks of
// an honest badge on the machine that the promise was made for; a test counts in
// such checks, taken just before, because a busy machine slows both alike.
const (
	mostAllocated = 8 << 20
	mostWork      = 250
)

// bounded holds the check of each document to the bounds: 8 MiB, and as much work
// as honest checks take, with as much again for what differs between machines.
func bounded(t *testing.T, v *verifier.Verifier, honest []byte, all map[string][]byte) {
	check := func(doc []byte) (summary string) {
		if r, err := v.Verify(t.Context(), doc, verifier.Ask{Name: "Ada"}); err == nil {
			summary = r.Summary
		}
		return summary
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		doc := all[name]
		if len(doc) > 256<<10 && !strings.HasPrefix(name, "long") && name != "svg" && name != "one long string" {
			t.Errorf("%s has %d bytes", name, len(doc))
		}
		work, took := math.Inf(1), time.Hour
		for range 4 {
			const several = 40
			began := cpu(t)
			for range several {
				check(honest)
			}
			middle := cpu(t)
			check(doc)
			spent := cpu(t) - middle
			if one := (middle - began) / several; one > 0 {
				work = min(work, float64(spent)/float64(one))
			}
			took = min(took, spent)
		}
		verdict := ""
		bytes := allocated(func() { verdict = check(doc) })
		t.Logf("%-28s %7d bytes: %4.0f checks, %5.1f ms, %5.2f MiB: %.90s", name, len(doc), work, took.Seconds()*1000, float64(bytes)/(1<<20), verdict)
		if work > 2*mostWork || bytes > slow*mostAllocated {
			t.Errorf("%s: as much work as %.0f honest checks, %d bytes allocated", name, work, bytes)
		}
	}
}

func TestHostileInput(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	v.Status = nil
	bounded(t, v, w.sign(t, badge()), hostile(t, w))
}

// BenchmarkHostile checks each hostile document: cpu-ms/op is to stay below 50
// and MiB/op below 8.
func BenchmarkHostile(b *testing.B) {
	w := newTokenWorld(b)
	v := w.verifier()
	v.Status = nil
	all := hostile(b, w.world)
	maps.Copy(all, hostileTokens(b, w))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			began, n := cpu(b), 0
			bytes := allocated(func() {
				for b.Loop() {
					n++
					// Most are refused; what they cost is all that counts here.
					_, _ = v.Verify(b.Context(), all[name], verifier.Ask{Name: "Ada"})
				}
			})
			b.ReportMetric((cpu(b)-began).Seconds()*1000/float64(n), "cpu-ms/op")
			b.ReportMetric(float64(bytes)/float64(n)/(1<<20), "MiB/op")
		})
	}
}
