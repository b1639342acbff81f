//go:build !race

package verifier_test

// slow is how much more time and memory a check may take.
const slow = 1
