package proof

import (
	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/check/museum"
	"lstm/check/scalar"
)

// A point is the parameters, the sequence and the gradient in the order of package scalar.
type point struct {
	scalar.Net
	v, target, grad []float64
	places          [][]int // for each parameter that is checked, the place of each entry in v
}

// newPoint returns the gradient of params, and dz (T,4H), in the order of package scalar; or nil if the
// network is too large for it. params are the blocks of the network, h0, c0 and the inputs of T steps.
func newPoint(m bptt.Model, T int, params []check.Param, dz, target []float64) *point {
	net := m.Params
	n := scalar.Net{X: net.X, H: net.H, O: net.O, T: T, Softmax: m.Loss.Symbols()}
	const most = 1 << 23 // entries times steps: what package scalar does in a moment
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
	return pt
}

// places returns where package scalar has each entry of net.All: both have the same blocks, row by row.
func places(n scalar.Net, net *cell.Params) []int {
	at, there := make([]int, len(net.All)), n.Blocks()
	for k, b := range net.Blocks() {
		for j, i := range b.Index {
			at[i] = there[k].From + j
		}
	}
	return at
}

// diagnose says where and why the gradient is wrong. The results cover the parameters, the state and the
// inputs. diagnose measures dz, one by one, by nudging z in the window: loss is the loss of its
// sequence, base at the point.
func (pt *point) diagnose(results []check.Result, w *bptt.Window, loss func() float64, base float64) (*museum.Diagnosis, error) {
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
	d := museum.Diagnose(pt.Net, pt.v, pt.target, pt.grad, func(i int) bool {
		if i < first {
			return wrong[i]
		}
		z := check.Param{Name: "z", Value: w.Nudge[i-first : i-first+1], Grad: pt.grad[i : i+1]}
		result, err := check.Gradients(loss, []check.Param{z}, check.Options{Loss: base})
		if err != nil {
			failed = err
			return true
		}
		return result[0].Entries[0].Verdict == check.Wrong
	})
	return d, failed
}

// from returns n numbers, from the first one on.
func from(first, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = first + i
	}
	return all
}
