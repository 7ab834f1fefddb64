package label

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {1, "1"}, {-1.5, "−1.5"}, {999.6, "1,000"}, {1234.5, "1,234"}, {-98765, "−98,765"}, {999_999, "10⁶"}, {1.234e6, "1.23·10⁶"},
		{0.00123, "0.00123"}, {0.000123, "1.23·10⁻⁴"}, {-9e-13, "−9·10⁻¹³"}, {0.00099996, "10⁻³"}, {0.186, "0.186"}, {12.345, "12.3"},
		{math.NaN(), "not a number"}, {math.Inf(-1), "not a number"},
	} {
		if got := Number(c.v); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestFixed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{{-0.14, 3, "−0.140"}, {4.99, 4, "4.990"}, {5, 2, "5.0"}, {0, 3, "0"}, {1e-5, 3, "1.00·10⁻⁵"}, {123456.7, 3, "123,457"}, {0.00123, 2, "0.0012"}, {math.NaN(), 3, "not a number"}} {
		if got := Fixed(c.v, c.digits); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
	for _, c := range [][4]any{
		{0.151606562, 0.151775088, "0.1516", "0.1518"}, {1.0, 1.0, "1.00", "1.00"}, {1.0, 1.0000000001, "1.0000000000", "1.0000000001"}, {0.0667, -0.14, "0.0667", "−0.140"},
	} {
		if a, b := Apart(c[0].(float64), c[1].(float64)); a != c[2] || b != c[3] {
			t.Errorf("%v: %s and %s", c, a, b)
		}
	}
	for v, want := range map[float64]string{152548: "1.5·10⁵", 4.4e6: "4.4·10⁶", 0.0018: "0.0018", 9999: "9,999", 0: "0", 99_999: "1.0·10⁵", 4e5: "4.0·10⁵"} {
		if got := Rough(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

// TestPretty: numbers of the command become numbers of a page, and flags and ranges stay.
func TestPretty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"norm 1.5e+01, 7.6e+02 long": "norm 15, 760 long", "1e-06": "10⁻⁶", "0.5 of 2.50e-09": "0.5 of 2.5·10⁻⁹",
		"off by -4e-07 or 1.5e+12": "off by −4·10⁻⁷ or 1.5·10¹²", "try -rate below 0.1": "try -rate below 0.1", "t0-5, x[0]=-1": "t0-5, x[0]=−1", "(-2) the end": "(−2) the end",
	} {
		if got := Pretty(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestClip: a text that is too wide is cut, and carries few combining marks.
func TestClip(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"short": "short", "a text that is long": "a text…"} {
		if got := Clip(text, 50); got != want || Wide(got) > 50 {
			t.Errorf("%q: %q, %v wide", text, got, Wide(got))
		}
	}
}

// The labels of an axis from 0 to 10,000.
func Example() {
	for _, t := range Linear(0, 10_000, 5, true) {
		fmt.Print(t.Text, " ")
	}
	fmt.Println(Number(-4.3e-7))
	// Output: 0 2,000 4,000 6,000 8,000 10,000 −4.3·10⁻⁷
}

// TestAligned: numbers below each other have the same decimals and the same power of ten, unless digits would be lost.
func TestAligned(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]float64{
		"12.35 −0.10 0":          {12.345, -0.1, 0},
		"1.234·10⁻⁵ −0.100·10⁻⁵": {1.234e-5, -1e-6},
		"1.000 1.000·10⁻⁵":       {1, 1e-5},
		"0 0":                    {0, 0},
		"123,456 −1,000":         {123456, -1000},
	} {
		if got := strings.Join(Aligned(4, all...), " "); got != want {
			t.Errorf("%v: %s, want %s", all, got, want)
		}
	}
}
