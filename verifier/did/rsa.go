package did

import "math/big"

// guessable says whether a modulus carries the mark of CVE-2017-15361 (ROCA):
// a common library of smart cards chose primes k·M + (65537^a mod M), where M
// is a product of the first primes, and such a modulus can be factored. Modulo
// every one of those primes it is then a power of 65537. Keys of 2,048 bits and
// more were made with at least the first 71 primes, up to 353; that another key
// has the mark by chance is less likely than that it be guessed.
func guessable(modulus *big.Int) bool {
	const last = 353
	var composite [last + 1]bool
	rest, prime := new(big.Int), new(big.Int)
	for p := 3; p <= last; p += 2 {
		if composite[p] {
			continue
		}
		for m := p * p; m <= last; m += 2 * p {
			composite[m] = true
		}
		if !powerOf65537(int(rest.Mod(modulus, prime.SetInt64(int64(p))).Int64()), p) {
			return false
		}
	}
	return true
}

// powerOf65537 says whether r is a power of 65537 modulo the prime p.
func powerOf65537(r, p int) bool {
	power := 1
	for {
		if power == r {
			return true
		}
		if power = power * 65537 % p; power == 1 {
			return false
		}
	}
}
