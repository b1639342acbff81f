package issuer

import (
	"crypto/rand"
	"strings"
	"testing"
)

func TestPaperCode(t *testing.T) {
	for range 2000 {
		id := CredentialID(rand.Text())
		code := PaperCode(id)
		if len(code) != PaperCodeSize+2 {
			t.Fatalf("%s has the code %q", id, code)
		}
		for _, typed := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", " – ") + "\u200f\n",
			strings.NewReplacer("0", "o", "1", "l", "V", "u").Replace(code), strings.NewReplacer("0", "O", "1", "I").Replace(code),
			strings.NewReplacer("0", "٠", "2", "٢", "9", "٩").Replace(code), strings.NewReplacer("A", "Ａ", "7", "７").Replace(code)} {
			prefix, err := ReadPaperCode(typed)
			if err != nil || !strings.HasPrefix(string(id), prefix) || len(prefix) != PaperCodeSize {
				t.Fatalf("%q of %s is read as %q: %v", typed, id, prefix, err)
			}
			if first, last := CredentialsFrom(prefix); id < first || id > last || len(last) != len(id) {
				t.Fatalf("%s is not from %s to %s", id, first, last)
			}
		}
	}
	for _, typed := range []string{"", "7H2K-9QXW-3M4", "7H2K-9QXW-3M4TT", "7H2K-9QXW-3M4!", "<script>aler", strings.Repeat("A", 5000), "7H2K-9QXW-3M4é"} {
		if prefix, err := ReadPaperCode(typed); err == nil {
			t.Errorf("%q is read as %q", typed, prefix)
		}
	}
	for _, id := range []CredentialID{"", "SHORT", "0000000000000000000", "abcdefghijklmnopqrstuvwxyz"} {
		if code := PaperCode(id); code != "" {
			t.Errorf("%q has the code %q", id, code)
		}
	}
}
