package verifiertest

import "testing"

// fate is a test that says how it was ended.
type fate struct {
	testing.TB
	ended string
}

func (f *fate) Helper()      {}
func (f *fate) Fatal(...any) { f.ended = "failed"; panic(f) }
func (f *fate) Skip(...any)  { f.ended = "skipped"; panic(f) }
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

func TestMissingIsSaidOrFatal(t *testing.T) {
	t.Setenv("HALLMARK_FIXTURES", "")
	for _, tt := range []struct{ require, want string }{{"", "skipped"}, {"0", "skipped"}, {"1", "failed"}} {
		t.Setenv("HALLMARK_REQUIRE", tt.require)
		f := &fate{TB: t}
		if got := f.run(func() { Fixture(f, "a") }); got != tt.want {
			t.Errorf("reference data missing, HALLMARK_REQUIRE=%q: %s, want %s", tt.require, got, tt.want)
		}
		if got := f.run(func() { NPM(f, "no-such-package") }); got != tt.want {
			t.Errorf("a library missing, HALLMARK_REQUIRE=%q: %s, want %s", tt.require, got, tt.want)
		}
	}
}
