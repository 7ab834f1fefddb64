package pass

// A Place is a position of the backward pass: unit J at step T of sequence S, with all numbers that the pass
// knows there.
type Place struct {
	*Point
	Lines   *Lines    // the lines of this pass
	Trace   *Trace    // of sequence S
	S, T, J int       // the sequence, the step and the unit
	Own     int       // Sequence(S)
	In0     int       // the index of the step's first input
	Grad    []float64 // the vector of the backward pass

	// The derivatives of this step. Back comes from step T+1, and later goes to step T−1.
	DY   []float64
	DZ   [4][]float64
	Back struct{ DH, DC []float64 }

	dh, dc []float64 // of all units of this step

	M            int     // an output
	Y, P, Target float64 // of the output; P is its softmax

	// The forward pass at this unit.
	I, F, O, G, C, TanhC float64
	Z                    [4]float64
	CPrev, HPrev         float64 // the c and h of the step before

	Read, DH, DC float64 // Read is Σ_n Wy_jn dy_n
}

// Lines is a backward pass. Each line in which people make mistakes is a function.
type Lines struct {
	Cell       Cell                                   // of the forward pass; nil stands for the cell of the kind
	States     func(p *Place)                         // may change what the pass reads of the forward pass at a unit
	DY, DH, DC func(p *Place) float64                 // of one output, and of the unit
	DZ         [4]func(p *Place) float64              // of the gates: Slope of Through
	Through    [4]func(p *Place) float64              // the factors of dz but σ′ or tanh′
	Slope      [4]func(p *Place, x float64) float64   // x times σ′ or tanh′ of the gate
	SlopeC     func(p *Place, x float64) float64      // x times tanh′ of c
	DCPrev     func(p *Place) float64                 // dc′
	HY         func(p *Place) float64                 // dWy_jn adds this times dy_n
	X, H       func(p *Place, k int) float64          // dW_kj adds these times dz_j
	WGate      [4]int                                 // the gate whose dz goes into dW
	BGate      [4]int                                 // the gate whose dz goes into db
	WhAt       func(p *Place, gate, k, j int) int     // the index of dW_kj, for h′_k; nil: its own
	Wx, Wh     func(p *Place, gate, k, j int) float64 // dx_k and dh′_k add these times dz_j; nil: the weights
	Counts     func(p *Place) bool                    // whether the step is added to dW and db
	CountsRead func(p *Place) bool                    // whether the step is added to dWy and dby
	HandsBack  func(p *Place) bool                    // whether the step hands dh and dc back
	Keeps      [2]bool                                // dh and dc: a sequence begins with what the one before has handed back
	End        func(p *Point, gradient []float64)     // changes the whole gradient
}

// Right returns the lines without a mistake.
func Right() *Lines {
	every := func(*Place) bool { return true }
	l := &Lines{
		States: func(*Place) {},
		DY:     func(p *Place) float64 { return p.dy(p) },
		DH:     func(p *Place) float64 { return p.Read + p.Back.DH[p.J] },
		DC:     func(p *Place) float64 { return p.Back.DC[p.J] + p.FromH() + p.Peeped(O) },
		Through: [4]func(p *Place) float64{
			I: func(p *Place) float64 { return p.DC * p.G },
			F: func(p *Place) float64 { return p.DC * p.CPrev },
			O: func(p *Place) float64 { return p.DH * p.TanhC },
			G: func(p *Place) float64 { return p.DC * p.I },
		},
		SlopeC: func(p *Place, x float64) float64 {
			if p.Linear {
				return x
			}
			return x * (1 - p.TanhC*p.TanhC)
		},
		DCPrev: func(p *Place) float64 { return p.DC*p.F + p.Peeped(I) + p.Peeped(F) },
		HY:     func(p *Place) float64 { return p.Trace.H[p.T+1][p.J] },
		X:      func(p *Place, k int) float64 { return p.V[p.In0+k] },
		H:      func(p *Place, k int) float64 { return p.Trace.H[p.T][k] },
		WGate:  [4]int{I, F, O, G}, BGate: [4]int{I, F, O, G},
		Counts: every, CountsRead: every, HandsBack: every,
		End: func(*Point, []float64) {},
	}
	for a := range 4 {
		l.DZ[a] = func(p *Place) float64 { return p.Lines.Slope[a](p, p.Lines.Through[a](p)) }
		l.Slope[a] = func(p *Place, x float64) float64 { return p.slope(a, x, p.Gate(a)) }
	}
	return l
}

// Gate returns the value of a gate.
func (p *Place) Gate(gate int) float64 { return [...]float64{p.I, p.F, p.O, p.G}[gate] }

// FromH returns the part of dc that comes from h: dh·o·(1 − tanh²c).
func (p *Place) FromH() float64 { return p.Lines.SlopeC(p, p.DH*p.O) }

// Peeped returns the derivative that comes back through the peephole of a gate.
func (p *Place) Peeped(gate int) float64 {
	if !p.Peephole {
		return 0
	}
	return p.V[p.Peep(gate, p.J)] * p.DZ[gate][p.J]
}

// Backward returns the vector of the backward pass, n.All() numbers, as the given lines compute it.
func (p *Point) Backward(l *Lines) []float64 {
	return p.BackwardWhile(l, func() bool { return true })
}

// BackwardWhile is Backward, but it ends after the first step for which more returns false.
func (p *Point) BackwardWhile(l *Lines, more func() bool) []float64 {
	grad := make([]float64, p.All())
	for s := range p.Traces {
		if !p.sequence(l, grad, s, p.Net.T-1, more) {
			return grad
		}
	}
	l.End(p, grad)
	return grad
}

// BackwardFrom is Backward for one sequence, from step t back.
func (p *Point) BackwardFrom(l *Lines, s, t int) []float64 {
	grad := make([]float64, p.All())
	p.sequence(l, grad, s, t, func() bool { return true })
	return grad
}

// sequence adds the steps of a sequence, from step t back. It returns false if more did.
func (p *Point) sequence(l *Lines, grad []float64, s, t int, more func() bool) bool {
	at := &Place{Point: p, Lines: l, Trace: p.Traces[s], S: s, Own: p.Sequence(s), Grad: grad}
	at.Back.DH, at.Back.DC = make([]float64, p.Net.H), make([]float64, p.Net.H)
	for k, back := range [][]float64{at.Back.DH, at.Back.DC} {
		if l.Keeps[k] && s > 0 {
			copy(back, grad[[...]int{p.H0(0), p.C0(0)}[k]+p.Sequence(s-1):])
		}
	}
	for at.T = t; at.T >= 0; at.T-- {
		if at.step(l); !more() {
			return false
		}
	}
	copy(grad[p.H0(0)+at.Own:], at.Back.DH)
	copy(grad[p.C0(0)+at.Own:], at.Back.DC)
	return true
}

func (p *Place) step(l *Lines) {
	n, s, t := p.Net, p.S, p.T
	p.In0 = n.In(t, 0) + p.Own
	dy, dh, dc, z := n.DY(s, t, 0), n.DH(s, t, 0), n.DC(s, t, 0), n.Z(t, 0, 0)+p.Own
	p.DY, p.dh, p.dc = p.Grad[dy:dy+n.O], p.Grad[dh:dh+n.H], p.Grad[dc:dc+n.H]
	for a := range p.DZ {
		p.DZ[a] = p.Grad[z+a*n.H : z+(a+1)*n.H]
	}
	p.outputs(l)
	for p.J = range p.Net.H {
		p.unit(l)
	}
	p.sums(l)
	p.handBack(l)
}

// outputs computes dy, which is zero without targets.
func (p *Place) outputs(l *Lines) {
	for m := range p.DY {
		if p.Output(m) {
			p.DY[m] = l.DY(p)
		}
	}
}

// Outputs computes dy of all steps, and puts it into the vector of the backward pass.
func (p *Point) Outputs(l *Lines, grad []float64) {
	for s, tr := range p.Traces {
		at := &Place{Point: p, Lines: l, Trace: tr, S: s, Own: p.Sequence(s), Grad: grad}
		for at.T = range p.Net.T {
			dy := p.Net.DY(s, at.T, 0)
			at.DY = grad[dy : dy+p.O]
			at.outputs(l)
		}
	}
}

// unit computes dh, dc and dz of one unit, the dc that it hands back, and dWy.
func (p *Place) unit(l *Lines) {
	j := p.J
	p.See()
	l.States(p)
	p.Read = 0
	wy := p.Wy(j, 0)
	for m, d := range p.DY {
		p.Read += p.V[wy+m] * d
	}
	p.DH = l.DH(p)
	p.DZ[O][j] = l.DZ[O](p) // first: a peephole hands it to dc
	p.DC = l.DC(p)
	for _, a := range []int{I, F, G} {
		p.DZ[a][j] = l.DZ[a](p)
	}
	p.dh[j], p.dc[j] = p.DH, p.DC
	p.Back.DC[j] = l.DCPrev(p)
	if l.CountsRead(p) {
		for m, d := range p.DY {
			p.Grad[wy+m] += l.HY(p) * d
		}
	}
}

// See reads the numbers of the forward pass at unit J.
func (p *Place) See() {
	t, j := p.T, p.J
	gate, z := &p.Trace.Gate[t], &p.Trace.Z[t]
	p.I, p.F, p.O, p.G = gate[I][j], gate[F][j], gate[O][j], gate[G][j]
	p.Z = [4]float64{z[0][j], z[1][j], z[2][j], z[3][j]}
	p.C, p.CPrev, p.TanhC, p.HPrev = p.Trace.C[t+1][j], p.Trace.C[t][j], p.Trace.TanhC[t][j], p.Trace.H[t][j]
}

// sums adds the step to dby, dW, db, the peepholes and dx.
func (p *Place) sums(l *Lines) {
	n := p.Net
	if l.CountsRead(p) {
		for m := range p.DY {
			p.Grad[n.By(m)] += p.DY[m]
		}
	}
	for a, dz := range p.DZ {
		p.multiply(p.Grad[p.In0:p.In0+n.X], a, 0, dz, l.Wx)
	}
	if !l.Counts(p) {
		return
	}
	for a := range p.DZ {
		dw, db := p.DZ[l.WGate[a]], p.DZ[l.BGate[a]]
		for k := range n.X {
			addTo(p.Grad[n.W(a, k, 0):n.W(a, k+1, 0)], l.X(p, k), dw)
		}
		for k := range n.H {
			h := l.H(p, k)
			if l.WhAt == nil {
				addTo(p.Grad[n.W(a, n.X+k, 0):n.W(a, n.X+k+1, 0)], h, dw)
				continue
			}
			for j, dz := range dw {
				p.Grad[l.WhAt(p, a, k, j)] += h * dz
			}
		}
		addTo(p.Grad[n.B(a, 0):n.B(a, n.H)], 1, db)
		p.peepholes(a, dw)
	}
}

// addTo adds x·dz to the sums.
func addTo(sums []float64, x float64, dz []float64) {
	for j, d := range dz {
		sums[j] += x * d
	}
}

func (p *Place) peepholes(gate int, dz []float64) {
	if !p.Peephole || gate == G {
		return
	}
	c := p.Trace.C[p.T]
	if gate == O {
		c = p.Trace.C[p.T+1]
	}
	for j, d := range dz {
		p.Grad[p.Peep(gate, j)] += c[j] * d
	}
}

// multiply adds the product of a gate's weights, from row `first` on, and dz. w has the weights; nil stands for
// those of the network.
func (p *Place) multiply(sums []float64, gate, first int, dz []float64, w func(p *Place, gate, k, j int) float64) {
	for k, sum := range sums {
		row := p.V[p.W(gate, first+k, 0):p.W(gate, first+k+1, 0)]
		for j, d := range dz {
			if w == nil {
				sum += row[j] * d
			} else {
				sum += w(p, gate, k, j) * d
			}
		}
		sums[k] = sum
	}
}

// handBack replaces the dh of step T+1 by the dh that this step hands back.
func (p *Place) handBack(l *Lines) {
	clear(p.Back.DH)
	if !l.HandsBack(p) {
		clear(p.Back.DC)
		return
	}
	p.HandBack(l, p.Back.DH)
}

// HandBack adds the dh that this step hands back to dh.
func (p *Place) HandBack(l *Lines, dh []float64) {
	for a, dz := range p.DZ {
		p.multiply(dh, a, p.X, dz, l.Wh)
	}
}

// Wh returns the weight of a gate from unit k to unit j.
func (p *Place) Wh(gate, k, j int) float64 { return p.V[p.W(gate, p.X+k, j)] }

// Output reads output m. It returns whether the step has a target.
func (p *Place) Output(m int) bool {
	target := p.Targets(p.S, p.T)
	if target == nil {
		return false
	}
	p.M, p.Y, p.P, p.Target = m, p.Trace.Y[p.T][m], p.Trace.probabilities(p.T)[m], target[m]
	return true
}
