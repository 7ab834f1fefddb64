package mark_test

import (
	"fmt"

	"lstm/check/mark"
)

// The example explains a gradient whose entries all lack a factor of 3.
func Example() {
	w := mark.Block{Name: "w"}
	for _, measured := range []float64{0.6, -1.5, 2.1} {
		w.Entries = append(w.Entries, mark.Entry{Given: measured / 3, Measured: measured, Bar: 1e-9, Slack: 1e-7, Wrong: true})
	}
	for _, c := range mark.Explain([]mark.Block{w}) {
		fmt.Println(c.Param, c.Kind)
	}
	// Output: w mean
}
