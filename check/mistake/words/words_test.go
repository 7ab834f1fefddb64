package words

import (
	"fmt"
	"testing"

	"lstm/check/pass"
)

// TestIn writes lines as those of each cell.
func TestIn(t *testing.T) {
	const dc, dzi = "dc = dcNext + dh*o*(1-tanh(c)²)", "dzi = dc*g * i*(1-i)"
	for _, c := range []struct {
		kind                pass.Kind
		wrong, right, w2, r string
	}{
		{pass.Kind{}, "dc = dcNext", dc, "dc = dcNext", dc},
		{pass.Kind{Loss: pass.CrossEntropy, Per: 3}, "dc = dcNext", dc, "dc = dcNext", dc},
		{pass.Kind{Linear: true}, "dc = dcNext + dh*(1-tanh(c)²)", dc, "dc = dcNext + dh", "dc = dcNext + dh*o"},
		{pass.Kind{Linear: true}, "dc = dcNext + dh*o * (1-tanh(tanh(c))²)", dc, "dc = dcNext + dh*o * (1-tanh(c)²)", "dc = dcNext + dh*o"},
		{pass.Kind{Peephole: true}, "dh, dc = Wy*dy, dh", dc, "dh, dc = Wy*dy, dh + po*dzo", dc + " + po*dzo"},
		{pass.Kind{Peephole: true}, dc, dc + " + po*dzo", dc, dc + " + po*dzo"},
		{pass.Kind{Peephole: true}, "dcNext = dc", "dcNext = dc*f", "dcNext = dc + pi*dzi + pf*dzf", "dcNext = dc*f + pi*dzi + pf*dzf"},
		{pass.Kind{Tied: pass.TiedI}, "dzi = 0", dzi, "dzf = dc*cPrev * f*(1-f)", "dzf = dc*cPrev * f*(1-f) - dc*g * i*(1-i)"},
		{pass.Kind{Tied: pass.TiedI}, "dzi = -…", dzi, "dzf = dc*cPrev * f*(1-f) + dc*g * i*(1-i)", "dzf = dc*cPrev * f*(1-f) - dc*g * i*(1-i)"},
		{pass.Kind{Tied: pass.TiedF}, "dzi = dc", dzi, "dzi = dc - dc*cPrev * f*(1-f)", "dzi = dc*g * i*(1-i) - dc*cPrev * f*(1-f)"},
		{pass.Kind{Tied: pass.TiedI}, "(no such line)", "dbi += dzi", "(no such line)", "dbf -= dzi"},
		{pass.Kind{Hard: 0.2}, "dzi = dc * i*(1-i)", dzi, "dzi = dc * 0.2*(0<i<1)", "dzi = dc*g * 0.2*(0<i<1)"},
	} {
		if _, wrong, right := In(c.kind, "", c.wrong, c.right); wrong != c.w2 || right != c.r {
			t.Errorf("%+v: %q and %q\nwant %q and %q", c.kind, wrong, right, c.w2, c.r)
		}
	}
}

func ExampleIn() {
	_, wrong, right := In(pass.Kind{Linear: true}, "", "dc = dcNext + dh", "dc = dcNext + dh*o*(1-tanh(c)²)")
	fmt.Println(wrong)
	fmt.Println(right)
	// Output:
	// dc = dcNext + dh
	// dc = dcNext + dh*o
}
