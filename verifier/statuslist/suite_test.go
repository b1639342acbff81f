package statuslist_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"hallmark/verifier/statuslist"
)

// TestEncodings: Bitstring Status List §2.2 knows one form of encodedList: the
// letter of multibase, base64url without padding, one gzip member of at least
// 16 KiB. Everything beside it is malformed, not "unset".
func TestEncodings(t *testing.T) {
	bits := make([]byte, 16384)
	bits[0], bits[16383] = 0x80, 0x01
	url := base64.RawURLEncoding.EncodeToString
	whole := pack(bits)
	named := func(change func(*gzip.Header)) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		change(&w.Header)
		w.Write(bits)
		w.Close()
		return b.Bytes()
	}
	stored := func() []byte {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
		w.Write(bits)
		w.Close()
		return b.Bytes()
	}()
	deflated := func() []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 6)
		w.Write(bits)
		w.Close()
		return b.Bytes()
	}()
	zipped := func() []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		w.Write(bits)
		w.Close()
		return b.Bytes()
	}()
	changed := func(at int, mask byte) []byte {
		out := bytes.Clone(whole)
		out[(at+len(out))%len(out)] ^= mask
		return out
	}
	for name, encoded := range map[string]string{
		"plain": "u" + url(whole), "stored, not compressed": "u" + url(stored), "best compression": "u" + url(func() []byte {
			var b bytes.Buffer
			w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
			w.Write(bits)
			w.Close()
			return b.Bytes()
		}()),
		"with a name":    "u" + url(named(func(h *gzip.Header) { h.Name, h.Comment = "list", "of credentials" })),
		"with more":      "u" + url(named(func(h *gzip.Header) { h.Extra = []byte("x") })),
		"of another OS":  "u" + url(named(func(h *gzip.Header) { h.OS = 3 })),
		"longer, zeros":  "u" + url(pack(append(bytes.Clone(bits), make([]byte, 16384)...))),
		"an odd length":  "u" + url(pack(append(bytes.Clone(bits), 0))),
		"eight megabyte": "u" + url(pack(append(bytes.Clone(bits), make([]byte, 8<<20-16384)...))),
	} {
		for index, want := range map[uint64]uint64{0: 1, 1: 0, 131070: 0, 131071: 1} {
			if got, err := statuslist.Lookup(encoded, index, 1); err != nil || got != want {
				t.Errorf("%s: entry %d is %d, %v", name, index, got, err)
			}
		}
	}
	good := url(whole)
	for name, encoded := range map[string]string{
		"empty": "", "the letter alone": "u", "no letter": good, "capital letter": "U" + good, "letter of base64": "m" + base64.RawStdEncoding.EncodeToString(whole), "letter of base58": "z" + good, "letter of hexadecimal": "f" + hex.EncodeToString(whole), "letter of padded base64url": "U" + base64.URLEncoding.EncodeToString(whole),
		"padding": "u" + good + "=", "two paddings": "u" + good + "==", "padded base64url": "u" + base64.URLEncoding.EncodeToString(pack(append(bits, 1, 2))) + "=",
		"alphabet of base64": "u" + strings.Replace(good[:8]+"+/"+good[8:], "-", "+", 1), "blank in front": " u" + good, "blank behind": "u" + good + " ", "blank within": "u" + good[:9] + " " + good[9:], "line break within": "u" + good[:9] + "\r\n" + good[9:], "NUL behind": "u" + good + "\x00",
		"a letter cut": "u" + good[:len(good)-1], "stray bits": "u" + url(whole[:len(whole)-1]) + "_", "data URL": "data:application/gzip;base64," + base64.StdEncoding.EncodeToString(whole),
		"not compressed": "u" + url(bits), "deflate without head": "u" + url(deflated), "zlib": "u" + url(zipped), "zstd": "u" + url([]byte("\x28\xb5\x2f\xfd\x00")),
		"two members": "u" + url(append(bytes.Clone(whole), whole...)), "two halves": "u" + url(append(pack(bits[:8192]), pack(bits[8192:])...)), "an empty member behind": "u" + url(append(bytes.Clone(whole), pack(nil)...)), "an empty member in front": "u" + url(append(pack(nil), whole...)),
		"a byte behind": "u" + url(append(bytes.Clone(whole), 0)), "a line behind": "u" + url(append(bytes.Clone(whole), '\n')), "much behind": "u" + url(append(bytes.Clone(whole), make([]byte, 4096)...)),
		"cut in the end": "u" + url(whole[:len(whole)-1]), "without the end": "u" + url(whole[:len(whole)-8]), "cut in the middle": "u" + url(whole[:len(whole)/2]), "head alone": "u" + url(whole[:10]), "head cut": "u" + url(whole[:5]),
		"wrong checksum": "u" + url(changed(-8, 1)), "wrong length": "u" + url(changed(-4, 1)), "wrong magic": "u" + url(changed(0, 1)), "unknown method": "u" + url(changed(2, 1)), "reserved flag": "u" + url(changed(3, 0x80)), "text flag with a checksum": "u" + url(changed(3, 2)),
		"more than eight megabyte": "u" + url(pack(make([]byte, 8<<20+1))),
	} {
		if got, err := statuslist.Lookup(encoded, 0, 1); kind(err) != "MALFORMED_VALUE_ERROR" {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
	for name, length := range map[string]int{"nothing": 0, "a byte": 1, "one entry too few": 16383} {
		if got, err := statuslist.Lookup("u"+url(pack(make([]byte, length))), 0, 1); kind(err) != "STATUS_LIST_LENGTH_ERROR" {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

// TestSizes: the least number of entries and the last entry, for entries of
// every size (§3.2: the length divided by the size, not the length).
func TestSizes(t *testing.T) {
	for size := 1; size <= 8; size++ {
		least := 131072 * size / 8
		full := bytes.Repeat([]byte{0xff}, least)
		encoded := "u" + base64.RawURLEncoding.EncodeToString(pack(full))
		for _, index := range []uint64{0, 1, 131071} {
			if got, err := statuslist.Lookup(encoded, index, size); err != nil || got != 1<<size-1 {
				t.Errorf("entry %d of %d bits: %d, %v", index, size, got, err)
			}
		}
		for _, index := range []uint64{131072, 1 << 20, 1 << 32, 1 << 61, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
			if got, err := statuslist.Lookup(encoded, index, size); kind(err) != "RANGE_ERROR" {
				t.Errorf("entry %d of %d bits: %d, %v", index, size, got, err)
			}
		}
		short := "u" + base64.RawURLEncoding.EncodeToString(pack(full[:least-1]))
		if got, err := statuslist.Lookup(short, 0, size); kind(err) != "STATUS_LIST_LENGTH_ERROR" {
			t.Errorf("a list too short for %d bits: %d, %v", size, got, err)
		}
	}
	encoded, err := statuslist.New(0).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, -1, 9, 64, 1 << 30, -1 << 62} {
		if got, err := statuslist.Lookup(encoded, 0, size); kind(err) != "MALFORMED_VALUE_ERROR" {
			t.Errorf("entries of %d bits: %d, %v", size, got, err)
		}
	}
}
