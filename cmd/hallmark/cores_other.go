//go:build !unix

package main

// noCores has nothing to do where there are no core files.
func noCores() {}
