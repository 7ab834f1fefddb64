package proof

import (
	"math"
	"testing"

	"lstm/bptt"
	"lstm/check"
	"lstm/check/pass"
)

// TestWay: the way back has every number of the backward pass. Here they are right, though an entry is called wrong.
func TestWay(t *testing.T) {
	t.Parallel()
	m, s := problem{2, 3, 2, 5, 5}.draw(source(3), bptt.SquaredError{})
	p := New(m, s, 5, 5)
	if err := p.Check(false, 0, 1, nil); err != nil {
		t.Fatal(err)
	}
	if p.Way() != nil {
		t.Error("a right gradient has a way back to show")
	}
	p.Results[0].Entries[0].Verdict = check.Wrong
	c := p.Way()
	if c == nil {
		t.Fatal("no way back")
	}
	truth := c.Backward(pass.Right())
	for i := c.Z(0, 0, 0); i < c.All(); i++ {
		if math.Abs(c.B[i]-truth[i]) > 1e-9*(1+math.Abs(truth[i])) {
			t.Errorf("number %d is %v, want %v", i, c.B[i], truth[i])
		}
	}
	if len(c.Faults) > 0 {
		t.Errorf("%d lines do not hold", len(c.Faults))
	}
	if p.Sequence() != s {
		t.Error("another sequence")
	}
}
