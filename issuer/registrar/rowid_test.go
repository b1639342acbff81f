package registrar

import (
	"testing"
	"time"

	"hallmark/issuer"
)

// TestRowID: ids of rows are as long as others, never the same, and later ones
// sort after earlier ones.
func TestRowID(t *testing.T) {
	seen := map[string]bool{}
	last := ""
	for range 20 {
		var id string
		for range 50 {
			if id = rowID(); len(id) != 26 || !issuer.IsID(id) || seen[id] || id < last {
				t.Fatalf("%q after %q", id, last)
			}
			seen[id] = true
		}
		last = id[:10]
		time.Sleep(2 * time.Millisecond)
		if next := rowID(); next[:10] <= last {
			t.Fatalf("%q does not sort after %q", next, id)
		}
	}
}
