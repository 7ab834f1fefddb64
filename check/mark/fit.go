package mark

import (
	"math"
	"strconv"
)

// need is the information, in bits, that makes a mark credible: it fits other gradients once in 2^need.
const need = 10

// A claim is what a mark says of one entry: y is k times u. All entries share k.
type claim struct {
	y, e  float64 // y, and how far the true y may be from it
	u, s  float64 // u, and how far the true u may be from it
	right float64 // y, if the gradient were right
	loose float64 // how far the true one may be from right
}

// A fit is the range of factors k for which all claims hold. The range is empty if low is above high.
type fit struct {
	low, high float64
	bits      float64 // the claims hold by chance once in 2^bits
	confirm   float64 // the part of bits that confirms k: one claim sets k, and a claim with u = 0 does not confirm it
}

var noFit = fit{low: 1, high: 0}

// fitted returns the fit of a claim about each entry. It stops at the first claim that does not hold.
//
// A claim with y far from what a right gradient has, beside its errors, holds seldom by chance. A claim with y
// close to that says nothing.
func fitted(entries []Entry, at func(i int, e Entry) claim) fit {
	f := fit{low: math.Inf(-1), high: math.Inf(1)}
	for i, e := range entries {
		c := at(i, e)
		if u := math.Abs(c.u); u > 2*c.s {
			y := c.y * sign(c.u)
			f.low = max(f.low, min((y-c.e)/(u-c.s), (y-c.e)/(u+c.s)))
			f.high = min(f.high, max((y+c.e)/(u-c.s), (y+c.e)/(u+c.s)))
		}
		if !(f.low <= f.high) {
			return noFit
		}
	}
	k, most := f.middle(), 0.0
	if !finite(k) {
		return f // no claim limits k
	}
	for i, e := range entries {
		c := at(i, e)
		width := c.e + math.Abs(k)*c.s
		if !(math.Abs(c.y-k*c.u) <= 1.01*width+1e-15*math.Abs(c.y)) { // also if u is zero within its error
			return noFit
		}
		bits := bits(math.Abs(k*c.u-c.right)-c.loose, width)
		if f.bits += bits; math.Abs(c.u) > 2*c.s {
			f.confirm, most = f.confirm+bits, max(most, bits)
		}
	}
	f.confirm -= most
	return f
}

// bits returns the information in a number that is far from another one, and known to a width.
func bits(far, width float64) float64 {
	if far <= 0 {
		return 0
	}
	return min(30, max(0, math.Log2(far/max(width, 1e-300))-1))
}

func (f fit) middle() float64      { return (f.low + f.high) / 2 }
func (f fit) width() float64       { return f.high - f.low }
func (f fit) holds(k float64) bool { return f.low <= k && k <= f.high }

// exactly reports whether k fits, and hardly by chance. k is one of a number of candidates.
func (f fit) exactly(k float64, candidates int) bool {
	return f.holds(k) && f.bits >= need+math.Log2(float64(candidates))
}

// free reports whether some k fits, and hardly by chance.
func (f fit) free(candidates int) bool {
	return f.low <= f.high && f.confirm >= need+math.Log2(float64(candidates))
}

// number returns the middle of the range with the digits that the range allows, at most six.
func (f fit) number() string {
	digits := 6
	if !finite(f.middle()) {
		return "any"
	}
	if k := math.Abs(f.middle()); f.width() > 0 && k > 0 {
		digits = min(6, max(1, int(math.Log10(2*k/f.width()))))
	}
	return strconv.FormatFloat(f.middle(), 'g', digits, 64)
}

// A ratio is p/q in lowest terms. p may be negative or zero.
type ratio struct{ p, q int }

func (r ratio) value() float64 { return float64(r.p) / float64(r.q) }
func (r ratio) height() int    { return max(r.p, -r.p, r.q) }

func (r ratio) String() string {
	if r.q == 1 {
		return strconv.Itoa(r.p)
	}
	return strconv.Itoa(r.p) + "/" + strconv.Itoa(r.q)
}

// equals writes a ratio, and the number that was found, if it could be another one.
func (f fit) equals(r ratio) string {
	if f.width() < 1e-5*math.Abs(f.middle()) {
		return r.String()
	}
	if f.number() == r.String() {
		return "about " + r.String()
	}
	return f.number() + " ≈ " + r.String()
}

// name writes the factor, and the ratio that it is.
func (f fit) name() string {
	if r, ok := f.ratio(); ok {
		return f.equals(r)
	}
	return f.number()
}

// exact returns the ratio that the factor is, or else the middle of its range.
func exact(f fit) float64 {
	if r, ok := f.ratio(); ok {
		return r.value()
	}
	return f.middle()
}

// most is the largest p and q of a fraction that has a name. Larger whole numbers and their inverses have one too.
const most = 12

// ratio returns the only simple ratio in the range. Another one must be far away, beside the width of the range:
// else the range would have one by chance. −1, 2 and 1/2 are common, so these need less distance.
func (f fit) ratio() (found ratio, ok bool) {
	k := f.middle()
	if f.holds(0) {
		return ratio{}, false
	}
	if n := math.Round(k); math.Abs(n) > most {
		return ratio{int(n), 1}, math.Abs(n) < 1e6 && f.holds(n) && 25*f.width() <= 1
	}
	if n := math.Round(1 / k); math.Abs(n) > most {
		return ratio{int(sign(n)), int(math.Abs(n))}, math.Abs(n) < 1e6 && f.holds(1/n) && 25*math.Abs(1/f.low-1/f.high) <= 1
	}
	near := math.Inf(1) // the distance to the nearest other ratio
	for q := 1; q <= most; q++ {
		below := int(math.Floor(k * float64(q)))
		for p := below - 1; p <= below+2; p++ {
			r := ratio{p, q}
			switch v := r.value(); {
			case p == 0 || r.height() > most || gcd(p, q) > 1:
			case !f.holds(v):
				near = min(near, math.Abs(v-k))
			case ok:
				return found, false
			default:
				found, ok = r, true
			}
		}
	}
	apart := 25.0
	if found == (ratio{-1, 1}) || found.height() == 2 && found.p > 0 {
		apart = 4
	}
	return found, ok && near >= apart*f.width()
}

// credible reports whether the ratio is hardly a chance. A ratio of large numbers is one of many candidates.
func (f fit) credible(r ratio) bool {
	if r.q == 1 || r.p == 1 || r.p == -1 {
		return f.free(1) || f.exactly(r.value(), 8*r.height())
	}
	return f.free(1) || f.exactly(r.value(), 4*r.height()*r.height())
}

func gcd(a, b int) int {
	if b == 0 {
		return max(a, -a)
	}
	return gcd(b, a%b)
}

func sign(v float64) float64 { return math.Copysign(1, v) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
