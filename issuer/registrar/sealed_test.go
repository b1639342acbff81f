package registrar

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

// TestSealedForm: the form of the file never changes, or no badge that is out
// there would name it any more.
func TestSealedForm(t *testing.T) {
	s := &issuer.Submission{ID: "AAAAAAAAAAAAAAAAAAAAAAAAAA", Number: 2, Title: "A “chair” <1>", Summary: "It holds.\nReally.",
		Impact: issuer.Impact{Measure: "hours", Before: "9", After: "2"}, SubmittedAt: time.Unix(0, 0)}
	evidence := []issuer.Evidence{{Submission: 1, Kind: "link", URL: "https://example.org/old"}, {Submission: 2, Kind: "link", Name: "The app", URL: "https://example.org/a?b=1&c=2"},
		{Submission: 2, Kind: "file", Name: "Plan", Digest: "zQm"}, {Submission: 0, Kind: "link", URL: "https://example.org/draft"}}
	const want = `{"evidence":[{"digest":"","kind":"link","name":"The app","url":"https://example.org/a?b=1&c=2"},{"digest":"zQm","kind":"file","name":"Plan","url":""}],` +
		`"id":"AAAAAAAAAAAAAAAAAAAAAAAAAA","impact":{"after":"2","before":"9","measure":"hours"},"number":2,"summary":"It holds.\nReally.","title":"A “chair” <1>"}`
	got, err := seal(s, evidence)
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if digest, err := digestOf(&issuer.Submission{ID: s.ID}, nil); err != nil || digest != "" {
		t.Errorf("of what was erased: %v %q", err, digest)
	}
	digest, err := digestOf(s, evidence)
	if err != nil || digest != verifier.Digest([]byte(want)) {
		t.Errorf("%v %s", err, digest)
	}
}

// TestSealed: the badge names the digest of what was approved, and not of what
// was handed in before; who may see the capstone gets the file.
func TestSealed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { sealedWork(t, newCast(t, k)) })
}

func sealedWork(t *testing.T, c *cast) {
	ctx, p := t.Context(), &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	id := c.handIn("C1", "lea", "max")
	first, err := c.SealedSubmission(ctx, c.as("lea"), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	draft := goodDraft
	draft.Summary += " Four, now."
	if _, err := c.SaveCapstone(ctx, c.as("max"), id, draft); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SubmitCapstone(ctx, c.as("max"), id); err != nil {
		t.Fatal(err)
	}
	r, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(2))
	if err != nil || len(r.Credentials) != 2 {
		t.Fatal(err, r)
	}
	second, err := c.SealedSubmission(ctx, c.as("lee"), id, 2)
	if err != nil || bytes.Equal(first, second) {
		t.Fatal(err)
	}
	v, err := c.Capstone(ctx, c.as("lea"), id)
	if err != nil || v.Submissions[0].Digest != verifier.Digest(second) || v.Submissions[1].Digest != verifier.Digest(first) {
		t.Errorf("%v %+v", err, v.Submissions)
	}
	named := func(badge issuer.CredentialID) string {
		t.Helper()
		signed, err := p.Credential(ctx, badge)
		if err != nil {
			t.Fatal(err)
		}
		var doc ob3.AchievementCredential
		if err := json.Unmarshal(signed, &doc); err != nil {
			t.Fatal(err)
		}
		check := &verifier.Report{Credential: signed}
		for file, want := range map[*[]byte]verifier.Outcome{&first: verifier.Refused, &second: verifier.Verified} {
			if got := verifier.CheckEvidence(check, *file); got.Outcome != want {
				t.Errorf("%+v, want %s", got, want)
			}
		}
		if bytes.Contains(signed, []byte("Four, now")) {
			t.Error("the work is published")
		}
		return doc.Evidence[0].DigestMultibase
	}
	for _, b := range r.Credentials {
		if got := named(b.ID); got != verifier.Digest(second) {
			t.Errorf("the badge names %s", got)
		}
	}
	again, err := c.ReissueCredential(ctx, c.as("owen"), r.Credentials[0].ID, "A slip.")
	if err != nil {
		t.Fatal(err)
	}
	named(again.Badge.ID)
	for who, want := range map[string]error{"ola": issuer.NotFound, "far": issuer.NotFound, "": issuer.Unsigned, "max": nil, "owen": nil, "com": nil} {
		if _, err := c.SealedSubmission(ctx, c.as(who), id, 1); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", who, err, want)
		}
	}
	if _, err := c.SealedSubmission(ctx, c.as("lea"), id, 3); !errors.Is(err, issuer.NotFound) {
		t.Errorf("a submission that was not: %v", err)
	}
}
