package dataintegrity

// The few forms of CBOR (RFC 8949) that the values of selective proofs are made
// of: unsigned integers, byte and text strings, arrays and maps of known length.

// Major types of RFC 8949 §3.1.
const (
	cborUint  = 0
	cborBytes = 2
	cborText  = 3
	cborArray = 4
	cborMap   = 5
	cborTag   = 6
)

// byteTag is the tag of an array of bytes (RFC 8746 §2.1), which early proofs
// put before byte strings. It adds nothing to their meaning.
const byteTag = 64

func appendHead(dst []byte, major byte, n int) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(dst, major|byte(n))
	case n < 1<<8:
		return append(dst, major|24, byte(n))
	case n < 1<<16:
		return append(dst, major|25, byte(n>>8), byte(n))
	}
	return append(dst, major|26, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

func appendBytes(dst, value []byte) []byte {
	return append(appendHead(dst, cborBytes, len(value)), value...)
}

func appendText(dst []byte, value string) []byte {
	return append(appendHead(dst, cborText, len(value)), value...)
}

func appendStrings(dst []byte, values [][]byte) []byte {
	dst = appendHead(dst, cborArray, len(values))
	for _, v := range values {
		dst = appendBytes(dst, v)
	}
	return dst
}

// cbor reads what the functions above write. The first thing that is out of
// order, or written longer than need be (§4.2.1), makes it bad for good.
type cbor struct {
	rest []byte
	bad  bool
}

// head reads the head of an item of this type and gives its number.
func (c *cbor) head(major byte) int {
	if c.bad || len(c.rest) == 0 || c.rest[0]>>5 != major {
		c.bad = true
		return 0
	}
	short := c.rest[0] & 31
	c.rest = c.rest[1:]
	if short < 24 {
		return int(short)
	}
	size := 1 << (short - 24)
	if short > 26 || len(c.rest) < size {
		c.bad = true
		return 0
	}
	n := 0
	for _, b := range c.rest[:size] {
		n = n<<8 | int(b)
	}
	c.rest = c.rest[size:]
	if n < 24 || size == 2 && n < 1<<8 || size == 4 && n < 1<<16 {
		c.bad = true
	}
	return n
}

func (c *cbor) string(major byte) []byte {
	n := c.head(major)
	if c.bad || n > len(c.rest) {
		c.bad = true
		return nil
	}
	value := c.rest[:n]
	c.rest = c.rest[n:]
	return value
}

// bytes reads a byte string of this size.
func (c *cbor) bytes(size int) []byte {
	if len(c.rest) > 0 && c.rest[0]>>5 == cborTag && c.head(cborTag) != byteTag {
		c.bad = true
	}
	value := c.string(cborBytes)
	if len(value) != size {
		c.bad = true
	}
	return value
}

// count reads the head of an array or map of at most most items.
func (c *cbor) count(major byte, most int) int {
	n := c.head(major)
	if n > most {
		c.bad = true
	}
	if c.bad {
		return 0
	}
	return n
}

// strings reads an array of byte strings of this size.
func (c *cbor) strings(size, most int) [][]byte {
	n := c.count(cborArray, most)
	var list [][]byte
	for range n {
		list = append(list, c.bytes(size))
		if c.bad {
			return nil
		}
	}
	return list
}
