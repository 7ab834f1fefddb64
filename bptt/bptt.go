// Package bptt is many time steps: it runs the cell over a window of T steps, measures
// the loss, and carries the gradient back through time (Werbos, Proceedings of the
// IEEE 78(10), 1990).
//
//	h_0, c_0 → step 1 → h_1, c_1 → step 2 → … → h_T, c_T
//	             ↑ x_1     ↓ y_1      ↑ x_2     ↓ y_2
//
//	L = Σ_t loss(y_t, target_t)
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
//
// # Truncation
//
// A sequence without end has no right end to go back from, and a long one would take
// too much memory. A Stream goes back through the last steps only: BPTT(h; h′) of
// Williams and Peng, Neural Computation 2(4), 1990, takes in h′ steps, the stride, and
// carries the gradient of their losses back through h, the window.
//
//	stride 2, window 4, third call:        h_2, c_2 frozen
//
//	    1   2 | 3   4   5   6              forward from there
//	            ←   ←   ←   ←              the losses of 5 and 6 go back to 3
//
// The state is carried on, the gradient is not: what h_2 and c_2 owe to the steps before
// is taken for a constant. So the gradient is that of a function, and can be verified:
// the losses of 5 and 6, as they follow from h_2 and c_2. It is not the gradient of the
// whole sequence's loss, from which the paths that cross the window's left end are missing.
package bptt

import (
	"lstm/cell"
	"lstm/tensor"
)

// A Window runs a network over up to T steps at a time. It owns its buffers: after New
// nothing is allocated. It is not for use by two goroutines at once.
type Window struct {
	Loss Loss // SquaredError{}, unless it is set to another

	// Results of Forward, overwritten by the next one.
	Y      []float64 // (M,O) outputs of the steps that have a target
	HT, CT []float64 // (H)   state after the last step

	// Results of Backward, overwritten by the next one.
	DZ       []float64 // (T,4H) dL/dz
	DX       []float64 // (T,X) dL/dx
	DH0, DC0 []float64 // (H)   dL/dh_0, dL/dc_0

	// What comes back from beyond the last step, which Backward starts from: dL/dh_T and
	// dL/dc_T, zero unless the caller hands on what another window has found.
	DHT, DCT []float64 // (H)

	// Nudge (T,4H) is added to z where it is not nil: by moving one entry at a time a
	// checker measures dL/dz.
	Nudge []float64

	p     *cell.Params
	n     int         // steps of the last Forward
	steps []cell.Step // (T) views of rows of h, c, z, gates, tanhC, dh and dc
	x     []float64   // (n,X) the inputs of the last Forward, not a copy

	// States have a row for each step and one more, row 0 being the state before the
	// first step; row t+1 of h is the state after step t.
	h, c   []float64 // (T+1,H)
	dh, dc []float64 // (T+1,H) dL/dh, dL/dc

	z     []float64 // (T,4H) z, then dL/dz
	y, dy []float64 // (T,O), of which the first M rows are in use
	dx    []float64 // (T,X)
}

// New returns a window for up to T steps of the network p. It reads p anew at every
// Forward. T below 1 panics.
func New(p *cell.Params, T int) *Window {
	if T < 1 {
		panic("bptt: New: T is below 1")
	}
	block := func(t, n int) []float64 { return make([]float64, t*n) }
	// Large blocks begin on a page. z begins elsewhere on one than W does, since the two are
	// read together and would compete for the same lines of the first cache.
	const apart = 128
	w := &Window{
		Loss: SquaredError{}, DHT: block(1, p.H), DCT: block(1, p.H),
		p: p, steps: make([]cell.Step, T),
		h: block(T+1, p.H), c: block(T+1, p.H), dh: block(T+1, p.H), dc: block(T+1, p.H),
		z: make([]float64, apart+T*4*p.H)[apart:], y: block(T, p.O), dy: block(T, p.O), dx: block(T, p.X),
	}
	gates, tanhC := block(T, 4*p.H), block(T, p.H)
	for t := range w.steps {
		w.steps[t] = cell.Step{
			HPrev: row(w.h, t, p.H), CPrev: row(w.c, t, p.H),
			Z: row(w.z, t, 4*p.H), Gates: row(gates, t, 4*p.H),
			C: row(w.c, t+1, p.H), TanhC: row(tanhC, t, p.H), H: row(w.h, t+1, p.H),
			DH: row(w.dh, t+1, p.H), DC: row(w.dc, t+1, p.H),
			DHPrev: row(w.dh, t, p.H), DCPrev: row(w.dc, t, p.H),
		}
	}
	return w
}

// Len returns how many steps the window is for.
func (w *Window) Len() int { return len(w.steps) }

// Steps returns what each step of the last Forward computed, and of the Backward that came
// after it: views, overwritten by the next.
func (w *Window) Steps() []cell.Step { return w.steps[:w.n] }

// row returns row t of a matrix with rows of n.
func row(a []float64, t, n int) []float64 { return a[t*n : (t+1)*n : (t+1)*n] }

// Forward runs the network over the inputs x (T,X) from the state h0 (H), c0 (H), and
// returns the loss of the last M steps against target (M,O), in the order of the steps. M
// may be anything from 0 to T: a task that asks one question at the end has one row of
// targets. x must not change before Backward; h0 and c0 are copied. Lengths that do not
// fit, or more steps than the window has, panic.
func (w *Window) Forward(x, target, h0, c0 []float64) float64 {
	p := w.p
	n, m := len(x)/p.X, len(target)/p.O
	switch {
	case n < 1 || n > len(w.steps) || n*p.X != len(x):
		panic("bptt: Forward: x is not 1 to T rows of X")
	case m > n || m*p.O != len(target):
		panic("bptt: Forward: target is not a row of O for each of the last steps")
	case len(h0) != p.H || len(c0) != p.H:
		panic("bptt: Forward: h0 or c0 is not H long")
	}
	w.n, w.x = n, x
	copy(w.h, h0)
	copy(w.c, c0)
	p.Input(w.z[:n*4*p.H], x, n)
	if w.Nudge != nil {
		tensor.Add(w.z[:n*4*p.H], w.z[:n*4*p.H], w.Nudge[:n*4*p.H])
	}
	for t := range n {
		p.Forward(&w.steps[t])
	}
	w.Y, w.HT, w.CT = w.y[:m*p.O], row(w.h, n, p.H), row(w.c, n, p.H)
	if m == 0 {
		return 0
	}
	p.Read(w.Y, w.h[(n-m+1)*p.H:(n+1)*p.H], m)
	return w.Loss.Measure(w.dy[:m*p.O], w.Y, target, p.O)
}

// Backward adds to g the gradient of the last Forward's loss with respect to every
// parameter, and stores that with respect to the inputs and the initial state in DX,
// DH0 and DC0. It may follow a Forward once, and the parameters must still be those of
// that Forward.
func (w *Window) Backward(g *cell.Params) {
	n, p := w.n, w.p
	if n == 0 {
		panic("bptt: Backward: no Forward came before")
	}
	w.DZ, w.DX, w.DH0, w.DC0 = w.z[:n*4*p.H], w.dx[:n*p.X], row(w.dh, 0, p.H), row(w.dc, 0, p.H)
	m := len(w.Y) / p.O
	asked, dy := w.h[(n-m+1)*p.H:(n+1)*p.H], w.dy[:m*p.O] // of the steps that have a target
	dh, dz := w.dh[:(n+1)*p.H], w.DZ
	clear(w.DX)
	clear(dh)
	copy(dh[n*p.H:], w.DHT) // zero, as long as nobody hands on what lies beyond
	copy(row(w.dc, n, p.H), w.DCT)
	if m > 0 {
		p.ReadBackward(dh[(n-m+1)*p.H:], dy, m)
		g.AccumulateRead(asked, dy, m)
	}
	for t := n - 1; t >= 0; t-- {
		p.Backward(&w.steps[t])
	}
	p.InputBackward(w.DX, dz, n)
	g.Accumulate(w.x, w.h[:n*p.H], dz, n)
}
