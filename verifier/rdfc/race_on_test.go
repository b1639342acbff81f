//go:build race

package rdfc

// slow is how much longer things may take: the race detector watches.
const slow = 20
