package verifiertest

import "testing"

// fate is a test that says how it was ended.
type fate struct {
	testing.TB
	ended string
}

func (f *fate) Helper()               {}
func (f *fate) Fatal(...any)          { f.ended = "failed"; panic(f) }
func (f *fate) Fatalf(string, ...any) { f.Fatal() }
func (f *fate) Skip(...any)           { f.ended = "skipped"; panic(f) }
func (f *fate) run(do func()) (ended string) {
	defer func() {
		if r := recover(); r != nil && r != any(f) {
			panic(r)
		}
		ended = f.ended
	}()
	f.ended = "went on"
	do()
	return f.ended
}

// TestSuitePinned: another text under the same version is not taken.
func TestSuitePinned(t *testing.T) {
	JSONTestSuite.Folder(t)
	other := JSONTestSuite
	other.Sum = Wycheproof.Sum
	f := &fate{TB: t}
	if got := f.run(func() { other.Folder(f) }); got != "failed" {
		t.Errorf("a suite with another sum: %s", got)
	}
}

func TestMissingIsSaidOrFatal(t *testing.T) {
	t.Setenv("HALLMARK_FIXTURES", "")
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	for _, tt := range []struct{ require, want string }{{"", "skipped"}, {"0", "skipped"}, {"1", "failed"}} {
		t.Setenv("HALLMARK_REQUIRE", tt.require)
		f := &fate{TB: t}
		if got := f.run(func() { Fixture(f, "a") }); got != tt.want {
			t.Errorf("reference data missing, HALLMARK_REQUIRE=%q: %s, want %s", tt.require, got, tt.want)
		}
		if got := f.run(func() { NPM(f, "no-such-package") }); got != tt.want {
			t.Errorf("a library missing, HALLMARK_REQUIRE=%q: %s, want %s", tt.require, got, tt.want)
		}
		if got := f.run(func() { JSONTestSuite.Folder(f) }); got != tt.want {
			t.Errorf("a suite missing, HALLMARK_REQUIRE=%q: %s, want %s", tt.require, got, tt.want)
		}
	}
}
