//go:build plan9 || js || wasip1

package stop

import "os"

var hangup, brokenPipe os.Signal // there are none

// Gone returns false: no pipe is known here.
func Gone(error) bool { return false }
