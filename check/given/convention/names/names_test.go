package names

import (
	"fmt"
	"strings"
	"testing"

	"lstm/check/given"
)

// TestNamed has the names of libraries, courses and blogs. Arrays of one shape have the same number after them.
func TestNamed(t *testing.T) {
	for names, want := range map[string]string{
		"Wf1 Wi1 Wc1 Wo1 bf2 bi2 bc2 bo2 Wy3 by4":                                             "Wi1 Wf1 Wo1 Wc1, bi2 bf2 bo2 bc2, Wy3, by4",
		"W_u1 W_f1 W_c1 W_o1 W_y1":                                                            "W_u1 W_f1 W_o1 W_c1, W_y1",
		"a1 i1 f1 o1":                                                                         "i1 f1 o1 a1",
		"Wfh1 Wfx2 Wih1 Wix2 Woh1 Wox2 Wch1 Wcx2":                                             "Wih1 Wfh1 Woh1 Wch1, Wix2 Wfx2 Wox2 Wcx2",
		"Wii1 Wif1 Wig1 Wio1 Whi1 Whf1 Whg1 Who1":                                             "Wii1 Wif1 Wio1 Wig1, Whi1 Whf1 Who1 Whg1",
		"Wxi1 Whi1 Wci2 bi2 Wxf1 Whf1 Wcf2 bf2 Wxc1 Whc1 bc2 Wxo1 Who1 Wco2 bo2":              "Wxi1 Wxf1 Wxo1 Wxc1, Whi1 Whf1 Who1 Whc1, Wci2 Wcf2 Wco2, bi2 bf2 bo2 bc2",
		"ii/kernel1 if/kernel1 ig/kernel1 io/kernel1 hi/bias2 hf/bias2 hg/bias2 ho/bias2":     "ii/kernel1 if/kernel1 io/kernel1 ig/kernel1, hi/bias2 hf/bias2 ho/bias2 hg/bias2",
		"ix1 im2 ib3 fx1 fm2 fb3 cx1 cm2 cb3 ox1 om2 ob3 w4 b5":                               "ix1 fx1 ox1 cx1, im2 fm2 om2 cm2, ib3 fb3 ob3 cb3, w4, b5",
		"forget_gate.weight1 input_gate.weight1 output_gate.weight1 cell_gate.weight1 W_out1": "input_gate.weight1 forget_gate.weight1 output_gate.weight1 cell_gate.weight1, W_out1",
		"W_input1 W_forget1 W_output1 W_candidate1 W_out1":                                    "W_input1 W_forget1 W_output1 W_candidate1, W_out1",
		"A1 B1 C1 D1 E2 F2 G2 H2 I2":                                                          "A1, B1, C1, D1, E2, F2, G2, H2, I2",
		"Wf1 Wo1 Wc1":                                                                         "Wf1 Wo1 Wc1",
		"Wx1 Wh2 b3":                                                                          "Wx1, Wh2, b3",
		"lstm.weight_ih_l01 lstm.weight_hh_l01 fc.bias2":                                      "lstm.weight_ih_l01, lstm.weight_hh_l01, fc.bias2",
	} {
		var params []given.Array
		for _, name := range strings.Fields(names) {
			params = append(params, given.Array{Name: name[:len(name)-1], Shape: []int{int(name[len(name)-1]), 2}})
		}
		var got []string
		for _, u := range Named(params) {
			var unit []string
			for k, n := range u.Arrays {
				unit = append(unit, fmt.Sprintf("%s%c", u.Names[k], params[n].Shape[0]))
			}
			got = append(got, strings.Join(unit, " "))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s:\n got %s\nwant %s", names, s, want)
		}
	}
}

func TestTold(t *testing.T) {
	for name, want := range map[string]byte{
		"Why": 'y', "dense/kernel": 'y', "linear.bias": 'y', "V": 'y', "lstm.weight_hh_l0": 'h', "lstm/recurrent_kernel": 'h', "U": 'h',
		"lstm.weight_ih_l0": 'x', "lstm/kernel": 'x', "Wx": 'x', "lstm.bias_ih_l0": 'b', "lstm/bias": 'b', "b": 'b', "embedding.weight": 'e',
		"peep": 'p', "W": 0, "A": 0,
	} {
		if got := (Unit{Arrays: []int{0}, Names: []string{name}}).Told(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]byte{"h0": 'h', "c_0": 'c', "init_h": 'h', "h": 0, "b0": 0, "lstm.h_prev": 'h', "weight_hh_l0": 0} {
		if got := (Unit{Arrays: []int{0}, Names: []string{name}}).State(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
