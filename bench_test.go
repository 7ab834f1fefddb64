package main

import (
	"fmt"
	"io"
	"math"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/tensor"
	"lstm/train"
)

// wave fills v with numbers between −1 and 1, and returns it.
func wave(v []float64) []float64 {
	for i := range v {
		v[i] = math.Sin(float64(7*i + 1))
	}
	return v
}

// step returns one forward pass, full backward pass and every gradient of a window.
func step(x, h, o, t int) func() {
	p, g := cell.New(x, h, o), cell.New(x, h, o)
	wave(p.All)
	tensor.Axpy(p.All, 1/math.Sqrt(float64(x+h))-1, append([]float64(nil), p.All...))
	w := bptt.New(p, t)
	in, target := wave(make([]float64, t*x)), wave(make([]float64, t*o))
	h0, c0 := make([]float64, h), make([]float64, h)
	return func() {
		clear(g.All)
		w.Forward(in, target, h0, c0)
		w.Backward(g)
	}
}

// BenchmarkStep is a window's forward pass, full backward pass and every gradient,
// without an update, at the four sizes of ../shared/peers and in sweeps of T and H.
func BenchmarkStep(b *testing.B) {
	sizes := [][4]int{{1, 5, 1, 22}, {1, 32, 1, 64}, {16, 128, 16, 64}, {64, 512, 64, 32}}
	for t := 16; t <= 1024; t *= 4 {
		sizes = append(sizes, [4]int{4, 64, 4, t})
	}
	for h := 4; h <= 1024; h *= 2 {
		sizes = append(sizes, [4]int{4, h, 4, 16})
	}
	for _, s := range sizes {
		b.Run(fmt.Sprintf("x=%d/h=%d/o=%d/t=%d", s[0], s[1], s[2], s[3]), func(b *testing.B) {
			f := step(s[0], s[1], s[2], s[3])
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

// BenchmarkTrain is an iteration of the default task.
func BenchmarkTrain(b *testing.B) {
	r, err := train.New(train.Config{Task: "delay", Seed: 42, Hidden: 5, Rate: 0.01})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Step()
	}
}

// BenchmarkCheck is the whole check of the default model after training: every entry of
// the parameters, h0, c0 and the inputs.
func BenchmarkCheck(b *testing.B) {
	r, err := train.New(train.Config{Task: "delay", Seed: 42, Hidden: 5, Rate: 0.01})
	if err != nil {
		b.Fatal(err)
	}
	if err := r.Train(5000, func(int) {}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Check(0, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRun is the whole of `go run . -seed 42`, once built.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if code := run([]string{"-seed", "42"}, io.Discard, io.Discard); code != 0 {
			b.Fatalf("exit status %d", code)
		}
	}
}
