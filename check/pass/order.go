package pass

// An Exchange is two gates that change places.
type Exchange struct {
	A, B int // the gates
}

// Exchanges returns every exchange of two gates.
func Exchanges() (all []Exchange) {
	for b := range 4 {
		for a := range b {
			all = append(all, Exchange{a, b})
		}
	}
	return all
}

// Order returns the gates I, F, O, G in the order that the exchange makes.
func (x Exchange) Order() [4]int {
	order := [4]int{I, F, O, G}
	order[x.A], order[x.B] = x.B, x.A
	return order
}

// Read makes the pass read the value of each of the gates in place of the other.
func (x Exchange) Read(l *Lines) {
	states, o := l.States, x.Order()
	l.States = func(p *Place) {
		states(p)
		gate := [4]float64{p.I, p.F, p.O, p.G}
		p.I, p.F, p.O, p.G = gate[o[I]], gate[o[F]], gate[o[O]], gate[o[G]]
	}
}

// Write makes the dz of the gates change places.
func (x Exchange) Write(l *Lines) {
	l.DZ[x.A], l.DZ[x.B] = l.DZ[x.B], l.DZ[x.A]
	if o := l.DZ[O]; x.A == O || x.B == O { // o comes before dc
		l.DZ[O] = func(p *Place) float64 {
			q := *p
			q.DC = p.Back.DC[p.J] + p.FromH()
			return o(&q)
		}
	}
}

// Cell is the LSTM that takes the gates in the order that the exchange makes.
func (x Exchange) Cell(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
	o := x.Order()
	return LSTM([4]float64{gate[o[I]], gate[o[F]], gate[o[O]], gate[o[G]]}, cPrev)
}
