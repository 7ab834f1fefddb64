//go:build unix

package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// apart gives a program a session and a process group of its own. Ctrl-C in a terminal does not reach it: it is
// ended in an orderly way.
var apart = &syscall.SysProcAttr{Setsid: true}

// A family is a process and all that it started, directly or not.
type family struct {
	head int
	sync.Mutex
	seen map[int]string // processes outside the group, with their times of birth
}

// look adds the family's processes outside its group. It needs the /proc of Linux, and finds none elsewhere.
func (f *family) look() {
	f.Lock()
	defer f.Unlock()
	f.find()
}

func (f *family) find() {
	all := make(map[int]relation)
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			if r, ok := relate(pid); ok {
				all[pid] = r
			}
		}
	}
	if f.seen == nil {
		f.seen = make(map[int]string)
	}
	for grown := true; grown; { // until there are no more children of children
		grown = false
		for pid, r := range all {
			_, child := f.seen[r.parent]
			if f.seen[pid] == "" && pid != f.head && (child || r.parent == f.head || r.session == f.head) {
				f.seen[pid] = r.born
				grown = true
			}
		}
	}
}

// A relation is what /proc tells of a process.
type relation struct {
	parent, session int
	born            string
}

func relate(pid int) (r relation, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	s := string(text)
	field := strings.Fields(s[strings.LastIndexByte(s, ')')+1:]) // from the third on, the state
	if err != nil || len(field) < 20 || field[0] == "Z" {
		return r, false
	}
	r.parent, _ = strconv.Atoi(field[1])
	r.session, _ = strconv.Atoi(field[3])
	r.born = field[19]
	return r, true
}

// ask sends SIGTERM to the group.
func (f *family) ask() { syscall.Kill(-f.head, syscall.SIGTERM) }

// kill kills all processes of the family.
func (f *family) kill() {
	f.Lock()
	defer f.Unlock()
	syscall.Kill(-f.head, syscall.SIGKILL)
	for range 20 { // until nobody is left who could start another
		f.find()
		alive := false
		for pid, born := range f.seen {
			if r, ok := relate(pid); ok && r.born == born {
				alive = true
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if !alive {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// signalName returns the name of the signal that ended a process, or "".
func signalName(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return ""
	}
	return named(status.Signal())
}

// shellSignal tells the signal that a shell reports as an exit status.
func shellSignal(status int) string {
	if s := syscall.Signal(status - 128); signals[s] != "" {
		return ": " + named(s)
	}
	return ""
}

// named returns a signal in words.
func named(s syscall.Signal) string {
	name, ok := signals[s]
	if !ok {
		name = fmt.Sprintf("signal %d", int(s))
	}
	if s == syscall.SIGKILL {
		return name + " (is there too little memory?)"
	}
	return fmt.Sprintf("%s (%v)", name, s)
}

var signals = map[syscall.Signal]string{
	syscall.SIGABRT: "SIGABRT", syscall.SIGALRM: "SIGALRM", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE",
	syscall.SIGHUP: "SIGHUP", syscall.SIGILL: "SIGILL", syscall.SIGINT: "SIGINT", syscall.SIGKILL: "SIGKILL",
	syscall.SIGPIPE: "SIGPIPE", syscall.SIGQUIT: "SIGQUIT", syscall.SIGSEGV: "SIGSEGV", syscall.SIGSYS: "SIGSYS",
	syscall.SIGTERM: "SIGTERM", syscall.SIGTRAP: "SIGTRAP", syscall.SIGUSR1: "SIGUSR1", syscall.SIGUSR2: "SIGUSR2",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ",
}
