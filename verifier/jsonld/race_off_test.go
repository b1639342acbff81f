//go:build !race

package jsonld

// slow is how much longer things may take.
const slow = 1
