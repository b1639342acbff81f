//go:build race

package jsonld

// slow is how much longer things may take: the race detector watches.
const slow = 20
