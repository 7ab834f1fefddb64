package mark

import (
	"flag"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var points = flag.Int("points", 10, "random gradients of each kind and precision")

// A precision is what a program and a check leave of a gradient: given rounds an entry of the gradient, and bar is
// the error bar of an entry whose parameter has a largest entry.
type precision struct {
	name  string
	given func(v float64) float64
	bar   func(v, largest float64) float64
}

func digits(n int) func(v float64) float64 {
	return func(v float64) float64 {
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
		return v
	}
}

var precisions = []precision{
	{"float64", func(v float64) float64 { return v }, func(v, largest float64) float64 { return 1e-10 * largest }},
	{"8 digits", digits(8), func(v, largest float64) float64 { return 1e-8 * largest }},
	{"4 digits", digits(4), func(v, largest float64) float64 { return 5e-4*math.Abs(v) + 2e-5*largest }},
	{"4 decimals", func(v float64) float64 { return math.Round(v*1e4) / 1e4 }, func(v, largest float64) float64 { return 1e-4 }},
	{"float32", func(v float64) float64 { return float64(float32(v)) }, func(v, largest float64) float64 { return 1e-3 * largest }},
}

// A shape has the sizes of a problem. W and U are matrices, V is square, u and v are vectors.
type shape struct{ rows, cols int }

// A problem is random values and gradients.
type problem struct {
	names        []string
	cols         []int
	value, right [][]float64
	given        [][]float64 // the gradient to judge, before it is rounded
	rng          *rand.Rand
	size         shape
}

func newProblem(rng *rand.Rand, s shape) *problem {
	p := &problem{rng: rng, size: s}
	add := func(name string, n, cols int) {
		value, right := make([]float64, n), make([]float64, n)
		for i := range n {
			value[i], right[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		p.names, p.cols, p.value, p.right = append(p.names, name), append(p.cols, cols), append(p.value, value), append(p.right, right)
		p.given = append(p.given, slices.Clone(right))
	}
	add("W", s.rows*s.cols, s.cols)
	add("U", s.rows*s.cols, s.cols)
	add("V", s.cols*s.cols, s.cols)
	add("gamma", s.cols, 0)
	add("beta", s.cols, 0)
	add("h0", s.cols, 0)
	return p
}

// blocks returns the comparison of the problem's gradient at a precision.
func (p *problem) blocks(at precision) (blocks []Block) {
	for n := range p.names {
		b, largest := Block{Name: p.names[n], Cols: p.cols[n]}, 0.0
		for _, v := range p.right[n] {
			largest = max(largest, math.Abs(v))
		}
		for i, v := range p.right[n] {
			bar := at.bar(v, largest)
			e := Entry{Given: at.given(p.given[n][i]), Measured: v + (2*p.rng.Float64()-1)*bar/3, Bar: bar, Value: p.value[n][i]}
			e.Bar += math.Abs(e.Given - p.given[n][i])
			if !finite(e.Given) {
				e.Bar = bar
			}
			e.Slack = e.Bar + 1e-7*math.Abs(e.Measured)
			e.Wrong = !(math.Abs(e.Given-e.Measured) <= e.Slack)
			b.Entries = append(b.Entries, e)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func said(causes []Cause) string {
	var words []string
	for _, c := range causes {
		words = append(words, c.Param+" "+c.Kind)
	}
	return strings.Join(words, "; ")
}

// chances are random wrong gradients without a mark.
var chances = map[string]func(p *problem){
	"drawn anew": func(p *problem) { p.each(func(n, i int, v float64) float64 { return p.rng.NormFloat64() }) },
	"a random factor each": func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v * (1 + 0.5*p.rng.NormFloat64()) })
	},
	"a random term each": func(p *problem) { p.each(func(n, i int, v float64) float64 { return v + 0.3*p.rng.NormFloat64() }) },
	"a random factor near 1": func(p *problem) {
		p.each(func(n, i int, v float64) float64 { return v * (1 + 1e-3*p.rng.NormFloat64()) })
	},
	"one parameter": func(p *problem) {
		k := p.rng.IntN(len(p.right))
		p.each(func(n, i int, v float64) float64 {
			if n == k {
				return v + p.rng.NormFloat64()
			}
			return v
		})
	},
	"a third of the entries": func(p *problem) {
		p.each(func(n, i int, v float64) float64 {
			if p.rng.IntN(3) == 0 {
				return v + p.rng.NormFloat64()
			}
			return v
		})
	},
	"outer products": func(p *problem) {
		x, d, wrong := draw(p.rng, p.size.rows+p.size.cols), draw(p.rng, p.size.cols), draw(p.rng, p.size.cols)
		copy(p.given[3], wrong)
		copy(p.right[3], d)
		for n := range 3 {
			for i := range p.right[n] {
				r, c := i/p.size.cols, i%p.size.cols
				p.right[n][i] = x[r]*d[c] + x[(r+1)%len(x)]*p.right[5][c]
				p.given[n][i] = x[r]*wrong[c] + x[(r+1)%len(x)]*p.right[5][c]
			}
		}
	},
}

func draw(rng *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	return v
}

func (p *problem) each(spoil func(n, i int, v float64) float64) {
	for n := range p.right {
		for i, v := range p.right[n] {
			p.given[n][i] = spoil(n, i, v)
		}
	}
}

var sizes = []shape{{4, 3}, {3, 2}, {2, 2}, {6, 8}, {1, 1}, {1, 4}}

// alone reports whether a cause names the only wrong entry of a parameter.
func (p *problem) alone(c Cause) bool {
	for n, b := range p.blocks(precisions[0]) {
		if b.Name == c.Param && c.Kind == "entry" {
			wrong := 0
			for i, v := range p.right[n] {
				if p.given[n][i] != v {
					wrong++
				}
			}
			return wrong == 1
		}
	}
	return false
}

// TestChance: a random wrong gradient has no mark.
func TestChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, at := range precisions {
		tried, marked := 0, 0
		for _, name := range slices.Sorted(maps.Keys(chances)) {
			for k := range 3 * *points {
				p := newProblem(rng, sizes[k%len(sizes)])
				chances[name](p)
				causes := slices.DeleteFunc(Explain(p.blocks(at)), func(c Cause) bool { return c.Kind == "part" || c.Kind == "start" || p.alone(c) }) // these are true
				if tried++; len(causes) > 0 {
					marked++
					t.Logf("%s, %s, %v: %s: %s", at.name, name, p.size, causes[0].Param, causes[0].Observed)
				}
			}
		}
		t.Logf("%s: %d of %d random gradients have a mark", at.name, marked, tried)
		if marked > 1+tried/1000 {
			t.Errorf("%s: %d of %d random gradients have a mark", at.name, marked, tried)
		}
	}
}

// TestRounding: a gradient that is zero but for rounding is zero.
func TestRounding(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 8))
	b, right := Block{Name: "b"}, Block{Name: "w"}
	for range 5 {
		v := rng.NormFloat64()
		b.Entries = append(b.Entries, Entry{Given: 3e-18 * rng.NormFloat64(), Measured: v, Bar: 1e-12, Slack: 1e-10, Wrong: true})
		right.Entries = append(right.Entries, Entry{Given: v, Measured: v, Bar: 1e-12, Slack: 1e-10})
	}
	if c := Explain([]Block{b, right}); len(c) != 1 || c[0].Kind != "zero" || b.Entries[0].Given == 0 {
		t.Errorf("%+v", c)
	}
}
