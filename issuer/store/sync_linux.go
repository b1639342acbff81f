package store

import (
	"errors"
	"os"
	"syscall"
)

// syncData puts the bytes of a file on the disk, and of what the system knows about it
// as much as is needed to read them again.
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
