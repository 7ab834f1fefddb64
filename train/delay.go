package train

import (
	"math"

	"lstm/bptt"
	"lstm/train/rng"
)

func init() {
	register("repeat a sine wave one sample late", Config{Task: "delay", Hidden: 5, Steps: 5000, Optimizer: "sgd", Rate: 0.01}, delay)
}

// delay is the original script's task: repeat a sine wave one sample late. The target
// is the input rolled by one, so that of the first step is the last sample, which
// nothing foretells: that step is noise, and the loss does not go to zero.
//
// It trains on crops of 30 samples of sin over 0…3π, from a random state, and proves
// its gradient on a crop of 90 samples over 0…4π, from the zero state.
func delay(Config, *rng.Rand) (*Task, error) {
	data, proof := sineWave(3*math.Pi, 30), sineWave(4*math.Pi, 90)
	crop := func(r *rng.Rand, s *Sequence, data []float64) {
		n := len(data)
		start := r.Int(0, n/4)
		end := r.Int(3*n/4, n)
		s.X = append(s.X, data[start:end]...)
		s.Target = append(s.Target, data[end-1])
		s.Target = append(s.Target, data[start:end-1]...)
	}
	return &Task{
		Note: "The first target of a crop is its last sample, so the loss cannot go to zero.",
		Over: "a crop of the wave",
		Unit: "iteration",
		X:    1, O: 1, MaxT: len(proof),
		Loss: bptt.SquaredError{},
		From: 1,
		Draw: func(r *rng.Rand, s *Sequence) {
			crop(r, s, data)
			for j := range s.H0 {
				s.H0[j] = r.Normal()
			}
			for j := range s.C0 {
				s.C0[j] = r.Normal()
			}
		},
		Fresh: func(r *rng.Rand, s *Sequence) { crop(r, s, proof) },
	}, nil
}

// sineWave returns n samples of sin over [0, end], both ends included.
func sineWave(end float64, n int) []float64 {
	x := make([]float64, n)
	step := end / float64(n-1)
	for i := range x {
		x[i] = sin(float64(i) * step)
	}
	x[n-1] = sin(end)
	return x
}

// sin returns the sine of 0 ≤ x < 60, within 1.4 ulp. Package math's differs between
// architectures.
//
// With x = k·π/2 + r, |r| ≤ π/4, it is the sine or cosine of r by the quadrant k mod 4,
// as a Taylor series.
func sin(x float64) float64 {
	const (
		halfPiHi = 0x1.921fb54442d18p+0
		halfPiLo = 0x1.1a62633145c07p-54 // π/2 − halfPiHi
	)
	k := math.RoundToEven(x / halfPiHi)
	r := math.FMA(-k, halfPiLo, math.FMA(-k, halfPiHi, x))
	z := float64(r * r)

	// Σ_n (−1)^n r^(2n+odd)/(2n+odd)!, summed from its smallest term: s is
	// 1 − z/(m(m−1))·(…), with the terms beyond m = 20 below 2⁻⁶⁰.
	odd := 1.0
	if int(k)%2 == 1 {
		odd = 0
	}
	s := 0.0
	for m := 20 + odd; m > 1+odd; m -= 2 {
		s = -float64(z*(1+s)) / (m * (m - 1))
	}
	if odd == 1 {
		s = math.FMA(r, s, r)
	} else {
		s = 1 + s
	}
	if int(k)%4 >= 2 {
		s = -s
	}
	return s
}
