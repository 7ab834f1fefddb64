package checkpoint

import "lstm/cell"

// Names in the file: metadata, and tensors that training needs.
const (
	metaConfig, metaIter, metaData, metaSymbols = "lstm.config", "lstm.iteration", "lstm.data", "lstm.symbols"

	// Names that a file of weights may have besides: the symbols of a text, as metadata or a tensor of code points, and a scaling.
	symbols, weightsScaling = "symbols", "scaling"

	prefix  = "train."
	scaling = prefix + "scaling" // the mean and the deviation for the scaling of a series
	valid   = prefix + "valid"   // infinite before the first validation
)

// PyTorch's names and layout of an LSTM and a Linear. The gates i f g o have 4H rows. There are two
// biases, and the network uses their sum.
//
//	lstm.weight_ih_l0 (4H,X)   lstm.weight_hh_l0 (4H,H)
//	lstm.bias_ih_l0   (4H)     lstm.bias_hh_l0   (4H)
//	linear.weight     (O,H)    linear.bias       (O)
var (
	torchNames = [6]string{"lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "linear.weight", "linear.bias"}
	torchGate  = [4]int{0, 1, 3, 2} // gate n of i f o g is gate torchGate[n] of PyTorch
)

// torchPlaces calls f for each parameter: with its place in p.All, and its place in PyTorch's tensors, which
// is the number of the tensor and the entry.
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
func torchShapes(x, h, o int) [6][]int {
	return [6][]int{{4 * h, x}, {4 * h, h}, {4 * h}, {4 * h}, {o, h}, {o}}
}
