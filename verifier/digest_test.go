package verifier

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestSealed: the digest of "hello\n" in both bases, as
// sha256sum and the multihash table make it.
func TestSealed(t *testing.T) {
	const hello, helloURL = "zQmUJPTFZnR2CPGAzmfdYPghgrFtYFB6pf1BqMvqfiPDam8", "uEiBYkbW1ItXfCG0P8LEQ-9nSG7T8cWOvNNCChqLoRva-Aw"
	if got := Digest([]byte("hello\n")); got != hello {
		t.Errorf("%s, want %s", got, hello)
	}
	for _, test := range []struct {
		name, digest, file string
		is, known          bool
	}{
		{"base58btc", hello, "hello\n", true, true},
		{"base64url", helloURL, "hello\n", true, true},
		{"another file", hello, "hello", false, true},
		{"one character", hello[:len(hello)-1] + "9", "hello\n", false, true},
		{"SHA-512", "uE0AAAA", "hello\n", false, false},
		{"another base", "f1220" + strings.Repeat("0", 64), "hello\n", false, false},
		{"hardly any", "z", "hello\n", false, false},
		{"none", "", "", false, false},
		{"no base58", "z0OIl", "", false, false},
		{"very long", "z" + strings.Repeat("1", 100_000), "", false, false},
	} {
		if is, known := Sealed(test.digest, []byte(test.file)); is != test.is || known != test.known {
			t.Errorf("%s: is %v, known %v", test.name, is, known)
		}
	}
}

func TestCheckEvidence(t *testing.T) {
	file := []byte("what was handed in")
	for _, test := range []struct {
		name, doc string
		want      Outcome
		says      string
	}{
		{"named", `{"evidence":[{"name":"other"},{"name":"A chair","digestMultibase":"` + Digest(file) + `"}]}`, Verified, "“A chair”"},
		{"one, not in a list", `{"evidence":{"digestMultibase":"` + Digest(file) + `"}}`, Verified, ""},
		{"another", `{"evidence":[{"digestMultibase":"` + Digest([]byte("else")) + `"}]}`, Refused, "not the evidence"},
		{"of an unknown kind", `{"evidence":[{"digestMultibase":"f12"}]}`, Undetermined, "kind"},
		{"another, and one unknown", `{"evidence":[{"digestMultibase":"f12"},{"digestMultibase":"` + Digest([]byte("else")) + `"}]}`, Undetermined, "kind"},
		{"not named", `{"evidence":[{"name":"A chair"}]}`, Undetermined, "names no evidence"},
		{"no evidence", `{}`, Undetermined, "names no evidence"},
		{"nothing that was signed", `null`, Undetermined, ""},
	} {
		if c := CheckEvidence(&Report{Credential: json.RawMessage(test.doc)}, file); c.Outcome != test.want || !strings.Contains(c.Reason, test.says) {
			t.Errorf("%s: %+v", test.name, c)
		}
	}
}
