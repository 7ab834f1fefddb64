// Package stop ends a run early and in order, when a signal asks for it.
//
// The signals are SIGINT (Ctrl-C), SIGTERM and, unless nohup ignores it, SIGHUP, which comes when the terminal
// goes away. SIGQUIT (Ctrl-\) is left alone: it ends the program at once.
package stop

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// A Stop tells when a run shall end.
type Stop struct {
	Asked   <-chan struct{} // closed when the first signal comes
	signals chan os.Signal
	keep    atomic.Bool
}

// Listen begins to listen for signals. The first one closes Asked, and the second ends the program. With keep,
// the second and later ones only write a line to w until Release is called. After Listen, a write to a pipe
// that nobody reads returns an error, and does not end the program.
func Listen(keep bool, w io.Writer) *Stop {
	asked := make(chan struct{})
	s := &Stop{Asked: asked, signals: make(chan os.Signal, 2)}
	s.keep.Store(keep)
	if brokenPipe != nil {
		signal.Ignore(brokenPipe)
	}
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM)
	if hangup != nil && !signal.Ignored(hangup) {
		signal.Notify(s.signals, hangup)
	}
	go func() {
		<-s.signals
		if !s.keep.Load() {
			signal.Stop(s.signals)
		}
		close(asked)
		if !s.keep.Load() { // Release may have come in between
			signal.Stop(s.signals)
		}
		for range s.signals {
			if s.keep.Load() {
				fmt.Fprintln(w, `lstm: the run ends and is saved after this iteration; Ctrl-\ ends it now, unsaved`)
			}
		}
	}()
	return s
}

// Now reports whether the run shall end.
func (s *Stop) Now() bool {
	select {
	case <-s.Asked:
		return true
	default:
		return false
	}
}

// Release ends the effect of keep. Call it when the run is saved.
func (s *Stop) Release() {
	s.keep.Store(false)
	if s.Now() {
		signal.Stop(s.signals)
	}
}
