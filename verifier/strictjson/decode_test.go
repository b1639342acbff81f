package strictjson

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type inner struct {
	One   int      `json:"one"`
	List  []string `json:"list,omitempty"`
	Score float64  `json:"score"`
}

type base struct {
	Version uint8 `json:"version"`
}

type outer struct {
	base
	Name   string            `json:"name"`
	On     bool              `json:"on"`
	At     time.Time         `json:"at"`
	Maybe  *string           `json:"maybe"`
	Nested *inner            `json:"nested"`
	Many   []inner           `json:"many"`
	Raw    json.RawMessage   `json:"raw"`
	Any    any               `json:"any"`
	Table  map[string]inner  `json:"table"`
	Labels map[string]string `json:"labels"`
	Hidden string            `json:"-"`
	secret string
}

func TestDecode(t *testing.T) {
	doc := `{"name":"n","version":3,"on":true,"at":"2026-01-02T03:04:05Z","maybe":null,"nested":{"one":-1,"list":["a","b"],"score":1.5},
	"many":[{"one":2},{}],"raw":{"x" : 1},"any":[1,"a",null],"table":{"k":{"one":9}},"labels":null}`
	var got outer
	if err := Decode([]byte(doc), &got); err != nil {
		t.Fatal(err)
	}
	want := outer{
		base: base{Version: 3}, Name: "n", On: true, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Nested: &inner{One: -1, List: []string{"a", "b"}, Score: 1.5}, Many: []inner{{One: 2}, {}},
		Raw: json.RawMessage(`{"x" : 1}`), Any: []any{json.Number("1"), "a", nil}, Table: map[string]inner{"k": {One: 9}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outer{}), cmp.AllowUnexported(base{})); diff != "" {
		t.Error(diff)
	}
	if got.secret != "" || got.Hidden != "" {
		t.Error("filled what has no name")
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := []struct{ doc, field string }{
		{`{"Name":"n"}`, "Name"},
		{`{"nested":{"on\u212a":1}}`, "nested.on\u212a"},
		{`{"-":"x"}`, "-"},
		{`{"Hidden":"x"}`, "Hidden"},
		{`{"secret":"x"}`, "secret"},
		{`{"base":{}}`, "base"},
		{`{"name":1}`, "name"},
		{`{"name":null}`, "name"},
		{`{"on":"true"}`, "on"},
		{`{"on":1}`, "on"},
		{`{"at":"yesterday"}`, "at"},
		{`{"at":null}`, "at"},
		{`{"version":256}`, "version"},
		{`{"version":-1}`, "version"},
		{`{"version":1.0}`, "version"},
		{`{"version":1e1}`, "version"},
		{`{"version":"1"}`, "version"},
		{`{"many":[{},{"one":1.5}]}`, "many[1].one"},
		{`{"many":{}}`, "many"},
		{`{"many":[null]}`, "many[0]"},
		{`{"nested":[]}`, "nested"},
		{`{"table":{"a.b":{"x":1}}}`, `table."a.b".x`},
		{`{"table":[]}`, "table"},
		{`{"labels":{"a":1}}`, "labels.a"},
		{`[]`, ""},
		{`null`, ""},
	}
	for _, c := range cases {
		var got outer
		err := Decode([]byte(c.doc), &got)
		var field *FieldError
		if !errors.As(err, &field) {
			t.Errorf("%s: %v", c.doc, err)
			continue
		}
		if field.Field != c.field || field.Reason == "" {
			t.Errorf("%s: field %q, reason %q", c.doc, field.Field, field.Reason)
		}
	}
	var unreadable *Error
	if err := Decode([]byte(`{"name":"a","name":"b"}`), &outer{}); !errors.As(err, &unreadable) {
		t.Errorf("duplicate name: %v", err)
	}
}

func TestDecodeNamesEveryWrongMember(t *testing.T) {
	err := Decode([]byte(`{"x":1,"name":2,"y":3}`), &outer{})
	var all FieldErrors
	if !errors.As(err, &all) {
		t.Fatalf("%T %v", err, err)
	}
	var got []string
	for _, one := range all {
		got = append(got, one.Field)
	}
	if diff := cmp.Diff([]string{"x", "name", "y"}, got); diff != "" {
		t.Error(diff)
	}
}

type lenient struct{ S string }

func (l *lenient) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &l.S) }

func TestDecodeKnowsItsTypes(t *testing.T) {
	for _, into := range []any{outer{}, nil, (*outer)(nil), new(chan int), new(map[int]string), new(lenient)} {
		err := Decode([]byte(`{}`), into)
		var field *FieldError
		if err == nil || errors.As(err, &field) {
			t.Errorf("%T: %v", into, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"name":"n","on":true,"nested":{"one":-1,"list":["a"]},"raw":{"x":1},"any":[1],"table":{"k":{"one":9}}}`))
	f.Add([]byte(`{"version":255,"many":[{"score":1e5}],"labels":{"a":"b"}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		var got outer
		if err := Decode(doc, &got); err != nil {
			return
		}
		var want outer
		if err := json.Unmarshal(doc, &want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		got.Any, want.Any = nil, nil // json.Number here, float64 there
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(outer{}), cmp.AllowUnexported(base{})); diff != "" {
			t.Fatal(diff)
		}
	})
}
