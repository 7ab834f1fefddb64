package search

import "lstm/check/pass"

// A Work is how much a search may still do. Its unit is about a nanosecond on a machine of 2020. It counts operations, so
// an answer does not depend on the machine.
type Work struct {
	left, of int64
	whole    *Work // the work that it is a part of
	progress func(done, total int)
}

// NewWork returns a work of a size. progress is called now and then with the hundredths that are done, and 100; it may
// be nil.
func NewWork(size int64, progress func(done, total int)) *Work {
	return &Work{left: size, of: size, progress: progress}
}

// Part returns a part of the work that is left.
func (w *Work) Part(size int64) *Work {
	size = max(min(size, w.left), 0)
	return &Work{left: size, of: size, whole: w}
}

// Beside returns a part of the work that w is a part of.
func (w *Work) Beside(size int64) *Work { return w.whole.Part(size) }

// Left returns how much is left.
func (w *Work) Left() int64 { return w.left }

// Do takes a number of operations. It reports whether there were enough.
func (w *Work) Do(operations int) bool {
	enough := true
	for ; w != nil; w = w.whole {
		before := w.left
		w.left -= int64(operations)
		enough = enough && w.left >= 0
		if hundredth := w.of/100 + 1; w.progress != nil && before/hundredth != w.left/hundredth {
			w.progress(int(min((w.of-w.left)/hundredth, 100)), 100)
		}
	}
	return enough
}

// DoSteps takes the work of some steps of a backward pass.
func (w *Work) DoSteps(p *pass.Point, steps int) bool {
	h := p.Net.H
	return w.Do(steps * (600 + 80*h + 8*h*(p.X+h+1)))
}

// DoPass takes the work of a backward pass.
func (w *Work) DoPass(p *pass.Point) bool { return w.Do(4000) && w.DoSteps(p, p.N*p.T) }
