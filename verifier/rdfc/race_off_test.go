//go:build !race

package rdfc

// slow is how much longer things may take.
const slow = 1
