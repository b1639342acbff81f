package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/inclusion"
	"hallmark/verifier/slip"
	"hallmark/verifier/staple"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/vcjose"
	"hallmark/verifier/verifiertest"
)

// question is what the program is asked: text, bytes or a slip, with what is handed
// in.
type question struct {
	name  string
	Text  *string `json:"text,omitempty"`
	Bytes []byte  `json:"bytes,omitempty"`
	Slip  *string `json:"slip,omitempty"`
	Known known   `json:"known"`
}

// known is what a page hands in, here and to the verifier of a server.
type known struct {
	Documents map[string]string `json:"documents,omitempty"`
	KeySets   map[string]string `json:"keySets,omitempty"`
	Lists     map[string]string `json:"lists,omitempty"`
	Trust     string            `json:"trust,omitempty"`
	Name      string            `json:"name,omitempty"`
	Staple    string            `json:"staple,omitempty"`
	Log       logged            `json:"log,omitzero"`
	SlipKeys  string            `json:"slipKeys,omitempty"`
}

// logged is what is handed in of an issuer's log.
type logged struct {
	Prefix string            `json:"prefix"`
	Keys   string            `json:"keys"`
	Proofs map[string]string `json:"proofs,omitempty"`
	Signed map[string]string `json:"signed,omitempty"`
}

var errNone = errors.New("it was not handed in")

func (k known) Document(_ context.Context, id string) (*did.Document, error) {
	if raw := k.Documents[id]; raw != "" {
		return did.ParseDocument(id, []byte(raw))
	}
	return nil, errNone
}

func (k known) KeySet(_ context.Context, url string) (*did.KeySet, error) {
	if raw := k.KeySets[url]; raw != "" {
		return did.ParseKeySet([]byte(raw))
	}
	return nil, errNone
}

func (k known) StatusList(_ context.Context, url string) ([]byte, error) {
	if raw := k.Lists[url]; raw != "" {
		return []byte(raw), nil
	}
	return nil, errNone
}

func (k known) Logged(_ context.Context, id string) (*verifier.Logged, error) {
	switch raw := k.Log.Proofs[id]; {
	case k.Log.Prefix == "" || !strings.HasPrefix(id, k.Log.Prefix):
		return nil, nil
	case raw == "":
		return nil, errNone
	default:
		proof, err := inclusion.Parse([]byte(raw))
		return &verifier.Logged{Proof: proof, Keys: strings.Fields(k.Log.Keys), Signed: []byte(k.Log.Signed[id])}, err
	}
}

// onServer is the report that a server gives; "" where it finds no credential.
func (q question) onServer(t *testing.T) string {
	t.Helper()
	v := &verifier.Verifier{Keys: q.Known, Status: q.Known, Log: q.Known}
	var err error
	if q.Known.Trust != "" {
		if v.Trust, err = verifier.ParseTrust([]byte(q.Known.Trust)); err != nil {
			t.Fatal(err)
		}
	}
	doc := q.Bytes
	if q.Text != nil {
		doc = []byte(*q.Text)
	}
	ask := verifier.Ask{Name: q.Known.Name}
	if q.Known.Staple != "" {
		ask.Staple = []byte(q.Known.Staple)
	}
	report, err := v.Verify(t.Context(), doc, ask)
	if err != nil {
		return ""
	}
	raw, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// answers of the program, one for each question.
type said struct {
	Ms     float64
	Answer string
	Report json.RawMessage
	Shown  json.RawMessage
	Error  string
}

// ask builds the program as it is shipped and asks it everything.
func ask(t *testing.T, questions []question) []said {
	t.Helper()
	npm := verifiertest.NPM(t) // for node alone: nothing of the folder is needed
	program := filepath.Join(t.TempDir(), "hallmark.wasm")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags=-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	var in bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, q := range questions {
		if err := lines.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	script, err := filepath.Abs("testdata/ask.mjs")
	if err != nil {
		t.Fatal(err)
	}
	starter := filepath.Join(npm, "..", "..", "templates", "static", "wasm_exec.js")
	node := exec.CommandContext(t.Context(), "node", script, starter, program)
	node.Stdin = &in
	var faults bytes.Buffer
	node.Stderr = &faults
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, faults.String())
	}
	var all []said
	scan := bufio.NewScanner(bytes.NewReader(out))
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var s said
		if err := json.Unmarshal(scan.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(s.Answer), &s); err != nil {
			t.Fatalf("%v in %.300s", err, s.Answer)
		}
		all = append(all, s)
	}
	if len(all) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(all), len(questions))
	}
	return all
}

const (
	site = "did:web:badges.example.org"
	list = "https://badges.example.org/status/1"
)

// signer is an issuer with one key.
type signer struct {
	key        ed25519.PrivateKey
	id, method string
	multikey   string
}

func newSigner(t *testing.T, seed byte, id string) signer {
	t.Helper()
	s := signer{key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize)), id: id}
	var err error
	if s.multikey, err = did.EncodeMultikey(s.key.Public()); err != nil {
		t.Fatal(err)
	}
	if s.id == "" {
		s.id = "did:key:" + s.multikey
	}
	s.method = s.id + "#" + s.multikey
	return s
}

func (s signer) document() string {
	return fmt.Sprintf(`{"id":%[1]q,"verificationMethod":[{"id":%[2]q,"type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[3]q}],"assertionMethod":[%[2]q]}`, s.id, s.method, s.multikey)
}

func (s signer) sign(t *testing.T, doc, suite string) string {
	t.Helper()
	signed, err := dataintegrity.Sign([]byte(doc), s.key, dataintegrity.Options{VerificationMethod: s.method, Created: time.Now().Add(-time.Minute), Cryptosuite: suite}, true)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// names that a page or a writer of JSON could trip over.
var names = []string{"Ada Lovelace", "<b>Ada</b> & “Co”", "אדה לאבלייס", "Łódź\u2028Ñandú", "李 雷 🏅", "a\\\"b\t"}

// badge is an unsigned badge, the i-th of many.
func (s signer) badge(i int, status string) string {
	quoted := func(v string) string {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return string(raw)
	}
	from := time.Now().UTC().AddDate(0, 0, -1-i%300)
	until := from.AddDate(0, 0, 150) // half of them are over
	return fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"id":"urn:uuid:00000000-0000-4000-8000-%012d","type":["VerifiableCredential","OpenBadgeCredential"],"issuer":{"id":%q,"type":["Profile"],"name":"Example Academy"},"name":"Badge %d","validFrom":%q,"validUntil":%q,%s"credentialSubject":{"id":"urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11","type":["AchievementSubject"],"identifier":[{"type":"IdentityObject","identityType":"name","hashed":false,"identityHash":%s}],"achievement":{"id":"https://badges.example.org/achievements/%d","type":["Achievement"],"name":"Badge %d","description":%s,"criteria":{"narrative":"Pass the review."}}}}`,
		i, s.id, i, from.Format(time.RFC3339), until.Format(time.RFC3339), status, quoted(names[i%len(names)]), i, i, quoted(strings.Repeat("x<>&'\" ", i%40)))
}

// varied gives two hundred and some questions of every kind.
func varied(t *testing.T) []question {
	t.Helper()
	alone, web, keeper := newSigner(t, 1, ""), newSigner(t, 2, site), newSigner(t, 5, site)
	bits := statuslist.New(0)
	if err := bits.Set(7, true); err != nil {
		t.Fatal(err)
	}
	encoded, err := bits.Encode()
	if err != nil {
		t.Fatal(err)
	}
	listed := web.sign(t, fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2"],"id":%[1]q,"type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":%[2]q,"validFrom":"2026-01-01T00:00:00Z","credentialSubject":{"id":%[3]q,"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":%[4]q}}`,
		list, site, list+"#list", encoded), "")
	hold := known{Documents: map[string]string{site: web.document()}, Lists: map[string]string{list: listed}}
	var blank bytes.Buffer
	if err := png.Encode(&blank, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	var all []question
	add := func(name string, doc []byte, k known) { all = append(all, question{name: name, Bytes: doc, Known: k}) }
	for i := range 25 {
		plain := alone.sign(t, alone.badge(i, ""), "")
		text := alone.sign(t, alone.badge(i, ""), dataintegrity.EddsaJCS2022)
		all = append(all, question{name: fmt.Sprintf("text %d", i), Text: &text, Known: known{Name: names[i%len(names)]}})
		add(fmt.Sprintf("rdfc %d", i), []byte(plain), known{Trust: []string{"", alone.id, "other.example"}[i%3]})
		add(fmt.Sprintf("changed %d", i), []byte(strings.Replace(plain, "Pass the", "Skip the", 1)), known{})
		status := fmt.Sprintf(`"credentialStatus":{"id":"%[1]s#%[2]d","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"%[2]d","statusListCredential":%[1]q},`, list, []int{7, 8}[i%2])
		standing := web.sign(t, web.badge(i, status), "")
		add(fmt.Sprintf("status %d", i), []byte(standing), hold)
		add(fmt.Sprintf("nothing handed in %d", i), []byte(standing), known{})
		add(fmt.Sprintf("stapled %d", i), []byte(standing), known{Documents: hold.Documents, Staple: web.staple(t, i)})
		given := hold
		given.Documents = map[string]string{site: givenUp(web, keeper)}
		given.Lists, given.Staple = nil, keeper.staple(t, i)
		given.Log = proved(t, i, []byte(standing))
		add(fmt.Sprintf("key given up %d", i), []byte(standing), given)
		token, err := vcjose.SignBadge([]byte(alone.badge(i, "")), alone.key, vcjose.Options{KeyID: alone.method})
		if err != nil {
			t.Fatal(err)
		}
		add(fmt.Sprintf("token %d", i), []byte(token), known{})
		baked, err := bake.PNG(blank.Bytes(), []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		add(fmt.Sprintf("png %d", i), baked, known{})
		drawn, err := bake.SVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		add(fmt.Sprintf("svg %d", i), drawn, known{})
		// Cut short, at any place: what comes is no JSON, no token, no picture.
		add(fmt.Sprintf("cut %d", i), baked[:len(baked)*i/25], known{})
		add(fmt.Sprintf("cut token %d", i), []byte(token[:len(token)*i/25]), known{})
	}
	for name, doc := range map[string]string{
		"nothing": "", "no JSON": "hello", "deep": strings.Repeat("[", 250_000), "deep object": strings.Repeat(`{"a":`, 50_000),
		"same name twice": `{"type":["VerifiableCredential"],"type":[]}`, "not UTF-8": "{\"type\":\"\xff\"}", "null": "null", "NUL": "\x00\x00",
		"dots": strings.Repeat(".", 250_000), "half a surrogate": `{"@context":[],"type":"VerifiableCredential","name":"\ud800"}`,
		"large":       `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"name":"` + strings.Repeat("x", 300_000) + `"}`,
		"blank nodes": `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"` + alone.id + `","credentialSubject":[` + strings.Repeat(`{"type":"Person"},`, 4000) + `{}]}`,
	} {
		add(name, []byte(doc), known{})
	}
	return all
}

// staple is the i-th badge's status, of varying goodness.
func (s signer) staple(t *testing.T, i int) string {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Second).Add([]time.Duration{-time.Hour, -25 * time.Hour, time.Hour}[i%3])
	c := staple.Claims{Issuer: s.id, Credential: fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", i), AsOf: at, Until: at.Add(staple.MaxLife),
		State: []staple.State{staple.Good, staple.Good, staple.Good, staple.Revoked, staple.Suspended}[i%5]}
	text, err := staple.Sign(c, s.method, s.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// givenUp is the document of an issuer that gave up its key half a minute ago, and
// has another for statuses.
func givenUp(s, keeper signer) string {
	revoked := `"revoked":"` + time.Now().UTC().Add(-30*time.Second).Format(time.RFC3339) + `","publicKeyMultibase"`
	doc := strings.Replace(s.document(), `"publicKeyMultibase"`, revoked, 1)
	_, methods, _ := strings.Cut(keeper.document(), `"verificationMethod":[`)
	method, _, _ := strings.Cut(methods, `]`)
	return strings.Replace(doc, `"verificationMethod":[`, `"verificationMethod":[`+method+",", 1)
}

// proved is a log with one leaf, that of a badge, an hour old; of every third
// badge the proof is not at hand, of others not for its bytes.
func proved(t *testing.T, i int, signed []byte) logged {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "badges.example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	salt := bytes.Repeat([]byte{9}, inclusion.SaltSize)
	leaf := inclusion.Leaf{At: time.Now().Add(-time.Hour), Type: inclusion.Issue, Commit: inclusion.Commit(salt, signed)}.Data()
	head := inclusion.Checkpoint{Origin: "badges.example.org/log", Size: 1, Root: tlog.RecordHash(leaf)}
	checkpoint, err := note.Sign(&note.Note{Text: head.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := json.Marshal(&inclusion.Proof{Leaf: leaf, Salt: salt, Checkpoint: checkpoint})
	if err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", i)
	l := logged{Prefix: "urn:uuid:", Keys: public, Proofs: map[string]string{id: string(proof)}, Signed: map[string]string{id: string(signed)}}
	switch i % 3 {
	case 1:
		l.Proofs = nil
	case 2:
		l.Signed[id] = strings.Replace(string(signed), "Pass", "Miss", 1)
	}
	return l
}

// A slip is judged in the browser as on a server that has nothing but keys.
func TestSlips(t *testing.T) {
	s := newSigner(t, 4, "")
	day := time.Now().UTC().Truncate(24 * time.Hour)
	claims := slip.Claims{Credential: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Achievement: "C1", Version: 1, Name: "Łódź 李", Awarded: day, Issued: day, Printed: day,
		AsOf: day, GoodUntil: day.Add(24 * time.Hour), StatusIndex: 7}
	text, err := slip.Sign(claims, s.key)
	if err != nil {
		t.Fatal(err)
	}
	at := len(text) - 20
	changed := text[:at] + map[bool]string{true: "B", false: "A"}[text[at] == 'A'] + text[at+1:]
	var questions []question
	for name, scanned := range map[string]string{
		"good": text, "with its link": "HTTPS://A.EXAMPLE/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ#" + text, "with another link": "https://a.example/v/other#" + text,
		"changed": changed, "torn": text[:50], "none": "hello", "empty": "",
	} {
		for with, keys := range map[string]string{"": "", " and the key": "rubbish\n" + s.multikey} {
			questions = append(questions, question{name: name + with, Slip: &scanned, Known: known{SlipKeys: keys}})
		}
	}
	verdicts := map[string]bool{}
	for i, said := range ask(t, questions) {
		q := questions[i]
		var keys []ed25519.PublicKey
		if q.Known.SlipKeys != "" {
			keys = append(keys, s.key.Public().(ed25519.PublicKey))
		}
		read, err := slip.Open(*q.Slip)
		if err != nil {
			if said.Error != err.Error() {
				t.Errorf("%s: %q, want %q", q.name, said.Error, err)
			}
			continue
		}
		want, err := json.Marshal(map[string]any{"judged": read.Judge(keys, time.Now())})
		if err != nil {
			t.Fatal(err)
		}
		verdicts[read.Judge(keys, time.Now()).Verdict] = true
		if said.Answer != string(want) {
			t.Errorf("%s: %s, want %s", q.name, said.Answer, want)
		}
	}
	if len(verdicts) != 3 {
		t.Errorf("only the verdicts %v", verdicts)
	}
}

var checkedAt = regexp.MustCompile(`"checkedAt":"[^"]*"`)

// The program says what a server with the same documents says, byte for byte
// but for the time, about badges good and bad, of every kind, and hostile text.
func TestSameAsTheServer(t *testing.T) {
	questions := varied(t)
	verdicts, kinds := map[string]int{}, map[string]int{}
	longest, slowest := 0.0, ""
	for i, s := range ask(t, questions) {
		q := questions[i]
		want, got := checkedAt.ReplaceAllString(q.onServer(t), ""), checkedAt.ReplaceAllString(string(s.Report), "")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-server +program):\n%s", q.name, diff)
		}
		if (want == "") != (s.Error != "") || (want == "") != (len(s.Shown) == 0) {
			t.Errorf("%s: error %q, shown %.80s, and the server's report is %.80q", q.name, s.Error, s.Shown, want)
		}
		if s.Ms > longest {
			longest, slowest = s.Ms, q.name
		}
		verdict, _, _ := strings.Cut(strings.TrimPrefix(got, `{"verdict":"`), `"`)
		verdicts[verdict]++
		kind, _, _ := strings.Cut(q.name, " ")
		kinds[kind+" "+verdict]++
	}
	t.Logf("%d questions: %v; the longest took %.0f ms: %s", len(questions), verdicts, longest, slowest)
	if longest > 10_000 {
		t.Errorf("%s took %.0f ms", slowest, longest)
	}
	for _, verdict := range []string{"verified", "refused", "undetermined", ""} {
		if verdicts[verdict] < 20 {
			t.Errorf("only %d answers are %q", verdicts[verdict], verdict)
		}
		if verdict != "" && (kinds["stapled "+verdict] == 0 || kinds["key "+verdict] == 0) {
			t.Errorf("no stapled one or none of a key that was given up is %s: %v", verdict, kinds)
		}
	}
}

// Published samples, in JSON, tokens and pictures.
func TestSamples(t *testing.T) {
	folder := filepath.Join(verifiertest.Fixtures(t), "standards")
	var questions []question
	for _, pattern := range []string{"examples/*", "vectors/1edtech-ob30/*.*"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(files) < 4 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			questions = append(questions, question{name: filepath.Base(file), Bytes: doc})
		}
	}
	for i, s := range ask(t, questions) {
		want, got := questions[i].onServer(t), string(s.Report)
		if diff := cmp.Diff(checkedAt.ReplaceAllString(want, ""), checkedAt.ReplaceAllString(got, "")); diff != "" {
			t.Errorf("%s (-server +program):\n%s", questions[i].name, diff)
		}
	}
}

// What is no credential is said in sentences for people.
func TestSentences(t *testing.T) {
	text := func(s string) *string { return &s }
	twice := base64.StdEncoding.EncodeToString([]byte("no picture"))
	questions := []question{
		{name: "nothing", Text: text("")}, {name: "rubbish", Text: text(twice)}, {name: "too large", Bytes: make([]byte, 2<<20+1)},
		{name: "broken picture", Bytes: []byte("\x89PNG\r\n\x1a\nnot so")}, {name: "bad list", Text: text("{}"), Known: known{Trust: "{"}},
	}
	for i, s := range ask(t, questions) {
		if !strings.HasSuffix(s.Error, ".") || strings.Contains(s.Error, "error") || strings.ToUpper(s.Error[:1]) != s.Error[:1] {
			t.Errorf("%s: %q is no sentence", questions[i].name, s.Error)
		}
	}
}
