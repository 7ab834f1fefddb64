package museum

import (
	"fmt"
	"math"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/pass"
)

// cause names a factor, if it can.
func (k *Scale) cause(p *pass.Point, arrays []chain.Array) check.Cause {
	what := map[string]string{"everything": "every number", "parameters": "the gradient of every parameter", "gates": "the gradient of every parameter of the gates", "readout": "the gradient of the readout"}[k.Of]
	c := check.Cause{Observed: fmt.Sprintf("%s is %.9g times what it should be", what, k.Times)}
	if norm, clipped := k.clip(p, arrays); clipped {
		c.Likely = fmt.Sprintf("the gradient is clipped: its norm is cut to %.4g, but the loss knows nothing of this", norm)
		c.Line = "check the gradient before it is clipped"
		return c
	}
	c.Likely, c.Line = "the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks", "dy = 2*(y - target) / O"
	if k.Of == "gates" || k.Of == "readout" {
		c.Likely, c.Line = "a constant factor multiplies this part of the gradient", "where these gradients are added up"
	}
	for _, n := range sizes(p) {
		for _, half := range []float64{1, 2, 0.5} {
			switch size := float64(n.count) * half; {
			case near(k.Times, 1/size) && size > 1:
				c.Likely = fmt.Sprintf("the gradient is divided by %s, but the loss is not", n.times(half))
			case near(k.Times, size) && size > 1:
				c.Likely = fmt.Sprintf("the loss is divided by %s, but the gradient is not", n.times(half))
			default:
				continue
			}
			return c
		}
	}
	switch {
	case near(k.Times, 2):
		c.Likely = "the gradient is added up twice, or not cleared before"
	case near(k.Times, 0.5):
		c.Likely = "a factor of 2 is missing"
	case near(k.Times, -1):
		c.Likely = "the sign is wrong"
	}
	return c
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Abs(b) }

// A size is a number of things that a sum or a mean runs over.
type size struct {
	count int
	name  string
}

func (s size) times(half float64) string {
	switch half {
	case 2:
		return fmt.Sprintf("twice the number of %s (%d)", s.name, s.count)
	case 0.5:
		return fmt.Sprintf("half the number of %s (%d)", s.name, s.count)
	}
	return fmt.Sprintf("the number of %s (%d)", s.name, s.count)
}

// sizes returns the sizes above 1 that are not the same number. Of equal sizes, the first name has both.
func sizes(p *pass.Point) (all []size) {
	rows := len(p.Target) / p.O / p.N
	for _, s := range []size{{p.T, "steps"}, {p.N, "sequences"}, {p.O, "outputs"}, {rows, "steps with a target"},
		{p.N * p.T, "steps of all sequences"}, {rows * p.O, "targets of a sequence"}, {p.N * rows * p.O, "targets"}} {
		for k := range all {
			if all[k].count == s.count {
				all[k].name += " or " + s.name
				s.count = 0
			}
		}
		if s.count > 1 {
			all = append(all, s)
		}
	}
	return all
}

// clip reports whether the norm of the whole gradient is a round number.
func (k *Scale) clip(p *pass.Point, arrays []chain.Array) (norm float64, clipped bool) {
	if k.Of != "parameters" && k.Of != "gates" || !(k.Times > 0 && k.Times < 1) {
		return 0, false
	}
	for _, a := range arrays {
		for i, v := range a.Value {
			if len(a.Of[i]) > 0 && a.Of[i][0].Index < p.Params() {
				norm += v * v
			}
		}
	}
	norm = math.Sqrt(norm)
	short := roundTo(norm, 2)
	return short, math.Abs(norm-short) <= 1e-5*short
}

// roundTo rounds to a number of digits.
func roundTo(x float64, digits int) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-float64(digits-1))
	return math.Round(x/unit) * unit
}
