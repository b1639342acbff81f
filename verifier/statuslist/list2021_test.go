package statuslist_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"hallmark/verifier/statuslist"
)

// Lists of Status List 2021 are base64 in all spellings that are found, and
// bounded like their successors.
func TestLookup2021(t *testing.T) {
	bits := make([]byte, 16<<10)
	bits[1] = 0x40 // entry 9
	for i := 2; i < 9000; i++ {
		bits[i] = byte(i * i >> 3) // so that both alphabets differ
	}
	packed := pack(bits)
	std, raw := base64.StdEncoding.EncodeToString(packed), base64.RawURLEncoding.EncodeToString(packed)
	if !strings.ContainsAny(raw, "-_") {
		t.Fatal("the alphabets do not differ")
	}
	for name, text := range map[string]string{
		"standard": std, "standard without padding": strings.TrimRight(std, "="),
		"URL": raw, "URL with padding": base64.URLEncoding.EncodeToString(packed),
	} {
		for index, want := range map[uint64]uint64{8: 0, 9: 1, 10: 0} {
			if got, err := statuslist.Lookup2021(text, index); err != nil || got != want {
				t.Errorf("%s: entry %d is %d, %v", name, index, got, err)
			}
		}
		if _, err := statuslist.Lookup2021(text, 131072); kind(err) != "RANGE_ERROR" {
			t.Errorf("%s: beyond the end: %v", name, err)
		}
	}
	encode := base64.StdEncoding.EncodeToString
	for name, tt := range map[string]struct{ text, kind string }{
		"empty":        {"", "MALFORMED_VALUE_ERROR"},
		"multibase":    {"u" + raw, "MALFORMED_VALUE_ERROR"},
		"both":         {strings.Replace(raw, "-", "+", 1), "MALFORMED_VALUE_ERROR"},
		"padding only": {"====", "MALFORMED_VALUE_ERROR"},
		"odd padding":  {strings.TrimRight(std, "=") + "===", "MALFORMED_VALUE_ERROR"},
		"line break":   {std[:8] + "\n" + std[8:], "MALFORMED_VALUE_ERROR"},
		"short":        {encode(pack(make([]byte, 16383))), "STATUS_LIST_LENGTH_ERROR"},
		"bomb":         {encode(pack(make([]byte, 8<<20+1))), "MALFORMED_VALUE_ERROR"},
		"two members":  {encode(append(pack(bits), pack(bits)...)), "MALFORMED_VALUE_ERROR"},
		"cut off":      {encode(packed[:len(packed)-1]), "MALFORMED_VALUE_ERROR"},
		"too long":     {strings.Repeat("A", 2<<20+4), "MALFORMED_VALUE_ERROR"},
	} {
		if _, err := statuslist.Lookup2021(tt.text, 1); kind(err) != tt.kind {
			t.Errorf("%s: %v; want %s", name, err, tt.kind)
		}
	}
}

func FuzzLookup2021(f *testing.F) {
	f.Add(base64.StdEncoding.EncodeToString(pack(make([]byte, 16<<10))), uint64(5))
	f.Add("H4sI====", uint64(1))
	f.Fuzz(func(t *testing.T, text string, index uint64) {
		got, err := statuslist.Lookup2021(text, index)
		if err != nil && kind(err) == "" {
			t.Errorf("an error of type %T", err)
		}
		if err == nil && got > 1 {
			t.Errorf("entry is %d", got)
		}
	})
}
