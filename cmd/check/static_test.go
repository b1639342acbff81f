package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormatStep(t *testing.T) {
	c, _ := tree(t, map[string]string{
		"good.go":                 "package a\n\nfunc A() {}\n",
		"loose.go":                "package a\n\nfunc  B( ) { }\n",
		"torn.go":                 "package a\n\nfunc {\n",
		"testdata/any.go":         "package  x\n",
		".ci/npm/x.go":            "package  x\n",
		"web/node_modules/x/y.go": "package  x\n",
	})
	c.format(t.Context())
	if len(c.failures) != 2 {
		t.Fatalf("failures %q, want those of loose.go and torn.go", c.failures)
	}
	if c.failures[0] != "step: loose.go is not formatted: run gofmt -w loose.go" {
		t.Errorf("%q", c.failures[0])
	}
	if !strings.HasPrefix(c.failures[1], "step: torn.go does not parse: ") {
		t.Errorf("%q", c.failures[1])
	}
}

func TestWeigh(t *testing.T) {
	noise := make([]byte, 1000) // does not compress
	rand.Read(noise)
	for limit, failures := range map[int]int{900: 1, 1100: 0} {
		c, out := tree(t, map[string]string{})
		c.weigh(noise, limit)
		if len(c.failures) != failures {
			t.Errorf("limit %d: failures %q, want %d", limit, c.failures, failures)
		}
		if !strings.Contains(out.String(), "MB gzip, limit") {
			t.Errorf("the sizes are not told: %q", out)
		}
	}
	c, _ := tree(t, map[string]string{})
	c.weigh(bytes.Repeat([]byte{'a'}, 100_000), 1000)
	if len(c.failures) != 0 {
		t.Errorf("the limit is on raw bytes: %q", c.failures)
	}
}

func TestWASMStep(t *testing.T) {
	c, _ := tree(t, map[string]string{})
	c.wasm(t.Context())
	if diff := cmp.Diff([]string{"step: ./cmd/hallmark-wasm is missing"}, c.failures); diff != "" {
		t.Error(diff)
	}
	c, out := tree(t, map[string]string{
		"cmd/hallmark-wasm/main.go": "//go:build js && wasm\n\npackage main\n\nfunc main() { undefined() }\n",
	})
	c.wasm(t.Context())
	if len(c.failures) != 1 || !strings.Contains(out.String(), "undefined: undefined") {
		t.Errorf("failures %q, output:\n%s", c.failures, out)
	}
}

// The bytes that browsers get are those that the tree builds; bytes of another
// Go cannot be compared, and a mandatory run wants them to be there.
func TestCompare(t *testing.T) {
	built := "\x00asm as built by " + runtime.Version()
	tests := []struct {
		name, committed   string
		mandatory         bool
		failures, skipped int
	}{
		{"the same", built, true, 0, 0},
		{"of another tree", "\x00asm as it was, by " + runtime.Version(), false, 1, 0},
		{"of another Go", "\x00asm by go1.99", true, 0, 1},
		{"missing", "", false, 0, 1},
		{"missing in a mandatory run", "", true, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			if tt.committed != "" {
				files[wasmFile] = tt.committed
			}
			c, _ := tree(t, files)
			c.mandatory = tt.mandatory
			c.compare(wasmFile, []byte(built))
			if len(c.failures) != tt.failures || len(c.skipped) != tt.skipped {
				t.Errorf("failures %q, skipped %q; want %d and %d", c.failures, c.skipped, tt.failures, tt.skipped)
			}
		})
	}
}

// Files for browsers only are vetted too.
func TestVetSeesBrowserFiles(t *testing.T) {
	c, out := tree(t, map[string]string{
		"a.go":                      "package a\n",
		"cmd/hallmark-wasm/main.go": "//go:build js && wasm\n\npackage main\n\nimport \"fmt\"\n\nfunc main() { fmt.Printf(\"%d\", \"x\") }\n",
	})
	c.vet(t.Context())
	if len(c.failures) != 1 || !strings.Contains(out.String(), "wrong type") {
		t.Errorf("failures %q, output:\n%s", c.failures, out)
	}
}

func TestVulnerabilities(t *testing.T) {
	tests := []struct {
		name, output      string
		err               error
		failures, skipped int
	}{
		{"none", "No vulnerabilities found.", nil, 0, 0},
		{"found", "Vulnerability #1\nexit status 3\n", errors.New("exit status 1"), 1, 0},
		{"could not tell", "fetching: no such host\nexit status 1\n", errors.New("exit status 1"), 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := tree(t, map[string]string{})
			c.mandatory = true // it is never mandatory
			c.vulnerabilities(tt.output, tt.err)
			if len(c.failures) != tt.failures || len(c.skipped) != tt.skipped {
				t.Errorf("failures %q, skipped %q", c.failures, c.skipped)
			}
		})
	}
}

func TestInteropStep(t *testing.T) {
	c, _ := tree(t, map[string]string{})
	c.interop(t.Context())
	if len(c.failures) != 1 || !strings.Contains(c.failures[0], "are missing") {
		t.Errorf("no scripts: %q", c.failures)
	}
	c, _ = tree(t, map[string]string{".ci/npm/a.test.mjs": "throw new Error('x');\n"})
	c.interop(t.Context())
	if len(c.skipped) != 1 {
		t.Errorf("no packages or no node: failures %q, skipped %q", c.failures, c.skipped)
	}
}
