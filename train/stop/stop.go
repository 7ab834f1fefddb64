// Package stop lets a signal end a run early, in an orderly way.
//
// The signals are SIGINT (Ctrl-C), SIGTERM and, unless nohup ignores it, SIGHUP, which comes when the terminal
// closes. SIGQUIT (Ctrl-\) still ends the program at once.
package stop

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// A Stop tells whether a run must end.
type Stop struct {
	Asked   <-chan struct{} // closed when the first signal comes
	signals chan os.Signal
	keep    atomic.Bool
}

// Listen begins to listen for signals. The first one closes Asked, and the second ends the program. With keep,
// later signals only write a line to w until Release is called. After Listen, a write to a pipe without a
// reader returns an error, and does not end the program.
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
		if !s.keep.Load() { // Release may have been called in between
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

// Now reports whether the run must end.
func (s *Stop) Now() bool {
	select {
	case <-s.Asked:
		return true
	default:
		return false
	}
}

// Context returns a context that ends when Asked is closed.
func (s *Stop) Context() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-s.Asked
		cancel()
	}()
	return ctx
}

// Release ends the effect of keep. Call it after the run is saved.
func (s *Stop) Release() {
	s.keep.Store(false)
	if s.Now() {
		signal.Stop(s.signals)
	}
}
