package statuslist

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
)

// MinEntries is the least number of entries of a list (§2.2: 16 KiB unpacked).
const MinEntries = 131072

// List is a list of one-bit entries, all unset at first. It is not safe for
// use by several goroutines while one of them sets entries.
type List struct {
	bits []byte
}

// New makes a list of at least size entries: no fewer than MinEntries, rounded
// up to whole bytes.
func New(size int) *List {
	return &List{bits: make([]byte, (max(size, MinEntries)+7)/8)}
}

// Bits are the entries, most significant bit first. They are the list's own:
// do not change them.
func (l *List) Bits() []byte { return l.bits }

// Len is the number of entries.
func (l *List) Len() int { return len(l.bits) * 8 }

// Set sets or clears an entry. The error is of type *Error.
func (l *List) Set(index int, on bool) error {
	if index < 0 || index >= l.Len() {
		return outOfRange()
	}
	mask := byte(0x80) >> (index & 7)
	if on {
		l.bits[index>>3] |= mask
	} else {
		l.bits[index>>3] &^= mask
	}
	return nil
}

// Get reads an entry. The error is of type *Error.
func (l *List) Get(index int) (bool, error) {
	if index < 0 || index >= l.Len() {
		return false, outOfRange()
	}
	return l.bits[index>>3]&(0x80>>(index&7)) != 0, nil
}

// Encode gives the value of encodedList. Equal lists encode alike with one
// version of the program. Level 6: the best level is ten times slower for a
// tenth less.
func (l *List) Encode() (string, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, 6)
	if err != nil {
		return "", fmt.Errorf("encode status list: %w", err)
	}
	if _, err := w.Write(l.bits); err != nil {
		return "", fmt.Errorf("encode status list: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("encode status list: %w", err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// Decode reads a whole list back, within the limits of Lookup.
func Decode(encoded string) (*List, error) {
	r, err := open(encoded)
	if err != nil {
		return nil, err
	}
	bits, err := io.ReadAll(r)
	if err != nil {
		return nil, r.explain(err)
	}
	if err := r.finish(int64(len(bits)), 1); err != nil {
		return nil, err
	}
	return &List{bits: bits}, nil
}
