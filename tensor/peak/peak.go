// Package peak measures what a core of this machine can do at most: how many
// multiply-adds, and how many bytes read, in a second. Benchmarks report their kernels
// as a share of that.
//
// Both are measured with instructions that package tensor uses: AVX-512 or FMA on
// amd64, and AVX2 to read, plain Go elsewhere and under the build tag purego.
package peak

import (
	"math"
	"time"

	"lstm/tensor"
)

// best returns the highest of several measurements of a rate: how much of a unit of work
// is done in a second by a function that does so many units.
func best(units func(n int) float64) float64 {
	n, rate := 1, 0.0
	for runs := 0; runs < 7; {
		start := time.Now()
		done := units(n)
		if d := time.Since(start); d < 2*time.Millisecond {
			n *= 2
		} else {
			rate = max(rate, done/d.Seconds())
			runs++
		}
	}
	return rate
}

// FMA returns multiply-adds a second, on registers alone.
func FMA() float64 {
	return best(func(n int) float64 { return float64(fmaRounds(1000 * n)) })
}

// Read returns bytes a second, reading a block of so many bytes again and again: up to
// the size of a cache, it is that cache's bandwidth.
func Read(bytes int) float64 {
	x := make([]float64, (bytes/8+31)/32*32) // whole rounds of either loop
	for i := range x {
		x[i] = 1
	}
	return best(func(n int) float64 {
		for range n {
			read(x)
		}
		return float64(n * 8 * len(x))
	})
}

// sink keeps results, so that they are computed.
//
//lint:ignore U1000 nobody reads it
var sink float64

// fmaGo does 8n multiply-adds in 8 chains.
func fmaGo(n int) int {
	var a, b, c, d, e, f, g, h float64
	for range n {
		a = math.FMA(a, 0.5, 1)
		b = math.FMA(b, 0.5, 1)
		c = math.FMA(c, 0.5, 1)
		d = math.FMA(d, 0.5, 1)
		e = math.FMA(e, 0.5, 1)
		f = math.FMA(f, 0.5, 1)
		g = math.FMA(g, 0.5, 1)
		h = math.FMA(h, 0.5, 1)
	}
	sink = a + b + c + d + e + f + g + h
	return 8 * n
}

func readGo(x []float64) {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d = a+x[0], b+x[1], c+x[2], d+x[3]
	}
	sink = a + b + c + d
}

func fmaRounds(n int) int {
	switch {
	case tensor.AVX512():
		fmaAVX512(n)
		return 96 * n
	case tensor.AVX2():
		fmaAVX2(n)
		return 48 * n
	}
	return fmaGo(n)
}

func read(x []float64) {
	if !tensor.AVX2() {
		readGo(x)
	} else if len(x) > 0 {
		readAVX2(&x[0], len(x)/32)
	}
}
