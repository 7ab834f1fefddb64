package proof

import (
	"math"

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

// newPoint returns the gradient of params, and dz (T,4H), in the order of package scalar; or
// nil if the network is too large for it. params are the blocks of the network, h0, c0 and the
// inputs of T steps.
func newPoint(m bptt.Model, T int, params []check.Param, dz, target []float64) *point {
	net := m.Params
	n := scalar.Net{X: net.X, H: net.H, O: net.O, T: T, Softmax: m.Loss.Symbols()}
	const most = 1 << 23 // entries times steps: what package scalar does in a moment
	if n.Len()*n.T > most {
		return nil
	}
	pt := &point{Net: n, v: make([]float64, n.Len()), target: target, grad: make([]float64, n.Len())}
	all := places(n, net)
	for range net.Blocks() {
		pt.places = append(pt.places, all)
	}
	for _, from := range []int{n.H0(0), n.C0(0), n.In(0, 0)} {
		index := upTo(len(params[len(pt.places)].Value))
		for i := range index {
			index[i] += from
		}
		pt.places = append(pt.places, index)
	}
	for k, q := range params {
		for i, at := range pt.places[k] {
			pt.v[at], pt.grad[at] = q.Value[i], q.Grad[i]
		}
	}
	copy(pt.grad[n.Z(0, 0, 0):], dz) // the same order
	for i, g := range pt.grad {
		if math.IsNaN(g) {
			pt.grad[i] = math.Inf(1) // known, but no number
		}
	}
	return pt
}

// places returns where package scalar has each entry of net.All.
func places(n scalar.Net, net *cell.Params) []int {
	at := make([]int, 0, len(net.All))
	for k := range n.X + n.H { // Wx and Wh, one after the other
		for a := range 4 {
			for j := range n.H {
				at = append(at, n.W(a, k, j))
			}
		}
	}
	for a := range 4 {
		for j := range n.H {
			at = append(at, n.B(a, j))
		}
	}
	for j := range n.H {
		for o := range n.O {
			at = append(at, n.Wy(j, o))
		}
	}
	for o := range n.O {
		at = append(at, n.By(o))
	}
	return at
}

// diagnose says where and why the gradient is wrong. The results cover the parameters, the
// state and the inputs. diagnose measures dz, one by one, by nudging z in the window: loss is
// the loss of its sequence, base at the point.
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

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
