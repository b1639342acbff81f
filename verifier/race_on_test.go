//go:build race

package verifier_test

// slow is how much longer things may take: the race detector watches.
const slow = 20
