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
	steps := unvisited(p, arrays)
	switch c.Line = "for t = T-1; t >= 0; t--"; len(steps) {
	case 0:
		return c, false
	case 1:
		c.Observed = "dz of step " + steps[0] + " is still z: it is never computed"
	default:
		c.Observed = "dz of the steps " + strings.Join(steps, ", ") + " is still z: it is never computed"
	}
	if c.Likely = "the loop over the steps leaves out steps, or visits others twice"; len(steps) == p.N*p.T {
		c.Likely = "the backward pass of a step is never called, or stores dz elsewhere"
	}
	return c, true
}

// unvisited returns the steps that keep z where dz should be, for a program that stores dz over z.
func unvisited(p *pass.Point, arrays []chain.Array) (steps []string) {
	dz, ok := chain.Read(p, arrays)
	if !ok {
		return nil
	}
	for s, tr := range p.Traces {
		for t, z := range tr.Z {
			still, any := true, false
			for a := range z {
				for j, x := range z[a] {
					any = any || x != 0
					still = still && math.Abs(dz.B[p.Z(t, a, j)+p.Sequence(s)]-x) <= 1e-9*math.Abs(x)
				}
			}
			if name := fmt.Sprint(t); still && any && p.N == 1 {
				steps = append(steps, name)
			} else if still && any {
				steps = append(steps, fmt.Sprintf("%s of sequence %d", name, s))
			}
		}
	}
	return steps
}
