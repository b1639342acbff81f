package api_test

import (
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier"
)

// TestTranscript: a learner's program asks for the signed record of what they
// earned; nobody else's may, but an admin's of the installation.
func TestTranscript(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	path := "/api/v1/people/" + string(s.People["learner"]) + "/transcript"
	c.send(t, s, "learner", "GET", path, "", 404) // there is no badge yet
	c.send(t, s, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"M1","cohort":"craft-1"}`, 201)
	c.send(t, s, "nobody", "GET", path, "", 401)
	c.send(t, s, "owner", "GET", path, "", 403)
	for _, who := range []string{"learner", "root"} {
		var got struct {
			Items []struct {
				Token   string
				Badges  int
				Partial bool
			}
		}
		c.send(t, s, who, "GET", path, "", 200).JSON(t, &got)
		if len(got.Items) != 1 || got.Items[0].Badges != 1 || got.Items[0].Partial {
			t.Fatalf("%s is given %+v", who, got)
		}
		report, err := s.Verifier.Verify(t.Context(), []byte(got.Items[0].Token), verifier.Ask{})
		if err != nil || report.Verdict != verifier.Verified {
			t.Errorf("%s is given one that is %v: %v", who, report, err)
		}
	}
}
