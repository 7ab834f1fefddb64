package slope_test

import (
	"fmt"
	"math"
	"testing"

	"lstm/check/slope"
)

// The example measures the slope of a sine, with an error bar.
func Example() {
	l := slope.Loss{Base: math.Sin(0.7), Noise: 1e-16}
	m, err := l.Derivative(math.Sin, 0.7)
	fmt.Printf("%.9f %v %v", m.Value, m.Bar < 1e-12, err)
	// Output: 0.764842187 true <nil>
}

// TestDeviation: Deviation is right for a steep function, and at a distance that fits the steps of the
// rounding.
func TestDeviation(t *testing.T) {
	for _, c := range []struct {
		name      string
		f         func(x float64) float64
		low, high float64
	}{
		{"sine", func(x float64) float64 { return 1 + math.Sin(0.3+x) }, 3e-17, 3e-16},
		{"steep", func(x float64) float64 { return 1 + math.Sin(1e11*x) }, 1e-17, 1e-6},
		{"wide sum", func(x float64) float64 { return float64(1000+math.Sin(0.3+x)) - 1000 }, 1e-14, 2e-13},
		{"a distance fits", func(x float64) float64 { return math.Sin(7480.127238556479 * (x - 0.996)) }, 3e-14, 3e-12},
		{"constant", func(float64) float64 { return 3 }, 0, 0},
		{"infinite", func(x float64) float64 { return math.Inf(1) }, 0, 0},
	} {
		if got := slope.Deviation(c.f, 0, 13, 5); !(got >= c.low && got <= c.high) {
			t.Errorf("%s: a deviation of %.2g, want %.2g to %.2g", c.name, got, c.low, c.high)
		}
	}
}

// TestRows tests how Deviation takes rows of points. In this test, the losses depend on the number of the row, and of
// the point in it.
func TestRows(t *testing.T) {
	const points = 13
	waves := func(k int) float64 { return float64(k % 2) }
	cubic := func(k int) float64 { return float64(k * k * k) }
	quartic := func(k int) float64 { return float64(k * k * k * k) }
	quintic := func(k int) float64 { return float64(k * k * k * k * k) }
	steps := func(n int) func(k int) float64 { // changes at n points
		return func(k int) float64 { return float64(min(k, n) % 2) }
	}
	mean := func(squares ...float64) float64 { // ¼·2⁶/20 is the variance of a wave of 0 and 1, from differences of order 3
		sum := 0.0
		for _, s := range squares {
			sum += s
		}
		return math.Sqrt(0.8 * sum / float64(len(squares)))
	}
	for _, c := range []struct {
		name  string
		size  []float64 // of each row; 0 after the last
		shape func(k int) float64
		rows  int     // how many Deviation wants
		taken int     // how many it takes
		want  float64 // below 0 for any
	}{
		{"one", []float64{1}, waves, 1, 1, mean(1)},
		{"five", []float64{1, 1, 1, 1, 1, 7}, waves, 5, 5, mean(1)},
		{"the noisier half", []float64{4, 1, 5, 2, 3}, waves, 5, 5, mean(9, 16, 25)},
		{"the noisier two", []float64{4, 1, 2}, waves, 3, 3, mean(4, 16)},
		{"constant", nil, waves, 5, 10, 0},
		{"constant at first", []float64{0, 0, 1, 2}, waves, 2, 4, mean(4)},
		{"less than 1000 times", []float64{1, 1, 1, 31}, waves, 4, 4, mean(1, 961)},
		{"more than 1000 times", []float64{1, 1, 1, 32, 1}, waves, 5, 4, mean(1, 1)},
		{"the largest of three counts", []float64{1, 3, 1, 90}, waves, 4, 4, mean(9, 8100)},
		{"more, among the first three", []float64{1, 1, 100}, waves, 3, 3, mean(1, 10000)},
		{"not finite", []float64{1, math.Inf(1)}, waves, 5, 2, mean(1)},
		{"a wave of one row", []float64{1}, waves, 5, 48, mean(1)},
		{"cubic", []float64{1}, cubic, 1, 1, 0},
		{"quartic", []float64{1}, quartic, 1, 1, 0},
		{"quintic", []float64{1}, quintic, 1, 1, math.Sqrt(120 * 120 / 252.)},
		{"half of the points", []float64{1}, steps(6), 1, 8, 0},
		{"more than half", []float64{1}, steps(7), 1, 1, -1},
	} {
		calls := 0
		var first []float64 // the distance of each row
		got := slope.Deviation(func(x float64) float64 {
			row, k := calls/points, calls%points
			calls++
			if k == 1 {
				first = append(first, x-1)
			}
			if row >= len(c.size) || c.size[row] == 0 {
				return 0
			}
			return c.size[row] * c.shape(k)
		}, 1, points, c.rows)
		if calls != c.taken*points || c.want >= 0 && math.Abs(got-c.want) > 1e-12*c.want || c.want < 0 && got == 0 {
			t.Errorf("%s: %v from %d rows, want %v from %d", c.name, got, calls/points, c.want, c.taken)
		}
		if start := map[bool]float64{true: 1.3 * 0x1p-42, false: 1.3 * 0x1p-49}[c.rows == 1]; math.Abs(first[0]-start) > 0x1p-52 {
			t.Errorf("%s: the first distance is %v, want %v", c.name, first[0], start)
		}
	}
}

// TestDerivative: the error bar and the number of losses, for a loss of each kind. Derivative stops early where
// rounding is all that is left, and looks again where steps agree by chance, at a corner or at a jump.
func TestDerivative(t *testing.T) {
	times := func(k float64) func(x float64) float64 { return func(x float64) float64 { return math.Sin(k * x) } }
	huber := func(y float64) float64 {
		if a := math.Abs(y); a > 1 {
			return a - 0.5
		}
		return y * y / 2
	}
	jump := func(size float64) func(x float64) float64 {
		return func(x float64) float64 { return map[bool]float64{true: size}[x > 0.5] + x }
	}
	const ulp = 0x1p-52
	for _, c := range []struct {
		name          string
		f             func(x float64) float64
		x, d          float64
		noise, growth float64
		bar           float64
		losses        int
	}{
		// Exact: a bar is 3 times the rounding error of a difference with the first step.
		{"a large loss", func(x float64) float64 { return 0x1p20 + x }, 0, 1, 0, 0, 3 * 4 * ulp * 0x1p20 / 0.25, 10},
		{"a large slope", func(x float64) float64 { return 0x1p20 * (x - 1) }, 1, 0x1p20, 0, 0, 3 * 4 * ulp * 0x1p20 / 0.25, 8},
		{"noise", func(x float64) float64 { return x }, 0, 1, 0x1p-20, 0, 3 * 4 * 0x1p-20 / 0.25, 14},
		{"growing noise", func(x float64) float64 { return x }, 0, 1, 0, 0x1p-20, (4*math.Sqrt2 + 1) / 3 * 16 * math.Sqrt(0.125) * 0x1p-20 / 0.25, 14},
		{"the right loss larger", func(x float64) float64 { return 0x1p20 * (x + 0.125) }, 0, 0x1p20, 0, 0, 28. / 3 * ulp * 0x1p20, 8},
		{"the same below 0", func(x float64) float64 { return -0x1p20 * (x + 0.125) }, 0, -0x1p20, 0, 0, 28. / 3 * ulp * 0x1p20, 8},
		{"the left loss larger", func(x float64) float64 { return 0x1p20 * (0.125 - x) }, 0, -0x1p20, 0, 0, 28. / 3 * ulp * 0x1p20, 8},
		{"the same below 0", func(x float64) float64 { return 0x1p20 * (x - 0.125) }, 0, 0x1p20, 0, 0, 28. / 3 * ulp * 0x1p20, 8},
		{"a constant", func(x float64) float64 { return 3 }, 0.5, 0, 0, 0, 3 * 4 * ulp * 3 / 0.25, 14},

		{"x⁵", func(x float64) float64 { return x * x * x * x * x }, 0, 0, 1e-9, 0, 2.1623e-7, 16},
		{"x⁵ far out", func(x float64) float64 { return x * x * x * x * x }, 8, 20480, 1e-9, 0, 2.7029e-8, 14},
		{"sin x", times(1), 0.7, math.Cos(0.7), 1e-9, 0, 2.1626e-7, 16},
		{"sin x, less noise", times(1), 0.7, math.Cos(0.7), 1e-13, 0, 4.3504e-11, 14},
		{"exp x", math.Exp, -5, math.Exp(-5), 1e-6, 0, 2.8709e-5, 16},
		{"sin 300x", times(300), 0.7, 300 * math.Cos(210), 1e-10, 0, 1.3971e-6, 26},
		{"sin 1e5 x", times(1e5), 0.7, 1e5 * math.Cos(0.7e5), 1e-10, 0, 4.2779e-4, 50},
		{"sin 1e5 x, more noise", times(1e5), 0.7, 1e5 * math.Cos(0.7e5), 1e-4, 0, 131.3, 48},
		{"a period fits the steps", func(x float64) float64 { return x + math.Sin(0x1p9*math.Pi*x) }, 0, 1 + 0x1p9*math.Pi, 1e-12, 0, 2.5686e-7, 24},
		{"a small wave fits", func(x float64) float64 { return x + 1e-6*math.Sin(0x1p9*math.Pi*x) }, 0, 1 + 1e-6*0x1p9*math.Pi, 1e-12, 0, 6.5488e-8, 22},
		{"a tiny wave fits", func(x float64) float64 { return x + 2e-9/(0x1p9*math.Pi)*math.Sin(0x1p9*math.Pi*x) }, 0, 1 + 2e-9, 1e-16, 0, 6.2234e-12, 20},
		{"√x near its end", math.Sqrt, 0.01, 5, 1e-13, 0, 2.8142e-9, 30},
		{"√x at its end", math.Sqrt, 1e-6, 500, 1e-13, 0, 2.2861e-5, 52},
		{"a bend", func(y float64) float64 { return 50*y*y + 20*y*y*y + y }, 0, 1, 1e-12, 0, 1.056e-10, 12},

		{"a corner", math.Abs, 0, 0, 1e-12, 0, 1, 16},
		{"a corner on a slope", func(x float64) float64 { return 0.01*math.Abs(x-0.3) + math.Sin(x) }, 0.3, math.Cos(0.3), 1e-12, 0, 0.010011, 14},
		{"a corner beside", func(x float64) float64 { return math.Abs(x-0.3-1e-12) + math.Sin(x) }, 0.3, math.Cos(0.3), 1e-13, 0, 1, 24},
		{"a corner at 1e-5", func(x float64) float64 { return math.Abs(x-1e-5) + math.Sin(x) }, 0, 0, 1e-13, 0, 9.0592e-8, 46},
		{"a corner at 1e-3", func(x float64) float64 { return math.Abs(x-1e-3) + math.Sin(x) }, 0, 0, 1e-13, 0, 1.3517e-9, 24},
		{"a corner of the slope", huber, 1, 1, 1e-11, 0, 8.6723e-6, 44},
		{"a jump", jump(1), 0.5, 1, 1e-15, 0, 1.1259e15, 140},
		{"a small jump", jump(1e-6), 0.5, 1, 1e-15, 0, 1.1259e9, 140},
	} {
		losses := 0
		l := slope.Loss{Base: c.f(c.x), Noise: c.noise, Growth: c.growth}
		m, err := l.Derivative(func(x float64) float64 { losses++; return c.f(x) }, c.x)
		d, bar := m.Value, m.Bar
		if err != nil || !(math.Abs(d-c.d) <= bar) || math.Abs(bar-c.bar) > 0.01*c.bar || losses != c.losses {
			t.Errorf("%s: %.12g ± %.5g with %d losses, want %.12g ± %.5g with %d; %v", c.name, d, bar, losses, c.d, c.bar, c.losses, err)
		}
	}
}

// TestMixed: the same for losses with several parts. Among them, these losses reach every rule of Derivative.
func TestMixed(t *testing.T) {
	for _, c := range []struct {
		x, slope, corner, bent, at, wave, rate, jump, add float64 // the corner, the bend and the jump are at at
		noise, growth, bar                                float64
		losses                                            int
	}{
		{0, 0, -4e-5, 0, -3e-9, -5e-5, 400, 0, 0, 6e-15, 0, 1.476e-05, 94},
		{0.5, 0, 0.04, 0, 0.49999994, -0.007, 0.1, 0, 600, 4e-10, 4e-7, 0.07928, 144},
		{-3, 0.02, 0, 0, 0, 0.2, 80000, 0, 0, 9e-13, 0, 5.23e-05, 62},
		{100, -2000, 0, 0, 0, 0.0003, 100000, 0, 0, 5e-5, 0, 5.747e-05, 148},
		{0, -0.05, 1, 0, 9e-13, -70, 200000, 0, 0, 9e-16, 0, 1.0004, 74},
		{100, -7000, -0.2, 0, 99.9999, 0, 0, 0, 30000, 3e-6, 0, 0.2043, 52},
		{0.5, 3, 0, -600, 0.499999999996, 30, 4000000, -0.001, 0, 1e-5, 5e-6, 2.518e+08, 150},
		{100, 0.7, -4, 0, 100, -6e-5, 10, 0, 0, 2e-11, 0, 4.001, 40},
		{1, 0, 0.2, 0, 1.0000009, 4, 600, 0, 0, 8e-15, 0, 9.759e-06, 48},
		{-3, 0, 2, 0, -3.000000000002, 0, 0, 0, 0, 2e-13, 0, 0.7734, 118},
		{0, 0, -6e-6, 200, 0, 0, 0, -4e-7, 0, 2e-8, 8e-5, 0.04918, 44},
		{-3, 0, 0, 0, 0, 0.02, 1000000, 0, 0, 0.002, 0, 2.518e+04, 180},
		{100, 4, 0, 0, 0, -5e-6, 300, 0, -1, 2e-7, 0, 2.881e-05, 28},
		{100, 0.02, 3, 0, 99.99999999998, -0.0004, 1, 0, 500, 1e-14, 0, 3, 48},
		{1, 0, 0, 0, 0, -3, 7000000, 0, 0, 3e-12, 0, 1.138, 70},
		{100, 0, 0, 0, 0, 5e-5, 200, 0, 0, 2e-6, 0, 0.002524, 44},
		{0, 600, -5e-5, 0, 2e-6, 0, 0, 0, 0, 7e-14, 0, 2.536e-07, 44},
		{0, 0.02, 0, 0, 9e-13, -6, 10, 3e-6, 0, 4e-16, 0, 0.004641, 122},
		{100, 0, 0, 0.01, 100, 0.1, 200000, 0, 0, 9e-5, 0, 5427, 72},
		{0, 0, -1e-5, 0, 0, -1e-6, 1000000, 0, 0, 1e-16, 0, 1.001e-05, 66},
		{1, -30, 0, -0.1, 1, -5, 1000000, 7e-7, 0, 1e-8, 0, 8.414e+08, 138},
	} {
		losses := 0
		f := func(x float64) float64 {
			losses++
			y := x - c.at
			l := c.slope*x + c.corner*math.Abs(y) + c.bent*y*math.Abs(y) + c.wave*math.Sin(c.rate*x) + c.add
			if y > 0 {
				l += c.jump
			}
			return l
		}
		m, err := slope.Loss{Base: f(c.x), Noise: c.noise, Growth: c.growth}.Derivative(f, c.x)
		d, bar := m.Value, m.Bar
		if err != nil || math.Abs(bar-c.bar) > 0.01*c.bar || losses != c.losses+1 {
			t.Errorf("%+v: %v ± %.5g with %d losses; %v", c, d, bar, losses-1, err)
		}
	}
}

// TestNotFinite: where the loss is not finite near x, Derivative halves its steps, and gives up in the end. It also
// gives up if the loss is not finite between two steps, or if the losses are too large.
func TestNotFinite(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		x, from, to float64 // the loss is bad from one distance of x to the other
		bad         float64
		fails       bool
		losses      int
	}{
		{0, 0x1.8p-39, inf, inf, false, 80}, {0, 0x1.8p-42, inf, inf, true, 78}, {0, 0x1.8p-42, inf, -inf, true, 78}, {0, 0x1.8p-42, inf, math.NaN(), true, 78},
		{100, 0x1.8p-34, inf, inf, false, 84}, {100, 0x1.8p-39, inf, -inf, true, 78}, {-100, 0x1.8p-39, inf, inf, true, 78},
		{0, 0.05, 0.07, inf, true, 4}, {0, 0.02, 0.04, -inf, true, 6}, {0, 0.02, 0.04, math.NaN(), true, 6},
	} {
		losses := 0
		m, err := slope.Loss{Noise: 1e-18}.Derivative(func(x float64) float64 {
			losses++
			if y := math.Abs(x - c.x); y > c.from && y < c.to {
				return c.bad
			}
			return x - c.x
		}, c.x)
		if (err != nil) != c.fails || !c.fails && math.Abs(m.Value-1) > m.Bar || losses != c.losses {
			t.Errorf("%+v: %v ± %v with %d losses; %v", c, m.Value, m.Bar, losses, err)
		}
	}
	for _, f := range []func(x float64) float64{
		func(x float64) float64 { return 1.6e308 * math.Sin(30*x) },
		func(x float64) float64 { return math.Copysign(1e308, x-1) },
	} {
		if m, err := (slope.Loss{}).Derivative(f, 1); err == nil {
			t.Errorf("losses near the largest number: %v ± %v", m.Value, m.Bar)
		}
	}
}
