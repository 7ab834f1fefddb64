package cause

import (
	"slices"

	"lstm/check/cause/scale"
	"lstm/check/cause/search"
	"lstm/check/chain"
	"lstm/check/mistake"
	"lstm/check/pass"
)

// A namer finds the mistakes that make the lines of a chain as the program has them.
type namer struct {
	*chain.Chain
	all    []*mistake.Exhibit
	right  [equations][]float64 // what the right lines give, from the program's numbers
	index  [equations][]int     // where the chain has these numbers
	places []pass.Place         // of every unit
	place  pass.Place           // for at
	back   [2][]float64         // for at
	*search.Work
}

// The equations that a mistake may change. dh′ belongs to the equation of dh, and dc′ to that of dc.
const (
	ofDY = iota
	ofDH
	ofDC
	ofDZ      // and the gates I, F, O, G
	equations = ofDZ + 4
)

// inSums reports whether the fault is in a sum, or in dh0 or dc0 alone, which no other number depends on.
func (n *namer) inSums(f chain.Fault) bool {
	_, to := n.Steps(&f)
	return to < 0
}

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

// name returns base with the fewest mistakes that explain the chain's lines, and the faults that no mistake explains.
// It leaves the sums aside.
func (n *namer) name(base []*mistake.Exhibit) (mistakes []*mistake.Exhibit, rest []chain.Fault) {
	for q := range n.right {
		n.right[q] = n.predict(q)
	}
	broken := make(map[int][]chain.Fault)
	for _, f := range n.Faults {
		if q := equationOf(f.Line); !n.inSums(f) && (q != ofDY || len(base) == 0) {
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
	chosen := n.fewest(options, nil)
	if chosen == nil { // the mistakes of one line spoil another
		rest = nil
		for q := range equations {
			rest = append(rest, broken[q]...)
		}
	}
	return append(slices.Clip(base), chosen...), rest
}

func newNamer(c *chain.Chain, w *search.Work) *namer {
	n := &namer{Chain: c, Work: w, all: mistake.All(c.Net)}
	for q := range n.index {
		n.index[q] = n.program(q)
	}
	n.back = [2][]float64{make([]float64, n.Net.H), make([]float64, n.Net.H)}
	n.read()
	return n
}

// read reads the places of the chain.
func (n *namer) read() {
	n.places = n.places[:0]
	for s := range n.N {
		for t := range n.T {
			for j := range n.Net.H {
				n.places = append(n.places, *n.At(s, t, j))
			}
		}
	}
}

// setStates computes dh and dc of the program with known mistakes.
func (n *namer) setStates(mistakes []*mistake.Exhibit) {
	l := mistake.Lines(mistakes...)
	n.force(l)
	right := mistake.Lines(mistakes...)
	l.DH, l.DC = right.DH, right.DC
	b := n.Backward(l)
	copy(n.B[n.DH(0, 0, 0):], b[n.DH(0, 0, 0):])
	n.read()
}

// predict returns what some mistakes make of an equation at every place, from the program's numbers.
func (n *namer) predict(equation int, mistakes ...*mistake.Exhibit) (all []float64) {
	n.each(equation, mistakes, func(x float64) bool { all = append(all, x); return true })
	return all
}

// each calls f with what some mistakes make of an equation, place by place on the way back, until f returns false.
func (n *namer) each(equation int, mistakes []*mistake.Exhibit, f func(x float64) bool) {
	l := mistake.Lines(mistakes...)
	for s := range n.N {
		for t := n.T - 1; t >= 0; t-- {
			n.Do(100 + 80*n.Net.H)
			if equation == ofDH {
				n.Do(4 * n.Net.H * n.Net.H)
			}
			for _, x := range n.ofStep(equation, l, s, t) {
				if !f(x) {
					return
				}
			}
		}
	}
}

// ofStep returns what the lines make of an equation at a step.
func (n *namer) ofStep(equation int, l *pass.Lines, s, t int) (all []float64) {
	if equation == ofDY {
		return n.outputs(l, s, t)
	}
	var back [2][]float64
	if equation < ofDZ {
		back = n.handedBack(equation, l, s, t)
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
	return all
}

// at returns a place with the program's numbers and other lines, until the next call. What the next step has handed
// back is the rest of dh and dc.
func (n *namer) at(l *pass.Lines, s, t, j int) *pass.Place {
	n.place = n.places[(s*n.T+t)*n.Net.H+j]
	p := &n.place
	p.Lines = l
	l.States(p)
	p.Back.DH, p.Back.DC = n.back[0], n.back[1]
	p.Back.DH[j], p.Back.DC[j] = p.DH-p.Read, p.DC-p.FromH()-p.Peeped(pass.O)
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

// handedBack returns the dh and dc that the next step hands back, as far as an equation needs them.
func (n *namer) handedBack(equation int, l *pass.Lines, s, t int) (back [2][]float64) {
	back = [2][]float64{make([]float64, n.Net.H), make([]float64, n.Net.H)}
	s2, t2 := s, t+1
	if t2 == n.T {
		if s2, t2 = s-1, 0; s2 < 0 || l.Keeps == [2]bool{} {
			return back
		}
	}
	if p := n.at(l, s2, t2, 0); !l.HandsBack(p) {
		return back
	}
	for j := range n.Net.H {
		p := n.at(l, s2, t2, j)
		if s2 == s || l.Keeps[1] {
			back[1][j] = l.DCPrev(p)
		}
		if j == 0 && equation == ofDH && (s2 == s || l.Keeps[0]) {
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
	for k, x := range numbers {
		if !n.close(equation, k, x) {
			return false
		}
	}
	return true
}

// close reports whether number k from predict is that of the program.
func (n *namer) close(equation, k int, x float64) bool {
	rel := 0.0
	switch {
	case equation == ofDZ+pass.O || equation == ofDC:
		rel = n.Error(n.index[ofDH][k])
	case equation > ofDC:
		rel = n.Error(n.index[ofDC][k])
	}
	return n.Close(n.index[equation][k], x, rel)
}

// gives reports whether some mistakes give the program's numbers in an equation.
func (n *namer) gives(equation int, mistakes []*mistake.Exhibit) bool {
	k, all := 0, true
	n.each(equation, mistakes, func(x float64) bool {
		all = n.close(equation, k, x)
		k++
		return all
	})
	return all
}

// changes reports whether a mistake changes an equation.
func (n *namer) changes(equation int, m *mistake.Exhibit) bool {
	k, differs := 0, false
	n.each(equation, []*mistake.Exhibit{m}, func(x float64) bool {
		differs = search.Apart(x, n.right[equation][k])
		k++
		return !differs
	})
	return differs
}

// sets returns the smallest sets of mistakes that give the program's numbers in an equation.
func (n *namer) sets(equation int) (found [][]*mistake.Exhibit) {
	var touch []*mistake.Exhibit
	for _, e := range n.all {
		if n.Left() > 0 && n.changes(equation, e) {
			touch = append(touch, e)
		}
	}
	for size := 1; size <= most && len(found) == 0 && choices(len(touch), size) < 5000; size++ {
		search.Subsets(touch, size, func(set []*mistake.Exhibit) bool {
			if n.gives(equation, set) {
				found = append(found, slices.Clone(set))
			}
			return n.Left() > 0
		})
	}
	return found
}

func choices(n, size int) int {
	if size == 0 {
		return 1
	}
	return choices(n-1, size-1) * n / size
}

// fewest chooses a set for each equation, so that all of them together have the fewest mistakes and agree with the
// program in every equation that is explained.
func (n *namer) fewest(options [][][]*mistake.Exhibit, chosen []*mistake.Exhibit) (best []*mistake.Exhibit) {
	if len(options) == 0 {
		return append([]*mistake.Exhibit{}, chosen...)
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
		if now := n.predict(q, mistakes...); search.Differ(now, n.right[q]) && !n.matches(q, now) {
			return false
		}
	}
	return true
}

// sums explains the sums over the program's numbers.
func (n *namer) sums(arrays []chain.Array, mistakes []*mistake.Exhibit) (more []*mistake.Exhibit, scale *scale.Factor, rest []chain.Fault) {
	s := search.New(n.Point, arrays, mistakes, n.force, n.Beside(workOfSums))
	if s.Done() {
		return nil, nil, nil
	}
	s.Run(2)
	for _, e := range s.Found {
		if n.right[ofDY] == nil || n.agrees(slices.Concat(mistakes, e.Mistakes)) {
			return e.Mistakes, e.Scale, nil
		}
	}
	for _, f := range n.Faults {
		if n.inSums(f) {
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
