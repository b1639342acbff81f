package registrar

import (
	"errors"
	"testing"

	"hallmark/issuer"
)

// TestTouched: a filter finds the badges that count now and came by what it
// names, and no others.
func TestTouched(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { touched(t, newCast(t, k)) })
}

func touched(t *testing.T, c *cast) {
	ctx := t.Context()
	if _, err := c.RecordCompletion(ctx, c.as("com"), NewCompletion{Person: PersonRef{ID: c.ids["ola"]}, Module: "M1", CompletedAt: "2026-10-01"}); err != nil {
		t.Fatal(err)
	}
	c.complete("lea", "M1", "2026-10-01", "") // by the owner
	if _, err := c.ImportCompletions(ctx, c.as("owen"), []CompletionRow{{Row: 2, Email: "max@example.org", Module: "M1", CompletedOn: "2026-10-02"}}, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	c.later(48 * 3600 * 1e9)
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), c.handIn("C1", "lea", "max"), approve(1)); err != nil {
		t.Fatal(err)
	}
	lee := PersonRef{Email: "lee@example.org"}
	for _, test := range []struct {
		name string
		f    TouchedFilter
		want map[string]int // by achievement
		kind issuer.Kind
	}{
		{"an approving mentor", TouchedFilter{Mentor: lee}, map[string]int{"C1": 2}, ""},
		{"a recording mentor", TouchedFilter{Mentor: PersonRef{ID: c.ids["com"]}}, map[string]int{"M1": 1}, ""},
		{"a mentor, before", TouchedFilter{Mentor: lee, Until: "2026-11-22"}, nil, ""},
		{"a mentor, since", TouchedFilter{Mentor: lee, Since: "2026-11-23", Until: "2026-11-23"}, map[string]int{"C1": 2}, ""},
		{"an achievement", TouchedFilter{Achievement: "M1"}, map[string]int{"M1": 3}, ""},
		{"its version", TouchedFilter{Achievement: "M1", Version: 1}, map[string]int{"M1": 3}, ""},
		{"a version that is none", TouchedFilter{Achievement: "M1", Version: 2}, nil, issuer.Invalid},
		{"an import", TouchedFilter{Source: "import"}, map[string]int{"M1": 1}, ""},
		{"both", TouchedFilter{Source: "import", Mentor: lee}, nil, ""},
		{"an odd source", TouchedFilter{Source: "rumour"}, nil, issuer.Invalid},
		{"nothing", TouchedFilter{Since: "2026-11-01"}, nil, issuer.Invalid},
		{"nobody we know", TouchedFilter{Mentor: PersonRef{Email: "who@example.org"}}, nil, issuer.Invalid},
	} {
		found, err := c.Touched(ctx, system, test.f)
		if test.kind != "" && !errors.Is(err, test.kind) || test.kind == "" && err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		got := map[string]int{}
		for _, b := range found {
			got[b.Achievement.Code]++
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		for code, n := range test.want {
			if got[code] != n {
				t.Errorf("%s: %v, want %v", test.name, got, test.want)
			}
		}
	}
	if _, err := c.RevokeCredential(ctx, c.as("owen"), c.current("ola", "M1")[0], StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	if found, err := c.Touched(ctx, system, TouchedFilter{Achievement: "M1"}); err != nil || len(found) != 2 {
		t.Errorf("after a revocation: %v %d", err, len(found))
	}
}
