package peak

import (
	"fmt"
	"testing"
)

// TestPeak checks that the rates are plausible: a rate that is wrong by a factor of a thousand does not pass.
// -v prints the rates.
func TestPeak(t *testing.T) {
	f, near, far := FMA(), Read(16<<10), Read(64<<20)
	t.Logf("%.3g multiply-adds/s", f)
	for _, kib := range []int{16, 512, 8 << 10, 64 << 10} {
		t.Logf("%.3g bytes/s from %d KiB", Read(kib<<10), kib)
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
