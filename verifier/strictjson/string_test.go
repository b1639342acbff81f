package strictjson_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"hallmark/verifier/strictjson"
)

// Strings are read eight bytes at a time: every byte, at every place of a word
// and before every kind of end, is seen as by a reader of single bytes.
func TestEveryByteAtEveryPlace(t *testing.T) {
	for length := range 19 {
		for at := range length {
			for b := range 256 {
				text := []byte(strings.Repeat("x", length))
				text[at] = byte(b)
				for _, after := range []string{"", "        ", ` , "y"`} {
					whole := fmt.Sprintf(`["%s"%s]`, text, after)
					v, err := strictjson.Parse([]byte(whole))
					var want []string
					good := json.Unmarshal([]byte(whole), &want) == nil && utf8.ValidString(whole)
					if good != (err == nil) {
						t.Fatalf("%q: %v", whole, err)
					}
					if good && v.Kids[0].Str != want[0] {
						t.Fatalf("%q was read as %q", whole, v.Kids[0].Str)
					}
				}
			}
		}
	}
}

// Two bytes that matter in one word: the first of them decides.
func TestFirstOfTwoDecides(t *testing.T) {
	marks := []string{`"`, `\n`, "\x1f", "\xff", "é", "!", "]", "\x21", "#", "\x5d", "\x7f"}
	for _, one := range marks {
		for _, two := range marks {
			for before := range 9 {
				for between := range 9 {
					whole := `["` + strings.Repeat("a", before) + one + strings.Repeat("b", between) + two + `"]`
					v, err := strictjson.Parse([]byte(whole))
					var want []string
					good := json.Unmarshal([]byte(whole), &want) == nil && utf8.ValidString(whole)
					if good != (err == nil) || good && v.Kids[0].Str != want[0] {
						t.Fatalf("%q: %v", whole, err)
					}
				}
			}
		}
	}
}
