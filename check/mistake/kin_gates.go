package mistake

import (
	"fmt"
	"strings"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// A slope is something that people write for σ′ or tanh′. s is the value of the gate, z its argument.
type slope struct {
	what, text string // text has % for the gate, and z% for its argument
	f          func(s, z float64) float64
}

// slopes are written for σ′, and slopesOfTanh for tanh′.
var slopes = []slope{
	{"σ′ is missing", "", func(s, z float64) float64 { return 1 }},
	{"σ′ is applied twice", " * %*(1-%) * %*(1-%)", func(s, z float64) float64 { return s * (1 - s) * s * (1 - s) }},
	{"σ′ is written for the value of σ, but gets its argument", " * z%*(1-z%)", func(s, z float64) float64 { return z * (1 - z) }},
	{"σ′ is written for the argument of σ, but gets its value", " * s(%)*(1-s(%))", func(s, z float64) float64 { s = scalar.Sigma(s); return s * (1 - s) }},
	{"the derivative of tanh stands for σ′", " * (1-%*%)", func(s, z float64) float64 { return 1 - s*s }},
	{"the derivative of tanh, written for its argument, stands for σ′", " * (1-tanh(z%)²)", func(s, z float64) float64 { return 1 - scalar.Tanh(z)*scalar.Tanh(z) }},
	{"the derivative of tanh, applied to the value of the gate, stands for σ′", " * (1-tanh(%)²)", func(s, z float64) float64 { return 1 - scalar.Tanh(s)*scalar.Tanh(s) }},
	{"σ′ has a plus for its minus", " * %*(1+%)", func(s, z float64) float64 { return s * (1 + s) }},
	{"σ stands for σ′", " * %", func(s, z float64) float64 { return s }},
	{"σ of the gate's value stands for σ′", " * s(%)", func(s, z float64) float64 { return scalar.Sigma(s) }},
	{"1 − σ stands for σ′", " * (1-%)", func(s, z float64) float64 { return 1 - s }},
}

var slopesOfTanh = []slope{
	{"tanh′ is missing", "", func(s, z float64) float64 { return 1 }},
	{"tanh′ is applied twice", " * (1-%*%) * (1-%*%)", func(s, z float64) float64 { return (1 - s*s) * (1 - s*s) }},
	{"tanh′ is written for the value of tanh, but gets its argument", " * (1-z%*z%)", func(s, z float64) float64 { return 1 - z*z }},
	{"tanh′ is written for the argument of tanh, but gets its value", " * (1-tanh(%)²)", func(s, z float64) float64 { return 1 - scalar.Tanh(s)*scalar.Tanh(s) }},
	{"the derivative of σ stands for tanh′", " * %*(1-%)", func(s, z float64) float64 { return s * (1 - s) }},
	{"the derivative of σ, written for its argument, stands for tanh′", " * s(z%)*(1-s(z%))", func(_, z float64) float64 { s := scalar.Sigma(z); return s * (1 - s) }},
	{"tanh′ has a plus for its minus", " * (1+%*%)", func(s, z float64) float64 { return 1 + s*s }},
	{"tanh stands for tanh′", " * %", func(s, z float64) float64 { return s }},
	{"tanh of the gate's value stands for tanh′", " * tanh(%)", func(s, z float64) float64 { return scalar.Tanh(s) }},
	{"the square is missing in tanh′", " * (1-%)", func(s, z float64) float64 { return 1 - s }},
}

// product has the factors of each dz but its slope.
var product = [4]struct {
	text string
	f    func(p *pass.Place) float64
}{
	I: {"dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
	F: {"dc*cPrev", func(p *pass.Place) float64 { return p.DC * p.CPrev }},
	O: {"dh*tanh(c)", func(p *pass.Place) float64 { return p.DH * p.TanhC }},
	G: {"dc*i", func(p *pass.Place) float64 { return p.DC * p.I }},
}

// slopesOf returns what people write for the derivative of a gate.
func slopesOf(gate int) []slope {
	if gate == G {
		return slopesOfTanh
	}
	return slopes
}

// missing stands for no σ′ and no tanh′.
var missing = slopes[0]

// at returns an edit that writes the slope at a gate.
func (s slope) at(gate int) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		l.Slope[gate] = func(p *pass.Place, x float64) float64 { return x * s.f(p.Gate(gate), p.Z[gate]) }
	}
}

// atC writes the slope at tanh(c).
func (s slope) atC(l *pass.Lines) {
	l.SlopeC = func(p *pass.Place, x float64) float64 { return x * s.f(p.TanhC, p.C) }
}

// line returns the line of a gate with the slope.
func (s slope) line(gate int) string {
	return "dz" + gateName(gate) + " = " + product[gate].text + replaced(s.text, gateName(gate), "z"+gateName(gate))
}

func gateName(gate int) string { return scalar.Gates[gate : gate+1] }

// rightDZ returns the line of a gate.
func rightDZ(gate int) string {
	line := "dz" + gateName(gate) + " = " + product[gate].text
	if gate == G {
		return line + " * (1-g*g)"
	}
	return line + strings.ReplaceAll(" * %*(1-%)", "%", gateName(gate))
}

// ofHelpers adds the mistakes in a function for σ′ or tanh′, which then are in every line that calls it.
func (all *relatives) ofHelpers() {
	for _, s := range slopes {
		all.add("in every gate "+s.what, "sigmoid'(i) = "+inHelper(s.text, "i"), "sigmoid'(i) = i*(1-i)", func(l *pass.Lines) {
			for _, a := range []int{I, F, O} {
				s.at(a)(l)
			}
		})
	}
	for _, s := range slopesOfTanh {
		all.add("in g and at tanh(c) "+s.what, "tanh'(g) = "+inHelper(s.text, "g"), "tanh'(g) = 1-g*g", func(l *pass.Lines) {
			s.at(G)(l)
			s.atC(l)
		})
	}
}

func inHelper(text, gate string) string {
	if text == "" {
		return "1"
	}
	return strings.ReplaceAll(strings.TrimPrefix(text, " * "), "%", gate)
}

// atGate adds the mistakes in the line of one dz.
func (all *relatives) atGate(a int) {
	gate, right := gateName(a), rightDZ(a)
	add := func(what, wrong string, f func(p *pass.Place) float64) { all.add(what, wrong, right, dz(a, f)) }
	for _, s := range slopesOf(a) {
		all.add("at gate "+gate+" "+s.what, s.line(a), right, s.at(a))
	}
	all.wrap("gate "+gate+" has the wrong sign", "dz"+gate+" = -…", right, func(l *pass.Lines) {
		own := l.DZ[a]
		l.DZ[a] = func(p *pass.Place) float64 { return -own(p) }
	})
	add("gate "+gate+" gets no gradient", "dz"+gate+" = 0", func(p *pass.Place) float64 { return 0 })
	for _, x := range factors[a] {
		all.add(x.what, "dz"+gate+" = "+x.text+strings.TrimPrefix(right, "dz"+gate+" = "+product[a].text), right, through(a, x.f))
	}
	if a == O {
		return
	}
	// dc has two parts, from the next step and from h.
	for k, part := range []string{"comes through h", "comes from the next step"} {
		line, rest := [2]string{"dh*o*(1-tanh(c)²)", "dcNext"}, strings.TrimPrefix(product[a].text, "dc*")
		add(fmt.Sprintf("the derivative of gate %s multiplies only one of two terms: what %s", gate, part),
			fmt.Sprintf("dz%s = %s*%s + %s", gate, line[1-k], rest, strings.Replace(strings.TrimPrefix(right, "dz"+gate+" = "), "dc", "("+line[k]+")", 1)), func(p *pass.Place) float64 {
				if p.DC == 0 {
					return 0
				}
				parts, ratio := [2]float64{p.DC - p.Back.DC[p.J], p.Back.DC[p.J]}, product[a].f(p)/p.DC
				return ratio*parts[1-k] + p.Lines.Slope[a](p, ratio*parts[k])
			})
	}
}

// A factor is a wrong product of the numbers that dz has before its slope.
type factor struct {
	what, text string
	f          func(p *pass.Place) float64
}

var factors = [4][]factor{
	I: {
		{"dzi takes dh, but i reaches the loss through c", "dh*g", func(p *pass.Place) float64 { return p.DH * p.G }},
		{"dzi lacks g", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzi takes i for g", "dc*i", func(p *pass.Place) float64 { return p.DC * p.I }},
		{"dzi takes c′ for g", "dc*cPrev", func(p *pass.Place) float64 { return p.DC * p.CPrev }},
		{"dzi takes tanh(c) for g", "dc*tanh(c)", func(p *pass.Place) float64 { return p.DC * p.TanhC }},
		{"dzi takes c for g", "dc*c", func(p *pass.Place) float64 { return p.DC * p.C }},
		{"dzi takes z of g, and not g", "dc*zg", func(p *pass.Place) float64 { return p.DC * p.Z[G] }},
	},
	F: {
		{"dzf takes dh, but f reaches the loss through c", "dh*cPrev", func(p *pass.Place) float64 { return p.DH * p.CPrev }},
		{"dzf lacks c′", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzf takes c of this step for c of the step before", "dc*c", func(p *pass.Place) float64 { return p.DC * p.C }},
		{"dzf takes h′ for c′", "dc*hPrev", func(p *pass.Place) float64 { return p.DC * p.HPrev }},
		{"dzf takes g for c′", "dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
		{"dzf takes tanh(c′) for c′", "dc*tanh(cPrev)", func(p *pass.Place) float64 { return p.DC * scalar.Tanh(p.CPrev) }},
		{"dzf takes tanh(c) for c′", "dc*tanh(c)", func(p *pass.Place) float64 { return p.DC * p.TanhC }},
		{"dzf takes c of two steps before (in the first step the last of all)", "dc*c[t-2]", func(p *pass.Place) float64 { return p.DC * earlier(p.Trace.C, p.T-1, true)[p.J] }},
	},
	O: {
		{"dzo takes dc, but o reaches the loss through h alone", "dc*tanh(c)", func(p *pass.Place) float64 { return (p.Back.DC[p.J] + p.FromH()) * p.TanhC }},
		{"dzo lacks tanh(c)", "dh", func(p *pass.Place) float64 { return p.DH }},
		{"dzo takes c for tanh(c)", "dh*c", func(p *pass.Place) float64 { return p.DH * p.C }},
		{"dzo takes h for tanh(c)", "dh*h", func(p *pass.Place) float64 { return p.DH * p.Trace.H[p.T+1][p.J] }},
		{"dzo takes g for tanh(c)", "dh*g", func(p *pass.Place) float64 { return p.DH * p.G }},
		{"dzo takes tanh(c′) for tanh(c)", "dh*tanh(cPrev)", func(p *pass.Place) float64 { return p.DH * scalar.Tanh(p.CPrev) }},
		{"dzo takes tanh(tanh(c)) for tanh(c)", "dh*tanh(tanh(c))", func(p *pass.Place) float64 { return p.DH * scalar.Tanh(p.TanhC) }},
	},
	G: {
		{"dzg takes dh, but g reaches the loss through c", "dh*i", func(p *pass.Place) float64 { return p.DH * p.I }},
		{"dzg lacks i", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzg takes g for i", "dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
		{"dzg takes f for i", "dc*f", func(p *pass.Place) float64 { return p.DC * p.F }},
		{"dzg takes o for i", "dc*o", func(p *pass.Place) float64 { return p.DC * p.O }},
		{"dzg takes 1 − f for i", "dc*(1-f)", func(p *pass.Place) float64 { return p.DC * (1 - p.F) }},
	},
}

// earlier returns row t of a list of states that has rows for the steps 0 to T. Before its begin, a negative index
// counts from the end if wraps is set, as in Python; else the row is zero.
func earlier(rows [][]float64, t int, wraps bool) []float64 {
	switch {
	case t >= 0:
		return rows[t]
	case wraps:
		return rows[len(rows)+t]
	}
	return make([]float64, len(rows[0]))
}
