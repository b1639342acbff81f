package jsonld

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestSharedContexts: documents are read at the same time, while others fill
// the room for compiled contexts over and over. Nothing changes their forms.
func TestSharedContexts(t *testing.T) {
	want := make([]string, len(ownSeeds))
	for i, doc := range ownSeeds {
		out, err := canonicalText([]byte(doc))
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		want[i] = out
	}
	types := []string{"AchievementSubject", "Achievement", "Profile", "Address", "GeoCoordinates", "Evidence", "Alignment", "IdentityObject", "EndorsementSubject"}
	var everyone sync.WaitGroup
	for worker := range 4 {
		everyone.Go(func() {
			for round := range 60 {
				for i, doc := range ownSeeds {
					if out, err := canonicalText([]byte(doc)); err != nil || out != want[i] {
						t.Errorf("%v in %s\n%s", err, doc, out)
					}
				}
				var chosen []string
				for bit, name := range types {
					if (round*4+worker)>>bit&1 == 1 {
						chosen = append(chosen, `"`+name+`"`)
					}
				}
				doc := fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],"type":["VerifiableCredential"],"name":"x",
					"credentialSubject":{"type":["AchievementCredential",%s]}}`, strings.Join(append(chosen, `"Image"`), ","))
				if _, err := canonicalText([]byte(doc)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	everyone.Wait()
	sharedMutex.Lock()
	defer sharedMutex.Unlock()
	if sharedCount > maxShared {
		t.Errorf("%d contexts are kept", sharedCount)
	}
}
