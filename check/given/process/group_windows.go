package process

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// apart keeps Ctrl-C in a console from reaching the program: it is ended in an orderly way.
var apart = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}

// A family is a process and all that it started, directly or not.
type family struct{ head int }

func (f *family) look() {}

// ask does nothing: there is no SIGTERM.
func (f *family) ask() {}

// kill kills all processes of the family.
func (f *family) kill() { exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(f.head)).Run() }

func signalName(*os.ProcessState) string { return "" }

func shellSignal(int) string { return "" }
