package train

import (
	"math"

	"lstm/cell"
	"lstm/train/rng"
)

// initialise draws the parameters: all weights before all biases, and the gates in the
// order f i g o, as the original script does. Weights have the standard deviation
// √(2/(rows+columns)) of Glorot and Bengio, AISTATS 2010, and biases 0.1.
//
// forget and input are added to the biases of the forget and input gates. With forget well
// above 0 and input well below, a new network keeps the little that it writes for long (Gers,
// Schmidhuber and Cummins, Neural Computation 12(10), 2000; Tallec and Ollivier, ICLR 2018).
func initialise(p *cell.Params, r *rng.Rand, forget, input float64) {
	block := make(map[string][]int)
	for _, b := range p.Blocks() {
		block[b.Name] = b.Index
	}
	draw := func(name string, deviation float64) {
		for _, i := range block[name] {
			p.All[i] = r.Normal() * deviation
		}
	}
	for _, name := range []string{"Wf", "Wi", "Wg", "Wo"} {
		draw(name, math.Sqrt(2/float64(p.X+p.H+p.H)))
	}
	draw("Wy", math.Sqrt(2/float64(p.H+p.O)))
	for _, name := range []string{"bf", "bi", "bg", "bo", "by"} {
		draw(name, 0.1)
	}
	for _, i := range block["bf"] {
		p.All[i] += forget
	}
	for _, i := range block["bi"] {
		p.All[i] += input
	}
}
