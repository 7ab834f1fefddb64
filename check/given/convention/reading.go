package convention

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/order"
	"lstm/check/given/convention/place"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

// reading chooses between the fits: one whose gradient the file has, or else the cheapest one. A gradient that
// points in another direction than that of the file costs, too.
func (s *search) reading() *Reading {
	slices.SortStableFunc(s.fits, func(a, b *fit) int {
		switch {
		case a.all != b.all && a.all:
			return -1
		case a.all != b.all:
			return 1
		case a.score != b.score:
			return b.score - a.score
		}
		return cmp.Compare(a.total(), b.total())
	})
	best := s.fits[0]
	seen, last := best.seen(s.d)
	r := &Reading{Dump: s.d, Point: best.point, Words: words(best.Trial, s.d, best.objective, best.factor), Seen: best.widen(seen), Numeric: best.widen(best.Gradients(s.d, s.d.Numeric))}
	for _, name := range []string{"dx", "dh0", "dc0", "dy", "dh", "dc", "di", "df", "do", "dg"} {
		a := s.d.Known[name]
		if a != nil && !slices.ContainsFunc(r.Seen, func(seen chain.Array) bool { return seen.Name == a.Name }) {
			r.Words = append(r.Words, fmt.Sprintf("%s is not read: it has the shape %v, and %s", name, a.Shape, best.wants(name)))
		}
	}
	if last = append(last, best.last...); len(last) > 0 {
		r.Words = append(r.Words, strings.Join(last, " ")+": read with the last step first")
	}
	for _, f := range s.fits[1:] {
		if f.score == best.score && f.all == best.all && len(r.Others) < 8 {
			r.Others = append(r.Others, but(words(f.Trial, s.d, f.objective, f.factor), r.Words))
		}
	}
	if s.chance(best) > 0.05 && len(r.Others) == 0 && best.score == 0 {
		r.Others = []string{"something else: the loss has so few digits that a wrong reading could give it by chance"}
	}
	return r
}

// wants returns the shape that an array of the backward pass should have, in words.
func (f *fit) wants(name string) string {
	width := map[string]int{"dx": f.X, "dy": f.O}[name]
	switch {
	case name == "dh0" || name == "dc0":
		return fmt.Sprintf("needs %v", f.Seq.Shape(1, f.H))
	case width == 0:
		width = f.H
	}
	return fmt.Sprintf("needs %v", f.Seq.Shape(f.Seq.T, width))
}

// seen returns all that the file says of the backward pass, and the arrays in it that have the last step first. With as many
// steps as sequences, the shapes do not tell which of them come first: the order stands in which the numbers fit better.
func (f *fit) seen(d *given.Dump) ([]chain.Array, []string) {
	own, last, fits := f.ordered(d, false)
	if f.Seq.N > 1 && f.Seq.N == f.Seq.T && f.Seq.Axes != "rnk" {
		if list, lastOfList, better := f.ordered(d, true); better > fits {
			own, last = list, lastOfList
		}
	}
	return append(f.Gradients(d, d.Grads), own...), last
}

// ordered returns the arrays of the backward pass, each from the first step to the last, those that the file has in the
// other order, and how well they fit.
func (f *fit) ordered(d *given.Dump, stacked bool) (own []chain.Array, last []string, bits float64) {
	read := func(last func(name string) bool) []chain.Array {
		return f.Backward(d, f.objective.M, trial.Order{Stacked: stacked, Last: last})
	}
	if own = read(nil); len(own) == 0 || f.Seq.T == 1 {
		return own, nil, 0
	}
	last, bits = order.LastFirst(f.point, f.slack, f.Gradients(d, d.Grads), own, read(func(string) bool { return true }))
	return read(func(name string) bool { return slices.Contains(last, name) }), last, bits
}

// words returns what a file was read as.
func words(t *trial.Trial, d *given.Dump, o *objective, f factor) []string {
	loss := sayLoss(&t.Sizes, o, f)
	if f.same != nil {
		loss += fmt.Sprintf(" (the same here: %s)", sayLoss(&t.Sizes, o, *f.same))
	}
	return append(t.Words(d), "loss: "+loss)
}

// but returns the sentences of a reading that another has not.
func but(words, other []string) string {
	rest := slices.DeleteFunc(slices.Clone(words), func(s string) bool { return slices.Contains(other, s) })
	if len(rest) == 0 {
		rest = words
	}
	return strings.Join(rest, "; ")
}

func (f *fit) total() float64 {
	return float64(f.Cost+f.objective.cost+f.factor.cost) + 6*(1-f.like)
}

// differentiate computes the gradient in the layout of the file, and counts the arrays of the file that have it.
func (s *search) differentiate(f *fit, moved []*pass.Point) {
	n := f.Net(f.objective.kind, 1/f.factor.value)
	f.point = pass.New(n, f.point.V, f.objective.target)
	back := f.point.Backward(pass.Right())
	var near [][]float64
	for k, p := range moved {
		near = append(near, pass.New(n, p.V, f.objective.near(k)).Backward(pass.Right()))
	}
	f.slack = slack(back, near, n.Net.H, s.rounding())
	count, entries := 0, 0
	f.all = true
	for _, a := range append(f.Gradients(s.d, s.d.Params), f.Backward(s.d, f.objective.M, trial.Order{})...) {
		f.gradient = append(f.gradient, trial.Right(&a, back)...)
	}
	seen, _ := f.seen(s.d)
	for _, a := range append(seen, f.Gradients(s.d, s.d.Numeric)...) {
		right := trial.Right(&a, back)
		agrees := s.agrees(&a, back, near)
		f.all = f.all && agrees
		if a.Name == "dy" || f.trivial(a.Name) {
			continue
		}
		f.like += cosine(a.Value, right)
		count++
		if agrees {
			f.score++
			entries += len(a.Value)
		}
	}
	if entries < 3 { // chance
		f.score, f.all = 0, false
	}
	f.like /= float64(max(count, 1))
}

// slack returns how far each number of a backward pass may be off, because the numbers of the file are rounded and
// the program rounds. A few moved passes may hardly move one number by chance, but not all numbers around it: so they count,
// too. group is how many numbers stand together.
func slack(back []float64, near [][]float64, group int, rounding float64) []float64 {
	all, size := make([]float64, len(back)), 0.0
	for _, v := range back {
		size = max(size, math.Abs(v))
	}
	for from := 0; from < len(back); from += group {
		to := min(from+group, len(back))
		squares := 0.0
		for i := from; i < to; i++ {
			for _, n := range near {
				d := math.Abs(n[i] - back[i])
				all[i] = max(all[i], 3*d)
				squares += d * d / float64(len(near)*(to-from))
			}
		}
		for i, around := from, 6*math.Sqrt(squares); i < to; i++ {
			if all[i] > 0 {
				all[i] = max(all[i], around)
			}
			all[i] += rounding * (math.Abs(back[i]) + 0.01*size)
		}
	}
	return all
}

// widen adds the slack of the terms to the bars of arrays. The slack is that of the right gradient. In a wrong one that is
// k times larger, the rounding of the parameters shows k times more.
func (f *fit) widen(arrays []chain.Array) []chain.Array {
	back := f.point.Backward(pass.Right())
	for _, a := range arrays {
		times := larger(a.Value, trial.Right(&a, back))
		for i, terms := range a.Of {
			for _, t := range terms {
				a.Bar[i] += times * math.Abs(t.Times) * f.slack[t.Index]
			}
		}
	}
	return arrays
}

// larger returns how many times larger the numbers of a file are than the right ones: at least 1, and at most 1000, as the
// right ones may be zero.
func larger(value, right []float64) float64 {
	given, size := 0.0, 0.0
	for i, v := range value {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			given, size = given+v*v, size+right[i]*right[i]
		}
	}
	if size == 0 {
		return 1
	}
	return min(max(math.Sqrt(given/size), 1), 1000)
}

// trivial reports whether an array is the bias of the readout: its gradient hardly depends on the LSTM.
func (f *fit) trivial(name string) bool {
	return slices.ContainsFunc(f.Units, func(u place.Placed) bool { return u.To == 'y' && u.Rows[0] == "1" && u.Names[0] == name })
}

// cosine returns the cosine of the angle between two vectors, without the entries that are not known.
func cosine(a, b []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		if !math.IsNaN(a[i]) {
			ab, aa, bb = ab+a[i]*b[i], aa+a[i]*a[i], bb+b[i]*b[i]
		}
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

func (f *fit) same(other *fit) bool {
	size := 0.0
	for _, v := range f.gradient {
		size = max(size, math.Abs(v))
	}
	if len(f.gradient) != len(other.gradient) {
		return false
	}
	for i, v := range f.gradient {
		if math.Abs(v-other.gradient[i]) > 1e-9*size {
			return false
		}
	}
	return true
}

// agrees reports whether all known entries of an array are the right ones, to the digits of the file. near has the
// gradient for numbers moved within their bars.
func (s *search) agrees(a *chain.Array, back []float64, near [][]float64) bool {
	value := trial.Right(a, back)
	size, known := 0.0, false
	for _, v := range value {
		size = max(size, math.Abs(v))
	}
	var moved [][]float64
	for _, n := range near {
		moved = append(moved, trial.Right(a, n))
	}
	allowed := slack(value, moved, max(a.Shape[len(a.Shape)-1], 1), 0)
	for i, v := range value {
		if math.Abs(a.Value[i]-v) > a.Bar[i]+allowed[i]+s.rounding()*size {
			return false
		}
		known = known || a.Value[i] != 0
	}
	return known
}
