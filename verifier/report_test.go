package verifier

import "testing"

// Every combination of outcomes of the deciding checks, against the rule as it
// is written: any refused, else any undetermined, else verified; where "not
// asked" is no answer for the first three.
func TestVerdictWhole(t *testing.T) {
	outcomes := []Outcome{Verified, Refused, Undetermined, Skipped, ""}
	total := 1
	for range Deciding {
		total *= len(outcomes)
	}
	seen := map[Outcome]int{}
	for n := range total {
		checks := make([]Check, count)
		any := map[Outcome]bool{}
		for i, rest := 0, n; i < Deciding; i, rest = i+1, rest/len(outcomes) {
			checks[i] = Check{Name: Names[i], Outcome: outcomes[rest%len(outcomes)]}
			o := checks[i].Outcome
			if o == "" || o == Skipped && i < 3 {
				o = Undetermined
			}
			any[o] = true
		}
		for i := Deciding; i < count; i++ {
			checks[i].Outcome = outcomes[(n+i)%len(outcomes)] // the rest only informs
		}
		want := Verified
		if any[Undetermined] {
			want = Undetermined
		}
		if any[Refused] {
			want = Refused
		}
		if got := Verdict(checks); got != want {
			t.Fatalf("%v: %s; want %s", checks[:Deciding], got, want)
		}
		seen[want]++
	}
	if seen[Verified] != 16 { // four checks may be verified or skipped
		t.Errorf("%d combinations are verified; want 16", seen[Verified])
	}
	if got := Verdict(nil); got != Undetermined {
		t.Errorf("no checks at all: %s", got)
	}
	if got := Verdict([]Check{{Outcome: Refused}}); got != Refused {
		t.Errorf("one refused check alone: %s", got)
	}
}
