package show

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// Closed returns an error if w is a standard file that was closed when the program began, as by >&- in a shell. Go's
// runtime opens /dev/null for reading and writing in its place, so writing to it is no error. A shell opens /dev/null
// for writing only.
func Closed(w io.Writer) error {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	null, errNull := os.Stat(os.DevNull)
	if err != nil || errNull != nil || !os.SameFile(info, null) {
		return nil
	}
	flags, _, failed := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	if failed != 0 || flags&syscall.O_ACCMODE != syscall.O_RDWR {
		return nil
	}
	return errors.New("standard output is closed, so the results are lost")
}
