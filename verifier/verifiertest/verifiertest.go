// Package verifiertest gives tests what the module does not hold: reference
// data, published suites and the libraries of other vendors. It is the one
// place that decides what happens where something is missing: the test is
// skipped aloud, and fails under HALLMARK_REQUIRE=1, so that a machine that has
// everything notices what went away. It lies below the issuer, so that every
// test of the tree may use it; it knows nothing of credentials.
package verifiertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Required tells whether the run was told that nothing may be missing.
func Required() bool { return os.Getenv("HALLMARK_REQUIRE") == "1" }

// Lacks ends a test that needs what this machine lacks; what is a sentence
// that says what to set or install.
func Lacks(t testing.TB, what string) {
	t.Helper()
	if Required() {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Fixtures is the folder of reference data, which $HALLMARK_FIXTURES names.
func Fixtures(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("HALLMARK_FIXTURES")
	if folder == "" {
		Lacks(t, "set HALLMARK_FIXTURES to the folder of reference data")
	}
	return folder
}

// Fixture reads a file of the reference data; parts are its path in the
// folder.
func Fixture(t testing.TB, parts ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{Fixtures(t)}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// NPM is the folder .ci/npm with the named packages installed, on a machine
// that has node.
func NPM(t testing.TB, packages ...string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		Lacks(t, "install node to compare with other vendors' libraries")
	}
	npm := filepath.Join(root(t), ".ci", "npm")
	for _, name := range packages {
		if _, err := os.Stat(filepath.Join(npm, "node_modules", filepath.FromSlash(name))); err != nil {
			Lacks(t, "run npm ci in .ci/npm to compare with "+name)
		}
	}
	return npm
}

// root is the folder of the module: tests run in the folder of their package.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			t.Fatal("this test does not run inside the module")
		}
		folder = above
	}
}
