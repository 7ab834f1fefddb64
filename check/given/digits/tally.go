package digits

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// A tally counts the digits of an array's numbers. Whole numbers say nothing of the precision: it does not count them.
type tally struct {
	count
	long                   count     // of the numbers with 6 digits and more
	maxDigits, maxDecimals int       // the largest of each
	zeros                  int       // the largest number of digits after the point of a zero, as in 0.0000
	bits                   int       // the largest number of bits that a mantissa uses
	chance                 float64   // −log₁₀ of the chance that arbitrary numbers with so many digits are float32
	last                   int       // digits after the point of the last number, whole or not
	distinct               []float64 // different numbers, up to enough
}

const enough = 8

type count struct {
	n        int // numbers
	digits   int // their significant digits: the sum
	decimals int // their digits after the point: the sum
	short    int // the digits that they lack of 7: the sum
}

// add adds another count.
func (c *count) add(d count) {
	c.n += d.n
	c.digits += d.digits
	c.decimals += d.decimals
	c.short += d.short
}

// missing returns how many digits the numbers lack of those that p has.
func (c *count) missing(p Precision) int {
	if p.Decimals >= 0 {
		return c.n*p.Decimals - c.decimals
	}
	return c.n*p.Digits - c.digits
}

// text adds the number v, which the file writes as s.
func (t *tally) text(s []byte, v float64) {
	digits, decimals, exp := 0, 0, 0
	point, scientific := false, false
	for i, c := range s {
		if c == '.' {
			point = true
		} else if c == 'e' || c == 'E' {
			exp, _ = strconv.Atoi(string(s[i+1:]))
			scientific = true
			break
		} else if c >= '0' && c <= '9' {
			if c > '0' || digits > 0 {
				digits++
			}
			if point {
				decimals++
			}
		}
	}
	t.last = decimals - exp
	switch {
	case v == 0 && !scientific && decimals > 1:
		t.zeros = max(t.zeros, decimals)
	case v == 0 || math.IsInf(v, 0) || v == math.Trunc(v) && (!scientific && decimals < 2 || scientific && digits < 2):
	default:
		t.number(v, digits, decimals-exp)
	}
}

// number counts a number.
func (t *tally) number(v float64, digits, decimals int) {
	one := count{1, digits, decimals, max(0, 7-digits)}
	t.add(one)
	if digits >= 6 {
		t.long.add(one)
	}
	t.maxDigits = max(t.maxDigits, digits)
	t.maxDecimals = max(t.maxDecimals, decimals)
	used := 53 - bits.TrailingZeros64(math.Float64bits(v)&(1<<52-1)|1<<52)
	t.bits = max(t.bits, used)
	_, e := math.Frexp(v) // float32 numbers near v are 2^(e−24) apart, numbers of so many digits 10^−decimals
	t.chance += max(0, float64(e-24)*math.Log10(2)+float64(decimals))
	if len(t.distinct) < enough && !slices.Contains(t.distinct, v) {
		t.distinct = append(t.distinct, v)
	}
}

// join adds the counts of another tally.
func (t *tally) join(u *tally) {
	t.add(u.count)
	t.long.add(u.long)
	t.maxDigits = max(t.maxDigits, u.maxDigits)
	t.maxDecimals = max(t.maxDecimals, u.maxDecimals)
	t.zeros = max(t.zeros, u.zeros)
	t.bits = max(t.bits, u.bits)
	t.chance += u.chance
	for _, v := range u.distinct {
		if len(t.distinct) < enough && !slices.Contains(t.distinct, v) {
			t.distinct = append(t.distinct, v)
		}
	}
}

// printed returns the format of the numbers: k significant digits, or m digits after the point. Either way a program may
// have left out zeros at the end, j of them with a probability of 0.9·10^−j. The likelier format is the one that misses
// fewer digits. ok is false if no number has a digit that says something.
func (t *tally) printed() (p Precision, ok bool) {
	p = Precision{Digits: t.maxDigits, Decimals: -1, Bits: 53}
	if t.n == 0 {
		p.Decimals = t.zeros
		return p, t.zeros > 0
	}
	digits, decimals := t.n*t.maxDigits-t.digits, t.n*t.maxDecimals-t.decimals
	long := t.maxDigits > 15 // the shortest text of a float64 has 15 to 17 digits, so some are missing
	if t.maxDecimals >= 0 && (decimals < digits && (!long || decimals == 0) || decimals <= digits+1 && t.n > 1 && !long) {
		p.Decimals = t.maxDecimals
	}
	return p, true
}

// departs tells whether the numbers of an array have clearly fewer digits than p, the precision of its group.
func (t *tally) departs(p Precision) bool {
	usual := 0.8 // a number
	if p.Decimals < 0 && p.Digits >= 8 && p.Bits == 24 || p.Digits == full[p.Bits] {
		usual = 2 // the shortest text that identifies a number has 7 to 9 digits, or 15 to 17
	}
	missing := t.missing(p)
	return missing >= 6 && len(t.distinct) > 2 && float64(missing) > usual*float64(t.n)
}

// shortest takes texts that can all be the shortest of a float32. It returns log₁₀ of how much more likely they are
// such texts than printed as p says. Shortest texts have 7 to 9 digits, seldom 6. Numbers with fewer were typed, and
// tell nothing.
func (t *tally) shortest(p Precision) float64 {
	const lengths = 0.4 // −log₁₀ of the chance of a length, for a usual number
	return t.chance + float64(t.long.missing(p)-t.long.short) - lengths*float64(t.long.n)
}

// isSingle tells whether v is a float32: exactly, or printed as p says.
func isSingle(v float64, p Precision) bool {
	if p.Decimals >= 0 {
		return prints(v, 'f', p.Decimals, 64)
	}
	return prints(v, 'e', p.Digits-1, 64)
}

// isShortest tells whether v is the shortest text of a float32.
func isShortest(v float64, _ Precision) bool { return prints(v, 'g', -1, 32) }

// prints tells whether v is a float32, or what strconv.FormatFloat makes of one.
func prints(v float64, format byte, digits, bits int) bool {
	f := float64(float32(v))
	if f == v || math.IsNaN(v) {
		return true
	}
	w, _ := strconv.ParseFloat(strconv.FormatFloat(f, format, digits, bits), 64)
	return w == v
}
