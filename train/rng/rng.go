// Package rng is NumPy's legacy random stream, draw for draw: after New(seed), the
// methods return what np.random.seed(seed) and the functions of np.random return, so
// that a run can be compared with a Python script digit for digit.
//
// The generator is MT19937 (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998). What is
// made of its words follows NumPy's randomkit and legacy-distributions.c, which are
// frozen for the sake of reproducibility (NumPy Enhancement Proposal 19).
package rng

import (
	"fmt"
	"math"

	"lstm/tensor"
)

const (
	words = 624 // the state's size
	far   = 397 // how far ahead a word looks when the state is renewed
)

// Rand is a random stream. It is not for use by two goroutines at once.
type Rand struct {
	state    [words]uint32
	next     int     // the next word of state to hand out
	spare    float64 // the second normal of a pair
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

// State returns where the stream is, as numbers: the words of the generator, how many of them
// were handed out, and a normal that is kept, with a 1 after it if there is one.
func (r *Rand) State() []float64 {
	x := make([]float64, 0, words+3)
	for _, w := range r.state {
		x = append(x, float64(w))
	}
	kept := 0.0
	if r.hasSpare {
		kept = 1
	}
	return append(x, float64(r.next), r.spare, kept)
}

// SetState takes the stream to where State was called.
func (r *Rand) SetState(x []float64) error {
	if len(x) != words+3 {
		return fmt.Errorf("%d numbers are no state of the random stream: it has %d", len(x), words+3)
	}
	for i, v := range x[:words+1] {
		most := float64(math.MaxUint32)
		if i == words {
			most = words
		}
		if !(v >= 0 && v <= most) || v != math.Trunc(v) {
			return fmt.Errorf("entry %d is %v, and should be a whole number from 0 to %.0f", i, v, most)
		}
	}
	for i := range r.state {
		r.state[i] = uint32(x[i])
	}
	r.next, r.spare, r.hasSpare = int(x[words]), x[words+1], x[words+2] == 1
	return nil
}

// Uint32 returns the next word of the generator, all 32 bits random.
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

// Float64 returns a number in [0, 1), a multiple of 2^-53, like np.random.random(): 27
// bits of one word and 26 of the next.
func (r *Rand) Float64() float64 {
	a, b := r.Uint32()>>5, r.Uint32()>>6
	return float64(uint64(a)<<26|uint64(b)) / (1 << 53)
}

// Int returns an integer in [low, high), like np.random.randint(low, high): words,
// masked to as many bits as high-low-1 has, until one is not too large. An empty range
// panics, and so does one of more than 2^32 numbers.
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

// Normal returns a normally distributed number, mean 0, variance 1, like
// np.random.normal(): the polar method of Marsaglia and Bray, SIAM Review 6(3), 1964.
// They come in pairs, and the second of a pair is kept for the next call.
func (r *Rand) Normal() float64 {
	if r.hasSpare {
		r.hasSpare = false
		return r.spare
	}
	for {
		x := 2*r.Float64() - 1 // the product is exact, so fusing would change nothing
		y := 2*r.Float64() - 1
		d := float64(x*x) + float64(y*y) // rounded before they are added, as in NumPy
		if d >= 1 || d == 0 {
			continue
		}
		f := math.Sqrt(-2 * tensor.Log(d) / d)
		r.spare, r.hasSpare = f*x, true
		return f * y
	}
}
