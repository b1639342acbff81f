package jsonld

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/verifiertest"
)

type npmAnswer struct{ Canonical, Error string }

// askNPM has every document canonicalised in one node process.
func askNPM(t *testing.T, docs [][]byte) []npmAnswer {
	t.Helper()
	npm := verifiertest.NPM(t, "jsonld")
	contexts := map[string]any{}
	for url, objects := range known() {
		var list []any
		for _, o := range objects {
			list = append(list, o.Any())
		}
		if len(list) == 1 {
			contexts[url] = map[string]any{"@context": list[0]}
		} else {
			contexts[url] = map[string]any{"@context": list}
		}
	}
	first, err := json.Marshal(contexts)
	if err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, line := range append([][]byte{first}, docs...) {
		if bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("document of several lines: %s", line)
		}
		in.Write(line)
		in.WriteByte('\n')
	}
	cmd := exec.Command("node", "canonize.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = npm, &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []npmAnswer
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a npmAnswer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(docs) {
		t.Fatalf("%d answers to %d documents", len(answers), len(docs))
	}
	return answers
}

// codePointOrder sorts lines by bytes: rdf-canonize 5 sorts them by UTF-16
// units, RDFC-1.0 §4.4.3 by code points.
func codePointOrder(canonical string) string {
	lines := strings.SplitAfter(canonical, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// pairsBesideBMPEnd finds documents for which the order of UTF-16 units may
// also change hashes of blank nodes, so that npm's form is not RDFC-1.0's.
func pairsBesideBMPEnd(doc []byte) bool {
	var beyond, end bool
	for _, r := range string(doc) {
		beyond = beyond || r > 0xffff
		end = end || r >= 0xe000 && r <= 0xffff
	}
	return beyond && end
}

// TestAgainstNPM compares with npm jsonld (safe mode) and rdf-canonize over
// varied and mutated credentials: equal bytes wherever both accept, and
// nothing accepted here that is refused there.
func TestAgainstNPM(t *testing.T) {
	t.Parallel()
	count := 5000
	if testing.Short() {
		count = 200
	}
	seed := uint64(20260101)
	if n, err := strconv.ParseUint(os.Getenv("HALLMARK_SEED"), 10, 64); err == nil {
		seed = n
	}
	if n, err := strconv.Atoi(os.Getenv("HALLMARK_COUNT")); err == nil {
		count = n
	}
	m := newMutator(t, rand.New(rand.NewPCG(seed, 1)))
	var docs [][]byte
	for len(docs) < count {
		if doc := m.next(); !pairsBesideBMPEnd(doc) {
			docs = append(docs, doc)
		}
	}
	docs = append(docs, corners(t)...)
	list := stricterThanNPM(t)
	same, refused, stricter := 0, 0, map[string]int{}
	bad := 0
	for i, answer := range askNPM(t, docs) {
		ours, err := canonicalText(docs[i])
		switch {
		case err == nil && answer.Error != "":
			bad++
			t.Errorf("laxer than npm (%s): %s\n%s", answer.Error, docs[i], ours)
		case err == nil && ours != codePointOrder(answer.Canonical):
			bad++
			t.Errorf("another form: %s\n(-npm +ours)\n%s", docs[i], cmp.Diff(strings.Split(codePointOrder(answer.Canonical), "\n"), strings.Split(ours, "\n")))
		case err == nil:
			same++
		case answer.Error != "":
			refused++
		default:
			item := list.find(kindOf(err))
			if item == "" {
				bad++
				t.Errorf("refused here alone, for a reason that the doc comment does not list: %v\n%s", err, docs[i])
			}
			stricter[item]++
		}
		if bad > 10 {
			t.Fatal("and so on")
		}
	}
	if same < count/10 || refused < count/10 {
		t.Errorf("only %d accepted and %d refused by both", same, refused)
	}
	total := 0
	var reasons []string
	for item, n := range stricter {
		total += n
		reasons = append(reasons, fmt.Sprintf("%5d %s", n, item))
	}
	slices.SortFunc(reasons, func(a, b string) int { return strings.Compare(b, a) })
	t.Logf("%d documents: %d alike, %d refused by both, %d refused here alone:\n%s", len(docs), same, refused, total, strings.Join(reasons, "\n"))
}

func canonicalText(doc []byte) (string, error) {
	v, err := strictjson.Parse(doc)
	if err != nil {
		return "", err
	}
	out, err := Canonicalize(v, Options{})
	return string(out), err
}

var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*("|…")|number -?\d\S*`)

// kindOf is an error's reason without the names in it.
func kindOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return quotedText.ReplaceAllString(e.Reason, "…")
	}
	var unreadable *strictjson.Error
	if errors.As(err, &unreadable) {
		return "JSON: " + quotedText.ReplaceAllString(unreadable.Reason, "…")
	}
	return err.Error()
}
