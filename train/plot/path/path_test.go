package path

import (
	"fmt"
	"math"
	"testing"
)

// TestRuns: a run has the cells of a row with the same tint, and no cell is in two runs.
func TestRuns(t *testing.T) {
	t.Parallel()
	tints := [][]int{{1, 1, 2}, {2, 2, 2}}
	seen := ""
	Box{W: 10, H: 5, Rows: 2, Cols: 3}.Runs(func(r, c int) int { return tints[r][c] }, func(tint int, path string) { seen += fmt.Sprint(tint, " ", path, "\n") })
	if want := "1 M0 0h20.1v5.1h-20.1z\n2 M20 0h10.1v5.1h-10.1z\n2 M0 5h30.1v5.1h-30.1z\n"; seen != want {
		t.Errorf("%s\nwant\n%s", seen, want)
	}
}

// A line of three points. A point that has no place interrupts it.
func Example() {
	y := []float64{1, math.NaN(), 3}
	fmt.Println(Polyline(y, func(i int) (float64, float64) { return float64(i), y[i] }))
	// Output: M0 1m-2 0h4M2 3m-2 0h4
}
