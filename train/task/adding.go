package task

import (
	"fmt"
	"math"

	"lstm/bptt"
	"lstm/train/rng"
	"lstm/train/settings"
)

func init() {
	c := settings.Config{
		Task: "adding", Hidden: 8, Steps: 1_000_000, Optimizer: "adam", Rate: 0.008, Halve: 24_000,
		Clip: 0.1, ForgetBias: 12, InputBias: -12, Length: 100,
	}
	register(settings.Task{Name: "adding", About: "add two numbers that were marked long ago", Defaults: c, Uses: []string{"length"}}, adding)
}

// adding is the task of section 5.4 of Hochreiter and Schmidhuber, Neural Computation 9(8), 1997. A step
// is a pair: a value in [−1, 1] and a mark. The mark is 1 at two steps, −1 at the first and the last
// step, and 0 elsewhere. The target, at the last step, is the sum of the marked values, scaled to [0, 1].
//
// A sequence has Length to 1.1·Length steps. The first marked step is among the first ten, the second
// among the other steps of the first Length/2. If step 1 of the sequence is marked, it keeps its mark −1,
// and its value counts as 0.
//
// The outputs wander from iteration to iteration, because Adam's steps do not shrink with the gradient. When
// the criterion is met, all outputs may be a little too high. So the run validates the network on a set of
// its own, and keeps the best one.
func adding(c settings.Config, _ Data, random *rng.Rand) (*Task, error) {
	if c.Length < settings.MinLength {
		return nil, fmt.Errorf("-length %d leaves no room for two marks: give %d or more", c.Length, settings.MinLength)
	}
	longest := c.Length + c.Length/10
	draw := func(r *rng.Rand, s *Sequence) {
		n := r.Int(c.Length, longest+1)
		for range n {
			s.X = append(s.X, 2*r.Float64()-1, 0) // the product is exact, so fusing changes nothing
		}
		a := r.Int(0, 10)
		b := r.Int(0, c.Length/2-1) // a place among the steps other than a
		if b >= a {
			b++
		}
		sum := 0.0
		for _, t := range []int{a, b} {
			s.X[2*t+1] = 1
			if t > 0 {
				sum += s.X[2*t]
			}
		}
		s.X[1], s.X[2*n-1] = -1, -1
		s.Target = append(s.Target, 0.5+sum/4)
	}
	const validate = 200
	seed := random.Uint32() // of the validation set, which is drawn again each time: long sequences take much memory
	rms := func(m bptt.Model) float64 {
		r, s, sum := rng.New(seed), new(Sequence), 0.0
		w, zero := m.Window(longest), make([]float64, m.Params.H)
		for i := range validate {
			s.Fill(draw, r, i)
			w.Forward(s.X, s.Target, zero, zero)
			d := w.Y[0] - s.Target[0]
			sum = math.FMA(d, d, sum)
		}
		return math.Sqrt(sum / validate)
	}
	return &Task{
		Note: "The target is their sum, scaled to [0, 1], at the last step. A mark of 1 marks a number, and −1 marks the two ends.",
		Unit: "sequence", X: 2, O: 1, MaxT: longest, Inputs: []string{"value", "mark"},
		Loss: bptt.SquaredError{}, Draw: draw, Fresh: draw,
		Validation: &Metric{Error: rms, Every: 100, Says: "root mean square error of a sum"},
		Criterion: &Criterion{
			Wrong: "an error of 0.04 or more",
			Says:  "2,000 sums in a row have an error below 0.04, and a mean error below 0.01",
			Judge: func(s *Sequence, y []float64) (off float64, right bool) {
				off = math.Abs(y[0] - s.Target[0])
				return off, off < 0.04
			},
			Last: 2000, Below: 0.01,
		},
	}, nil
}
