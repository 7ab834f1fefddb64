package digits

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// text returns the numbers of a text.
func text(t *testing.T, words string) *Numbers {
	n := NewText()
	for _, w := range strings.Fields(words) {
		var v float64
		if _, err := fmt.Sscan(w, &v); err != nil {
			t.Fatal(err)
		}
		n.Add([]byte(w), v)
	}
	return n
}

// TestFormats finds the format of a few numbers.
func TestFormats(t *testing.T) {
	for words, want := range map[string]string{
		"0.12345678 1.2345678 0.0012345678 12345678":        "8 digits",
		"0.1234 1.2341 12.3412 0.0012 0.0000":               "4 decimals",
		"0.0000 0.0000":                                     "4 decimals",
		"1.2300e-01 1.2345e+10 0.0000e+00 1.2345e-10":       "5 digits",
		"0.5 1 2 0 0.12345678901234567":                     "float64",
		"1 2 3 0":                                           "float64",
		"0.903909326 0.300150782 0.0203143004 -0.223140627": "float32",
		"0.10000000149011612 0.30015078186988831 2":         "float32",
	} {
		f := text(t, words)
		coarsest, _ := Decide([]*Group{{Arrays: []*Numbers{f}}}, nil)
		if f.Precision.Words != want || coarsest.Words != want && !f.whole() {
			t.Errorf("%s: %+v, want %s", words, f.Precision, want)
		}
	}
}

// TestGroup: the numbers of a group share a precision, but for an array with clearly fewer digits.
func TestGroup(t *testing.T) {
	long, short, few := text(t, "0.12345678 1.2345678 0.0012345671"), text(t, "0.5 0.25"), text(t, "0.123 1.234 0.412 2.111 0.001")
	whole := text(t, "1 0 2")
	coarsest, exact := Decide([]*Group{{Arrays: []*Numbers{long, short, few, whole}, Inputs: true}}, nil)
	if long.Precision.Words != "8 digits" || short.Precision.Words != "8 digits" || few.Precision.Words != "3 decimals" || whole.Precision.Words != "float64" {
		t.Error(long.Precision, short.Precision, few.Precision, whole.Precision)
	}
	if exact.Words != "float64" || coarsest.Words != "3 decimals" {
		t.Error(exact, coarsest)
	}
}

// TestJudged: parameters that are float32, all or some, do not make a gradient with all its digits one.
func TestJudged(t *testing.T) {
	singles := "0.10000000149011612 0.30015078186988831 0.7182818055152893 0.5772156715393066"
	for grad, want := range map[string]string{
		"0.12345678901234567 0.98765432109876543 0.31415926535897932": "float64",
		"0.123456789012 0.987654321098 0.314159265358":                "12 decimals",
		"0.10000000149011612 0.7182818055152893 0.5772156715393066":   "float32",
		"0.12345678 0.98765432 0.31415926":                            "float32", // these digits may be all that there are
	} {
		w, dw := text(t, singles), text(t, grad)
		coarsest, _ := Decide([]*Group{{Arrays: []*Numbers{w}, Given: true}, {Arrays: []*Numbers{dw}, Judged: true}}, text(t, "1.2345678901234567"))
		if coarsest.Words != want {
			t.Errorf("%s: %s, want %s", grad, coarsest.Words, want)
		}
	}
}

// TestLoss: a loss has its own digits.
func TestLoss(t *testing.T) {
	for loss, want := range map[string]string{"4.6519117": "8 digits", "3.51": "3 digits", "3.5145555824338968": "float64", "7": "0 decimals", "0": "float64", "0.28825857183623": "14 digits"} {
		f := text(t, loss)
		Decide([]*Group{{Arrays: []*Numbers{text(t, "0.12345678901234567 0.98765432109876543")}}}, f)
		if f.Precision.Words != want {
			t.Errorf("%s: %+v, want %s", loss, f.Precision, want)
		}
	}
	single := text(t, "11.2148018")
	Decide([]*Group{{Arrays: []*Numbers{text(t, "0.903909326 0.300150782 0.0203143004 -0.223140627")}}}, single)
	if single.Precision.Words != "float32" || single.Data[0] != float64(float32(11.2148018)) {
		t.Error(single.Precision, single.Data)
	}
}

// TestBinary finds float64 numbers that were rounded, or float32, or half precision before.
func TestBinary(t *testing.T) {
	var plain, rounded, single, half, brain []float64
	for i := range 20 {
		v := math.Sin(float64(i + 1))
		plain = append(plain, v)
		rounded = append(rounded, math.Round(v*1e4)/1e4)
		single = append(single, float64(float32(v)))
		half = append(half, math.Round(v*(1<<11))/(1<<11))
		brain = append(brain, float64(math.Float32frombits(math.Float32bits(float32(v))&^0xffff)))
	}
	for _, c := range []struct {
		data []float64
		bits int
		want string
	}{{plain, 53, "float64"}, {rounded, 53, "4 decimals"}, {single, 53, "float32"}, {single, 24, "float32"}, {half, 53, "float16"}, {brain, 53, "bfloat16"}, {half, 11, "float16"}} {
		f := NewBinary(c.data, c.bits)
		Decide([]*Group{{Arrays: []*Numbers{f}}}, nil)
		if f.Precision.Words != c.want {
			t.Errorf("%+v, want %s", f.Precision, c.want)
		}
	}
}

// TestBar: half a unit of the last digit, also at a power of ten.
func TestBar(t *testing.T) {
	p := Precision{Digits: 4, Decimals: -1, Bits: 53}
	for v, want := range map[float64]float64{1000: 0.5, 999.9: 0.05, -0.001: 5e-7, 0: 0, math.Inf(1): 0, 9.999e-5: 5e-9, 1e308: 5e304} {
		if got := p.Bar(v); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%v ± %v, want %v", v, got, want)
		}
	}
	if got := (Precision{Digits: 9, Decimals: -1, Bits: 24}).Bar(1); got != 0x1p-24 {
		t.Errorf("float32: 1 ± %v", got)
	}
	if got := (Precision{Digits: 4, Decimals: 2, Bits: 53}).Bar(0); got != 0.005 {
		t.Errorf("2 decimals: 0 ± %v", got)
	}
}

// The example finds that a program printed 4 digits after the point.
func Example() {
	f := NewText()
	for _, v := range []float64{0.1234, 12.3456, 0.0012, -1.5} {
		f.Add(fmt.Appendf(nil, "%v", v), v)
	}
	Decide([]*Group{{Arrays: []*Numbers{f}}}, nil)
	fmt.Println(f.Precision.Words, float32(f.Precision.Bar(-1.5)))
	// Output: 4 decimals 5e-05
}
