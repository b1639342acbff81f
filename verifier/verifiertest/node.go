package verifiertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

// Ask runs a script of .ci/npm once, hands it each request as a line of JSON,
// and gives its answers: a line of JSON for each request, in order. Lines
// before the requests, for which nothing is answered, go into before. npm is
// what NPM gave.
func Ask[T any](t testing.TB, npm, script string, before []any, requests ...any) []T {
	t.Helper()
	var in, errs bytes.Buffer
	lines := json.NewEncoder(&in) // one value per line
	lines.SetEscapeHTML(false)
	for _, list := range [][]any{before, requests} {
		for _, v := range list {
			if err := lines.Encode(v); err != nil {
				t.Fatal(err)
			}
		}
	}
	node := exec.CommandContext(t.Context(), "node", script)
	node.Dir, node.Stdin, node.Stderr = npm, &in, &errs
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, errs.String())
	}
	var answers []T
	said := bufio.NewScanner(bytes.NewReader(out))
	said.Buffer(nil, 16<<20)
	for said.Scan() {
		var a T
		if err := json.Unmarshal(said.Bytes(), &a); err != nil {
			t.Fatalf("%s printed %q: %v", script, said.Text(), err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(requests) {
		t.Fatalf("%s answered %d of %d requests\n%s", script, len(answers), len(requests), errs.String())
	}
	return answers
}
