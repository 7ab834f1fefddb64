// Package rng is NumPy's legacy random stream, draw for draw. After New(seed), the methods return
// the same numbers as the functions of np.random after np.random.seed(seed). So a run and a Python
// script can be compared digit by digit.
//
// The generator is MT19937 (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998). The distributions follow
// NumPy's randomkit and legacy-distributions.c, which are frozen so that results can be reproduced
// (NumPy Enhancement Proposal 19).
package rng

import (
	"fmt"
	"math"

	"lstm/tensor"
)

const (
	words = 624 // the words of the state
	far   = 397 // the distance between two words that are combined to renew the state
)

// Rand is a random stream. Two goroutines must not use it at once.
type Rand struct {
	state    [words]uint32
	next     int     // index of the next word to return
	spare    float64 // the second normal number of a pair
	hasSpare bool
}

// New returns the stream of np.random.seed(seed).
func New(seed uint32) *Rand {
	r := &Rand{next: words}
	for i := range r.state {
		r.state[i] = seed
		seed = 1812433253*(seed^(seed>>30)) + uint32(i) + 1
	}
	return r
}

// State returns the state of the stream as 627 numbers: the 624 words of the generator, how many of
// the words Uint32 has returned, the spare normal number, and 1 if there is a spare number, else 0.
func (r *Rand) State() []float64 {
	x := make([]float64, 0, words+3)
	for _, w := range r.state {
		x = append(x, float64(w))
	}
	has := 0.0
	if r.hasSpare {
		has = 1
	}
	return append(x, float64(r.next), r.spare, has)
}

// SetState sets the stream to a state that State returned. It returns an error if x is not a state.
func (r *Rand) SetState(x []float64) error {
	if len(x) != words+3 {
		return fmt.Errorf("the state of the random stream has %d numbers, and must have %d", len(x), words+3)
	}
	for i, v := range x[:words+1] {
		most := float64(math.MaxUint32)
		if i == words {
			most = words
		}
		if !(v >= 0 && v <= most) || v != math.Trunc(v) {
			return fmt.Errorf("entry %d is %v: it must be a whole number from 0 to %.0f", i, v, most)
		}
	}
	for i := range r.state {
		r.state[i] = uint32(x[i])
	}
	r.next, r.spare, r.hasSpare = int(x[words]), x[words+1], x[words+2] == 1
	return nil
}

// Uint32 returns the next word of the generator. All 32 bits are random.
func (r *Rand) Uint32() uint32 {
	if r.next == words {
		s := &r.state
		for i := range s {
			y := (s[i] & 0x80000000) | (s[(i+1)%words] & 0x7fffffff)
			s[i] = s[(i+far)%words] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df)
		}
		r.next = 0
	}
	y := r.state[r.next]
	r.next++
	y ^= y >> 11
	y ^= (y << 7) & 0x9d2c5680
	y ^= (y << 15) & 0xefc60000
	return y ^ (y >> 18)
}

// Float64 returns a number in [0, 1), like np.random.random(). It is a multiple of 2^-53: 27 bits of
// one word, then 26 bits of the next.
func (r *Rand) Float64() float64 {
	a, b := r.Uint32()>>5, r.Uint32()>>6
	return float64(uint64(a)<<26|uint64(b)) / (1 << 53)
}

// Int returns an integer in [low, high), like np.random.randint(low, high). It masks words to the
// number of bits of high-low-1, and rejects words that are too large. It panics if the range is
// empty or has more than 2^32 numbers.
func (r *Rand) Int(low, high int) int {
	span := int64(high) - int64(low) - 1
	if span < 0 || span > math.MaxUint32 {
		panic("rng: Int: the range is empty or holds more than 2^32 numbers")
	}
	if span == 0 {
		return low
	}
	mask := uint32(span)
	for s := 1; s < 32; s *= 2 {
		mask |= mask >> s
	}
	for {
		if v := r.Uint32() & mask; int64(v) <= span {
			return low + int(v)
		}
	}
}

// Normal returns a normally distributed number with mean 0 and variance 1, like np.random.normal(). The polar
// method (Marsaglia and Bray, SIAM Review 6(3), 1964) makes two at a time. The next call returns the second.
func (r *Rand) Normal() float64 {
	if r.hasSpare {
		r.hasSpare = false
		return r.spare
	}
	for {
		x := 2*r.Float64() - 1 // 2·r is exact, so a fused multiply-add gives the same
		y := 2*r.Float64() - 1
		d := float64(x*x) + float64(y*y) // products are rounded before the sum, as in NumPy
		if d >= 1 || d == 0 {
			continue
		}
		f := math.Sqrt(-2 * tensor.Log(d) / d)
		r.spare, r.hasSpare = f*x, true
		return f * y
	}
}
