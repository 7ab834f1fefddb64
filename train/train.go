// Package train is an experiment: a task that supplies sequences, a network, and the
// loop that fits the one to the other by stochastic gradient descent. When it is done,
// Check verifies every entry of the gradient, on a sequence drawn for it.
//
// An iteration draws a sequence from the task, computes the loss L and its gradient
// over all of its steps, and moves every parameter θ downhill:
//
//	θ ← θ − rate·dL/dθ
//
// Since L jumps with the sequence drawn, what is shown is its exponential moving
// average, EMA ← 0.99·EMA + 0.01·L, from 1.
package train

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor"
	"lstm/train/rng"
)

// A Sequence is what the network sees in one iteration: T steps of X inputs and O
// targets, and the state (H) before the first step.
type Sequence struct {
	X, Target []float64 // (T,X) (T,O)
	H0, C0    []float64 // (H)
}

// A Task supplies sequences.
type Task struct {
	Name  string
	About string // what the network is to learn, in a few words
	Note  string // what to know about its loss, in a sentence
	X, O  int    // inputs and outputs of a step
	MaxT  int    // steps of the longest sequence

	// Draw fills s with a sequence to train on, and Proof with one to verify the
	// gradient on, both at random. X and Target of s are empty and have room for MaxT
	// steps; H0 and C0 are zero.
	Draw, Proof func(r *rng.Rand, s *Sequence)
}

// tasks lists the tasks by name; the first is the default.
var tasks = []func() *Task{delay, sine}

// Tasks returns the names of the tasks.
func Tasks() []string {
	var names []string
	for _, t := range tasks {
		names = append(names, t().Name)
	}
	return names
}

// Config says what to train and how.
type Config struct {
	Task   string  // one of Tasks
	Seed   uint32  // of the random stream that all chance comes from
	Hidden int     // H
	Rate   float64 // the step down the gradient
}

// A Run is an experiment under way.
type Run struct {
	Config Config
	Task   *Task
	Params *cell.Params
	EMA    float64 // moving average of the loss

	rand   *rng.Rand
	first  []float64 // the parameters as they were drawn
	grad   *cell.Params
	window *bptt.Window
	seq    Sequence
}

// New prepares a run: the network is drawn from the random stream, and nothing is
// trained yet. The error names a task that does not exist.
func New(c Config) (*Run, error) {
	n := slices.Index(Tasks(), c.Task)
	if n < 0 {
		return nil, fmt.Errorf("no task %q; there are %s", c.Task, strings.Join(Tasks(), ", "))
	}
	task := tasks[n]()
	r := &Run{
		Config: c,
		Task:   task,
		Params: cell.New(task.X, c.Hidden, task.O),
		EMA:    1,
		rand:   rng.New(c.Seed),
		grad:   cell.New(task.X, c.Hidden, task.O),
	}
	initialise(r.Params, r.rand)
	r.first = slices.Clone(r.Params.All)
	r.window = bptt.New(r.Params, task.MaxT)
	r.seq = newSequence(task, c.Hidden)
	return r, nil
}

func newSequence(t *Task, hidden int) Sequence {
	return Sequence{
		X: make([]float64, 0, t.MaxT*t.X), Target: make([]float64, 0, t.MaxT*t.O),
		H0: make([]float64, hidden), C0: make([]float64, hidden),
	}
}

// initialise draws the parameters: all weights before all biases, and the gates in the
// order f i g o, as the original script has it. Weights have the standard deviation
// √(2/(rows+columns)) of Glorot and Bengio, AISTATS 2010, and biases 0.1.
func initialise(p *cell.Params, r *rng.Rand) {
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
}

// Step is one iteration. It returns the loss of the sequence drawn, before the
// parameters were moved.
func (r *Run) Step() float64 {
	s := &r.seq
	s.X, s.Target = s.X[:0], s.Target[:0]
	clear(s.H0)
	clear(s.C0)
	r.Task.Draw(r.rand, s)
	loss := r.window.Forward(s.X, s.Target, s.H0, s.C0)
	clear(r.grad.All)
	r.window.Backward(r.grad)
	tensor.Axpy(r.Params.All, -r.Config.Rate, r.grad.All)
	r.EMA = float64(0.99*r.EMA) + float64(0.01*loss)
	return loss
}

// A Diverged error says that the loss, or a parameter, went out of all bounds.
type Diverged struct {
	Iter  int     // the iteration, counted from 0
	What  string  // "the loss", "the average loss", or the name of a parameter
	Value float64 // what it became
	Rate  float64
}

func (d *Diverged) Error() string {
	return fmt.Sprintf("training diverged: at iteration %d %s became %v; try a -rate below %v", d.Iter, d.What, d.Value, d.Rate)
}

// Train runs the given number of iterations and calls report after each, counted from
// 0. It stops with a *Diverged error where the loss is not finite, or if in the end a
// parameter is not, or the average of the loss is a million times what it began with.
func (r *Run) Train(steps int, report func(iter int)) error {
	for iter := range steps {
		if loss := r.Step(); !finite(loss) {
			return &Diverged{iter, "the loss", loss, r.Config.Rate}
		}
		report(iter)
	}
	for i, v := range r.Params.All {
		if !finite(v) {
			return &Diverged{steps - 1, r.Params.Name(i), v, r.Config.Rate}
		}
	}
	if r.EMA > 1e6 {
		return &Diverged{steps - 1, "the average loss", r.EMA, r.Config.Rate}
	}
	return nil
}

// Rewind sets the parameters to what they were before training: where that diverged, they
// are what a gradient can be checked at.
func (r *Run) Rewind() { copy(r.Params.All, r.first) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
