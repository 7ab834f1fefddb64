package train

import (
	"math"

	"lstm/cell"
	"lstm/train/rng"
)

// initialise draws the parameters: all weights before all biases, and the gates in the order f i g o,
// as the original script does. Weights have the standard deviation √(2/(rows+columns)) of Glorot and
// Bengio, AISTATS 2010, and biases 0.1.
//
// forget and input are added to the biases of the forget and input gates. With forget well above 0
// and input well below, a new network keeps the little that it writes for long (Gers, Schmidhuber and
// Cummins, Neural Computation 12(10), 2000; Tallec and Ollivier, ICLR 2018).
func initialise(p *cell.Params, r *rng.Rand, forget, input float64) {
	block := make(map[string][]int)
	for _, b := range p.Blocks() {
		block[b.Name] = b.Index
	}
	gate, out := math.Sqrt(2/float64(p.X+p.H+p.H)), math.Sqrt(2/float64(p.H+p.O))
	for _, d := range []struct {
		name            string
		deviation, mean float64
	}{
		{"Wf", gate, 0}, {"Wi", gate, 0}, {"Wg", gate, 0}, {"Wo", gate, 0}, {"Wy", out, 0},
		{"bf", 0.1, forget}, {"bi", 0.1, input}, {"bg", 0.1, 0}, {"bo", 0.1, 0}, {"by", 0.1, 0},
	} {
		for _, i := range block[d.name] {
			p.All[i] = d.mean + float64(r.Normal()*d.deviation)
		}
	}
}
