package process

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fail ends the program after an error. It keeps the error in words, and returns it.
func (p *Process) fail(err error) error {
	if p.reason.Load() == nil && (err == io.EOF || err == errWrite) {
		p.within(polite) // the end of a pipe comes a little before the end of the program
	}
	ended := p.within(0)
	if stopped := p.reason.Load(); stopped != nil {
		err, ended = *stopped, false
	}
	p.end()
	err = p.words(err, ended)
	if end := p.says.telling(); end != "" {
		err = fmt.Errorf("%w; standard error ends: %s", err, end)
	}
	p.err = fmt.Errorf("%s: %w", p.name, err)
	return p.err
}

// words says what happened. ended tells whether the program had ended when the error came.
func (p *Process) words(err error, ended bool) error {
	awaited := "a line of JSON, an object with params"
	if p.began {
		awaited = "a number"
	}
	switch {
	case ended && (err == io.EOF || err == errWrite):
		err = errors.New(p.ending())
	case err == io.EOF:
		err = errors.New("it closed its standard output, and goes on")
	case err == errWrite:
		err = errors.New("it closed its standard input, and goes on")
	case err == errHung:
		err = fmt.Errorf("it hangs: within %.4g s it did not print %s. Does it flush what it prints? -patience gives it more time",
			p.patience.Seconds(), awaited)
	case err == errFlood:
		err = fmt.Errorf("it printed %d MB without %s", p.lines.most>>20, awaited)
	case err == errLong:
		return fmt.Errorf("its line of JSON has more than %d MB", p.lines.longest>>20)
	case err == errEarly:
		return errors.New("it printed a number that was not asked for. A number on a line of its own is a loss: print others on standard error")
	default:
		return err
	}
	return fmt.Errorf("%w%s", err, p.lastWords())
}

// lastWords tells what the program printed last, where that may help.
func (p *Process) lastWords() string {
	l := p.lines
	switch {
	case l.near != "" && !p.began:
		return "; " + l.near
	case len(l.last) == 0:
		return ""
	case l.open:
		return "; its last line has no end: " + shorten(string(l.last), 80)
	}
	text := "; its last line is: " + shorten(string(l.last), 80)
	if _, ok := number(bytes.Replace(l.last, []byte(","), []byte("."), 1)); ok && p.began {
		text += ": a number has a point, and no comma"
	}
	return text
}

// ending tells how the program ended.
func (p *Process) ending() string {
	when := "before its line of JSON"
	switch {
	case p.began && p.Losses == 0:
		when = "before its first loss"
	case p.began:
		when = fmt.Sprintf("in the middle (losses so far: %d)", p.Losses)
	}
	state := p.cmd.ProcessState
	if state == nil {
		return "it ended " + when
	}
	if name := signalName(state); name != "" {
		return fmt.Sprintf("it died %s: %s", when, name)
	}
	text := fmt.Sprintf("it ended %s, with exit status %d%s", when, state.ExitCode(), shellSignal(state.ExitCode()))
	if !p.began && state.Success() {
		text += "; call serve at the end of the program, or print this line as serve does"
	}
	if p.began && p.Losses == 0 && state.Success() {
		text += "; after its line of JSON it must read lines from its standard input, and print a loss for each line loss"
	}
	return text
}

// interpreters are the programs that run files of some kinds.
var interpreters = map[string]string{".py": "python3", ".js": "node", ".mjs": "node", ".pl": "perl", ".jl": "julia",
	".r": "Rscript", ".m": "octave", ".sh": "sh", ".rb": "ruby", ".lua": "lua"}

// Interpreter returns the program that runs files with this name, or "".
func Interpreter(name string) string { return interpreters[strings.ToLower(filepath.Ext(name))] }

// noStart says why a command did not start, and what to do.
func noStart(command string, err error) string {
	info, missing := os.Stat(command)
	here := missing == nil && !info.IsDir()
	runs := Interpreter(command)
	hint := ""
	switch {
	case here && runs != "":
		hint = fmt.Sprintf(": try %s %s", runs, command)
	case here && filepath.Base(command) == command:
		hint = fmt.Sprintf(": try .%c%s", filepath.Separator, command)
	}
	switch {
	case missing == nil && info.IsDir() && filepath.Base(command) != command:
		return "a directory, and no program"
	case errors.Is(err, exec.ErrDot), errors.Is(err, exec.ErrNotFound):
		return "there is no such program in the PATH" + hint
	case errors.Is(err, fs.ErrNotExist) && here && hint == "":
		return "its interpreter, which its first line names, is not there"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such program" + hint
	case errors.Is(err, fs.ErrPermission):
		return "not executable" + hint
	case strings.Contains(err.Error(), "exec format error"):
		return "no program for this machine, and no script: its first line does not begin with #!" + hint
	}
	return err.Error()
}
