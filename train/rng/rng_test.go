package rng

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"
)

// TestMT19937 holds the generator to the figure that the C++ standard gives for it:
// the 10,000th word of seed 5489.
func TestMT19937(t *testing.T) {
	r := New(5489)
	for range 9999 {
		r.Uint32()
	}
	if got := r.Uint32(); got != 4123659995 {
		t.Errorf("word 10,000 of seed 5489 is %d, want 4123659995", got)
	}
}

// TestNumPy holds a mixed stream to what NumPy 1.24.2 printed for it.
func TestNumPy(t *testing.T) {
	for _, c := range []struct {
		seed uint32
		want []float64
	}{
		{0, []float64{1.764052345967664, 3, 25, 0.5448831829968969, 0.4001572083672233, 1.8675579901499675,
			0, 1879422751, 0.2975346065444723, -1903903272, -0.977277879876411}},
		{42, []float64{0.4967141530112327, 2, 29, 0.5986584841970366, -0.13826430117118466, -0.23415337472333597,
			0, 249467205, 0.45924889196586716, -714216076, -0.23413695694918055}},
		{4294967295, []float64{0.6484086742306527, 1, 22, 0.9695059322147525, 0.6693235306338161, -1.0805437227474493,
			0, 733371528, 0.5537363115925001, 2081150263, 0.2845010447986309}},
	} {
		r := New(c.seed)
		got := []float64{r.Normal(), float64(r.Int(0, 7)), float64(r.Int(22, 30)), r.Float64(), r.Normal(), r.Normal(),
			float64(r.Int(0, 1)), float64(r.Int(-5, 1<<31-1)), r.Float64(), float64(r.Int(-1<<31, 1<<31-1)), r.Normal()}
		for i, want := range c.want {
			if math.Abs(got[i]-want) > 1e-15*math.Abs(want) {
				t.Errorf("seed %d, draw %d: %v, want %v", c.seed, i, got[i], want)
			}
		}
	}
	for seed, want := range map[uint32]float64{0: 157.67005081253393, 42: 96.68681409495973, 4294967295: -69.72249044825918} {
		r, sum := New(seed), new(big.Float).SetPrec(200)
		for range 100_000 {
			sum.Add(sum, big.NewFloat(r.Normal()))
		}
		if got, _ := sum.Float64(); math.Abs(got-want) > 1e-10 {
			t.Errorf("seed %d: 100,000 normals add up to %v, want %v", seed, got, want)
		}
	}
}

// TestLog measures log's error against math/big: with y = log(x), the true value is
// y + ln(x e^-y), and x e^-y = 1+δ with a tiny δ.
func TestLog(t *testing.T) {
	exp := func(y float64) *big.Float { // (e^(y/1024))^1024
		x := new(big.Float).SetPrec(300).SetFloat64(y / 1024)
		sum, term := new(big.Float).SetPrec(300).SetInt64(1), new(big.Float).SetPrec(300).SetInt64(1)
		for n := int64(1); n < 60; n++ {
			term.Quo(term.Mul(term, x), new(big.Float).SetInt64(n))
			sum.Add(sum, term)
		}
		for range 10 {
			sum.Mul(sum, sum)
		}
		return sum
	}
	r := New(1)
	worst := 0.0
	for i := range 5000 {
		x := r.Float64() + 0x1p-60
		switch i % 3 {
		case 1: // near 1, where the result is small
			x = 1 + (x-0.5)*0.01
		case 2:
			x = math.Ldexp(1+x, i%2000-1000)
		}
		y := log(x)
		d := new(big.Float).SetPrec(300).SetFloat64(x)
		d.Mul(d, exp(-y)).Sub(d, big.NewFloat(1))
		delta, _ := d.Float64()
		ulp := math.Abs(math.Nextafter(y, math.Inf(1)) - y)
		worst = max(worst, math.Abs(delta)/ulp)
	}
	t.Logf("worst error %.3f ulp", worst)
	if !(worst < 1) {
		t.Errorf("worst error %.3f ulp, documented as within 1", worst)
	}
	if log(1) != 0 {
		t.Errorf("log(1) = %v", log(1))
	}
}

func TestIntPanics(t *testing.T) {
	for _, c := range [][2]int{{3, 3}, {4, 3}, {math.MinInt, math.MaxInt}} {
		if strconv.IntSize == 32 && c[0] == math.MinInt {
			continue // 2^32 - 1 numbers there
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Int(%d, %d) did not panic", c[0], c[1])
				}
			}()
			New(0).Int(c[0], c[1])
		}()
	}
}

// np.random.seed(42); np.random.normal(), np.random.randint(0, 100)
func Example() {
	r := New(42)
	fmt.Printf("%.6f %d\n", r.Normal(), r.Int(0, 100))
	// Output: 0.496714 71
}
