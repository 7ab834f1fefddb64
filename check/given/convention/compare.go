package convention

import (
	"math"

	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// A difference is the first number in which a forward pass differs from that of the file.
type difference struct {
	name       string
	s, t, unit int
	file, ours float64
	agree      []string // the arrays that are the same up to there
}

// A forward is y, h or c of the file, and where a network has it.
type forward struct {
	*place.View
	name string
	k    int  // numbers in a row
	last bool // the file has the last step first
	of   func(p *pass.Point, s, t int) []float64
}

// compare returns the first number of y, h and c that differs, or nil, and how many numbers before it agree. y may be
// the outputs or their probabilities. last names the arrays that the file has with the last step first.
func (s *search) compare(a *trial.Trial, o *objective, p *pass.Point, moved []*pass.Point) (d *difference, agree int, last []string) {
	outputs := []func(p *pass.Point, s, t int) []float64{
		func(p *pass.Point, s, t int) []float64 { return p.Traces[s].Y[t] },
	}
	switch o.kind {
	case pass.CrossEntropy:
		outputs = append(outputs, func(p *pass.Point, s, t int) []float64 {
			probability, _ := scalar.Softmax(p.Traces[s].Y[t])
			return probability
		})
	case pass.Logistic:
		outputs = append(outputs, func(p *pass.Point, s, t int) (all []float64) {
			for _, y := range p.Traces[s].Y[t] {
				all = append(all, scalar.Sigma(y))
			}
			return all
		})
	}
	var first *difference
	most := 0
	for k, y := range outputs {
		all := s.forwards(a, y)
		d, agree := s.differs(a, all, p, moved)
		if d != nil && moved != nil && s.turn(a, all, p, moved) {
			d = nil
		}
		if d == nil {
			return nil, agree, lastFirst(all)
		}
		if k == 0 || agree > most {
			first, most = d, agree
		}
	}
	return first, most, nil
}

// turn reads arrays that differ with the last step first. It reports whether all agree then.
func (s *search) turn(a *trial.Trial, all []forward, p *pass.Point, moved []*pass.Point) bool {
	for k := range all {
		one := all[k : k+1]
		if d, _ := s.differs(a, one, p, moved); d == nil {
			continue
		}
		one[0].View, one[0].last = one[0].Flip(), true
		if d, _ := s.differs(a, one, p, moved); d != nil {
			return false
		}
	}
	return true
}

// lastFirst names the arrays with the last step first.
func lastFirst(all []forward) (names []string) {
	for _, f := range all {
		if f.last {
			names = append(names, f.name)
		}
	}
	return names
}

// forwards returns c, h and y of the file, as far as they are there.
func (s *search) forwards(a *trial.Trial, y func(p *pass.Point, s, t int) []float64) (all []forward) {
	add := func(x *given.Array, name string, k int, of func(p *pass.Point, s, t int) []float64) {
		if v := a.Seq.Rows(x, k); v != nil {
			all = append(all, forward{v, name, k, false, of})
		}
	}
	add(s.d.Known["c"], "c", a.H, func(p *pass.Point, s, t int) []float64 { return p.Traces[s].C[t+1] })
	add(s.d.Known["h"], "h", a.H, func(p *pass.Point, s, t int) []float64 { return p.Traces[s].H[t+1] })
	add(s.d.Known["y"], "y", a.O, y)
	return all
}

// differs compares step by step.
func (s *search) differs(a *trial.Trial, all []forward, p *pass.Point, moved []*pass.Point) (*difference, int) {
	agree := 0
	for t := range a.Seq.T {
		var same []string
		for _, f := range all {
			row := t - (a.Seq.T - f.R)
			if row < 0 {
				continue
			}
			for n := range a.Seq.N {
				ours := f.of(p, n, t)
				for i := range f.k {
					at := f.At(n, row, i)
					if math.Abs(f.Data[at]-ours[i]) > s.allowed(&f, at, n, t, i, ours[i], moved) {
						return &difference{f.name, n, t, i, f.Data[at], ours[i], same}, agree
					}
					agree++
				}
			}
			same = append(same, f.name)
		}
	}
	return nil, agree
}

// allowed returns how far a number of the forward pass may be from that of the file.
func (s *search) allowed(f *forward, at, n, t, i int, ours float64, moved []*pass.Point) float64 {
	spread := 0.0 // many numbers must all be within it
	for _, m := range moved {
		spread = max(spread, 6*math.Abs(f.of(m, n, t)[i]-ours))
	}
	if moved == nil {
		spread = s.loose / 10
	}
	return f.Bar[at] + spread + s.rounding()*max(1, math.Abs(ours))
}
