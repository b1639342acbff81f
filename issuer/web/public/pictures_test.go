package public_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/public"
	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/strictjson"
)

// TestSealedPictures: every badge seals its picture, one for each version and year;
// the bytes lie at the address that it names, and its PNG is these bytes and
// itself, whatever a later program would draw.
func TestSealedPictures(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	earn := func(kind, day string) string {
		r, err := s.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{
			Person: registrar.PersonRef{ID: s.People[kind]}, Module: "M1", CompletedAt: day})
		if err != nil {
			t.Fatal(err)
		}
		return "/v/" + string(r.Credentials[0].ID)
	}
	this, last := s.Clock.Now().Format("2006"), s.Clock.Now().AddDate(-1, 0, 0).Format("2006")
	first, second := earn("learner", this+"-01-02"), earn("other", this+"-01-03")
	s.Registrar.Draw = func(a registrar.AchievementRef, program string, on issuer.Day) ([]byte, error) {
		a.Art.Kind = "capstone" // as a later program draws it
		return public.Draw(a, program, on)
	}
	third := earn("mate", last+"-12-31")
	picture := func(path string) (address string, bytes []byte) {
		doc, err := strictjson.Parse(get(t, s, path+".json").Want(t, 200).Body)
		if err != nil {
			t.Fatal(err)
		}
		address = doc.Get("credentialSubject").Get("achievement").Get("image").Get("id").Text()
		answer := get(t, s, strings.TrimPrefix(address, s.URL)).Want(t, 200)
		if verifier.PictureDigest(doc) != verifier.Digest(answer.Body) || !strings.Contains(address, verifier.PictureDigest(doc)) {
			t.Errorf("%s seals %s, and other bytes lie there", path, verifier.PictureDigest(doc))
		}
		if kept := answer.Header.Get("Cache-Control"); !strings.Contains(kept, "immutable") || answer.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %v", address, answer.Header)
		}
		return address, answer.Body
	}
	one, drawn := picture(first)
	two, _ := picture(second)
	three, other := picture(third)
	if one != two || one == three || bytes.Equal(drawn, other) {
		t.Errorf("pictures: %s, %s and of another year %s", one, two, three)
	}
	for path, want := range map[string][]byte{first: drawn, third: other} {
		baked := get(t, s, path+".png").Want(t, 200).Body
		if !bytes.Equal(bake.Bare(baked), want) {
			t.Errorf("the PNG of %s is not its picture with the badge in it", path)
		}
		var report verifier.Report
		if err := json.Unmarshal(get(t, s, path, "Accept", "application/json").Want(t, 200).Body, &report); err != nil {
			t.Fatal(err)
		}
		if c := report.Checks[len(report.Checks)-1]; c.Outcome != verifier.Verified || report.Verdict != verifier.Verified {
			t.Errorf("%+v", c)
		}
	}
	for _, path := range []string{"/art/zQmNone.png", "/art/.png", "/art/" + strings.ToLower(one[strings.LastIndex(one, "/")+1:])} {
		get(t, s, path).Want(t, 404)
	}
}
