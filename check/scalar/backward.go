package scalar

// A place is where a line of the backward pass stands: unit j at step t, and what has been
// computed there so far.
type place struct {
	net  Net
	t    int
	j    int
	v    []float64
	tr   *Trace[float64]
	i, f float64 // the gates
	o, g float64
	z    [4]float64 // what they are functions of
	c    float64
	cp   float64 // c', c of the step before
	tc   float64 // tanh(c)
	hp   float64 // h'_j
	read float64 // Σ_n Wy_jn dy_n
	dh   float64
	dc   float64
	hand struct{ dh, dc float64 } // what step t+1 hands back

	y, target float64 // of one output
	p         float64 // its softmax
}

// lines is a backward pass, every line that somebody could get wrong by itself.
type lines struct {
	dy         func(p *place) float64
	dh, dc     func(p *place) float64
	dz         [4]func(p *place) float64
	dcPrev     func(p *place) float64
	wh         func(p *place, gate, k, j int) float64 // the weight that takes dz_j to dh'_k
	in         func(p *place, k int) float64          // what dW_kj multiplies dz_j with
	hy         func(p *place) float64                 // what dWy_jn multiplies dy_n with
	dwGate     [4]int                                 // whose dz goes into a gate's dW
	dbGate     [4]int                                 // and into its db
	dwAt       func(n Net, gate, k, j int) int        // where dW_kj is added
	counts     func(n Net, t int) bool                // whether step t is counted for W and b
	countsRead func(n Net, t int) bool                // and for Wy and by
	back       func(n Net, t int) (dh, dc bool)       // whether dh and dc are handed to step t−1
	end        func(n Net, grad []float64)            // done to the gradient of the parameters in the end
	form       forms
}

// right returns the lines as they should be.
func right() *lines {
	every := func(Net, int) bool { return true }
	return &lines{
		dy: func(p *place) float64 {
			if p.net.Softmax {
				return p.p - p.target
			}
			return 2 * (p.y - p.target) / float64(p.net.O)
		},
		dh: func(p *place) float64 { return p.read + p.hand.dh },
		dc: func(p *place) float64 { return p.hand.dc + p.dh*p.o*(1-p.tc*p.tc) },
		dz: [4]func(p *place) float64{
			I: func(p *place) float64 { return p.dc * p.g * p.i * (1 - p.i) },
			F: func(p *place) float64 { return p.dc * p.cp * p.f * (1 - p.f) },
			O: func(p *place) float64 { return p.dh * p.tc * p.o * (1 - p.o) },
			G: func(p *place) float64 { return p.dc * p.i * (1 - p.g*p.g) },
		},
		dcPrev: func(p *place) float64 { return p.dc * p.f },
		wh:     func(p *place, gate, k, j int) float64 { return p.v[p.net.W(gate, p.net.X+k, j)] },
		in: func(p *place, k int) float64 {
			if k < p.net.X {
				return p.v[p.net.In(p.t, k)]
			}
			return p.tr.H[p.t][k-p.net.X]
		},
		hy:         func(p *place) float64 { return p.tr.H[p.t+1][p.j] },
		dwGate:     [4]int{I, F, O, G},
		dbGate:     [4]int{I, F, O, G},
		dwAt:       func(n Net, gate, k, j int) int { return n.W(gate, k, j) },
		counts:     every,
		countsRead: every,
		back:       func(n Net, t int) (dh, dc bool) { return true, true },
		end:        func(n Net, grad []float64) {},
	}
}

// Backward returns the loss that Forward computes, and its gradient with respect to every entry
// of v: n.Len() numbers in the same order, dz among them.
func Backward(n Net, v, target []float64) (loss float64, grad []float64) {
	return backward(n, v, target, right())
}

func backward(n Net, v, target []float64, l *lines) (loss float64, grad []float64) {
	tr := forward(n, v, target, l.form)
	grad = make([]float64, len(v))
	handDh, handDc := make([]float64, n.H), make([]float64, n.H)
	for t := n.T - 1; t >= 0; t-- {
		p := &place{net: n, t: t, v: v, tr: tr}
		dy := make([]float64, n.O)
		if row := t - n.first(target); row >= 0 {
			want := target[row*n.O : (row+1)*n.O]
			var soft []float64
			if n.Softmax {
				_, soft = entropy(tr.Y[t], want)
			}
			for o := range dy {
				p.y, p.target = tr.Y[t][o], want[o]
				if n.Softmax {
					p.p = soft[o]
				}
				dy[o] = l.dy(p)
			}
		}
		var dz [4][]float64
		for a := range dz {
			dz[a] = make([]float64, n.H)
		}
		dcPrev := make([]float64, n.H)
		for j := range n.H {
			p.j = j
			p.i, p.f, p.o, p.g = tr.Gate[t][I][j], tr.Gate[t][F][j], tr.Gate[t][O][j], tr.Gate[t][G][j]
			for a := range p.z {
				p.z[a] = tr.Z[t][a][j]
			}
			p.c, p.cp, p.tc, p.hp = tr.C[t+1][j], tr.C[t][j], tr.TanhC[t][j], tr.H[t][j]
			p.hand.dh, p.hand.dc = handDh[j], handDc[j]
			p.read = 0
			for o := range dy {
				p.read += v[n.Wy(j, o)] * dy[o]
			}
			p.dh = l.dh(p)
			p.dc = l.dc(p)
			for a := range dz {
				dz[a][j] = l.dz[a](p)
				grad[n.Z(t, a, j)] = dz[a][j]
			}
			dcPrev[j] = l.dcPrev(p)
			if l.countsRead(n, t) {
				for o := range dy {
					grad[n.Wy(j, o)] += l.hy(p) * dy[o]
				}
			}
		}
		if l.countsRead(n, t) {
			for o := range dy {
				grad[n.By(o)] += dy[o]
			}
		}
		if l.counts(n, t) {
			for a := range dz {
				for j := range n.H {
					for k := range n.X + n.H {
						grad[l.dwAt(n, a, k, j)] += l.in(p, k) * dz[l.dwGate[a]][j]
					}
					grad[n.B(a, j)] += dz[l.dbGate[a]][j]
				}
			}
		}
		for k := range n.X {
			for a := range dz {
				for j := range n.H {
					grad[n.In(t, k)] += v[n.W(a, k, j)] * dz[a][j]
				}
			}
		}
		carryDh, carryDc := l.back(n, t)
		for k := range n.H {
			handDh[k], handDc[k] = 0, 0
			for a := range dz {
				for j := range n.H {
					if carryDh {
						handDh[k] += l.wh(p, a, k, j) * dz[a][j]
					}
				}
			}
			if carryDc {
				handDc[k] = dcPrev[k]
			}
		}
	}
	copy(grad[n.H0(0):n.H0(n.H)], handDh)
	copy(grad[n.C0(0):n.C0(n.H)], handDc)
	l.end(n, grad)
	return tr.Loss, grad
}
