package place

import (
	"slices"
	"strconv"
	"strings"

	"lstm/check/given"
)

// Trim returns a shape without its axes of length 1.
func Trim(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(n int) bool { return n == 1 })
}

func product(sizes []int) int {
	n := 1
	for _, s := range sizes {
		n *= s
	}
	return n
}

// An order has the axes of an array, outermost first: a permutation of 0, 1, ….
type order struct {
	axes []int
	cost int
}

// strides returns how far apart neighbours on each axis are.
func (o order) strides(sizes []int) []int {
	strides, step := make([]int, len(sizes)), 1
	for k := len(o.axes) - 1; k >= 0; k-- {
		strides[o.axes[k]] = step
		step *= sizes[o.axes[k]]
	}
	return strides
}

// orders returns the ways in which an array of a shape can have axes of these sizes. Neighbouring axes may be one
// axis of the array: (K,4H) for (K,4,H). Axes joined in any but the usual ways cost. usual tells whether it is
// usual to join two axes.
func orders(shape, sizes []int, usual func(outer, inner int) bool) (all []order) {
	if product(shape) != product(sizes) {
		return nil
	}
	shape = Trim(shape)
	seen := make(map[string]bool)
	for _, axes := range Permutations(len(sizes)) {
		o, dim, left := order{axes: axes}, 0, 1
		last, key := -1, ""
		fits := true
		for _, a := range axes {
			if sizes[a] == 1 {
				continue
			}
			key += strconv.Itoa(a)
			if left == 1 {
				if dim == len(shape) {
					fits = false
					break
				}
				left, last = shape[dim], -1
				dim++
			}
			if left%sizes[a] != 0 {
				fits = false
				break
			}
			left /= sizes[a]
			if last >= 0 && !usual(last, a) {
				o.cost = 2
			}
			last = a
		}
		if fits && left == 1 && !seen[key] {
			seen[key] = true
			all = append(all, o)
		}
	}
	return all
}

// Permutations returns all orders of 0 … n−1, that of the numbers first.
func Permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	var add func(done []int)
	add = func(done []int) {
		if len(done) == n {
			all = append(all, slices.Clone(done))
			return
		}
		for k := range n {
			if !slices.Contains(done, k) {
				add(append(done, k))
			}
		}
	}
	add(make([]int, 0, n))
	return all
}

// A View finds the entries of an array of sequences.
type View struct {
	*given.Array
	R       int // rows of each sequence
	n, r, k int // strides
	first   int // the index of number 0 in row 0 of sequence 0
}

// At returns the index of number k in row r of sequence s.
func (v *View) At(s, r, k int) int { return v.first + s*v.n + r*v.r + k*v.k }

// Flip returns a view of the same numbers with the rows in the other order.
func (v *View) Flip() *View {
	w := *v
	w.first, w.r = v.first+(v.R-1)*v.r, -v.r
	return &w
}

// Look returns a view of an array with n sequences of r rows of k numbers, if it has these in the order of axes: "nrk" if
// sequences are outermost.
func Look(a *given.Array, axes string, n, r, k int) *View {
	if a == nil {
		return nil
	}
	sizes := map[byte]int{'n': n, 'r': r, 'k': k}
	var want []int
	for _, c := range []byte(axes) {
		want = append(want, sizes[c])
	}
	if !slices.Equal(Trim(want), Trim(a.Shape)) {
		return nil
	}
	v, step := &View{Array: a, R: r}, 1
	for i := len(axes) - 1; i >= 0; i-- {
		switch axes[i] {
		case 'n':
			v.n = step
		case 'r':
			v.r = step
		case 'k':
			v.k = step
		}
		step *= want[i]
	}
	return v
}

// split returns the sizes that the axes of an array can have, with what each way costs. As the shape is written
// it costs nothing, and neither does a single sequence without an axis for it.
func split(shape []int, axes string) (all [][]int, costs []int) {
	short := Trim(shape)
	trimmed := slices.Clone(shape)
	for len(trimmed) > 0 && trimmed[len(trimmed)-1] == 1 {
		trimmed = trimmed[:len(trimmed)-1]
	}
	rows := strings.IndexByte(axes, 'n')
	for mask := range 1 << len(axes) {
		sizes, k := make([]int, len(axes)), 0
		for i := range sizes {
			sizes[i] = 1
			if mask>>i&1 > 0 && k < len(short) {
				sizes[i] = short[k]
			}
			if mask>>i&1 > 0 {
				k++
			}
		}
		if k != len(short) {
			continue
		}
		cost := 1
		alone := slices.Delete(slices.Clone(sizes), rows, rows+1)
		for _, s := range [][]int{shape, trimmed} {
			if equalButOnes(sizes, s) && len(shape) > 1 && len(short) > 1 || slices.Equal(sizes, shape) ||
				sizes[rows] == 1 && equalButOnes(alone, s) {
				cost = 0
			}
		}
		all, costs = append(all, sizes), append(costs, cost)
	}
	return all, costs
}

// equalButOnes reports whether two shapes are equal without their last axes of length 1.
func equalButOnes(a, b []int) bool {
	for k := range max(len(a), len(b)) {
		x, y := 1, 1
		if k < len(a) {
			x = a[k]
		}
		if k < len(b) {
			y = b[k]
		}
		if x != y {
			return false
		}
	}
	return true
}
