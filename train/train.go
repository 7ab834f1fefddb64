// Package train fits a network to a task by gradient descent.
//
// An iteration draws a sequence from the task, computes the loss L and its gradient, and
// moves every parameter θ downhill. The simplest way is
//
//	θ ← θ − rate·dL/dθ
//
// and optim.go has the others. The gradient goes back through the whole sequence or, with a
// window, through so many steps at a time. Some tasks have one sequence without end: an
// iteration takes its next steps, from the state in which the iteration before ended.
//
// The loss jumps from sequence to sequence. So its exponential moving average is shown,
// EMA ← 0.99·EMA + 0.01·L.
//
// Package task has the tasks, package proof checks the gradient of a trained network, and
// package checkpoint keeps a run in a file.
package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/task"
)

// A Run is a network while it learns a task.
type Run struct {
	Config settings.Config // the settings
	Task   *task.Task      // supplies the sequences
	Model  bptt.Model      // the network as it is now, and its loss
	Iter   int             // iterations done
	EMA    float64         // moving average of the loss, as it is shown
	Past   History         // the loss of all iterations

	// Other means that the run goes on with other data than it was trained on before.
	Other bool

	rand   *rng.Rand
	drawn  []float64 // the parameters as they were drawn
	start  []float64 // the parameters when training started
	stream *bptt.Stream
	grad   *cell.Params
	opt    *optimizer
	seq    *task.Sequence
	y      []float64 // (M,O) the outputs for the last sequence
	begun  float64   // where EMA started
	norms  norms
	best   best // for a task that validates

	// For a task with a criterion.
	score  score
	tester *bptt.Window
	zero   []float64 // (H)
}

// New prepares a run: it draws the network from the random stream and trains nothing yet.
// The error names the setting that is wrong.
func New(c settings.Config) (*Run, error) { return NewOn(c, task.Data{}) }

// NewOn is New for a run that goes on: it presents data to the network as known says.
func NewOn(c settings.Config, known task.Data) (*Run, error) {
	kind, ok := task.Find(c.Task)
	if !ok {
		var names []string
		for _, t := range task.All() {
			names = append(names, t.Name)
		}
		return nil, fmt.Errorf("no task %q: there are %s", c.Task, strings.Join(names, ", "))
	}
	if err := cmp.Or(settings.Check(&c), settings.Unused(c, kind.Uses)); err != nil {
		return nil, err
	}
	if c.Stride == 0 {
		c.Stride = c.Window
	}
	random := rng.New(c.Seed)
	t, err := kind.Make(c, known, random)
	if err != nil {
		return nil, err
	}
	return newRun(c, t, random)
}

// newRun draws the network from the random stream that made the task.
func newRun(c settings.Config, t *task.Task, random *rng.Rand) (*Run, error) {
	window, stride := truncation(c, t)
	const most = 1 << 30 // numbers of a window, 8 GB
	if n := max(window, t.MaxT) * (13*c.Hidden + 2*(t.X+t.O)); n > most {
		return nil, fmt.Errorf("-hidden %d: a window of %d steps would take %d GB of memory", c.Hidden, max(window, t.MaxT), n>>27)
	}
	p := cell.New(t.X, c.Hidden, t.O)
	initialise(p, random, c.ForgetBias, c.InputBias)
	r := &Run{
		Config: c, Task: t, Model: bptt.Model{Params: p, Loss: t.Loss},
		EMA: t.Shown.From, begun: t.Shown.From,
		rand: random, drawn: slices.Clone(p.All),
		grad: cell.New(t.X, c.Hidden, t.O), opt: newOptimizer(c, len(p.All)),
		seq: t.NewSequence(c.Hidden),
	}
	r.start = r.drawn
	r.stream = r.Model.Stream(window, stride)
	if t.Validation != nil {
		r.best = best{error: math.Inf(1), params: make([]float64, len(p.All))}
	}
	if t.Criterion != nil {
		r.score.offs = make([]float64, t.Criterion.Last)
		r.tester, r.zero = r.Model.Window(t.MaxT), make([]float64, c.Hidden)
	}
	return r, nil
}

// truncation returns the window and the stride in steps: a Window of 0 is the longest
// sequence, and a Stride of 0 the window.
func truncation(c settings.Config, t *task.Task) (window, stride int) {
	window, stride = c.Window, c.Stride
	if window == 0 || window > t.MaxT && !t.Endless {
		window = t.MaxT
	}
	if stride == 0 || stride > window {
		stride = window
	}
	return window, stride
}

// Step is one iteration: forward, backward, update. It returns the loss of its sequence
// before the parameters moved. The error is a *Diverged: the loss is not finite, or its
// average is a million times what it started with. A panic on the way is an error, too.
func (r *Run) Step() (loss float64, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("training panics: at iteration %d: %v (%s)", r.Iter, value, check.PanicAt())
		}
	}()
	s, p := r.seq, r.Model.Params
	s.Fill(r.Task.Draw, r.rand, r.Iter)
	if !s.Carry {
		r.stream.Start(s.H0, s.C0)
	}
	clear(r.grad.All)
	r.y = r.y[:0]
	for x, target := range r.Task.Pieces(s, r.stream.Stride()) {
		loss += r.stream.Forward(x, target)
		r.stream.Backward(r.grad)
		r.y = append(r.y, r.stream.Y...)
	}
	r.norms.add(clip(r.grad.All, r.Config.Clip))
	r.opt.update(p.All, r.grad.All)
	r.Iter++
	return loss, r.note(loss)
}

// note keeps account of an iteration: its loss, and how far the task is learnt.
func (r *Run) note(loss float64) error {
	t := r.Task
	if t.Criterion != nil {
		r.score.add(t.Criterion.Judge(r.seq, r.y))
	}
	shown := t.Shown.Scale(loss, len(r.seq.Target)/t.O)
	if r.Iter == 1 && t.Shown.From == 0 {
		r.EMA, r.begun = shown, shown
	}
	r.EMA = float64(0.99*r.EMA) + float64(0.01*shown)
	r.Past.add(r.Iter, shown, r.EMA)
	if !finite(loss) {
		return r.diverged("the loss", loss)
	}
	if r.EMA > 1e6*r.begun {
		return r.diverged("the average loss", r.EMA)
	}
	if t.Criterion != nil {
		r.look(t.Criterion)
	}
	if v := t.Validation; v != nil && r.Iter%v.Every == 0 {
		r.best.add(r.Iter, v.Error(r.Model), r.Model.Params.All)
		r.Past.ValidIter, r.Past.Valid = append(r.Past.ValidIter, r.Iter), append(r.Past.Valid, r.best.last)
	}
	return nil
}

func (r *Run) diverged(what string, value float64) error {
	return &Diverged{r.Iter - 1, what, value, r.norms.usual, r.norms.last, r.Config}
}

// End returns a *Diverged error if after training a parameter is not finite, or the average
// loss is a hundred times what it started with.
func (r *Run) End() error {
	for i, v := range r.Model.Params.All {
		if !finite(v) {
			return r.diverged(r.Model.Params.Name(i), v)
		}
	}
	if r.EMA > 100*r.begun {
		return r.diverged("the average loss", r.EMA)
	}
	return nil
}

// Train runs up to steps more iterations, fewer if the task is learnt before, and calls
// report after each. The error is a *Diverged, from Step or from End.
func (r *Run) Train(steps int, report func()) error {
	for range steps {
		if r.Learnt() {
			break
		}
		if _, err := r.Step(); err != nil {
			return err
		}
		report()
	}
	return r.End()
}

// Learnt reports whether the task's criterion was met when it was last looked at.
func (r *Run) Learnt() bool { return r.score.learnt }

// look sees whether the criterion c is met: after each sequence or, where it has sets, after
// every so many.
func (r *Run) look(c *task.Criterion) {
	switch {
	case len(c.Sets) == 0:
		r.score.learnt = r.score.inARow >= c.Last && r.score.off() < c.Below
	case r.Iter%c.Every == 0:
		r.score.right = 0
		for _, set := range c.Sets {
			if _, ok := r.judge(set); ok {
				r.score.right++
			}
		}
		r.score.learnt = r.score.right == len(c.Sets)
	}
}

// judge runs the network over a sequence, from the zero state, and judges the outputs.
func (r *Run) judge(s *task.Sequence) (off float64, right bool) {
	r.tester.Forward(s.X, s.Target, r.zero, r.zero)
	return r.Task.Criterion.Judge(s, r.tester.Y)
}

// Fresh returns a new sequence that the network was not trained on. The next call overwrites it.
func (r *Run) Fresh() *task.Sequence {
	s := r.Task.NewSequence(r.Model.Params.H)
	s.Fill(r.Task.Fresh, r.rand, 0)
	return s
}

// Test returns how many of the criterion's number of fresh sequences are wrong, and their
// mean error. The parameters stay as they are.
func (r *Run) Test() (wrong int, off float64) {
	s := r.Task.NewSequence(r.Model.Params.H)
	n := r.Task.Criterion.Fresh
	for i := range n {
		s.Fill(r.Task.Fresh, r.rand, i)
		o, right := r.judge(s)
		off += o
		if !right {
			wrong++
		}
	}
	return wrong, off / float64(n)
}

// MeanLoss returns the mean loss of n fresh sequences. The parameters stay as they are.
func (r *Run) MeanLoss(n int) float64 {
	s, sum := r.Task.NewSequence(r.Model.Params.H), 0.0
	w := r.Model.Window(r.Task.MaxT)
	for i := range n {
		s.Fill(r.Task.Fresh, r.rand, i)
		sum += w.Forward(s.X, s.Target, s.H0, s.C0) / float64(n)
	}
	return sum
}

// BestIter returns after how many iterations the network validated best: Iter if it does not
// validate.
func (r *Run) BestIter() int {
	if r.best.iter == 0 {
		return r.Iter
	}
	return r.best.iter
}

// Weights returns the parameters of the network that a file keeps: those that validated best,
// or else the last ones. They are not a copy.
func (r *Run) Weights() []float64 {
	if r.best.iter > 0 {
		return r.best.params
	}
	return r.Model.Params.All
}

// KeepBest takes the network back to where it validated best, and returns BestIter.
func (r *Run) KeepBest() (iter int) {
	copy(r.Model.Params.All, r.Weights())
	return r.BestIter()
}

// Rewind sets the parameters to what they were before training. After a run diverged, a
// gradient can be checked there.
func (r *Run) Rewind() {
	copy(r.Model.Params.All, r.start)
	r.best.iter = 0
}

// Truncation returns how many steps the gradient goes back through, and how many steps lie
// between one time and the next.
func (r *Run) Truncation() (window, stride int) { return r.stream.Len(), r.stream.Stride() }

// Drawn returns the parameters as they were drawn, before any training. They are not a copy.
func (r *Run) Drawn() []float64 { return r.drawn }

// Rand returns the random stream that all chance of the run comes from.
func (r *Run) Rand() *rng.Rand { return r.rand }

// Entries returns how many entries a check of all of them compares, at most.
func (r *Run) Entries() int {
	p := r.Model.Params
	return len(p.All) + 2*p.H + p.X*max(r.Task.MaxT, r.stream.Len())
}
