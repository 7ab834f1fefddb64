package cell

import "fmt"

// Params holds the parameters of the network, or a gradient with respect to them: a
// gradient has the names and shapes of the parameters. The fields from Wx on are views
// of All.
type Params struct {
	X, H, O int // inputs, hidden units, outputs

	All []float64 // every parameter, in the order below
	Wx  []float64 // (X,4H) input to gates: the first X rows of W
	Wh  []float64 // (H,4H) hidden state to gates: the other H rows of W
	B   []float64 // (4H)   bias of the gates
	Wy  []float64 // (H,O)  hidden state to outputs
	By  []float64 // (O)    bias of the outputs
}

// New returns parameters for x inputs, h hidden units and o outputs, all zero. Sizes
// below 1 panic.
func New(x, h, o int) *Params {
	if x < 1 || h < 1 || o < 1 {
		panic("cell: New: a size is below 1")
	}
	p := &Params{X: x, H: h, O: o}
	p.All = make([]float64, (x+h+1)*4*h+(h+1)*o)
	rest := p.All
	view := func(n int) []float64 {
		v := rest[:n:n]
		rest = rest[n:]
		return v
	}
	p.Wx = view(x * 4 * h)
	p.Wh = view(h * 4 * h)
	p.B = view(4 * h)
	p.Wy = view(h * o)
	p.By = view(o)
	return p
}

// Clone returns a copy that shares nothing with p.
func (p *Params) Clone() *Params {
	q := New(p.X, p.H, p.O)
	copy(q.All, p.All)
	return q
}

// names lists the blocks of All: Wi Wf Wo Wg share the rows of W, and bi bf bo bg share b.
var names = [...]string{"Wi", "Wf", "Wo", "Wg", "bi", "bf", "bo", "bg", "Wy", "by"}

// place returns the block of entry i of All, and its row and column in the block.
func (p *Params) place(i int) (block, row, col int) {
	n := 4 * p.H
	b := len(p.Wx) + len(p.Wh)
	wy := b + n
	by := wy + len(p.Wy)
	switch {
	case i < b:
		return i % n / p.H, i / n, i % p.H
	case i < wy:
		return 4 + (i-b)/p.H, 0, (i - b) % p.H
	case i < by:
		return 8, (i - wy) / p.O, (i - wy) % p.O
	}
	return 9, 0, i - by
}

// Name returns the name of entry i of All. Wf[h2→3] is the weight from hidden unit 2 to the forget gate of unit
// 3. Wi[x0→1] is the weight from input 0 to the input gate of unit 1. bo[4] is a bias, Wy[1→0] is the weight
// from hidden unit 1 to output 0, and by[0] is the bias of output 0. Names are for people: programs should use
// the index.
func (p *Params) Name(i int) string {
	block, row, col := p.place(i)
	switch name := names[block]; {
	case name[0] == 'b':
		return fmt.Sprintf("%s[%d]", name, col)
	case name == "Wy":
		return fmt.Sprintf("%s[%d→%d]", name, row, col)
	case row < p.X:
		return fmt.Sprintf("%s[x%d→%d]", name, row, col)
	default:
		return fmt.Sprintf("%s[h%d→%d]", name, row-p.X, col)
	}
}

// A Block is one matrix or vector of the equations: the part of W or b of one gate, or Wy, or by.
type Block struct {
	Name  string // Wi, bf, …
	Index []int  // its entries in All, in row-major order
	Cols  int    // columns of the matrix; 0 for a vector
}

// Blocks returns Wi Wf Wo Wg bi bf bo bg Wy by, in this order. Each entry of All is in
// exactly one block.
func (p *Params) Blocks() []Block {
	blocks := make([]Block, len(names))
	for i := range p.All {
		n, _, col := p.place(i)
		b := &blocks[n]
		b.Name, b.Index = names[n], append(b.Index, i)
		if b.Name[0] == 'W' {
			b.Cols = col + 1
		}
	}
	return blocks
}

// A Step holds what one time step reads and writes. Steps that follow each other share
// slices: H and C of one step are HPrev and CPrev of the next step, and DHPrev and
// DCPrev of the next step are DH and DC of this one. No two slices of one step may
// overlap.
type Step struct {
	HPrev, CPrev []float64 // (H)  h' and c', the state before the step

	Z []float64 // (4H) b + x Wx before Forward (see Input); not valid after Forward; dz after Backward

	// Forward writes these, and Backward reads them.
	Gates []float64 // (4H) i, f, o, g
	C     []float64 // (H)  cell state
	TanhC []float64 // (H)  tanh(c)
	H     []float64 // (H)  hidden state

	// Backward reads DH and DC, adds to DHPrev and overwrites DCPrev.
	DH     []float64 // (H) dL/dh: from the readout and from the next step
	DC     []float64 // (H) dL/dc: from the next step alone
	DHPrev []float64 // (H) dL/dh': before Backward, the readout's share of it (ReadBackward)
	DCPrev []float64 // (H) dL/dc': from this step alone
}

// fits reports whether the slices that Forward uses have the lengths for h units.
func (s *Step) fits(h int) bool {
	return len(s.HPrev) == h && len(s.CPrev) == h &&
		len(s.Z) == 4*h && len(s.Gates) == 4*h && len(s.C) == h && len(s.TanhC) == h && len(s.H) == h
}

// split returns the parts of the four gates in a vector (4H).
func split(z []float64) (i, f, o, g []float64) {
	h := len(z) / 4
	return z[:h:h], z[h : 2*h : 2*h], z[2*h : 3*h : 3*h], z[3*h:]
}
