//go:build linux || darwin || freebsd

package main

import "syscall"

// freeSpace is how many bytes are left for us where a folder is.
func freeSpace(dir string) (free uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true
}
