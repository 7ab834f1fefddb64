package mark

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSingle: one wrong entry of a parameter is named, with both values, in each precision; two are not. Where wide bars could
// hide the same error in the other entries, nothing is said.
func TestSingle(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, at := range precisions {
		for _, count := range []int{1, 2} {
			p := newProblem(rng, shape{4, 3})
			for k := range count {
				p.given[0][5+3*k] = p.right[0][5+3*k] + 2
			}
			blocks := p.blocks(at)
			for i := range blocks[0].Entries {
				blocks[0].Entries[i].Name = string(rune('A' + i))
			}
			causes := Explain(blocks)
			if named := len(causes) == 1 && causes[0].Kind == "entry"; named != (count == 1) || named && !strings.HasPrefix(causes[0].Observed, "F is ") {
				t.Errorf("%s, %d wrong: %+v", at.name, count, causes)
			}
		}
	}
	b := Block{Name: "b"}
	for k := range 8 {
		b.Entries = append(b.Entries, Entry{Given: 1, Measured: 1, Bar: 0.1, Slack: 0.1})
		if k == 3 {
			b.Entries[k] = Entry{Given: 1.02, Measured: 1, Bar: 0.001, Slack: 0.001, Wrong: true}
		}
	}
	for _, c := range Explain([]Block{b}) {
		if c.Kind == "entry" {
			t.Errorf("the bars of the others are wide: %+v", c)
		}
	}
}
