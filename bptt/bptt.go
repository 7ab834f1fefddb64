// Package bptt runs the cell over a window of T steps, measures the loss, and carries the gradient back
// through time (Werbos, Proceedings of the IEEE 78(10), 1990). README.md is its chapter.
//
//	h_0, c_0 → step 1 → h_1, c_1 → step 2 → … → h_T, c_T
//	             ↑ x_1     ↓ y_1      ↑ x_2     ↓ y_2
//
//	L = Σ_t loss(y_t, target_t)
//
// Forward goes from left to right and keeps what every step computes. Backward goes from right to
// left. dL/dh_t is the sum of two shares: one comes through y_t, the other through step t+1. dL/dc_t
// goes from step to step. At the left end, dL/dh_0 and dL/dc_0 remain. The weights are the same at
// every step, so their gradient is a sum over the steps. Backward adds it up once, in the order of
// the steps, when all dz_t are known.
//
// The loss is a function of the parameters, the inputs, the targets, h_0 and c_0. A numerical
// gradient belongs to the same function only if every evaluation starts from the same h_0 and c_0.
//
// # Truncation
//
// A Stream takes a sequence of any length in pieces. A piece has up to stride steps, and the gradient of
// their losses goes back through up to window steps. Williams and Peng, Neural Computation 2(4), 1990,
// call this BPTT(h; h′), where h is the window and h′ is the stride.
//
//	stride 2, window 4, third call:        h_2, c_2 constant
//
//	    1   2 | 3   4   5   6              forward from step 3
//	            ←   ←   ←   ←              the losses of 5 and 6 go back to 3
//
// The stream carries the state from window to window, and not the gradient. The result is the gradient of
// the losses of 5 and 6 as functions of the parameters, h_2 and c_2, so it can be checked. The gradient of
// the loss of the whole sequence has more paths: some paths cross the left end of the window.
package bptt

import (
	"lstm/cell"
	"lstm/tensor"
)

// A Model is a network and the loss that training minimises. Tasks, checks and pictures need only the
// Model of a run.
type Model struct {
	Params *cell.Params // the network
	Loss   Loss         // measures the outputs of the network
}

// Window returns a window for up to T steps of the model.
func (m Model) Window(T int) *Window {
	w := New(m.Params, T)
	w.Loss = m.Loss
	return w
}

// Follow returns a function that follows a sequence step by step, from the zero state. The function
// takes the next input (X) and returns the outputs (O). The next call overwrites the outputs.
func (m Model) Follow() func(x []float64) []float64 {
	w := m.Window(1)
	h, c, none := make([]float64, m.Params.H), make([]float64, m.Params.H), make([]float64, m.Params.O)
	return func(x []float64) []float64 {
		w.Forward(x, none, h, c) // the targets are 0, because only the outputs matter
		copy(h, w.HT)
		copy(c, w.CT)
		return w.Y
	}
}

// A Window runs a network over up to T steps at a time. It owns its buffers, and allocates
// nothing after New. Two goroutines must not use it at once.
type Window struct {
	Loss Loss // SquaredError{} after New

	// Results of Forward. The next Forward overwrites them.
	Y      []float64 // (M,O) outputs of the steps that have a target
	HT, CT []float64 // (H)   state after the last step

	// Results of Backward. The next Backward overwrites them.
	DZ       []float64 // (T,4H) dL/dz
	DH0, DC0 []float64 // (H)   dL/dh_0, dL/dc_0

	Nudge []float64 // (T,4H) Forward adds it to z; may be nil. A checker moves its entries to measure dL/dz

	p     *cell.Params
	n     int         // steps of the last Forward
	steps []cell.Step // (T) views of the rows of h, c, z, gates, tanhC, dh and dc
	x     []float64   // (n,X) the inputs of the last Forward; not a copy
	k     []int       // the symbols among them, in order

	// Row 0 is the state before the first step, and row t+1 the state after step t.
	h, c   []float64 // (T+1,H)
	dh, dc []float64 // (T+1,H) dL/dh, dL/dc

	z     []float64 // (T,4H) z, then dL/dz
	y, dy []float64 // (T,O); the first M rows are in use
	dx    []float64 // (T,X); nil before the first DX
}

// New returns a window for up to T steps of the network p. Every Forward reads p again, so p may
// change between calls. T below 1 panics.
func New(p *cell.Params, T int) *Window {
	if T < 1 {
		panic("bptt: New: T is below 1")
	}
	block := func(t, n int) []float64 { return make([]float64, t*n) }
	// Large blocks of memory begin at the start of a page. Forward reads z and W together. If z
	// began there, too, the two would compete for the same lines of the first cache.
	const apart = 128
	w := &Window{
		Loss: SquaredError{}, p: p, steps: make([]cell.Step, T),
		h: block(T+1, p.H), c: block(T+1, p.H), dh: block(T+1, p.H), dc: block(T+1, p.H),
		z: make([]float64, apart+T*4*p.H)[apart:], y: block(T, p.O), dy: block(T, p.O), k: make([]int, 0, T),
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

// Len returns T, the largest number of steps that Forward takes.
func (w *Window) Len() int { return len(w.steps) }

// Steps returns the numbers that each step computed in the last Forward, and in the Backward after it.
// The slices are views. The next Forward overwrites them.
func (w *Window) Steps() []cell.Step { return w.steps[:w.n] }

// Symbols returns the inputs of the last Forward as symbols (T), or nil if not all of them are symbols. The next
// Forward overwrites them.
func (w *Window) Symbols() []int {
	if len(w.k) < w.n {
		return nil
	}
	return w.k
}

// row returns row t of a matrix whose rows have n entries.
func row(a []float64, t, n int) []float64 { return a[t*n : (t+1)*n : (t+1)*n] }

// Forward runs the network over the inputs x (T,X) from the state h0 (H), c0 (H). It returns the loss of the
// last M steps against target (M,O), summed in the order of the steps. M may be 0 to T: a task that asks one
// question at the end has one row of targets. x must not change before Backward. Forward copies h0 and c0. It
// panics if a length does not fit, or if x has more steps than the window.
//
// A row of x with a 1 and zeros is a symbol. It needs only one row of Wx and of its gradient, and the result has the
// same bits, if all numbers are finite (see cell.InputSymbol).
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
	case w.Nudge != nil && len(w.Nudge) < n*4*p.H:
		panic("bptt: Forward: Nudge has fewer rows than x")
	}
	w.n, w.x, w.DZ = n, x, nil
	copy(w.h, h0)
	copy(w.c, c0)
	w.input()
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

// input finds the symbols in x, and computes the part of z that comes from x.
func (w *Window) input() {
	const few = 16 // fewer inputs take no longer than the search
	p, from := w.p, 0
	w.k = w.k[:0]
	for t := 0; t < w.n && p.X >= few; t++ {
		if k := tensor.OneHot(row(w.x, t, p.X)); k >= 0 {
			w.dense(from, t)
			p.InputSymbol(row(w.z, t, 4*p.H), k)
			w.k, from = append(w.k, k), t+1
		}
	}
	w.dense(from, w.n)
}

// dense is the part of input for steps that are no symbols.
func (w *Window) dense(from, to int) {
	if X, H := w.p.X, w.p.H; from < to {
		w.p.Input(w.z[from*4*H:to*4*H], w.x[from*X:to*X], to-from)
	}
}

// Backward adds the gradient of the last Forward's loss to g, and stores the gradient for the initial state in
// DH0 and DC0. DX computes the gradient for the inputs. Call it once after a Forward, with the same parameters.
func (w *Window) Backward(g *cell.Params) {
	if w.n == 0 {
		panic("bptt: Backward: no Forward came before")
	}
	w.throughReadout(g)
	w.throughTime(g)
}

// throughReadout goes from dy back to dh, for every step that has a target. After the last step there
// is nothing, so dL/dh and dL/dc start at zero there.
func (w *Window) throughReadout(g *cell.Params) {
	n, p := w.n, w.p
	clear(w.dh[:(n+1)*p.H])
	clear(row(w.dc, n, p.H))
	m := len(w.Y) / p.O
	if m > 0 {
		dy := w.dy[:m*p.O]
		p.ReadBackward(w.dh[(n-m+1)*p.H:(n+1)*p.H], dy, m)
		g.AccumulateRead(w.h[(n-m+1)*p.H:(n+1)*p.H], dy, m)
	}
}

// throughTime goes from step to step, and starts at the last step. Then it adds up the gradient of the
// weights over all steps, and starts at the first step.
func (w *Window) throughTime(g *cell.Params) {
	n, p := w.n, w.p
	w.DZ, w.DH0, w.DC0 = w.z[:n*4*p.H], row(w.dh, 0, p.H), row(w.dc, 0, p.H)
	for t := n - 1; t >= 0; t-- {
		p.Backward(&w.steps[t])
	}
	if k := w.Symbols(); k != nil {
		g.AccumulateSymbols(k, w.h[:n*p.H], w.DZ)
	} else {
		g.Accumulate(w.x, w.h[:n*p.H], w.DZ, n)
	}
}

// DX returns dL/dx (T,X) of the last Backward. Training does not need it, so Backward does not compute it. Call
// DX after Backward, with the same parameters. The next DX overwrites the result.
func (w *Window) DX() []float64 {
	if w.DZ == nil {
		panic("bptt: DX: no Backward came before")
	}
	if w.dx == nil {
		w.dx = make([]float64, len(w.steps)*w.p.X)
	}
	dx := w.dx[:w.n*w.p.X]
	clear(dx)
	w.p.InputBackward(dx, w.DZ, w.n)
	return dx
}
