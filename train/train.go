// Package train is an experiment: a task that supplies sequences, a network, and the
// loop that fits the one to the other by gradient descent. When it is done, Check verifies
// every entry of the gradient, on a sequence drawn for it.
//
// An iteration draws a sequence from the task, computes the loss L and its gradient, and
// moves every parameter θ downhill; the simplest way is
//
//	θ ← θ − rate·dL/dθ
//
// and optim.go has the others. The gradient goes back through all of the sequence, or, with
// a window, through so many steps at a time; some tasks have one sequence without end, of
// which an iteration takes the next steps, from the state that the one before has left.
//
// Since L jumps with the sequence drawn, what is shown is its exponential moving average,
// EMA ← 0.99·EMA + 0.01·L, from 1 in the tasks of waves, as the script has it, and else
// from the first L.
//
// A task is a file of this package: see delay.go for the smallest, and order.go for one with a
// criterion of when it is learnt. Tasks that read data, text.go and series.go, split them in time:
// a part to train on, one to validate with, after which the network is taken back to where it did
// best there (KeepBest), and a tail that is held out.
//
// # What is kept
//
// Save writes all that a run consists of to a file whose weights PyTorch reads (package
// safetensors), and Resume goes on from it as if the run had never stopped, to the last bit. With
// other data it goes on as well, and tells them to the network as it was told the first.
//
// # What is shown
//
// Report writes the proof as a table, the task's Tell what the network does, and Inside returns
// what packages look and page need for the pictures.
package train

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"lstm/bptt"
	"lstm/cell"
	"lstm/train/rng"
)

// A Sequence is what the network sees in one iteration: T steps of X inputs, the targets
// (O) of the last M of them, and the state (H) before the first step.
type Sequence struct {
	N         int       // how many were drawn before
	X, Target []float64 // (T,X) (M,O)
	H0, C0    []float64 // (H)
	Carry     bool      // go on from the state that the sequence before ended in, not H0, C0
}

// A Task supplies sequences.
type Task struct {
	Note string // what to know about its loss or its data, in a few sentences

	// Of a task that reads data: what these are known by, and how they are told the network,
	// which a run that goes on keeps: the symbols of its inputs and outputs in order, or the
	// mean and the deviation that numbers are scaled by.
	Data    string
	Symbols string
	Scaling []float64

	Unit string // what an iteration takes in, in one word
	Over string // and in a few
	X, O int    // inputs and outputs of a step
	MaxT int    // steps of the longest sequence

	Inputs, Outputs []string // what these are called, where there are several

	Loss bptt.Loss // summed over the steps that have a target

	Shown string  // what the loss is called where it is shown, if not the loss
	Per   float64 // and what it is divided by there, at each target; 0 means not at all
	From  float64 // what its moving average begins with; 0 means the first loss

	// Draw fills s with a sequence to train on, and Fresh with one to test on and to verify
	// the gradient on, both at random. X and Target of s are empty and have room for MaxT
	// steps; H0 and C0 are zero.
	Draw, Fresh func(r *rng.Rand, s *Sequence)

	// Endless says that there is but one sequence, of which Draw supplies the next steps.
	Endless bool

	Criterion *Criterion // when it is learnt; nil: that is not defined

	// Validate returns how ill the network does on what it was not trained on. Train looks
	// after every Every iterations, and KeepBest goes back to where that was least. Measure says
	// what that is, and in which unit. It may be nil.
	Validate func(r *Run) float64
	Every    int
	Measure  string

	// Result measures the network in the end, where there is no criterion: Says, in a few
	// words, what it returns. It may be nil.
	Result func(r *Run) float64
	Says   string

	// Tell writes what the trained network does, for a person to look at. It may be nil.
	Tell func(w io.Writer, r *Run)

	// Forecast returns a table of what the network forecasts, its head first; FreeRun, the
	// forecast for a picture. They may be nil.
	Forecast func(r *Run) [][]string
	FreeRun  func(r *Run) *FreeRun
}

// A FreeRun is what the network forecasts of values that it has not seen.
type FreeRun struct {
	Seen    []float64 // the values before, NaN where there is none
	Truth   []float64 // those that are forecast, the same
	OneStep []float64 // each forecast from the true values before it
	Free    []float64 // each forecast from the network's own forecasts before it
	Unit    string    // of the values; "" for none
}

// tasks holds, by name, the defaults of each task and what makes it.
var tasks = make(map[string]kind)

type kind struct {
	about    string
	defaults Config
	make     func(c Config, r *rng.Rand) (*Task, error)
}

// register adds a task: what the network is to learn, in a few words, what it is trained with
// unless the user says otherwise, and what makes it. make may read what the configuration
// names, and draw from the random stream before the network is drawn.
func register(about string, defaults Config, make func(c Config, r *rng.Rand) (*Task, error)) {
	tasks[defaults.Task] = kind{about, defaults, make}
}

// Tasks returns the names of the tasks, in alphabetical order.
func Tasks() []string { return slices.Sorted(maps.Keys(tasks)) }

// About returns what a task is to learn, in a few words.
func About(task string) string { return tasks[task].about }

// Defaults returns what a task is trained with unless the user says otherwise.
func Defaults(task string) Config { return tasks[task].defaults }

// Config says what to train and how.
type Config struct {
	Task      string  // one of Tasks
	Seed      uint32  // of the random stream that all chance comes from
	Hidden    int     // H
	Steps     int     // iterations, at most
	Optimizer string  // one of Optimizers
	Rate      float64 // step down the gradient, at first
	Halve     int     // iterations in which the rate halves; 0: it stays
	Clip      float64 // the gradient's norm is cut down to this; 0: it is not

	// Added to the biases of the forget and input gates as they are drawn.
	ForgetBias, InputBias float64

	// Truncation: every Stride steps, back through Window steps. A Window of 0 is all of the
	// sequence, and a Stride of 0 the Window.
	Window, Stride int

	Length      int     // of the sequences, for tasks that leave it open
	Data        string  // the file, for tasks that read one
	Column      string  // of the file: its name or number; "": the only one of numbers
	Fill        string  // how values that are missing are filled: linear, previous, or "": not
	Diff        bool    // whether differences are learnt
	Horizon     int     // steps to forecast running free
	Temperature float64 // at which text is drawn

	known *Task // of a run that goes on: its Data, Symbols and Scaling
}

// Limits of a configuration.
const (
	MaxHidden = 4096
	MaxSteps  = 1_000_000_000
	MaxWindow = 1_000_000
	MinLength = 20 // of sequences whose length is left open
	MaxLength = 100_000
)

// check returns an error that names what is out of bounds.
func (c *Config) check() error {
	for _, f := range []struct {
		name           string
		n, least, most int
	}{
		{"hidden", c.Hidden, 1, MaxHidden}, {"steps", c.Steps, 0, MaxSteps}, {"halve", c.Halve, 0, MaxSteps},
		{"window", c.Window, 0, MaxWindow}, {"stride", c.Stride, 0, MaxWindow},
		{"length", c.Length, 0, MaxLength}, {"horizon", c.Horizon, 0, MaxLength},
	} {
		if f.n < f.least || f.n > f.most {
			return fmt.Errorf("-%s %d is not %d to %d", f.name, f.n, f.least, f.most)
		}
	}
	if c.Fill != "" && c.Fill != "linear" && c.Fill != "previous" {
		return fmt.Errorf("-fill %q is not linear or previous", c.Fill)
	}
	for _, f := range []struct {
		name  string
		x     float64
		least float64
	}{
		{"rate", c.Rate, 5e-324}, {"clip", c.Clip, 0}, {"temperature", c.Temperature, 0},
		{"forget-bias", c.ForgetBias, -math.MaxFloat64}, {"input-bias", c.InputBias, -math.MaxFloat64},
	} {
		if !(f.x >= f.least) || math.IsInf(f.x, 1) {
			return fmt.Errorf("-%s %v is not a finite number above %v", f.name, f.x, f.least)
		}
	}
	return nil
}

// A Run is an experiment under way.
type Run struct {
	Config Config       // what was asked for
	Task   *Task        // where its sequences come from
	Params *cell.Params // as they are by now
	Iter   int          // iterations done
	EMA    float64      // moving average of the loss, as it is shown
	Past   History      // how that went

	// Other says that the run goes on with other data than it was trained on before.
	Other bool

	rand    *rng.Rand
	drawn   []float64 // the parameters as they were drawn
	first   []float64 // and as training began with them
	grad    *cell.Params
	stream  *bptt.Stream
	stopped bool
	opt     *optimizer
	seq     *Sequence
	y       []float64 // (M,O) the outputs for the last sequence
	begun   float64   // what EMA began with

	norm  float64 // of the last finite gradient, before it was clipped
	usual float64 // moving average of that, in which none counts for more than twice the average

	// Of a task that is validated.
	valid     float64   // when last looked at
	best      []float64 // the parameters where that was least
	bestValid float64
	bestIter  int

	// Of a task with a criterion.
	score  score
	tester *bptt.Window
	zero   []float64 // (H)
}

// New prepares a run: the network is drawn from the random stream, and nothing is
// trained yet. The error says what of the configuration cannot be.
func New(c Config) (*Run, error) {
	k, ok := tasks[c.Task]
	if !ok {
		return nil, fmt.Errorf("no task %q; there are %s", c.Task, strings.Join(Tasks(), ", "))
	}
	if !slices.Contains(Optimizers, c.Optimizer) {
		return nil, fmt.Errorf("no optimizer %q; there are %s", c.Optimizer, strings.Join(Optimizers, ", "))
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Stride == 0 {
		c.Stride = c.Window
	}
	if c.Window > 0 && c.Stride > c.Window {
		return nil, fmt.Errorf("-stride %d is above -window %d: the steps in between would be left out", c.Stride, c.Window)
	}
	table := k.defaults.Horizon > 0 // the task reads a column of a table
	for _, f := range []struct {
		name       string
		given, use bool
	}{
		{"-length", c.Length != 0, k.defaults.Length != 0},
		{"-data", c.Data != "", k.defaults.Data != "" || table},
		{"-column", c.Column != "", table},
		{"-fill", c.Fill != "", table},
		{"-diff", c.Diff, table},
		{"-horizon", c.Horizon != 0, table},
		{"-temperature", c.Temperature != 0, k.defaults.Temperature != 0},
	} {
		if f.given && !f.use {
			return nil, fmt.Errorf("task %s has no use for %s", c.Task, f.name)
		}
	}
	random := rng.New(c.Seed)
	task, err := k.make(c, random)
	if err != nil {
		return nil, err
	}
	window, stride := c.Window, c.Stride
	if window == 0 || window > task.MaxT && !task.Endless {
		window = task.MaxT
	}
	if stride == 0 || stride > window {
		stride = window
	}
	const most = 1 << 30 // numbers of a window, 8 GB
	if n := max(window, task.MaxT) * (13*c.Hidden + 2*(task.X+task.O)); n > most {
		return nil, fmt.Errorf("-hidden %d: with %d steps at a time it would take %d GB of memory", c.Hidden, max(window, task.MaxT), n>>27)
	}
	r := &Run{
		Config: c,
		Task:   task,
		Params: cell.New(task.X, c.Hidden, task.O),
		EMA:    task.From, begun: task.From,
		rand: random,
		grad: cell.New(task.X, c.Hidden, task.O),
		seq:  newSequence(task, c.Hidden),
	}
	initialise(r.Params, r.rand, c.ForgetBias, c.InputBias)
	r.drawn = slices.Clone(r.Params.All)
	r.first = r.drawn
	r.opt = newOptimizer(c, len(r.Params.All))
	if task.Validate != nil {
		r.bestValid = math.Inf(1)
		r.best = make([]float64, len(r.Params.All))
	}
	r.stream = bptt.NewStream(r.Params, window, stride)
	r.stream.Loss = task.Loss
	if task.Criterion != nil {
		r.score.offs = make([]float64, task.Criterion.Last)
		r.tester, r.zero = r.newWindow(task.MaxT), make([]float64, c.Hidden)
	}
	return r, nil
}

func newSequence(t *Task, hidden int) *Sequence {
	return &Sequence{
		X: make([]float64, 0, t.MaxT*t.X), Target: make([]float64, 0, t.MaxT*t.O),
		H0: make([]float64, hidden), C0: make([]float64, hidden),
	}
}

// initialise draws the parameters: all weights before all biases, and the gates in the
// order f i g o, as the original script has it. Weights have the standard deviation
// √(2/(rows+columns)) of Glorot and Bengio, AISTATS 2010, and biases 0.1. To those of the
// forget and input gates forget and input are added: with the one well above 0 and the other
// below, the network holds on to little for long before it has learnt to (Gers, Schmidhuber
// and Cummins, Neural Computation 12(10), 2000; Tallec and Ollivier, ICLR 2018).
func initialise(p *cell.Params, r *rng.Rand, forget, input float64) {
	block := make(map[string][]int)
	for _, b := range p.Blocks() {
		block[b.Name] = b.Index
	}
	draw := func(name string, deviation float64) {
		for _, i := range block[name] {
			p.All[i] = r.Normal() * deviation
		}
	}
	for _, name := range []string{"Wf", "Wi", "Wg", "Wo"} {
		draw(name, math.Sqrt(2/float64(p.X+p.H+p.H)))
	}
	draw("Wy", math.Sqrt(2/float64(p.H+p.O)))
	for _, name := range []string{"bf", "bi", "bg", "bo", "by"} {
		draw(name, 0.1)
	}
	for _, i := range block["bf"] {
		p.All[i] += forget
	}
	for _, i := range block["bi"] {
		p.All[i] += input
	}
}

// Step is one iteration. It returns the loss of the sequence drawn, before the
// parameters were moved.
func (r *Run) Step() float64 {
	s := r.seq
	s.draw(r.rand, r.Task.Draw, r.Iter)
	if !s.Carry {
		r.stream.Start(s.H0, s.C0)
	}
	clear(r.grad.All)
	loss := r.backward(s)
	if r.Task.Criterion != nil {
		r.score.add(r.Task.Criterion.Judge(s, r.y))
	}
	if norm := clip(r.grad.All, r.Config.Clip); finite(norm) {
		r.note(norm)
	}
	r.opt.step(r.Params.All, r.grad.All)
	r.Iter++
	shown := loss
	if r.Task.Per > 0 {
		shown /= r.Task.Per * float64(len(s.Target)/r.Task.O)
	}
	if r.Iter == 1 && r.Task.From == 0 {
		r.EMA, r.begun = shown, shown
	}
	r.EMA = float64(0.99*r.EMA) + float64(0.01*shown)
	r.Past.add(r.Iter, shown, r.EMA)
	return loss
}

// note takes note of a gradient's norm.
func (r *Run) note(norm float64) {
	r.norm = norm
	if r.usual == 0 {
		r.usual = norm
	}
	r.usual += float64(0.01 * (min(norm, 2*r.usual) - r.usual))
}

// draw makes s the sequence that f draws, the n-th.
func (s *Sequence) draw(r *rng.Rand, f func(*rng.Rand, *Sequence), n int) {
	s.N, s.X, s.Target, s.Carry = n, s.X[:0], s.Target[:0], false
	clear(s.H0)
	clear(s.C0)
	f(r, s)
}

// backward runs the network over s, a stride at a time, adds up the gradient, and keeps the
// outputs.
func (r *Run) backward(s *Sequence) (loss float64) {
	X, O, stride := r.Task.X, r.Task.O, r.stream.Stride()
	steps := len(s.X) / X
	asked := steps - len(s.Target)/O // the first step that has a target
	r.y = r.y[:0]
	for t := 0; t < steps; t += stride {
		end := min(t+stride, steps)
		loss += r.stream.Add(r.grad, s.X[t*X:end*X], s.Target[max(0, t-asked)*O:max(0, end-asked)*O])
		r.y = append(r.y, r.stream.Y...)
	}
	return loss
}

// A Diverged error says that the loss, or a parameter, went out of all bounds.
type Diverged struct {
	Iter  int     // the iteration, counted from 0
	What  string  // "the loss", "the average loss", or the name of a parameter
	Value float64 // what it became

	// The norm of the gradient: what it usually was, and what it had come to.
	Usual, Norm float64

	Config Config // of the run
}

// Error says where training diverged, and what to try, in one line.
func (d *Diverged) Error() string {
	c := d.Config
	hint := fmt.Sprintf("try a -rate below %v", c.Rate)
	switch grown, step := !(d.Norm < 100*d.Usual), c.Rate*d.Usual; {
	case c.Optimizer != "sgd": // whose steps do not follow the gradient's norm
	case c.Clip > 0:
		hint = fmt.Sprintf("its gradient is clipped to %v as it is: try a -rate below %v", c.Clip, c.Rate)
	case step >= 0.1:
		hint = fmt.Sprintf("with a gradient of norm %.1e its steps were %.1e long: try a -rate below %v", d.Usual, step, c.Rate)
	case grown:
		hint = fmt.Sprintf("the norm of its gradient had gone from some %.1e to %.1e: try -clip %.1g", d.Usual, d.Norm, d.Usual)
	default:
		hint = fmt.Sprintf("the norm of its gradient was near %.1e before: try a -rate below %v", d.Usual, c.Rate)
	}
	return fmt.Sprintf("training diverged: at iteration %d %s became %.4g; %s", d.Iter, d.What, d.Value, hint)
}

// Train runs up to steps iterations more, fewer if the task's criterion is met, and calls
// report after each. It stops with a *Diverged error where the loss is not finite or its
// average a million times what it began with, or if in the end a parameter is not finite or
// the average a hundred times what it began with.
func (r *Run) Train(steps int, report func()) error {
	diverged := func(what string, value float64) error {
		return &Diverged{r.Iter - 1, what, value, r.usual, r.norm, r.Config}
	}
	for range steps {
		if r.Learnt() || r.stopped {
			break
		}
		if loss := r.Step(); !finite(loss) {
			return diverged("the loss", loss)
		}
		if r.EMA > 1e6*r.begun {
			return diverged("the average loss", r.EMA)
		}
		r.look()
		r.validate()
		report()
	}
	for i, v := range r.Params.All {
		if !finite(v) {
			return diverged(r.Params.Name(i), v)
		}
	}
	if r.EMA > 100*r.begun {
		return diverged("the average loss", r.EMA)
	}
	return nil
}

// Stop makes Train end after the iteration that it is in.
func (r *Run) Stop() { r.stopped = true }

// validate looks how the network does on what it was not trained on, if it is time. That it
// does not look when Train ends is so that a run may end, be kept, and go on as if it had not.
func (r *Run) validate() {
	if r.Task.Validate == nil || r.Iter%r.Task.Every != 0 {
		return
	}
	r.valid = r.Task.Validate(r)
	r.Past.ValidIter, r.Past.Valid = append(r.Past.ValidIter, r.Iter), append(r.Past.Valid, r.valid)
	if r.valid < r.bestValid {
		r.bestValid, r.bestIter = r.valid, r.Iter
		copy(r.best, r.Params.All)
	}
}

// seldom returns after how many iterations to validate on so many steps: so many that it takes less
// time than training does. They divide 5,000 and the like, so that the last of these is looked at.
func seldom(steps int) int {
	for _, every := range []int{50, 100} {
		if steps <= 40*every {
			return every
		}
	}
	return 250
}

// KeepBest takes the network back to where it did best when it was validated, and returns
// after how many iterations that was. Without validation it stays as it is.
func (r *Run) KeepBest() (iter int) {
	if r.bestIter > 0 {
		copy(r.Params.All, r.best)
	}
	return r.BestIter()
}

// BestIter returns the iteration with the least validation error, or Iter without validation.
func (r *Run) BestIter() int {
	if r.bestIter > 0 {
		return r.bestIter
	}
	return r.Iter
}

// follow returns a function that takes the next input (X) of a sequence, from the zero state
// on, and returns the outputs (O), which are overwritten by the next.
func (r *Run) follow() func(x []float64) []float64 {
	w := r.newWindow(1)
	h, c, none := make([]float64, r.Params.H), make([]float64, r.Params.H), make([]float64, r.Params.O)
	return func(x []float64) []float64 {
		w.Forward(x, none, h, c) // for the outputs: the loss does not matter
		copy(h, w.HT)
		copy(c, w.CT)
		return w.Y
	}
}

// Truncation returns how many steps the gradient goes back through, and after how many it
// does so again.
func (r *Run) Truncation() (window, stride int) { return r.stream.Len(), r.stream.Stride() }

// Entries returns how many entries a check of all of them takes, at most.
func (r *Run) Entries() int {
	return len(r.Params.All) + 2*r.Params.H + r.Task.X*max(r.Task.MaxT, r.stream.Len())
}

// Rewind sets the parameters to what they were before training: where that diverged, they
// are what a gradient can be checked at.
func (r *Run) Rewind() {
	copy(r.Params.All, r.first)
	r.bestIter = 0
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
