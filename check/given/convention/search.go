package convention

import (
	"math"
	"math/rand/v2"
	"slices"

	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

// A search tries trials against a file.
type search struct {
	d      *given.Dump
	ε      float64 // of the arithmetic of the program
	loose  float64 // a trial that is further off is not looked at closely
	work   float64 // multiplications so far
	tried  int
	losses map[*place.Place]*losses
	fits   []*fit
	around [most + 1]int // of each cost, the losses that differ from that of the file by less than half of it
	near   *near
	rough  []*trial.Trial // they give the loss but for the rounding of float32
}

// most is the largest cost of a trial.
const most = 7

// A search ends after so many multiplications, but not before so many trials.
const (
	limit = 3e8
	least = 150
)

// A fit is a trial that gives the loss of the file.
type fit struct {
	*trial.Trial
	objective *objective
	factor    factor
	point     *pass.Point
	tolerance float64 // of the loss, relative
	score     int     // how many arrays of the file have the gradient of the fit
	all       bool    // all arrays have it
	like      float64 // the mean cosine between the gradients of the file and of the fit
	gradient  []float64
}

// near is the trial that comes closest.
type near struct {
	*trial.Trial
	objective *objective
	factor    factor
	loss      float64
	agree     int
	differs   *difference
}

// losses are the readings of the loss at one place.
type losses struct {
	all     []objective
	factors [][]factor
}

func newSearch(d *given.Dump, ε float64) *search {
	s := &search{d: d, ε: ε, losses: make(map[*place.Place]*losses)}
	bar := 0.0
	for i := range d.Params {
		bar = max(bar, coarse(&d.Params[i]))
	}
	s.loose = 1000 * (bar + coarse(d.Loss) + ε)
	return s
}

// coarse returns the largest bar of an array, relative to its largest number.
func coarse(a *given.Array) float64 {
	bar, size := 0.0, 0.0
	for i, v := range a.Data {
		size = max(size, math.Abs(v))
		if a.Bar != nil {
			bar = max(bar, a.Bar[i])
		}
	}
	if size == 0 {
		return 0
	}
	return bar / size
}

// run tries all places, the cheapest choices first, until one fits.
func (s *search) run(places []*place.Place) {
	const further = 3
	last := most
	for cost := 0; cost <= last; cost++ {
		for _, p := range places {
			trial.Each(p, cost, func(a *trial.Trial) {
				if s.work < limit || s.tried < least {
					s.try(a)
				}
			})
		}
		if len(s.fits) > 0 && last == most {
			last = min(cost+further, most)
		}
		if len(s.fits) > 0 && s.sure() {
			return
		}
	}
}

// sure reports whether a fit is better than chance: the loss has so many digits that no other of the losses tried
// comes so close, or the file has the gradient of the fit.
func (s *search) sure() bool {
	return slices.ContainsFunc(s.fits, func(f *fit) bool { return f.all || s.chance(f) < 1e-5 })
}

// chance returns how many of the losses that cost no more are expected to fit as well as f does.
func (s *search) chance(f *fit) float64 {
	tried := 0
	for _, n := range s.around[:f.Cost+1] {
		tried += n
	}
	return 2 * f.tolerance * float64(tried)
}

func (s *search) readings(p *place.Place) *losses {
	if s.losses[p] == nil {
		l := &losses{all: objectives(&p.Sizes, s.d.Known["target"])}
		for i := range l.all {
			l.factors = append(l.factors, factors(&p.Sizes, &l.all[i]))
		}
		s.losses[p] = l
	}
	return s.losses[p]
}

// try runs the network of a trial, and keeps it if a loss of it is that of the file.
func (s *search) try(a *trial.Trial) {
	all := s.readings(a.Place)
	n := a.Net(pass.Sum, 1)
	s.tried++
	s.work += float64(n.N * n.T * 4 * n.H * (n.X + n.H + 20))
	p := pass.New(n, a.Vector(s.d, nil), nil)
	loss := s.d.Loss.Data[0]
	var moved []*pass.Point
	for i := range all.all {
		o := &all.all[i]
		raw, size := o.raw(p, o.target)
		for _, f := range all.factors[i] {
			off := math.Abs(raw*f.value - loss)
			if off < math.Abs(loss)/2 {
				s.around[a.Cost]++
			}
			if off <= s.loose*max(math.Abs(loss), size*f.value) {
				if moved == nil {
					moved = s.moved(a)
				}
				allowed := s.d.Loss.Bar[0] + s.spread(o, moved, raw)*f.value + s.rounding()*size*f.value
				if off <= allowed {
					if d, _ := s.compare(a, o, p, moved); d == nil {
						s.keep(&fit{Trial: a, objective: o, factor: f, tolerance: allowed / math.Abs(loss), point: p}, moved)
						continue
					}
				}
			}
			if off <= 1e-4*max(math.Abs(loss), size*f.value) && len(s.rough) < 200 {
				s.rough = append(s.rough, a)
			}
			s.closest(&near{Trial: a, objective: o, factor: f, loss: raw * f.value}, p)
		}
	}
}

// keep keeps a fit, unless it is the same function as another. The cheaper one of the two stays: it came first.
func (s *search) keep(f *fit, moved []*pass.Point) {
	s.differentiate(f, moved)
	if !slices.ContainsFunc(s.fits, f.same) {
		s.fits = append(s.fits, f)
	}
}

// rounding is the rounding of a program's sums, in parts of their terms.
func (s *search) rounding() float64 {
	if s.ε > 1e-10 {
		return 4 * s.ε
	}
	return 256 * s.ε
}

// moved returns the network with all numbers of the file moved within their bars, a few times.
func (s *search) moved(a *trial.Trial) (all []*pass.Point) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range moves {
		all = append(all, pass.New(a.Net(pass.Sum, 1), a.Vector(s.d, rng), nil))
	}
	return all
}

// spread returns how far the bars can move a loss.
func (s *search) spread(o *objective, moved []*pass.Point, raw float64) (most float64) {
	for k, p := range moved {
		l, _ := o.raw(p, o.near(k))
		most = max(most, math.Abs(l-raw))
	}
	return 3 * most
}

// near returns the targets, moved within their bars.
func (o *objective) near(k int) []float64 {
	if o.moved == nil {
		return o.target
	}
	return o.moved[k]
}

// closest keeps the reading that is most like the file, among those that cost little.
func (s *search) closest(n *near, p *pass.Point) {
	const cheap = 1
	forward := s.d.Known["y"] != nil || s.d.Known["h"] != nil || s.d.Known["c"] != nil
	switch {
	case s.near != nil && n.Cost > s.near.Cost+cheap && !(forward && n.Cost <= 3):
		return
	case forward:
		n.differs, n.agree = s.compare(n.Trial, n.objective, p, nil)
	}
	off := func(n *near) float64 { return math.Abs(n.loss - s.d.Loss.Data[0]) }
	if s.near == nil || n.agree > s.near.agree || n.agree == s.near.agree && off(n) < off(s.near) {
		s.near = n
	}
}
