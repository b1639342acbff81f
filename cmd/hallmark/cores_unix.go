//go:build unix

package main

import "syscall"

// noCores keeps the memory of a process that dies, private keys in it, out of
// core files; helpers that the system hands cores to respect the limit as well.
// A process without the limit still serves.
func noCores() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
