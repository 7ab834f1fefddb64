package pass

import "lstm/check/scalar"

// A Trace has all numbers of the forward pass of one sequence. C and H have T+1 rows: row 0 is the state before
// the first step.
type Trace struct {
	Z, Gate [][4][]float64 // (T) of (H) for each gate
	C, H    [][]float64    // (T+1,H)
	TanhC   [][]float64    // (T,H); c if the cell is linear
	Y       [][]float64    // (T,O)
	Loss    float64        // of this sequence

	p [][]float64 // (T,O), the softmax of Y; nil until a backward pass needs it
}

// A Point is a network with all numbers that its loss depends on, and its forward pass.
type Point struct {
	Net
	V      []float64 // Len() numbers
	Target []float64 // (N,M,O): the last M steps of each sequence have a target
	Loss   float64   // of all sequences
	Traces []*Trace  // (N)
}

// A Cell returns c, tanh(c) and h of a unit, from its gates and the c of the step before.
type Cell func(gate [4]float64, cPrev float64) (c, tanhC, h float64)

// New runs the forward pass. It panics if a length does not fit.
func New(n Net, v, target []float64) *Point { return NewOf(nil, n, v, target) }

// NewOf is New with another cell. nil stands for the cell of the kind.
func NewOf(cell Cell, n Net, v, target []float64) *Point {
	if rows := len(target) / (n.N * n.O); len(v) != n.Len() || len(target) != rows*n.N*n.O || rows > n.T {
		panic("pass: v must have Len entries, and target (N,M,O) with at most T steps")
	}
	p := &Point{Net: n, V: v, Target: target}
	if cell == nil {
		cell = LSTM
		if n.Linear {
			cell = Linear
		}
	}
	for s := range n.N {
		tr := p.forward(cell, s)
		p.Loss += tr.Loss
		p.Traces = append(p.Traces, tr)
	}
	return p
}

// LSTM is the cell with h = o·tanh(c).
func LSTM(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
	c, tanhC = scalar.Cell(gate[I], gate[F], gate[G], cPrev)
	return c, tanhC, gate[O] * tanhC
}

// Linear is the cell with h = o·c.
func Linear(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
	c, _, _ = LSTM(gate, cPrev)
	return c, c, gate[O] * c
}

// Targets returns the targets (O) of a step, or nil if it has none.
func (p *Point) Targets(s, t int) []float64 {
	each := len(p.Target) / p.N
	return p.Net.Target(p.Target[s*each:(s+1)*each], t)
}

func (p *Point) forward(cell Cell, s int) *Trace {
	n, v, own := p.Net, p.V, p.Sequence(s)
	h0, c0 := v[n.H0(0)+own:n.C0(0)+own], v[n.C0(0)+own:n.C0(n.H)+own]
	tr := &Trace{C: [][]float64{c0}, H: [][]float64{h0}}
	for t := range n.T {
		var z, gate [4][]float64
		x := v[n.In(t, 0)+own : n.In(t+1, 0)+own]
		for a := range 4 {
			z[a], gate[a] = make([]float64, n.H), make([]float64, n.H)
			wx, wh := v[n.W(a, 0, 0):n.W(a, n.X, 0)], v[n.W(a, n.X, 0):n.W(a+1, 0, 0)]
			for j := range n.H {
				sum := v[n.B(a, j)] + v[n.Z(t, a, j)+own]
				for k, x := range x {
					sum += float64(x * wx[k*n.H+j])
				}
				for k, h := range tr.H[t] {
					sum += float64(h * wh[k*n.H+j])
				}
				if n.Peephole && (a == I || a == F) {
					sum += v[n.Peep(a, j)] * tr.C[t][j]
				}
				z[a][j], gate[a][j] = sum, n.squash(a, sum)
			}
		}
		c, tanhC, h, y := make([]float64, n.H), make([]float64, n.H), make([]float64, n.H), make([]float64, n.O)
		for j := range n.H {
			gates := [4]float64{gate[I][j], gate[F][j], gate[O][j], gate[G][j]}
			c[j], tanhC[j], h[j] = cell(gates, tr.C[t][j])
			if n.Peephole {
				z[O][j] += v[n.Peep(O, j)] * c[j]
				gate[O][j] = n.squash(O, z[O][j])
				h[j] = gate[O][j] * tanhC[j]
			}
		}
		for m := range y {
			y[m] = v[n.By(m)]
			for j := range h {
				y[m] += float64(h[j] * v[n.Wy(j, m)])
			}
		}
		tr.Z, tr.Gate = append(tr.Z, z), append(tr.Gate, gate)
		tr.C, tr.TanhC, tr.H, tr.Y = append(tr.C, c), append(tr.TanhC, tanhC), append(tr.H, h), append(tr.Y, y)
		tr.Loss += n.Value(y, p.Targets(s, t)) / n.Per
	}
	return tr
}

// squash returns the value of a gate.
func (k Kind) squash(gate int, z float64) float64 {
	switch {
	case gate == G:
		return scalar.Tanh(z)
	case k.Hard != 0:
		return max(0, min(1, float64(k.Hard*z)+0.5))
	}
	return scalar.Sigma(z)
}

// slope returns x times the derivative of a gate with the value s.
func (k Kind) slope(gate int, x, s float64) float64 {
	switch {
	case gate == G:
		return x * (1 - s*s)
	case k.Hard != 0 && (s <= 0 || s >= 1):
		return 0
	case k.Hard != 0:
		return x * k.Hard
	}
	return x * s * (1 - s)
}

// Value returns the loss of one step with the outputs y (O), before it is divided by Per. Without targets it is 0.
func (k Kind) Value(y, target []float64) (sum float64) {
	if target == nil {
		return 0
	}
	var logP []float64
	if k.Loss == CrossEntropy {
		_, logP = scalar.Softmax(y)
	}
	for m, t := range target {
		switch k.Loss {
		case Squared:
			sum += float64((y[m] - t) * (y[m] - t))
		case CrossEntropy:
			if t != 0 {
				sum -= float64(t * logP[m])
			}
		case Logistic: // σ(y) and σ(−y) are the softmax of y and 0
			_, logP := scalar.Softmax([]float64{y[m], 0})
			sum -= float64(t*logP[0]) + float64((1-t)*logP[1])
		case Sum:
			sum += y[m]
		case Dot:
			sum += float64(t * y[m])
		}
	}
	return sum
}

// dy returns the derivative of the loss with respect to output m.
func (k Kind) dy(p *Place) float64 {
	switch k.Loss {
	case Squared:
		return 2 * (p.Y - p.Target) / k.Per
	case CrossEntropy:
		return (p.P - p.Target) / k.Per
	case Logistic:
		return (scalar.Sigma(p.Y) - p.Target) / k.Per
	case Dot:
		return p.Target / k.Per
	}
	return 1 / k.Per
}

// probabilities returns the softmax of the outputs of a step.
func (tr *Trace) probabilities(t int) []float64 {
	if tr.p == nil {
		for _, y := range tr.Y {
			p, _ := scalar.Softmax(y)
			tr.p = append(tr.p, p)
		}
	}
	return tr.p[t]
}
