package train

import (
	"math"

	"lstm/cell"
	"lstm/tensor"
)

// A gradient is the gradient of one iteration. If the inputs are symbols, only the rows of dWx of the symbols that
// occur differ from 0. A gradient skips the others. The results have the same bits.
type gradient struct {
	*cell.Params
	live  []bool    // (X)  the rows of dWx that may differ from 0
	moved []bool    // (X)  the rows that are live, or were so in an earlier iteration
	zero  []float64 // (4H) a row that is not live
}

// newGradient returns a gradient of 0.
func newGradient(p *cell.Params) *gradient {
	return &gradient{cell.New(p.X, p.H, p.O), make([]bool, p.X), make([]bool, p.X), make([]float64, 4*p.H)}
}

// mark makes the rows of the symbols live or, if symbols is nil, all rows.
func (g *gradient) mark(symbols []int) {
	for _, k := range symbols {
		g.live[k], g.moved[k] = true, true
	}
	if symbols == nil {
		fill(g.live, true)
		fill(g.moved, true)
	}
}

// spans yields the parts of All that may differ from 0, in order. The last one ends with All.
func (g *gradient) spans(yield func(from, to int) bool) {
	for k := 0; k < g.X; k++ {
		from := k
		for k < g.X && g.live[k] {
			k++
		}
		if k > from && k < g.X && !yield(from*4*g.H, k*4*g.H) {
			return
		}
	}
	from := g.X // the rows at the end of dWx go together with what follows
	for from > 0 && g.live[from-1] {
		from--
	}
	yield(from*4*g.H, len(g.All))
}

// clear sets the gradient to 0.
func (g *gradient) clear() {
	for from, to := range g.spans {
		clear(g.All[from:to])
	}
	clear(g.live)
}

// clip returns the norm of the gradient. If the norm is above limit, clip scales the gradient down to just below
// it, as PyTorch does (Pascanu, Mikolov and Bengio, ICML 2013). A limit of 0 means no limit.
func (g *gradient) clip(limit float64) (norm float64) {
	var lanes tensor.Lanes // each entry goes to the lane that it has in tensor.Dot(g.All, g.All)
	sum, done := 0.0, 0
	for from, to := range g.spans {
		if to > done {
			x := g.All[max(done, from&^15):min((to+15)&^15, len(g.All))]
			sum, done = lanes.Dot(x, x), (to+15)&^15
		}
	}
	norm = math.Sqrt(sum)
	if limit > 0 && norm > limit {
		scale := limit / (norm + 1e-6)
		for from, to := range g.spans {
			for i := from; i < to; i++ {
				g.All[i] *= scale
			}
		}
	}
	return norm
}

func fill(a []bool, v bool) {
	for i := range a {
		a[i] = v
	}
}
