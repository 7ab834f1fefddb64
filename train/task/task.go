// Package task has the tasks that a network can learn, one per file. A task supplies sequences. It says
// when it is learnt, and shows what the network does.
//
// A task uses a model, its settings and a random stream. To add a task, write one file: a function that
// makes a Task, and an init function that registers it. delay.go is the smallest; order.go has a criterion.
package task

import (
	"cmp"
	"io"
	"iter"
	"maps"
	"slices"

	"lstm/bptt"
	"lstm/tensor"
	"lstm/train/rival"
	"lstm/train/rng"
	"lstm/train/series"
	"lstm/train/settings"
)

// A Kind is a task before its settings are known.
type Kind struct {
	settings.Task // name, what is learnt, default settings

	// Make makes the task. It may read the files that the settings name, and draw from the random stream.
	// The network is drawn afterwards. known is the Data of a loaded run.
	Make func(c settings.Config, known Data, r *rng.Rand) (*Task, error)
}

var kinds = make(map[string]Kind)

func register(t settings.Task, make func(settings.Config, Data, *rng.Rand) (*Task, error)) {
	kinds[t.Name] = Kind{t, make}
}

// Find returns the task of the given name, and whether there is one.
func Find(name string) (Kind, bool) {
	k, ok := kinds[name]
	return k, ok
}

// All returns all tasks, in alphabetical order.
func All() []settings.Task {
	var all []settings.Task
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		all = append(all, kinds[name].Task)
	}
	return all
}

// A Task supplies sequences of T steps. A step has X inputs. The last M steps of a sequence
// have O targets each.
type Task struct {
	X, O            int       // inputs and outputs of a step
	MaxT            int       // steps of the longest sequence
	Inputs, Outputs []string  // names of the inputs and outputs; nil if there are none
	Loss            bptt.Loss // of the last M steps

	// Draw fills s with a sequence for training, Fresh with one for tests and the check of the gradient.
	// X and Target of s are empty and have room for MaxT steps; H0 and C0 are zero.
	Draw, Fresh func(r *rng.Rand, s *Sequence)

	Endless bool   // there is one sequence without end, and Draw supplies its next steps
	Note    string // a note about the loss or the data, in a few sentences
	Unit    string // the noun for the data of one iteration: sequence, chunk
	Shown   Shown  // how the loss is shown
	Data    Data   // for tasks that read data: stored for a loaded run

	// The rest may be nil.
	Criterion  *Criterion // says when the task is learnt
	Validation *Metric    // measures the network while it trains; the best network is kept
	Result     *Metric    // measures the trained network, if there is no criterion

	// Tell shows a person what the trained network does. Compare returns the same for a page: the network beside
	// its rivals. Sample writes what the network makes up.
	Tell    func(w io.Writer, m bptt.Model)
	Compare func(m bptt.Model) *rival.Standing
	Sample  func(w io.Writer, m bptt.Model, r *rng.Rand)

	// Story comments on a check of the gradient. loss is the checked loss. fromEnd is the loss of the
	// same sequence, but started from its final state.
	Story func(loss, fromEnd float64) string

	// Forecast returns a table of the network's forecasts; the first row is the head. FreeRun returns
	// the forecast for a picture.
	Forecast func(m bptt.Model) [][]string
	FreeRun  func(m bptt.Model) *series.FreeRun

	// Future returns forecasts of the values after the last, with intervals.
	Future func(m bptt.Model) *series.Future
}

// A Sequence is the data of one iteration: T steps of X inputs, the targets (O) of the last M steps,
// and the state (H) before the first step.
type Sequence struct {
	N         int       // number of sequences drawn before
	X, Target []float64 // (T,X) (M,O)
	H0, C0    []float64 // (H)
	Carry     bool      // start from the final state of the last sequence, not from H0, C0
}

// Fill fills s with sequence number n, drawn by draw.
func (s *Sequence) Fill(draw func(*rng.Rand, *Sequence), r *rng.Rand, n int) {
	s.N, s.X, s.Target, s.Carry = n, s.X[:0], s.Target[:0], false
	clear(s.H0)
	clear(s.C0)
	draw(r, s)
}

// NewSequence returns an empty sequence with room for the longest sequence of the task.
func (t *Task) NewSequence(hidden int) *Sequence {
	return &Sequence{
		X: make([]float64, 0, t.MaxT*t.X), Target: make([]float64, 0, t.MaxT*t.O),
		H0: make([]float64, hidden), C0: make([]float64, hidden),
	}
}

// Pieces cuts the inputs and the targets of a sequence of the task into pieces of up to stride steps.
// Steps without a target in the sequence have no target in a piece.
func (t *Task) Pieces(s *Sequence, stride int) iter.Seq2[[]float64, []float64] {
	return func(yield func(x, target []float64) bool) {
		steps := len(s.X) / t.X
		first := steps - len(s.Target)/t.O // the first step that has a target
		for at := 0; at < steps; at += stride {
			end := min(at+stride, steps)
			if !yield(s.X[at*t.X:end*t.X], s.Target[max(0, at-first)*t.O:max(0, end-first)*t.O]) {
				return
			}
		}
	}
}

// Constant returns the best constant output and its loss, in the units of the display, over a hundred training
// sequences. The best output is the mean of all targets. If targets are probabilities, it is the logarithm of
// this mean. hidden is the size of the state of a sequence, which a task may draw.
func (t *Task) Constant(seed uint32, hidden int) (mean []float64, total float64) {
	const n = 100
	s := t.NewSequence(hidden)
	each := func(f func(target []float64, rows int)) { // drawn twice: all sequences may fill the memory
		random := rng.New(seed)
		for i := range n {
			s.Fill(t.Draw, random, i)
			f(s.Target, len(s.Target)/t.O)
		}
	}
	mean = make([]float64, t.O)
	all := 0.0
	each(func(target []float64, rows int) {
		for k, v := range target {
			mean[k%t.O] += v
		}
		all += float64(rows)
	})
	for o := range mean {
		mean[o] /= all
		if t.Loss.Symbols() { // the softmax of the logarithms is the mean
			mean[o] = tensor.Log(max(mean[o], 1e-12)) // the logarithm of 0 is not finite
		}
	}
	each(func(target []float64, rows int) {
		y := slices.Repeat(mean, rows)
		total += t.Shown.Scale(t.Loss.Measure(make([]float64, len(y)), y, target, t.O), rows) / n
	})
	return mean, total
}

// Baseline returns the loss of the best constant output.
func (t *Task) Baseline(seed uint32, hidden int) float64 {
	_, loss := t.Constant(seed, hidden)
	return loss
}

// Shown says how the loss is shown.
type Shown struct {
	Name string  // the name of the loss; "" means "loss"
	Per  float64 // the divisor, for each target; 0 means none
	From float64 // the first value of the moving average; 0 means the first loss
}

// Scale converts the loss of a sequence to the units of the display. rows counts the rows of its targets.
func (s Shown) Scale(loss float64, rows int) float64 {
	if s.Per == 0 {
		return loss
	}
	return loss / (s.Per * float64(rows))
}

// Data has the facts about the training data that a run must remember.
type Data struct {
	ID      string    // a hash of the data
	Symbols string    // the symbols of the inputs and outputs, in order
	Scaling []float64 // the mean and the deviation for the scaling of numbers
}

// A Metric measures the network on data outside the training data.
type Metric struct {
	Error func(m bptt.Model) float64 // the error
	Says  string                     // the name of the error, with its unit
	Every int                        // iterations between validations
}

// A Criterion says when a task is learnt: either enough sequences in a row were right, or all
// sequences of a fixed set are right.
type Criterion struct {
	Says  string // the criterion in words
	Wrong string // in words, when a sequence is wrong

	// Judge compares the outputs y (M,O) with the targets of a sequence. It returns the error and
	// whether the sequence is right.
	Judge func(s *Sequence, y []float64) (off float64, right bool)

	Last  int         // how many sequences in a row must be right, each judged before training on it
	Below float64     // upper limit of their mean error; 0 for no limit
	Sets  []*Sequence // the fixed set: all of its sequences must be right
	Every int         // how many training sequences lie between two tests of Sets
	Fresh int         // number of new sequences for the test at the end; 0 for 2,560
}

// Tests returns the number of new sequences to test with.
func (c *Criterion) Tests() int { return cmp.Or(c.Fresh, 2560) }
