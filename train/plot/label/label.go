// Package label writes what stands on a figure: numbers, the labels of an axis, and names that have to fit. It estimates
// the width of a text without a font.
package label

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A Tick is a label and its place on an axis. On a logarithmic axis the place is the logarithm of the number.
type Tick struct {
	At   float64 // the place
	Text string  // the label
}

// Linear returns ticks at multiples of 1, 2, or 5 times a power of ten.
func Linear(low, high float64, n int, whole bool) (ticks []Tick) {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/float64(n))))
	for _, f := range []float64{2, 2.5, 2} {
		if (high-low)/step > float64(n) {
			step *= f
		}
	}
	if whole {
		step = max(1, step)
	}
	for k := math.Ceil(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		at := k*step + 0 // turns −0 into 0
		ticks = append(ticks, Tick{at, number(at)})
	}
	return ticks
}

// Signed returns ticks at 0 and at powers of ten on both sides. The tick for sign·10^k lies near ±k.
func Signed(sign, low, high float64, n int) (ticks []Tick) {
	least, step := int(math.Round(math.Log10(sign))), 1+int(high-low)/n
	for k := -int(max(-low, high)); k <= int(high); k++ {
		at := math.Copysign(Place(sign, math.Pow(10, math.Abs(float64(k))+float64(least))), float64(k))
		if k == 0 {
			ticks = append(ticks, Tick{0, "0"})
		} else if k%step == 0 && at >= low && at <= high {
			ticks = append(ticks, Tick{at, strings.Repeat("−", max(0, min(1, -k))) + Power(least+max(k, -k))})
		}
	}
	return ticks
}

// Logarithmic returns ticks at powers of ten. If fewer than three ticks fit, it adds 2 and 5 times powers
// of ten. If there are still fewer than three ticks, it returns the ticks of a linear axis.
func Logarithmic(low, high float64, n int) []Tick {
	const slack = 1e-9
	var powers, more, few []Tick
	step := 1 + int(math.Floor(high+slack)-math.Ceil(low-slack))/n
	for k := math.Floor(low); k <= high+slack; k++ {
		for _, f := range []float64{1, 2, 5} {
			at, text := k+math.Log10(f), number(f*math.Pow(10, k))
			if at < low-slack || at > high+slack {
				continue
			}
			if f == 1 && int(k)%step == 0 {
				powers = append(powers, Tick{at, Power(int(k))})
			}
			if math.Abs(k) > 3 {
				text = strings.TrimPrefix(number(f)+"·", "1·") + Power(int(k))
			}
			more = append(more, Tick{at, text})
		}
	}
	switch {
	case len(powers) > 2:
		return powers
	case len(more) > 2:
		return more
	}
	for _, t := range Linear(math.Pow(10, low), math.Pow(10, high), n, false) {
		at := math.Log10(t.At)
		if t.At > 0 && (len(few) == 0 || at-few[len(few)-1].At > (high-low)/10) {
			few = append(few, Tick{at, t.Text})
		}
	}
	return few
}

// number writes the label of a tick.
func number(v float64) string { return Digits(v, 6) }

// Number writes a number with three digits.
func Number(v float64) string { return Digits(v, 3) }

// Digits writes a number with a true minus, a comma before every three digits, and a power of ten where it is very large
// or small. It leaves out zeros at the end.
func Digits(v float64, digits int) string {
	text := strconv.FormatFloat(math.Abs(v), 'g', digits, 64)
	mantissa, exponent, powers := strings.Cut(text, "e")
	k, _ := strconv.Atoi(exponent)
	switch {
	case math.IsNaN(v), math.IsInf(v, 0):
		return "not a number"
	case powers && k > 0 && k < 6:
		text, powers = strconv.FormatFloat(math.Abs(v), 'f', 0, 64), false
	case powers, v != 0 && math.Abs(v) < 1e-3:
		if powers = true; exponent == "" {
			mantissa, exponent, _ = strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', digits-1, 64), "e")
			k, _ = strconv.Atoi(exponent)
		}
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		text = strings.TrimPrefix(mantissa+"·"+Power(k), "1·")
	}
	whole, rest, _ := strings.Cut(text, ".")
	if !powers {
		whole = commas(whole)
	}
	if rest != "" {
		whole += "." + rest
	}
	if v < 0 {
		return "−" + whole
	}
	return whole
}

// Fixed writes a number as Digits does, and keeps zeros at the end.
func Fixed(v float64, digits int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', digits-1, 64), "e")
	k, _ := strconv.Atoi(exponent)
	switch {
	case v == 0, math.IsNaN(v), math.IsInf(v, 0):
		return Digits(v, digits)
	case k < -3 || k > 5:
		mantissa += "·" + Power(k)
	default:
		whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', max(0, digits-1-k), 64), ".")
		if mantissa = commas(whole); rest != "" {
			mantissa += "." + rest
		}
	}
	if v < 0 {
		return "−" + mantissa
	}
	return mantissa
}

// Apart writes two numbers with three digits or, if they then look the same, with as many as show that they differ.
func Apart(a, b float64) (string, string) {
	for digits := 3; ; digits++ {
		if x, y := Fixed(a, digits), Fixed(b, digits); x != y || a == b || digits == 17 {
			return x, y
		}
	}
}

// Rough writes a number with two digits as Fixed does, and with a power of ten from 10⁴ on.
func Rough(v float64) string {
	if k := math.Floor(math.Log10(v)); k > 3 && !math.IsInf(v, 0) {
		mantissa := Fixed(v/math.Pow(10, k), 2)
		if mantissa == "10" {
			mantissa, k = "1.0", k+1
		}
		return mantissa + "·" + Power(int(k))
	}
	return Fixed(v, 2)
}

// commas writes a comma before every three digits.
func commas(whole string) string {
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

var (
	scientific = regexp.MustCompile(`(\d+)(\.\d+)?e[+-]\d\d+`)
	negative   = regexp.MustCompile(`(^|[\s(=])-(\d)`)
)

// Pretty replaces numbers like -4e-07 in a text by −4·10⁻⁷, and numbers like 1.5e+01 by 15.
func Pretty(text string) string {
	text = negative.ReplaceAllString(text, "$1−$2")
	return scientific.ReplaceAllStringFunc(text, func(number string) string {
		v, _ := strconv.ParseFloat(number, 64)
		mantissa, _, _ := strings.Cut(number, "e")
		return Digits(v, len(strings.Replace(mantissa, ".", "", 1)))
	})
}

// Power writes 10^k.
func Power(k int) string {
	if k >= 0 && k <= 2 {
		return [...]string{"1", "10", "100"}[k]
	}
	return "10" + superscript.Replace(strconv.Itoa(k))
}

// Place returns the place of a number on an axis that is linear up to sign, a power of ten, and logarithmic beyond, on
// both sides of 0.
func Place(sign, v float64) float64 {
	return math.Copysign(math.Log10(1+math.Abs(v)/sign), v)
}

// Wide estimates the width of a text in units, for letters of 12 units. With the common fonts the text is not wider.
func Wide(text string) (w float64) {
	for _, c := range text {
		w += letter(c)
	}
	return w
}

// letter returns the width of a letter of DejaVu Sans, one of the widest fonts, or a little more.
func letter(c rune) float64 {
	switch {
	case unicode.Is(unicode.M, c): // a combining mark shares the place of its letter
		return 0
	case c >= 0x1100 && (c < 0x2000 || c > 0x22ff): // Chinese and similar scripts
		return 14
	case strings.ContainsRune("ijlI.,|:;!/'· ", c):
		return 4.1
	case strings.ContainsRune("ftr()[]-⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", c):
		return 5
	case strings.ContainsRune("mwMW%@&…→", c):
		return 12
	case strings.ContainsRune("+−=<>÷×±≤∝#~", c):
		return 10.1
	case unicode.IsUpper(c):
		return 9.5
	}
	return 7.7
}

// Clip shortens a text to the given width. It keeps at most three combining marks per letter.
func Clip(text string, room float64) string {
	var b strings.Builder
	w, marks, short := 0.0, 0, Wide(text) > room
	for _, c := range text {
		marks++
		if !unicode.Is(unicode.M, c) {
			marks = 0
		}
		if w += letter(c); short && w > room-letter('…') {
			return b.String() + "…"
		}
		if marks <= 3 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// Aligned writes numbers below each other: the largest has so many digits, and all have as many decimals and the same
// power of ten. If a number would lose most of its digits, it writes each by itself.
func Aligned(digits int, all ...float64) (texts []string) {
	largest, least := 0.0, math.Inf(1)
	for _, v := range all {
		if v != 0 {
			largest, least = max(largest, math.Abs(v)), min(least, math.Abs(v))
		}
	}
	k := int(math.Floor(math.Log10(largest)))
	together := largest > 0 && largest <= math.MaxFloat64 && least > largest/1e3
	for _, v := range all {
		switch {
		case !together || v == 0:
			texts = append(texts, Fixed(v, digits))
		case k < -3 || k > 5:
			texts = append(texts, strings.Replace(strconv.FormatFloat(v/math.Pow(10, float64(k)), 'f', digits-1, 64), "-", "−", 1)+"·"+Power(k))
		default:
			whole, rest, found := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', max(0, digits-1-k), 64), ".")
			if whole = commas(whole); found {
				whole += "." + rest
			}
			if v < 0 {
				whole = "−" + whole
			}
			texts = append(texts, whole)
		}
	}
	return texts
}
