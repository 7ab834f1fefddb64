// Package bptt is many time steps: it runs the cell over a window of T steps, measures
// the loss, and carries the gradient back through time (Werbos, Proceedings of the
// IEEE 78(10), 1990).
//
//	h_0, c_0 → step 1 → h_1, c_1 → step 2 → … → h_T, c_T
//	             ↑ x_1     ↓ y_1      ↑ x_2     ↓ y_2
//
//	L = Σ_t mean_o (y_t − target_t)²
//
// Forward goes left to right and keeps what every step computed. Backward goes right
// to left: dL/dh_t is what comes through y_t plus what comes through step t+1, dL/dc_t
// is handed on from step to step, and what arrives at the left end is dL/dh_0 and
// dL/dc_0. The weights are the same at every step, so their gradient is a sum over the
// steps; it is added up once, when all dz_t are known.
//
// The loss is a function of the parameters, of x and target, and of h_0 and c_0. A
// numerical gradient is that of the same function only if it starts every evaluation
// from the same h_0 and c_0.
package bptt

import (
	"math"

	"lstm/cell"
)

// A Window runs a network over up to T steps at a time. It owns its buffers: after New
// nothing is allocated. It is not for use by two goroutines at once.
type Window struct {
	// Results of Forward, overwritten by the next one.
	Y      []float64 // (T,O) outputs
	HT, CT []float64 // (H)   state after the last step

	// Results of Backward, overwritten by the next one.
	DX       []float64 // (T,X) dL/dx
	DH0, DC0 []float64 // (H)   dL/dh_0, dL/dc_0

	p     *cell.Params
	steps []cell.Step

	// One row for each step; h, c and dh have one more, row 0 being the state before
	// the first step.
	x, y, dy, dx, dz [][]float64
	h, c, dh         [][]float64

	yAll, dxAll []float64 // the memory behind y and dx
	dhAll       []float64 // and behind dh
	dc          []float64 // (H)
	n           int       // steps of the last Forward
}

// New returns a window for up to T steps of the network p. It reads p anew at every
// Forward. T below 1 panics.
func New(p *cell.Params, T int) *Window {
	if T < 1 {
		panic("bptt: New: T is below 1")
	}
	w := &Window{p: p, steps: make([]cell.Step, T), x: make([][]float64, T), dc: make([]float64, p.H)}
	w.yAll, w.y = rows(T, p.O)
	w.dxAll, w.dx = rows(T, p.X)
	w.dhAll, w.dh = rows(T+1, p.H)
	_, w.dy = rows(T, p.O)
	_, w.dz = rows(T, 4*p.H)
	_, w.h = rows(T+1, p.H)
	_, w.c = rows(T+1, p.H)
	_, gates := rows(T, 4*p.H)
	_, tanhC := rows(T, p.H)
	for t := range w.steps {
		w.steps[t] = cell.Step{Gates: gates[t], C: w.c[t+1], TanhC: tanhC[t], H: w.h[t+1], DZ: w.dz[t]}
	}
	return w
}

// rows returns t rows of n, and the one block of memory behind them.
func rows(t, n int) (all []float64, r [][]float64) {
	all = make([]float64, t*n)
	r = make([][]float64, t)
	for i := range r {
		r[i] = all[i*n : (i+1)*n : (i+1)*n]
	}
	return all, r
}

// Forward runs the network over the inputs x (T,X) from the state h0 (H), c0 (H), and
// returns the loss against target (T,O): squared error, its mean over the outputs
// summed over the steps, in the order of the steps. x must not change before Backward;
// h0 and c0 are copied. Lengths that do not fit, or more steps than the window has,
// panic.
func (w *Window) Forward(x, target, h0, c0 []float64) (loss float64) {
	p := w.p
	n := len(x) / p.X
	switch {
	case n < 1 || n > len(w.steps) || n*p.X != len(x):
		panic("bptt: Forward: x is not 1 to T rows of X")
	case len(target) != n*p.O:
		panic("bptt: Forward: target is not a row of O for each step")
	case len(h0) != p.H || len(c0) != p.H:
		panic("bptt: Forward: h0 or c0 is not H long")
	}
	w.n = n
	copy(w.h[0], h0)
	copy(w.c[0], c0)
	for t := range n {
		w.x[t] = x[t*p.X : (t+1)*p.X]
		p.Forward(&w.steps[t], w.x[t], w.h[t], w.c[t])
		p.Read(w.y[t], w.h[t+1])
		loss += squaredError(w.dy[t], w.y[t], target[t*p.O:(t+1)*p.O])
	}
	w.Y, w.HT, w.CT = w.yAll[:n*p.O], w.h[n], w.c[n]
	return loss
}

// Backward adds to g the gradient of the last Forward's loss with respect to every
// parameter, and stores that with respect to the inputs and the initial state in DX,
// DH0 and DC0. The parameters must still be those of that Forward.
func (w *Window) Backward(g *cell.Params) {
	n, p := w.n, w.p
	w.DX, w.DH0, w.DC0 = w.dxAll[:n*p.X], w.dh[0], w.dc
	clear(w.DX)
	clear(w.dhAll[:(n+1)*p.H])
	clear(w.dc)
	for t := n - 1; t >= 0; t-- {
		p.ReadBackward(w.dh[t+1], w.dy[t])
		p.Backward(&w.steps[t], w.c[t], w.dh[t+1], w.dc, w.dx[t], w.dh[t])
	}
	g.Accumulate(w.x[:n], w.h[:n], w.dz[:n])
	g.AccumulateRead(w.h[1:n+1], w.dy[:n])
}

// squaredError returns mean_o (y − target)² and stores its derivative with respect to
// y, 2(y − target)/O, in dy. The sum runs over the outputs in order.
func squaredError(dy, y, target []float64) float64 {
	n := float64(len(y))
	sum := 0.0
	for o := range y {
		d := y[o] - target[o]
		dy[o] = 2 * d / n
		sum = math.FMA(d, d, sum)
	}
	return sum / n
}
