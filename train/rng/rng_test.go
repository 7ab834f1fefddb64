package rng

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"
)

// TestMT19937: the 10,000th word of seed 5489 is as in the C++ standard.
func TestMT19937(t *testing.T) {
	t.Parallel()
	r := New(5489)
	for range 9999 {
		r.Uint32()
	}
	if got := r.Uint32(); got != 4123659995 {
		t.Errorf("word 10,000 of seed 5489 is %d, want 4123659995", got)
	}
}

// TestNumPy: a mixed stream agrees with the output of NumPy 1.24.2.
func TestNumPy(t *testing.T) {
	t.Parallel()
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

func TestIntPanics(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]int{{3, 3}, {4, 3}, {math.MinInt, math.MaxInt}} {
		if strconv.IntSize == 32 && c[0] == math.MinInt {
			continue // on 32 bits the range has 2^32 - 1 numbers, which is valid
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

// In Python: np.random.seed(42); np.random.normal(), np.random.randint(0, 100)
func Example() {
	r := New(42)
	fmt.Printf("%.6f %d\n", r.Normal(), r.Int(0, 100))
	// Output: 0.496714 71
}
