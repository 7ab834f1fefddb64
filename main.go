// Command lstm trains an LSTM, verifies every gradient that it was trained by, and
// tells what it does. Run it with -h for its flags.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"lstm/check"
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
               or off (default: all)

Exit status: 0 all is well; 1 a gradient is wrong, or training diverged; 2 a flag is.
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
	whole := func(s string, low, high uint64) (uint64, error) {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil || n < low || n > high {
			return 0, fmt.Errorf("it takes a whole number from %d to %d", low, high)
		}
		return n, nil
	}
	fs.Func("task", "", func(s string) error {
		for _, name := range train.Tasks() {
			if s == name {
				o.Task = s
				return nil
			}
		}
		return fmt.Errorf("it takes %s", strings.Join(train.Tasks(), " or "))
	})
	fs.Func("seed", "", func(s string) error {
		n, err := whole(s, 0, math.MaxUint32)
		o.Seed = uint32(n)
		return err
	})
	fs.Func("hidden", "", func(s string) error {
		n, err := whole(s, 1, maxHidden)
		o.Hidden = int(n)
		return err
	})
	fs.Func("steps", "", func(s string) error {
		n, err := whole(s, 0, maxSteps)
		o.steps = int(n)
		return err
	})
	fs.Func("rate", "", func(s string) error {
		r, err := strconv.ParseFloat(s, 64)
		if err != nil || !(r > 0) || math.IsInf(r, 0) {
			return errors.New("it takes a finite number above 0")
		}
		o.Rate = r
		return nil
	})
	fs.Func("check", "", func(s string) error {
		o.check, o.limit = s != "off", 0
		if s == "off" || s == "all" {
			return nil
		}
		n, err := whole(s, 1, math.MaxInt32)
		if err != nil {
			return errors.New("it takes all, off, or a whole number above 0")
		}
		o.limit = int(n)
		return nil
	})
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) || strings.HasPrefix(err.Error(), "invalid value") {
			return o, err
		}
		return o, fmt.Errorf("%w (-h lists the flags)", err)
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("argument %q: flags are all there is (-h lists them)", fs.Arg(0))
	}
	return o, nil
}

// run is the command: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stdout, usage, strings.Join(train.Tasks(), " or "), train.Tasks()[0], maxHidden, maxSteps)
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 2
	}
	r, err := train.New(o.Config)
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 2
	}
	p := r.Params
	fmt.Fprintf(stdout, "An LSTM learns to %s.\n%s\n\n", r.Task.About, r.Task.Note)
	fmt.Fprintf(stdout, "  task      %s\n", o.Task)
	fmt.Fprintf(stdout, "  network   %s, %s, %s: %d parameters\n",
		count(p.X, "input"), count(p.H, "hidden unit"), count(p.O, "output"), len(p.All))
	fmt.Fprintf(stdout, "  training  %s of gradient descent, rate %v, seed %d\n", count(o.steps, "iteration"), o.Rate, o.Seed)
	fmt.Fprintf(stdout, "  kernel    %s\n", tensor.Kernel())

	live := newLive(stderr)
	fmt.Fprintf(stdout, "\nEach iteration runs the network forward over a crop of the wave, the gradient\n"+
		"of the loss back through time, and moves every parameter a little downhill.\n\n"+
		"iteration  loss (moving average)\n")
	err = r.Train(o.steps, func(iter int) {
		if iter%100 == 0 {
			live.clear()
			fmt.Fprintf(stdout, "%9d  %.4f\n", iter, r.EMA)
		}
		live.show("iteration %d of %d", iter, o.steps)
	})
	live.clear()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%9d  %.4f  the end\n", o.steps, r.EMA)

	if o.Task == "sine" {
		printForecast(stdout, r)
	}
	if !o.check {
		return 0
	}
	return prove(r, o, stdout, live, stderr)
}

// count returns "1 input", "2 inputs".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// prove verifies the gradient and prints what comes of it.
func prove(r *train.Run, o options, stdout io.Writer, live *live, stderr io.Writer) int {
	p, err := r.Check(o.limit, func(done, total int) { live.show("verified %d of %d entries", done, total) })
	live.clear()
	if err != nil {
		fmt.Fprintln(stderr, "lstm:", err)
		return 1
	}
	fmt.Fprintf(stdout, "\nIs the gradient right? On a fresh crop of %s, where the loss is %.4f,\n"+
		"every entry is moved up and down a little, and the slope that the loss shows is\n"+
		"held against the gradient that came back through time. Errors are relative to\n"+
		"the entry.\n\n", count(p.T, "step"), p.Loss)
	fmt.Fprintf(stdout, "parameter  entries  worst error  ± error bar  where\n")
	var entries, wrong int
	for _, res := range p.Results {
		w := res.Worst()
		fmt.Fprintf(stdout, "%-9s  %7d  %11.1e  %11.1e  %s\n", res.Name, len(res.Entries), w.Error(), w.RelativeBar(), w.Name)
		entries += len(res.Entries)
		wrong += len(res.Wrong())
	}
	fmt.Fprintf(stdout, "\nEach of those losses started from the same state, zero. Started from the state\n"+
		"that the crop ended in, the loss is %.4f: another function, with other slopes.\n"+
		"The script that this began with measured those, and its gradients never matched.\n\n", p.LossAgain)
	if wrong > 0 {
		fmt.Fprintf(stdout, "grads are wrong: %d of %d entries differ by more than %.0e\n", wrong, entries, check.Tolerance)
		for _, res := range p.Results {
			if bad := res.Wrong(); len(bad) > 0 {
				e := bad[0]
				fmt.Fprintf(stdout, "  %s: %d of %d; %s is %.9g by backpropagation, %.9g ± %.1g measured\n",
					res.Name, len(bad), len(res.Entries), e.Name, e.Analytic, e.Numeric, e.Bar)
			}
		}
		return 1
	}
	fmt.Fprintf(stdout, "grads are ok: %d entries, none off by more than %.0e\n", entries, check.Tolerance)
	return 0
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
