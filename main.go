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
	"cmp"
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
	"lstm/train/page/exhibitpage"
	"lstm/train/page/givenpage"
	"lstm/train/page/museumpage"
	"lstm/train/page/runpage"
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
	c := &command{Exit: show.Exit{Out: &show.Output{W: stdout, Err: show.Closed(stdout)}, Errors: stderr}}
	switch {
	case len(args) > 0 && args[0] == "museum":
		c.museum(args[1:])
	case len(args) > 0 && args[0] == "check":
		c.check(args[1:])
	default:
		c.learn(args)
	}
	c.End(true, c.Out.Err) // Err is not nil if output was lost
	return c.Status
}

// A command is the state of the command while it runs.
type command struct {
	show.Exit
	stop *stop.Stop // tells whether a signal asks for an early end
}

// refuse ends the command before it begins: a flag or a file is wrong, or -h asks for help.
func (c *command) refuse(err error) {
	if errors.Is(err, flag.ErrHelp) {
		settings.Help(c.Out, task.All(), defaultTask)
		return
	}
	c.End(false, err)
	c.Status = 2
}

// learn trains a network, shows what it has learnt, and checks its gradient.
func (c *command) learn(args []string) {
	o, r, err := checkpoint.Start(args, defaultTask)
	if err != nil {
		c.refuse(err)
		return
	}
	if o.Runs > 0 {
		r.Introduce(c.Out)
		c.End(train.Batch(c.Out, c.Errors, o.Config, o.Runs))
		return
	}
	c.stop = stop.Listen(o.Save != "", c.Errors)
	r.Introduce(c.Out)
	if !o.Eval {
		err := c.train(o, r)
		c.keep(o, r, err != nil)
		if err != nil {
			c.diverged(o, r, err)
			return
		}
	}
	interrupted := c.interrupted()
	r.GoBack(c.Out)
	answer := r.Answer(o.Eval, interrupted)
	if answer.Says != "" {
		fmt.Fprintf(c.Out, "\n%s\n", answer.Says)
	}
	if r.Task.Tell != nil {
		r.Task.Tell(c.Out, r.Model)
	}
	var sample strings.Builder
	if r.Task.Sample != nil {
		r.Task.Sample(io.MultiWriter(c.Out, &sample), r.Model, r.Rand)
	}
	c.File("forecast", o.Forecast, func() error { return file.WriteTable(o.Forecast, r.Task.Forecast(r.Model)) })
	var p *proof.Proof
	if !interrupted {
		p = c.prove(o, r)
	}
	if p != nil && p.Cut == 0 && r.Task.Story != nil {
		fmt.Fprintln(c.Out)
		show.Wrap(c.Out, r.Task.Story(p.Loss, p.LossAgain))
	}
	c.File("report", o.Report, func() error { return runpage.Write(o.Report, r, answer, sample.String(), p) })
	c.End(answer.Fine && (p == nil || p.Right()), nil)
	if c.stop.Now() && c.Status == 0 {
		c.Status = 130
	}
}

// train runs the iterations. It shows the loss, and saves the run under -save-every. An interrupt
// ends training after the current iteration.
func (c *command) train(o *settings.Options, r *train.Run) error {
	live, first := show.NewLive(c.Errors), r.Iter
	defer live.Clear()
	row := func(iter int) {
		live.Clear()
		fmt.Fprintf(c.Out, "%9d  %s\n", iter, r.Row())
	}
	fmt.Fprintf(c.Out, "\n%9s  %s\n", r.Task.Unit, r.Columns())
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
				c.End(false, fmt.Errorf("-save: %w", err))
			}
		}
		live.Progress(r.Iter-first, o.Steps-first, r.Task.Unit)
	}
	row(r.Iter)
	return r.End()
}

// interrupted reports whether a signal asks for an early end, or the reader of the output is gone.
func (c *command) interrupted() bool { return c.stop.Now() || stop.Gone(c.Out.Err) }

// keep saves the run at its end, if -save is given. It comes first, before anything can go wrong.
func (c *command) keep(o *settings.Options, r *train.Run, diverged bool) {
	defer c.stop.Release()
	if o.Save == "" {
		return
	}
	name, err := checkpoint.Keep(r, o.Save, diverged)
	if err != nil {
		c.End(false, fmt.Errorf("-save: %w", err))
	}
	if name != "" {
		fmt.Fprintf(c.Out, "\n-save wrote %s.\n", name)
	}
}

// diverged checks the gradient at the parameters from which training started. If the gradient is
// wrong there, the rate is not the cause.
func (c *command) diverged(o *settings.Options, r *train.Run, err error) {
	c.End(false, err)
	r.Rewind()
	if o.Check != "off" {
		fmt.Fprintf(c.Out, "\nAt the parameters from which training started:\n")
	}
	p := c.prove(o, r)
	answer := train.Answer{Diverged: true, Says: show.Printable(err.Error())}
	c.File("report", o.Report, func() error { return runpage.Write(o.Report, r, answer, "", p) })
}

// prove checks the gradient on a fresh sequence, as -check says, and writes the verdict. It
// returns nil without a check.
func (c *command) prove(o *settings.Options, r *train.Run) *proof.Proof {
	if o.Check == "off" {
		return nil
	}
	live := show.NewLive(c.Errors)
	window, stride := r.Truncation()
	p := proof.New(r.Model, r.Fresh(), window, stride)
	p.Strict = o.Check == "strict"
	p.Searching = func(done, of int) { live.Progress(done, of, "percent") }
	done, err := p.CheckUntil(c.stop.Asked, o.Check == "fast", o.EntriesPerBlock(r.Entries()), o.Seed,
		func(done, of int) { live.Progress(done, of, "entry") })
	live.Clear()
	if c.End(true, err); err != nil || !done {
		return nil
	}
	fmt.Fprintln(c.Out)
	p.Report(c.Out)
	return p
}

// museum lists the mistakes, shows one of them, or tests all.
func (c *command) museum(args []string) {
	name, report, err := museum.Parse(args)
	if err := cmp.Or(err, file.Reportable(report, "")); err != nil {
		c.refuse(err)
		return
	}
	c.End(museum.Show(c.Out, name))
	c.File("report", report, func() error {
		if name == "" || name == "all" {
			return museumpage.Write(report)
		}
		return exhibitpage.Write(report, name)
	})
}

// check judges the gradient of another program.
func (c *command) check(args []string) {
	r, err := answer.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.Out, answer.Usage)
		return
	}
	if err := cmp.Or(err, file.Reportable(r.Report, r.File)); err != nil {
		c.refuse(err)
		return
	}
	live := show.NewLive(c.Errors)
	r.Progress = func(unit string, done, of int) { live.Progress(done, of, unit) }
	c.stop = stop.Listen(false, c.Errors)
	a, err := r.Answer(c.stop.Context())
	live.Clear()
	switch {
	case c.stop.Now():
		c.Status = 130
	case err != nil:
		c.refuse(err)
	default:
		a.Write(c.Out)
		c.Status = a.Status()
		c.File("report", r.Report, func() error { return givenpage.Write(r.Report, r.Name(), a) })
		if stop.Gone(c.Out.Err) { // head has read enough
			c.Status, c.Out.Err = 1, nil
		}
	}
}
