// Package process asks a program in any language for losses.
//
// The program is started once. It prints one line of JSON, an object with params. Then it reads lines from its
// standard input. For "set NAME INDEX VALUE" it changes an entry of a parameter and prints nothing. For "loss" it
// prints the loss, as a number on a line of its own. At the end of its input it ends. All other lines that it
// prints are chatter: they are skipped and counted.
//
// A program that ends early, dies, hangs, or prints without end gives an error of one line. The error says what
// happened, and ends with the last thing that the program wrote to its standard error.
//
// No process is left behind. The program and all that it starts are in a session of their own (on Windows, in
// one tree). They are ended by Close, by an error of Start or Loss, and by the end of the context: with SIGTERM
// first, and with SIGKILL soon after. Only a daemon that has left both its parent and the session outlives them.
// On Linux the program also ends when this process dies without a word.
package process

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
)

// Patience is the time for an answer if Start is given none.
const Patience = 60 * time.Second

const (
	polite = time.Second            // the time to end after the end of input
	short  = 300 * time.Millisecond // the time to end after SIGTERM
	atOnce = 4096                   // so many bytes fit into any pipe from which all was read
)

// A Process is a program that answers with losses. Its methods are for one goroutine.
type Process struct {
	Losses  int // losses so far
	Chatter int // lines of chatter so far
	Digits  int // the most significant digits that a loss was printed with

	name     string // for errors
	began    bool   // the line of JSON has come
	cmd      *exec.Cmd
	family   family
	in, out  *os.File
	lines    *lines
	says     *tail
	asks     []byte // lines that are not yet written
	patience time.Duration
	alarm    *time.Timer
	forget   func() bool // ends the wait for the context
	err      error       // the first error, or errClosed

	ended    chan struct{} // closed when the program has ended
	over     chan struct{} // closed when all is ended
	stopping sync.Once
	reason   atomic.Pointer[error] // the reason why the program was stopped
}

var (
	errHung   = errors.New("hung")
	errClosed = errors.New("the process is closed")
	errWrite  = errors.New("standard input is closed")
	errEarly  = errors.New("a number too many")
)

// Start starts a command and returns its line of JSON, byte for byte. The program has the given time for this
// line, and then for each loss; 0 means Patience. The end of ctx ends the program. After an error no process is
// left.
func Start(ctx context.Context, command []string, patience time.Duration) (*Process, []byte, error) {
	if len(command) == 0 || command[0] == "" {
		return nil, nil, errors.New("no command: give a program and its arguments")
	}
	if patience <= 0 {
		patience = Patience
	}
	p := &Process{name: shorten(strings.Join(command, " "), 60), patience: patience,
		ended: make(chan struct{}), over: make(chan struct{})}
	if ctx.Err() != nil {
		return nil, nil, fmt.Errorf("%s: %w", p.name, interrupted(ctx))
	}
	started := make(chan error)
	go p.run(command, started)
	if err := <-started; err != nil {
		return nil, nil, fmt.Errorf("%s: %s", p.name, noStart(command[0], err))
	}
	p.alarm = time.AfterFunc(patience, func() { p.stop(errHung) })
	p.forget = context.AfterFunc(ctx, func() { p.stop(interrupted(ctx)) })
	line, err := p.lines.first()
	p.alarm.Stop()
	p.Chatter = p.lines.chatter
	if err != nil {
		return nil, nil, p.fail(err)
	}
	p.began = true
	return p, line, nil
}

// start starts the command with three pipes.
func (p *Process) start(command []string) error {
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.SysProcAttr = apart
	p.cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1") // a line without flush=True arrives all the same
	var files []*os.File                                   // the even ones are read from, the odd ones are written to
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		files = append(files, r, w)
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = files[0], files[3], files[5]
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.in, p.out, p.says = files[1], files[2], keepTail(files[4])
	files = []*os.File{files[0], files[3], files[5]} // the program has them
	p.lines = newLines(p.out)
	p.family.head = p.cmd.Process.Pid
	return nil
}

// run starts the command and waits for its end. What it started must not keep its output open for longer.
func (p *Process) run(command []string, started chan<- error) {
	runtime.LockOSThread() // Linux ends a program with the thread that started it
	defer runtime.UnlockOSThread()
	err := p.start(command)
	started <- err
	if err != nil {
		return
	}
	p.cmd.Wait()
	close(p.ended)
	select {
	case <-p.over:
	case <-time.After(short):
		p.family.kill()
	}
}

// Set sets an entry of a parameter. The index counts the entries in the order of the JSON. The program sees the
// new value before it computes the next loss. If the name is empty or has a blank, the next Loss is an error.
func (p *Process) Set(name string, index int, value float64) {
	if p.err != nil {
		return
	}
	if name == "" || strings.IndexFunc(name, unicode.IsSpace) >= 0 {
		p.fail(fmt.Errorf("the parameter %q cannot be set: give it a name without blanks", name))
		return
	}
	p.asks = append(append(append(p.asks, "set "...), name...), ' ')
	p.asks = append(strconv.AppendInt(p.asks, int64(index), 10), ' ')
	p.asks = append(strconv.AppendFloat(p.asks, value, 'g', -1, 64), '\n')
}

// Loss asks for the loss. NaN and infinities are losses like others. After an error, the process has ended, and
// Loss returns the same error again.
func (p *Process) Loss() (float64, error) {
	if p.err == nil && p.lines.early() {
		p.fail(errEarly)
	}
	if p.err != nil {
		return math.NaN(), p.err
	}
	p.alarm.Reset(p.patience)
	defer p.alarm.Stop()
	p.asks = append(p.asks, "loss\n"...)
	written, err := p.write()
	if err != nil {
		return math.NaN(), p.fail(errWrite)
	}
	v, digits, err := p.lines.number()
	if err == nil {
		err = written()
	}
	p.Chatter = p.lines.chatter
	if err != nil {
		return math.NaN(), p.fail(err)
	}
	p.asks = p.asks[:0]
	p.Losses++
	p.Digits = max(p.Digits, digits)
	return v, nil
}

// write writes the lines that ask, or begins to. The function that it returns waits until all are written. A
// program may print chatter for each line, and stops reading if nobody reads from it: so long texts are written
// while the answer is awaited.
func (p *Process) write() (written func() error, err error) {
	if len(p.asks) <= atOnce {
		_, err := p.in.Write(p.asks)
		return func() error { return nil }, err
	}
	done := make(chan error, 1)
	go func() {
		_, err := p.in.Write(p.asks)
		done <- err
	}()
	return func() error { return <-done }, nil
}

// Close ends the program, and waits until nothing is left of it. It returns an error if the program printed more
// numbers than losses were asked for: then the losses may be answers to other questions. After an error of Loss
// it returns nil.
func (p *Process) Close() error {
	if p.err != nil {
		return nil
	}
	p.family.look() // while they still have a parent
	p.in.Close()
	late := time.AfterFunc(polite, func() { p.stop(errClosed) })
	extra := p.lines.rest()
	late.Stop()
	if extra > 0 {
		p.fail(errEarly)
		return p.err
	}
	p.within(polite)
	p.end()
	p.err = errClosed
	if !p.within(0) {
		return fmt.Errorf("%s: process %d cannot be ended", p.name, p.family.head)
	}
	return nil
}

// stop ends the program, and all that it started. Only the first reason counts. It returns when all are ended.
func (p *Process) stop(reason error) {
	p.stopping.Do(func() {
		p.reason.Store(&reason)
		p.family.look()
		if !p.within(0) {
			p.family.ask()
			p.within(short)
		}
		p.family.kill()
		p.within(polite)
		p.in.SetWriteDeadline(time.Now())
		p.out.SetReadDeadline(time.Now())
		close(p.over)
	})
}

// end stops the program and closes the pipes.
func (p *Process) end() {
	p.stop(errClosed)
	p.alarm.Stop()
	p.forget()
	p.in.Close()
	p.out.Close()
	p.says.close()
}

// within reports whether the program ends within some time.
func (p *Process) within(d time.Duration) bool {
	select {
	case <-p.ended:
		return true
	default:
	}
	select {
	case <-p.ended:
		return true
	case <-time.After(d):
		return false
	}
}

// interrupted returns the reason why a context ended.
func interrupted(ctx context.Context) error { return fmt.Errorf("interrupted: %w", context.Cause(ctx)) }
