// Command lstm trains an LSTM, verifies every entry of its gradient, and tells what it
// does. Run it with -h for its flags.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"lstm/check/scalar"
	"lstm/tensor"
	"lstm/train"
)

const usage = `An LSTM in plain Go, trained by backpropagation through time, and the proof that
its gradients are right.

Usage: go run . [flags]

What is trained
  -task NAME   %s (default: %s)
  -seed N      the random stream, that of NumPy's np.random.seed(N),
               0 to 4294967295 (default: 42)
  -hidden N    hidden units, 1 to %d (default: 5)

How
  -steps N     iterations, 0 to %d (default: 5000)
  -rate R      step down the gradient, above 0 (default: 0.01)

The proof
  -check C     how many entries of each parameter are verified: all, a number,
               or off; or fast, which moves all at once (default: all)
  -bug B       trains nothing and opens the museum of mistakes: list names them,
               a name shows one, all shows whether each is found

Exit status: 0 all is well; 1 a gradient is wrong or not proven,
training diverged, an exhibit is not as its label says, or output was lost;
2 a flag is wrong.
`

const (
	maxHidden = 4096
	maxSteps  = 1_000_000_000
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// options is what the flags say.
type options struct {
	train.Config
	steps int
	check bool
	limit int // entries of each parameter to check; 0 means all
	fast  bool
	bug   string
}

// parse reads the flags. The error is one line that names the flag and what it takes.
func parse(args []string) (options, error) {
	o := options{
		Config: train.Config{Task: train.Tasks()[0], Seed: 42, Hidden: 5, Rate: 0.01},
		steps:  5000,
		check:  true,
	}
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
	whole("hidden", 1, maxHidden, func(n uint64) { o.Hidden = int(n) })
	whole("steps", 0, maxSteps, func(n uint64) { o.steps = int(n) })

	takesTask := "it takes " + strings.Join(train.Tasks(), " or ")
	fs.Func("task", takesTask, func(s string) error {
		o.Task = s
		if !slices.Contains(train.Tasks(), s) {
			return errors.New(takesTask)
		}
		return nil
	})
	takesRate := "it takes a finite number above 0"
	fs.Func("rate", takesRate, func(s string) (err error) {
		o.Rate, err = strconv.ParseFloat(s, 64)
		if err != nil || !(o.Rate > 0) || math.IsInf(o.Rate, 0) {
			return errors.New(takesRate)
		}
		return nil
	})
	takesCheck := fmt.Sprintf("it takes all, fast, off, or a whole number from 1 to %d", math.MaxInt32)
	fs.Func("check", takesCheck, func(s string) error {
		o.check, o.fast, o.limit = s != "off", s == "fast", 0
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
		if s != "list" && s != "all" && !scalar.Known(s) {
			return errors.New(takesBug)
		}
		return nil
	})

	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return o, err
	case err != nil:
		message := strings.ReplaceAll(err.Error(), "\n", `\n`)
		if name, found := strings.CutPrefix(message, "flag needs an argument: -"); found {
			message += ": " + fs.Lookup(name).Usage
		} else if !strings.Contains(message, ": it takes ") {
			message += " (-h lists the flags)"
		}
		return o, errors.New(message)
	case fs.NArg() > 0:
		return o, fmt.Errorf("argument %q: flags are all there is (-h lists them)", fs.Arg(0))
	}
	return o, nil
}

// run is the command: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	out := &output{w: stdout}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(out, usage, strings.Join(train.Tasks(), " or "), train.Tasks()[0], maxHidden, maxSteps)
		return out.status(stderr, 0)
	}
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 2
	}
	if o.bug != "" {
		return out.status(stderr, museum(out, stderr, o.bug))
	}
	r, err := train.New(o.Config)
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 2
	}
	p := r.Params
	fmt.Fprintf(out, "An LSTM learns to %s.\n%s\n\n", r.Task.About, r.Task.Note)
	fmt.Fprintf(out, "  task      %s\n", o.Task)
	fmt.Fprintf(out, "  network   %s, %s, %s: %d parameters\n",
		count(p.X, "input"), count(p.H, "hidden unit"), count(p.O, "output"), len(p.All))
	fmt.Fprintf(out, "  training  %s of gradient descent, rate %v, seed %d\n", count(o.steps, "iteration"), o.Rate, o.Seed)
	fmt.Fprintf(out, "  kernel    %s\n", tensor.Kernel())

	live := newLive(stderr)
	fmt.Fprintf(out, "\nEach iteration runs the network forward over a crop of the wave, the gradient\n"+
		"of the loss back through time, and moves every parameter a little downhill.\n\n"+
		"iteration  loss (moving average)\n")
	err = r.Train(o.steps, func(iter int) {
		if iter%100 == 0 {
			live.clear()
			fmt.Fprintf(out, "%9d  %s\n", iter, loss(r.EMA))
		}
		live.show("iteration %d of %d", iter, o.steps)
	})
	live.clear()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		if o.check && !o.fast { // is it the rate, or the gradient?
			r.Rewind()
			if proof, err := r.Check(o.limit, nil); err == nil && proof.Wrong() {
				fmt.Fprintf(out, "\nAt the parameters that training began with:\n\n")
				proof.Report(out)
			}
		}
		return out.status(stderr, 1)
	}
	fmt.Fprintf(out, "%9d  %s  the end\n", o.steps, loss(r.EMA))

	if o.Task == "sine" {
		printForecast(out, r)
	}
	if !o.check {
		return out.status(stderr, 0)
	}
	if o.fast {
		return out.status(stderr, checkFast(out, stderr, r))
	}
	proof, err := r.Check(o.limit, func(done, total int) { live.show("verified %d of %d entries", done, total) })
	live.clear()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 1
	}
	fmt.Fprintln(out)
	if !proof.Report(out) {
		return out.status(stderr, 1)
	}
	return out.status(stderr, 0)
}

// checkFast checks along a random direction, and returns the exit status.
func checkFast(out, stderr io.Writer, r *train.Run) int {
	quick, err := r.CheckFast()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 1
	}
	fmt.Fprintln(out)
	if !train.ReportFast(out, quick) {
		return 1
	}
	return 0
}

// museum shows the mistakes of package scalar, and returns the exit status.
func museum(out, stderr io.Writer, bug string) int {
	behave, err := true, error(nil)
	switch bug {
	case "list":
		scalar.List(out)
	case "all":
		behave, err = scalar.All(out)
	default:
		behave, err = scalar.Show(out, bug)
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

// loss returns a loss with four decimals, as long as these matter.
func loss(l float64) string {
	if l > 1e6 {
		return fmt.Sprintf("%.4g", l)
	}
	return fmt.Sprintf("%.4f", l)
}

// count returns "1 input", "2 inputs".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printForecast draws the sine task's forecasts beside the wave.
func printForecast(w io.Writer, r *train.Run) {
	const warm, n = 60, 40
	f := r.Forecast(warm, n)
	fmt.Fprintf(w, "\nAfter %d samples of the wave, %d forecasts: each from the true samples before\n"+
		"it, then each from the network's own. Errors are root mean squares; repeating\n"+
		"the sample before would give %.3f.\n\n", warm, n, f.RepeatError)
	fmt.Fprintf(w, "  the wave   %s\n", spark(f.Truth))
	fmt.Fprintf(w, "  one ahead  %s  error %.3f\n", spark(f.OneStep), f.OneStepError)
	fmt.Fprintf(w, "  free run   %s  error %.3f\n", spark(f.Free), f.FreeError)
}

// spark draws numbers from −1 to 1 as a line of blocks.
func spark(x []float64) string {
	const blocks = "▁▂▃▄▅▆▇█"
	var b strings.Builder
	for _, v := range x {
		level := int(math.Round((v + 1) / 2 * 7))
		b.WriteRune([]rune(blocks)[min(max(level, 0), 7)])
	}
	return b.String()
}

// live is a line of progress on a terminal; anywhere else it writes nothing.
type live struct {
	w     io.Writer // nil if there is no terminal
	last  time.Time
	shown bool
}

func newLive(w io.Writer) *live {
	f, ok := w.(*os.File)
	if !ok {
		return &live{}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &live{}
	}
	return &live{w: w, last: time.Now()}
}

// show replaces the line, ten times a second at most.
func (l *live) show(format string, args ...any) {
	if l.w == nil || time.Since(l.last) < 100*time.Millisecond {
		return
	}
	l.last, l.shown = time.Now(), true
	fmt.Fprintf(l.w, "\r\x1b[K"+format, args...)
}

// clear takes the line away, so that others can be written.
func (l *live) clear() {
	if l.shown {
		l.shown = false
		fmt.Fprint(l.w, "\r\x1b[K")
	}
}
