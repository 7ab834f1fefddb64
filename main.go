// Command lstm trains an LSTM on a task, shows what it has learnt, and checks every entry of
// its gradient. It judges gradients of other programs, and shows a museum of mistakes.
//
//	go run . -seed 42
//	go run . check FILE
//	go run . museum
//
// This file shows the steps of a run: settings, network, training, results, the check.
// Data flows from here to train, bptt, cell and tensor, and the gradient comes back the same
// way.
//
// If a flag or a file is wrong, the command does nothing: it prints one line that names it, and
// ends with exit status 2. The help lists the other exit statuses.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"lstm/check/given/answer"
	"lstm/check/museum"
	"lstm/train"
	"lstm/train/checkpoint"
	"lstm/train/file"
	"lstm/train/page"
	"lstm/train/proof"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/stop"
	"lstm/train/task"
)

const defaultTask = "delay"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the command. It returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	c := &command{out: &show.Output{W: stdout}, stderr: stderr}
	switch {
	case len(args) > 0 && args[0] == "museum":
		c.museum(args[1:])
	case len(args) > 0 && args[0] == "check":
		c.check(args[1:])
	default:
		c.learn(args)
	}
	c.end(true, c.out.Err) // Err is not nil if output was lost
	return c.status
}

// A command is the state of the command while it runs.
type command struct {
	out    *show.Output // results
	stderr io.Writer    // errors and progress
	said   string       // the last error that was written
	stop   *stop.Stop   // tells whether a signal asks for an early end
	status int          // the exit status so far
}

// refuse ends the command before it begins: a flag or a file is wrong, or -h asks for help.
func (c *command) refuse(err error) {
	if errors.Is(err, flag.ErrHelp) {
		settings.Help(c.out, task.All(), defaultTask)
		return
	}
	c.end(false, err)
	c.status = 2
}

// end writes err in one line, unless it is nil or was just written. It sets the exit status to 1 if err is
// not nil or fine is false.
func (c *command) end(fine bool, err error) {
	if err != nil && err.Error() != c.said {
		c.said = err.Error()
		fmt.Fprintln(c.stderr, "lstm:", show.Printable(err.Error()))
	}
	if !fine || err != nil {
		c.status = 1
	}
}

// learn trains a network, shows what it has learnt, and checks its gradient.
func (c *command) learn(args []string) {
	o, r, err := checkpoint.Start(args, defaultTask)
	if err != nil {
		c.refuse(err)
		return
	}
	if o.Runs > 0 {
		r.Introduce(c.out)
		c.end(train.Batch(c.out, c.stderr, o.Config, o.Runs))
		return
	}
	c.stop = stop.Listen(o.Save != "", c.stderr)
	r.Introduce(c.out)
	if !o.Eval {
		err := c.train(o, r)
		c.keep(o, r, err != nil)
		if err != nil {
			c.diverged(o, r, err)
			return
		}
	}
	interrupted := c.interrupted()
	r.GoBack(c.out)
	answer, fine := r.Answer(o.Eval, interrupted)
	if answer != "" {
		fmt.Fprintf(c.out, "\n%s\n", answer)
	}
	if r.Task.Tell != nil {
		r.Task.Tell(c.out, r.Model, r.Rand)
	}
	c.write("forecast", o.Forecast, func() error { return file.WriteTable(o.Forecast, r.Task.Forecast(r.Model)) })
	var p *proof.Proof
	if !interrupted {
		p = c.prove(o, r)
	}
	if p != nil && p.Cut == 0 && r.Task.Story != nil {
		fmt.Fprintln(c.out)
		show.Wrap(c.out, r.Task.Story(p.Loss, p.LossAgain))
	}
	c.write("report", o.Report, func() error { return page.WriteRun(o.Report, r, answer, p) })
	c.end(fine && (p == nil || p.Right()), nil)
	if c.stop.Now() && c.status == 0 {
		c.status = 130
	}
}

// train runs the iterations. It shows the loss, and saves the run under -save-every. An interrupt
// ends training after the current iteration.
func (c *command) train(o *settings.Options, r *train.Run) error {
	live, first := show.NewLive(c.stderr), r.Iter
	defer live.Clear()
	row := func(iter int) {
		live.Clear()
		fmt.Fprintf(c.out, "%9d  %s\n", iter, r.Row())
	}
	fmt.Fprintf(c.out, "\n%9s  %s\n", r.Task.Unit, r.Columns())
	for r.Iter < o.Steps && !r.Learnt() && !c.interrupted() {
		if _, err := r.Step(); err != nil {
			return err
		}
		if r.Due() {
			row(r.Iter - 1)
		}
		if o.SaveEvery > 0 && r.Iter%o.SaveEvery == 0 {
			if err := checkpoint.Save(r, o.Save); err != nil {
				live.Clear()
				c.end(false, fmt.Errorf("-save: %w", err))
			}
		}
		live.Progress(r.Iter-first, o.Steps-first, r.Task.Unit)
	}
	row(r.Iter)
	return r.End()
}

// interrupted reports whether a signal asks for an early end, or the reader of the output is gone.
func (c *command) interrupted() bool { return c.stop.Now() || stop.Gone(c.out.Err) }

// keep saves the run at its end, if -save is given. It comes first, before anything can go wrong.
func (c *command) keep(o *settings.Options, r *train.Run, diverged bool) {
	defer c.stop.Release()
	if o.Save == "" {
		return
	}
	name, err := checkpoint.Keep(r, o.Save, diverged)
	if err != nil {
		c.end(false, fmt.Errorf("-save: %w", err))
	}
	if name != "" {
		fmt.Fprintf(c.out, "\n-save wrote %s.\n", name)
	}
}

// diverged checks the gradient at the parameters from which training started. If the gradient is
// wrong there, the rate is not the cause.
func (c *command) diverged(o *settings.Options, r *train.Run, err error) {
	c.end(false, err)
	r.Rewind()
	if o.Check != "off" {
		fmt.Fprintf(c.out, "\nAt the parameters from which training started:\n")
	}
	p := c.prove(o, r)
	answer := show.Printable(err.Error()) + ". The page shows the network from which training started."
	c.write("report", o.Report, func() error { return page.WriteRun(o.Report, r, answer, p) })
}

// prove checks the gradient on a fresh sequence, as -check says, and writes the verdict. It
// returns nil without a check.
func (c *command) prove(o *settings.Options, r *train.Run) *proof.Proof {
	if o.Check == "off" {
		return nil
	}
	live := show.NewLive(c.stderr)
	window, stride := r.Truncation()
	p := proof.New(r.Model, r.Fresh(), window, stride)
	p.Strict = o.Check == "strict"
	done, err := p.CheckUntil(c.stop.Asked, o.Check == "fast", o.EntriesPerBlock(r.Entries()), o.Seed,
		func(done, of int) { live.Progress(done, of, "entry") })
	live.Clear()
	if c.end(true, err); err != nil || !done {
		return nil
	}
	fmt.Fprintln(c.out)
	p.Report(c.out)
	return p
}

// write writes the file that a flag names, if it names one, and reports it.
func (c *command) write(flag, name string, write func() error) {
	if name == "" {
		return
	}
	if err := write(); err != nil {
		c.end(false, fmt.Errorf("-%s: %w", flag, err))
		return
	}
	fmt.Fprintf(c.out, "\n-%s wrote %s.\n", flag, name)
}

// museum lists the mistakes, shows one of them, or tests all.
func (c *command) museum(args []string) {
	o, names, err := settings.ParseSome(args, "report")
	name := strings.Join(names, " ")
	switch {
	case err != nil:
	case !museum.Known(name):
		err = fmt.Errorf("museum %s: give the name of one exhibit, or all; go run . museum lists them", name)
	case o.Report != "" && (name == "" || name == "all"):
		err = errors.New("-report: the page shows one exhibit; give its name: museum NAME -report FILE")
	default:
		err = o.Writable()
	}
	if err != nil {
		c.refuse(err)
		return
	}
	c.end(museum.Show(c.out, name))
	c.write("report", o.Report, func() error { return page.WriteExhibit(o.Report, name) })
}

// check judges the gradient of another program.
func (c *command) check(args []string) {
	r, err := answer.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.out, answer.Usage)
		return
	}
	if err != nil {
		c.refuse(err)
		return
	}
	live := show.NewLive(c.stderr)
	r.Progress = func(done, of int) { live.Progress(done, of, "entry") }
	c.stop = stop.Listen(false, c.stderr)
	a, err := r.Answer(c.stop.Context())
	live.Clear()
	switch {
	case c.stop.Now():
		c.status = 130
	case err != nil:
		c.refuse(err)
	default:
		a.Write(c.out)
		c.status = a.Status()
	}
}
