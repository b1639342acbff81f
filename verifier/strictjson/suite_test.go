package strictjson

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/verifier/verifiertest"
)

// stricter are the texts of JSONTestSuite that RFC 8259 allows and I-JSON (RFC
// 7493), as the package's doc comment has it, does not.
var stricter = map[string]string{
	"y_object_duplicated_key.json":           "a name occurs twice (RFC 7493 §2.3)",
	"y_object_duplicated_key_and_value.json": "a name occurs twice (RFC 7493 §2.3)",
}

// TestJSONTestSuite: whatever RFC 8259 forbids is refused, whatever it allows
// is read unless the list above says why not, and what it leaves to the reader
// is answered as the list below says.
func TestJSONTestSuite(t *testing.T) {
	folder := filepath.Join(verifiertest.JSONTestSuite.Folder(t), "test_parsing")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	count := map[byte]int{}
	for _, file := range files {
		name := file.Name()
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		value, err := Parse(text)
		count[name[0]]++
		if err == nil {
			sameAsOthers(t, name, text, value)
		}
		switch why, strict := stricter[name]; {
		case name[0] == 'y' && strict && err == nil:
			t.Errorf("%s is read, though %s", name, why)
		case name[0] == 'y' && !strict && err != nil:
			t.Errorf("%s is refused: %v", name, err)
		case name[0] == 'n' && err == nil:
			t.Errorf("%s is read: %.80q", name, text)
		case name[0] == 'i' && (err == nil) != freely[name]:
			t.Errorf("%s: %v, %.80q", name, err, text)
		}
	}
	if count['y'] != 95 || count['n'] != 188 || count['i'] != 35 {
		t.Errorf("the suite has %d, %d and %d texts", count['y'], count['n'], count['i'])
	}
	if t.Failed() {
		return
	}
	t.Logf("%d to be read (%d of them refused as I-JSON wants), %d to be refused, %d free", count['y'], len(stricter), count['n'], count['i'])
}

// sameAsOthers: what is read is what the standard library reads, and comes back
// when it is written.
func sameAsOthers(t *testing.T, name string, text []byte, value *Value) {
	t.Helper()
	var want any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Errorf("%s is read, and not by others: %v", name, err)
		return
	}
	again, err := Parse(value.Append(nil))
	if err != nil {
		t.Errorf("%s does not come back: %v", name, err)
		return
	}
	for _, v := range []*Value{value, again} {
		raw, err := json.Marshal(v.Any())
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is read as something else (-others +ours):\n%s", name, diff)
		}
	}
}

// freely are the texts that a reader may take or leave (i_…), and are taken.
// All others of them are refused: numbers that a double cannot carry, bytes
// that are not UTF-8 or begin with a mark, halves of surrogate pairs, 500
// arrays within each other.
var freely = map[string]bool{
	"i_number_too_big_pos_int.json": true, // 10^20, which a double carries exactly
}

// TestTransform: texts that readers are known to turn into something else are
// read as what they say, or refused; never changed.
func TestTransform(t *testing.T) {
	folder := filepath.Join(verifiertest.JSONTestSuite.Folder(t), "test_transform")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		value, err := Parse(text)
		if err != nil {
			t.Logf("%s is refused: %v", file.Name(), err)
			continue
		}
		again, err := Parse(value.Append(nil))
		if err != nil || string(again.Append(nil)) != string(value.Append(nil)) {
			t.Errorf("%s was changed: %q became %q", file.Name(), text, value.Append(nil))
		}
		if strings.HasPrefix(file.Name(), "object_same_key") {
			t.Errorf("%s is read: %q", file.Name(), text)
		}
	}
}
