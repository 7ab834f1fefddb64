package museum

import "lstm/check/scalar"

const I, F, O, G = scalar.I, scalar.F, scalar.O, scalar.G // the gates

// A place is a position of the backward pass: unit j at step t, with all numbers that the pass knows there.
type place struct {
	scalar.Net
	v, grad []float64 // both in the order of Net.Blocks
	tr      *scalar.Trace[float64]
	t, j    int

	y, p, target float64 // of one output; p is the softmax of y
	dy           []float64
	dz           [4][]float64
	back         struct{ dh, dc []float64 } // from step t+1; then from step t

	i, f, o, g, c, tanhC float64
	z                    [4]float64
	cPrev, hPrev         float64 // the c and h of the step before
	read, dh, dc         float64 // read is Σ_n Wy_jn dy_n
}

// lines is a forward and a backward pass. Each line in which people make mistakes is a function.
type lines struct {
	cell       func(i, f, g, cPrev float64) (c, tanhC float64)
	dy, dh, dc func(p *place) float64
	dz         [4]func(p *place) float64
	dcPrev     func(p *place) float64                 // dc′
	hy         func(p *place) float64                 // dWy_jn adds this times dy_n
	x, h       func(p *place, k int) float64          // dW_kj adds these times dz_j
	dwGate     [4]int                                 // the gate whose dz goes into dW
	dbGate     [4]int                                 // the gate whose dz goes into db
	whAt       func(p *place, gate, k, j int) int     // the index of dW_kj, for h′_k
	wh         func(p *place, gate, k, j int) float64 // dh′_k adds this times dz_j
	counts     func(p *place) bool                    // whether step t is added to dW and db
	countsRead func(p *place) bool                    // whether step t is added to dWy and dby
	handsBack  func(p *place) bool                    // whether step t hands dh and dc back
	end        func(n scalar.Net, gradient []float64) // changes the whole gradient
}

// right returns the lines of package scalar.
func right() *lines {
	every := func(*place) bool { return true }
	return &lines{
		cell: scalar.Cell[float64],
		dy: func(p *place) float64 {
			if p.Softmax {
				return p.p - p.target
			}
			return 2 * (p.y - p.target) / float64(p.O)
		},
		dh: func(p *place) float64 { return p.read + p.back.dh[p.j] },
		dc: func(p *place) float64 { return p.back.dc[p.j] + p.dh*p.o*(1-p.tanhC*p.tanhC) },
		dz: [4]func(p *place) float64{
			I: func(p *place) float64 { return p.dc * p.g * p.i * (1 - p.i) },
			F: func(p *place) float64 { return p.dc * p.cPrev * p.f * (1 - p.f) },
			O: func(p *place) float64 { return p.dh * p.tanhC * p.o * (1 - p.o) },
			G: func(p *place) float64 { return p.dc * p.i * (1 - p.g*p.g) },
		},
		dcPrev: func(p *place) float64 { return p.dc * p.f },
		hy:     func(p *place) float64 { return p.tr.H[p.t+1][p.j] },
		x:      func(p *place, k int) float64 { return p.v[p.In(p.t, k)] },
		h:      func(p *place, k int) float64 { return p.tr.H[p.t][k] },
		dwGate: [4]int{I, F, O, G}, dbGate: [4]int{I, F, O, G},
		whAt:   func(p *place, gate, k, j int) int { return p.W(gate, p.X+k, j) },
		wh:     func(p *place, gate, k, j int) float64 { return p.v[p.W(gate, p.X+k, j)] },
		counts: every, countsRead: every, handsBack: every,
		end: func(scalar.Net, []float64) {},
	}
}

// backward is scalar.Backward with exchanged lines.
func backward(n scalar.Net, v, target []float64, l *lines) (loss float64, grad []float64) {
	p := &place{Net: n, v: v, grad: make([]float64, len(v)), tr: scalar.ForwardOf(l.cell, n, v, target)}
	p.back.dh, p.back.dc = make([]float64, n.H), make([]float64, n.H)
	for p.t = n.T - 1; p.t >= 0; p.t-- {
		for a := range p.dz {
			p.dz[a] = p.grad[n.Z(p.t, a, 0):n.Z(p.t, a+1, 0)]
		}
		p.outputs(l, n.Target(target, p.t))
		for p.j = range n.H {
			p.unit(l)
		}
		p.sums(l)
		p.handBack(l)
	}
	copy(p.grad[n.H0(0):], p.back.dh)
	copy(p.grad[n.C0(0):], p.back.dc)
	l.end(n, p.grad)
	return p.tr.Loss, p.grad
}

// outputs computes dy, which is zero without targets.
func (p *place) outputs(l *lines, target []float64) {
	p.dy = make([]float64, p.O)
	probability, _ := scalar.Softmax(p.tr.Y[p.t])
	for m := range target {
		p.y, p.p, p.target = p.tr.Y[p.t][m], probability[m], target[m]
		p.dy[m] = l.dy(p)
	}
}

// unit computes dz of one unit, the dc that it hands back, and dWy.
func (p *place) unit(l *lines) {
	t, j := p.t, p.j
	gate := p.tr.Gate[t]
	p.i, p.f, p.o, p.g = gate[I][j], gate[F][j], gate[O][j], gate[G][j]
	p.c, p.cPrev, p.tanhC, p.hPrev = p.tr.C[t+1][j], p.tr.C[t][j], p.tr.TanhC[t][j], p.tr.H[t][j]
	p.read = 0
	for m := range p.dy {
		p.read += p.v[p.Wy(j, m)] * p.dy[m]
	}
	p.dh = l.dh(p)
	p.dc = l.dc(p)
	for a := range p.dz {
		p.z[a] = p.tr.Z[t][a][j]
		p.dz[a][j] = l.dz[a](p)
	}
	p.back.dc[j] = l.dcPrev(p)
	if l.countsRead(p) {
		for m := range p.dy {
			p.grad[p.Wy(j, m)] += l.hy(p) * p.dy[m]
		}
	}
}

// sums adds the step to dby, dW, db and dx.
func (p *place) sums(l *lines) {
	if l.countsRead(p) {
		for m := range p.dy {
			p.grad[p.By(m)] += p.dy[m]
		}
	}
	for a := range p.dz {
		for j := range p.H {
			for k := range p.X {
				p.grad[p.In(p.t, k)] += p.v[p.W(a, k, j)] * p.dz[a][j]
			}
			if !l.counts(p) {
				continue
			}
			p.grad[p.B(a, j)] += p.dz[l.dbGate[a]][j]
			for k := range p.X {
				p.grad[p.W(a, k, j)] += l.x(p, k) * p.dz[l.dwGate[a]][j]
			}
			for k := range p.H {
				p.grad[l.whAt(p, a, k, j)] += l.h(p, k) * p.dz[l.dwGate[a]][j]
			}
		}
	}
}

// handBack replaces the dh of step t+1 by the dh that this step hands back.
func (p *place) handBack(l *lines) {
	clear(p.back.dh)
	if !l.handsBack(p) {
		clear(p.back.dc)
		return
	}
	for a := range p.dz {
		for j := range p.H {
			for k := range p.H {
				p.back.dh[k] += l.wh(p, a, k, j) * p.dz[a][j]
			}
		}
	}
}
