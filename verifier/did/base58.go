package did

import (
	"encoding/binary"
	"errors"
)

// The base58btc alphabet (Multibase prefix "z").
const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// maxBase58 is the longest text DecodeBase58 reads, in characters. Decoding
// takes time in the square of the length; keys and signatures need 140.
const maxBase58 = 512

// fiveDigits is 58^5, the largest power that fits a word.
const fiveDigits = 58 * 58 * 58 * 58 * 58

var base58Digits = func() (digits [256]int8) {
	for i := range digits {
		digits[i] = -1
	}
	for i := range len(base58Alphabet) {
		digits[base58Alphabet[i]] = int8(i)
	}
	return digits
}()

// EncodeBase58 writes bytes in base58btc, without a multibase prefix. Every
// leading zero byte becomes a "1".
func EncodeBase58(data []byte) string {
	zeros := 0
	for zeros < len(data) && data[zeros] == 0 {
		zeros++
	}
	// The number in base 2^32, most significant word first, is divided by 58^5
	// again and again; each remainder gives five digits, the last ones first.
	words := make([]uint32, (len(data)-zeros+3)/4)
	for i, b := range data[zeros:] {
		at := len(data) - zeros - 1 - i // bytes from the right
		words[len(words)-1-at/4] |= uint32(b) << (8 * (at % 4))
	}
	digits := make([]byte, 0, len(data)*137/100+6) // log(256)/log(58) < 1.37
	for len(words) > 0 {
		rest := uint64(0)
		for i, w := range words {
			rest = rest<<32 | uint64(w)
			words[i], rest = uint32(rest/fiveDigits), rest%fiveDigits
		}
		for len(words) > 0 && words[0] == 0 {
			words = words[1:]
		}
		for range 5 {
			digits = append(digits, byte(rest%58))
			rest /= 58
		}
	}
	for len(digits) > 0 && digits[len(digits)-1] == 0 {
		digits = digits[:len(digits)-1]
	}
	out := make([]byte, zeros+len(digits))
	for i := range zeros {
		out[i] = '1'
	}
	for i, d := range digits {
		out[len(out)-1-i] = base58Alphabet[d]
	}
	return string(out)
}

// DecodeBase58 reads base58btc text without a multibase prefix, at most 512
// characters of it. Every byte string has exactly one spelling.
func DecodeBase58(text string) ([]byte, error) {
	if len(text) > maxBase58 {
		return nil, errors.New("base58 text is too long")
	}
	zeros := 0
	for zeros < len(text) && text[zeros] == '1' {
		zeros++
	}
	// The number in base 2^32, least significant word first. Five digits are
	// taken in at a time: 58^5 < 2^32.
	var words [maxBase58*59/10/32 + 2]uint32
	used := 0
	for i := zeros; i < len(text); {
		chunk, scale := uint64(0), uint64(1)
		for n := 0; n < 5 && i < len(text); n++ {
			d := base58Digits[text[i]]
			if d < 0 {
				return nil, errors.New("base58 text has a character outside the alphabet")
			}
			chunk, scale = chunk*58+uint64(d), scale*58
			i++
		}
		carry := chunk
		for w := range used {
			carry += uint64(words[w]) * scale
			words[w] = uint32(carry)
			carry >>= 32
		}
		if carry > 0 {
			words[used] = uint32(carry)
			used++
		}
	}
	out := make([]byte, zeros+used*4)
	for w := range used {
		binary.BigEndian.PutUint32(out[len(out)-4*w-4:], words[w])
	}
	if used == 0 {
		return out, nil
	}
	lead := 0
	for out[zeros+lead] == 0 {
		lead++
	}
	copy(out[lead:], out[:zeros])
	return out[lead:], nil
}
