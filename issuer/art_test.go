package issuer

import (
	"slices"
	"testing"
)

func TestIconFor(t *testing.T) {
	for _, tt := range []struct {
		kind  string
		about []string
		want  string
	}{
		{"short", []string{"process-modelling"}, "process"},
		{"short", []string{"data-literacy"}, "data"},
		{"short", []string{"governance"}, "shield"},
		{"track", []string{"automation"}, "bolt"},
		{"short", []string{"usability", "Tested with Users"}, "users"},
		{"track", []string{"integration", "governance"}, "plug"},
		{"short", []string{"Update"}, "book"}, // words, not parts of words, tell the topic
		{"capstone", nil, "flag"},
		{"level", []string{"x"}, "layers"},
		{"program", nil, "star"},
		{"mentor", nil, "lamp"},
		{"short", nil, "book"},
		{"track", nil, "compass"},
	} {
		if got := IconFor(tt.kind, tt.about...); got != tt.want || !slices.Contains(Icons, got) {
			t.Errorf("IconFor(%s, %v) = %s, want %s", tt.kind, tt.about, got, tt.want)
		}
	}
	for _, topic := range topics {
		if !slices.Contains(Icons, topic.icon) {
			t.Errorf("%s leads to no icon: %s", topic.word, topic.icon)
		}
	}
}
