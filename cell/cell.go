// Package cell is the network at one time step: an LSTM cell and a dense readout, each with its forward
// and its backward pass. README.md derives the backward pass, and shows the effect of a missing term.
//
// Each dimension has a letter: X inputs, H hidden units, O outputs, T steps, K = X+H. A step takes the input x
// and the state (h', c') of the step before, and makes the state (h, c) and the output y. Vectors are rows; ∘
// multiplies entry by entry.
//
//	z = [x; h'] W + b             W (K,4H)  b (4H)
//	i, f, o = σ(z)   g = tanh(z)  each (H), in this order in z
//	c = f∘c' + i∘g                the cell state: a part of the old one, plus something new
//	h = o∘tanh(c)                 the hidden state: what the cell shows
//	y = h Wy + by                 Wy (H,O)  by (O)
//
// On the way back, dX stands for dL/dX and has the shape of X. A value that is used twice
// gets the sum of both gradients: h goes to the readout and to the next step; c goes to
// h of this step and to the next step.
//
//	dh = Wy dy + dh from the next step
//	dc = dh∘o∘(1 − tanh²c) + dc from the next step
//	dz_i = dc∘g∘i(1−i)            σ′ = σ(1−σ)
//	dz_f = dc∘c'∘f(1−f)
//	dz_o = dh∘tanh(c)∘o(1−o)
//	dz_g = dc∘i∘(1−g²)            tanh′ = 1 − tanh²
//	dc' = dc∘f                    for the step before
//	dh' = Wh dz                   for the step before
//	dx = Wx dz
//	dW += [x; h'] ⊗ dz   db += dz
//	dWy += h ⊗ dy        dby += dy
//
// Only Forward and Backward go step by step. Everything else takes T steps at once.
//
// This is the cell of Hochreiter and Schmidhuber, Neural Computation 9(8), 1997, with the
// forget gate of Gers, Schmidhuber and Cummins, Neural Computation 12(10), 2000.
package cell

import (
	"math"

	"lstm/tensor"
)

// rows panics unless a is t rows of m numbers, b is t rows of n, and t is above 0.
func rows(a []float64, m int, b []float64, n int, t int) {
	if t < 1 || len(a) != t*m || len(b) != t*n {
		panic("cell: a slice is not T rows of the network's size, or T is below 1")
	}
}

// Input computes the part of z that comes from the inputs, for T steps. It depends on no state:
//
//	z_t = b + x_t Wx              x (T,X)  z (T,4H)
//
// Lengths that do not fit panic, here and in every function below.
func (p *Params) Input(z, x []float64, t int) {
	rows(z, 4*p.H, x, p.X, t)
	tensor.Affine(z, p.B, x, p.Wx, t)
}

// InputSymbol is Input for one step whose input is a symbol. Symbol k stands for the row x with 1 at entry k and 0
// elsewhere, so x Wx is row k of Wx:
//
//	z = b + Wx[k]                 z (4H)
//
// Input gives the same bits, because fma(0, w, z) is z and fma(1, w, z) is z + w. There are two exceptions. If
// another row has a weight that is Inf or NaN, Input gives NaN. The sign of a zero may differ.
func (p *Params) InputSymbol(z []float64, k int) {
	tensor.Add(z, p.B, p.symbol(k))
}

// symbol returns row k of Wx.
func (p *Params) symbol(k int) []float64 {
	n := 4 * p.H
	if k < 0 || k >= p.X || len(p.Wx) != p.X*n {
		panic("cell: a symbol is not 0 to X−1, or Wx has the wrong size")
	}
	return p.Wx[k*n : (k+1)*n]
}

// InputBackward adds the gradient of the inputs of T steps:
//
//	dx_t += Wx dz_t               dz (T,4H)  dx (T,X)
func (p *Params) InputBackward(dx, dz []float64, t int) {
	rows(dx, p.X, dz, 4*p.H, t)
	tensor.MatVecs(dx, p.Wx, dz, t)
}

// Forward computes one step of the cell from s.HPrev, s.CPrev and s.Z. s.Z must hold b + x Wx, as Input leaves
// it. Forward stores s.Gates, s.C, s.TanhC and s.H. The gradients of s may be nil.
func (p *Params) Forward(s *Step) {
	if h := p.H; !s.fits(h) || len(p.Wh) != 4*h*h {
		panic("cell: Forward: Wh or a slice of the step has the wrong size")
	}
	if !forwardAsm(s, p.Wh) {
		forwardGeneric(s, p.Wh)
	}
}

func forwardGeneric(s *Step, wh []float64) {
	// z = [x; h'] W + b
	tensor.VecMat(s.Z, s.HPrev, wh)

	// i, f, o = σ(z)   g = tanh(z)
	h := len(s.H)
	tensor.Sigmoid(s.Gates[:3*h], s.Z[:3*h])
	tensor.Tanh(s.Gates[3*h:], s.Z[3*h:])

	// c = f∘c' + i∘g
	i, f, o, g := split(s.Gates)
	for j, c := range s.CPrev {
		s.C[j] = math.FMA(i[j], g[j], float64(f[j]*c))
	}

	// h = o∘tanh(c)
	tensor.Tanh(s.TanhC, s.C)
	tensor.Mul(s.H, o, s.TanhC)
}

// Backward goes back through one step, after Forward. It reads s.DH and s.DC, stores dz in s.Z and dc' in
// s.DCPrev, and adds Wh dz to s.DHPrev.
//
// Before the call, s.DHPrev must hold the readout's share of dh' (ReadBackward), or zeros
// if the step before has no loss.
func (p *Params) Backward(s *Step) {
	if h := p.H; !s.fits(h) || len(p.Wh) != 4*h*h || len(s.DH) != h || len(s.DC) != h || len(s.DHPrev) != h || len(s.DCPrev) != h {
		panic("cell: Backward: Wh or a slice of the step has the wrong size")
	}
	if !backwardAsm(s, p.Wh) {
		backwardGeneric(s, p.Wh)
	}
}

func backwardGeneric(s *Step, wh []float64) {
	i, f, o, g := split(s.Gates)
	dzi, dzf, dzo, dzg := split(s.Z)
	for j, tanhC := range s.TanhC {
		// dc = dh∘o∘(1 − tanh²c) + dc from the next step
		dh := s.DH[j]
		dc := math.FMA(dh, o[j]*math.FMA(-tanhC, tanhC, 1), s.DC[j])

		// dz_i = dc∘g∘i(1−i)
		dzi[j] = dc * (g[j] * (i[j] * (1 - i[j])))

		// dz_f = dc∘c'∘f(1−f)
		dzf[j] = dc * (s.CPrev[j] * (f[j] * (1 - f[j])))

		// dz_o = dh∘tanh(c)∘o(1−o)
		dzo[j] = dh * (tanhC * (o[j] * (1 - o[j])))

		// dz_g = dc∘i∘(1−g²)
		dzg[j] = dc * (i[j] * math.FMA(-g[j], g[j], 1))

		// dc' = dc∘f
		s.DCPrev[j] = dc * f[j]
	}

	// dh' += Wh dz
	tensor.MatVec(s.DHPrev, wh, s.Z)
}

// Accumulate adds the contribution of T steps to the gradient g of W and b:
//
//	dW += Σ_t [x_t; h'_t] ⊗ dz_t  x (T,X)  h (T,H)  dz (T,4H)
//	db += Σ_t dz_t
//
// h holds the hidden state before each step. The sums run over t = 0, 1, …, T−1; any other
// order would round differently.
func (g *Params) Accumulate(x, h, dz []float64, t int) {
	rows(x, g.X, dz, 4*g.H, t)
	tensor.Outers(g.Wx, x, dz, t)
	g.accumulate(h, dz, t)
}

// AccumulateSymbols is Accumulate for inputs that are symbols k (T): it adds dz_t to one row of dWx. If dz is finite and
// no entry of dWx is −0, the bits are the same, because fma(0, dz, g) is g.
//
//	dWx[k_t] += dz_t              t = 0, 1, …, T−1
func (g *Params) AccumulateSymbols(k []int, h, dz []float64) {
	rows(dz, 4*g.H, h, g.H, len(k))
	for t, k := range k {
		tensor.Axpy(g.symbol(k), 1, dz[t*4*g.H:(t+1)*4*g.H])
	}
	g.accumulate(h, dz, len(k))
}

// accumulate adds the contribution of T steps to Wh and b.
func (g *Params) accumulate(h, dz []float64, t int) {
	rows(h, g.H, dz, 4*g.H, t)
	rows(g.B, 4*g.H, g.B, 4*g.H, 1)
	tensor.Outers(g.Wh, h, dz, t)
	tensor.Sum(g.B, dz)
}

// Read computes the outputs of T steps:
//
//	y_t = by + h_t Wy             h (T,H)  y (T,O)
func (p *Params) Read(y, h []float64, t int) {
	rows(y, p.O, h, p.H, t)
	tensor.Affine(y, p.By, h, p.Wy, t)
}

// ReadBackward adds the readout's share of dh for T steps:
//
//	dh_t += Wy dy_t               dy (T,O)  dh (T,H)
func (p *Params) ReadBackward(dh, dy []float64, t int) {
	rows(dh, p.H, dy, p.O, t)
	tensor.MatVecs(dh, p.Wy, dy, t)
}

// AccumulateRead adds the contribution of T steps to the gradient g of Wy and by:
//
//	dWy += Σ_t h_t ⊗ dy_t         h (T,H)  dy (T,O)
//	dby += Σ_t dy_t
//
// h holds the hidden state after each step. The sums run over t = 0, 1, …, T−1.
func (g *Params) AccumulateRead(h, dy []float64, t int) {
	rows(h, g.H, dy, g.O, t)
	rows(g.By, g.O, g.By, g.O, 1)
	tensor.Outers(g.Wy, h, dy, t)
	tensor.Sum(g.By, dy)
}
