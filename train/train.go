// Package train fits a network to a task by gradient descent.
//
// An iteration draws a sequence from the task, computes the loss L and its gradient, and moves every
// parameter θ downhill. The simplest way is
//
//	θ ← θ − rate·dL/dθ
//
// and optim.go has the other rules. The gradient goes back through the whole sequence or, with a window,
// through the steps of the window. Some tasks have one sequence without end. Then an iteration takes the
// next steps of the sequence, and starts from the final state of the iteration before.
//
// The loss jumps from sequence to sequence. So the output shows its moving average, EMA ← 0.99·EMA + 0.01·L.
package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/train/history"
	"lstm/train/rng"
	"lstm/train/settings"
	"lstm/train/show"
	"lstm/train/task"
)

// A Run is a network while it learns a task.
type Run struct {
	Config settings.Config // the settings
	Task   *task.Task      // supplies the sequences
	Model  bptt.Model      // the network as it is now, and its loss
	Iter   int             // iterations done
	EMA    float64         // moving average of the loss, as it is shown
	Past   history.History // how the loss went
	From   string          // says from which weights the run starts; "" if they were drawn
	Other  bool            // the run goes on with other data than it was trained on before
	Rand   *rng.Rand       // the only random stream of the run
	Drawn  []float64       // the parameters as first drawn, before training

	start  []float64 // the parameters when training started
	stream *bptt.Stream
	grad   *gradient
	opt    *optimizer
	seq    *task.Sequence
	y      []float64 // (M,O) the outputs for the last sequence, for a criterion
	begun  float64   // the first value of EMA
	norms  norms
	best   best // for a task that validates

	score  score        // for a task with a criterion,
	tester *bptt.Window // for its tests
	zero   []float64    // (H)
}

// New prepares a run. It draws the network, but does not train it. The error names the wrong setting.
func New(c settings.Config) (*Run, error) { return NewOn(c, task.Data{}) }

// NewOn is New for a loaded run. The network sees its data with the symbols and the scaling in known.
func NewOn(c settings.Config, known task.Data) (*Run, error) {
	if _, err := settings.Find(task.All(), c.Task); err != nil {
		return nil, err
	}
	kind, _ := task.Find(c.Task)
	if err := cmp.Or(settings.Check(&c), settings.Unused(&settings.Options{Config: c}, kind.Uses)); err != nil {
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
	if t.Endless && c.Window < 1 {
		return nil, fmt.Errorf("task %s takes a -window of 1 step or more", c.Task)
	}
	window, stride := c.Window, c.Stride
	if window == 0 || window > t.MaxT && !t.Endless {
		window = t.MaxT // the longest sequence
	}
	if stride == 0 || stride > window {
		stride = window
	}
	if n := memory(t, c.Hidden, max(window, t.MaxT)); n > mostMemory {
		return nil, fmt.Errorf("-hidden %d: with %s, %s and windows of %s this takes %.1f GB of memory, and may take %d",
			c.Hidden, show.Count(t.X, "input"), show.Count(t.O, "output"), show.Count(max(window, t.MaxT), "step"), float64(n)/1e9, mostMemory/1_000_000_000)
	}
	p := cell.New(t.X, c.Hidden, t.O)
	initialise(p, random, c.ForgetBias, c.InputBias)
	r := &Run{
		Config: c, Task: t, Model: bptt.Model{Params: p, Loss: t.Loss},
		EMA: t.Shown.From, begun: t.Shown.From, Rand: random, Drawn: slices.Clone(p.All),
		stream: bptt.NewStream(p, window, stride), grad: newGradient(p),
		opt: newOptimizer(c, len(p.All)), seq: t.NewSequence(c.Hidden),
	}
	r.start, r.stream.Loss = r.Drawn, t.Loss
	if t.Validation != nil {
		r.best = best{error: math.Inf(1), params: make([]float64, len(p.All))}
	}
	if t.Criterion != nil {
		r.score.offs = make([]float64, t.Criterion.Last)
		r.tester, r.zero = r.Model.Window(t.MaxT), make([]float64, c.Hidden)
	}
	return r, nil
}

// mostMemory is the largest number of bytes that a run may take, from the first iteration to its report. The
// file of a run has five numbers for each parameter, so it stays below the limit of package safetensors.
const mostMemory int64 = 8_000_000_000

// memory returns about how many bytes a run takes. It has up to 12 vectors of the size of the parameters: the
// parameters, their gradient, the optimizer's moments, the first and the best parameters, and copies for a file,
// the check and the page. It has up to four windows: for training, testing, the check and the page.
func memory(t *task.Task, hidden, steps int) int64 {
	X, H, O := int64(t.X), int64(hidden), int64(t.O)
	params := (X+H+1)*4*H + (H+1)*O
	window := int64(steps) * (13*H + 4*(X+O) + 33) // 33: the slices of a cell.Step
	return 8 * (12*params + 4*window)
}

// initialise draws the parameters: all weights before all biases, and the gates in the order f i g o,
// as the original script does. Weights have the standard deviation √(2/(rows+columns)) of Glorot and
// Bengio, AISTATS 2010. Biases have 0.1. initialise adds forget and input to the biases of the forget
// and input gates. With forget well above 0 and input well below 0, a new network writes little to its
// memory and keeps it for long (Gers et al., Neural Computation 12(10), 2000; Tallec and Ollivier, ICLR 2018).
func initialise(p *cell.Params, r *rng.Rand, forget, input float64) {
	gate, out := math.Sqrt(2/float64(p.X+p.H+p.H)), math.Sqrt(2/float64(p.H+p.O))
	blocks := p.Blocks() // Wi Wf Wo Wg bi bf bo bg Wy by
	for _, d := range []struct {
		block           int
		deviation, mean float64
	}{
		{1, gate, 0}, {0, gate, 0}, {3, gate, 0}, {2, gate, 0}, {8, out, 0},
		{5, 0.1, forget}, {4, 0.1, input}, {7, 0.1, 0}, {6, 0.1, 0}, {9, 0.1, 0},
	} {
		for _, i := range blocks[d.block].Index {
			p.All[i] = d.mean + float64(r.Normal()*d.deviation)
		}
	}
}

// Step is one iteration: forward, backward, update. It returns the loss before the update. It returns a
// *Diverged error if the loss is not finite, or if its average is a million times its first value. A panic
// during the iteration becomes an error, too.
func (r *Run) Step() (loss float64, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("training panics: at iteration %d: %v (%s)", r.Iter, value, check.PanicAt())
		}
	}()
	s, p := r.seq, r.Model.Params
	s.Fill(r.Task.Draw, r.Rand, r.Iter)
	if !s.Carry {
		r.stream.Start(s.H0, s.C0)
	}
	r.grad.clear()
	r.y = r.y[:0]
	for x, target := range r.Task.Pieces(s, r.stream.Stride) {
		loss += r.stream.Forward(x, target)
		r.grad.mark(r.stream.Symbols())
		r.stream.Backward(r.grad.Params)
		if r.Task.Criterion != nil {
			r.y = append(r.y, r.stream.Y...)
		}
	}
	r.norms.add(r.grad.clip(r.Config.Clip))
	r.opt.update(p.All, r.grad)
	r.Iter++
	return loss, r.note(loss)
}

// note records an iteration: its loss, and whether the task is learnt.
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
	r.Past.Add(r.Iter, shown)
	if !finite(loss) {
		return r.diverged("the loss", loss)
	}
	if r.above(1e6) {
		return r.diverged("the average loss", r.EMA)
	}
	if t.Criterion != nil {
		r.look(t.Criterion)
	}
	if v := t.Validation; v != nil && r.Iter%v.Every == 0 {
		if r.best.last = v.Error(r.Model); r.best.last < r.best.error {
			r.best.error, r.best.iter = r.best.last, r.Iter
			copy(r.best.params, r.Model.Params.All)
		}
		r.Past.ValidIter, r.Past.Valid = append(r.Past.ValidIter, r.Iter), append(r.Past.Valid, r.best.last)
	}
	return nil
}

// above reports whether the average loss is too large: more than factor times its first value, and more than
// factor times the loss of the best constant output. The first value alone can be small by chance.
func (r *Run) above(factor float64) bool {
	return r.EMA > factor*r.begun && r.EMA > factor*r.Task.Baseline(r.Config.Seed, r.Model.Params.H)
}

func (r *Run) diverged(what string, value float64) error {
	return &Diverged{r.Iter - 1, what, value, r.norms.usual, r.norms.last, r.Config}
}

// End is for the end of training. It returns a *Diverged error if a parameter is not finite, or if the average
// loss is too large: more than 100 times its first value, and more than 100 times the loss of the best constant
// output.
func (r *Run) End() error {
	for i, v := range r.Model.Params.All {
		if !finite(v) {
			return r.diverged(r.Model.Params.Name(i), v)
		}
	}
	if r.above(100) {
		return r.diverged("the average loss", r.EMA)
	}
	return nil
}

// Train runs up to steps more iterations, and calls report after each. It stops early if the task
// is learnt. The error comes from Step or from End.
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

// Learnt reports whether the task met its criterion when it was last checked.
func (r *Run) Learnt() bool { return r.score.learnt }

// look checks whether the criterion c is met: after each sequence or, with sets, after every c.Every sequences.
func (r *Run) look(c *task.Criterion) {
	switch {
	case len(c.Sets) == 0:
		r.score.learnt = r.score.inARow >= c.Last && (c.Below == 0 || r.score.off() < c.Below)
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

// Fresh returns a new sequence. The network was not trained on it.
func (r *Run) Fresh() *task.Sequence {
	s := r.Task.NewSequence(r.Model.Params.H)
	s.Fill(r.Task.Fresh, r.Rand, 0)
	return s
}

// Test tests the network on fresh sequences. It returns how many of them are wrong, and the mean error.
// The parameters stay as they are.
func (r *Run) Test() (wrong int, off float64) {
	s, n := r.Task.NewSequence(r.Model.Params.H), r.Task.Criterion.Tests()
	for i := range n {
		s.Fill(r.Task.Fresh, r.Rand, i)
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
		s.Fill(r.Task.Fresh, r.Rand, i)
		sum += w.Forward(s.X, s.Target, s.H0, s.C0) / float64(n)
	}
	return sum
}

// Best returns the parameters with the least validation error, and their number of iterations. If the task
// does not validate, Best returns the last parameters. They are not a copy.
func (r *Run) Best() (params []float64, iter int) {
	if r.best.iter == 0 {
		return r.Model.Params.All, r.Iter
	}
	return r.best.params, r.best.iter
}

// KeepBest sets the network to the parameters of Best, and returns their number of iterations.
func (r *Run) KeepBest() (iter int) {
	params, iter := r.Best()
	copy(r.Model.Params.All, params)
	return iter
}

// Rewind sets the parameters to their values before training. If a run diverged, the gradient can
// still be checked there.
func (r *Run) Rewind() {
	copy(r.Model.Params.All, r.start)
	r.best.iter = 0
}

// Truncation returns how many steps the gradient goes back through, and how many steps lie between two
// backward passes.
func (r *Run) Truncation() (window, stride int) { return r.stream.Len(), r.stream.Stride }

// Entries returns the largest number of entries that a full check compares.
func (r *Run) Entries() int {
	p := r.Model.Params
	return len(p.All) + 2*p.H + p.X*max(r.Task.MaxT, r.stream.Len())
}
