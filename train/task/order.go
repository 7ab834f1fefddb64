package task

import (
	"math"
	"strings"

	"lstm/bptt"
	"lstm/train/rng"
	"lstm/train/settings"
)

func init() {
	c := settings.Config{
		Task: "order", Hidden: 8, Steps: 1_000_000, Optimizer: "adam", Rate: 0.01, Clip: 1, ForgetBias: 5, InputBias: -4,
	}
	register(settings.Task{Name: "order", About: "tell in which order two symbols came long ago", Defaults: c}, order)
}

// order is the task of section 5.6 (6a) of Hochreiter and Schmidhuber, Neural Computation 9(8), 1997. A
// sequence has 100 to 110 symbols. The first is E, and the last is B. Two symbols are X or Y: one is 10 to 20
// steps after the first symbol, the other 50 to 60 steps after it. All other symbols are distractors, a to d.
// The target at the last step is the order: XX, XY, YX or YY.
func order(settings.Config, Data, *rng.Rand) (*Task, error) {
	const symbols, longest = "EBabcdXY", 110
	draw := func(r *rng.Rand, s *Sequence) {
		text := make([]byte, r.Int(100, longest+1))
		for t := range text {
			text[t] = "abcd"[r.Int(0, 4)]
		}
		first, second := r.Int(0, 2), r.Int(0, 2)
		text[0], text[len(text)-1] = 'E', 'B'
		text[r.Int(10, 21)], text[r.Int(50, 61)] = "XY"[first], "XY"[second]
		for _, c := range text {
			s.X = oneHot(s.X, len(symbols), strings.IndexByte(symbols, c))
		}
		s.Target = oneHot(s.Target, 4, 2*first+second)
	}
	p := make([]float64, 4)
	return &Task{
		Note: "The target at the last step is the order: XX, XY, YX or YY.",
		Unit: "sequence", X: len(symbols), O: 4, MaxT: longest,
		Inputs: strings.Split(symbols, ""), Outputs: []string{"XX", "XY", "YX", "YY"},
		Loss: bptt.CrossEntropy{}, Draw: draw, Fresh: draw,
		Criterion: &Criterion{
			Wrong: "a probability off by 0.3 or more",
			Says:  "2,000 sequences in a row have every probability within 0.3, and a mean error below 0.1",
			Judge: func(s *Sequence, y []float64) (off float64, right bool) {
				bptt.Softmax(p, y)
				for k := range p {
					off = max(off, math.Abs(p[k]-s.Target[k]))
				}
				return off, off < 0.3
			},
			Last: 2000, Below: 0.1,
		},
	}, nil
}
