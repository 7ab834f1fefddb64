// Package scale names the constant factor of a gradient that is otherwise right: a mean for a sum, a sign, a gradient
// that is clipped or was added up twice.
package scale

import (
	"fmt"
	"math"
	"slices"

	"lstm/check"
	"lstm/check/chain"
	"lstm/check/mistake/derivative"
	"lstm/check/pass"
)

// A Factor is a constant factor of a part of the gradient.
type Factor struct {
	Times float64 // the factor
	Of    string  // what it multiplies: everything, parameters, gates or readout
}

// Apply multiplies a part of a backward pass.
func (k *Factor) Apply(p *pass.Point, b []float64) []float64 {
	if k == nil {
		return b
	}
	from, to := 0, p.Params()
	switch k.Of {
	case "everything":
		to = len(b)
	case "gates":
		to = p.Wy(0, 0)
	case "readout":
		from = p.Wy(0, 0)
	}
	b = slices.Clone(b)
	for i := from; i < to; i++ {
		b[i] *= k.Times
	}
	return b
}

// Causes names a factor, if it can. alone reports whether there are no other mistakes.
func (k *Factor) Causes(p *pass.Point, arrays []chain.Array, alone bool) []check.Cause {
	what := map[string]string{"everything": "every number", "parameters": "the gradient of every parameter", "gates": "the gradient of every parameter of the gates", "readout": "the gradient of the readout"}[k.Of]
	seen := fmt.Sprintf("%s is %.9g times what it should be", what, k.Times)
	if !alone {
		seen = fmt.Sprintf("besides, %s is multiplied by %.9g", what, k.Times)
	}
	norm, clip, clipped := k.clip(p, arrays)
	if !clipped {
		return []check.Cause{{Observed: seen, Likely: k.likely(p, k.Times), Line: k.line(p, arrays)}}
	}
	all := []check.Cause{{Observed: fmt.Sprintf("the norm of the gradient is %.9g; %s", norm, seen),
		Likely: fmt.Sprintf("the gradient is clipped: its norm is cut to %.4g, but the loss knows nothing of this", roundTo(norm, 2)), Line: "check the gradient before it is clipped"}}
	if rest := k.Times / clip; clip > 0 && !near(rest, 1) {
		all = append(all, check.Cause{Observed: fmt.Sprintf("before it was clipped, it was %.9g times what it should be", rest), Likely: k.likely(p, rest), Line: k.line(p, arrays)})
	}
	return all
}

func (k *Factor) line(p *pass.Point, arrays []chain.Array) string {
	known := func(a chain.Array) bool { return len(a.Of) > 0 && len(a.Of[0]) > 0 && a.Of[0][0].Index >= p.Params() }
	if k.Of == "gates" && !slices.ContainsFunc(arrays, known) { // the pass is linear in Wy*dy
		return "where these gradients are added up, or dh = Wy*dy + dhNext"
	}
	if k.Of == "gates" || k.Of == "readout" {
		return "where these gradients are added up"
	}
	return derivative.Right(p.Net) + ", and no other factor from there to the parameters"
}

// likely returns the likely reason of a factor.
func (k *Factor) likely(p *pass.Point, times float64) string {
	part := k.Of == "gates" || k.Of == "readout" // a factor of the loss would be in all gradients
	if part && near(times, 2) {
		return "the gradient is added up twice, or not cleared before"
	}
	for _, half := range []float64{1, 2, 0.5} { // a size itself is likelier than twice the size or half of it
		for _, n := range sizes(p) {
			size, or := float64(n.count)*half, ""
			if size == 2 {
				or = map[bool]string{true: "a factor of 2 is missing, or ", false: "the gradient is added up twice, or "}[times < 1]
			}
			switch {
			case size <= 1 || part && times > 1 || size == 2 && half != 1: // the 2 needs no size
			case near(times, 1/size) && part:
				return fmt.Sprintf("this part of the gradient is divided by %s", n.times(half))
			case near(times, 1/size):
				return fmt.Sprintf("%sthe gradient is divided by %s once more than the loss", or, n.times(half))
			case near(times, size):
				return fmt.Sprintf("%sthe loss is divided by %s once more than the gradient", or, n.times(half))
			}
		}
	}
	switch {
	case near(times, 2):
		return "the gradient is added up twice, or not cleared before"
	case near(times, 0.5):
		return "a factor of 2 is missing"
	case near(times, -1):
		return "the sign is wrong"
	case part:
		return "a constant factor multiplies this part of the gradient"
	}
	return "the loss has a constant factor that its derivative lacks, or the derivative has one that the loss lacks"
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

// clip reports whether the norm of the whole gradient is a round number c. Many programs clip by c/(n + 1e-6), where n
// is the norm before. Then the norm is a little less than c, and tells n. by is the factor of the clipping, or 0 if the
// norm does not tell it.
func (k *Factor) clip(p *pass.Point, arrays []chain.Array) (norm, by float64, clipped bool) {
	if k.Of != "parameters" && k.Of != "gates" || k.Times < 0 {
		return 0, 0, false
	}
	for _, a := range arrays {
		for i, v := range a.Value {
			if len(a.Of[i]) > 0 && a.Of[i][0].Index < p.Params() {
				norm += v * v
			}
		}
	}
	norm = math.Sqrt(norm)
	c := roundTo(norm, 2)
	if !(math.Abs(norm-c) <= 1e-5*c) {
		return norm, 0, false
	}
	if n := norm * 1e-6 / (c - norm); c-norm > 1e-10*c && n > c {
		by = c / (n + 1e-6)
	}
	return norm, by, true
}

// roundTo rounds to a number of digits.
func roundTo(x float64, digits int) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-float64(digits-1))
	return math.Round(x/unit) * unit
}
