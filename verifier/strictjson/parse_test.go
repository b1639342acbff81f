package strictjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRefuses(t *testing.T) {
	cases := map[string]string{
		"empty":                   ``,
		"white space alone":       "  \n",
		"two values":              `{} {}`,
		"trailing text":           `{}x`,
		"duplicate name":          `{"a":1,"a":2}`,
		"duplicate after escapes": `{"a":1,"\u0061":2}`,
		"duplicate among many":    `{` + names(40) + `,"n7":0}`,
		"byte order mark":         "\ufeff{}",
		"bad UTF-8":               "\"\xff\"",
		"overlong UTF-8":          "\"\xc0\xaf\"",
		"surrogate in UTF-8":      "\"\xed\xa0\x80\"",
		"lone high surrogate":     `"\ud800"`,
		"lone low surrogate":      `"\udc00"`,
		"high then plain":         `"\ud800\u0041"`,
		"high then high":          `"\ud800\ud800"`,
		"unknown escape":          `"\x41"`,
		"short escape":            `"\u12"`,
		"escape at end":           `"\`,
		"control in string":       "\"a\nb\"",
		"control after escape":    "\"\\n\x01\"",
		"open string":             `"abc`,
		"open array":              `[1`,
		"open object":             `{"a":1`,
		"comma at end":            `[1,]`,
		"comma at end of object":  `{"a":1,}`,
		"comma at start":          `[,1]`,
		"no comma":                `[1 2]`,
		"no colon":                `{"a" 1}`,
		"name without quotes":     `{a:1}`,
		"wrong bracket":           `[1}`,
		"single quotes":           `'a'`,
		"comment":                 `/**/1`,
		"NaN":                     `NaN`,
		"Infinity":                `-Infinity`,
		"leading zero":            `01`,
		"leading zero, negative":  `-01`,
		"plus sign":               `+1`,
		"no whole part":           `.5`,
		"no fraction":             `1.`,
		"no exponent":             `1e`,
		"minus alone":             `-`,
		"hex":                     `0x10`,
		"too large":               `1e400`,
		"too small":               `1e-400`,
		"inexact integer":         `9007199254740993`,
		"inexact negative":        `-9007199254740993`,
		"too many digits":         `0.10000000000000001`,
		"exponent overflow":       `1e99999999999999999999`,
		"capital True":            `True`,
		"cut word":                `nul`,
		"nested too deeply":       strings.Repeat("[", 65) + strings.Repeat("]", 65),
		"too many values":         "[" + strings.Repeat("1,", 10000) + "1]",
		"too long":                `"` + strings.Repeat("a", 256<<10) + `"`,
		"form feed as space":      "\f1",
	}
	for name, doc := range cases {
		t.Run(name, func(t *testing.T) {
			v, err := Parse([]byte(doc))
			if err == nil {
				t.Fatalf("accepted as %s", v.Append(nil))
			}
			if _, ok := err.(*Error); !ok {
				t.Fatalf("error is a %T", err)
			}
		})
	}
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"n`)
		b.Write(json.RawMessage(jsonInt(i)))
		b.WriteString(`":0`)
	}
	return b.String()
}

func jsonInt(i int) []byte { b, _ := json.Marshal(i); return b }

func TestParseAccepts(t *testing.T) {
	cases := map[string]string{
		`null`:                         `null`,
		` true `:                       `true`,
		`"a\u00e9\/\ud83d\ude00"`:      "\"aé/😀\"",
		`"\u0000\b\t\n\f\r\"\\\u007f"`: "\"\\u0000\\b\\t\\n\\f\\r\\\"\\\\\u007f\"",
		`[ 1 , -0 , 0.1 , 1E22 , 123.456e78 , 9007199254740994, 1e23, 5e-324, 0e999999999999999999999 ]`: `[1,-0,0.1,1E22,123.456e78,9007199254740994,1e23,5e-324,0e999999999999999999999]`,
		`{"b":1,"a":{"":[]}}`: `{"b":1,"a":{"":[]}}`,
		"\t{ }\r\n":           `{}`,
		`{` + names(40) + `}`: `{` + names(40) + `}`,
		strings.Repeat("[", 64) + strings.Repeat("]", 64): strings.Repeat("[", 64) + strings.Repeat("]", 64),
	}
	for doc, want := range cases {
		v, err := Parse([]byte(doc))
		if err != nil {
			t.Errorf("%s: %v", doc, err)
			continue
		}
		if got := string(v.Append(nil)); got != want {
			t.Errorf("%s: got %s", doc, got)
		}
	}
}

func TestParseLimits(t *testing.T) {
	doc := []byte(`{"a":["bcd",{"e":1}]}`)
	for name, l := range map[string]Limits{
		"bytes":  {Bytes: 20},
		"depth":  {Depth: 2},
		"values": {Values: 4},
		"names":  {Names: 1},
		"string": {String: 2},
	} {
		if _, err := ParseLimits(doc, l); err == nil {
			t.Errorf("%s: limit not kept", name)
		}
	}
	if _, err := ParseLimits(doc, Limits{Bytes: 21, Depth: 3, Values: 5, Names: 2, String: 3}); err != nil {
		t.Errorf("at the limits: %v", err)
	}
}

func TestValue(t *testing.T) {
	doc := []byte(`{"id":"x","type":["A","B"],"n":{"one":1}, "z":null}`)
	v, err := Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Get("n").Get("one").Str; got != "1" {
		t.Errorf("n.one = %q", got)
	}
	if v.Get("N") != nil || v.Get("id").Get("x") != nil || v.Get("none").Get("x").Text() != "" {
		t.Error("Get found what is not there")
	}
	for _, want := range []string{"id", "type", "n", "z"} {
		m := v.Get(want)
		if again, err := Parse(doc[m.Start:m.End]); err != nil || !bytes.Equal(again.Append(nil), m.Append(nil)) {
			t.Errorf("%s: Start and End do not bound the value", want)
		}
	}
	var got []string
	for e := range v.Get("type").Each() {
		got = append(got, e.Text())
	}
	for e := range v.Get("id").Each() {
		got = append(got, e.Text())
	}
	for range v.Get("none").Each() {
		t.Error("Each of nothing")
	}
	if diff := cmp.Diff([]string{"A", "B", "x"}, got); diff != "" {
		t.Error(diff)
	}
	if got := string(v.Without("n").Append(nil)); got != `{"id":"x","type":["A","B"],"z":null}` {
		t.Errorf("Without: %s", got)
	}
	if v.Get("n") == nil {
		t.Error("Without changed the original")
	}
	want := map[string]any{"id": "x", "type": []any{"A", "B"}, "n": map[string]any{"one": json.Number("1")}, "z": nil}
	if diff := cmp.Diff(want, v.Any()); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9\ud83d\ude00",null,true]}`, `{"a":1,"a":2}`, `"\ud800"`, `1e400`, `[[[]]]`, ` 0 `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := Parse(doc)
		if err != nil {
			return
		}
		var want any
		dec := json.NewDecoder(bytes.NewReader(doc))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if diff := cmp.Diff(want, v.Any()); diff != "" {
			t.Fatal(diff)
		}
		again, err := Parse(v.Append(nil))
		if err != nil {
			t.Fatalf("own output refused: %v", err)
		}
		if diff := cmp.Diff(v.Any(), again.Any()); diff != "" {
			t.Fatal(diff)
		}
	})
}
