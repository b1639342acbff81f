package vcjose

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"
)

// signed is the text that the signature of a token covers.
func signed(alg string) string {
	return b64(`{"alg":"`+alg+`","kid":"`+kid+`"}`) + "." + b64(badge)
}

// try gives every signature to the reader; the names of those that must pass
// are in good.
func try(t *testing.T, alg string, key crypto.PublicKey, signatures map[string][]byte, good ...string) {
	t.Helper()
	for name, signature := range signatures {
		err := accepted(signed(alg)+"."+b64(string(signature)), key)
		if want := slices.Contains(good, name); (err == nil) != want {
			t.Errorf("%s: %s: %v\n%x", alg, name, err, signature)
		}
	}
}

// TestEdDSAForgeries: what RFC 8032 §5.1.7 refuses and careless readers take, by both
// names of the algorithm (RFC 9864 §2.2).
func TestEdDSAForgeries(t *testing.T) {
	edDSAForgeries(t, "EdDSA")
	edDSAForgeries(t, "Ed25519")
}

func edDSAForgeries(t *testing.T, alg string) {
	key := keys()["EdDSA"].(ed25519.PrivateKey)
	input := []byte(signed(alg))
	good := ed25519.Sign(key, input)
	order, ok := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	if !ok {
		t.Fatal("the order of the group")
	}
	little := func(n *big.Int) []byte {
		out := n.FillBytes(make([]byte, 32))
		slices.Reverse(out)
		return out
	}
	s := slices.Clone(good[32:])
	slices.Reverse(s)
	number := new(big.Int).SetBytes(s)
	with := func(r []byte, s *big.Int) []byte { return append(slices.Clone(r), little(s)...) }
	plus := func(n int64) *big.Int { return new(big.Int).Add(number, new(big.Int).Mul(order, big.NewInt(n))) }
	zeros := make([]byte, 32)
	neutral := append([]byte{1}, zeros[:31]...)
	p := append(append([]byte{0xed}, bytes.Repeat([]byte{0xff}, 30)...), 0x7f)
	flip := func(at int, bit byte) []byte {
		out := slices.Clone(good)
		out[at] ^= bit
		return out
	}
	prehashed := func(o *ed25519.Options, message []byte) []byte {
		out, err := key.Sign(nil, message, o)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	digest := sha512.Sum512(input)
	all := map[string][]byte{
		"genuine": good,
		"S+L":     with(good[:32], plus(1)), "S+2L": with(good[:32], plus(2)), "S+7L": with(good[:32], plus(7)),
		"S is L": with(good[:32], order), "S is L-1": with(good[:32], new(big.Int).Sub(order, big.NewInt(1))), "S is 0": with(good[:32], new(big.Int)), "S is 1": with(good[:32], big.NewInt(1)),
		"S of ones": append(slices.Clone(good[:32]), bytes.Repeat([]byte{0xff}, 32)...), "highest bit of S": flip(63, 0x80), "bit 254 of S": flip(63, 0x40), "bit 253 of S": flip(63, 0x20),
		"-S":         with(good[:32], new(big.Int).Sub(order, number)),
		"sign of R":  flip(31, 0x80),
		"R neutral":  append(slices.Clone(neutral), good[32:]...),
		"all zero":   make([]byte, 64),
		"neutral, 0": append(slices.Clone(neutral), zeros...), "p, 0": append(slices.Clone(p), zeros...), "R of ones": append(bytes.Repeat([]byte{0xff}, 32), good[32:]...),
		"R and S exchanged": append(slices.Clone(good[32:]), good[:32]...), "big-endian S": append(slices.Clone(good[:32]), s...),
		"empty": {}, "63 bytes": good[:63], "65 bytes": append(slices.Clone(good), 0), "zero in front": append([]byte{0}, good...), "R alone": good[:32], "twice": append(slices.Clone(good), good...),
		"of the digest": ed25519.Sign(key, digest[:]), "Ed25519ph": prehashed(&ed25519.Options{Hash: crypto.SHA512}, digest[:]), "Ed25519ctx": prehashed(&ed25519.Options{Context: "JWS"}, input),
		"of the payload": ed25519.Sign(key, []byte(badge)), "of the encoded payload": ed25519.Sign(key, []byte(b64(badge))), "with a dot more": ed25519.Sign(key, append(slices.Clone(input), '.')),
		"of nothing": ed25519.Sign(key, nil), "by another": ed25519.Sign(ed25519.NewKeyFromSeed(bytes.Repeat([]byte("x"), 32)), input),
		"in hexadecimal": []byte(hex.EncodeToString(good)),
	}
	try(t, alg, key.Public(), all, "genuine")
}

// TestECDSAForgeries: both curves with r and s in every wrong shape (RFC 7518
// §3.4: two numbers of the curve's length). Which of s and n-s a signer took is
// its own business.
func TestECDSAForgeries(t *testing.T) {
	for _, alg := range []string{"ES256", "ES384"} {
		key := keys()[alg].(*ecdsa.PrivateKey)
		hash := map[string]crypto.Hash{"ES256": crypto.SHA256, "ES384": crypto.SHA384}[alg]
		input := []byte(signed(alg))
		sign := func(key *ecdsa.PrivateKey, h crypto.Hash, message []byte) (r, s *big.Int) {
			w := h.New()
			w.Write(message)
			r, s, err := ecdsa.Sign(rand.Reader, key, w.Sum(nil))
			if err != nil {
				t.Fatal(err)
			}
			return r, s
		}
		size := (key.Params().BitSize + 7) / 8
		pair := func(r, s *big.Int) []byte {
			return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
		}
		r, s := sign(key, hash, input)
		n, p, zero, one := key.Params().N, key.Params().P, new(big.Int), big.NewInt(1)
		less := func(a *big.Int) *big.Int { return new(big.Int).Sub(a, one) }
		ones := less(new(big.Int).Lsh(one, uint(size*8)))
		der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		if err != nil {
			t.Fatal(err)
		}
		other, err := ecdsa.GenerateKey(key.Curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		good := pair(r, s)
		all := map[string][]byte{"genuine": good, "the other s": pair(r, new(big.Int).Sub(n, s)),
			"DER": der, "DER without its head": der[2:], "exchanged": pair(s, r), "-r": pair(new(big.Int).Sub(n, r), s), "p-r": pair(new(big.Int).Sub(p, r), s),
			"little-endian": func() []byte { b := slices.Clone(good); slices.Reverse(b[:size]); slices.Reverse(b[size:]); return b }(),
			"a byte less":   good[:2*size-1], "a byte more": append(slices.Clone(good), 0), "a zero in front": append([]byte{0}, good...),
			"zeros in front of both": slices.Concat([]byte{0}, good[:size], []byte{0}, good[size:]), "two bytes short": slices.Concat(good[1:size], good[size+1:]),
			"empty": {}, "r alone": good[:size], "s alone": good[size:], "twice": append(slices.Clone(good), good...), "one byte": {0},
		}
		if new(big.Int).Add(r, n).BitLen() <= size*8 {
			all["r+n"] = pair(new(big.Int).Add(r, n), s)
		}
		if new(big.Int).Add(s, n).BitLen() <= size*8 {
			all["s+n"] = pair(r, new(big.Int).Add(s, n))
		}
		special := map[string]*big.Int{"0": zero, "1": one, "2": big.NewInt(2), "n-1": less(n), "n": n, "n+1": new(big.Int).Add(n, one), "p": p, "p-1": less(p), "2^b-1": ones}
		for a, x := range special {
			for b, y := range special {
				all[a+" and "+b] = pair(x, y)
			}
			all["r "+a], all["s "+a] = pair(x, s), pair(r, x)
		}
		for name, h := range map[string]crypto.Hash{"SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512} {
			if h != hash {
				all["under "+name] = pair(sign(key, h, input))
			}
		}
		all["of the payload"], all["of nothing"], all["by another"] = pair(sign(key, hash, []byte(badge))), pair(sign(key, hash, nil)), pair(sign(other, hash, input))
		try(t, alg, key.Public(), all, "genuine", "the other s")
		// The same numbers on the other curve, which has room for them or not.
		for wrong, curve := range map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-224": elliptic.P224(), "P-521": elliptic.P521()} {
			if curve == key.Curve {
				continue
			}
			k, err := ecdsa.GenerateKey(curve, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			x, y := sign(k, hash, input)
			wide := (curve.Params().BitSize + 7) / 8
			signature := append(x.FillBytes(make([]byte, wide)), y.FillBytes(make([]byte, wide))...)
			if err := accepted(signed(alg)+"."+b64(string(signature)), k.Public()); err == nil {
				t.Errorf("%s: accepted with a key of %s", alg, wrong)
			}
		}
	}
}

// prefix is what stands before a SHA-256 digest (RFC 8017 §9.2, note 1).
const prefix = "3031300d060960864801650304020105000420"

// TestRSAEncodings: encoded messages that are not the one of RFC 8017 §9.2,
// each signed with the key itself, so that nothing but the encoding is wrong.
// They are what the forgeries of Bleichenbacher and their kin pass for padding.
func TestRSAEncodings(t *testing.T) {
	key := keys()["RS256"].(*rsa.PrivateKey)
	input := []byte(signed("RS256"))
	digest := sha256.Sum256(input)
	size := key.Size()
	raw := func(em []byte) []byte { // the bare operation
		return new(big.Int).Exp(new(big.Int).SetBytes(em), key.D, key.N).FillBytes(make([]byte, size))
	}
	bytesOf := func(text string) []byte {
		out, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	// padded is 00 kind FF… 00 and the rest.
	padded := func(kind byte, fill byte, rest []byte) []byte {
		em := append([]byte{0, kind}, bytes.Repeat([]byte{fill}, size-3-len(rest))...)
		return append(append(em, 0), rest...)
	}
	info := func(head string, sum []byte) []byte { return append(bytesOf(head), sum...) }
	right := info(prefix, digest[:])
	sum512 := sha512.Sum512(input)
	other := sha256.Sum256([]byte(badge))
	filled := func(count int, after ...byte) []byte { // short padding, then junk behind the digest
		em := slices.Concat([]byte{0, 1}, bytes.Repeat([]byte{0xff}, count), []byte{0}, right, after)
		return append(em, bytes.Repeat([]byte{0x5a}, size-len(em))...)
	}
	good := raw(padded(1, 0xff, right))
	pss, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(em []byte, i int, b byte) []byte { em = slices.Clone(em); em[i] = b; return em }
	em := padded(1, 0xff, right)
	number := new(big.Int).SetBytes(good)
	all := map[string][]byte{
		"genuine":                   good,
		"no NULL":                   raw(padded(1, 0xff, info("302f300b0609608648016503040201"+"0420", digest[:]))),
		"NULL with a byte":          raw(padded(1, 0xff, info("3032300e06096086480165030402010501000420", digest[:]))),
		"something for NULL":        raw(padded(1, 0xff, info("3031300d060960864801650304020130000420", digest[:]))),
		"long form of the length":   raw(padded(1, 0xff, info("308131300d060960864801650304020105000420", digest[:]))),
		"long form within":          raw(padded(1, 0xff, info("303230810d060960864801650304020105000420", digest[:]))),
		"long form of the digest":   raw(padded(1, 0xff, info("3032300d06096086480165030402010500048120", digest[:]))),
		"endless form":              raw(padded(1, 0xff, append(info("3080300d060960864801650304020105000420", digest[:]), 0, 0))),
		"a member more":             raw(padded(1, 0xff, append(info("3033300d060960864801650304020105000420", digest[:]), 5, 0))),
		"junk behind the digest":    raw(padded(1, 0xff, append(slices.Clone(right), 0))),
		"junk within the name":      raw(padded(1, 0xff, info("3035301106096086480165030402010500040401020304"+"0420", digest[:]))),
		"junk after short padding":  raw(filled(8)),
		"no padding, junk":          raw(filled(0)),
		"BER and short padding":     raw(filled(16, 0x30, 0x80)),
		"name of SHA-1":             raw(padded(1, 0xff, info("3021300906052b0e03021a05000414", digest[:20]))),
		"name of SHA-1, whole":      raw(padded(1, 0xff, info("302d300906052b0e03021a05000420", digest[:]))),
		"name of SHA-224":           raw(padded(1, 0xff, info("302d300d06096086480165030402040500041c", digest[:28]))),
		"name of SHA-384":           raw(padded(1, 0xff, info("3031300d060960864801650304020205000420", digest[:]))),
		"SHA-512":                   raw(padded(1, 0xff, info("3051300d060960864801650304020305000440", sum512[:]))),
		"name of MD5":               raw(padded(1, 0xff, info("3020300c06082a864886f70d020505000410", digest[:16]))),
		"name of something":         raw(padded(1, 0xff, info("3031300d06096086480165030402ff05000420", digest[:]))),
		"digest alone":              raw(padded(1, 0xff, digest[:])),
		"digest without padding":    raw(digest[:]),
		"digest of another text":    raw(padded(1, 0xff, info(prefix, other[:]))),
		"digest of nothing":         raw(padded(1, 0xff, bytesOf("3011300d060960864801650304020105000400"))),
		"digest cut":                raw(padded(1, 0xff, info("3030300d06096086480165030402010500041f", digest[:31]))),
		"digest twice":              raw(padded(1, 0xff, append(slices.Clone(right), right...))),
		"digest in hexadecimal":     raw(padded(1, 0xff, info(prefix, []byte(hex.EncodeToString(digest[:]))))),
		"text in place of a digest": raw(padded(1, 0xff, info(prefix, input[:32]))),
		"kind 0":                    raw(padded(0, 0xff, right)), "kind 2": raw(padded(2, 0xff, right)), "kind 0, zeros": raw(padded(0, 0, right)),
		"padding of zeros": raw(padded(1, 0, right)), "padding of AA": raw(padded(1, 0xaa, right)),
		"a wrong byte of padding": raw(at(em, 40, 0xfe)), "the first wrong": raw(at(em, 2, 0)), "the last wrong": raw(at(em, size-len(right)-2, 0xfe)),
		"no end of padding": raw(at(em, size-len(right)-1, 0xff)), "another end": raw(at(em, size-len(right)-1, 1)), "begins with 01": raw(at(em, 0, 1)),
		"nothing but padding": raw(padded(1, 0xff, nil)), "all zero": raw(make([]byte, size)),
		"PSS": pss, "0": make([]byte, size), "1": append(make([]byte, size-1), 1), "n": key.N.Bytes(), "n-1": new(big.Int).Sub(key.N, big.NewInt(1)).Bytes(),
		"-s": new(big.Int).Sub(key.N, number).FillBytes(make([]byte, size)), "s+n": new(big.Int).Add(number, key.N).FillBytes(make([]byte, size+1)),
		"zero in front": append([]byte{0}, good...), "zero behind": append(slices.Clone(good), 0), "cut": good[:size-1], "cut in front": good[1:], "empty": {}, "twice": append(slices.Clone(good), good...),
		"reversed": func() []byte { b := slices.Clone(good); slices.Reverse(b); return b }(), "the message itself": em,
	}
	try(t, "RS256", key.Public(), all, "genuine")
}

// TestRSACubeRoot: with exponent 3 anybody can write a number whose cube begins
// like an encoded message; who stops reading behind the digest takes it.
func TestRSACubeRoot(t *testing.T) {
	modulus := keys()["RS256"].(*rsa.PrivateKey).N
	digest := sha256.Sum256([]byte(signed("RS256")))
	head, err := hex.DecodeString("0001ffffffffffffffff00" + prefix)
	if err != nil {
		t.Fatal(err)
	}
	head = append(head, digest[:]...)
	size := (modulus.BitLen() + 7) / 8
	em := new(big.Int).SetBytes(append(slices.Clone(head), make([]byte, size-len(head))...))
	root := new(big.Int) // the least number whose cube is not below em
	for bit := 700; bit >= 0; bit-- {
		if try := new(big.Int).SetBit(root, bit, 1); new(big.Int).Exp(try, big.NewInt(3), nil).Cmp(em) < 0 {
			root = try
		}
	}
	root.Add(root, big.NewInt(1))
	cube := new(big.Int).Exp(root, big.NewInt(3), nil).FillBytes(make([]byte, size))
	if !bytes.HasPrefix(cube, head) {
		t.Fatalf("no forgery was made: %x", cube[:80])
	}
	try(t, "RS256", &rsa.PublicKey{N: modulus, E: 3}, map[string][]byte{"cube root": root.FillBytes(make([]byte, size)), "cube root, short": root.Bytes()})
}
