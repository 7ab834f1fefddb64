package convention

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/given"
	"lstm/check/pass"
)

// reading chooses between the fits.
func (s *search) reading() *Reading {
	var different []*fit // fits with different gradients
	for _, f := range s.fits {
		s.differentiate(f)
		if !slices.ContainsFunc(different, f.same) {
			different = append(different, f)
		}
	}
	slices.SortStableFunc(different, func(a, b *fit) int {
		if a.score != b.score {
			return b.score - a.score
		}
		return a.total() - b.total()
	})
	best := different[0]
	r := &Reading{Point: best.point, Words: best.words(s.d, best.objective, best.factor), Seen: best.seen(s.d), Numeric: best.arrays(s.d, s.d.Numeric)}
	for _, f := range different[1:] {
		if f.score == best.score {
			r.Others = append(r.Others, strings.Join(f.words(s.d, f.objective, f.factor), "; "))
		}
	}
	return r
}

func (f *fit) total() int { return f.cost + f.objective.cost + f.factor.cost }

// differentiate computes the gradient in the layout of the file, and counts the arrays of the file that have it.
func (s *search) differentiate(f *fit) {
	n := f.net(f.objective.kind, 1/f.factor.value)
	f.point = pass.New(n, f.point.V, f.objective.target)
	back := f.point.Backward(pass.Right())
	for _, list := range [][]given.Array{s.d.Grads, s.d.Numeric} {
		for _, a := range f.arrays(s.d, list) {
			right := right(&a, back)
			f.gradient = append(f.gradient, right...)
			if s.agrees(&a, right) {
				f.score++
			}
		}
	}
}
func (f *fit) same(other *fit) bool {
	size := 0.0
	for _, v := range f.gradient {
		size = max(size, math.Abs(v))
	}
	for i, v := range f.gradient {
		if math.Abs(v-other.gradient[i]) > 1e-9*size {
			return false
		}
	}
	return true
}

var _ = fmt.Sprint
