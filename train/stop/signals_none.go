//go:build plan9 || js || wasip1

package stop

import "os"

var hangup, brokenPipe os.Signal // these systems have no such signals

// Gone returns false, because the error of a broken pipe is not known here.
func Gone(error) bool { return false }
