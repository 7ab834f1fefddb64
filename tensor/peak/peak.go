// Package peak measures the limits of one core of this machine: multiply-adds a second, bytes read a second, and how
// long an operation waits for the one before. Benchmarks report their kernels as a share of these limits.
//
// FMA and Read use AVX-512 or AVX2 on amd64, as package tensor does. Elsewhere, and under the build tag purego, both
// are plain Go.
package peak

import (
	"math"
	"time"

	"lstm/tensor"
)

// best returns the highest of seven measurements of a rate, in units of work a second. work
// does n pieces of work and returns their number of units.
func best(work func(n int) int) float64 {
	n, rate := 1, 0.0
	for runs := 0; runs < 7; {
		start := time.Now()
		units := work(n)
		if d := time.Since(start); d < 2*time.Millisecond {
			n *= 2
		} else {
			rate = max(rate, float64(units)/d.Seconds())
			runs++
		}
	}
	return rate
}

// FMA returns multiply-adds a second, with all operands in registers.
func FMA() float64 {
	return best(func(n int) int {
		n *= 1000
		switch {
		case tensor.AVX512():
			fmaAVX512(n)
			return 96 * n
		case tensor.AVX2():
			fmaAVX2(n)
			return 48 * n
		}
		fmaGo(n)
		return 8 * n
	})
}

// Read returns bytes read a second. It reads a block of the given size again and again. If the block just fits
// a cache, the result is the bandwidth of that cache.
func Read(bytes int) float64 {
	x := make([]float64, (bytes/8+31)/32*32) // a multiple of the numbers that either loop reads at once
	for i := range x {
		x[i] = 1
	}
	rate := func(read func()) float64 {
		return best(func(n int) int {
			for range n {
				read()
			}
			return n * 8 * len(x)
		})
	}
	switch {
	case !tensor.AVX2() || len(x) == 0:
		return rate(func() { readGo(x) })
	case !tensor.AVX512():
		return rate(func() { readAVX2(&x[0], len(x)/32) })
	}
	// Which one is faster depends on the machine.
	return max(rate(func() { readAVX2(&x[0], len(x)/32) }), rate(func() { readAVX512(&x[0], len(x)/32) }))
}

// A Latency is the time in seconds from an operation to the next, if the next needs its result.
type Latency struct {
	FMA float64 // a multiply-add
	Add float64 // a sum
	Mul float64 // a product
	Div float64 // a quotient
}

// Latencies measures the latency of single operations.
func Latencies() Latency {
	chain := func(f func(n int)) float64 {
		return 1 / best(func(n int) int {
			f(1000 * n)
			return 1000 * n
		})
	}
	return Latency{FMA: chain(fmaChain), Add: chain(addChain), Mul: chain(mulChain), Div: chain(divChain)}
}

func fmaChain(n int) {
	x := 1.0
	for range n {
		x = math.FMA(x, 0.5, 1)
	}
	sink = x
}

func addChain(n int) {
	x := 1.0
	for range n {
		x += 0.1
	}
	sink = x
}

func mulChain(n int) {
	x := 1.0
	for range n {
		x *= 1.000000000001
	}
	sink = x
}

func divChain(n int) {
	x := 1.0
	for range n {
		x = 1.7 / x
	}
	sink = x
}

// sink takes results, so that the compiler cannot omit their computation.
//
//lint:ignore U1000 nobody reads it
var sink float64

// fmaGo does 8n multiply-adds in 8 chains.
func fmaGo(n int) {
	var a, b, c, d, e, f, g, h float64
	for range n {
		a, b = math.FMA(a, 0.5, 1), math.FMA(b, 0.5, 1)
		c, d = math.FMA(c, 0.5, 1), math.FMA(d, 0.5, 1)
		e, f = math.FMA(e, 0.5, 1), math.FMA(f, 0.5, 1)
		g, h = math.FMA(g, 0.5, 1), math.FMA(h, 0.5, 1)
	}
	sink = a + b + c + d + e + f + g + h
}

// readGo reads x.
func readGo(x []float64) {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	sink = a + b + c + d
}
