package slope

import "math"

// enough is a relative error bar that is narrow enough: Derivative then takes no smaller steps.
const enough = 1e-8

// Derivative returns the derivative of f at x, and its error bar. f is the loss.
//
// If f bends fast, the first steps may miss it and agree by chance. So Derivative compares the result with
// plain differences, whose steps are smaller. If they differ, or if the bar is wide for another
// reason than noise, it builds the triangle again from smaller steps. If they differ, it returns the
// new result. Otherwise it returns the result with the narrower bar.
//
// At a corner, as max(0, x) has at 0, the slope on the right is not the slope on the left. With smaller steps
// the two slopes stay different. Their difference widens the bar. Derivative compares the slopes at every
// level, because rounding may hide a corner at small steps. If the slopes agree at a small step, the corner is
// beside x and does not count. If only the second derivative jumps, as in Huber's loss, D(δ) − L′ falls as δ,
// and not as δ². The bar then ends near √(ε|L|), because such a jump looks the same as a corner very near x.
//
// Where the loss itself jumps, D(δ) grows as 1/δ, and the smallest steps show only the jump and noise.
// Derivative then returns the result of the widest steps, with a bar that covers all later results.
func (l Loss) Derivative(f func(x float64) float64, x float64) (d, bar float64, err error) {
	c := curve{l, f, x}
	first := FirstStep * max(1, math.Abs(x))
	least := first * 0x1p-40
	best, err := c.ridders(first)
	wide := best.d
	corner := 0.0 // half the difference of the slopes, plus the part that rounding may hide
	for err == nil && first > least {
		plain := c.difference(first * 5.3e-5) // no power of 2: it differs from every period that fits the triangle
		corner = c.corner(plain, corner)
		guard, differ := c.guard(best, plain, corner)
		if !differ && (best.bar < enough*math.Abs(best.d) || best.bar < 4*best.noise || best.bar < plain.noise/16) {
			break
		}
		if first = 64 * plain.step; differ {
			first = min(64*guard.step, 512*plain.step)
		}
		var next number
		next, err = c.ridders(first)
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
	return best.d, best.bar + corner, err
}

// corner returns the size of a corner, from a plain difference and from the size that wider steps have shown.
func (c *curve) corner(plain difference, corner float64) float64 {
	bends := plain.bend > float64(1e-5*math.Abs(plain.d))+2*plain.noise
	if !bends && corner == 0 {
		return 0
	}
	near := c.difference(plain.step / 16)
	switch {
	case bends && near.bend-2*near.noise > plain.bend/2:
		return max(plain.bend, near.bend) + math.Abs(near.bend-plain.bend) + 2*near.noise // the slopes bend too, or the corner is just beside x
	case min(plain.bend+2*plain.noise, near.bend+2*near.noise) < corner/2:
		return 0
	}
	return corner
}

// guard reports whether plain differences contradict n, and returns the last of them. It begins with plain. If
// plain is too noisy to decide, or its step is too wide, guard takes other steps.
func (c *curve) guard(n number, plain difference, corner float64) (difference, bool) {
	bends := func() float64 { return float64(4 * n.third * plain.step * plain.step) }
	contradicts := func() bool {
		allowed := n.bar + plain.noise + bends() + float64(enough/10*math.Abs(n.d))
		if corner > 0 {
			allowed += float64(1e-5 * (math.Abs(n.d) + corner))
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
