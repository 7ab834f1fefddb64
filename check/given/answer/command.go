package answer

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Usage is the help of the command check.
const Usage = `Is this gradient right?

  go run . check [flags] FILE              numbers that a program has written
  go run . check [flags] -- COMMAND ARG…   the loss of a program that runs

FILE is JSON, NumPy's .npz or .safetensors. check/given/glue has what a program
needs, in twelve languages; check/README.md explains both ways.

  -patience N     wait N seconds for an answer of the program (default: 60)
  -report FILE    write a page about the answer

Exit status
  0    the gradient is right
  1    it is wrong or not proven
  2    there is no verdict, or the input cannot be used
  130  interrupted
`

// A Request is a gradient to judge: a file, or a command.
type Request struct {
	File    string   // the file, or ""
	Command []string // the command and its arguments, or nil
	Report  string   // the file for a page; "" for none
	Options
}

// Parse reads the arguments of the command check. For -h the error is flag.ErrHelp.
func Parse(args []string) (r Request, err error) {
	if at := slices.Index(args, "--"); at >= 0 {
		args, r.Command = args[:at], args[at+1:]
		if len(r.Command) == 0 {
			return r, errors.New("check --: a command must follow")
		}
	}
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&r.Report, "report", "", "")
	fs.Func("patience", "", func(s string) error {
		seconds, err := strconv.ParseFloat(s, 64)
		if err != nil || !(seconds > 0 && seconds <= 1e6) {
			return errors.New("must be a number of seconds above 0")
		}
		r.Patience = time.Duration(seconds * float64(time.Second))
		return nil
	})
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return r, err
		}
		args = fs.Args()
		switch {
		case len(args) == 0:
		case r.File != "" || r.Command != nil:
			return r, fmt.Errorf("check %s: give one file, or -- and a command", args[0])
		default:
			r.File, args = args[0], args[1:]
		}
	}
	if r.File == "" && r.Command == nil {
		return r, errors.New("check: give a file, or -- and a command; check -h explains both")
	}
	return r, nil
}

// Name returns the name of the file, or the command.
func (r Request) Name() string {
	if r.File != "" {
		return filepath.Base(r.File)
	}
	return strings.Join(r.Command, " ")
}

// Answer judges the gradient. The end of ctx ends the work.
func (r Request) Answer(ctx context.Context) (*Answer, error) {
	if r.File == "" {
		return Process(ctx, r.Command, r.Options)
	}
	type answer struct {
		*Answer
		error
	}
	done := make(chan answer, 1)
	go func() {
		a, err := file(r.File, r.Options)
		done <- answer{a, err}
	}()
	select {
	case a := <-done:
		return a.Answer, a.error
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: interrupted: %w", r.File, context.Cause(ctx))
	}
}
