package convention

import (
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

func (w *writer) write(name string, data []float64, shape []int) {
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

// from returns symbols, counted as the program counts them.
func (p *program) from(all []int) (f []float64) {
	for _, v := range all {
		f = append(f, float64(v+p.base))
	}
	return f
}

// A file is a program's file in the making.
type file struct {
	*program
	writer
	wrong bool                 // its gradients are wrong
	truth map[string][]float64 // the derivatives that its arrays should have
}

// text returns the file.
func (f *file) text() string {
	f.inputs()
	f.forward()
	f.round(&f.writer)
	var params, grads []string
	for _, a := range f.arrays {
		g := f.gradient(a)
		f.truth[a.name] = g
		params = append(params, fmt.Sprintf("%q: %s", a.name, f.nest(real64(a.data), a.shape)))
		grads = append(grads, fmt.Sprintf("%q: %s", a.name, f.nest(f.spoil(g), a.shape)))
	}
	if f.one(3) {
		f.backward()
	}
	if f.h0 != nil && f.one(2) {
		for _, a := range []*array{f.h0, f.c0} {
			f.states("d"+a.name, f.gradient(a), true)
		}
	}
	f.texts = append(f.texts, `"params": {`+strings.Join(params, ", ")+"}", `"grads": {`+strings.Join(grads, ", ")+"}")
	return "{" + strings.Join(f.texts, ",\n") + "}"
}

// put adds rows (N,r,k) in the order of the program's axes. Without column, an axis of length 1 for k is left out.
func (f *file) put(name string, rows []float64, r, k int, column bool) {
	data, shape := f.arrange(rows, r, k, column)
	f.write(name, data, shape)
}

func (f *file) inputs() {
	if f.symbols > 0 {
		f.put("x", f.from(f.manySymbols), f.T, 1, false)
	} else {
		f.put("x", real64(f.x.data), f.T, f.X, f.one(2))
	}
	switch f.kind {
	case "sum":
	case "symbols":
		f.put("target", f.from(f.targetSymbols), f.M, 1, f.one(4))
	default:
		data, shape := f.arrange(f.target, f.M, f.O, f.one(2))
		if f.M == 1 && f.N > 1 && len(shape) == 3 && f.one(2) {
			shape = slices.DeleteFunc(shape, func(n int) bool { return n == 1 })
		}
		f.write("target", data, shape)
	}
	if f.h0 != nil {
		for _, a := range []*array{f.h0, f.c0} {
			f.states(a.name, real64(a.data), false)
		}
	}
}

// states adds h0 or c0, or their gradients.
func (f *file) states(name string, data []float64, gradient bool) {
	shape := []int{f.H}
	if len(data) > f.H {
		data, shape = f.arrange(data, 1, f.H, true)
		at := strings.IndexByte(f.axes, 'r')
		shape = slices.Delete(shape, at, at+1)
	}
	if gradient {
		f.truth[name] = data
		data = f.spoil(data)
	}
	f.write(name, data, shape)
}

// forward adds the loss, and perhaps h, c and y.
func (f *file) forward() {
	loss := real(f.loss())
	if f.digits == 9 {
		loss *= 1 + 1e-7*f.rng.NormFloat64()
	}
	f.write("loss", []float64{loss}, nil)
	if f.one(4) {
		f.put("h", real64(f.h), f.T, f.H, true)
		f.put("c", real64(f.c), f.T, f.H, true)
	}
	if f.one(4) {
		f.put("y", real64(f.y), f.T, f.O, true)
	}
}

// spoil returns another gradient, if the file is to have a wrong one.
func (f *file) spoil(data []float64) []float64 {
	bad := slices.Clone(data)
	for i := range bad {
		if f.wrong {
			bad[i] = bad[i]*(0.3+0.1*float64(i%5)) + 0.01
		}
	}
	return bad
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

// backward adds dy, dh, dc, dz, and perhaps dx.
func (f *file) backward() {
	add := func(name string, what, k int) {
		data, shape := f.arrange(f.nudged(what, k), f.T, k, true)
		f.truth[name] = data
		f.write(name, f.spoil(data), shape)
	}
	add("dy", 'y', f.O)
	add("dh", 'h', f.H)
	add("dc", 'c', f.H)
	for _, g := range f.gates {
		add("d"+"ifog"[g:g+1], g, f.H)
	}
	if f.one(2) {
		add("dx", 'x', f.X)
	}
}

// TestRandom reads the files of random programs. Each must be read as what it is, or as the same function: all that
// the reading sees must have the derivatives that the program has, by complex steps. With 4 digits and a gradient that is
// wrong everywhere, the loss does not always tell: about one of ten such files is read as another network (at most one of
// six, or the test fails), and the reading says that there are others.
func TestRandom(t *testing.T) {
	t.Parallel()
	kinds := make(map[string]int)
	hard, unclear := 0, 0
	for n := *first; n < *first+*programs; n++ {
		digits, wrong := []int{17, 17, 8, 9, 4}[n%5], n%2 == 1
		p := newProgram(uint64(n))
		f := &file{program: p, writer: writer{digits: digits}, wrong: wrong, truth: make(map[string][]float64)}
		text := f.text()
		what := outcome(t, text, f.truth, map[bool]float64{true: 2e-6, false: 1e-8}[digits == 9])
		if digits == 4 && wrong {
			hard++
		}
		if what == "" {
			continue
		}
		if digits == 4 && wrong && what == others {
			unclear++
		} else {
			kinds[fmt.Sprintf("%d digits, wrong gradient %v: %s", digits, wrong, what)]++
		}
		t.Logf("program %d, %d digits, wrong gradient %v: %s\n\t%s", n, digits, wrong, what, strings.Join(p.says, "\n\t"))
		for _, line := range strings.Split(text, "\n") {
			if *tell {
				t.Log(line[:min(len(line), 300)])
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		t.Errorf("%4d %s", kinds[k], k)
	}
	t.Logf("%d programs; %d of %d with 4 digits and a wrong gradient read as another, with others said", *programs, unclear, hard)
	if unclear > 1+hard/6 {
		t.Error("too many")
	}
}

// others is the outcome of a file that is read as another network, if the reading says that there are others.
const others = "another reading, but others are said"

// outcome returns what is wrong with the reading of a file, or nothing.
func outcome(t *testing.T, text string, truth map[string][]float64, tolerance float64) string {
	d, err := given.ParseJSON(strings.NewReader(text), 1<<30)
	if err != nil {
		return err.Error()
	}
	start := time.Now()
	r, err := Read(d)
	if took := time.Since(start); took > time.Second {
		t.Log("slow:", took)
	}
	if err != nil {
		return "no fit: " + err.Error()
	}
	if *tell {
		t.Log(strings.Join(r.Words, "\n\t"), r.Others)
	}
	back := r.Point.Backward(pass.Right())
	bad := false
	for _, a := range r.Seen {
		want, size := truth[a.Name], 1e-3
		for _, v := range want {
			size = max(size, math.Abs(v))
		}
		for i, v := range trial.Right(&a, back) {
			bad = bad || !(math.Abs(v-want[i]) <= tolerance*size)
		}
	}
	switch {
	case bad && len(r.Others) > 0:
		return others
	case bad:
		return "another gradient"
	case len(r.Seen) < len(truth):
		return "not all is seen"
	}
	return ""
}

// TestMangled reads files in which something is missing, has another shape or is very large: never with a panic.
func TestMangled(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	for n := range 18 {
		p := newProgram(uint64(n))
		f := &file{program: p, writer: writer{digits: 8}, truth: make(map[string][]float64)}
		d, err := given.ParseJSON(strings.NewReader(f.text()), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		var all []*given.Array
		for k := range d.Params {
			all = append(all, &d.Params[k])
		}
		for _, name := range slices.Sorted(maps.Keys(d.Known)) {
			all = append(all, d.Known[name])
		}
		a := all[rng.IntN(len(all))]
		length := len(a.Data)
		switch n % 6 {
		case 0:
			slices.Reverse(a.Shape)
		case 1:
			a.Shape = []int{length}
		case 2:
			a.Shape, a.Data, a.Bar = []int{0}, nil, nil
		case 3:
			a.Shape, a.Data, a.Bar = nil, a.Data[:1], a.Bar[:1]
		case 4:
			a.Data[rng.IntN(length)] = []float64{math.NaN(), math.Inf(1), 1e300, 1e18}[rng.IntN(4)]
		case 5:
			a.Shape = append([]int{1, 1, 1}, append(a.Shape, 1, 1)...)
		}
		start := time.Now()
		Read(d)
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("program %d, array %s: %v", n, a.Name, took)
		}
	}
}
