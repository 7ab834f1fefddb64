package cause

import (
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// A namer finds the mistakes that make the lines of a chain as the program has them.
type namer struct {
	*chain.Chain
	all   []*mistake.Exhibit
	right [equations][]float64 // what the right lines give, from the program's numbers
}

// The equations that a mistake may change. dh′ belongs to the equation of dh, and dc′ to that of dc.
const (
	ofDY = iota
	ofDH
	ofDC
	ofDZ      // and the gates pass.I, pass.F, pass.O, G
	equations = ofDZ + 4
)

func equationOf(l chain.Line) int {
	switch l {
	case chain.DY:
		return ofDY
	case chain.DH, chain.DHP:
		return ofDH
	case chain.DC, chain.DCP:
		return ofDC
	}
	return ofDZ + map[chain.Line]int{chain.DZI: pass.I, chain.DZF: pass.F, chain.DZO: pass.O, chain.DZG: pass.G}[l]
}

// most is the largest number of mistakes that are tried in one line.
const most = 3

// name returns base with the fewest mistakes that explain the chain's faults, and the faults that no mistake explains.
func name(c *chain.Chain, arrays []chain.Array, base []*mistake.Exhibit) (mistakes []*mistake.Exhibit, scale *Scale, rest []chain.Fault) {
	n := newNamer(c)
	for q := range n.right {
		n.right[q] = n.predict(q)
	}
	broken := make(map[int][]chain.Fault)
	for _, f := range c.Faults {
		if q := equationOf(f.Line); f.Line != chain.Sums && (q != ofDY || len(base) == 0) {
			broken[q] = append(broken[q], f)
		}
	}
	var options [][][]*mistake.Exhibit
	for q := range equations {
		if len(broken[q]) == 0 {
			continue
		}
		sets := n.sets(q)
		if len(sets) == 0 {
			rest = append(rest, broken[q]...)
			continue
		}
		options = append(options, sets)
	}
	mistakes = append(slices.Clip(base), n.fewest(options, nil)...)
	sums, scale, unknown := n.sums(arrays, mistakes)
	return append(mistakes, sums...), scale, append(rest, unknown...)
}

func newNamer(c *chain.Chain) *namer {
	return &namer{Chain: c, all: mistake.All(c.Net)}
}

// setStates computes dh and dc of the program with known mistakes.
func (n *namer) setStates(mistakes []*mistake.Exhibit) {
	l := mistake.Lines(mistakes...)
	n.force(l)
	right := mistake.Lines(mistakes...)
	l.DH, l.DC = right.DH, right.DC
	b := n.Backward(l)
	copy(n.B[n.DH(0, 0, 0):], b[n.DH(0, 0, 0):])
}

// predict returns what some mistakes make of an equation at every place, from the program's numbers.
func (n *namer) predict(equation int, mistakes ...*mistake.Exhibit) (all []float64) {
	l := mistake.Lines(mistakes...)
	for s := range n.N {
		for t := n.T - 1; t >= 0; t-- {
			if equation == ofDY {
				all = append(all, n.outputs(l, s, t)...)
				continue
			}
			var back [2][]float64
			if equation < ofDZ {
				back = n.handedBack(l, s, t)
			}
			for j := range n.Net.H {
				p := n.at(l, s, t, j)
				switch equation {
				case ofDH:
					p.Back.DH = back[0]
					all = append(all, l.DH(p))
				case ofDC:
					p.Back.DC = back[1]
					all = append(all, l.DC(p))
				default:
					all = append(all, l.DZ[equation-ofDZ](p))
				}
			}
		}
	}
	return all
}

// at returns a place with the program's numbers and other lines. What the next step has handed back is the rest of
// dh and dc.
func (n *namer) at(l *pass.Lines, s, t, j int) *pass.Place {
	p := n.At(s, t, j)
	p.Lines = l
	l.States(p)
	p.Back.DH, p.Back.DC = make([]float64, n.Net.H), make([]float64, n.Net.H)
	p.Back.DH[j], p.Back.DC[j] = p.DH-p.Read, p.DC-p.FromH()
	return p
}

// outputs returns dy of a step.
func (n *namer) outputs(l *pass.Lines, s, t int) []float64 {
	p := n.at(l, s, t, 0)
	dy := make([]float64, n.O)
	for m := range dy {
		if p.Output(m) {
			dy[m] = l.DY(p)
		}
	}
	return dy
}

// handedBack returns the dh and dc that the next step hands back.
func (n *namer) handedBack(l *pass.Lines, s, t int) (back [2][]float64) {
	back = [2][]float64{make([]float64, n.Net.H), make([]float64, n.Net.H)}
	if t == n.T-1 {
		return back
	}
	if !l.HandsBack(n.at(l, s, t+1, 0)) {
		return back
	}
	for j := range n.Net.H {
		p := n.at(l, s, t+1, j)
		back[1][j] = l.DCPrev(p)
		if j == 0 {
			p.HandBack(l, back[0])
		}
	}
	return back
}

// program returns the indices of an equation's numbers in the chain, in the order of predict.
func (n *namer) program(equation int) (all []int) {
	for s := range n.N {
		for t := n.T - 1; t >= 0; t-- {
			if equation == ofDY {
				for m := range n.O {
					all = append(all, n.DY(s, t, m))
				}
				continue
			}
			for j := range n.Net.H {
				switch equation {
				case ofDH:
					all = append(all, n.DH(s, t, j))
				case ofDC:
					all = append(all, n.DC(s, t, j))
				default:
					all = append(all, n.Z(t, equation-ofDZ, j)+n.Sequence(s))
				}
			}
		}
	}
	return all
}

// matches reports whether numbers from predict are those of the program.
func (n *namer) matches(equation int, numbers []float64) bool {
	at, rel := n.program(equation), 0.0
	for k, i := range at {
		switch {
		case equation == ofDZ+pass.O:
			rel = n.Error(n.program(ofDH)[k])
		case equation > ofDC:
			rel = n.Error(n.program(ofDC)[k])
		case equation == ofDC:
			rel = n.Error(n.program(ofDH)[k])
		}
		if !n.Close(i, numbers[k], rel) {
			return false
		}
	}
	return true
}

// sets returns the smallest sets of mistakes that give the program's numbers in an equation.
func (n *namer) sets(equation int) (found [][]*mistake.Exhibit) {
	var touch []*mistake.Exhibit
	for _, e := range n.all {
		if differ(n.predict(equation, e), n.right[equation]) {
			touch = append(touch, e)
		}
	}
	for size := 1; size <= most && len(found) == 0 && choices(len(touch), size) < min(5000, budget(n.Point, 1e7)); size++ {
		subsets(touch, size, func(set []*mistake.Exhibit) {
			if n.matches(equation, n.predict(equation, set...)) {
				found = append(found, slices.Clone(set))
			}
		})
	}
	return found
}

func choices(n, size int) int {
	c := 1
	for k := range size {
		c = c * (n - k) / (k + 1)
	}
	return c
}

// subsets calls f with all subsets of the given size.
func subsets(all []*mistake.Exhibit, size int, f func(set []*mistake.Exhibit)) {
	var chosen []*mistake.Exhibit
	var choose func(from int)
	choose = func(from int) {
		if len(chosen) == size {
			f(chosen)
			return
		}
		for k := from; k < len(all); k++ {
			chosen = append(chosen, all[k])
			choose(k + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	choose(0)
}

func differ(a, b []float64) bool {
	for k := range a {
		if math.Abs(a[k]-b[k]) > 1e-9*math.Max(math.Abs(a[k]), math.Abs(b[k])) {
			return true
		}
	}
	return false
}

// fewest chooses a set for each equation, so that all of them together have the fewest mistakes and agree with the
// program in every equation that is explained.
func (n *namer) fewest(options [][][]*mistake.Exhibit, chosen []*mistake.Exhibit) (best []*mistake.Exhibit) {
	if len(options) == 0 {
		return chosen
	}
	for _, set := range options[0] {
		with := slices.Clone(chosen)
		for _, e := range set {
			if !slices.Contains(with, e) {
				with = append(with, e)
			}
		}
		if all := n.fewest(options[1:], with); all != nil && n.agrees(all) && (best == nil || len(all) < len(best)) {
			best = all
		}
	}
	return best
}

// agrees reports whether the mistakes change no equation to numbers that the program does not have.
func (n *namer) agrees(mistakes []*mistake.Exhibit) bool {
	for q := range equations {
		if now := n.predict(q, mistakes...); differ(now, n.right[q]) && !n.matches(q, now) {
			return false
		}
	}
	return true
}

// sums explains the sums over the program's numbers.
func (n *namer) sums(arrays []chain.Array, mistakes []*mistake.Exhibit) (more []*mistake.Exhibit, scale *Scale, rest []chain.Fault) {
	s := newSearch(n.Point, arrays, mistakes, n.force)
	if s.done() {
		return nil, nil, nil
	}
	s.run(2)
	if len(s.found) > 0 {
		e := s.found[0]
		return e.Mistakes, e.Scale, nil
	}
	for _, f := range n.Faults {
		if f.Line == chain.Sums {
			rest = append(rest, f)
		}
	}
	return nil, nil, rest
}

// force makes dy, dh, dc and dz the program's numbers.
func (n *namer) force(l *pass.Lines) {
	l.DY = func(p *pass.Place) float64 { return n.B[n.DY(p.S, p.T, p.M)] }
	l.DH = func(p *pass.Place) float64 { return n.B[n.DH(p.S, p.T, p.J)] }
	l.DC = func(p *pass.Place) float64 { return n.B[n.DC(p.S, p.T, p.J)] }
	for a := range 4 {
		l.DZ[a] = func(p *pass.Place) float64 { return n.B[n.Z(p.T, a, p.J)+p.Own] }
	}
}
