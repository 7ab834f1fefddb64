// Package scalar is the LSTM of this project once more, one number at a time: the
// equations as they stand in a paper, without a vector, and without a line in common with
// the packages that are fast. It is what these are held against.
//
//   - Forward works for complex numbers too. The derivative of a function that is
//     analytic is Im f(x + ih)/h + O(h²), without a difference that could cancel (Squire
//     and Trapp, SIAM Review 40(1), 1998): with h = 1e-100 it is good to the last digits.
//   - Backward is made of lines that can be exchanged for wrong ones. The museum is a list
//     of such lines: mistakes that people make.
//   - Diagnose looks at a gradient that is wrong: where it goes wrong first, and which
//     mistake gives just these numbers.
//
// # The equations
//
// X inputs, H hidden units, O outputs, T steps; for unit j at step t, the sum of its
// inputs for each of the gates i, f, o, g
//
//	z_j = b_j + Σ_k x_k W_kj + Σ_k h'_k W_kj       k over the inputs, then the units
//	i, f, o = σ(z)   g = tanh(z)
//	c = f·c' + i·g
//	h = o·tanh(c)
//	y_n = by_n + Σ_j h_j Wy_jn                     n over the outputs
//	L = Σ_t 1/O Σ_n (y_n − target_n)²              t over the steps that have a target
//
// or, with p_n = e^y_n / Σ_m e^y_m the softmax of y, L = −Σ_t Σ_n target_n ln p_n;
// and backwards, d standing for the derivative of L:
//
//	dy_n = 2(y_n − target_n)/O                     or p_n − target_n
//	dh_j = Σ_n Wy_jn dy_n + what step t+1 hands back
//	dc   = dh·o·(1 − tanh²c) + what step t+1 hands back
//	dz_o = dh·tanh(c)·o(1−o)    dz_i = dc·g·i(1−i)
//	dz_f = dc·c'·f(1−f)         dz_g = dc·i·(1−g²)
//	dc'  = dc·f                 dh'_k = Σ_gates Σ_j W_kj dz_j
package scalar

import (
	"fmt"
	"math"
	"math/cmplx"
)

// The gates, in the order in which everything of theirs is kept.
const (
	I = iota
	F
	O
	G
)

const gates = "ifog"

// A Net is the sizes of a network and of a sequence. Everything that the loss depends on
// is kept in one vector, its entries in the order of Blocks: the parameters, the initial
// state, the inputs, and for each step and gate a number that is added to z, usually 0,
// whose derivative is dz.
type Net struct {
	X, H, O, T int  // inputs, hidden units, outputs, steps
	Softmax    bool // the loss is the cross-entropy of the softmax of y, not squared error
}

// first returns the first step that has a target: there are M rows of them, (M,O), for the
// last M steps.
func (n Net) first(target []float64) int { return n.T - len(target)/n.O }

// W is the place of a weight: of a gate, from input or, at X and above, hidden unit from,
// to unit to.
func (n Net) W(gate, from, to int) int { return (gate*(n.X+n.H)+from)*n.H + to }

// B is the place of a bias: of a gate, of a unit.
func (n Net) B(gate, unit int) int { return n.W(4, 0, 0) + gate*n.H + unit }

// Wy is the place of a weight of the readout: from a unit to an output.
func (n Net) Wy(from, out int) int { return n.B(4, 0) + from*n.O + out }

// By is the place of an output's bias.
func (n Net) By(out int) int { return n.Wy(n.H, 0) + out }

// H0 is the place of a unit's h before the first step.
func (n Net) H0(unit int) int { return n.By(n.O) + unit }

// C0 is the place of a unit's c before the first step.
func (n Net) C0(unit int) int { return n.H0(n.H) + unit }

// In is the place of input k at step t.
func (n Net) In(t, k int) int { return n.C0(n.H) + t*n.X + k }

// Z is the place of what is added to a sum: at step t, of a gate, of a unit.
func (n Net) Z(t, gate, unit int) int { return n.In(n.T, 0) + (t*4+gate)*n.H + unit }

// Len is the length of the vector.
func (n Net) Len() int { return n.Z(n.T, 0, 0) }

// Params is how many of the vector's entries are parameters: the first.
func (n Net) Params() int { return n.H0(0) }

// A Block is a part of the vector: entries From up to To.
type Block struct {
	Name     string // Wi, bf, h0, …
	From, To int    // the first entry, and the one after the last
	Cols     int    // of the matrix that they are, row by row
}

// Blocks returns Wi Wf Wo Wg bi bf bo bg Wy by h0 c0 x, and z last.
func (n Net) Blocks() []Block {
	var blocks []Block
	add := func(name string, to, cols int) {
		from := 0
		if len(blocks) > 0 {
			from = blocks[len(blocks)-1].To
		}
		blocks = append(blocks, Block{name, from, to, cols})
	}
	for gate, name := range gates {
		add("W"+string(name), n.W(gate+1, 0, 0), n.H)
	}
	for gate, name := range gates {
		add("b"+string(name), n.B(gate+1, 0), n.H)
	}
	add("Wy", n.Wy(n.H, 0), n.O)
	add("by", n.By(n.O), n.O)
	add("h0", n.H0(n.H), n.H)
	add("c0", n.C0(n.H), n.H)
	add("x", n.In(n.T, 0), n.X)
	add("z", n.Len(), n.H)
	return blocks
}

// Name returns a name for an entry: Wf[h2→3], bo[4], Wy[1→0], by[0], h0[2], c0[2],
// x[t3,0], or zf[t3,2] for unit 2's forget gate at step 3. Steps count from 0.
func (n Net) Name(i int) string {
	for _, b := range n.Blocks() {
		if i >= b.To {
			continue
		}
		row, col := (i-b.From)/b.Cols, (i-b.From)%b.Cols
		switch {
		case b.Name == "Wy":
			return fmt.Sprintf("Wy[%d→%d]", row, col)
		case b.Name[0] == 'W' && row < n.X:
			return fmt.Sprintf("%s[x%d→%d]", b.Name, row, col)
		case b.Name[0] == 'W':
			return fmt.Sprintf("%s[h%d→%d]", b.Name, row-n.X, col)
		case b.Name == "x":
			return fmt.Sprintf("x[t%d,%d]", row, col)
		case b.Name == "z":
			return fmt.Sprintf("z%c[t%d,%d]", gates[row%4], row/4, col)
		}
		return fmt.Sprintf("%s[%d]", b.Name, col)
	}
	panic("scalar: Name: no such entry")
}

// Number is what Forward computes with.
type Number interface{ float32 | float64 | complex128 }

func exp[N Number](x N) N {
	switch x := any(x).(type) {
	case float32:
		return any(float32(realExp(float64(x)))).(N)
	case float64:
		return any(realExp(x)).(N)
	case complex128:
		return any(cmplx.Exp(x)).(N)
	}
	panic("unreachable")
}

// log is the natural logarithm of a sum that has a 1 in it.
func log[N Number](x N) N {
	switch x := any(x).(type) {
	case float32:
		return any(float32(realLog(float64(x)))).(N)
	case float64:
		return any(realLog(x)).(N)
	case complex128:
		return any(cmplx.Log(x)).(N)
	}
	panic("unreachable")
}

func tanh[N Number](x N) N {
	switch x := any(x).(type) {
	case float32:
		return any(float32(realTanh(float64(x)))).(N)
	case float64:
		return any(realTanh(x)).(N)
	case complex128:
		return any(cmplx.Tanh(x)).(N)
	}
	panic("unreachable")
}

// realExp is e^x = 2^k·e^r, r = x − k·ln 2, by the Taylor series of e^r. Package math's
// differs between machines in its last bit, and that of package tensor is what this
// package is to check.
func realExp(x float64) float64 {
	const hi, lo = 0x1.62e42feep-1, 0x1.a39ef35793c76p-33 // ln 2 in two parts, k·hi exact
	x = max(-750, min(750, x))
	k := math.RoundToEven(x / math.Ln2)
	r := (x - float64(k*hi)) - float64(k*lo)
	sum := 1.0
	for n := 16.0; n > 0; n-- {
		sum = 1 + float64(r*sum)/n
	}
	return math.Ldexp(sum, int(k))
}

// realLog is the y for which e^y = x, 1 ≤ x < e^12, by Halley's method: it gains nearly 2 a
// turn, and in the end trebles the digits that are right.
func realLog(x float64) float64 {
	y := 0.0
	for range 10 {
		e := realExp(y)
		y += 2 * (x - e) / (x + e)
	}
	return y
}

// realTanh is tanh x by Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))) near 0, and
// by 1 − 2/(e^2x + 1) further out.
func realTanh(x float64) float64 {
	if math.Abs(x) > 1 {
		return math.Copysign(1-2/(realExp(2*math.Abs(x))+1), x)
	}
	f := 27.0
	for n := 25.0; n > 0; n -= 2 {
		f = n + float64(x*x)/f
	}
	return x / f
}

func number[N Number](x float64) N {
	switch any(*new(N)).(type) {
	case float32:
		return any(float32(x)).(N)
	case float64:
		return any(x).(N)
	}
	return any(complex(x, 0)).(N)
}

func sigma[N Number](x N) N { return 1 / (1 + exp(-x)) }

// A Trace is what a forward pass computed: c and h have a row more than there are steps,
// row 0 being the state before the first.
type Trace[N Number] struct {
	Z, Gate [][4][]N // (T) of (H) for each gate
	C, H    [][]N    // (T+1,H)
	TanhC   [][]N    // (T,H)
	Y       [][]N    // (T,O)
	Loss    N        // of the sequence: the sum over the steps that have a target
}

// forms is what the forward pass can be made wrong by: the museum's mistakes that no
// gradient check can see are made forwards and backwards alike.
type forms struct {
	linearH bool // h = o·c
	sumIG   bool // c = f·c' + (i + g)
}

// Forward computes the loss of v, n.Len() entries in the order of n.Blocks, against target (M,O),
// row by row: those of the last M steps, 0 ≤ M ≤ T. Lengths that do not fit panic, here and in
// all that takes v and target.
func Forward[N Number](n Net, v []N, target []float64) *Trace[N] {
	return forward(n, v, target, forms{})
}

func forward[N Number](n Net, v []N, target []float64, form forms) *Trace[N] {
	if len(v) != n.Len() || len(target)%n.O != 0 || len(target) > n.T*n.O {
		panic("scalar: v is not Len entries long, or target is not rows of O for T steps at most")
	}
	tr := &Trace[N]{C: [][]N{v[n.C0(0):n.C0(n.H)]}, H: [][]N{v[n.H0(0):n.H0(n.H)]}}
	for t := range n.T {
		var z, gate [4][]N
		c, h, tanhC := make([]N, n.H), make([]N, n.H), make([]N, n.H)
		for a := range 4 {
			z[a], gate[a] = make([]N, n.H), make([]N, n.H)
			for j := range n.H {
				sum := v[n.B(a, j)] + v[n.Z(t, a, j)]
				for k := range n.X {
					sum += v[n.In(t, k)] * v[n.W(a, k, j)]
				}
				for k := range n.H {
					sum += tr.H[t][k] * v[n.W(a, n.X+k, j)]
				}
				z[a][j] = sum
				if a == G {
					gate[a][j] = tanh(sum)
				} else {
					gate[a][j] = sigma(sum)
				}
			}
		}
		for j := range n.H {
			write := gate[I][j] * gate[G][j]
			if form.sumIG {
				write = gate[I][j] + gate[G][j]
			}
			c[j] = gate[F][j]*tr.C[t][j] + write
			tanhC[j] = tanh(c[j])
			if form.linearH {
				tanhC[j] = c[j]
			}
			h[j] = gate[O][j] * tanhC[j]
		}
		y := make([]N, n.O)
		for o := range n.O {
			y[o] = v[n.By(o)]
			for j := range n.H {
				y[o] += h[j] * v[n.Wy(j, o)]
			}
		}
		if row := t - n.first(target); row >= 0 {
			want := target[row*n.O : (row+1)*n.O]
			if n.Softmax {
				loss, _ := entropy(y, want)
				tr.Loss += loss
			} else {
				tr.Loss += squared(y, want)
			}
		}
		tr.Z, tr.Gate = append(tr.Z, z), append(tr.Gate, gate)
		tr.C, tr.H, tr.TanhC, tr.Y = append(tr.C, c), append(tr.H, h), append(tr.TanhC, tanhC), append(tr.Y, y)
	}
	return tr
}

// squared returns the loss of one row.
func squared[N Number](y []N, target []float64) N {
	var sum N
	for o := range y {
		d := y[o] - number[N](target[o])
		sum += d * d
	}
	return sum / number[N](float64(len(y)))
}

// entropy returns the loss of one row, and the probabilities. The largest y is taken from all
// of them, which changes nothing but that no exponential is above 1.
func entropy[N Number](y []N, target []float64) (loss N, p []N) {
	largest := y[0]
	for _, x := range y {
		if re(x) > re(largest) {
			largest = x
		}
	}
	var sum N
	for _, x := range y {
		p = append(p, exp(x-largest))
		sum += p[len(p)-1]
	}
	for o := range p {
		p[o] /= sum
		loss += number[N](target[o]) * (log(sum) - (y[o] - largest))
	}
	return loss, p
}

func re[N Number](x N) float64 {
	switch x := any(x).(type) {
	case float32:
		return float64(x)
	case float64:
		return x
	case complex128:
		return real(x)
	}
	panic("unreachable")
}

// ComplexStep returns the derivative of the loss with respect to entry i of v, 0 ≤ i < n.Len(),
// from one complex forward pass. v and target are as for Forward.
func ComplexStep(n Net, v, target []float64, i int) float64 {
	const h = 1e-100
	z := make([]complex128, len(v))
	for k, x := range v {
		z[k] = complex(x, 0)
	}
	z[i] += complex(0, h)
	return imag(Forward(n, z, target).Loss) / h
}
