//go:build race

package verifier_test

// slow is how much more time and memory a check may take: the race detector
// watches.
const slow = 20
