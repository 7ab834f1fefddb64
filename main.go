// Command lstm trains an LSTM on a task, tells what it does, and verifies every entry of its
// gradient; -h lists the tasks and the flags.
//
//	go run . -seed 42
//
// A run is train.New, or with -load what train.ReadCheckpoint has read; then Train, with a row of
// how it goes now and then; what the task has to tell; and Check, whose report ends in a verdict.
// -runs does the first part with many seeds, -eval leaves out the training, -save keeps the run, and
// -report draws it (package train/page). -bug trains nothing, and shows the mistakes of package
// check/museum.
//
// Here is only what a command adds: flags, the order of things, interrupts, progress, files. Data
// goes from here to train, bptt, cell and tensor, and comes back the same way.
//
// Whatever is wrong with a flag or a file ends in one line that names it, and in status 2, before
// anything is done; what is wrong with the run itself, in status 1.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"lstm/check"
	mistakes "lstm/check/museum"
	"lstm/train"
	"lstm/train/file"
	"lstm/train/page"
)

const usage = `An LSTM in plain Go, trained by backpropagation through time, and the proof that
its gradients are right.

Usage: go run . [flags]

What is trained
  -task NAME         what is to be learnt, of those below (default: %s)
  -seed N            the random stream, that of NumPy's np.random.seed(N),
                     0 to 4294967295 (default: 42)
  -hidden N          hidden units, 1 to %d
  -length N          steps of a sequence, %d to %d (adding)
  -data FILE         a text in UTF-8 (text), or a table of numbers (series)
  -column NAME       which column, by its name or number (series)
  -fill HOW          values that are missing are filled: linear, previous (series)
  -diff              learns differences, for a series with a trend (series)
  -horizon N         steps to forecast running free (series)
  -forecast FILE     a table of what is forecast, of the part that is held out and,
                     running free, beyond the end (series)
  -temperature R     at which a text is drawn, above 0: the lower, the likelier (text)

How
  -steps N           iterations at most, 0 to %d
  -optimizer NAME    %s
  -rate R            step down the gradient, above 0
  -halve N           iterations in which the rate halves, 0 for never
  -clip R            the gradient's norm is cut down to this, 0 for never
  -forget-bias R     added to the biases of the forget gates at first
  -input-bias R      added to the biases of the input gates at first
  -window N          steps that the gradient goes back through, 1 to %d,
                     or all of a sequence
  -stride N          steps from one window to the next, at most the window
                     (default: the window)

Files
  -save FILE         where the run is kept when it ends: weights as PyTorch reads them,
                     and all else that it takes to go on
  -save-every N      and after every so many iterations, 1 to %d
  -load FILE         a run to go on with, or weights that PyTorch wrote
  -eval              trains nothing: what was loaded is tested, and shown
  -report FILE       a page of pictures: of the run, or with -bug of a mistake

The proof
  -check C           how many entries of each block, Wi, Wf and so on, are verified:
                     all, a number, or off; or fast, which moves all at once
                     (default: all, or %d where there are more than %d in total)
  -runs N            runs with N seeds from -seed on, over all cores, and a summary;
                     no check
  -bug B             trains nothing and opens the museum of mistakes: list names them,
                     a name shows one, all shows whether each is found

Tasks, and what they are trained with unless a flag says otherwise
`

const usageEnd = `
Exit status: 0 all is well; 1 a gradient is wrong or not proven, a task is not learnt,
training diverged, an exhibit is not as its label says, or output was lost;
2 a flag or a file is wrong; 130 interrupted, after writing what -save and -report ask for.
`

const (
	maxRuns = 1_000_000

	// Above so many entries, so many of each block are checked unless a flag says more.
	manyEntries = 5000
	fewEntries  = 50

	defaultTask = "delay"
)

// help writes what -h shows.
func help(w io.Writer) {
	fmt.Fprintf(w, usage, defaultTask, train.MaxHidden, train.MinLength, train.MaxLength, train.MaxSteps, strings.Join(train.Optimizers, ", "),
		train.MaxWindow, train.MaxSteps, fewEntries, manyEntries)
	for _, task := range train.Tasks() {
		fmt.Fprintf(w, "  %-7s %s\n", task, train.About(task))
		const indent = "         "
		line := indent
		for _, f := range flags(train.Defaults(task)) {
			if len(line)+1+len(f) > 80 {
				fmt.Fprintln(w, line)
				line = indent
			}
			line += " " + f
		}
		fmt.Fprintln(w, line)
	}
	fmt.Fprint(w, usageEnd)
}

// flags returns the flags that give a configuration.
func flags(c train.Config) (set []string) {
	add := func(name string, value any, zero bool) {
		if !zero {
			set = append(set, fmt.Sprintf("-%s %v", name, value))
		}
	}
	add("hidden", c.Hidden, false)
	add("length", c.Length, c.Length == 0)
	add("data", c.Data, c.Data == "")
	add("horizon", c.Horizon, c.Horizon == 0)
	add("temperature", c.Temperature, c.Temperature == 0)
	add("steps", c.Steps, false)
	add("optimizer", c.Optimizer, false)
	add("rate", c.Rate, false)
	add("halve", c.Halve, c.Halve == 0)
	add("clip", c.Clip, c.Clip == 0)
	add("forget-bias", c.ForgetBias, c.ForgetBias == 0)
	add("input-bias", c.InputBias, c.InputBias == 0)
	add("window", c.Window, c.Window == 0)
	add("stride", c.Stride, c.Stride == 0)
	return set
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// options is what the flags say.
type options struct {
	train.Config
	runs  int // 0: one, with all that there is to tell
	check string
	limit int // entries of each block to check, if check is a number
	bug   string

	save     string
	every    int // iterations from one save to the next; 0: at the end
	forecast string
	report   string

	loadName string
	load     *train.Checkpoint
	eval     bool
}

// parse reads the flags, on top of what the task is trained with by default, or of what the
// file has that is to be loaded. The error is one line that names the flag and what it takes.
func parse(args []string) (options, error) {
	o, err := parseOnto(train.Config{}, args)
	if err != nil {
		return o, err
	}
	var k *train.Checkpoint
	task := cmp.Or(o.Task, defaultTask)
	base := train.Defaults(task)
	base.Seed = 42
	if o.loadName != "" {
		if k, err = train.ReadCheckpoint(o.loadName); err != nil {
			return o, fmt.Errorf("-load: %s", oneLine(err))
		}
		if k.Weights {
			base.Hidden = k.Config.Hidden
		} else {
			base = k.Config
		}
	}
	if o, err = parseOnto(base, args); err != nil {
		return o, err
	}
	o.load = k
	switch {
	case o.eval && k == nil:
		return o, errors.New("-eval: it takes a -load of what is to be tested")
	case o.every > 0 && o.save == "":
		return o, errors.New("-save-every: it takes a -save of where to")
	case o.eval && o.save != "":
		return o, errors.New("-save: with -eval nothing is trained, and nothing to be saved")
	case o.runs > 0 && (k != nil || o.save != "" || o.forecast != "" || o.report != ""):
		return o, errors.New("-runs: it neither loads nor saves, forecasts or reports")
	case o.report != "" && (o.bug == "list" || o.bug == "all"):
		return o, errors.New("-report: it takes one exhibit of -bug")
	}
	if err := o.apart(); err != nil {
		return o, err
	}
	switch {
	case k == nil:
		return o, nil
	}
	for _, f := range []struct {
		name      string
		file, now any
	}{
		{"hidden", base.Hidden, o.Hidden}, {"task", base.Task, o.Task}, {"seed", base.Seed, o.Seed},
		{"optimizer", base.Optimizer, o.Optimizer}, {"length", base.Length, o.Length},
		{"window", base.Window, o.Window}, {"stride", base.Stride, o.Stride},
		{"forget-bias", base.ForgetBias, o.ForgetBias}, {"input-bias", base.InputBias, o.InputBias},
		{"diff", base.Diff, o.Diff},
	} {
		if f.file != f.now && (!k.Weights || f.name == "hidden") {
			return o, fmt.Errorf("-%s %v: what is loaded has %v", f.name, f.now, f.file)
		}
	}
	return o, nil
}

// apart returns an error if a file that is to be written would take the place of another that is
// read or written.
func (o *options) apart() error {
	type named struct{ flag, file string }
	written := []named{{"save", o.save}, {"forecast", o.forecast}, {"report", o.report}}
	for i, w := range written {
		others := append([]named{{"data", o.Data}, {"load", o.loadName}}, written[:i]...)
		for _, f := range others {
			goesOn := w.flag == "save" && f.flag == "load"
			if w.file != "" && f.file != "" && !goesOn && file.Same(w.file, f.file) {
				return fmt.Errorf("-%s %s: it is the file of -%s, and would take its place", w.flag, printable(w.file), f.flag)
			}
		}
	}
	return nil
}

// parseOnto reads the flags on top of a configuration.
func parseOnto(base train.Config, args []string) (options, error) {
	o := options{Config: base}
	fs := flag.NewFlagSet("lstm", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	whole := func(name string, low, high uint64, set func(n uint64)) {
		takes := fmt.Sprintf("it takes a whole number from %d to %d", low, high)
		fs.Func(name, takes, func(s string) error {
			n, err := strconv.ParseUint(s, 10, 64)
			if err != nil || n < low || n > high {
				return errors.New(takes)
			}
			set(n)
			return nil
		})
	}
	whole("seed", 0, math.MaxUint32, func(n uint64) { o.Seed = uint32(n) })
	for _, f := range []struct {
		name      string
		low, high uint64
		to        *int
	}{
		{"hidden", 1, train.MaxHidden, &o.Hidden},
		{"length", train.MinLength, train.MaxLength, &o.Length},
		{"horizon", 1, train.MaxLength, &o.Horizon},
		{"steps", 0, train.MaxSteps, &o.Steps},
		{"halve", 0, train.MaxSteps, &o.Halve},
		{"window", 1, train.MaxWindow, &o.Window},
		{"stride", 1, train.MaxWindow, &o.Stride},
		{"runs", 1, maxRuns, &o.runs},
		{"save-every", 1, train.MaxSteps, &o.every},
	} {
		whole(f.name, f.low, f.high, func(n uint64) { *f.to = int(n) })
	}
	for _, f := range []struct {
		name, takes string
		fits        func(x float64) bool
		to          *float64
	}{
		{"rate", "a finite number above 0", func(x float64) bool { return x > 0 }, &o.Rate},
		{"temperature", "a finite number above 0", func(x float64) bool { return x > 0 }, &o.Temperature},
		{"clip", "a finite number, 0 or above", func(x float64) bool { return x >= 0 }, &o.Clip},
		{"forget-bias", "a finite number", func(x float64) bool { return true }, &o.ForgetBias},
		{"input-bias", "a finite number", func(x float64) bool { return true }, &o.InputBias},
	} {
		takes := "it takes " + f.takes
		fs.Func(f.name, takes, func(s string) error {
			x, err := strconv.ParseFloat(s, 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || !f.fits(x) {
				return errors.New(takes)
			}
			*f.to = x
			return nil
		})
	}
	for _, f := range []struct {
		name  string
		names []string
		to    *string
	}{
		{"task", train.Tasks(), &o.Task},
		{"optimizer", train.Optimizers, &o.Optimizer},
		{"fill", []string{"linear", "previous"}, &o.Fill},
	} {
		last := len(f.names) - 1
		takes := "it takes " + strings.Join(f.names[:last], ", ") + " or " + f.names[last]
		fs.Func(f.name, takes, func(s string) error {
			if !slices.Contains(f.names, s) {
				return errors.New(takes)
			}
			*f.to = s
			return nil
		})
	}
	for _, f := range []struct {
		name string
		to   *string
	}{{"data", &o.Data}, {"save", &o.save}, {"load", &o.loadName}, {"forecast", &o.forecast}, {"report", &o.report}, {"column", &o.Column}} {
		takes := "it takes the name of a file"
		if f.name == "column" {
			takes = "it takes a name or a number"
		}
		fs.Func(f.name, takes, func(s string) error {
			if s == "" {
				return errors.New(takes)
			}
			*f.to = s
			return nil
		})
	}
	fs.BoolVar(&o.eval, "eval", false, "")
	fs.BoolVar(&o.Diff, "diff", o.Diff, "")
	takesCheck := fmt.Sprintf("it takes all, fast, off, or a whole number from 1 to %d", math.MaxInt32)
	fs.Func("check", takesCheck, func(s string) error {
		o.check = s
		if s == "off" || s == "all" || s == "fast" {
			return nil
		}
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n < 1 {
			return errors.New(takesCheck)
		}
		o.limit = int(n)
		return nil
	})

	takesBug := "it takes list, all, or the name of an exhibit (-bug list names them)"
	fs.Func("bug", takesBug, func(s string) error {
		o.bug = s
		if s != "list" && s != "all" && !mistakes.Known(s) {
			return errors.New(takesBug)
		}
		return nil
	})

	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return o, err
	case err != nil:
		message := oneLine(err)
		if name, found := strings.CutPrefix(message, "flag needs an argument: -"); found {
			message += ": " + fs.Lookup(name).Usage
		} else if !strings.Contains(message, ": it takes ") {
			message += " (-h lists the flags)"
		}
		return o, errors.New(message)
	case o.runs > 0 && uint64(o.Seed)+uint64(o.runs)-1 > math.MaxUint32:
		return o, fmt.Errorf("-runs %d: from seed %d on there are not so many", o.runs, o.Seed)
	case o.runs > 0 && o.check != "":
		return o, errors.New("-check: with -runs nothing is checked")
	case fs.NArg() > 0:
		return o, fmt.Errorf("argument %q: flags are all there is (-h lists them)", fs.Arg(0))
	}
	return o, nil
}

// oneLine returns an error's message, in which a name may have anything, in one line.
func oneLine(err error) string { return printable(err.Error()) }

// printable writes out what a terminal would take for a command.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return '\ufffd'
		}
		return c
	}, s)
}

// run is the command: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	out := &output{w: stdout}
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(out)
		return out.status(stderr, 0)
	case err != nil:
		fmt.Fprintln(stderr, "lstm:", err)
		return 2
	case o.bug != "":
		return out.status(stderr, museum(out, stderr, o.bug, o.report))
	}
	var r *train.Run
	if o.load != nil {
		r, err = o.load.Resume(o.Config)
	} else {
		r, err = train.New(o.Config)
	}
	if err == nil && o.forecast != "" && r.Task.Forecast == nil {
		err = fmt.Errorf("task %s has no use for -forecast", o.Task)
	}
	for _, f := range [][2]string{{"save", o.save}, {"forecast", o.forecast}, {"report", o.report}} {
		if err == nil && f[1] != "" {
			if err = file.Writable(f[1]); err != nil {
				err = fmt.Errorf("-%s: %w", f[0], err)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", oneLine(err))
		return 2
	}
	tell(out, r)
	if o.runs > 0 {
		return out.status(stderr, repeat(out, stderr, o, r.Task))
	}
	return out.status(stderr, once(out, stderr, o, r))
}

// tell writes what is about to be done.
func tell(w io.Writer, r *train.Run) {
	fmt.Fprintf(w, "An LSTM learns to %s.\n", train.About(r.Config.Task))
	train.Wrap(w, printable(strings.Join(strings.Fields(r.Task.Note), " ")))
	fmt.Fprintln(w)
	for _, f := range r.Facts() {
		fmt.Fprintf(w, "  %-8s  %s\n", f[0], f[1])
	}
}

// once trains, tells how it went, and verifies the gradient. It returns the exit status.
func once(out, stderr io.Writer, o options, r *train.Run) int {
	live := newLive(stderr)
	limit := o.limit
	if o.check == "" && r.Entries() > manyEntries {
		limit = fewEntries
	}
	unit := r.Task.Unit
	saved := func() bool {
		if o.save == "" {
			return true
		}
		if err := r.Save(o.save); err != nil {
			live.clear()
			fmt.Fprintf(stderr, "lstm: -save: %s\n", oneLine(err))
			return false
		}
		return true
	}
	code, interrupted := 0, false
	if o.eval && r.Other {
		fmt.Fprintf(out, "\nThe network was trained on other data.\n")
	}
	if !o.eval {
		if r.Iter > 0 {
			other := ""
			if r.Other {
				other = ", with other data than before"
			}
			fmt.Fprintf(out, "\nGoing on after %s%s.\n", train.Count(r.Iter, unit), other)
		}
		var err error
		if interrupted, err = fit(out, live, o, r, saved); err != nil {
			fmt.Fprintln(stderr, "lstm:", err)
			r.Rewind()
			var proof *train.Proof
			if o.check != "off" && o.check != "fast" { // is it the rate, or the gradient?
				if p, err := r.Check(limit, nil); err == nil {
					proof = p
				}
			}
			if proof != nil && proof.Wrong() {
				fmt.Fprintf(out, "\nAt the parameters that training began with:\n\n")
				proof.Report(out)
			}
			if o.report != "" {
				html, failed := page.Run(r, oneLine(err)+". What is shown is the network that training began with.", proof, nil)
				writePage(out, stderr, o.report, html, failed)
			}
			return 1
		}
		if !saved() {
			code = 1
		} else if o.save != "" {
			fmt.Fprintf(out, "\nSaved in %s.\n", printable(o.save))
		}
		if interrupted {
			fmt.Fprintf(out, "\nInterrupted after %s.\n", train.Count(r.Iter, unit))
		}
	}
	if best := r.KeepBest(); best < r.Iter {
		fmt.Fprintf(out, "\nValidated best after %s: the network is taken back to that.\n", train.Count(best, unit))
	}
	came := "" // of it, in a line
	switch c := r.Task.Criterion; {
	case c != nil && !o.eval && !r.Learnt():
		came = "not learnt after " + train.Count(r.Iter, unit)
		if !interrupted {
			code = 1
		}
	case c != nil:
		if !o.eval {
			came = fmt.Sprintf("learnt after %s; ", train.Count(r.Iter, unit))
		}
		wrong, off := r.Test()
		came += fmt.Sprintf("of %d fresh ones it gets %d wrong, and is off by %.4f in the mean", c.Fresh, wrong, off)
	case o.eval && r.Task.Tell == nil:
		const n = 100
		came = fmt.Sprintf("over %d fresh sequences the loss is %.4f in the mean", n, r.MeanLoss(n))
	}
	if came != "" {
		fmt.Fprintf(out, "\n%s\n", came)
	}
	if r.Task.Tell != nil {
		r.Task.Tell(out, r)
	}
	if o.forecast != "" {
		if err := writeForecast(o.forecast, r); err != nil {
			fmt.Fprintf(stderr, "lstm: -forecast: %s\n", oneLine(err))
			code = 1
		} else {
			fmt.Fprintf(out, "\nThe forecast is in %s.\n", printable(o.forecast))
		}
	}
	var proof *train.Proof
	var quick *check.Quick
	switch {
	case interrupted || o.check == "off":
	case o.check == "fast":
		var failed int
		quick, failed = checkFast(out, stderr, r)
		code = max(code, failed)
	default:
		begun := time.Now()
		var err error
		proof, err = r.Check(limit, func(done, total int) {
			live.show(func() string { return progress(done, total, "entry", time.Since(begun)) })
		})
		live.clear()
		if err != nil {
			fmt.Fprintln(stderr, "lstm:", err)
			return 1
		}
		fmt.Fprintln(out)
		if !proof.Report(out) {
			code = 1
		}
	}
	if o.report != "" {
		if interrupted {
			came = strings.TrimSuffix(fmt.Sprintf("interrupted after %s; %s", train.Count(r.Iter, unit), came), "; ")
		}
		html, err := page.Run(r, came, proof, quick)
		code = max(code, writePage(out, stderr, o.report, html, err))
	}
	if interrupted && code == 0 {
		return 130
	}
	return code
}

// writePage writes a page, and returns the exit status.
func writePage(out, stderr io.Writer, name string, html []byte, err error) int {
	if err == nil {
		err = file.Write(name, html)
	}
	if err != nil {
		fmt.Fprintf(stderr, "lstm: -report: %s\n", oneLine(err))
		return 1
	}
	fmt.Fprintf(out, "\nThe report is in %s.\n", printable(name))
	return 0
}

// writeForecast writes what a task forecasts as a table.
func writeForecast(name string, r *train.Run) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(r.Task.Forecast(r)); err != nil {
		return err
	}
	return file.Write(name, b.Bytes())
}

// fit trains, tells how it goes, and saves now and then. An interrupt, or a request to end,
// ends it after the iteration that it is in; a second one ends the program.
func fit(out io.Writer, live *live, o options, r *train.Run, save func() bool) (interrupted bool, err error) {
	const width = len("iteration")
	unit := r.Task.Unit
	fmt.Fprintf(out, "\nEach iteration runs the network forward over %s, the gradient\n"+
		"of the loss back through time, and moves every parameter a little downhill.\n\n"+
		"%*s  %s\n", r.Task.Over, width, unit, r.Columns())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second one ends the program, wherever it is
	begun, first, every := time.Now(), r.Iter, 100
	for 50*every <= r.Iter {
		every *= 10
	}
	err = r.Train(o.Steps-r.Iter, func() {
		if done := r.Iter - 1; done%every == 0 { // how it was before the parameters moved
			live.clear()
			fmt.Fprintf(out, "%*d  %s\n", width, done, r.Row())
			if done == 50*every {
				every *= 10
			}
		}
		if o.every > 0 && r.Iter%o.every == 0 {
			save()
		}
		live.show(func() string {
			return progress(r.Iter-first, o.Steps-first, unit, time.Since(begun))
		})
		if ctx.Err() != nil {
			interrupted = true
			r.Stop()
		}
	})
	live.clear()
	if err == nil {
		fmt.Fprintf(out, "%*d  %s  the end\n", width, r.Iter, r.Row())
	}
	return interrupted, err
}

// progress returns how far work has come, how fast it goes, and what is left.
func progress(done, of int, unit string, took time.Duration) string {
	rate := float64(done) / took.Seconds()
	left := time.Duration(float64(of-done) / rate * float64(time.Second))
	return fmt.Sprintf("%s %d of %d, %.0f a second, %v left at most", unit, done, of, rate, left.Round(time.Second))
}

// checkFast checks along a random direction, and returns what was found, and the exit status.
func checkFast(out, stderr io.Writer, r *train.Run) (*check.Quick, int) {
	quick, err := r.CheckFast()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return nil, 1
	}
	fmt.Fprintln(out)
	if !train.ReportFast(out, quick) {
		return quick, 1
	}
	return quick, 0
}

// museum shows the mistakes of package scalar, writes a page of one if there is to be a report, and
// returns the exit status.
func museum(out, stderr io.Writer, bug, report string) int {
	behave, err := true, error(nil)
	switch bug {
	case "list":
		mistakes.List(out)
	case "all":
		behave, err = mistakes.All(out)
	default:
		behave, err = mistakes.Show(out, bug)
	}
	if err == nil && report != "" {
		html, err := page.Exhibit(bug)
		if code := writePage(out, stderr, report, html, err); code > 0 {
			return code
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 1
	}
	if !behave {
		fmt.Fprintln(stderr, "lstm: an exhibit does not behave as its label says")
		return 1
	}
	return 0
}

// output passes on what is written to it, and keeps the first error.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// status returns the exit status, which is not 0 if part of the output was lost.
func (o *output) status(stderr io.Writer, code int) int {
	if o.err != nil {
		fmt.Fprintln(stderr, "lstm:", o.err)
		return 1
	}
	return code
}

// repeat runs many seeds, and returns the exit status.
func repeat(out, stderr io.Writer, o options, task *train.Task) int {
	live := newLive(stderr)
	begun := time.Now()
	fmt.Fprintf(out, "\n      seed  %s\n", task.OutcomeColumns())
	outcomes, err := train.Repeat(o.Config, o.runs, func(done, iterations int) {
		live.show(func() string {
			took := time.Since(begun)
			s := fmt.Sprintf("%d of %d runs, %.0f iterations a second", done, o.runs, float64(iterations)/took.Seconds())
			if done > 0 {
				left := took / time.Duration(done) * time.Duration(o.runs-done)
				s += fmt.Sprintf(", about %v left", left.Round(time.Second))
			} else if iterations > 0 {
				left := took.Seconds() / float64(iterations) * float64(o.runs*o.Steps-iterations)
				s += fmt.Sprintf(", %v left at most", time.Duration(left*float64(time.Second)).Round(time.Second))
			}
			return s
		})
	}, func(x train.Outcome) {
		live.clear()
		fmt.Fprintf(out, "%10d  %s\n", x.Seed, x)
	})
	live.clear()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", oneLine(err))
		return 2
	}
	fmt.Fprintf(out, "\n")
	if !train.Summary(out, outcomes) {
		return 1
	}
	return 0
}

// live shows how far long work has come: on a terminal as a line that replaces itself, ten
// times a second, and anywhere else as a line every half minute.
type live struct {
	w        io.Writer
	terminal bool
	last     time.Time
	shown    bool
}

func newLive(w io.Writer) *live {
	l := &live{w: w, last: time.Now()}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		l.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return l
}

// show shows what line returns, if it is time.
func (l *live) show(line func() string) {
	pause := 30 * time.Second
	if l.terminal {
		pause = 100 * time.Millisecond
	}
	now := time.Now()
	if now.Sub(l.last) < pause {
		return
	}
	l.last = now
	if l.terminal {
		l.shown = true
		fmt.Fprintf(l.w, "\r\x1b[K\x1b[?7l%s\x1b[?7h", line()) // cut off, not wrapped, where the terminal ends
	} else {
		fmt.Fprintln(l.w, line())
	}
}

// clear takes the line away, so that others can be written.
func (l *live) clear() {
	if l.shown {
		l.shown = false
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}
