package given

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// A format is a way in which a program prints its numbers.
type format struct {
	name   string
	single bool                    // the program computes in float32
	print  func(v float64) string  // one number
	bar    func(v float64) float64 // the largest distance between v and its text
}

// significant returns half a unit of the last of k significant digits.
func significant(k int) func(v float64) float64 {
	return func(v float64) float64 {
		_, exp, _ := strings.Cut(strconv.FormatFloat(v, 'e', k-1, 64), "e")
		e, _ := strconv.Atoi(exp)
		return 0.5*math.Pow10(e-k+1) + 0x1p-53*math.Abs(v)
	}
}

func decimals(m int) func(v float64) float64 {
	return func(v float64) float64 { return 0.5*math.Pow10(-m) + 0x1p-53*math.Abs(v) }
}

func bits(n int) func(v float64) float64 {
	return func(v float64) float64 { return math.Ldexp(math.Abs(v), -n) }
}

func verb(s string) func(v float64) string {
	return func(v float64) string { return fmt.Sprintf(s, v) }
}

// strip removes zeros at the end, as JavaScript's Number(x.toFixed(4)) does.
func strip(s string) func(v float64) string {
	return func(v float64) string {
		w, _ := strconv.ParseFloat(fmt.Sprintf(s, v), 64)
		return repr(w)
	}
}

// repr prints like Python.
func repr(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(s, ".eN") {
		s += ".0"
	}
	return s
}

var formats = []format{
	{"repr", false, repr, bits(53)},
	{"%.17g", false, verb("%.17g"), bits(53)},
	{"%.20e", false, verb("%.20e"), bits(53)},
	{"%.15g", false, verb("%.15g"), significant(15)},
	{"%.12g", false, verb("%.12g"), significant(12)},
	{"%.9g", false, verb("%.9g"), significant(9)},
	{"%.8g", false, verb("%.8g"), significant(8)},
	{"%.6g", false, verb("%.6g"), significant(6)},
	{"%.3g", false, verb("%.3g"), significant(3)},
	{"%.8e", false, verb("%.8e"), significant(9)},
	{"%.4e", false, verb("%.4e"), significant(5)},
	{"%.10f", false, verb("%.10f"), decimals(10)},
	{"%.4f", false, verb("%.4f"), decimals(4)},
	{"round 8", false, strip("%.8f"), decimals(8)},
	{"round 4", false, strip("%.4f"), decimals(4)},
	{"round 3", false, strip("%.3f"), decimals(3)},
	{"float32 as float64", true, repr, bits(24)},
	{"float32 %.17g", true, verb("%.17g"), bits(24)},
	{"float32 %.9g", true, verb("%.9g"), bits(24)},
	{"float32 %.12g", true, verb("%.12g"), bits(24)},
	{"float32 shortest", true, func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 32) }, bits(24)},
	{"float32 %.6g", true, verb("%.6g"), significant(6)},
	{"float32 %.4f", true, verb("%.4f"), decimals(4)},
}

// A written array is one as the program has it.
type written struct {
	name string
	data []float64
	f    format
}

// random returns n numbers of a program that prints with f.
func random(r *rand.Rand, name string, n int, f format) written {
	w := written{name, make([]float64, n), f}
	scale := math.Exp(-4 * r.Float64())
	for i := range w.data {
		w.data[i] = scale * r.NormFloat64()
		if f.single {
			w.data[i] = float64(float32(w.data[i]))
		}
	}
	return w
}

func (w written) json() string {
	var texts []string
	for _, v := range w.data {
		texts = append(texts, w.f.print(v))
	}
	if len(texts) == 1 && w.name == "loss" {
		return texts[0]
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// program returns the arrays of a small LSTM program: parameters, their gradients, inputs and the loss.
func program(r *rand.Rand, params, grads, inputs, loss format) (all []written) {
	for _, name := range []string{"W", "U", "V"} {
		n := 3 + r.IntN(30)
		all = append(all, random(r, name, n, params), random(r, "d"+name, n, grads))
	}
	b := random(r, "b", 3, params)
	all = append(all, b, random(r, "db", 3, grads), random(r, "x", 12, inputs), random(r, "target", 6, inputs))
	l := random(r, "loss", 1, loss)
	l.data[0] = float64(float32(3 + math.Abs(l.data[0])))
	if !loss.single {
		l.data[0] = 3 + 5*r.Float64()
	}
	return append(all, l)
}

// array returns the array that was written under a name.
func (d *Dump) array(name string) *Array {
	if name == "loss" {
		return d.Loss
	}
	if a := d.Known[name]; a != nil {
		return a
	}
	if a := d.Param(name); a != nil {
		return a
	}
	return d.Grad(strings.TrimPrefix(name, "d"))
}

// judge counts the entries whose number in the program lies outside its bar, and those with a bar too wide by 10.
func judge(t *testing.T, what string, all []written, d *Dump) (outside, wide int) {
	t.Helper()
	for _, w := range all {
		a := d.array(w.name)
		if a == nil {
			t.Fatalf("%s: no array %s", what, w.name)
		}
		bad := ""
		for i, v := range w.data {
			off, want := math.Abs(v-a.Data[i]), w.f.bar(v)
			if off > a.Bar[i] {
				outside++
				bad = fmt.Sprintf("%v is read as %v ± %.3g", v, a.Data[i], a.Bar[i])
			} else if a.Bar[i] > 10.01*want+1e-300 && w.name != "loss" { // 3.271 may be 3.27100: a loss has only its own digits
				wide++
				bad = fmt.Sprintf("%v is read as ± %.3g, want %.3g", v, a.Bar[i], want)
			}
		}
		if bad != "" {
			t.Logf("%s: %s, of %d, %s: %s", what, w.name, len(w.data), a.Precision.Words, bad)
		}
	}
	return outside, wide
}

func dump(t *testing.T, all []written) *Dump {
	t.Helper()
	var b strings.Builder
	for i, w := range all {
		fmt.Fprintf(&b, "%c\"%s\": %s", "{,"[min(i, 1)], w.name, w.json())
	}
	d, err := ParseJSON(strings.NewReader(b.String()+"}"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestBars: whatever the format, the program's own number lies within the bar of the one that is read, and no bar is
// more than ten times too wide.
func TestBars(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range formats {
		for range 40 {
			all := program(r, f, f, f, f)
			if outside, wide := judge(t, f.name, all, dump(t, all)); outside+wide > 0 {
				t.Errorf("%s: %d numbers are outside their bars, %d bars are too wide", f.name, outside, wide)
			}
		}
	}
}
