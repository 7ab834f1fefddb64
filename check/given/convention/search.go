package convention

import (
	"cmp"
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
	plain  []*near        // the cheapest readings
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
	last      []string  // of y, h and c, the arrays with the last step first
	slack     []float64 // how far each number of the backward pass may be off
}

// near is the trial that comes closest.
type near struct {
	*trial.Trial
	objective *objective
	factor    factor
	point     *pass.Point
	loss      float64
	total     int // what all choices cost
	agree     int
	differs   *difference
	own       bool // the gradient of the file is that of this reading
}

// work returns the multiplications of a pass.
func (n *near) work() float64 { return float64(n.Seq.N * n.Seq.T * 4 * n.H * (n.X + n.H + 20)) }

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

// try runs the network of a trial, and compares all its losses with that of the file.
func (s *search) try(a *trial.Trial) {
	n := a.Net(pass.Sum, 1)
	s.tried++
	s.work += float64(n.N * n.T * 4 * n.H * (n.X + n.H + 20))
	r := &run{Trial: a, point: pass.New(n, a.Vector(s.d, nil), nil)}
	all := s.readings(a.Place)
	for i := range all.all {
		r.objective, r.spread = &all.all[i], -1
		r.raw, r.size = r.objective.raw(r.point, r.objective.target)
		for _, r.factor = range all.factors[i] {
			s.judge(r)
		}
	}
}

// A run is a trial with a reading of its loss.
type run struct {
	*trial.Trial
	point     *pass.Point
	moved     []*pass.Point // with all numbers of the file moved within their bars
	objective *objective
	factor    factor
	raw, size float64 // the loss before the factor, and the sum of the sizes of its terms
	spread    float64 // how far the bars move raw; −1 if that is not known yet
}

// judge keeps a run that gives the loss of the file, and y, h and c.
func (s *search) judge(r *run) {
	f, loss := r.factor.value, s.d.Loss.Data[0]
	off, size := math.Abs(r.raw*f-loss), max(math.Abs(loss), r.size*f)
	if off < math.Abs(loss)/2 {
		s.around[r.Cost]++
	}
	if off <= s.loose*size {
		if r.moved == nil {
			r.moved = s.moved(r.Trial)
		}
		if r.spread < 0 {
			r.spread = r.objective.spread(r.moved, r.raw)
		}
		allowed := s.d.Loss.Bar[0] + (r.spread+s.rounding()*r.size)*f
		if off <= allowed {
			if d, _, last := s.compare(r.Trial, r.objective, r.point, r.moved); d == nil {
				s.keep(&fit{Trial: r.Trial, objective: r.objective, factor: r.factor, tolerance: allowed / math.Abs(loss), point: r.point, last: last}, r.moved)
				return
			}
		}
	}
	if n := len(s.rough); off <= 1e-4*size && n < 200 && (n == 0 || s.rough[n-1] != r.Trial) {
		s.rough = append(s.rough, r.Trial)
	}
	s.keepNear(&near{Trial: r.Trial, objective: r.objective, factor: r.factor, loss: r.raw * f}, r.point)
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
		return 8 * s.ε
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
func (o *objective) spread(moved []*pass.Point, raw float64) (most float64) {
	for k, p := range moved {
		l, _ := o.raw(p, o.near(k))
		most = max(most, math.Abs(l-raw))
	}
	return 4 * most
}

// near returns the targets, moved within their bars.
func (o *objective) near(k int) []float64 {
	if o.moved == nil {
		return o.target
	}
	return o.moved[k]
}

// closest keeps a reading that is like the file: one whose y, h and c are, or else a plain one.
func (s *search) keepNear(n *near, p *pass.Point) {
	const cheap = 2
	n.total = n.Cost + n.objective.cost + n.factor.cost
	n.point = p
	if s.d.Known["y"] != nil || s.d.Known["h"] != nil || s.d.Known["c"] != nil {
		if n.Cost <= 3 {
			n.differs, n.agree, _ = s.compare(n.Trial, n.objective, p, nil)
		}
	}
	if s.near == nil || n.before(s.near, s.d.Loss.Data[0]) {
		s.near = n
	}
	if last := len(s.plain) - 1; last >= 0 && s.plain[last].Trial == n.Trial && s.plain[last].objective == n.objective {
		if n.before(s.plain[last], s.d.Loss.Data[0]) {
			s.plain[last] = n
		}
	} else if n.total <= cheap && len(s.plain) < 300 {
		s.plain = append(s.plain, n)
	}
}

// before reports whether a reading is more like the file than another: it has more of y, h and c, it is plainer, or its
// loss is closer.
func (n *near) before(m *near, loss float64) bool {
	return cmp.Or(cmp.Compare(m.agree, n.agree), cmp.Compare(n.total, m.total), cmp.Compare(math.Abs(n.loss-loss), math.Abs(m.loss-loss))) < 0
}

// closest returns the reading that is most like the file. A plain one whose gradient the file has is the right one.
func (s *search) closest() *near {
	for _, n := range s.plain {
		if s.work += n.work(); s.work > 2*limit {
			break
		}
		f := &fit{Trial: n.Trial, objective: n.objective, factor: n.factor, point: n.point}
		if s.differentiate(f, nil); f.all {
			n.own = true
			return n
		}
	}
	return s.near
}
