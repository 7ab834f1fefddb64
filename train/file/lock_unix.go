//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package file

import (
	"os"
	"syscall"
)

const locks = true

// hold locks a temporary file until it is closed. It waits for clean, which may look at the file.
func hold(f *os.File) { syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }

// free locks a file if no process holds it, and reports whether it succeeded.
func free(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// rmdir removes an empty directory, and nothing else.
func rmdir(name string) error { return syscall.Rmdir(name) }
