package task

import "lstm/train/rng"

// A Sequence is what the network sees in one iteration: T steps of X inputs, the targets
// (O) of the last M of them, and the state (H) before the first step.
type Sequence struct {
	N         int       // how many were drawn before
	X, Target []float64 // (T,X) (M,O)
	H0, C0    []float64 // (H)
	Carry     bool      // start from the state in which the last sequence ended, not from H0, C0
}

// Fill makes s sequence number n that draw draws.
func (s *Sequence) Fill(draw func(*rng.Rand, *Sequence), r *rng.Rand, n int) {
	s.N, s.X, s.Target, s.Carry = n, s.X[:0], s.Target[:0], false
	clear(s.H0)
	clear(s.C0)
	draw(r, s)
}
