package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "package %\n\nimport \"testing\"\n\n"

func sample(pkg, body string) string { return strings.Replace(head, "%", pkg, 1) + body }

// One tree with everything that can happen to a test.
func TestTestStep(t *testing.T) {
	c, out := tree(t, map[string]string{
		"good/good_test.go": sample("good", `func TestA(t *testing.T) { t.Log("quiet"); t.Run("sub", func(t *testing.T) {}) }
func TestB(t *testing.T) { t.Skip("needs a database") }
`),
		"bad/bad_test.go": sample("bad", `func TestA(t *testing.T) {}
func TestB(t *testing.T) { t.Run("sub", func(t *testing.T) { t.Error("two is not three") }) }
`),
		"panics/panics_test.go": sample("panics", `func TestA(t *testing.T) { panic("out of cheese") }
`),
		"exits/exits_test.go": "package exits\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n" + `func TestMain(m *testing.M) { os.Exit(3) }
func TestA(t *testing.T) {}
`,
		"broken/broken_test.go": sample("broken", "func TestA(t *testing.T) { undefined() }\n"),
		"empty/empty.go":        "package empty\n",
	})
	c.test(t.Context())

	if c.tests.passed != 3 { // good.TestA, good.TestA/sub, bad.TestA
		t.Errorf("%d passed, want 3", c.tests.passed)
	}
	slices.Sort(c.tests.failed)
	if diff := cmp.Diff([]string{"sample/bad.TestB", "sample/bad.TestB/sub", "sample/panics.TestA"}, c.tests.failed); diff != "" {
		t.Error("failed:", diff)
	}
	if diff := cmp.Diff([]string{"sample/good.TestB: needs a database"}, c.tests.skipped); diff != "" {
		t.Error("skipped:", diff)
	}
	slices.Sort(c.tests.broken)
	if diff := cmp.Diff([]string{"sample/broken", "sample/exits"}, c.tests.broken); diff != "" {
		t.Error("broken:", diff)
	}
	for _, want := range []string{"ok  \tsample/good\t", "FAIL\tsample/bad\t", "?   \tsample/empty\t", "two is not three", "out of cheese", "undefined: undefined"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out.String(), "quiet") {
		t.Errorf("the output of a test that passed is shown:\n%s", out)
	}
}

func TestVetStep(t *testing.T) {
	c, out := tree(t, map[string]string{"a.go": "package a\n\nimport \"fmt\"\n\nfunc A() { fmt.Printf(\"%d\", \"x\") }\n"})
	c.vet(t.Context())
	if len(c.failures) != 1 || !strings.Contains(out.String(), "wrong type") {
		t.Errorf("failures %q, output:\n%s", c.failures, out)
	}
}

func TestReason(t *testing.T) {
	tests := []struct{ name, output, want string }{
		{"t.Skip", "=== RUN   TestA\n    a_test.go:9: no database: set X\n--- SKIP: TestA (0.00s)\n", "no database: set X"},
		{"logged before", "    a_test.go:8: looking\n    a_test.go:9: not found\n", "not found"},
		{"t.SkipNow", "=== RUN   TestA\n--- SKIP: TestA (0.00s)\n", "without a reason"},
	}
	for _, tt := range tests {
		if got := reason(tt.output); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReadEventsKeepsOtherLines(t *testing.T) {
	c, out := tree(t, map[string]string{})
	got, err := readEvents(strings.NewReader("go: downloading something\n"), c.out)
	if err != nil || got.passed != 0 || out.String() != "go: downloading something\n" {
		t.Errorf("%v, %v, %q", got, err, out)
	}
}

func TestCompiler(t *testing.T) {
	has := func(found string) func(string) (string, error) {
		return func(name string) (string, error) {
			if name == found {
				return "/bin/" + name, nil
			}
			return "", errors.New("not found")
		}
	}
	for name, want := range map[string]string{"gcc": "/bin/gcc", "cc": "/bin/cc", "tcc": ""} {
		if got := compiler(has(name)); got != want {
			t.Errorf("with %s alone: %q, want %q", name, got, want)
		}
	}
}
