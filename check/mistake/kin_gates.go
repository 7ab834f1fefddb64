package mistake

import (
	"fmt"
	"strings"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

// slopesOf returns what people write for the derivative of a gate.
func slopesOf(gate int) []factor.Slope {
	if gate == G {
		return factor.SlopesOfTanh
	}
	return factor.Slopes
}

// missing stands for no σ′ and no tanh′.
var missing = factor.Slopes[0]

// ofHelpers adds the mistakes in a function for σ′ or tanh′, which then are in every line that calls it.
func (all *relatives) ofHelpers() {
	for _, s := range factor.Slopes {
		all.add("in every gate "+s.What, "sigmoid'(i) = "+factor.InHelper(s.Text, "i"), "sigmoid'(i) = i*(1-i)", func(l *pass.Lines) {
			for _, a := range []int{I, F, O} {
				s.At(a)(l)
			}
		})
	}
	for _, s := range factor.SlopesOfTanh {
		all.add("in g and at tanh(c) "+s.What, "tanh'(g) = "+factor.InHelper(s.Text, "g"), "tanh'(g) = 1-g*g", func(l *pass.Lines) {
			s.At(G)(l)
			s.AtC(l)
		})
	}
}

// atGate adds the mistakes in the line of one dz.
func (all *relatives) atGate(a int) {
	gate, right := factor.Name(a), factor.RightDZ(a)
	add := func(what, wrong string, f func(p *pass.Place) float64) { all.add(what, wrong, right, dz(a, f)) }
	for _, s := range slopesOf(a) {
		all.add("at gate "+gate+" "+s.What, s.Line(a), right, s.At(a))
	}
	all.wrap("gate "+gate+" has the wrong sign", "dz"+gate+" = -…", right, func(l *pass.Lines) {
		own := l.DZ[a]
		l.DZ[a] = func(p *pass.Place) float64 { return -own(p) }
	})
	add("gate "+gate+" gets no gradient", "dz"+gate+" = 0", func(p *pass.Place) float64 { return 0 })
	for _, x := range factor.Factors[a] {
		all.add(x.What, "dz"+gate+" = "+x.Text+strings.TrimPrefix(right, "dz"+gate+" = "+factor.Product[a].Text), right, through(a, x.F))
	}
	if a == O {
		return
	}
	// dc has two parts, from the next step and from h.
	for k, part := range []string{"comes through h", "comes from the next step"} {
		line, rest := [2]string{"dh*o*(1-tanh(c)²)", "dcNext"}, strings.TrimPrefix(factor.Product[a].Text, "dc*")
		add(fmt.Sprintf("the derivative of gate %s multiplies only one of two terms: what %s", gate, part),
			fmt.Sprintf("dz%s = %s*%s + %s", gate, line[1-k], rest, strings.Replace(strings.TrimPrefix(right, "dz"+gate+" = "), "dc", "("+line[k]+")", 1)), func(p *pass.Place) float64 {
				if p.DC == 0 {
					return 0
				}
				parts, ratio := [2]float64{p.DC - p.Back.DC[p.J], p.Back.DC[p.J]}, factor.Product[a].F(p)/p.DC
				return ratio*parts[1-k] + p.Lines.Slope[a](p, ratio*parts[k])
			})
	}
}
