package scalar

import "fmt"

// The gates, in the order of W, b, z and all other data of the gates.
const (
	I = iota
	F
	O
	G
)

// Gates has the letters of the gates, in their order.
const Gates = "ifog"

// A Net has the sizes of a network and of a sequence, and the kind of loss.
//
// One vector holds everything that the loss depends on, in the order of Blocks: the parameters, the
// initial state, the inputs, and a number for each z. Forward adds this number to the z. The numbers
// are usually 0; their derivative is dz. The methods W to Z return the index of an entry.
type Net struct {
	X, H, O, T int  // inputs, hidden units, outputs, steps
	Softmax    bool // the loss is the cross-entropy of the softmax of y, and not the squared error
}

// Target returns the targets of step t (O), or nil if it has none. target (M,O) has the targets of the
// last M steps.
func (n Net) Target(target []float64, t int) []float64 {
	row := t - (n.T - len(target)/n.O)
	if row < 0 {
		return nil
	}
	return target[row*n.O : (row+1)*n.O]
}

// W returns the index of a weight of a gate: to a unit, from an input or (at X and above) from a unit.
func (n Net) W(gate, from, to int) int { return (gate*(n.X+n.H)+from)*n.H + to }

// B returns the index of the bias of a gate at a unit.
func (n Net) B(gate, unit int) int { return n.W(4, 0, 0) + gate*n.H + unit }

// Wy returns the index of a weight of the readout, from a unit to an output.
func (n Net) Wy(from, out int) int { return n.B(4, 0) + from*n.O + out }

// By returns the index of the bias of an output.
func (n Net) By(out int) int { return n.Wy(n.H, 0) + out }

// H0 returns the index of a unit's h before the first step.
func (n Net) H0(unit int) int { return n.By(n.O) + unit }

// C0 returns the index of a unit's c before the first step.
func (n Net) C0(unit int) int { return n.H0(n.H) + unit }

// In returns the index of input k at step t.
func (n Net) In(t, k int) int { return n.C0(n.H) + t*n.X + k }

// Z returns the index of the number that Forward adds at step t to the z of a gate and a unit.
func (n Net) Z(t, gate, unit int) int { return n.In(n.T, 0) + (t*4+gate)*n.H + unit }

// Len returns the length of the vector.
func (n Net) Len() int { return n.Z(n.T, 0, 0) }

// Params returns the number of parameters: the vector begins with them.
func (n Net) Params() int { return n.H0(0) }

// A Block is a part of the vector.
type Block struct {
	Name     string // Wi, bf, h0, …
	From, To int    // its first entry, and the index after its last
	Cols     int    // the columns of the block as a row-major matrix
}

// Blocks returns Wi Wf Wo Wg bi bf bo bg Wy by h0 c0 x, and z last.
func (n Net) Blocks() []Block {
	var blocks []Block
	from := 0
	add := func(name string, to, cols int) {
		blocks = append(blocks, Block{name, from, to, cols})
		from = to
	}
	for gate, name := range Gates {
		add("W"+string(name), n.W(gate+1, 0, 0), n.H)
	}
	for gate, name := range Gates {
		add("b"+string(name), n.B(gate+1, 0), n.H)
	}
	add("Wy", n.Wy(n.H, 0), n.O)
	add("by", n.By(n.O), n.O)
	add("h0", n.H0(n.H), n.H)
	add("c0", n.C0(n.H), n.H)
	add("x", n.In(n.T, 0), n.X)
	add("z", n.Len(), n.H)
	return blocks
}

// Name returns a name for an entry: Wf[h2→3], bo[4], Wy[1→0], by[0], h0[2], c0[2], x[t3,0], or
// zf[t3,2] for the forget gate of unit 2 at step 3. All counts start from 0.
func (n Net) Name(i int) string {
	for _, b := range n.Blocks() {
		if i >= b.To {
			continue
		}
		row, col := (i-b.From)/b.Cols, (i-b.From)%b.Cols
		switch {
		case b.Name == "Wy":
			return fmt.Sprintf("Wy[%d→%d]", row, col)
		case b.Name[0] == 'W' && row < n.X:
			return fmt.Sprintf("%s[x%d→%d]", b.Name, row, col)
		case b.Name[0] == 'W':
			return fmt.Sprintf("%s[h%d→%d]", b.Name, row-n.X, col)
		case b.Name == "x":
			return fmt.Sprintf("x[t%d,%d]", row, col)
		case b.Name == "z":
			return fmt.Sprintf("z%c[t%d,%d]", Gates[row%4], row/4, col)
		}
		return fmt.Sprintf("%s[%d]", b.Name, col)
	}
	panic("scalar: Name: no such entry")
}
