package cause

import (
	"fmt"
	"math"
	"strings"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/pass"
)

// simple returns a cause that needs no search.
func simple(p *pass.Point, arrays []chain.Array, numbers int) (c check.Cause, ok bool) {
	zero := true
	for _, a := range arrays {
		for _, v := range a.Value {
			zero = zero && (v == 0 || math.IsNaN(v))
		}
	}
	if zero {
		return check.Cause{Observed: fmt.Sprintf("all %d numbers are zero", numbers), Likely: "the gradient is never computed, or is cleared after it was computed"}, true
	}
	left := unvisited(p, arrays)
	if left == nil {
		return c, false
	}
	c.Line, c.Observed = "for t = T-1; t >= 0; t--", "dz of "+strings.Join(left, ", ")+" is still z: it is never computed"
	switch {
	case strings.HasPrefix(left[0], "unit"):
		c.Likely, c.Line = "the loop over the units leaves out units", "for j = 0; j < H; j++"
	case len(left) == p.N*p.T:
		c.Likely = "the backward pass of a step is never called, or stores dz elsewhere"
	default:
		c.Likely = "the loop over the steps leaves out steps, or visits others twice"
	}
	return c, true
}

// unvisited returns the steps that keep z where dz should be, for a program that stores dz over z. If there are none, it
// returns the units that keep it at every step.
func unvisited(p *pass.Point, arrays []chain.Array) (left []string) {
	dz, ok := chain.Read(p, arrays)
	if !ok {
		return nil
	}
	still := func(s, t, j int) bool {
		for a := range 4 {
			z := p.Traces[s].Z[t][a][j]
			if z == 0 || math.Abs(dz.B[p.Z(t, a, j)+p.Sequence(s)]-z) > 1e-9*math.Abs(z) {
				return false
			}
		}
		return true
	}
	each := func(n int, f func(k int) bool) bool {
		for k := range n {
			if !f(k) {
				return false
			}
		}
		return true
	}
	for s := range p.N {
		for t := range p.T {
			if name := fmt.Sprint("step ", t); each(p.Net.H, func(j int) bool { return still(s, t, j) }) {
				if p.N > 1 {
					name += fmt.Sprint(" of sequence ", s)
				}
				left = append(left, name)
			}
		}
	}
	for j := range p.Net.H {
		if len(left) == 0 || strings.HasPrefix(left[0], "unit") {
			if each(p.N, func(s int) bool { return each(p.T, func(t int) bool { return still(s, t, j) }) }) {
				left = append(left, fmt.Sprint("unit ", j))
			}
		}
	}
	return left
}
