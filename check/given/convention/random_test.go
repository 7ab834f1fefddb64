package convention

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/trial"
	"lstm/check/pass"
)

var (
	programs = flag.Int("programs", 50, "random programs to read")
	first    = flag.Int("first", 0, "the number of the first of them")
	tell     = flag.Bool("tell", false, "print the files that are not read well")
)

// A writer writes a file of numbers with so many digits.
type writer struct {
	digits int // 17, 8, 4; or 9 for float32
	texts  []string
}

func (w *writer) number(v float64) string {
	if w.digits == 9 {
		return strconv.FormatFloat(v, 'g', -1, 32)
	}
	if w.digits == 17 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprintf("%.*g", w.digits, v)
}

// rounded returns the number that the file has.
func (w *writer) rounded(v float64) float64 {
	v, _ = strconv.ParseFloat(w.number(v), 64)
	return v
}

func (w *writer) nest(data []float64, shape []int) string {
	if len(shape) == 0 {
		return w.number(data[0])
	}
	var parts []string
	each := len(data) / shape[0]
	for i := range shape[0] {
		parts = append(parts, w.nest(data[i*each:(i+1)*each], shape[1:]))
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (w *writer) add(name string, data []float64, shape []int) {
	w.texts = append(w.texts, fmt.Sprintf("%q: %s", name, w.nest(data, shape)))
}

// arrange puts rows (N,r,k) into the order of a program's axes.
func (p *program) arrange(data []float64, r, k int, column bool) ([]float64, []int) {
	at := func(s, t, i int) float64 { return data[(s*r+t)*k+i] }
	var all []float64
	switch p.axes {
	case "nrk":
		all = data
	case "rnk":
		for t := range r {
			for s := range p.N {
				for i := range k {
					all = append(all, at(s, t, i))
				}
			}
		}
	case "knr":
		for i := range k {
			for s := range p.N {
				for t := range r {
					all = append(all, at(s, t, i))
				}
			}
		}
	}
	shape := map[string][]int{"nrk": {p.N, r, k}, "rnk": {r, p.N, k}, "knr": {k, p.N, r}}[p.axes]
	if p.N == 1 {
		shape = map[string][]int{"nrk": {r, k}, "rnk": {r, k}, "knr": {k, r}}[p.axes]
	}
	if k == 1 && !column && len(shape) > 1 {
		if p.axes == "knr" {
			shape = shape[1:]
		} else {
			shape = shape[:len(shape)-1]
		}
	}
	return all, shape
}

func floats(all []int) (f []float64) {
	for _, v := range all {
		f = append(f, float64(v))
	}
	return f
}

// file writes the program's file, and returns the derivatives that each array has at the numbers of the file.
func (p *program) file(digits int, wrong bool) (text string, truth map[string][]float64) {
	w := &writer{digits: digits}
	truth = make(map[string][]float64)
	loss := real(p.loss())
	h, c, y := real64(p.h), real64(p.c), real64(p.y)
	if digits == 9 {
		loss *= 1 + 1e-7*p.rng.NormFloat64()
	}
	w.add("loss", []float64{loss}, nil)
	if p.symbols > 0 {
		data, shape := p.arrange(floats(p.manySymbols), p.T, 1, false)
		w.add("x", data, shape)
	} else {
		data, shape := p.arrange(real64(p.x.data), p.T, p.X, p.one(2))
		w.add("x", data, shape)
	}
	switch p.kind {
	case "sum":
	case "symbols":
		data, shape := p.arrange(floats(p.targetSymbols), p.M, 1, p.one(4))
		w.add("target", data, shape)
	default:
		data, shape := p.arrange(p.target, p.M, p.O, p.one(2))
		if p.M == 1 && p.N > 1 && p.one(2) && len(shape) == 3 {
			shape = slices.DeleteFunc(shape, func(n int) bool { return n == 1 })
			if len(shape) == 0 {
				shape = []int{1}
			}
		}
		w.add("target", data, shape)
	}
	states := func(data []float64) ([]float64, []int) {
		n := len(data) / p.H
		if n == 1 {
			return data, []int{p.H}
		}
		return p.arrange(data, 1, p.H, true)
	}
	flat := func(shape []int) []int { // without the axis of steps
		if len(shape) < 3 {
			return shape
		}
		at := strings.IndexByte(p.axes, 'r')
		return slices.Delete(slices.Clone(shape), at, at+1)
	}
	if p.h0 != nil {
		for _, a := range []*array{p.h0, p.c0} {
			data, shape := states(real64(a.data))
			w.add(a.name, data, flat(shape))
		}
	}
	if p.one(4) {
		data, shape := p.arrange(h, p.T, p.H, true)
		w.add("h", data, shape)
		data, shape = p.arrange(c, p.T, p.H, true)
		w.add("c", data, shape)
	}
	if p.one(4) {
		data, shape := p.arrange(y, p.T, p.O, true)
		w.add("y", data, shape)
	}
	p.round(w)
	spoil := func(data []float64) []float64 {
		if !wrong {
			return data
		}
		bad := slices.Clone(data)
		for i := range bad {
			bad[i] = bad[i]*(0.3+0.1*float64(i%5)) + 0.01
		}
		return bad
	}
	var params, grads []string
	for _, a := range p.arrays {
		g := p.gradient(a)
		truth[a.name] = g
		params = append(params, fmt.Sprintf("%q: %s", a.name, w.nest(real64(a.data), a.shape)))
		grads = append(grads, fmt.Sprintf("%q: %s", a.name, w.nest(spoil(g), a.shape)))
	}
	if p.one(3) {
		p.backward(w, truth, spoil)
	}
	if p.h0 != nil && p.one(2) {
		for _, a := range []*array{p.h0, p.c0} {
			g := p.gradient(a)
			data, shape := states(g)
			truth["d"+a.name] = data
			w.add("d"+a.name, spoil(data), flat(shape))
		}
	}
	w.texts = append(w.texts, `"params": {`+strings.Join(params, ", ")+"}", `"grads": {`+strings.Join(grads, ", ")+"}")
	return "{" + strings.Join(w.texts, ",\n") + "}", truth
}

// round gives the program the numbers of the file.
func (p *program) round(w *writer) {
	for _, a := range append(slices.Clone(p.arrays), p.x, p.h0, p.c0) {
		if a != nil {
			for i, v := range a.data {
				a.data[i] = complex(w.rounded(real(v)), 0)
			}
		}
	}
	if p.kind != "symbols" {
		for i, v := range p.target {
			p.target[i] = w.rounded(v)
		}
	}
}

func (p *program) backward(w *writer, truth map[string][]float64, spoil func([]float64) []float64) {
	add := func(name string, what, k int) {
		data, shape := p.arrange(p.nudged(what, k), p.T, k, true)
		truth[name] = data
		w.add(name, spoil(data), shape)
	}
	add("dy", 'y', p.O)
	add("dh", 'h', p.H)
	add("dc", 'c', p.H)
	for _, g := range p.gates {
		add("d"+"ifog"[g:g+1], g, p.H)
	}
	if p.one(2) {
		add("dx", 'x', p.X)
	}
}

// TestRandom reads the files of random programs. Each must be read as what it is, or as the same function: all
// that the reading sees must have the derivatives that the program has, by complex steps.
func TestRandom(t *testing.T) {
	kinds := make(map[string]int)
	tried := make(map[int]int)
	for n := *first; n < *first+*programs; n++ {
		digits := []int{17, 17, 8, 9, 4}[n%5]
		wrong := n%2 == 1
		tried[digits]++
		p := newProgram(uint64(n))
		text, truth := p.file(digits, wrong)
		what := outcome(text, truth, map[bool]float64{true: 2e-6, false: 1e-8}[digits == 9], *tell, t)
		if what == "" {
			continue
		}
		kinds[fmt.Sprintf("%d digits, wrong gradient %v: %s", digits, wrong, what)]++
		t.Logf("program %d, %d digits, wrong %v: %s\n\t%s", n, digits, wrong, what, strings.Join(p.says, "\n\t"))
		if *tell {
			for _, line := range strings.Split(text, "\n") {
				t.Log(line[:min(len(line), 300)])
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		t.Errorf("%4d %s", kinds[k], k)
	}
	t.Log(tried)
}

// outcome returns what is wrong with a reading, or nothing.
func outcome(text string, truth map[string][]float64, tolerance float64, tell bool, t *testing.T) string {
	d, err := given.ParseJSON(strings.NewReader(text), 1<<30)
	if err != nil {
		return err.Error()
	}
	start := time.Now()
	r, err := Read(d)
	if took := time.Since(start); took > 500*time.Millisecond {
		t.Log("slow:", took)
	}
	var no *NoFit
	if errors.As(err, &no) {
		t.Log(err)
		if no.Why != "" {
			return "no fit: " + no.Why
		}
		return "no fit"
	}
	if tell {
		t.Log(strings.Join(r.Words, "\n\t"))
	}
	back := r.Point.Backward(pass.Right())
	bad, seen := "", 0
	for _, a := range r.Seen {
		want := truth[a.Name]
		size := 1e-3
		for _, v := range want {
			size = max(size, math.Abs(v))
		}
		for i, v := range trial.Right(&a, back) {
			if i < len(want) && math.Abs(v-want[i]) > tolerance*size {
				bad = a.Name
				if tell {
					t.Logf("%s[%d] %v should be %v", a.Name, i, v, want[i])
				}
			}
		}
		seen++
	}
	switch {
	case bad != "" && len(r.Others) > 0:
		return "another reading, but others are said"
	case bad != "":
		return "another gradient"
	case seen < len(truth):
		for name := range truth {
			if !slices.ContainsFunc(r.Seen, func(a chain.Array) bool { return a.Name == name }) {
				t.Log("not seen:", name, d.Known[name])
			}
		}
		return "not all is seen"
	case len(r.Others) > 0:
		t.Logf("right, but with others: %q", r.Others)
	}
	return ""
}

var _ = rand.New
