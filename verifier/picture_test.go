package verifier_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/ob3"
)

// square draws a picture that differs with its side.
func square(t testing.TB, side int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// gallery keeps pictures by their addresses; nil bytes cannot be read.
type gallery map[string][]byte

func (g gallery) Picture(_ context.Context, url string) ([]byte, bool, error) {
	picture, ours := g[url]
	if ours && picture == nil {
		return nil, true, errors.New("the database is down")
	}
	return picture, ours, nil
}

// TestPicture: a badge seals its picture, and the report says of the one at hand
// whether it is that, without a bearing on the verdict.
func TestPicture(t *testing.T) {
	const address = "https://badges.example.org/art/one.png"
	w, own, another := newWorld(t), square(t, 8), square(t, 9)
	sealed := func(digest string) []byte {
		b := badge()
		b.CredentialSubject.Achievement.Image = &ob3.Image{ID: address, Type: "Image"}
		b.RelatedResource = []ob3.RelatedResource{{ID: "https://badges.example.org/terms", DigestMultibase: verifier.Digest(another)},
			{ID: address, MediaType: "image/png", DigestMultibase: digest}}
		return w.sign(t, b)
	}
	doc := sealed(verifier.Digest(own))
	baked := func(picture, doc []byte) []byte {
		out, err := bake.PNG(picture, doc)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if bare := bake.Bare(baked(own, doc)); !bytes.Equal(bare, own) {
		t.Fatal("taking the credential out does not give the picture back")
	}
	vector, err := bake.SVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file     []byte
		pictures verifier.PictureSource
		want     verifier.Outcome
		says     string
	}{
		"in its own picture":       {baked(own, doc), nil, verifier.Verified, "is the one that the badge seals"},
		"in another":               {baked(another, doc), nil, verifier.Refused, "another picture than its own"},
		"in another, records know": {baked(another, doc), gallery{address: own}, verifier.Refused, "another picture than its own"},
		"in a drawing":             {vector, nil, verifier.Verified, "cannot be compared"},
		"no picture sealed":        {baked(another, w.sign(t, badge())), nil, verifier.Verified, "carries exactly one."},
		"another kind of digest":   {baked(own, sealed("f1220ab")), nil, verifier.Verified, "not read here"},
		"alone":                    {doc, nil, verifier.Skipped, "pictures are not fetched"},
		"alone, of others":         {doc, gallery{}, verifier.Skipped, "of others are not fetched"},
		"alone, kept":              {doc, gallery{address: own}, verifier.Verified, "is the one that the badge seals"},
		"alone, kept otherwise":    {doc, gallery{address: another}, verifier.Refused, "is not the one"},
		"alone, records away":      {doc, gallery{address: nil}, verifier.Undetermined, "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			v := w.verifier()
			v.Pictures = test.pictures
			r := verify(t, v, test.file)
			c := r.Checks[len(r.Checks)-1]
			if c.Name != "image" || c.Outcome != test.want || !strings.Contains(c.Reason, test.says) {
				t.Errorf("%+v", c)
			}
			if r.Verdict != verifier.Verified || outcome(r, "schema") != verifier.Verified {
				t.Errorf("the verdict is %s, the schema %s", r.Verdict, outcome(r, "schema"))
			}
		})
	}
	forged := verify(t, w.verifier(), baked(own, bytes.Replace(doc, []byte("Low-code Foundations"), []byte("High-code Foundations"), 1)))
	if c := forged.Checks[len(forged.Checks)-1]; strings.Contains(c.Reason, "seals") {
		t.Errorf("a forged badge vouches for its picture: %+v", c)
	}
}
