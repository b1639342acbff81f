package slip

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// Keys of the map, in the order in which they are written.
const (
	keyHint = iota + 1
	keyCredential
	keyAchievement
	keyVersion
	keyName // may be missing
	keyAwarded
	keyIssued
	keyUntil // may be missing
	keyPrinted
	keyStatus // may be missing
	keyDigest
	keyAsOf // minutes of the day keyPrinted; may be missing
	keyLife // minutes from then on; missing with keyAsOf
)

const lastKey = keyLife

// Major types (RFC 8949 §3.1).
const (
	majorUnsigned = 0
	majorBytes    = 2
	majorText     = 3
	majorMap      = 5
)

// head writes a major type with its argument, as short as it can be (RFC 8949
// §4.2.1).
func head(out []byte, major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(out, major|byte(n))
	case n <= math.MaxUint8:
		return append(out, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(out, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(out, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(out, major|27), n)
}

func text(out []byte, major byte, s string) []byte {
	return append(head(out, major, uint64(len(s))), s...)
}

// encode writes claims that check has passed.
func (c *Claims) encode(hint KeyHint) []byte {
	awarded, _ := dayOf(c.Awarded)
	issued, _ := dayOf(c.Issued)
	until, ends := dayOf(c.Until)
	printed, _ := dayOf(c.Printed)
	ends = ends && !c.Until.IsZero()
	from, _ := minutes(c.Printed, c.AsOf)
	life, _ := minutes(c.AsOf, c.GoodUntil)
	silent := c.AsOf.IsZero()
	n := uint64(lastKey)
	for _, missing := range []bool{c.Name == "", !ends, c.StatusIndex < 0, silent, silent} {
		if missing {
			n--
		}
	}
	out := head(make([]byte, 0, 192), majorMap, n)
	key := func(k uint64) { out = head(out, majorUnsigned, k) }
	number := func(k, n uint64) { key(k); out = head(out, majorUnsigned, n) }
	key(keyHint)
	out = text(out, majorBytes, string(hint[:]))
	key(keyCredential)
	out = text(out, majorText, c.Credential)
	key(keyAchievement)
	out = text(out, majorText, c.Achievement)
	number(keyVersion, uint64(c.Version))
	if c.Name != "" {
		key(keyName)
		out = text(out, majorText, c.Name)
	}
	number(keyAwarded, awarded)
	number(keyIssued, issued)
	if ends {
		number(keyUntil, until)
	}
	number(keyPrinted, printed)
	if c.StatusIndex >= 0 {
		number(keyStatus, uint64(c.StatusIndex))
	}
	key(keyDigest)
	out = text(out, majorBytes, string(c.Digest[:]))
	if !silent {
		number(keyAsOf, from)
		number(keyLife, life)
	}
	return out
}

// reader takes CBOR apart; the first thing wrong stays.
type reader struct {
	rest []byte
	bad  bool
}

// head reads a major type with its argument; one that could be shorter is
// refused.
func (r *reader) head(major byte) uint64 {
	if len(r.rest) == 0 || r.rest[0]>>5 != major {
		r.bad = true
		return 0
	}
	low, size := uint64(r.rest[0]&31), 0
	r.rest = r.rest[1:]
	if low < 24 {
		return low
	}
	if low > 27 {
		r.bad = true // reserved, or of indefinite length
		return 0
	}
	size = 1 << (low - 24)
	if len(r.rest) < size {
		r.bad = true
		return 0
	}
	n := uint64(0)
	for _, b := range r.rest[:size] {
		n = n<<8 | uint64(b)
	}
	r.rest = r.rest[size:]
	if n < [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[low-24] {
		r.bad = true
	}
	return n
}

func (r *reader) text(major byte, most int) string {
	n := r.head(major)
	if r.bad || n > uint64(most) || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

// upTo reads a number that is not above most.
func (r *reader) upTo(most uint64) uint64 {
	n := r.head(majorUnsigned)
	if n > most {
		r.bad = true
		return 0
	}
	return n
}

// decode reads what encode writes, and nothing else.
func (s *Slip) decode(message []byte) error {
	r := &reader{rest: message}
	s.StatusIndex = -1
	last := uint64(0)
	seen := [lastKey + 1]bool{}
	for n := r.head(majorMap); n > 0 && !r.bad; n-- {
		k := r.head(majorUnsigned)
		if r.bad || k <= last || k > lastKey {
			r.bad = true
			break
		}
		last, seen[k] = k, true
		s.member(r, k)
	}
	for k := keyHint; k <= keyDigest; k++ {
		if !seen[k] && k != keyName && k != keyUntil && k != keyStatus {
			r.bad = true
		}
	}
	if r.bad || len(r.rest) > 0 || seen[keyName] && s.Name == "" || seen[keyAsOf] != seen[keyLife] {
		return fmt.Errorf("%w: its claims are not written as a slip's are", ErrNotSlip)
	}
	return nil
}

func (s *Slip) member(r *reader, key uint64) {
	switch key {
	case keyHint:
		r.exactly(s.Key[:])
	case keyCredential:
		s.Credential = r.text(majorText, 26)
	case keyAchievement:
		s.Achievement = r.text(majorText, MaxCode)
	case keyVersion:
		s.Version = uint32(r.upTo(math.MaxUint32))
	case keyName:
		s.Name = r.text(majorText, MaxName)
	case keyAwarded:
		s.Awarded = timeOf(r.upTo(maxDay))
	case keyIssued:
		s.Issued = timeOf(r.upTo(maxDay))
	case keyUntil:
		s.Until = timeOf(r.upTo(maxDay))
	case keyPrinted:
		s.Printed = timeOf(r.upTo(maxDay))
	case keyStatus:
		s.StatusIndex = int64(r.upTo(math.MaxInt64))
	case keyDigest:
		r.exactly(s.Digest[:])
	case keyAsOf:
		s.AsOf = s.Printed.Add(time.Duration(r.upTo(dayMinutes)) * time.Minute)
	case keyLife:
		s.GoodUntil = s.AsOf.Add(time.Duration(r.upTo(dayMinutes)) * time.Minute)
	}
}

func (r *reader) exactly(into []byte) {
	if copied := copy(into, r.text(majorBytes, len(into))); copied != len(into) {
		r.bad = true
	}
}
