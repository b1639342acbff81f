package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFuzzTargets(t *testing.T) {
	c, _ := tree(t, map[string]string{
		"a/a_test.go": sample("a", `func FuzzOne(f *testing.F) {}
func FuzzTwo(f *testing.F) {}
func FuzzHelper(t *testing.T, n int) {}
func TestFuzz(t *testing.T) {}
type s struct{}
func (s) FuzzMethod(f *testing.F) {}
`),
		"a/a.go":             "package a\n\nfunc FuzzNot() {}\n",
		"b_test.go":          sample("b", "func FuzzRoot(f *testing.F) {}\n"),
		"c/c_js_test.go":     sample("c", "func FuzzElsewhere(f *testing.F) {}\n"),
		"testdata/d_test.go": sample("d", "func FuzzData(f *testing.F) {}\n"),
	})
	got, err := fuzzTargets(c.root)
	if err != nil {
		t.Fatal(err)
	}
	want := []target{{"./a", "FuzzOne"}, {"./a", "FuzzTwo"}, {"./.", "FuzzRoot"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(target{})); diff != "" {
		t.Error(diff)
	}
}

func TestShare(t *testing.T) {
	tests := []struct {
		n           int
		each, total time.Duration
		want        time.Duration
	}{
		{0, 3 * time.Second, time.Minute, 3 * time.Second},
		{20, 3 * time.Second, time.Minute, 3 * time.Second},
		{60, 3 * time.Second, time.Minute, time.Second},
		{5, 0, time.Minute, 0},
	}
	for _, tt := range tests {
		if got := share(tt.n, tt.each, tt.total); got != tt.want {
			t.Errorf("share(%d, %v, %v) = %v, want %v", tt.n, tt.each, tt.total, got, tt.want)
		}
	}
}

// A target that can be broken is broken and told with its input.
func TestFuzzStep(t *testing.T) {
	c, out := tree(t, map[string]string{
		"a/a_test.go": sample("a", `func FuzzLength(f *testing.F) {
	f.Add("seed")
	f.Fuzz(func(t *testing.T, s string) {
		if s != "seed" {
			t.Fatal("it is more than four")
		}
	})
}

func FuzzGood(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {})
}
`)})
	c.fuzzTime, c.fuzzTotal = 2*time.Second, time.Minute
	c.fuzz(t.Context())
	if len(c.failures) != 1 || !strings.HasPrefix(c.failures[0], "step: FuzzLength in ./a: ") {
		t.Errorf("failures %q", c.failures)
	}
	if !strings.Contains(out.String(), "is more than four") {
		t.Errorf("the input is not shown:\n%s", out)
	}
}

func TestFuzzOfNothing(t *testing.T) {
	c, _ := tree(t, map[string]string{"a/a_test.go": sample("a", "func FuzzA(f *testing.F) {}\n")})
	c.fuzzTotal = time.Minute
	c.fuzz(t.Context())
	if diff := cmp.Diff([]string{"step: none of the 1 targets was run"}, c.skipped); diff != "" {
		t.Error(diff)
	}
}

func TestOutOfTime(t *testing.T) {
	tests := []struct {
		output string
		want   bool
	}{
		{"--- FAIL: FuzzA (3.05s)\n    context deadline exceeded\n", true},
		{"--- FAIL: FuzzA\n    context deadline exceeded\n    Failing input written to testdata/fuzz/FuzzA/1\n", false},
		{"--- FAIL: FuzzA\n    boom\n", false},
	}
	for _, tt := range tests {
		if got := outOfTime(tt.output); got != tt.want {
			t.Errorf("%q: %v", tt.output, got)
		}
	}
}
