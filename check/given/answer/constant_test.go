package answer

import (
	"fmt"
	"strings"
	"testing"

	"lstm/check/mistake/derivative"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// TestConstant: dy has a constant factor. The answer names it for the loss as the file was read, also with few digits.
func TestConstant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outputs, steps int
		per            float64 // of the loss
		times          float64 // what the program's dy is multiplied by
		wrong          string
		ties           int // other mistakes with the same numbers, at least
	}{
		{3, 6, 2, 2, "dy = 2*(y - target)", 1},         // ½ forgotten: the gradient may be added up twice, too
		{1, 6, 2, 2, "dy = 2*(y - target)", 1},         // with one output, it is no mean
		{3, 6, 12, 12, "dy = 2*(y - target)", 0},       // ½ and the steps
		{4, 5, 8, 0.5, "dy = 0.5*(y - target) / O", 0}, // ½ twice
		{2, 5, 5, 0.5, "dy = (y - target) / T", 1},     // the 2 of the square, or a mean over two outputs
		{3, 2, 2, 0.5, "dy = (y - target) / T", 1},     // or a second mean over two steps
		{4, 6, 4, 4, "dy = 2*(y - target)", 0},
		{7, 6, 7, 7, "dy = 2*(y - target)", 0}, // more outputs than units
	} {
		for _, digits := range []int{0, 8, 6, 32} {
			t.Run(fmt.Sprint(c.outputs, c.steps, c.per, digits), func(t *testing.T) {
				d := newDumper(scalar.Net{X: 3, H: 4, O: c.outputs, T: c.steps}, 90)
				n := d.point.Net
				n.Per, d.digits = c.per, digits
				d.point = pass.New(n, d.point.V, d.point.Target)
				l := pass.Right()
				right := l.DY
				l.DY = func(p *pass.Place) float64 { return c.times * right(p) }
				a := judged(t, d.dump(l))
				if a.Verdict != Wrong || len(a.Causes) != 1 || !strings.HasPrefix(a.Causes[0].Line, c.wrong+arrow) || !strings.HasSuffix(a.Causes[0].Line, arrow+derivative.Right(n)) || len(a.Others) < c.ties {
					t.Errorf("%s", text(a))
				}
			})
		}
	}
}

// TestNearlyOne: with few digits, the largest entry suggests a factor of 0.99999997. It is rounding, and no second mistake.
func TestNearlyOne(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{32, 38} {
		d := newDumper(scalar.Net{X: 3, H: 4, O: 6, T: 6}, 400+seed)
		n := d.point.Net
		n.Per, d.digits = 1, 8
		d.point = pass.New(n, d.point.V, d.point.Target)
		l := pass.Right()
		l.H = func(p *pass.Place, k int) float64 { return p.Trace.C[p.T][k] }
		if said := text(judged(t, d.dump(l))); strings.Contains(said, "multiplied by 0.99999") || strings.Contains(said, "multiplied by 1.00000") {
			t.Errorf("seed %d: %s", seed, said)
		}
	}
}
