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

const gates = "ifog" // the order of the gates in z, W and b

// Name returns the name of entry i of All. Wf[h2→3] is the weight from hidden unit 2 to
// the forget gate of unit 3, Wi[x0→1] the weight from input 0 to the input gate of unit
// 1, bo[4] a bias, Wy[1→0] the weight from hidden unit 1 to output 0, and by[0] the bias
// of output 0. Names are for people: join entries by their index.
func (p *Params) Name(i int) string {
	w := len(p.Wx) + len(p.Wh)
	switch {
	case i < w:
		row, col := i/(4*p.H), i%(4*p.H)
		from := fmt.Sprintf("x%d", row)
		if row >= p.X {
			from = fmt.Sprintf("h%d", row-p.X)
		}
		return fmt.Sprintf("W%c[%s→%d]", gates[col/p.H], from, col%p.H)
	case i < w+len(p.B):
		col := i - w
		return fmt.Sprintf("b%c[%d]", gates[col/p.H], col%p.H)
	case i < w+len(p.B)+len(p.Wy):
		i -= w + len(p.B)
		return fmt.Sprintf("Wy[%d→%d]", i/p.O, i%p.O)
	default:
		return fmt.Sprintf("by[%d]", i-w-len(p.B)-len(p.Wy))
	}
}

// A Block is one matrix or vector of the equations: a gate's share of W or b, or Wy
// or by.
type Block struct {
	Name  string // Wi, bf, …
	Index []int  // its entries in All, in row-major order
	Cols  int    // columns of the matrix; 0 for a vector
}

// Blocks returns Wi Wf Wo Wg bi bf bo bg Wy by, in this order. Each entry of All is in
// exactly one of them.
func (p *Params) Blocks() []Block {
	var blocks []Block
	add := func(name string, at, rows, cols, stride int) {
		b := Block{Name: name, Cols: cols}
		for r := range rows {
			for c := range cols {
				b.Index = append(b.Index, at+r*stride+c)
			}
		}
		if name[0] == 'b' {
			b.Cols = 0
		}
		blocks = append(blocks, b)
	}
	k, h := p.X+p.H, p.H
	for n, gate := range gates {
		add("W"+string(gate), n*h, k, h, 4*h)
	}
	for n, gate := range gates {
		add("b"+string(gate), k*4*h+n*h, 1, h, h)
	}
	add("Wy", (k+1)*4*h, h, p.O, p.O)
	add("by", (k+1)*4*h+h*p.O, 1, p.O, p.O)
	return blocks
}
