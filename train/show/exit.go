package show

import (
	"fmt"
	"io"
)

// An Exit keeps how a command ends: the exit status, and the errors that it has written.
type Exit struct {
	Out    *Output   // results
	Errors io.Writer // errors and progress
	Status int       // the exit status so far
	said   string    // the last error that was written
}

// End writes err in one line, unless it is nil or was just written. It sets the exit status to 1 if err is
// not nil or fine is false.
func (x *Exit) End(fine bool, err error) {
	if err != nil && err.Error() != x.said {
		x.said = err.Error()
		fmt.Fprintln(x.Errors, "lstm:", Printable(err.Error()))
	}
	if !fine || err != nil {
		x.Status = 1
	}
}

// File writes the file that a flag names, if it names one, and reports it.
func (x *Exit) File(flag, name string, write func() error) {
	if name == "" {
		return
	}
	if err := write(); err != nil {
		x.End(false, fmt.Errorf("-%s: %w", flag, err))
		return
	}
	fmt.Fprintf(x.Out, "\n-%s wrote %s.\n", flag, name)
}
