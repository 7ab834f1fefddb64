// Package plain finds mistakes that need no search: a penalty, clipping, and numbers that are overwritten before the way back.
package plain

import (
	"fmt"
	"math"
	"strings"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/pass"
)

// Penalty returns the cause of a gradient that is off by λ times the value of each parameter, in some arrays, and right in
// all others. If a parameter is the sum of two arrays, such as two biases, what both are off by is added.
func Penalty(p *pass.Point, arrays []chain.Array, numbers int) (c check.Cause, ok bool) {
	truth := p.Backward(pass.Right())
	type entry struct{ off, bar, value float64 }
	var names []string
	var wrong []int // the indices of wrong parameters, in the order of the arrays
	entries := make(map[int]*entry)
	for _, a := range arrays {
		largest, off := 0.0, false
		for _, v := range a.Value {
			if !math.IsNaN(v) {
				largest = max(largest, math.Abs(v))
			}
		}
		for i, v := range a.Value {
			if math.IsNaN(v) || len(a.Of[i]) == 0 {
				continue
			}
			d, bar := v, a.Bar[i]+1e-9*largest
			for _, t := range a.Of[i] {
				d -= t.Times * truth[t.Index]
			}
			off = off || !(math.Abs(d) <= bar)
			t := a.Of[i][0]
			e := entries[t.Index]
			if e == nil {
				e = &entry{value: t.Times * p.V[min(t.Index, len(p.V)-1)]}
				entries[t.Index] = e
			}
			e.off, e.bar = e.off+d, e.bar+bar
		}
		if !off {
			continue
		}
		if k := a.Of[0]; len(k) == 0 || !parameter(p.Net, k[0].Index) {
			return c, false
		}
		names = append(names, a.Name)
		for _, of := range a.Of {
			if len(of) > 0 && entries[of[0].Index] != nil {
				wrong = append(wrong, of[0].Index)
			}
		}
	}
	product, square, seen := 0.0, 0.0, make(map[int]bool)
	for _, i := range wrong {
		if e := entries[i]; !seen[i] {
			seen[i], product, square = true, product+e.off*e.value, square+e.value*e.value
		}
	}
	lambda := product / square
	for i := range seen {
		if e := entries[i]; !(math.Abs(e.off-lambda*e.value) <= e.bar) {
			return c, false
		}
	}
	if len(seen) < 4 || lambda == 0 || math.IsNaN(lambda) {
		return c, false
	}
	return check.Cause{Kind: "penalty", Line: fmt.Sprintf("dW += %.4g * W, for each of these parameters", lambda),
		Observed: fmt.Sprintf("yours − right is %.4g times the value, in %s; all %d numbers come out so", lambda, strings.Join(names, " "), numbers),
		Likely:   "the gradient has a penalty (weight decay) that the loss lacks, or the other way round"}, true
}

// parameter reports whether an entry of V is a parameter of the network.
func parameter(n pass.Net, i int) bool { return i < n.Params() || i >= n.Peep(0, 0) && i < n.Len() }
