package strictjson_test

import (
	"fmt"
	"strings"
	"testing"

	"hallmark/verifier/strictjson"
)

// Documents of one arena do not disturb each other, whatever their size and
// whether they are good; after Reset they begin anew.
func TestArena(t *testing.T) {
	var arena strictjson.Arena
	for round := range 5 {
		var docs []string
		var values []*strictjson.Value
		for i := range 40 {
			doc := fmt.Sprintf(`{"round":%d,"i":[%d,{"a":"\n","b":[]}],"many":[%s1]}`, round, i, strings.Repeat(`"x",`, i*i))
			v, err := arena.Parse([]byte(doc))
			if err != nil {
				t.Fatal(err)
			}
			docs, values = append(docs, doc), append(values, v)
			if _, err := arena.Parse([]byte(doc[:len(doc)-1])); err == nil {
				t.Fatal("half a document was read")
			}
		}
		for i, v := range values {
			if got := string(v.Append(nil)); got != docs[i] {
				t.Errorf("%s became %s", docs[i], got)
			}
		}
		arena.Reset()
	}
}
