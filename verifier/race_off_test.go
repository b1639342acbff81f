//go:build !race

package verifier_test

// slow is how much longer things may take.
const slow = 1
