package statuslist_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hallmark/verifier/statuslist"
	"hallmark/verifier/verifiertest"
)

func TestOrderOfBits(t *testing.T) {
	l := statuslist.New(0)
	for _, i := range []int{0, 9, 131071} {
		if err := l.Set(i, true); err != nil {
			t.Fatal(err)
		}
	}
	bits := l.Bits()
	if bits[0] != 0x80 || bits[1] != 0x40 || bits[16383] != 0x01 {
		t.Errorf("bits are %x %x … %x; the most significant comes first", bits[0], bits[1], bits[16383])
	}
	if err := l.Set(131072, true); err == nil {
		t.Error("an entry beyond the end was set")
	}
	if _, err := l.Get(-1); err == nil {
		t.Error("entry -1 was read")
	}
}

func TestPublishedList(t *testing.T) {
	raw := verifiertest.Fixture(t, "standards", "examples", "examples-status-list.json")
	var doc struct {
		CredentialSubject struct{ EncodedList string }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	encoded := doc.CredentialSubject.EncodedList
	for index, want := range map[uint64]uint64{0: 1, 94567: 1, 131071: 1, 1: 0, 94566: 0, 94568: 0, 131070: 0} {
		if got, err := statuslist.Lookup(encoded, index, 1); err != nil || got != want {
			t.Errorf("entry %d is %d, %v; want %d", index, got, err, want)
		}
	}
	for _, index := range []uint64{131072, 1 << 40, 1<<64 - 1} {
		if _, err := statuslist.Lookup(encoded, index, 1); kind(err) != "RANGE_ERROR" {
			t.Errorf("entry %d: %v; want a range error", index, err)
		}
	}
}

func kind(err error) string {
	var e *statuslist.Error
	if !errors.As(err, &e) {
		return ""
	}
	_, name, _ := strings.Cut(e.Type, "#")
	return name
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	enc := func(b []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(b) }
	whole := pack(make([]byte, 16384))
	bomb := pack(make([]byte, 9<<20))
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-6] ^= 1 // checksum
	for name, tt := range map[string]struct{ encoded, want string }{
		"empty":       {"", "MALFORMED_VALUE_ERROR"},
		"no prefix":   {enc(whole)[1:], "MALFORMED_VALUE_ERROR"},
		"padded":      {enc(whole) + "=", "MALFORMED_VALUE_ERROR"},
		"line break":  {enc(whole)[:9] + "\n" + enc(whole)[9:], "MALFORMED_VALUE_ERROR"},
		"not gzip":    {enc([]byte("hello")), "MALFORMED_VALUE_ERROR"},
		"cut off":     {enc(whole[:len(whole)-9]), "MALFORMED_VALUE_ERROR"},
		"damaged":     {enc(damaged), "MALFORMED_VALUE_ERROR"},
		"two members": {enc(append(bytes.Clone(whole), whole...)), "MALFORMED_VALUE_ERROR"},
		"trailing":    {enc(append(bytes.Clone(whole), 0)), "MALFORMED_VALUE_ERROR"},
		"too short":   {enc(pack(make([]byte, 16383))), "STATUS_LIST_LENGTH_ERROR"},
		"bomb":        {enc(bomb), "MALFORMED_VALUE_ERROR"},
		"endless":     {"u" + strings.Repeat("A", 3<<20), "MALFORMED_VALUE_ERROR"},
	} {
		if got, err := statuslist.Lookup(tt.encoded, 5, 1); kind(err) != tt.want {
			t.Errorf("%s: %d, %v; want %s", name, got, err, tt.want)
		}
		if _, err := statuslist.Decode(tt.encoded); kind(err) != tt.want {
			t.Errorf("%s: Decode: %v; want %s", name, err, tt.want)
		}
	}
	if _, err := statuslist.Lookup(enc(whole), 65536, 2); kind(err) != "STATUS_LIST_LENGTH_ERROR" {
		t.Errorf("131,072 bits are too few for entries of two: %v", err)
	}
	if allocated := testing.AllocsPerRun(1, func() { statuslist.Lookup(enc(bomb), 5, 1) }); allocated > 100 {
		t.Errorf("a bomb made %v allocations", allocated)
	}
	for _, text := range []string{"", "-1", "+1", "01", "1.0", "0x1", " 1", "1e3", "99999999999999999999", "abc", "١"} {
		if got, err := statuslist.ParseIndex(text); kind(err) != "MALFORMED_VALUE_ERROR" {
			t.Errorf("ParseIndex(%q) = %d, %v", text, got, err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := statuslist.New(rapid.IntRange(0, 300000).Draw(t, "size"))
		set := map[int]bool{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, l.Len()-1), 0, 6).Draw(t, "set") {
			set[i] = true
			if err := l.Set(i, true); err != nil {
				t.Fatal(err)
			}
		}
		encoded, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := statuslist.Decode(encoded)
		if err != nil || !bytes.Equal(back.Bits(), l.Bits()) {
			t.Fatalf("the list does not come back: %v", err)
		}
		i := rapid.IntRange(0, l.Len()-1).Draw(t, "look at")
		for i := range set {
			if got, err := statuslist.Lookup(encoded, uint64(i), 1); err != nil || got != 1 {
				t.Fatalf("entry %d is %d, %v", i, got, err)
			}
		}
		if got, err := statuslist.Lookup(encoded, uint64(i), 1); err != nil || (got == 1) != set[i] {
			t.Fatalf("entry %d is %d, %v", i, got, err)
		}
	})
}

// Entries of several bits may lie across the border of two bytes.
func TestWideEntries(t *testing.T) {
	bits := make([]byte, 131072) // enough for entries of 8 bits
	for i := range bits {
		bits[i] = byte(i*37 + i>>8)
	}
	encoded := "u" + base64.RawURLEncoding.EncodeToString(pack(bits))
	for size := 1; size <= 8; size++ {
		for _, index := range []uint64{0, 1, 2, 3, 7, 8, 1000, 131071} {
			want := uint64(0)
			for b := index * uint64(size); b < (index+1)*uint64(size); b++ {
				want = want<<1 | uint64(bits[b/8]>>(7-b%8)&1)
			}
			if got, err := statuslist.Lookup(encoded, index, size); err != nil || got != want {
				t.Errorf("entry %d of %d bits is %d, %v; want %d", index, size, got, err, want)
			}
		}
	}
}

func FuzzLookup(f *testing.F) {
	encoded, _ := statuslist.New(0).Encode()
	f.Add(encoded, uint64(7), 1)
	f.Add("uH4sIAAAAAAAAA-3OQQ0AAAgEIK-50c3gy81BAroAAAAAAAAAAAAAAPgm1wEAAAAAtjKkzq7bAEAAAA", uint64(131071), 1)
	f.Fuzz(func(t *testing.T, encoded string, index uint64, size int) {
		got, err := statuslist.Lookup(encoded, index, size)
		if err == nil && got >= 1<<size {
			t.Errorf("an entry of %d bits is %d", size, got)
		}
		if err != nil && kind(err) == "" {
			t.Errorf("the error has no type: %v", err)
		}
	})
}
