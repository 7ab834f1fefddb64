package checkpoint

import "lstm/cell"

// PyTorch's names and layout of an LSTM and a Linear: 4H rows for the gates i f g o, and two
// biases, whose sum counts.
//
//	lstm.weight_ih_l0 (4H,X)   lstm.weight_hh_l0 (4H,H)
//	lstm.bias_ih_l0   (4H)     lstm.bias_hh_l0   (4H)
//	linear.weight     (O,H)    linear.bias       (O)
var (
	torchNames = []string{"lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "linear.weight", "linear.bias"}
	torchGate  = [4]int{0, 1, 3, 2} // gate n here, in the order i f o g, is gate torchGate[n] there
)

// torchPlaces calls f with the place of each parameter in p.All, and with its place in PyTorch's tensors:
// the number of the tensor, and the entry.
func torchPlaces(p *cell.Params, f func(i, tensor, entry int)) {
	H, O, wh := p.H, p.O, len(p.Wx)
	b := wh + len(p.Wh)
	wy := b + len(p.B)
	for n, gate := range torchGate {
		for j := range H {
			row, col := gate*H+j, n*H+j
			for k := range p.X {
				f(k*4*H+col, 0, row*p.X+k)
			}
			for k := range H {
				f(wh+k*4*H+col, 1, row*H+k)
			}
			f(b+col, 2, row)
		}
	}
	for o := range O {
		for j := range H {
			f(wy+j*O+o, 4, o*H+j)
		}
		f(wy+H*O+o, 5, o)
	}
}

// torchShapes returns the shapes of PyTorch's tensors.
func torchShapes(x, h, o int) [][]int {
	return [][]int{{4 * h, x}, {4 * h, h}, {4 * h}, {4 * h}, {o, h}, {o}}
}
