//go:build plan9 || js || wasip1

package stop

import "os"

var hangup, brokenPipe os.Signal // these systems have no such signals
