package pass

import "lstm/check/scalar"

// The gates, as in package scalar.
const I, F, O, G = scalar.I, scalar.F, scalar.O, scalar.G

// A Net has the sizes and the kind of an LSTM, and of a batch of N sequences of T steps.
//
// One vector V holds everything that the loss depends on: the parameters, as in scalar.Net; then for each
// sequence its initial state, its inputs, and a number for each z; then the peepholes. With one sequence and no
// peepholes it is the vector of scalar.Net. The vector of the backward pass has the derivatives in the same
// order, and after them dy, dh and dc of each sequence.
type Net struct {
	scalar.Net
	N int // sequences
	Kind
}

// A Kind says what the cell and the loss compute. The zero Kind, with Per = O, is the LSTM of package scalar.
type Kind struct {
	Linear   bool    // h = o·c, and not o·tanh(c)
	Hard     float64 // the gates are hard sigmoids, max(0, min(1, Hard·z + ½)); 0: they are σ(z)
	Peephole bool    // z_i and z_f add p·c′, and z_o adds p·c, unit by unit (Gers and Schmidhuber, 2000)
	Tied     Tied    // a gate that has no weights of its own
	Loss     Loss    // what the loss adds up
	Per      float64 // the loss is divided by this number
}

// Tied says that one gate is 1 minus another. The weights of its z are those of the other gate with a minus.
type Tied int

// The ties.
const (
	Untied Tied = iota
	TiedI       // i = 1 − f
	TiedF       // f = 1 − i
)

// A Loss is a sum over the outputs y of the steps that have a target.
type Loss int

// The losses. target is a probability for CrossEntropy and Logistic.
const (
	Squared      Loss = iota // (y − target)²
	CrossEntropy             // −target·ln p, for p = softmax(y)
	Logistic                 // −target·ln σ(y) − (1 − target)·ln σ(−y)
	Sum                      // y; the target says only how many steps count
	Dot                      // target·y, as in a test that hands any dy to the backward pass
)

// Standard returns the network of package scalar with n's sizes, for one sequence.
func Standard(n scalar.Net) Net {
	k := Kind{Per: float64(n.O)}
	if n.Softmax {
		k = Kind{Loss: CrossEntropy, Per: 1}
	}
	return Net{Net: n, N: 1, Kind: k}
}

// own returns the length of a sequence's part of the vector.
func (n Net) own() int { return n.Net.Len() - n.Params() }

// Sequence returns the distance from an index of h0, c0, x or z to the same entry of sequence s.
func (n Net) Sequence(s int) int { return s * n.own() }

// Peep returns the index of the peephole of a unit to the gate I, F or O.
func (n Net) Peep(gate, unit int) int { return n.Params() + n.N*n.own() + gate*n.H + unit }

// Len returns the length of V.
func (n Net) Len() int {
	if n.Peephole {
		return n.Peep(3, 0)
	}
	return n.Peep(0, 0)
}

// DY returns the index of dy in the vector of the backward pass.
func (n Net) DY(s, t, out int) int { return n.Len() + (s*n.T+t)*n.O + out }

// DH returns the index of dh, the derivative with respect to h.
func (n Net) DH(s, t, unit int) int { return n.DY(n.N, 0, 0) + (s*n.T+t)*n.H + unit }

// DC returns the index of dc, the derivative with respect to c.
func (n Net) DC(s, t, unit int) int { return n.DH(n.N, 0, 0) + (s*n.T+t)*n.H + unit }

// All returns the length of the vector of the backward pass.
func (n Net) All() int { return n.DC(n.N, 0, 0) }
