package main

import (
	"io"
	"testing"
)

// BenchmarkRun is the whole of `go run . -seed 42`, once built.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if code := run([]string{"-seed", "42"}, io.Discard, io.Discard); code != 0 {
			b.Fatalf("exit status %d", code)
		}
	}
}
