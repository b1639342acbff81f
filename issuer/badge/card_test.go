package badge

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func capstoneCard() Card {
	c := capstoneCertificate()
	return Card{Art: c.Art, To: c.To, Holder: c.Holder, Name: c.Name, When: "14 November 2026 · Citizen Developer Program", Issuer: c.Issuer, Host: "badges.example.org"}
}

func drawnCard(t testing.TB, c Card) image.Image {
	t.Helper()
	doc, err := c.PNG()
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.PNG()
	if err != nil || !bytes.Equal(doc, again) {
		t.Fatalf("two pictures of one card differ (%v)", err)
	}
	img, err := png.Decode(bytes.NewReader(doc))
	if err != nil || img.Bounds() != image.Rect(0, 0, CardWidth, CardHeight) {
		t.Fatalf("%v %v", err, img.Bounds())
	}
	if len(doc) > 300<<10 {
		t.Errorf("%d bytes: other sites do not load large pictures", len(doc))
	}
	return img
}

// empty tells whether a part of a card is bare paper.
func empty(img image.Image, part image.Rectangle) bool {
	want := color.RGBAModel.Convert(paper)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if color.RGBAModel.Convert(img.At(x, y)) != want {
				return false
			}
		}
	}
	return true
}

// TestCardFits: however long the words, none leaves its place.
func TestCardFits(t *testing.T) {
	long, whole := strings.Repeat("Überlange Wörter ", 20), strings.Repeat("Donaudampfschifffahrt", 20)
	for name, c := range map[string]Card{
		"usual":         capstoneCard(),
		"short":         {Art: first, Name: "A", Holder: "B", Issuer: "C", Host: "d"},
		"nothing":       {},
		"long":          {Art: first, To: "Awarded to", Holder: long, Name: long, When: long, Issuer: long, Host: long, Standing: long},
		"long words":    {Art: first, To: "Awarded to", Holder: whole, Name: whole, When: whole, Issuer: whole, Host: whole, Standing: whole},
		"long nameless": {Name: long, When: long},
	} {
		img := drawnCard(t, c)
		for where, part := range map[string]image.Rectangle{
			"left": image.Rect(0, 0, cardLeft-2, CardHeight), "right": image.Rect(cardRight+2, 0, CardWidth, CardHeight),
			"top": image.Rect(0, 0, CardWidth, cardTop-20), "bottom": image.Rect(0, CardHeight-30, CardWidth, CardHeight),
			"between art and words": image.Rect(cardLeft+cardArt+1, 0, cardText-4, CardHeight),
			"above the rule":        image.Rect(cardText, cardBottom+14, CardWidth, cardBottom+23),
		} {
			if !empty(img, part) {
				t.Errorf("%s: something stands %s", name, where)
			}
		}
		if words := image.Rect(cardText, cardTop, cardRight, cardBottom); empty(img, words) != (name == "nothing") {
			t.Errorf("%s: the words", name)
		}
	}
}

// TestCardNames: a name that cannot be written whole is left to the page.
func TestCardNames(t *testing.T) {
	nameless := capstoneCard()
	nameless.Holder = ""
	want, err := nameless.PNG()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"山田太郎", "محمد", "Ada 山田", "\u202e"} {
		c := capstoneCard()
		c.Holder = name
		if got, err := c.PNG(); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q is drawn (%v)", name, err)
		}
	}
	for _, name := range []string{"Ελένη Παπαδοπούλου", "Ђорђе Щукин", "Zoë"} {
		c := capstoneCard()
		c.Holder = name
		if got, err := c.PNG(); err != nil || bytes.Equal(got, want) {
			t.Errorf("%q is not drawn (%v)", name, err)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	c := capstoneCard()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
