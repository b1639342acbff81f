package shown

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOlderClaims(t *testing.T) {
	got := ClaimsOf([]byte(`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://old.example.org/a","issuedOn":"2020-06-01T09:00:00Z","expires":"2030-06-01T09:00:00Z",
		"recipient":{"type":"email","hashed":false,"identity":"ada@example.org"},"evidence":["https://old.example.org/e",{"id":"javascript:alert(1)","name":"E","narrative":"N"}],
		"badge":{"type":"BadgeClass","id":"https://old.example.org/b","name":"Robotics","description":"D","criteria":{"id":"https://old.example.org/c","narrative":"Build one."},
		"alignment":[{"targetName":"T","targetUrl":"https://skills.example/1","targetFramework":"F"}]}}`))
	want := Claims{ID: "https://old.example.org/a", Achievement: "Robotics", Description: "D", Criteria: "Build one.", CriteriaURL: "https://old.example.org/c",
		AwardedOn: time.Date(2020, 6, 1, 9, 0, 0, 0, time.UTC), ValidFrom: time.Date(2020, 6, 1, 9, 0, 0, 0, time.UTC), ValidUntil: time.Date(2030, 6, 1, 9, 0, 0, 0, time.UTC),
		Skills:   []Link{{Name: "T", URL: "https://skills.example/1", Description: "F"}},
		Evidence: []Link{{URL: "https://old.example.org/e"}, {Name: "E", Description: "N"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c := ClaimsOf([]byte(`{"type":"Assertion","badge":"https://old.example.org/b","criteria":7}`)); c.Achievement != "" {
		t.Errorf("%+v", c)
	}
}
