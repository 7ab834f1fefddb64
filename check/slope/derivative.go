package slope

import "math"

// enough is a relative error bar that is narrow enough: Derivative then takes no smaller steps.
const enough = 1e-8

// A Slope is a measured derivative.
type Slope struct {
	Value  float64 // the derivative
	Bar    float64 // its error bar
	Corner float64 // the part of Bar that comes from a corner: half the difference of the slopes on both sides
}

// Derivative measures the derivative of f at x. f is the loss.
//
// If f bends fast, the first steps may miss it and agree by chance. So Derivative compares the result with
// plain differences, whose steps are smaller. If they differ, or if the bar is wide for another
// reason than noise, it builds the triangle again from smaller steps. If they differ, it returns the
// new result. Otherwise it returns the result with the narrower bar.
//
// At a corner, as max(0, x) has at 0, the slope on the right is not the slope on the left. With smaller steps
// the two slopes stay different. Their difference widens the bar. Derivative compares the slopes at every
// level, and in the triangle too, because rounding may hide a corner at small steps. If the slopes agree at a small step, the corner is
// beside x and does not count. If only the second derivative jumps, as in Huber's loss, D(δ) − L′ falls as δ,
// and not as δ². The bar then ends near √(ε|L|), because such a jump looks the same as a corner very near x.
//
// Where the loss itself jumps, D(δ) grows as 1/δ, and the smallest steps show only the jump and noise.
// Derivative then returns the result of the widest steps, with a bar that covers all later results.
func (l Loss) Derivative(f func(x float64) float64, x float64) (Slope, error) {
	c := curve{l, f, x}
	first := FirstStep * max(1, math.Abs(x))
	least := first * 0x1p-40
	best, err := c.ridders(first)
	wide := best.d
	corner := best.corner // half the difference of the slopes, plus the part that rounding may hide
	smooth := false       // the slopes agree at a smaller step than that of a corner
	for err == nil && first > least {
		plain := c.difference(first * 5.3e-5) // no power of 2: it differs from every period that fits the triangle
		before := corner
		corner = c.corner(plain, corner)
		smooth = smooth || before > corner && corner == 0
		guard, differ := c.guard(best, plain, corner)
		if !differ && (best.bar < enough*math.Abs(best.d) || best.bar < 4*best.noise || best.bar < plain.noise/16) {
			break
		}
		if first = 64 * plain.step; differ {
			first = min(64*guard.step, 512*plain.step)
		}
		var next number
		if next, err = c.ridders(first); !smooth {
			corner = max(corner, next.corner)
		}
		off, agree := math.Abs(next.d-best.d), best.bar+next.bar
		refuted := differ && off <= agree && agree < min(math.Abs(guard.d-best.d), 1e-4*math.Abs(best.d)) // only noise made guard differ
		if next.bar < best.bar || differ && off > agree {
			best = next
		}
		if refuted {
			best.bar = max(best.bar, off)
			break
		}
		if differ && first <= least { // no step was small enough
			best.bar = max(best.bar, math.Abs(guard.d-best.d))
			if off := math.Abs(wide - best.d); off <= best.bar {
				best.d, best.bar = wide, 2*(best.bar+off)
			}
		}
	}
	return Slope{best.d, best.bar + corner, corner}, err
}

// guard reports whether plain differences contradict n, and returns the last of them. It begins with plain. If
// plain is too noisy to decide, or its step is too wide, guard takes other steps.
func (c *curve) guard(n number, plain difference, corner float64) (difference, bool) {
	bends := func() float64 { return float64(4 * n.third * plain.step * plain.step) }
	contradicts := func() bool {
		allowed := n.bar + plain.noise + bends() + float64(enough/10*math.Abs(n.d))
		if corner > 0 {
			allowed += float64(sharp * (math.Abs(n.d) + corner))
		}
		return math.Abs(plain.d-n.d) > allowed
	}
	if !contradicts() && bends() > 10*(n.bar+plain.noise) {
		plain = c.difference(plain.step / 8)
	}
	for !contradicts() && plain.noise > 1e-5*math.Abs(n.d) && 16*plain.step < n.last {
		plain = c.difference(16 * plain.step)
	}
	return plain, contradicts()
}
