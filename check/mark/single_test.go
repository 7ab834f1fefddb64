package mark

import (
	"math/rand/v2"
	"slices"
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

// TestDecayed: beside parameters with a factor, one with the factor and a penalty has both named; with another error it has not.
func TestDecayed(t *testing.T) {
	rng := rand.New(rand.NewPCG(16, 21))
	for _, decay := range []float64{0.1, -0.003, 0} {
		blocks := []Block{{Name: "W", Cols: 3}, {Name: "b"}, {Name: "c"}}
		for n := range blocks {
			for range 9 {
				e := Entry{Measured: rng.NormFloat64(), Value: rng.NormFloat64(), Bar: 1e-12, Slack: 1e-9, Wrong: true}
				switch e.Given = e.Measured / 2; {
				case n == 0 && decay == 0:
					e.Given += 0.1 * rng.NormFloat64()
				case n == 0:
					e.Given += decay * e.Value
				}
				blocks[n].Entries = append(blocks[n].Entries, e)
			}
		}
		found := slices.ContainsFunc(Explain(blocks), func(c Cause) bool { return c.Kind == "penalty" && c.Param == "W" })
		if found != (decay != 0) {
			t.Errorf("decay %v: %+v", decay, Explain(blocks))
		}
	}
}
