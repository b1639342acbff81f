package jcs

import (
	"errors"
	"slices"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	peer "github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"hallmark/verifier/strictjson"
)

func TestTransform(t *testing.T) {
	cases := map[string]string{
		// RFC 8785 §3.2.2 and §3.2.3.
		`{"numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`:                                           `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`: "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
		// RFC 8785 appendix B.
		`[-0, 5e-324, -5e-324, 1.7976931348623157e308, 9007199254740992, 295147905179352830000, 9.999999999999997e22, 1e23, 1.0000000000000001e23, 999999999999999700000, 999999999999999900000, 1e21, 9.999999999999997e-7, 0.000001]`: `[0,5e-324,-5e-324,1.7976931348623157e+308,9007199254740992,295147905179352830000,9.999999999999997e+22,1e+23,1.0000000000000001e+23,999999999999999700000,999999999999999900000,1e+21,9.999999999999997e-7,0.000001]`,
		`[333333333.33333329, 333333333.3333332, 333333333.33333325, 333333333.3333333, 333333333.3333334]`:                                                                                                                             "",
		`{"a":1,"a":2}`: "",
		`[1e400]`:       "",
		`["\ud800"]`:    "",
		`{}x`:           "",
	}
	for doc, want := range cases {
		got, err := Transform([]byte(doc))
		if want == "" {
			var unreadable *strictjson.Error
			if !errors.As(err, &unreadable) {
				t.Errorf("%s: accepted as %s (%v)", doc, got, err)
			}
			continue
		}
		if err != nil || string(got) != want {
			t.Errorf("%s\n got %s\nwant %s (%v)", doc, got, want, err)
		}
	}
}

func TestCompareUTF16(t *testing.T) {
	letter := rapid.RuneFrom([]rune{0, 'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfb33, 0xffff, 0x10000, 0x1f600, 0x10ffff})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringOf(letter).Draw(t, "a"), rapid.StringOf(letter).Draw(t, "b")
		want := slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		got := CompareUTF16(a, b)
		if got < 0 != (want < 0) || got > 0 != (want > 0) {
			t.Fatalf("compare(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}

func FuzzJCS(f *testing.F) {
	f.Add([]byte(`{"b":[1e21,0.1,-0,1e-7],"a":"\u000f\ud83d\ude00"}`))
	f.Add([]byte(`[[],{},"",null,true]`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := Transform(doc)
		if err != nil {
			return
		}
		want, err := peer.Transform(doc)
		if err != nil {
			// The peer wants an object or array outside and refuses control
			// characters that RFC 8259 lets an escape express.
			if v, _ := strictjson.Parse(doc); v.Kind >= strictjson.Array && !unusual(got) {
				t.Fatalf("accepted as %s, the peer says %v", got, err)
			}
			return
		}
		if string(got) != string(want) {
			t.Fatalf("got %s, the peer %s", got, want)
		}
		again, err := Transform(got)
		if err != nil || string(again) != string(got) {
			t.Fatalf("%s becomes %s (%v)", got, again, err)
		}
	})
}

// unusual finds noncharacters, which peers may refuse.
func unusual(text []byte) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return true
		}
		text = text[size:]
	}
	return false
}
