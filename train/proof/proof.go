// Package proof checks the gradient of a network as it is trained: the loss of a fresh
// sequence, with respect to all parameters, the initial state and the inputs. If the gradient
// is wrong, it says where and why.
package proof

import (
	"fmt"
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/museum"
	"lstm/check/scalar"
	"lstm/train/rng"
	"lstm/train/task"
)

// A Proof is a check of the gradient of one sequence's loss.
type Proof struct {
	T         int            // steps of the sequence
	Cut       int            // steps before these, whose state is taken as constant
	Soft      bool           // a tenth of each target was spread over all outputs
	Loss      float64        // loss of the sequence
	LossAgain float64        // loss from the state in which the sequence ends: another function
	Strict    bool           // Check measures each entry to check.Tolerance of itself, or leaves it unresolved
	Total     int            // entries in all, of which Results may have a sample
	Results   []check.Result // one for each block, h0, c0 and the inputs
	Causes    []check.Cause  // marks of common mistakes
	Unfair    []string       // what a check of this sequence cannot show
	Quick     *check.Quick   // the result along a random direction, in place of Results

	// For a network small enough: the loss according to package scalar, and where and why
	// the gradient is wrong, if it is.
	Scalar    bool
	LossThere float64
	Diagnosis *museum.Diagnosis

	model  bptt.Model
	window *bptt.Window
	seq    *task.Sequence
	grad   *cell.Params
	params []check.Param
}

// New computes the gradient of the loss of s, which it may change.
//
// If training truncates, the loss is that of the last stride of s, its gradient goes back
// through the last window, and the state before this window is constant. If a network is sure
// of its symbols and right, its loss is nearly zero, and so is the gradient. Then a tenth of
// each target is spread over all outputs.
func New(m bptt.Model, s *task.Sequence, window, stride int) *Proof {
	X, O := m.Params.X, m.Params.O
	p := &Proof{T: len(s.X) / X, model: m, seq: s, grad: cell.New(X, m.Params.H, O)}
	w := m.Window(p.T)
	p.window = w
	if p.T > window {
		p.Cut, p.T = p.T-window, window
		w.Forward(s.X[:p.Cut*X], nil, s.H0, s.C0)
		copy(s.H0, w.HT)
		copy(s.C0, w.CT)
		s.X = s.X[p.Cut*X:]
		s.Target = s.Target[max(0, len(s.Target)-stride*O):]
	}
	sure := 0.1 * float64(len(s.Target)/O)
	if m.Loss.Symbols() && p.loss() < sure {
		p.Soft = true
		for i, v := range s.Target {
			s.Target[i] = float64(0.9*v) + 0.1/float64(O)
		}
	}
	p.loss()
	p.LossAgain = w.Forward(s.X, s.Target, w.HT, w.CT)
	for range 2 { // the second pass must not see what the first has left behind
		p.Loss = p.loss()
		clear(p.grad.All)
		w.Backward(p.grad)
	}
	p.params = p.parameters()
	for _, q := range p.params {
		p.Total += len(q.Index)
	}
	return p
}

func (p *Proof) loss() float64 {
	return p.window.Forward(p.seq.X, p.seq.Target, p.seq.H0, p.seq.C0)
}

// parameters returns what is checked, in the order of package scalar: every block of the
// parameters, h0, c0 and the inputs.
func (p *Proof) parameters() []check.Param {
	net, s, w := p.model.Params, p.seq, p.window
	var params []check.Param
	for _, b := range net.Blocks() {
		params = append(params, check.Param{Name: b.Name, Value: net.All, Grad: p.grad.All, Index: b.Index, Entry: net.Name})
	}
	return append(params,
		check.Param{Name: "h0", Value: s.H0, Grad: w.DH0, Index: upTo(net.H)},
		check.Param{Name: "c0", Value: s.C0, Grad: w.DC0, Index: upTo(net.H)},
		check.Param{Name: "x", Value: s.X, Grad: w.DX, Index: upTo(len(s.X)), Entry: func(i int) string {
			return fmt.Sprintf("x[t%d,%d]", i/net.X, i%net.X)
		}},
	)
}

// Check compares up to limit entries of each block, drawn at random by the seed, or all
// entries if limit is 0, and calls progress after each. If fast, it moves all entries at once,
// along a random direction, which takes a few dozen losses.
func (p *Proof) Check(fast bool, limit int, seed uint32, progress func(done, total int)) (err error) {
	if fast {
		p.Quick, err = check.Directions(p.loss, p.params, check.Options{Loss: p.Loss})
		return err
	}
	if limit > 0 {
		sample(p.params, limit, rng.New(seed))
	}
	w := p.window
	pt := newPoint(p.model, p.T, p.params, w.DZ, p.seq.Target) // before the check's losses overwrite dz
	p.Results, err = check.Gradients(p.loss, p.params, check.Options{
		Loss: p.Loss, Progress: progress, Worker: p.worker, Strict: p.Strict,
		Watch: []check.Buffer{{Name: "the window's h after its last step", Data: w.HT}, {Name: "its c", Data: w.CT}},
	})
	if err != nil {
		return err
	}
	p.Causes = check.Explain(p.params, p.Results)
	if pt == nil {
		p.Unfair = check.Fair(p.params)
		return nil
	}
	p.Scalar = true
	p.LossThere = scalar.Forward(pt.Net, pt.v, pt.target).Loss
	p.Unfair = scalar.Fair(pt.Net, pt.v, pt.target)
	if p.Count(check.Wrong) > 0 {
		p.Diagnosis, err = pt.diagnose(p.Results, w, p.loss, p.Loss)
	}
	return err
}

// Count returns how many entries have a verdict.
func (p *Proof) Count(v check.Verdict) int {
	n := 0
	for _, r := range p.Results {
		n += len(r.With(v))
	}
	return n
}

// Checked returns how many entries were compared.
func (p *Proof) Checked() int {
	n := 0
	for _, r := range p.Results {
		n += len(r.Entries)
	}
	return n
}

// worker returns a loss for another goroutine, as check.Options has it.
func (p *Proof) worker() (func() float64, [][]float64) {
	net := cell.New(p.model.Params.X, p.model.Params.H, p.model.Params.O)
	copy(net.All, p.model.Params.All)
	s := p.seq
	x, h0, c0 := slices.Clone(s.X), slices.Clone(s.H0), slices.Clone(s.C0)
	w := bptt.Model{Params: net, Loss: p.model.Loss}.Window(p.T)
	var values [][]float64
	for range net.Blocks() {
		values = append(values, net.All)
	}
	return func() float64 { return w.Forward(x, s.Target, h0, c0) }, append(values, h0, c0, x)
}

// sample leaves limit entries of each parameter to compare: the one with the largest
// gradient, against which the error bars are held, and others drawn without replacement.
func sample(params []check.Param, limit int, r *rng.Rand) {
	for n := range params {
		p := &params[n]
		index := slices.Clone(p.Index)
		keep := min(limit, len(index))
		largest := 0
		for k, i := range index {
			if math.Abs(p.Grad[i]) > math.Abs(p.Grad[index[largest]]) {
				largest = k
			}
		}
		index[0], index[largest] = index[largest], index[0]
		for i := 1; i < keep; i++ {
			j := r.Int(i, len(index))
			index[i], index[j] = index[j], index[i]
		}
		p.Index = index[:keep]
		slices.Sort(p.Index)
	}
}
