package statuslist

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"strings"
)

const (
	maxEncoded  = 2 << 20 // characters of encodedList
	maxUnpacked = 8 << 20 // bytes of the bitstring
)

// problem is the prefix of the error types of §3.3.
const problem = "https://www.w3.org/ns/credentials/status-list#"

// Error says why an entry could not be read.
type Error struct {
	Type   string // problem type URL of the standard
	Reason string // a phrase for people
}

func (e *Error) Error() string { return e.Reason }

func outOfRange() *Error {
	return &Error{problem + "RANGE_ERROR", "the status list has no entry with this number"}
}

func malformed(reason string) *Error {
	return &Error{problem + "MALFORMED_VALUE_ERROR", reason}
}

func tooLong() *Error { return malformed("the status list is too long") }

// ParseIndex reads statusListIndex: a base-10 integer from 0, without sign or
// leading zeros (§2.1).
func ParseIndex(text string) (uint64, error) {
	index, err := strconv.ParseUint(text, 10, 63)
	if err != nil || strconv.FormatUint(index, 10) != text {
		return 0, malformed("the number of the status entry is not a whole number")
	}
	return index, nil
}

// Lookup unpacks encodedList as a stream and gives the entry with this index
// (§3.2). size is the number of bits of an entry, 1 to 8. Errors are of type
// *Error.
func Lookup(encoded string, index uint64, size int) (uint64, error) {
	if size < 1 || size > 8 {
		return 0, malformed("status entries of this size are not supported")
	}
	r, err := open(encoded)
	if err != nil {
		return 0, err
	}
	return r.lookup(index, size)
}

// Lookup2021 is Lookup for lists of Status List 2021 (§4.1, §4.3): entries of one
// bit in the same order, but base64 without a multibase letter. Lists are found
// in both alphabets of RFC 4648, with and without padding.
func Lookup2021(encoded string, index uint64) (uint64, error) {
	if len(encoded) > maxEncoded {
		return 0, tooLong()
	}
	packed, ok := decode64(encoded)
	if !ok {
		return 0, malformed("the status list is not base64")
	}
	r, err := unpack(packed)
	if err != nil {
		return 0, err
	}
	return r.lookup(index, 1)
}

// decode64 decodes either alphabet, strictly.
func decode64(text string) ([]byte, bool) {
	plain := strings.TrimRight(text, "=")
	if pad := len(text) - len(plain); pad > 0 && (len(text)%4 != 0 || pad > 2) {
		return nil, false
	}
	from := base64.RawStdEncoding
	if strings.ContainsAny(plain, "-_") {
		from = base64.RawURLEncoding
	}
	data, err := from.Strict().DecodeString(plain)
	// The package skips line breaks; the length then does not fit.
	return data, err == nil && from.EncodedLen(len(data)) == len(plain)
}

// lookup streams the list to its end and gives one entry.
func (r *reader) lookup(index uint64, size int) (uint64, error) {
	// Whatever lies beyond 8 MiB is out of range, and must not overflow below.
	if index > maxUnpacked*8 {
		index = maxUnpacked * 8
	}
	first := int64(index) * int64(size) // bit at which the entry begins
	var window [2]byte                  // the bytes at first/8 and after it
	var at int64                        // bytes read so far
	var buffer [16 << 10]byte
	for {
		n, err := r.Read(buffer[:])
		for i := range window {
			if pos := first/8 + int64(i) - at; pos >= 0 && pos < int64(n) {
				window[i] = buffer[pos]
			}
		}
		at += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, r.explain(err)
		}
	}
	if err := r.finish(at, size); err != nil {
		return 0, err
	}
	if first+int64(size) > at*8 {
		return 0, outOfRange()
	}
	word := uint16(window[0])<<8 | uint16(window[1])
	return uint64(word<<(first&7)) >> (16 - size) & (1<<size - 1), nil
}

// reader unpacks one gzip member under the limit.
type reader struct {
	packed *bytes.Reader
	gzip   *gzip.Reader
	left   int
}

func open(encoded string) (*reader, error) {
	if len(encoded) > maxEncoded {
		return nil, tooLong()
	}
	if len(encoded) == 0 || encoded[0] != 'u' {
		return nil, malformed(`the status list does not begin with "u"`)
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(encoded[1:])
	// The package skips line breaks; the length then does not fit.
	if err != nil || base64.RawURLEncoding.EncodedLen(len(packed)) != len(encoded)-1 {
		return nil, malformed("the status list is not base64url")
	}
	return unpack(packed)
}

// unpack begins to read one gzip member.
func unpack(packed []byte) (*reader, error) {
	r := &reader{packed: bytes.NewReader(packed), left: maxUnpacked}
	// bytes.Reader reads single bytes, so that gzip takes no more than its member.
	var err error
	// RFC 1952 §2.3.1.2: reserved flags must give an error; the package passes
	// over them.
	if r.gzip, err = gzip.NewReader(r.packed); err != nil || packed[3]&0xe0 != 0 {
		return nil, malformed("the status list is not compressed with gzip")
	}
	r.gzip.Multistream(false)
	return r, nil
}

var errTooLong = errors.New("the status list unpacks to more than 8 MiB")

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.gzip.Read(p)
	if r.left -= n; r.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// explain turns a fault of the stream into one of the list.
func (r *reader) explain(err error) *Error {
	if errors.Is(err, errTooLong) {
		return malformed(errTooLong.Error())
	}
	return malformed("the status list is damaged")
}

// finish checks a list that was read to its end.
func (r *reader) finish(unpacked int64, size int) error {
	if r.packed.Len() > 0 {
		return malformed("the status list has something after its end")
	}
	if unpacked*8/int64(size) < MinEntries {
		return &Error{problem + "STATUS_LIST_LENGTH_ERROR", "the status list has fewer than 131,072 entries"}
	}
	return nil
}
