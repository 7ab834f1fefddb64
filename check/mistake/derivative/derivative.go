// Package derivative has the mistakes in the derivative of the loss with respect to an output, dy.
package derivative

import (
	"math"
	"slices"
	"strings"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// A Mistake is a wrong line for dy.
type Mistake struct {
	What         string                                     // what is wrong, as a part of a sentence
	Wrong, Right string                                     // the line as somebody writes it, and as it should be
	DY           func(p *pass.Place, right float64) float64 // dy with the mistake; right is what it is without
}

// Line returns the line that gives dy an expression, divided as the loss is. In a squared error, a leading 2 and the ½ of
// the loss make 1.
func Line(n pass.Net, dy string) string { return line(n, dy, loss(n)) }

func line(n pass.Net, dy string, by []divisor) string {
	if n.Kind.Loss == pass.Squared && slices.Contains(by, half) {
		by, dy = without(by, half), strings.TrimPrefix(dy, "2*")
	}
	switch bare := strings.TrimSuffix(strings.TrimPrefix(dy, "("), ")"); {
	case len(by) > 0 && isSum(dy):
		dy = "(" + dy + ")"
	case len(by) == 0 && "("+bare+")" == dy && !strings.ContainsAny(bare, "()"):
		dy = bare
	}
	for _, d := range by {
		dy += " / " + d.letter
	}
	return "dy = " + dy
}

// isSum reports whether an expression is a sum or a difference.
func isSum(expression string) bool {
	depth := 0
	for _, c := range expression {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case '+', '-':
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

// Right returns the right line.
func Right(n pass.Net) string { return Line(n, derivative(n)) }

// Minus returns the line with the wrong sign.
func Minus(n pass.Net) string {
	return Line(n, map[string]string{"2*(y - target)": "2*(target - y)", "p - target": "target - p", "1": "-1", "target": "-target"}[derivative(n)])
}

// derivative returns the derivative of a loss that is a plain sum.
func derivative(n pass.Net) string {
	switch n.Kind.Loss {
	case pass.Squared:
		return "2*(y - target)"
	case pass.Sum:
		return "1"
	case pass.Dot:
		return "target"
	}
	return "p - target"
}

// own returns the divisor of a derivative whose expression does not begin with the 2 of a square.
func own(n pass.Net, dy string) float64 {
	if n.Kind.Loss == pass.Squared && slices.Contains(loss(n), half) && !strings.HasPrefix(dy, "2*") {
		return n.Per / 2
	}
	return n.Per
}

// Others returns the other mistakes in the derivative of a network's loss.
func Others(n pass.Net) (all []Mistake) {
	dy := func(what, wrong string, f func(p *pass.Place) float64) {
		per := own(n, wrong)
		all = append(all, Mistake{what, Line(n, wrong), Right(n), func(p *pass.Place, _ float64) float64 { return f(p) / per }})
	}
	switch n.Kind.Loss {
	case pass.CrossEntropy, pass.Logistic:
		prob := func(p *pass.Place) float64 {
			if n.Kind.Loss == pass.Logistic {
				return scalar.Sigma(p.Y)
			}
			return p.P
		}
		dy("the target is missing in the derivative of the loss", "p", prob)
		dy("the derivative takes the scores y, and not their probabilities p", "y - target", func(p *pass.Place) float64 { return p.Y - p.Target })
		dy("the derivative is that of the squared error", "2*(y - target)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) })
		dy("the derivative is that of the squared error of the probabilities", "2*(p - target)*p*(1-p)", func(p *pass.Place) float64 { return 2 * (prob(p) - p.Target) * prob(p) * (1 - prob(p)) })
		dy("the derivative of the probability is applied twice", "(p - target)*p*(1-p)", func(p *pass.Place) float64 { return (prob(p) - p.Target) * prob(p) * (1 - prob(p)) })
		dy("the derivative of the softmax is missing", "-target/p", func(p *pass.Place) float64 { return -p.Target / prob(p) })
		dy("only the symbol of the target gets a derivative", "(p - 1)*target", func(p *pass.Place) float64 { return (prob(p) - 1) * p.Target })
		dy("the symbol of the target gets no derivative", "p*(1 - target)", func(p *pass.Place) float64 { return prob(p) * (1 - p.Target) })
		dy("target and probability are added", "p + target", func(p *pass.Place) float64 { return prob(p) + p.Target })
	case pass.Squared:
		dy("the target is missing in the derivative of the loss", "2*y", func(p *pass.Place) float64 { return 2 * p.Y })
		dy("the derivative is that of the absolute error", "sign(y - target)", func(p *pass.Place) float64 { return math.Copysign(1, p.Y-p.Target) })
		dy("the error is squared, and not its derivative taken", "(y - target)**2", func(p *pass.Place) float64 { return (p.Y - p.Target) * (p.Y - p.Target) })
		dy("the error is squared in the derivative, too", "2*(y - target)**2", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * (p.Y - p.Target) })
		dy("the derivative is that of the absolute error, with the 2 of the square", "2*sign(y - target)", func(p *pass.Place) float64 { return 2 * math.Copysign(1, p.Y-p.Target) })
		dy("target and output are added", "2*(y + target)", func(p *pass.Place) float64 { return 2 * (p.Y + p.Target) })
		dy("a σ′ of the output is there, but the output has no σ", "2*(y - target)*y*(1-y)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * p.Y * (1 - p.Y) })
		dy("a tanh′ of the output is there, but the output has no tanh", "2*(y - target)*(1-y*y)", func(p *pass.Place) float64 { return 2 * (p.Y - p.Target) * (1 - p.Y*p.Y) })
		dy("the derivative is that of the cross-entropy", "softmax(y) - target", func(p *pass.Place) float64 { return p.P - p.Target })
	}
	return all
}
