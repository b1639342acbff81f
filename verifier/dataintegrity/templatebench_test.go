package dataintegrity_test

import (
	"bytes"
	"testing"
	"time"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/strictjson"
)

// newBenchTemplate makes a template of the badges of BenchmarkSign, whose floor
// is BenchmarkFloorSign, and the values of each.
func newBenchTemplate(b *testing.B) (*benchBadges, *dataintegrity.Template, [][]string) {
	set := newBenchBadges(b)
	var holes []string
	first, second := parse(b, set.unsigned[0]), parse(b, set.unsigned[1])
	collect := func(v *strictjson.Value) map[string]string {
		out := map[string]string{}
		stringsOf(v, "", func(pointer string, v *strictjson.Value) { out[pointer] = v.Str })
		return out
	}
	one, two := collect(first), collect(second)
	for pointer, text := range one {
		if two[pointer] != text {
			holes = append(holes, pointer)
		}
	}
	tpl, err := dataintegrity.NewTemplate(set.unsigned[0], holes...)
	if err != nil {
		b.Fatal(err)
	}
	var values [][]string
	for _, doc := range set.unsigned {
		have := collect(parse(b, doc))
		var row []string
		for _, pointer := range holes {
			row = append(row, have[pointer])
		}
		values = append(values, row)
		if signed, err := tpl.Sign(row, set.key, set.options, true); err != nil || !bytes.Equal(signed, set.signed[len(values)-1]) {
			b.Fatalf("%v: not as the full path signs", err)
		}
		if _, ok := tpl.Text(row); !ok {
			b.Fatal("not from the template")
		}
	}
	return set, tpl, values
}

func BenchmarkSignTemplate(b *testing.B) {
	set, tpl, values := newBenchTemplate(b)
	for i := 0; b.Loop(); i++ {
		if _, err := tpl.Sign(values[i%1000], set.key, set.options, true); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignTemplateSeconds makes each proof in another second, so that the
// options of none are known.
func BenchmarkSignTemplateSeconds(b *testing.B) {
	set, tpl, values := newBenchTemplate(b)
	o := set.options
	for i := 0; b.Loop(); i++ {
		o.Created = o.Created.Add(time.Second)
		if _, err := tpl.Sign(values[i%1000], set.key, o, true); err != nil {
			b.Fatal(err)
		}
	}
}
