package dataintegrity

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"hallmark/verifier/did"
)

// What the values of ecdsa-sd-2023 proofs begin with (VC DI ECDSA §3.4).
const (
	baseHeader    = "\xd9\x5d\x00"
	derivedHeader = "\xd9\x5d\x01"
)

// Sizes of their parts, and how many there may be of each.
const (
	pointSize       = 2 + 33 // a P-256 key as multikey, without multibase
	hmacSize        = 32
	maxSelective    = 200  // signatures over single statements
	maxStatements   = 4096 // mandatory ones
	maxPointers     = 512
	maxPointerBytes = 1024
	maxProofValue   = 256 << 10
)

// baseProof is what the issuer gives the holder.
type baseProof struct {
	signature  []byte
	key        []byte // of the signatures below
	hmac       []byte // makes the labels of blank nodes
	signatures [][]byte
	pointers   []string // what every derived credential shows
}

// derivedProof is what the holder shows.
type derivedProof struct {
	signature  []byte
	key        []byte
	signatures [][]byte
	labels     map[int][]byte // by canonical number of the blank node
	mandatory  []int          // positions among the statements that are shown
}

// encode writes the value of a base proof (§3.4.2).
func (p *baseProof) encode() string {
	out := appendHead([]byte(baseHeader), cborArray, 5)
	out = appendBytes(appendBytes(appendBytes(out, p.signature), p.key), p.hmac)
	out = appendHead(appendStrings(out, p.signatures), cborArray, len(p.pointers))
	for _, pointer := range p.pointers {
		out = appendText(out, pointer)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(out)
}

// encode writes the value of a derived proof (§3.4.7).
func (p *derivedProof) encode() string {
	out := appendHead([]byte(derivedHeader), cborArray, 5)
	out = appendStrings(appendBytes(appendBytes(out, p.signature), p.key), p.signatures)
	out = appendHead(out, cborMap, len(p.labels))
	for number := 0; number < maxStatements; number++ {
		if label, ok := p.labels[number]; ok {
			out = appendBytes(appendHead(out, cborUint, number), label)
		}
	}
	out = appendHead(out, cborArray, len(p.mandatory))
	for _, position := range p.mandatory {
		out = appendHead(out, cborUint, position)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(out)
}

// selectiveBytes undoes the multibase and takes the header off.
func selectiveBytes(text string) (header string, rest []byte, ok bool) {
	if len(text) < 5 || len(text) > maxProofValue || text[0] != 'u' {
		return "", nil, false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text[1:])
	// The package skips line breaks; the length then does not fit.
	if err != nil || len(data) < 3 || base64.RawURLEncoding.EncodedLen(len(data)) != len(text)-1 {
		return "", nil, false
	}
	return string(data[:3]), data[3:], true
}

func parseBaseProof(data []byte) (*baseProof, bool) {
	c := &cbor{rest: data}
	p := &baseProof{}
	if c.count(cborArray, 5) != 5 {
		return nil, false
	}
	p.signature, p.key, p.hmac = c.bytes(p256Algorithm.size), c.bytes(pointSize), c.bytes(hmacSize)
	p.signatures = c.strings(p256Algorithm.size, maxSelective)
	for range c.count(cborArray, maxPointers) {
		pointer := c.string(cborText)
		if c.bad || len(pointer) > maxPointerBytes || !utf8.Valid(pointer) {
			return nil, false
		}
		p.pointers = append(p.pointers, string(pointer))
	}
	return p, !c.bad && len(c.rest) == 0
}

func parseDerivedProof(data []byte) (*derivedProof, bool) {
	c := &cbor{rest: data}
	p := &derivedProof{labels: map[int][]byte{}}
	if c.count(cborArray, 5) != 5 {
		return nil, false
	}
	p.signature, p.key = c.bytes(p256Algorithm.size), c.bytes(pointSize)
	p.signatures = c.strings(p256Algorithm.size, maxSelective)
	for range c.count(cborMap, maxStatements) {
		number := c.head(cborUint)
		if _, twice := p.labels[number]; twice {
			return nil, false
		}
		if p.labels[number] = c.bytes(hmacSize); c.bad {
			return nil, false
		}
	}
	last := -1
	for range c.count(cborArray, maxStatements) {
		position := c.head(cborUint)
		if c.bad || position <= last {
			return nil, false
		}
		p.mandatory = append(p.mandatory, position)
		last = position
	}
	return p, !c.bad && len(c.rest) == 0
}

// label writes what an HMAC says as the label of a blank node.
func label(sum []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(sum) }

// unlabel undoes label.
func unlabel(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, "u"))
}

// multikey writes the bytes of a multikey as its text, for package did to read.
func multikey(key []byte) string { return "z" + did.EncodeBase58(key) }
