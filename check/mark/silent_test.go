package mark

import (
	"math/rand/v2"
	"testing"
)

// wrongRows returns a parameter of six columns. Each entry of a row is as kinds says: w wrong, r right, 0 zero in both gradients.
func wrongRows(rng *rand.Rand, name, kinds string) Block {
	b := Block{Name: name, Cols: 6}
	for _, kind := range kinds {
		for range b.Cols {
			e := Entry{Measured: rng.NormFloat64(), Bar: 1e-14, Slack: 1e-13, Value: rng.NormFloat64()}
			switch e.Given = e.Measured; kind {
			case 'w':
				e.Given, e.Wrong = rng.NormFloat64(), true
			case '0':
				e.Given, e.Measured = 0, 0
			}
			b.Entries = append(b.Entries, e)
		}
	}
	return b
}

// TestSilent: rows whose gradient is zero, as those of words that do not occur, do not make a mark of the others. Neither
// do right rows, if all of another parameter is wrong without a mark: the mistake is before both.
func TestSilent(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for _, c := range []struct {
		rows, other string
		part        bool
	}{{"wrwwrw", "rr", true}, {"0ww0www", "rr", false}, {"0wwrwrr0", "rr", true}, {"0wwr", "ww", false}, {"wrwwrw", "ww", false}} {
		causes := Explain([]Block{wrongRows(rng, "W", c.rows), wrongRows(rng, "U", c.other)})
		part := false
		for _, cause := range causes {
			part = part || cause.Kind == "part"
		}
		if part != c.part {
			t.Errorf("%s beside %s: %+v", c.rows, c.other, causes)
		}
	}
}
