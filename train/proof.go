package train

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
)

// A Proof is a check of the gradient at the parameters as they are.
type Proof struct {
	T         int            // steps of the sequence it was made on
	Cut       int            // steps before these, whose state is taken for a constant
	Soft      bool           // a tenth of each target was spread over all outputs
	Loss      float64        // of that sequence
	LossAgain float64        // of the same from the state that it ended in: another function
	Results   []check.Result // one for each block, h0, c0 and the inputs
	Causes    []check.Cause  // the marks of common mistakes

	Unfair []string // what the point cannot show

	// Of networks small enough for it: the loss as package scalar has it, and where and why
	// the gradient is wrong, if it is.
	Scalar    bool
	LossThere float64
	Diagnosis *museum.Diagnosis
}

// scalarCost is what package scalar is given to do at most, in entries times steps.
const scalarCost = 1 << 23

// Check draws a sequence from the task and verifies the gradient of its loss with
// respect to every block of the parameters, h0, c0 and the inputs. It compares up to
// limit entries of each, drawn at random, or all of them if limit is 0, and calls
// progress after each. What is wrong is diagnosed.
func (r *Run) Check(limit int, progress func(done, total int)) (*Proof, error) {
	w, s, p, params := r.proof()
	loss := func() float64 { return w.Forward(s.X, s.Target, s.H0, s.C0) }
	if limit > 0 {
		sample(params, limit, rng.New(r.Config.Seed))
	}
	point := r.point(w, s, p.T)
	var err error
	p.Results, err = check.Gradients(loss, params, check.Options{
		Loss: p.Loss, Progress: progress, Worker: r.worker(s),
		Watch: []check.Buffer{{Name: "the window's h after its last step", Data: w.HT}, {Name: "its c", Data: w.CT}},
	})
	if err != nil {
		return p, err
	}
	p.Causes = check.Explain(params, p.Results)
	if point == nil {
		p.Unfair = check.Fair(params)
		return p, nil
	}
	p.Scalar = true
	p.LossThere = scalar.Forward(point.Net, point.v, point.target).Loss
	p.Unfair = scalar.Fair(point.Net, point.v, point.target)
	if p.Wrong() {
		p.Diagnosis, err = point.diagnose(p, loss)
	}
	return p, err
}

// Wrong reports whether an entry is.
func (p *Proof) Wrong() bool {
	return slices.ContainsFunc(p.Results, func(r check.Result) bool { return len(r.With(check.Wrong)) > 0 })
}

// CheckFast verifies the same gradient along a random direction, whatever the number of
// the parameters.
func (r *Run) CheckFast() (*check.Quick, error) {
	w, s, p, params := r.proof()
	return check.Directions(func() float64 { return w.Forward(s.X, s.Target, s.H0, s.C0) }, params, check.Options{Loss: p.Loss})
}

// proof draws a sequence, and returns a window for it, its losses, and its gradient as
// parameters to check. If training truncates, the sequence is the last window of the one
// drawn, with the losses that go back through it, from the state that is carried to it. A
// network that is sure of its symbols, and right, leaves a loss of nearly nothing, and no
// gradient to check: then a tenth of each target is spread over all outputs.
func (r *Run) proof() (*bptt.Window, *Sequence, *Proof, []check.Param) {
	s := newSequence(r.Task, r.Params.H)
	s.draw(r.rand, r.Task.Fresh, 0)
	X, O := r.Task.X, r.Task.O
	p := &Proof{T: len(s.X) / X}
	w := r.newWindow(p.T)
	if n := r.stream.Len(); p.T > n {
		p.Cut, p.T = p.T-n, n
		w.Forward(s.X[:p.Cut*X], nil, s.H0, s.C0)
		copy(s.H0, w.HT)
		copy(s.C0, w.CT)
		s.X = s.X[p.Cut*X:]
		s.Target = s.Target[max(0, len(s.Target)-r.stream.Stride()*O):]
	}
	sure := 0.1 * float64(len(s.Target)/O)
	if r.Task.Loss == (bptt.CrossEntropy{}) && w.Forward(s.X, s.Target, s.H0, s.C0) < sure {
		p.Soft = true
		for i, v := range s.Target {
			s.Target[i] = float64(0.9*v) + 0.1/float64(O)
		}
	}
	w.Forward(s.X, s.Target, s.H0, s.C0)
	p.LossAgain = w.Forward(s.X, s.Target, w.HT, w.CT)
	for range 2 { // what the first backward pass leaves behind must not be in the second
		p.Loss = w.Forward(s.X, s.Target, s.H0, s.C0)
		clear(r.grad.All)
		w.Backward(r.grad)
	}
	return w, s, p, r.params(w, s)
}

// newWindow returns a window for up to T steps of the network, with the task's loss.
func (r *Run) newWindow(T int) *bptt.Window {
	w := bptt.New(r.Params, T)
	w.Loss = r.Task.Loss
	return w
}

// worker returns losses of s for further goroutines, as check.Options has it.
func (r *Run) worker(s *Sequence) func() (func() float64, [][]float64) {
	return func() (func() float64, [][]float64) {
		p := cell.New(r.Params.X, r.Params.H, r.Params.O)
		copy(p.All, r.Params.All)
		x, h0, c0 := slices.Clone(s.X), slices.Clone(s.H0), slices.Clone(s.C0)
		w := bptt.New(p, len(s.X)/r.Task.X)
		w.Loss = r.Task.Loss
		var values [][]float64
		for range p.Blocks() {
			values = append(values, p.All)
		}
		return func() float64 { return w.Forward(x, s.Target, h0, c0) }, append(values, h0, c0, x)
	}
}

// params returns what is checked, in the order of package scalar: every block of the
// parameters, h0, c0 and the inputs.
func (r *Run) params(w *bptt.Window, s *Sequence) []check.Param {
	var params []check.Param
	for _, b := range r.Params.Blocks() {
		params = append(params, check.Param{
			Name: b.Name, Value: r.Params.All, Grad: r.grad.All, Index: b.Index, Entry: r.Params.Name,
		})
	}
	return append(params,
		check.Param{Name: "h0", Value: s.H0, Grad: w.DH0},
		check.Param{Name: "c0", Value: s.C0, Grad: w.DC0},
		check.Param{Name: "x", Value: s.X, Grad: w.DX, Entry: func(i int) string {
			return fmt.Sprintf("x[t%d,%d]", i/r.Task.X, i%r.Task.X)
		}},
	)
}

// A point is the parameters, the sequence and the gradient in the order of package scalar.
type point struct {
	scalar.Net
	v, target, grad []float64
	window          *bptt.Window
}

// point returns what Backward has just found, or nil if the network is too large.
func (r *Run) point(w *bptt.Window, s *Sequence, steps int) *point {
	p := r.Params
	n := scalar.Net{X: p.X, H: p.H, O: p.O, T: steps, Softmax: r.Task.Loss == bptt.CrossEntropy{}}
	if n.Len()*steps > scalarCost {
		return nil
	}
	pt := &point{n, make([]float64, n.Len()), s.Target, make([]float64, n.Len()), w}
	put := func(i int, v, grad float64) { pt.v[i], pt.grad[i] = v, grad }
	for a := range 4 {
		for j := range p.H {
			for k := range p.X + p.H {
				at := k*4*p.H + a*p.H + j // Wx and Wh, one after the other
				put(n.W(a, k, j), p.All[at], r.grad.All[at])
			}
			put(n.B(a, j), p.B[a*p.H+j], r.grad.B[a*p.H+j])
			for t := range steps {
				put(n.Z(t, a, j), 0, w.DZ[(t*4+a)*p.H+j])
			}
		}
	}
	for i := range p.Wy {
		put(n.Wy(0, 0)+i, p.Wy[i], r.grad.Wy[i])
	}
	for i := range p.By {
		put(n.By(0)+i, p.By[i], r.grad.By[i])
	}
	for j := range p.H {
		put(n.H0(j), s.H0[j], w.DH0[j])
		put(n.C0(j), s.C0[j], w.DC0[j])
	}
	for i := range s.X {
		put(n.In(0, 0)+i, s.X[i], w.DX[i])
	}
	return pt
}

// diagnose says where and why the gradient is wrong. What has been measured it takes from
// the proof; dz it measures, one by one, by nudging z.
func (pt *point) diagnose(p *Proof, loss func() float64) (*museum.Diagnosis, error) {
	wrong := make(map[string]bool)
	for _, r := range p.Results {
		for _, e := range r.Entries {
			wrong[e.Name] = e.Verdict == check.Wrong
		}
	}
	n := pt.Net
	pt.window.Nudge = make([]float64, n.Len()-n.Z(0, 0, 0))
	defer func() { pt.window.Nudge = nil }()
	var failed error
	d := museum.Diagnose(n, pt.v, pt.target, pt.grad, func(i int) bool {
		if i < n.Z(0, 0, 0) {
			return wrong[n.Name(i)]
		}
		z := i - n.Z(0, 0, 0)
		result, err := check.Gradients(loss, []check.Param{
			{Name: "z", Value: pt.window.Nudge[z : z+1], Grad: pt.grad[i : i+1]},
		}, check.Options{Loss: p.Loss})
		if err != nil {
			failed = err
			return true
		}
		return result[0].Entries[0].Verdict == check.Wrong
	})
	return d, failed
}

// sample leaves limit entries of each parameter to compare: the one with the largest gradient,
// which the error bars of all are held against, and others drawn without replacement.
func sample(params []check.Param, limit int, r *rng.Rand) {
	for n := range params {
		p := &params[n]
		index := slices.Clone(p.Index)
		if index == nil {
			for i := range p.Value {
				index = append(index, i)
			}
		}
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
