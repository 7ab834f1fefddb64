package chain

import (
	"cmp"
	"fmt"
	"slices"

	"lstm/check/pass"
)

// Whole returns the chain of a program of which every number is known. b is in the order of pass.Point.Backward.
func Whole(p *pass.Point, b []float64) *Chain {
	c := &Chain{Point: p, B: b, err: make([]float64, len(b)), given: slices.Repeat([]bool{true}, len(b))}
	for s := range p.N {
		for t := range p.T {
			c.round(p.DY(s, t, 0), p.O)
			c.round(p.DH(s, t, 0), p.Net.H)
			c.round(p.DC(s, t, 0), p.Net.H)
			c.round(p.Z(t, 0, 0)+p.Sequence(s), 4*p.Net.H)
		}
	}
	return c
}

// Each calls f for each number of the lines DY to DZG, from the last step to the first: whether the line holds there
// if all that goes into it is as the program has it. j is an output for DY, and else a unit. Judge comes first: as in
// Faults, DHP and DCP stand for dh and dc where the next step hands back something else.
func (c *Chain) Each(f func(l Line, s, t, j int, holds bool)) {
	c.each(func(l Line, p *pass.Place, has, right number) {
		holds := has.close(right)
		if !holds && (l == DH && c.carried[0] || l == DC && c.carried[1]) {
			l++
		}
		f(l, p.S, p.T, p.J, holds)
	})
}

// Steps says where the numbers of a fault are computed and where they are used: the steps differ for DHP and DCP, which
// a step hands back to the one before. The initial state is step −1.
func (c *Chain) Steps(f *Fault) (from, to int) {
	switch {
	case f.Line == DHP && !c.carried[0], f.Line == DCP && !c.carried[1]: // dh0 or dc0
		return f.T, f.T - 1
	case f.Line == DHP, f.Line == DCP:
		return f.T + 1, f.T
	}
	return f.T, f.T
}

// Where says in words where a line does not hold first: a step, or the two steps that it goes between, and the unit.
func (c *Chain) Where(f *Fault) string {
	what := "unit"
	if f.Line == DY {
		what = "output"
	}
	text := fmt.Sprintf("at step %d, %s %d", f.T, what, f.J)
	switch from, to := c.Steps(f); {
	case to < 0:
		text = fmt.Sprintf("from step %d to the initial state, %s %d", from, what, f.J)
	case to < from:
		text = fmt.Sprintf("from step %d to step %d, %s %d", from, to, what, f.J)
	}
	if c.N > 1 {
		text += fmt.Sprintf(" of sequence %d", f.S)
	}
	return text
}

// Ordered returns the faults in the order of the way back, and the sums last.
func (c *Chain) Ordered() []*Fault {
	var all []*Fault
	for k := range c.Faults {
		all = append(all, &c.Faults[k])
	}
	slices.SortStableFunc(all, func(f, g *Fault) int {
		from1, to1 := c.Steps(f)
		from2, to2 := c.Steps(g)
		return cmp.Or(cmp.Compare(from2, from1), cmp.Compare(to2, to1))
	})
	return all
}
