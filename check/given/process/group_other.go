//go:build !unix && !windows

package process

import (
	"os"
	"syscall"
)

var apart *syscall.SysProcAttr

// A family is a process. These systems have no groups of processes.
type family struct{ head int }

func (f *family) look() {}

func (f *family) ask() {}

// kill kills the process.
func (f *family) kill() {
	if p, err := os.FindProcess(f.head); err == nil {
		p.Kill()
	}
}

func signalName(*os.ProcessState) string { return "" }

func shellSignal(int) string { return "" }
