package peak

import (
	"fmt"
	"testing"
)

// TestPeak checks that the rates are plausible: a rate that is wrong by a factor of a thousand does not pass.
// -v prints the rates.
func TestPeak(t *testing.T) {
	f, near, far, l := FMA(), Read(16<<10), Read(64<<20), Latencies()
	t.Logf("%.3g multiply-adds/s", f)
	for _, kib := range []int{16, 512, 8 << 10, 64 << 10} {
		t.Logf("%.3g bytes/s from %d KiB", Read(kib<<10), kib)
	}
	t.Logf("latencies in ns: %.2f multiply-add, %.2f sum, %.2f product, %.2f quotient", 1e9*l.FMA, 1e9*l.Add, 1e9*l.Mul, 1e9*l.Div)
	for _, s := range []float64{l.FMA, l.Add, l.Mul, l.Div} {
		if s < 1e-10 || s > 1e-5 {
			t.Errorf("a latency of %.3g seconds", s)
		}
	}
	if f < 1e7 || f > 1e12 {
		t.Errorf("%.3g multiply-adds a second", f)
	}
	if near < 1e8 || near > 1e13 || far < 1e7 || far > 1e13 {
		t.Errorf("%.3g and %.3g bytes a second", near, far)
	}
}

func Example() {
	fmt.Println(FMA() > 0, Read(1<<14) > 0)
	// Output: true true
}
