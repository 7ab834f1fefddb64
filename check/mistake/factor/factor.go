// Package factor has what people write for the factors of a gate's dz: for σ′ and tanh′, and for what multiplies them.
package factor

import (
	"strings"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Slope is something that people write for σ′ or tanh′. s is the value of the gate, and z its argument.
type Slope struct {
	What, Text string                     // what is wrong, and the line; Text has % for the gate, and z% for its argument
	F          func(s, z float64) float64 // what multiplies dz
}

// Slopes are written for σ′.
var Slopes = []Slope{
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

// SlopesOfTanh are written for tanh′.
var SlopesOfTanh = []Slope{
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

// Product has the factors of each dz but its slope.
var Product = [4]struct {
	Text string
	F    func(p *pass.Place) float64
}{
	pass.I: {"dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
	pass.F: {"dc*cPrev", func(p *pass.Place) float64 { return p.DC * p.CPrev }},
	pass.O: {"dh*tanh(c)", func(p *pass.Place) float64 { return p.DH * p.TanhC }},
	pass.G: {"dc*i", func(p *pass.Place) float64 { return p.DC * p.I }},
}

// At returns an edit that writes the slope at a gate.
func (s Slope) At(gate int) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		l.Slope[gate] = func(p *pass.Place, x float64) float64 { return x * s.F(p.Gate(gate), p.Z[gate]) }
	}
}

// AtC writes the slope at tanh(c).
func (s Slope) AtC(l *pass.Lines) {
	l.SlopeC = func(p *pass.Place, x float64) float64 { return x * s.F(p.TanhC, p.C) }
}

// Line returns the line of a gate with the slope.
func (s Slope) Line(gate int) string {
	return "dz" + Name(gate) + " = " + Product[gate].Text + Replaced(s.Text, Name(gate), "z"+Name(gate))
}

// A Factor is a wrong product of the numbers that dz has before its slope.
type Factor struct {
	What, Text string                      // what is wrong, and the product
	F          func(p *pass.Place) float64 // the product
}

// Factors has the wrong products of each gate.
var Factors = [4][]Factor{
	pass.I: {
		{"dzi takes dh, but i reaches the loss through c", "dh*g", func(p *pass.Place) float64 { return p.DH * p.G }},
		{"dzi lacks g", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzi takes i for g", "dc*i", func(p *pass.Place) float64 { return p.DC * p.I }},
		{"dzi takes c′ for g", "dc*cPrev", func(p *pass.Place) float64 { return p.DC * p.CPrev }},
		{"dzi takes tanh(c) for g", "dc*tanh(c)", func(p *pass.Place) float64 { return p.DC * p.TanhC }},
		{"dzi takes c for g", "dc*c", func(p *pass.Place) float64 { return p.DC * p.C }},
		{"dzi takes z of g, and not g", "dc*zg", func(p *pass.Place) float64 { return p.DC * p.Z[pass.G] }},
	},
	pass.F: {
		{"dzf takes dh, but f reaches the loss through c", "dh*cPrev", func(p *pass.Place) float64 { return p.DH * p.CPrev }},
		{"dzf lacks c′", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzf takes c of this step for c of the step before", "dc*c", func(p *pass.Place) float64 { return p.DC * p.C }},
		{"dzf takes h′ for c′", "dc*hPrev", func(p *pass.Place) float64 { return p.DC * p.HPrev }},
		{"dzf takes g for c′", "dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
		{"dzf takes tanh(c′) for c′", "dc*tanh(cPrev)", func(p *pass.Place) float64 { return p.DC * scalar.Tanh(p.CPrev) }},
		{"dzf takes tanh(c) for c′", "dc*tanh(c)", func(p *pass.Place) float64 { return p.DC * p.TanhC }},
		{"dzf takes c of two steps before (in the first step the last of all)", "dc*c[t-2]", func(p *pass.Place) float64 { return p.DC * Earlier(p.Trace.C, p.T-1, true)[p.J] }},
	},
	pass.O: {
		{"dzo takes dc, but o reaches the loss through h alone", "dc*tanh(c)", func(p *pass.Place) float64 { return (p.Back.DC[p.J] + p.FromH()) * p.TanhC }},
		{"dzo lacks tanh(c)", "dh", func(p *pass.Place) float64 { return p.DH }},
		{"dzo takes c for tanh(c)", "dh*c", func(p *pass.Place) float64 { return p.DH * p.C }},
		{"dzo takes h for tanh(c)", "dh*h", func(p *pass.Place) float64 { return p.DH * p.Trace.H[p.T+1][p.J] }},
		{"dzo takes g for tanh(c)", "dh*g", func(p *pass.Place) float64 { return p.DH * p.G }},
		{"dzo takes tanh(c′) for tanh(c)", "dh*tanh(cPrev)", func(p *pass.Place) float64 { return p.DH * scalar.Tanh(p.CPrev) }},
		{"dzo takes tanh(tanh(c)) for tanh(c)", "dh*tanh(tanh(c))", func(p *pass.Place) float64 { return p.DH * scalar.Tanh(p.TanhC) }},
	},
	pass.G: {
		{"dzg takes dh, but g reaches the loss through c", "dh*i", func(p *pass.Place) float64 { return p.DH * p.I }},
		{"dzg lacks i", "dc", func(p *pass.Place) float64 { return p.DC }},
		{"dzg takes g for i", "dc*g", func(p *pass.Place) float64 { return p.DC * p.G }},
		{"dzg takes f for i", "dc*f", func(p *pass.Place) float64 { return p.DC * p.F }},
		{"dzg takes o for i", "dc*o", func(p *pass.Place) float64 { return p.DC * p.O }},
		{"dzg takes 1 − f for i", "dc*(1-f)", func(p *pass.Place) float64 { return p.DC * (1 - p.F) }},
	},
}

// Earlier returns row t of a list of states that has rows for the steps 0 to T. Before its begin, a negative index
// counts from the end if wraps is set, as in Python; else the row is zero.
func Earlier(rows [][]float64, t int, wraps bool) []float64 {
	switch {
	case t >= 0:
		return rows[t]
	case wraps:
		return rows[len(rows)+t]
	}
	return make([]float64, len(rows[0]))
}

// Name returns the letter of a gate.
func Name(gate int) string { return scalar.Gates[gate : gate+1] }

// Replaced puts the names of a value and its argument into the text of a slope.
func Replaced(text, value, argument string) string {
	return strings.NewReplacer("z%", argument, "%", value).Replace(text)
}

// RightDZ returns the line of a gate.
func RightDZ(gate int) string {
	line := "dz" + Name(gate) + " = " + Product[gate].Text
	if gate == pass.G {
		return line + " * (1-g*g)"
	}
	return line + strings.ReplaceAll(" * %*(1-%)", "%", Name(gate))
}

// ForgetAt returns the forget gate of another step, or of this step if there is no other.
func ForgetAt(p *pass.Place, shift int) float64 {
	if t := p.T + shift; t >= 0 && t < p.Net.T {
		return p.Trace.Gate[t][pass.F][p.J]
	}
	return p.F
}

// Shifted returns an edit that makes dW take x of another step. Beyond the ends of the sequence, dW takes
// zeros, or with clamp the x of this step.
func Shifted(shift int, clamp bool) func(l *pass.Lines) {
	return func(l *pass.Lines) {
		l.X = func(p *pass.Place, k int) float64 {
			switch t := p.T + shift; {
			case t >= 0 && t < p.Net.T:
				return p.V[p.In(t, k)+p.Own]
			case clamp:
				return p.V[p.In0+k]
			}
			return 0
		}
	}
}

// InHelper returns the text of a slope as the body of a function.
func InHelper(text, gate string) string {
	if text == "" {
		return "1"
	}
	return strings.ReplaceAll(strings.TrimPrefix(text, " * "), "%", gate)
}
