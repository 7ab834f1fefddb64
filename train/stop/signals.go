//go:build !plan9 && !js && !wasip1

package stop

import (
	"errors"
	"os"
	"syscall"
)

var hangup, brokenPipe os.Signal = syscall.SIGHUP, syscall.SIGPIPE

// Gone reports whether an error says that the reader of a pipe is gone.
func Gone(err error) bool { return errors.Is(err, syscall.EPIPE) }
