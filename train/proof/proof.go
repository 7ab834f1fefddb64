// Package proof checks the gradient that trains a network. It checks the gradient of the loss of a fresh sequence
// with respect to all parameters, the initial state and the inputs. It says where and why an entry is wrong.
package proof

import (
	"fmt"
	"math"
	"runtime"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/cause"
	"lstm/check/chain/forward"
	"lstm/check/pass"
	"lstm/check/scalar"
	"lstm/train/rng"
	"lstm/train/task"
)

// A Proof is a check of the gradient of one sequence's loss.
type Proof struct {
	T         int            // steps of the sequence
	Cut       int            // earlier steps; the state after them is constant
	Soft      bool           // a tenth of each target was spread over all outputs
	Loss      float64        // loss of the sequence
	LossAgain float64        // loss from the final state of the sequence: another function
	Strict    bool           // an entry is unresolved if Check cannot measure it to check.Tolerance of the entry
	Total     int            // entries in all; Results may have a sample of them
	Results   []check.Result // one for each block, h0, c0 and the inputs
	Causes    []check.Cause  // marks of common mistakes
	Unfair    []string       // where a check of this sequence is blind
	Quick     *check.Quick   // the result along a random direction, in place of Results
	Panic     string         // the panic of the backward pass, and its line; then nothing is compared

	Searching func(done, total int) // Check calls it while it looks for the cause; may be nil

	Scalar    bool             // the network is small enough for package scalar
	LossThere float64          // the loss according to package scalar
	Diagnosis *cause.Diagnosis // where and why the gradient is wrong, if it is

	model  bptt.Model
	window *bptt.Window
	seq    *task.Sequence
	dx     []float64 // (T,X) dL/dx
	params []check.Param
}

// New computes the gradient of the loss of s. It may change s. If training truncates the gradient, the loss
// covers the last stride of s, the gradient goes back through the last window, and the state before this
// window is constant. If a network is sure of its symbols and right, its loss is nearly zero, and so is
// the gradient. Then New spreads a tenth of each target over all outputs.
func New(m bptt.Model, s *task.Sequence, window, stride int) *Proof {
	X, O := m.Params.X, m.Params.O
	m.Params = m.Params.Clone() // the check moves the parameters, and may be interrupted
	w, grad := m.Window(len(s.X)/X+1), cell.New(X, m.Params.H, O)
	p := &Proof{T: len(s.X) / X, model: m, window: w, seq: s}
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
	p.Loss = p.loss()
	p.backward(grad)
	if p.Panic == "" { // leftovers of a longer pass must not change the next
		w.Forward(slices.Concat(s.X, s.X[len(s.X)-X:]), s.Target, s.H0, s.C0)
		p.backward(grad)
		p.Loss = p.loss()
		clear(grad.All)
		p.backward(grad)
	}
	p.params = p.parameters(grad)
	for _, q := range p.params {
		p.Total += len(q.Index)
	}
	return p
}

// backward runs the backward pass, as training does, and computes dx. If it panics, backward sets Panic, and Diagnosis if a dz is missing.
func (p *Proof) backward(grad *cell.Params) {
	steps := p.window.Steps()
	var z [][]float64
	for _, s := range steps {
		z = append(z, slices.Clone(s.Z))
	}
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		p.Panic = fmt.Sprintf("%v (%s)", value, check.PanicAt())
		h := p.model.Params.H
		for t := len(steps) - 1; t >= 0 && p.window.DZ != nil; t-- { // without DZ, the panic was in the readout
			for i := range 4 * h { // unit by unit
				if unit, gate := i/4, i%4; steps[t].Z[gate*h+unit] == z[t][gate*h+unit] {
					p.Diagnosis = &cause.Diagnosis{Place: scalar.Place{Step: t, Gate: gate, Unit: unit, Steps: len(steps)},
						Causes: []check.Cause{{Observed: "this dz is never computed", Likely: "the backward pass panics", Line: p.Panic}}}
					return
				}
			}
		}
	}()
	p.window.Backward(grad)
	p.dx = p.window.DX()
}

func (p *Proof) loss() float64 {
	return p.window.Forward(p.seq.X, p.seq.Target, p.seq.H0, p.seq.C0)
}

// parameters returns all checked values, in the order of package scalar: every block of the parameters,
// h0, c0 and the inputs.
func (p *Proof) parameters(grad *cell.Params) []check.Param {
	net, s, w := p.model.Params, p.seq, p.window
	var params []check.Param
	for _, b := range net.Blocks() {
		params = append(params, check.Param{Name: b.Name, Value: net.All, Grad: grad.All, Index: b.Index, Entry: net.Name, Cols: b.Cols})
	}
	return append(params,
		check.Param{Name: "h0", Value: s.H0, Grad: w.DH0, Index: from(0, net.H)},
		check.Param{Name: "c0", Value: s.C0, Grad: w.DC0, Index: from(0, net.H)},
		check.Param{Name: "x", Value: s.X, Grad: p.dx, Index: from(0, len(s.X)), Cols: net.X, Entry: func(i int) string {
			return fmt.Sprintf("x[t%d,%d]", i/net.X, i%net.X)
		}},
	)
}

// Check compares up to limit entries of each block, drawn at random with the seed. If limit is 0, it compares
// all entries. It calls progress after each entry. If fast is set, it moves all entries at once, along a random
// direction. This takes a few dozen losses.
func (p *Proof) Check(fast bool, limit int, seed uint32, progress func(done, total int)) (err error) {
	if p.Panic != "" {
		return nil
	}
	if fast {
		p.Quick, err = check.Directions(p.loss, p.params, check.Options{Loss: p.Loss})
		return err
	}
	w := p.window
	pt := newPoint(p.model, p.T, p.params, w.DZ, p.seq.Target) // before the check's losses overwrite dz
	if limit > 0 {
		sample(p.params, limit, rng.New(seed))
	}
	worker := p.worker
	const most = 1 << 28 // numbers of all workers: 2 GB
	if net := p.model.Params; (len(net.All)+13*p.T*net.H)*runtime.GOMAXPROCS(0) > most {
		worker = nil
	}
	p.Results, err = check.Gradients(p.loss, p.params, check.Options{
		Loss: p.Loss, Progress: progress, Worker: worker, Strict: p.Strict,
		Watch: []check.Buffer{{Name: "the window's h after its last step", Data: w.HT}, {Name: "its c", Data: w.CT}},
	})
	if err != nil {
		return err
	}
	p.Causes = check.Explain(p.params, p.Results)
	if pt == nil {
		network := len(p.params) - 3 // without h0, c0 and x, because a state of zeros is usual
		p.Unfair = check.Fair(p.params[:network], p.Results[:network]...)
		return nil
	}
	p.Scalar = true
	p.LossThere = scalar.Forward(pt.Net, pt.v, pt.target).Loss
	p.Unfair = scalar.Fair(pt.Net, pt.v, pt.target)
	if p.otherNet() || p.Count(check.Wrong) > 0 {
		p.Diagnosis, err = pt.diagnose(p.Results, w, p.loss, p.forward(), p.Searching)
	}
	if p.Diagnosis != nil && p.Diagnosis.Forward == "" {
		p.moved()
	}
	return err
}

// moved looks at the forward pass with other parameters and another initial state. A pass that leaves out steps may have the
// right numbers from an earlier pass.
func (p *Proof) moved() {
	for k, a := range [][]float64{p.model.Params.All, p.seq.H0, p.seq.C0} {
		was := slices.Clone(a)
		defer func() { copy(a, was) }()
		for i := range a { // h0 and c0 must differ: one may be copied for the other
			a[i] += float64(a[i]/16) + float64(k+i%3+1)/128
		}
	}
	pt := newPoint(p.model, p.T, p.params, p.window.DZ, p.seq.Target) // before the pass, which may change the state
	tr := p.forward()
	if f := forward.Find(pass.New(pass.Standard(pt.Net), pt.v, pt.target), tr); len(f) > 0 {
		p.Diagnosis.Forward, p.Diagnosis.Others = f[0].Where()+", with other parameters", nil
		p.Diagnosis.Causes = []check.Cause{f[0].Cause()}
	}
}

// sameLoss is the largest allowed difference between the losses of the two networks, relative to the loss.
const sameLoss = 1e-11

// otherNet reports whether package scalar has another loss. Then the forward pass or the loss is not that of an LSTM.
func (p *Proof) otherNet() bool {
	return p.Scalar && math.Abs(p.LossThere-p.Loss) > sameLoss*max(math.Abs(p.Loss), 1e-3)
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

// worker returns a loss for another goroutine, for check.Options.
func (p *Proof) worker() (func() float64, [][]float64) {
	net := p.model.Params.Clone()
	s := p.seq
	x, h0, c0 := slices.Clone(s.X), slices.Clone(s.H0), slices.Clone(s.C0)
	w := bptt.Model{Params: net, Loss: p.model.Loss}.Window(p.T)
	var values [][]float64
	for range net.Blocks() {
		values = append(values, net.All)
	}
	return func() float64 { return w.Forward(x, s.Target, h0, c0) }, append(values, h0, c0, x)
}

// sample selects limit entries of each parameter. It takes the entry with the largest gradient, because
// error bars are relative to it, and draws the others without replacement.
func sample(params []check.Param, limit int, r *rng.Rand) {
	for n := range params {
		p := &params[n]
		index, largest := slices.Clone(p.Index), 0
		keep := min(limit, len(index))
		for k, i := range index {
			if g := math.Abs(p.Grad[i]); g > math.Abs(p.Grad[index[largest]]) || math.IsNaN(g) {
				largest = k
			}
		}
		index[0], index[largest] = index[largest], index[0]
		for i := 1; i < keep; i++ {
			j := r.Int(i, len(index))
			index[i], index[j] = index[j], index[i]
		}
		for _, i := range index[keep:] {
			if p.Grad[i]-p.Grad[i] != 0 {
				p.Grad[i] = 0 // NaN or Inf, and the sample has another such entry
			}
		}
		if keep < len(index) {
			p.Cols = 0
		}
		p.Index = index[:keep]
		slices.Sort(p.Index)
	}
}

// A point is the parameters, the sequence and the gradient in the order of package scalar.
type point struct {
	scalar.Net
	v, target, grad []float64
	places          [][]int // for each checked parameter, the place of each entry in v
}

// newPoint returns the gradient of params, and dz (T,4H), in the order of package scalar. It returns nil if the
// network is too large for that package. params are the blocks of the network, h0, c0 and the inputs of T steps.
func newPoint(m bptt.Model, T int, params []check.Param, dz, target []float64) *point {
	net := m.Params
	n := scalar.Net{X: net.X, H: net.H, O: net.O, T: T, Softmax: m.Loss.Symbols()}
	const most = 1 << 23 // entries times steps, so that package scalar takes a moment
	if n.Len()*n.T > most {
		return nil
	}
	pt := &point{Net: n, v: make([]float64, n.Len()), target: target, grad: make([]float64, n.Len())}
	all, blocks := places(n, net), n.Blocks()
	for k, q := range params {
		at := all
		if k >= len(net.Blocks()) {
			at = from(blocks[k].From, len(q.Value))
		}
		pt.places = append(pt.places, at)
		for i, place := range at {
			pt.v[place], pt.grad[place] = q.Value[i], q.Grad[i]
		}
	}
	copy(pt.grad[n.Z(0, 0, 0):], dz) // the same order
	for i, g := range pt.grad {
		if math.IsNaN(g) {
			pt.grad[i] = math.Inf(1) // known, but not a number
		}
	}
	return pt
}

// places returns, for each entry of net.All, its place in the slice v of package scalar. Both have the same
// blocks, row by row.
func places(n scalar.Net, net *cell.Params) []int {
	at, there := make([]int, len(net.All)), n.Blocks()
	for k, b := range net.Blocks() {
		for j, i := range b.Index {
			at[i] = there[k].From + j
		}
	}
	return at
}

// forward returns the numbers of the forward pass.
func (p *Proof) forward() *pass.Trace {
	tr := &pass.Trace{Loss: p.loss()}
	H, O := p.model.Params.H, p.model.Params.O
	steps := p.window.Steps()
	rows := func(a []float64) (all [4][]float64) {
		for k := range all {
			all[k] = slices.Clone(a[k*H : (k+1)*H])
		}
		return all
	}
	for t, s := range steps {
		if t == 0 {
			tr.C, tr.H = append(tr.C, slices.Clone(s.CPrev)), append(tr.H, slices.Clone(s.HPrev))
		}
		tr.Z, tr.Gate = append(tr.Z, rows(s.Z)), append(tr.Gate, rows(s.Gates))
		tr.C, tr.TanhC, tr.H = append(tr.C, slices.Clone(s.C)), append(tr.TanhC, slices.Clone(s.TanhC)), append(tr.H, slices.Clone(s.H))
		y := make([]float64, O) // of a step without a target it is not computed
		if m := t - len(steps) + len(p.window.Y)/O; m >= 0 {
			copy(y, p.window.Y[m*O:])
		}
		tr.Y = append(tr.Y, y)
	}
	return tr
}

// diagnose says where and why the gradient is wrong, or the forward pass tr. The results cover the parameters, the
// state and the inputs. diagnose measures dz itself: it nudges z in the window w. loss returns the loss at pt.
func (pt *point) diagnose(results []check.Result, w *bptt.Window, loss func() float64, tr *pass.Trace, progress func(done, total int)) (*cause.Diagnosis, error) {
	wrong := make([]bool, pt.Len())
	for k, r := range results {
		for _, e := range r.Entries {
			wrong[pt.places[k][e.Index]] = e.Verdict == check.Wrong
		}
	}
	first := pt.Z(0, 0, 0)
	w.Nudge = make([]float64, pt.Len()-first)
	defer func() { w.Nudge = nil }()
	var failed error
	d := cause.DiagnoseForward(pt.Net, pt.v, pt.target, pt.grad, tr, func(i int) bool {
		if i < first {
			return wrong[i]
		}
		z := check.Param{Name: "z", Value: w.Nudge[i-first : i-first+1], Grad: pt.grad[i : i+1]}
		result, err := check.Gradients(loss, []check.Param{z}, check.Options{Loss: tr.Loss})
		if err != nil {
			failed = err
			return true
		}
		return result[0].Entries[0].Verdict == check.Wrong
	}, progress)
	return d, failed
}

// from returns n successive whole numbers, from first on.
func from(first, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = first + i
	}
	return all
}
