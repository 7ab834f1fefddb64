package task

import (
	"lstm/train/rng"
	"lstm/train/settings"
)

// oneHot appends n numbers to x: a one at index k, and zeros.
func oneHot(x []float64, n, k int) []float64 {
	x = append(x, make([]float64, n)...)
	x[len(x)-n+k] = 1
	return x
}

// endless is for tasks with one sequence without end, of n values. pairs appends values to s, with the
// next value as the target of each. draw takes the next steps, up to stride of them, and carries the
// state. It begins again before value number valid. fresh takes steps from value number tail on. It takes
// more steps than a window, so a check of the gradient includes a carried state.
func endless(c settings.Config, valid, tail, n int, pairs func(s *Sequence, from, to int)) (stride int, draw, fresh func(*rng.Rand, *Sequence)) {
	steps := valid - 1
	stride = min(c.Stride, steps)
	draw = func(_ *rng.Rand, s *Sequence) {
		from := s.N % ((steps + stride - 1) / stride) * stride
		s.Carry = from > 0
		pairs(s, from, min(from+stride, steps))
	}
	fresh = func(r *rng.Rand, s *Sequence) {
		m := min(2*c.Window, n-tail-1)
		from := tail + r.Int(0, n-tail-m)
		pairs(s, from, from+m)
	}
	return stride, draw, fresh
}

// validateEvery returns the number of iterations from one validation to the next. steps is the length of
// the validation part. Validation then takes less time than training. The results divide 5,000, the
// default number of iterations, so the last iteration is validated.
func validateEvery(steps int) int {
	switch {
	case steps <= 2000:
		return 50
	case steps <= 4000:
		return 100
	}
	return 250
}
