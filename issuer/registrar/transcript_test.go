package registrar

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
)

// worked has lea, in a team with max, earn all there is: one mentor sends the
// work back and does not want to be named, another approves and does.
func (c *cast) worked() {
	c.t.Helper()
	ctx := c.t.Context()
	c.complete("lea", "M1", "2026-10-01", "")
	c.complete("lea", "M2", "2026-10-02", "79")
	c.complete("lea", "M2", "2026-10-03", "91")
	id := c.handIn("C1", "lea", "max")
	sent := NewReview{Submission: 1, Decision: issuer.Return, Scores: issuer.Scores{"build": "not yet"}, Note: "Say who uses it."}
	if _, err := c.ReviewCapstone(ctx, c.as("com"), id, sent); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.SubmitCapstone(ctx, c.as("lea"), id); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(2)); err != nil {
		c.t.Fatal(err)
	}
	for who, yes := range map[string]bool{"lee": true, "com": false} {
		if err := c.AnswerConsent(ctx, c.as(who), yes); err != nil {
			c.t.Fatal(err)
		}
	}
}

// read gives the claims of a transcript.
func (t *Transcript) read(tt testing.TB) (header, claims map[string]any) {
	tt.Helper()
	for i, into := range []*map[string]any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(string(t.Token), ".")[i])
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			tt.Fatal(err)
		}
	}
	return header, claims
}

func TestTranscript(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { transcript(t, newCast(t, k)) })
}

func transcript(t *testing.T, c *cast) {
	ctx := t.Context()
	if _, err := c.Transcripts(ctx, c.as("lea"), c.ids["lea"]); !errors.Is(err, issuer.NotFound) {
		t.Errorf("a transcript of nothing: %v", err)
	}
	c.worked()
	all, err := c.Transcripts(ctx, c.as("lea"), c.ids["lea"])
	if err != nil || len(all) != 1 || all[0].Badges != 5 || all[0].Partial {
		t.Fatalf("%+v %v", all, err)
	}
	header, claims := all[0].read(t)
	if header["alg"] != "RS256" || header["typ"] != "JWT" || !strings.HasPrefix(header["kid"].(string), kitBase+"/keys/") || len(header) != 3 {
		t.Errorf("header %v", header)
	}
	clrRules(t, claims, c.Ring.DID())
	subject := claims["credentialSubject"].(map[string]any)
	if _, named := subject["identifier"]; named {
		t.Error("it names somebody who was not asked")
	}
	c.association(t, subject)

	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SuspendCredential(ctx, system, c.badge(), StatusChange{Reason: "Under review."}); err != nil {
		t.Fatal(err)
	}
	if all, err = c.Transcripts(ctx, c.as("root"), c.ids["lea"]); err != nil || all[0].Badges != 4 || !all[0].Partial {
		t.Fatalf("%+v %v", all, err)
	}
	_, claims = all[0].read(t)
	clrRules(t, claims, c.Ring.DID())
	want := []any{map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": "Lea Learner", "identityType": "name"}}
	if diff := cmp.Diff(any(want), claims["credentialSubject"].(map[string]any)["identifier"]); diff != "" {
		t.Error(diff)
	}
	c.stop()
	if _, err := c.Transcripts(ctx, c.as("lea"), c.ids["lea"]); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("a transcript while nothing is signed: %v", err)
	}
}

// clrRules holds a transcript to CLR 2.0, Appendix B and §8.2: what must be there,
// in which form, and nothing that the claims of the token contradict.
func clrRules(t *testing.T, c map[string]any, did string) {
	t.Helper()
	texts := func(v any) (all []string) {
		for _, x := range v.([]any) {
			all = append(all, x.(string))
		}
		return all
	}
	if diff := cmp.Diff([]string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}, texts(c["@context"])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"VerifiableCredential", "ClrCredential"}, texts(c["type"])); diff != "" {
		t.Error(diff)
	}
	subject := c["credentialSubject"].(map[string]any)
	profile := c["issuer"].(map[string]any)
	if profile["id"] != did || c["iss"] != did || c["jti"] != c["id"] || c["sub"] != subject["id"] || !slices.Contains(texts(profile["type"]), "Profile") {
		t.Errorf("claims and credential differ: %v", c)
	}
	from, err := time.Parse("2006-01-02T15:04:05Z", c["validFrom"].(string))
	if err != nil || float64(from.Unix()) != c["nbf"] || c["name"] == "" || !strings.HasPrefix(c["id"].(string), "urn:uuid:") {
		t.Errorf("validFrom %v, nbf %v, name %v, id %v", c["validFrom"], c["nbf"], c["name"], c["id"])
	}
	if !slices.Contains(texts(subject["type"]), "ClrSubject") || len(subject["verifiableCredential"].([]any)) == 0 {
		t.Errorf("subject %v", subject)
	}
	for _, vc := range subject["verifiableCredential"].([]any) {
		if vc.(map[string]any)["proof"] == nil {
			t.Error("a badge in it is not signed")
		}
	}
	for _, a := range subject["achievement"].([]any) {
		for _, must := range []string{"id", "type", "criteria", "description", "name"} {
			if a.(map[string]any)[must] == nil {
				t.Errorf("an achievement lacks its %s", must)
			}
		}
	}
}

// association: every link leads from an achievement of the transcript to one
// that it is made of.
func (c *cast) association(t *testing.T, subject map[string]any) {
	t.Helper()
	code := map[string]string{}
	for _, a := range subject["achievement"].([]any) {
		code[a.(map[string]any)["id"].(string)] = a.(map[string]any)["humanCode"].(string)
	}
	var got []string
	for _, a := range subject["association"].([]any) {
		m := a.(map[string]any)
		if m["type"] != "Association" || m["associationType"] != "isParentOf" || len(m) != 4 {
			t.Errorf("association %v", m)
		}
		got = append(got, code[m["sourceId"].(string)]+" is made of "+code[m["targetId"].(string)])
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"all is made of C1", "all is made of base", "base is made of M1", "base is made of M2"}, got); diff != "" {
		t.Error(diff)
	}
}

// A transcript that somebody changed is no transcript: our verifier reads the
// signature over all of it.
func TestTranscriptIsSigned(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	all, err := c.Transcripts(t.Context(), c.as("lea"), c.ids["lea"])
	if err != nil {
		t.Fatal(err)
	}
	own, err := c.Ring.VerifierDocument()
	if err != nil {
		t.Fatal(err)
	}
	v := verifier.Verifier{Keys: ownTokenKeys{ownKeys{own}, c.Registrar}, Now: c.now}
	parts := strings.Split(string(all[0].Token), ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func() []byte{
		"as it is":    func() []byte { return payload },
		"a name":      func() []byte { return bytes.Replace(payload, []byte("First Step"), []byte("Last Step!"), 1) },
		"its subject": func() []byte { return bytes.Replace(payload, []byte("ClrSubject"), []byte("ClrSubjekt"), 1) },
	} {
		report, err := v.Verify(t.Context(), []byte(parts[0]+"."+base64.RawURLEncoding.EncodeToString(change())+"."+parts[2]), verifier.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		want := verifier.Refused
		if name == "as it is" {
			want = verifier.Verified
		}
		if report.Verdict != want {
			t.Errorf("%s: %s: %s", name, report.Verdict, report.Summary)
		}
	}
}

// Who has more badges than one credential holds gets several, each of which says
// that it is a part and none of which is too large to be read.
func TestTranscriptInParts(t *testing.T) {
	l := &learnerRecord{signed: map[issuer.CredentialID][]byte{}}
	for i := range 70 {
		id := issuer.CredentialID(rune('A' + i))
		l.badges = append(l.badges, BadgeView{ID: id})
		l.signed[id] = make([]byte, 4000)
	}
	l.signed[l.badges[40].ID] = make([]byte, 120_000)
	n := 0
	for _, part := range l.parts() {
		size := 0
		for _, b := range part {
			size += len(l.signed[b.ID])
		}
		if size > transcriptBytes || len(part) == 0 || len(part) > transcriptBadges {
			t.Errorf("a part of %d badges and %d bytes", len(part), size)
		}
		n += len(part)
	}
	if n != 70 {
		t.Errorf("%d badges in all", n)
	}
}

func TestExportPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { exportPerson(t, newCast(t, k)) })
}

func exportPerson(t *testing.T, c *cast) {
	ctx := t.Context()
	c.worked()
	hidden := c.badge()
	if _, err := c.SetVisibility(ctx, c.as("lea"), hidden, issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	changes(t, c, func(tx *store.Tx) error {
		us, err := tx.Issuer()
		if err != nil {
			return err
		}
		_, err = tx.AddPasskeyOnce(&issuer.Passkey{ID: "KEY", IssuerID: us.ID, PersonID: c.ids["lea"], Name: "My phone", Data: `{"secret":"of the device"}`, CreatedAt: tx.Now})
		return err
	})
	e, err := c.ExportPerson(ctx, c.as("lea"), c.ids["lea"])
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Lea Learner", "lea@example.org", "Lee Lead", "a community mentor", "Say who uses it.", "Expense helper", `"score":"79"`, "https://apps.example.org/helper", `"teamSize":2`, "badge-issued", "My phone"} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("it lacks %s", want)
		}
	}
	for _, other := range []string{"Max Member", "max@example.org", string(c.ids["max"]), "Com Community", string(c.ids["com"]), "Owen", string(c.ids["owen"]), "lee@example.org", "of the device"} {
		if bytes.Contains(raw, []byte(other)) {
			t.Errorf("it tells of %s", other)
		}
	}
	if len(e.Badges) != 5 || len(e.Completions) != 3 || len(e.Capstones) != 1 || len(e.Capstones[0].Submissions) != 2 || len(e.Transcripts) != 1 {
		t.Errorf("%d badges, %d completions, %d capstones, %d transcripts: %s", len(e.Badges), len(e.Completions), len(e.Capstones), len(e.Transcripts), e.NoTranscript)
	}
	for _, b := range e.Badges {
		if len(b.JSON) == 0 || bytes.Count(b.JWT, []byte(".")) != 2 {
			t.Errorf("badge %s has %d bytes and a token of %d", b.ID, len(b.JSON), len(b.JWT))
		}
	}
	mentor, err := c.ExportPerson(ctx, c.as("root"), c.ids["lee"])
	if err != nil || len(mentor.ReviewsGiven) != 1 || mentor.ReviewsGiven[0].Brief != "C1" || mentor.NoTranscript == "" {
		t.Fatalf("%+v %v", mentor, err)
	}
	if raw, err = json.Marshal(mentor); err != nil || bytes.Contains(raw, []byte("Lea Learner")) || bytes.Contains(raw, []byte("Expense")) {
		t.Errorf("what a mentor takes tells of whom they mentored: %v", err)
	}
	want := []string{"person:" + string(c.ids["lea"]) + " " + string(c.ids["lea"]), "person:" + string(c.ids["root"]) + " " + string(c.ids["lee"])}
	slices.Sort(want)
	if diff := cmp.Diff(want, c.audited("person.export")); diff != "" {
		t.Error(diff)
	}
}

// audited lists who did an act to what, in order.
func (c *cast) audited(name string) (all []string) {
	c.t.Helper()
	entries, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.AuditOfActs(name) })
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Actor+" "+e.Object)
	}
	slices.Sort(all)
	return all
}
