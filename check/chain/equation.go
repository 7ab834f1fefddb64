package chain

import (
	"strings"

	"lstm/check/pass"
)

// equations has the lines as equations, of an LSTM.
var equations = [...]string{
	DY: "dy = ∂L/∂y", DH: "dh = Wy·dy + dh′", DHP: "dh′ = Wh·dz", DC: "dc = dh∘o∘(1−tanh²c) + dc′", DCP: "dc′ = dc∘f",
	DZO: "dz_o = dh∘tanh(c)∘o(1−o)", DZI: "dz_i = dc∘g∘i(1−i)", DZF: "dz_f = dc∘c′∘f(1−f)", DZG: "dz_g = dc∘i∘(1−g²)", Sums: "the sum over the steps",
}

// sources are the numbers that go into each line.
var sources = [...]string{DY: "y and the target", DH: "dy and dh′", DHP: "dz of the next step", DC: "dh, o, c and dc′", DCP: "dc and f of the next step",
	DZO: "dh, c and o", DZI: "dc, g and i", DZF: "dc, c of the step before, and f", DZG: "dc, i and g", Sums: "dz, x and h"}

// Equation returns a line as an equation of the cell that a kind is, and the numbers that go into it.
func Equation(k pass.Kind, l Line) (equation, from string) {
	equation, from = equations[l], sources[l]
	switch {
	case l == DC && k.Linear:
		equation, from = "dc = dh∘o + dc′", "dh, o and dc′"
	case l == DZO && k.Linear:
		equation = "dz_o = dh∘c∘o(1−o)"
	case l == DZF && k.Tied == pass.TiedI:
		equation, from = "dz_f = dc∘(c′−g)∘f(1−f)", "dc, c of the step before, g and f"
	case l == DZI && k.Tied == pass.TiedF:
		equation, from = "dz_i = dc∘(g−c′)∘i(1−i)", "dc, c of the step before, g and i"
	}
	switch {
	case l == DC && k.Peephole:
		equation, from = equation+" + po∘dz_o", strings.TrimSuffix(from, " and dc′")+", dz_o and dc′"
	case l == DCP && k.Peephole:
		equation, from = equation+" + pi∘dz_i + pf∘dz_f", "dc, f, dz_i and dz_f of the next step"
	}
	if k.Hard != 0 {
		equation = strings.NewReplacer("i(1−i)", "σ′(z_i)", "f(1−f)", "σ′(z_f)", "o(1−o)", "σ′(z_o)").Replace(equation)
	}
	return equation, from
}

// Says returns the equation of a fault.
func (f *Fault) Says() string {
	line, _ := f.says()
	return line
}

func (f *Fault) says() (line, from string) {
	if f.dx {
		return "dx = Wx·dz", "dz"
	}
	line, from = Equation(f.kind, f.Line)
	if f.Line == Sums && f.Array != "" {
		line += " for " + f.Array
	}
	return line, from
}
