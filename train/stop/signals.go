//go:build !plan9 && !js && !wasip1

package stop

import (
	"os"
	"syscall"
)

var hangup, brokenPipe os.Signal = syscall.SIGHUP, syscall.SIGPIPE
