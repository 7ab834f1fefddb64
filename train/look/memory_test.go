package look

import (
	"math"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
)

// TestMemory: of four units only one is read, so the last answer depends on it alone. It is written at the steps with an
// input, the only ones where g is not 0, and read at the last step.
func TestMemory(t *testing.T) {
	t.Parallel()
	const T, H, unit = 20, 4, 2
	for _, written := range [][]int{{5}, {3, 14}} {
		p := cell.New(1, H, 1)
		for j := range H {
			p.Wx[3*H+j], p.B[H+j] = 1, 5 // g follows x, and the forget gate stays open
		}
		p.Wy[unit] = 1
		x := make([]float64, T)
		for _, step := range written {
			x[step] = 1
		}
		in := Input{Model: bptt.Model{Params: p, Loss: bptt.SquaredError{}}, X: x, Target: make([]float64, 1), Window: T, Stride: T,
			H0: make([]float64, H), C0: make([]float64, H), Drawn: slices.Clone(p.All)}
		m := At(in, T).Memory()
		if m.Units[0] != unit || !slices.Equal(m.Written[unit], written) || m.Read[unit] != T-1 {
			t.Errorf("unit %d, written at %v, read at %d, want %d, %v, %d", m.Units[0], m.Written[unit], m.Read[unit], unit, written, T-1)
		}
		if m.Shift(-4); m.Read[unit] != T-5 || m.Written[unit][0] != max(0, written[0]-4) {
			t.Errorf("shifted: written at %v, read at %d", m.Written[unit], m.Read[unit])
		}
	}
}

// TestAim: at the target of aim, the gradient of the loss is 1 at every output or, with symbols, the gradient of the
// likeliest one.
func TestAim(t *testing.T) {
	t.Parallel()
	y := []float64{0.3, -1, 2}
	dy := make([]float64, 3)
	for name, c := range map[string]struct {
		loss bptt.Loss
		want []float64
	}{"squared error": {bptt.SquaredError{}, []float64{1, 1, 1}}, "cross-entropy": {bptt.CrossEntropy{}, []float64{0, 0, 1}}} {
		c.loss.Measure(dy, y, aim(c.loss, y), 3)
		for i, d := range dy {
			if math.Abs(d-c.want[i]) > 1e-12 {
				t.Errorf("%s: dy is %v, want %v", name, dy, c.want)
				break
			}
		}
	}
}
