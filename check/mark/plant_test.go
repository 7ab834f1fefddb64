package mark

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A plant is a mistake with a mark. spoil changes the given gradient.
type plant struct {
	name  string
	spoil func(p *problem)
	want  string
	needs string // "digits", "bars", "entries": with few digits, wide bars or few entries the mark is not certain
	less  string // what is said then
}

// all multiplies the gradients of the first n parameters by k.
func all(n int, k float64) func(p *problem) {
	return func(p *problem) {
		p.each(func(m, i int, v float64) float64 {
			if m < n {
				return k * v
			}
			return v
		})
	}
}

// of replaces the gradient of W, of rows and columns.
func of(n int, at func(p *problem, w []float64, rows, cols, r, c int) float64) func(p *problem) {
	return func(p *problem) {
		for i := range p.given[n] {
			p.given[n][i] = at(p, p.right[n], len(p.right[n])/p.size.cols, p.size.cols, i/p.size.cols, i%p.size.cols)
		}
	}
}

var plants = []plant{
	{"all −1", all(6, -1), "all parameters sign", "", ""},
	{"all twice", all(6, 2), "all parameters twice", "", ""},
	{"all 3/2", all(6, 1.5), "all parameters fraction", "", ""},
	{"all 5", all(6, 5), "all parameters sum", "", ""},
	{"all 1/6", all(6, 1.0/6), "all parameters mean", "", ""},
	{"all −1/2", all(6, -0.5), "all parameters fraction", "", ""},
	{"all by 0.7310586", all(6, 0.7310586), "all parameters factor", "", ""},
	{"all but two 1/6", all(4, 1.0/6), "W, U, V, gamma mean", "", ""},
	{"W zero", all(1, 0), "W zero", "", ""},
	{"W half", all(1, 0.5), "W half", "", ""},
	{"W by 0.7310586", all(1, 0.7310586), "W factor", "", ""},
	{"penalty", func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v + 0.3*p.value[n][i] })
	}, "all parameters penalty", "", ""},
	{"penalty of matrices", func(p *problem) {
		p.each(func(n, i int, v float64) float64 {
			if n < 3 {
				return v + 0.3*p.value[n][i]
			}
			return v
		})
	}, "W, U, V penalty", "", ""},
	{"absolute values", func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v + 0.3*sign(p.value[n][i]) })
	}, "all parameters penalty", "", ""},
	{"constant", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[r*cols+c] - 0.4 }), "W constant", "", ""},
	{"clipped at 1/2", func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return max(-0.5, min(0.5, v)) })
	}, "clipped", "", ""},
	{"norm 1/4", func(p *problem) {
		n := p.norm()
		p.each(func(_, _ int, v float64) float64 { return v * 0.25 / (n + 1e-6) })
	}, "all parameters clipped", "digits", "all parameters factor"},
	{"norm 90, and less before", func(p *problem) {
		n := p.norm()
		p.each(func(_, _ int, v float64) float64 { return v * 90 / n })
	}, "all parameters factor", "digits", ""},
	{"half, and the norm is 1/4", func(p *problem) {
		n := p.norm()
		for _, r := range p.right {
			for i := range r {
				r[i] *= 0.5 / n
			}
		}
		all(6, 0.5)(p)
	}, "all parameters half", "bars", "all parameters clipped"},
	{"norm 1/4, and another mistake", func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v * (1 + p.rng.NormFloat64()) })
		p.right, p.given = p.given, p.right
		n := p.norm()
		p.right, p.given = p.given, p.right
		for _, g := range p.given {
			for i := range g {
				g[i] *= 0.25 / (n + 1e-6)
			}
		}
	}, "all parameters norm", "digits", ""},
	{"transposed", of(2, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[c*cols+r] }), "V transposed", "", ""},
	{"transposed, and 1/3", of(2, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[c*cols+r] / 3 }), "V transposed", "", ""},
	{"column by column", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		i := r*cols + c
		return w[i%rows*cols+i/rows]
	}), "W column-major", "", ""},
	{"rows reversed", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[(rows-1-r)*cols+c] }), "W reversed", "", ""},
	{"columns reversed", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[r*cols+cols-1-c] }), "W reversed", "", ""},
	{"both reversed", of(2, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[(rows-1-r)*cols+cols-1-c] }), "V reversed", "", ""},
	{"rows shifted", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		if r == 0 {
			return 0
		}
		return w[(r-1)*cols+c]
	}), "W shifted", "", ""},
	{"rows shifted down", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		if r == rows-1 {
			return 0
		}
		return w[(r+1)*cols+c]
	}), "W shifted", "", ""},
	{"[h; x]", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[(r+1)%rows*cols+c] }), "W rotated", "", ""},
	{"rows alternate", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		return w[r*cols+c] * float64(1-2*(r%2))
	}), "W alternate", "", ""},
	{"the second half of the rows", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		return w[r*cols+c] * float64(1-2*(2*r/rows))
	}), "W conjugate", "entries", "W sign"},
	{"columns wrong", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		if c > 0 {
			return w[r*cols+c] + p.rng.NormFloat64() + 0.1
		}
		return w[r*cols+c]
	}), "W part", "entries", ""},
	{"a column by 0.3", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		if c == 1 {
			return w[r*cols+c] * 0.31
		}
		return w[r*cols+c]
	}), "W factor", "", ""},
	{"a row zero", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		if r == 1 {
			return 0
		}
		return w[r*cols+c]
	}), "W zero", "", ""},
	{"columns by a factor each", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[r*cols+c] * p.right[4][c] }), "W lines", "", ""},
	{"1/gamma", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[r*cols+c] / p.value[3][c] }), "W scaled", "", ""},
	{"its own value", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return w[r*cols+c] * p.value[0][r*cols+c] }), "W scaled", "", ""},
	{"the mean", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 { return mean(w) }), "W averaged", "", ""},
	{"sums of rows", of(0, func(p *problem, w []float64, rows, cols, r, c int) float64 {
		return float64(cols) * mean(w[r*cols:(r+1)*cols])
	}), "W averaged", "", ""},
	{"copied", func(p *problem) { copy(p.given[0], p.right[1]) }, "W copied", "", ""},
	{"swapped", func(p *problem) { copy(p.given[0], p.right[1]); copy(p.given[1], p.right[0]) }, "W, U swapped", "", ""},
	{"copied, and both wrong", func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v + p.rng.NormFloat64() })
		copy(p.given[0], p.given[1])
	}, "W, U copied", "", ""},
	{"added", func(p *problem) {
		for i := range p.given[0] {
			p.given[0][i] += p.right[1][i]
		}
	}, "W copied", "", ""},
	{"never read", func(p *problem) { clear(p.right[0]) }, "W unread", "", ""},
	{"not a number", func(p *problem) { p.given[0][1] = math.NaN() }, "W infinite", "", ""},
	{"h0", func(p *problem) {
		for i := range p.given[5] {
			p.given[5][i] = p.rng.NormFloat64()
		}
	}, "h0 start", "", ""},
}

func mean(v []float64) (m float64) {
	for _, x := range v {
		m += x / float64(len(v))
	}
	return m
}

// norm returns the norm of the right gradient.
func (p *problem) norm() (n float64) {
	for _, r := range p.right {
		for _, v := range r {
			n += v * v
		}
	}
	return math.Sqrt(n)
}

// TestPlants: Explain names each planted mistake, and nothing else, at each precision and size. Where there are few
// digits and few entries, it may say less. It must not say anything else.
func TestPlants(t *testing.T) {
	for k, at := range precisions {
		for _, s := range []shape{{4, 3}, {3, 2}, {6, 8}} {
			for _, c := range plants {
				rng := rand.New(rand.NewPCG(3, 4))
				named, other := 0, make(map[string]int)
				for range *points {
					p := newProblem(rng, s)
					c.spoil(p)
					causes := Explain(p.blocks(at))
					if got := said(causes); got == c.want || c.want == "clipped" && len(causes) == 1 && causes[0].Kind == "clipped" {
						named++
					} else {
						other[got]++
					}
					for _, c := range causes {
						if c.Observed == "" || c.Likely == "" || c.Line == "" || c.Param == "" {
							t.Errorf("an empty field in %+v", c)
						}
					}
				}
				least := *points // named
				if k > 1 {
					least = *points * 3 / 4
				}
				if c.needs == "digits" && at.name[0] == '4' || c.needs == "bars" && k > 1 || c.needs == "entries" && s.cols < 3 {
					least = 0
				}
				if rest := *points - named - other[""] - other[c.less]; named < least || rest > 1+*points/50 {
					t.Errorf("%s, %v: %s: named %d of %d, others %v", at.name, s, c.name, named, *points, other)
				}
			}
		}
	}
}

// TestRight: a right gradient has no mark.
func TestRight(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, at := range precisions {
		for k := range 5 * *points {
			if got := said(slices.DeleteFunc(Explain(newProblem(rng, sizes[k%len(sizes)]).blocks(at)), func(c Cause) bool { return c.Kind == "noisy" })); got != "" {
				t.Errorf("%s: %s", at.name, got)
			}
		}
	}
}
