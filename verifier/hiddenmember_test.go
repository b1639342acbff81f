package verifier

import (
	"testing"

	"hallmark/verifier/vc"
)

// The three rules, each alone.
func TestHiddenMember(t *testing.T) {
	const (
		about  = "<urn:x:1> "
		typed  = about + "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .\n"
		until  = "<https://www.w3.org/2018/credentials#validUntil> \"2026-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n"
		status = "<https://www.w3.org/2018/credentials#credentialStatus> "
	)
	for name, tt := range map[string]struct{ doc, statements, want string }{
		"nothing":                 {`{"id":"urn:x:1"}`, typed, ""},
		"shown":                   {`{"id":"urn:x:1","validUntil":"x"}`, typed + about + until, ""},
		"id not in full":          {`{"id":"x:1"}`, typed, "id"},
		"id only as an object":    {`{"id":"urn:x:2"}`, typed + about + "<urn:p> <urn:x:2> .\n", "id"},
		"renamed":                 {`{"id":"urn:x:1","z":"x"}`, typed + about + until, "validUntil"},
		"moved within":            {`{"id":"urn:x:1","about":{"id":"urn:x:1","validUntil":"x"}}`, typed + about + until, "validUntil"},
		"another's":               {`{"id":"urn:x:1","endorsement":{"id":"urn:x:2","validUntil":"x"}}`, typed + "<urn:x:2> " + until, ""},
		"nameless, renamed":       {`{"z":"x"}`, "_:c14n0 " + until, "validUntil"},
		"nameless, shown":         {`{"validUntil":"x"}`, "_:c14n0 " + until, ""},
		"nameless, counted twice": {`{"z":"x","a":{"id":"urn:x:2","validUntil":"x"},"b":{"id":"urn:x:2","validUntil":"x"}}`, "_:c14n0 " + until + "<urn:x:2> " + until, "validUntil"},
		"one of two entries":      {`{"id":"urn:x:1","credentialStatus":{"id":"urn:s:1"},"about":{"id":"urn:x:1","credentialStatus":{"id":"urn:s:2"}}}`, typed + about + status + "<urn:s:1> .\n" + about + status + "<urn:s:2> .\n", "credentialStatus"},
		"both entries":            {`{"id":"urn:x:1","credentialStatus":[{"id":"urn:s:1"},{"id":"urn:s:2"}]}`, typed + about + status + "<urn:s:1> .\n" + about + status + "<urn:s:2> .\n", ""},
		"only in a context":       {`{"id":"urn:x:1","@context":[{"validUntil":"y"}],"z":"x"}`, typed + "_:c14n0 " + until, "validUntil"},
		"only in the proof":       {`{"id":"urn:x:1","proof":{"validUntil":"y"},"z":"x"}`, typed + "_:c14n0 " + until, "validUntil"},
	} {
		c, _, err := vc.Parse([]byte(tt.doc))
		if err != nil {
			t.Fatal(err)
		}
		if got := hiddenMember(c, []byte(tt.statements)); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}
