package back_test

import (
	"fmt"
	"strings"
	"testing"

	"lstm/check/mark"
	"lstm/check/mark/back"
)

// block returns a parameter with these gradients.
func block(name string, cols int, given, measured []float64) mark.Block {
	b := mark.Block{Name: name, Cols: cols}
	for i, m := range measured {
		b.Entries = append(b.Entries, mark.Entry{Given: given[i], Measured: m, Slack: 1e-9, Wrong: given[i] != m})
	}
	return b
}

// The readout is right, and the weights from the state to itself are wrong.
func ExampleLook() {
	c := back.Look([]mark.Block{
		block("Whh", 2, []float64{1, 2, 3, 4}, []float64{2, 1, 4, 4.5}),
		block("Why", 2, []float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}),
	})
	fmt.Println(c.Param, "|", c.Observed)
	// Output: Whh | Why is right, so what goes into it is right
}

// TestLook: what wrong parameters share is said if the measured gradients share it too.
func TestLook(t *testing.T) {
	whh := block("weight_hh", 2, []float64{1, 2, 3, 4}, []float64{2, 1, 4, 4.5})
	wxh := block("weight_ih", 2, []float64{1, 2, 3, 4, 5, 6}, []float64{1, 2, 4, 3, 7, 6.5})
	sum := block("bias", 0, []float64{9, 12}, []float64{12, 11.5})
	b1, b2 := block("b1", 0, []float64{1, 2, 3}, []float64{3, 4, 5}), block("b2", 0, []float64{1, 2, 3}, []float64{3, 4, 5})
	copied := block("b2", 0, []float64{1, 2, 3}, []float64{6, 7, 8})
	for _, c := range []struct {
		blocks []mark.Block
		says   string // with | between; "" if there is nothing to say
	}{
		{[]mark.Block{wxh, sum}, ""},
		{[]mark.Block{whh, wxh, sum}, "bias is the sum of the rows of weight_ih|weight_ih, row 0 is right"},
		{[]mark.Block{whh, b1, b2}, "3 wrong entries of b2 are those of b1"},
		{[]mark.Block{whh, b1, copied}, "!those of"},
		{[]mark.Block{whh, block("h0", 0, []float64{1, 2}, []float64{2, 3})}, "h0 is wrong"},
	} {
		got := back.Look(c.blocks)
		if (got == nil) != (c.says == "") {
			t.Errorf("%q: %+v", c.says, got)
			continue
		}
		for _, words := range strings.Split(c.says, "|") {
			words, not := strings.CutPrefix(words, "!")
			if got != nil && strings.Contains(got.Observed, words) == not {
				t.Errorf("%q: %q", c.says, got.Observed)
			}
		}
	}
	wy, wx := block("Wy", 0, []float64{1, 2}, []float64{2, 3}), block("Wxh", 0, []float64{1, 2}, []float64{1, 2})
	for _, c := range []struct {
		blocks   []mark.Block
		says     string
		not      string
		together bool // the line that hands the gradient back may be wrong
	}{
		{[]mark.Block{whh, wx}, "Wxh shows", "through", false},
		{[]mark.Block{whh, b1, wx}, "through weight_hh", "shows", true},
		{[]mark.Block{whh, block("Wy", 0, []float64{1}, []float64{1})}, "through weight_hh", "shows", true},
		{[]mark.Block{whh, b1, wy}, "Wy, the readout", "through", true},
	} {
		got := back.Look(c.blocks)
		if !strings.Contains(got.Likely, c.says) || strings.Contains(got.Likely, c.not) || strings.Contains(got.Line, "one step") != c.together {
			t.Errorf("%q: %+v", c.says, got)
		}
	}
	if back.Weak([]mark.Cause{{Kind: "part"}, {Kind: "twice"}}) || !back.Weak([]mark.Cause{{Kind: "part"}}) {
		t.Error("a part without a mark is weak, and nothing else")
	}
}
