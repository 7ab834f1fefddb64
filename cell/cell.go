// Package cell is the network at one time step: an LSTM cell and a dense readout, each
// forward beside its backward. What one step needs of the step before it is done step
// by step; the rest, for T steps at once.
//
// One letter a dimension: X inputs, H hidden units, O outputs, K = X+H. A step takes
// the input x and the state (h, c) that the step before has left, written h' and c':
//
//	z = [x; h'] W + b             W (K,4H)  b (4H)
//	i, f, o = σ(z)   g = tanh(z)  each (H), in this order in z
//	c = f∘c' + i∘g                what is kept of the old, and what is written
//	h = o∘tanh(c)                 what is shown
//	y = h Wy + by                 Wy (H,O)  by (O)
//
// Going back, dX stands for dL/dX and has the shape of X. A value used in two places
// gets the sum of what comes back from both: h goes to the readout and to the next
// step, and c goes to the next step (× f there) and into this step's h:
//
//	dc += dh∘o∘(1 − tanh²c)       the second path into dc
//	dz_o = dh∘tanh(c)∘o(1−o)      σ′ = σ(1−σ)
//	dz_i = dc∘g∘i(1−i)
//	dz_f = dc∘c'∘f(1−f)
//	dz_g = dc∘i∘(1−g²)            tanh′ = 1 − tanh²
//	dc'  = dc∘f
//	dx = Wx dz    dh' = Wh dz
//	dW += [x; h'] ⊗ dz    db += dz
//
// The cell is that of Hochreiter and Schmidhuber, Neural Computation 9(8), 1997, with
// the forget gate of Gers, Schmidhuber and Cummins, Neural Computation 12(10), 2000.
package cell

import (
	"fmt"
	"math"

	"lstm/tensor"
)

// Params holds the parameters of the network, or a gradient with respect to them: the
// same names and shapes serve for both. The fields are views of one block of memory.
type Params struct {
	X, H, O int // inputs, hidden units, outputs

	All []float64 // everything, in the order below
	Wx  []float64 // (X,4H) input to gates: the first X rows of W
	Wh  []float64 // (H,4H) hidden state to gates: the other H rows of W
	B   []float64 // (4H)   bias of the gates
	Wy  []float64 // (H,O)  hidden state to outputs
	By  []float64 // (O)    bias of the outputs
}

// New returns parameters of the given sizes, all zero. Sizes below 1 panic.
func New(x, h, o int) *Params {
	if x < 1 || h < 1 || o < 1 {
		panic("cell: New: a size is below 1")
	}
	p := &Params{X: x, H: h, O: o}
	p.All = make([]float64, (x+h+1)*4*h+(h+1)*o)
	rest := p.All
	view := func(n int) []float64 {
		v := rest[:n:n]
		rest = rest[n:]
		return v
	}
	p.Wx = view(x * 4 * h)
	p.Wh = view(h * 4 * h)
	p.B = view(4 * h)
	p.Wy = view(h * o)
	p.By = view(o)
	return p
}

const gates = "ifog" // the order of the gates in z, W and b

// Name returns a name for entry i of All: Wf[h2→3] is the weight from hidden unit 2
// to the forget gate of unit 3, Wi[x0→1] from input 0 to the input gate of unit 1,
// bo[4] a bias, Wy[1→0] the weight from hidden unit 1 to output 0, by[0] its bias.
func (p *Params) Name(i int) string {
	w := len(p.Wx) + len(p.Wh)
	switch {
	case i < w:
		row, col := i/(4*p.H), i%(4*p.H)
		from := fmt.Sprintf("x%d", row)
		if row >= p.X {
			from = fmt.Sprintf("h%d", row-p.X)
		}
		return fmt.Sprintf("W%c[%s→%d]", gates[col/p.H], from, col%p.H)
	case i < w+len(p.B):
		col := i - w
		return fmt.Sprintf("b%c[%d]", gates[col/p.H], col%p.H)
	case i < w+len(p.B)+len(p.Wy):
		i -= w + len(p.B)
		return fmt.Sprintf("Wy[%d→%d]", i/p.O, i%p.O)
	default:
		return fmt.Sprintf("by[%d]", i-w-len(p.B)-len(p.Wy))
	}
}

// A Block is one matrix or vector of the equations: a gate's share of W or b, or Wy
// or by.
type Block struct {
	Name  string // Wi, bf, …
	Index []int  // its entries in All, in row-major order
}

// Blocks returns Wi Wf Wo Wg bi bf bo bg Wy by: every entry of All in just one of
// them.
func (p *Params) Blocks() []Block {
	var blocks []Block
	span := func(name string, at, rows, cols, stride int) {
		index := make([]int, 0, rows*cols)
		for r := range rows {
			for c := range cols {
				index = append(index, at+r*stride+c)
			}
		}
		blocks = append(blocks, Block{name, index})
	}
	k, h := p.X+p.H, p.H
	for n, gate := range gates {
		span("W"+string(gate), n*h, k, h, 4*h)
	}
	for n, gate := range gates {
		span("b"+string(gate), k*4*h+n*h, 1, h, h)
	}
	span("Wy", (k+1)*4*h, h, p.O, p.O)
	span("by", (k+1)*4*h+h*p.O, 1, p.O, p.O)
	return blocks
}

// A Step is what one time step reads and writes. Steps in a row share slices: H and C of
// one are HPrev and CPrev of the next, whose DHPrev and DCPrev are DH and DC of the one.
// No two slices of a step may overlap.
type Step struct {
	HPrev, CPrev []float64 // (H)  the state before the step

	Z []float64 // (4H) what Input left; undefined after Forward; dL/dz after Backward

	// Forward fills these, and Backward needs them as Forward left them.
	Gates []float64 // (4H) i, f, o, g
	C     []float64 // (H)  cell state
	TanhC []float64 // (H)  tanh(c)
	H     []float64 // (H)  hidden state

	// Backward reads the first two, adds to DHPrev and overwrites DCPrev.
	DH     []float64 // (H) dL/dh: from the readout and from the next step
	DC     []float64 // (H) dL/dc: from the next step alone
	DHPrev []float64 // (H) dL/dh', where the caller has put what comes from the readout
	DCPrev []float64 // (H) dL/dc', from this step alone
}

// forth and back report whether the slices that Forward and Backward use fit h units.
func (s *Step) forth(h int) bool {
	return len(s.HPrev) == h && len(s.CPrev) == h &&
		len(s.Z) == 4*h && len(s.Gates) == 4*h && len(s.C) == h && len(s.TanhC) == h && len(s.H) == h
}

func (s *Step) back(h int) bool {
	return len(s.DH) == h && len(s.DC) == h && len(s.DHPrev) == h && len(s.DCPrev) == h
}

// split returns the four gates' shares of a vector (4H).
func split(z []float64) (i, f, o, g []float64) {
	h := len(z) / 4
	return z[:h:h], z[h : 2*h : 2*h], z[2*h : 3*h : 3*h], z[3*h:]
}

// rows panics unless a and b are t rows of m and n, and t is above 0.
func rows(a []float64, m int, b []float64, n int, t int) {
	if t < 1 || len(a) != t*m || len(b) != t*n {
		panic("cell: a slice is not T rows of the network's size, or T is below 1")
	}
}

// Input computes what the inputs contribute to z, which does not depend on the state,
// for T steps at once: z_t = b + x_t Wx, with z (T,4H) and x (T,X). Lengths that do not
// fit panic, here and below.
func (p *Params) Input(z, x []float64, t int) {
	rows(z, 4*p.H, x, p.X, t)
	tensor.Affine(z, p.B, x, p.Wx, t)
}

// Forward computes one step of the cell from the state before it and from s.Z, where
// Input has left b + x Wx; h' Wh is added to that. The gradients of s may be missing.
func (p *Params) Forward(s *Step) {
	if !s.forth(p.H) {
		panic("cell: Forward: a slice of the step is not of the network's size")
	}
	forward(s, p.Wh)
}

// forwardGeneric is z += h' Wh, the gates from z, and the state from the gates.
func forwardGeneric(s *Step, wh []float64) {
	tensor.VecMat(s.Z, s.HPrev, wh)
	h := len(s.H)
	tensor.Sigmoid(s.Gates[:3*h], s.Z[:3*h])
	tensor.Tanh(s.Gates[3*h:], s.Z[3*h:])
	i, f, o, g := split(s.Gates)
	for j, c := range s.CPrev {
		s.C[j] = math.FMA(f[j], c, float64(i[j]*g[j]))
	}
	tensor.Tanh(s.TanhC, s.C)
	tensor.Mul(s.H, o, s.TanhC)
}

// Backward goes one step back, after Forward: from s.DH and s.DC to dL/dz in s.Z, to
// s.DCPrev and, added to what is there, to s.DHPrev.
func (p *Params) Backward(s *Step) {
	if !s.forth(p.H) || !s.back(p.H) {
		panic("cell: Backward: a slice of the step is not of the network's size")
	}
	backward(s, p.Wh)
}

// backwardGeneric is dz and dc' from dh and dc, and dh' += Wh dz.
func backwardGeneric(s *Step, wh []float64) {
	i, f, o, g := split(s.Gates)
	di, df, do, dg := split(s.Z)
	for j, tanhC := range s.TanhC {
		d := math.FMA(s.DH[j]*o[j], math.FMA(-tanhC, tanhC, 1), s.DC[j]) // dL/dc, by both paths
		di[j] = d * g[j] * (i[j] * (1 - i[j]))
		df[j] = d * s.CPrev[j] * (f[j] * (1 - f[j]))
		do[j] = s.DH[j] * tanhC * (o[j] * (1 - o[j]))
		dg[j] = d * i[j] * math.FMA(-g[j], g[j], 1)
		s.DCPrev[j] = d * f[j]
	}
	tensor.MatVec(s.DHPrev, wh, s.Z)
}

// InputBackward adds to dx (T,X) what comes back from dz (T,4H): Wx dz_t.
func (p *Params) InputBackward(dx, dz []float64, t int) {
	rows(dx, p.X, dz, 4*p.H, t)
	tensor.MatVecs(dx, p.Wx, dz, t)
}

// Accumulate adds to the gradient g what T steps contribute to W and b, in the order
// of the steps: dW += Σ_t [x_t; h'_t] ⊗ dz_t, db += Σ_t dz_t. x (T,X), h (T,H) are the
// inputs and the hidden states before each step, and dz (T,4H) is dL/dz.
func (g *Params) Accumulate(x, h, dz []float64, t int) {
	rows(x, g.X, dz, 4*g.H, t)
	rows(h, g.H, dz, 4*g.H, t)
	tensor.Outers(g.Wx, x, dz, t)
	tensor.Outers(g.Wh, h, dz, t)
	tensor.Sum(g.B, dz)
}

// Read computes the outputs of T steps from the hidden states: y_t = by + h_t Wy, with
// y (T,O) and h (T,H).
func (p *Params) Read(y, h []float64, t int) {
	rows(y, p.O, h, p.H, t)
	tensor.Affine(y, p.By, h, p.Wy, t)
}

// ReadBackward adds to dh (T,H) what comes back through the outputs, dy (T,O): Wy dy_t.
func (p *Params) ReadBackward(dh, dy []float64, t int) {
	rows(dh, p.H, dy, p.O, t)
	tensor.MatVecs(dh, p.Wy, dy, t)
}

// AccumulateRead adds to the gradient g what T steps contribute to Wy and by, in the
// order of the steps: dWy += Σ_t h_t ⊗ dy_t, dby += Σ_t dy_t, with h (T,H) the hidden
// states after each step, and dy (T,O).
func (g *Params) AccumulateRead(h, dy []float64, t int) {
	rows(h, g.H, dy, g.O, t)
	tensor.Outers(g.Wy, h, dy, t)
	tensor.Sum(g.By, dy)
}
