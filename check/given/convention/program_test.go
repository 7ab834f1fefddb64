package convention

import (
	"fmt"
	"math/cmplx"
	"math/rand/v2"
	"strings"
)

// A program is an LSTM in a random convention. It computes its loss from its own arrays, in complex numbers, so that
// complex steps give its gradient. It shares nothing with the package that it tests.
type program struct {
	rng              *rand.Rand
	X, H, O, T, N, M int
	symbols, vocab   int // of x: 0, or their number; of an embedding
	base             int // the first symbol of x and target
	gates            []int
	family           string // full, i=1-f, f=1-i, f=1
	linear           bool
	hard, forget     float64
	peephole         bool
	readout          bool
	kind             string // squared, cross-entropy, logistic, sum, dot
	factor           float64
	axes             string // nrk rnk knr
	arrays           []*array
	x, h0, c0        *array // x (N,T,X); states (N,H) or (H)
	target           []float64
	says             []string

	nudge         map[[4]int]complex128 // what is added to z (of gates 0 to 3), 'h', 'c', 'y' or 'x', at a sequence, a step, a number
	h, c, y       []complex128          // of the last pass, (N,T,H) and (N,T,O)
	manySymbols   []int
	targetSymbols []int
}

// An array of a program; locate returns the index of a weight of a gate, or −1.
type array struct {
	name   string
	shape  []int
	data   []complex128
	locate func(gate int, part byte, k, j int) int
}

func (p *program) say(format string, args ...any) {
	p.says = append(p.says, fmt.Sprintf(format, args...))
}

// one returns true in one of n cases.
func (p *program) one(n int) bool { return p.rng.IntN(n) == 0 }

func oneOf[T any](p *program, all ...T) T { return all[p.rng.IntN(len(all))] }

func (p *program) add(name string, shape []int, locate func(gate int, part byte, k, j int) int) *array {
	n := 1
	for _, s := range shape {
		n *= s
	}
	a := &array{name, shape, make([]complex128, n), locate}
	for i := range a.data {
		a.data[i] = complex(0.9*p.rng.NormFloat64(), 0)
	}
	p.arrays = append(p.arrays, a)
	return a
}

func newProgram(seed uint64) *program {
	p := &program{rng: rand.New(rand.NewPCG(seed, 77)), gates: []int{0, 1, 2, 3}, family: "full", axes: "nrk"}
	size := func() int { return 1 + p.rng.IntN(4) }
	p.X, p.H, p.O, p.T, p.N = size(), size(), size(), 1+size(), 1
	if p.one(3) {
		p.N = size()
	}
	if p.one(5) {
		p.axes = oneOf(p, "rnk", "knr")
	}
	p.say("X%d H%d O%d T%d N%d %s", p.X, p.H, p.O, p.T, p.N, p.axes)
	p.cell()
	p.inputs()
	p.weights()
	p.output()
	if p.axes == "knr" && (p.T == p.X || p.T == p.H || p.T == p.O) {
		p.axes = "nrk" // in a square array, columns cannot be told from rows
	}
	return p
}

func (p *program) cell() {
	if p.one(6) {
		p.family = oneOf(p, "i=1-f", "f=1-i", "f=1")
		drop := map[string]int{"i=1-f": 0, "f=1-i": 1, "f=1": 1}[p.family]
		p.gates = nil
		for g := range 4 {
			if g != drop {
				p.gates = append(p.gates, g)
			}
		}
	} else {
		p.peephole = p.one(6)
	}
	p.linear = p.one(6)
	if p.one(6) {
		p.hard = oneOf(p, 0.2, 1.0/6)
	}
	if p.one(6) && p.family != "f=1" {
		p.forget = 1
	}
	p.say("%s linear:%v hard:%.2g forget:%v peephole:%v", p.family, p.linear, p.hard, p.forget, p.peephole)
}

func (p *program) inputs() {
	p.x = &array{name: "x", data: make([]complex128, p.N*p.T*p.X)}
	for i := range p.x.data {
		p.x.data[i] = complex(1.2*p.rng.NormFloat64(), 0)
	}
	if p.one(4) {
		p.symbols = 2 + p.rng.IntN(4)
		p.base = map[bool]int{true: 1}[p.one(4)]
		p.manySymbols = make([]int, p.N*p.T)
		for i := range p.manySymbols {
			p.manySymbols[i] = p.rng.IntN(p.symbols)
		}
		if p.one(2) {
			p.vocab = p.symbols
			turn := p.one(3)
			shape := []int{p.vocab, p.X}
			if turn {
				shape = []int{p.X, p.vocab}
			}
			p.add(oneOf(p, "embedding.weight", "E", "emb"), shape, func(gate int, part byte, k, j int) int {
				if part != 'v' {
					return -1
				}
				if turn {
					return j*p.vocab + k
				}
				return k*p.X + j
			})
			p.say("embedding turned:%v", turn)
		} else {
			p.X = p.symbols
			p.x.data = make([]complex128, p.N*p.T*p.X)
			for i, s := range p.manySymbols {
				p.x.data[i*p.X+s] = 1
			}
			p.say("symbols %d", p.symbols)
		}
	}
	if p.one(3) {
		each := p.N
		if p.one(4) {
			each = 1
		}
		p.h0, p.c0 = &array{name: "h0"}, &array{name: "c0"}
		for _, a := range []*array{p.h0, p.c0} {
			for range each * p.H {
				a.data = append(a.data, complex(0.6*p.rng.NormFloat64(), 0))
			}
		}
		p.say("h0 %d", each)
	}
}

// weights makes the arrays of the gates.
func (p *program) weights() {
	fused, split := p.one(2), p.one(2)
	bias := oneOf(p, "one", "one", "one", "none", "two", "row")
	if bias == "two" && !split || bias == "row" && split {
		bias = "one"
	}
	names := p.names(fused, split)
	order := p.order(names.scheme)
	rows := [][]string{{"xh"}, {"hx"}}[p.rng.IntN(2)][0]
	if bias == "row" {
		rows = oneOf(p, rows+"1", "1"+rows)
	}
	turned := p.one(2)
	p.say("fused:%v split:%v bias:%s rows:%s turned:%v order:%v names:%s", fused, split, bias, rows, turned, order, names.scheme)
	how := p.rng.IntN(16)
	matrix := func(kind, rows string) {
		if fused {
			p.fused(names.of(kind, -1), rows, order, turned, how)
			return
		}
		for _, g := range order {
			p.single(names.of(kind, g), g, rows, turned)
		}
	}
	if split {
		matrix("x", "x")
		matrix("h", "h")
	} else {
		matrix("w", rows)
	}
	if bias == "one" || bias == "two" {
		matrix("b", "1")
	}
	if bias == "two" {
		matrix("d", "1")
	}
	if p.peephole {
		var three []int
		for _, g := range order {
			if g != 3 {
				three = append(three, g)
			}
		}
		if fused {
			p.fused(names.of("p", -1), "p", three, false, 0)
		} else {
			for _, g := range three {
				p.single(names.of("p", g), g, "p", false)
			}
		}
	}
}

func (p *program) order(scheme string) []int {
	want := ""
	switch scheme {
	case "torch":
		want = "ifgo"
	case "keras":
		want = "ifgo"
	case "onnx":
		want = "iofg"
	case "cs231n":
		want = "ifog"
	}
	if want == "" || p.one(4) {
		order := make([]int, len(p.gates))
		for i, k := range p.rng.Perm(len(p.gates)) {
			order[i] = p.gates[k]
		}
		return order
	}
	var order []int
	for _, c := range want {
		g := strings.IndexRune("ifog", c)
		for _, have := range p.gates {
			if have == g {
				order = append(order, g)
			}
		}
	}
	return order
}

// row returns the row of a part, or −1.
func (p *program) row(rows string, part byte, k int) int {
	at := 0
	for i := range len(rows) {
		if rows[i] == part {
			return at + k
		}
		at += map[byte]int{'x': p.X, 'h': p.H, '1': 1, 'p': 1}[rows[i]]
	}
	return -1
}

func (p *program) height(rows string) int {
	n := 0
	for i := range len(rows) {
		n += map[byte]int{'x': p.X, 'h': p.H, '1': 1, 'p': 1}[rows[i]]
	}
	return n
}

func (p *program) single(name string, gate int, rows string, turned bool) {
	height := p.height(rows)
	shape := []int{height, p.H}
	if turned {
		shape = []int{p.H, height}
	}
	if height == 1 && p.one(2) {
		shape = []int{p.H}
	}
	p.add(name, shape, func(g int, part byte, k, j int) int {
		r := p.row(rows, part, k)
		if g != gate || r < 0 {
			return -1
		}
		if turned {
			return j*height + r
		}
		return r*p.H + j
	})
}

func (p *program) fused(name, rows string, order []int, turned bool, how int) {
	height, G := p.height(rows), len(order)
	shape, steps := []int{height, G * p.H}, [3]int{p.H, G * p.H, 1} // steps of gate, row, column
	switch {
	case turned:
		shape, steps = []int{G * p.H, height}, [3]int{p.H * height, 1, height}
	case how == 1:
		shape, steps = []int{G, height, p.H}, [3]int{height * p.H, p.H, 1}
	case how == 2:
		shape, steps = []int{height, G, p.H}, [3]int{p.H, G * p.H, 1}
	case how == 3: // the gates of a unit side by side
		steps = [3]int{1, G * p.H, G}
	}
	if turned && how == 1 {
		shape = []int{G, p.H, height}
	}
	if height == 1 && len(shape) == 2 && p.one(2) || how == 4 { // without a shape
		shape = []int{G * p.H * height}
	}
	p.add(name, shape, func(g int, part byte, k, j int) int {
		r := p.row(rows, part, k)
		for slot, gate := range order {
			if gate == g && r >= 0 {
				return slot*steps[0] + r*steps[1] + j*steps[2]
			}
		}
		return -1
	})
}

type naming struct {
	scheme string
	of     func(kind string, gate int) string
}

func (p *program) names(fused, split bool) naming {
	if p.one(5) {
		next := 0
		return naming{"letters", func(string, int) string { next++; return "t" + string(rune('A'+next-1)) }}
	}
	letters := oneOf(p, [4]string{"i", "f", "o", "g"}, [4]string{"i", "f", "o", "c"}, [4]string{"input", "forget", "output", "cell"},
		[4]string{"u", "f", "o", "c"}, [4]string{"i", "f", "o", "a"})
	if p.family != "full" && letters[0] == "u" {
		letters[0] = "i"
	}
	if fused {
		all := []naming{
			{"cs231n", named2("W", "Wx", "Wh", "b", "b2", "P")},
			{"torch", named2("lstm.weight_l0", "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "lstm.peep")},
			{"keras", named2("lstm/kernel", "lstm/kernel", "lstm/recurrent_kernel", "lstm/bias", "lstm/recurrent_bias", "lstm/peephole")},
			{"onnx", named2("W", "W", "R", "B", "Rb", "P")},
		}
		return all[p.rng.IntN(len(all))]
	}
	forms := oneOf(p, [6]string{"W%s", "W%sx", "W%sh", "b%s", "bh%s", "p%s"}, [6]string{"W_%s", "W_x%s", "W_h%s", "b_%s", "c_%s", "W_c%s"},
		[6]string{"%s_gate.weight", "%s_gate.x.weight", "%s_gate.h.weight", "%s_gate.bias", "%s_gate.bias2", "%s_gate.peep"},
		[6]string{"W%s", "W%s", "U%s", "b%s", "r%s", "V%s"})
	return naming{forms[0], func(kind string, gate int) string {
		return fmt.Sprintf(forms[strings.Index("wxhbdp", kind)], letters[gate])
	}}
}

func named2(names ...string) func(kind string, gate int) string {
	return func(kind string, _ int) string { return names[strings.Index("wxhbdp", kind)] }
}

// output makes the readout and the loss.
func (p *program) output() {
	p.M = oneOf(p, p.T, p.T, p.T, 1, 1+p.rng.IntN(p.T))
	p.kind = oneOf(p, "squared", "squared", "cross-entropy", "symbols", "logistic", "sum", "dot")
	p.readout = !p.one(5)
	if !p.readout {
		p.O = min(p.O, p.H)
		if p.kind == "sum" {
			p.O = p.H
		}
	}
	if p.kind == "sum" {
		p.M = oneOf(p, p.T, 1)
	}
	if p.O == 1 && (p.kind == "cross-entropy" || p.kind == "symbols") {
		p.kind = "squared"
	}
	if p.readout {
		p.dense()
	}
	p.factor = 1
	if p.kind == "squared" && p.one(3) {
		p.factor = 0.5
	}
	for _, n := range []int{p.O, p.M, p.N} {
		if p.one(3) {
			p.factor /= float64(n)
		}
	}
	p.say("readout:%v %s M%d factor %.4g", p.readout, p.kind, p.M, p.factor)
	p.target = make([]float64, p.N*p.M*p.O)
	for i := 0; i < len(p.target); i += p.O {
		row, sum := p.target[i:i+p.O], 0.0
		hot := p.rng.IntN(p.O)
		p.targetSymbols = append(p.targetSymbols, hot)
		for k := range row {
			switch p.kind {
			case "symbols":
				row[k] = map[bool]float64{true: 1, false: 0}[k == hot]
			case "logistic":
				row[k] = float64(p.rng.IntN(2))
			case "cross-entropy":
				row[k] = p.rng.Float64()
			case "squared", "dot":
				row[k] = p.rng.NormFloat64()
			}
			sum += row[k]
		}
		for k := range row {
			if p.kind == "cross-entropy" {
				row[k] /= sum
			}
		}
	}
}

func (p *program) dense() {
	names := [][2]string{{"Wy", "by"}, {"Why", "by"}, {"W_out", "b_out"}, {"dense/kernel", "dense/bias"}, {"linear.weight", "linear.bias"}, {"V", "d"},
		{"fc.weight", "fc.bias"}, {"tX", "tY"}}[p.rng.IntN(8)]
	turned, bias := p.one(2), oneOf(p, "one", "one", "none", "row")
	rows := "h"
	if bias == "row" {
		rows = oneOf(p, "h1", "1h")
	}
	height := p.height(rows)
	shape := []int{height, p.O}
	if turned {
		shape = []int{p.O, height}
	}
	p.say("dense %s %s turned:%v", names[0], bias, turned)
	p.add(names[0], shape, func(g int, part byte, k, j int) int {
		r := -1
		if g == 4 {
			r = p.row(rows, part, k)
		}
		if r < 0 {
			return -1
		}
		if turned {
			return j*height + r
		}
		return r*p.O + j
	})
	if bias == "one" {
		p.add(names[1], []int{p.O}, func(g int, part byte, k, j int) int {
			if g == 4 && part == '1' {
				return j
			}
			return -1
		})
	}
}

// weight returns the sum of all entries that belong to a weight; gate 4 is the readout.
func (p *program) weight(gate int, part byte, k, j int) (sum complex128) {
	for _, a := range p.arrays {
		if i := a.locate(gate, part, k, j); i >= 0 {
			sum += a.data[i]
		}
	}
	return sum
}

func (p *program) sigma(z complex128) complex128 {
	if p.hard != 0 {
		v := complex(p.hard, 0)*z + 0.5
		if real(v) <= 0 {
			return 0
		}
		if real(v) >= 1 {
			return 1
		}
		return v
	}
	return 1 / (1 + cmplx.Exp(-z))
}

// loss runs the program.
func (p *program) loss() (total complex128) {
	p.h, p.c, p.y = nil, nil, nil
	for s := range p.N {
		h, c := make([]complex128, p.H), make([]complex128, p.H)
		if p.h0 != nil {
			from := s * p.H % len(p.h0.data)
			copy(h, p.h0.data[from:from+p.H])
			copy(c, p.c0.data[from:from+p.H])
		}
		for t := range p.T {
			h, c = p.step(s, t, h, c)
			total += p.objective(s, t, h)
		}
	}
	return total * complex(p.factor, 0)
}

func (p *program) step(s, t int, h, c []complex128) (hNext, cNext []complex128) {
	at := (s*p.T + t) * p.X
	for j := range p.H {
		var z, gate [4]complex128
		for _, g := range p.gates {
			z[g] = p.weight(g, '1', 0, j) + p.nudge[[4]int{g, s, t, j}]
			for k := range p.X {
				x := complex128(0)
				if p.vocab > 0 {
					x = p.weight(5, 'v', p.manySymbols[s*p.T+t], k)
				} else {
					x = p.x.data[at+k]
				}
				z[g] += (x + p.nudge[[4]int{'x', s, t, k}]) * p.weight(g, 'x', k, j)
			}
			for k := range p.H {
				z[g] += h[k] * p.weight(g, 'h', k, j)
			}
			if p.peephole && g < 2 {
				z[g] += c[j] * p.weight(g, 'p', 0, j)
			}
		}
		z[1] += complex(p.forget, 0)
		gate[0], gate[1], gate[3] = p.sigma(z[0]), p.sigma(z[1]), cmplx.Tanh(z[3])
		switch p.family {
		case "i=1-f":
			gate[0] = 1 - gate[1]
		case "f=1-i":
			if p.forget != 0 {
				gate[0] = p.sigma(z[0] - 1)
			}
			gate[1] = 1 - gate[0]
		case "f=1":
			gate[1] = 1
		}
		next := gate[1]*c[j] + gate[0]*gate[3] + p.nudge[[4]int{'c', s, t, j}]
		if p.peephole {
			z[2] += next * p.weight(2, 'p', 0, j)
		}
		out := cmplx.Tanh(next)
		if p.linear {
			out = next
		}
		cNext = append(cNext, next)
		hNext = append(hNext, p.sigma(z[2])*out+p.nudge[[4]int{'h', s, t, j}])
	}
	p.h, p.c = append(p.h, hNext...), append(p.c, cNext...)
	return hNext, cNext
}

func (p *program) objective(s, t int, h []complex128) (sum complex128) {
	y := make([]complex128, p.O)
	for m := range y {
		y[m] = p.nudge[[4]int{'y', s, t, m}]
		if p.readout {
			y[m] += p.weight(4, '1', 0, m)
			for j := range h {
				y[m] += h[j] * p.weight(4, 'h', j, m)
			}
		} else {
			y[m] += h[m]
		}
	}
	p.y = append(p.y, y...)
	row := t - (p.T - p.M)
	if row < 0 {
		return 0
	}
	target := p.target[(s*p.M+row)*p.O:][:p.O]
	norm := complex128(0)
	for _, v := range y {
		norm += cmplx.Exp(v)
	}
	if strings.HasPrefix(p.kind, "cross") || p.kind == "symbols" {
		sum = cmplx.Log(norm) // the targets are a distribution but for their rounding
	}
	for m, v := range y {
		k := complex(target[m], 0)
		switch p.kind {
		case "squared":
			sum += (v - k) * (v - k)
		case "cross-entropy", "symbols":
			sum -= k * v
		case "logistic":
			sum += cmplx.Log(1+cmplx.Exp(v)) - k*v
		case "sum":
			sum += v
		case "dot":
			sum += k * v
		}
	}
	return sum
}

// derivative returns the derivative of the loss with respect to a number.
func (p *program) derivative(v *complex128) float64 {
	old := *v
	*v += complex(0, 1e-100)
	d := imag(p.loss()) / 1e-100
	*v = old
	return d
}

func (p *program) gradient(a *array) []float64 {
	all := make([]float64, len(a.data))
	for i := range all {
		all[i] = p.derivative(&a.data[i])
	}
	return all
}

// nudged returns the derivatives with respect to z, h, c, y or x, rows of k numbers in the order (N,T,k).
func (p *program) nudged(what, k int) (all []float64) {
	for s := range p.N {
		for t := range p.T {
			for j := range k {
				p.nudge = map[[4]int]complex128{{what, s, t, j}: complex(0, 1e-100)}
				all = append(all, imag(p.loss())/1e-100)
			}
		}
	}
	p.nudge = nil
	return all
}

func real64(all []complex128) (r []float64) {
	for _, v := range all {
		r = append(r, real(v))
	}
	return r
}
