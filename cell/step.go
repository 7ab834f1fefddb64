package cell

// A Step is what one time step reads and writes. Steps that follow each other share
// slices: H and C of one step are HPrev and CPrev of the next step, and DHPrev and
// DCPrev of the next step are DH and DC of this one. No two slices of one step may
// overlap.
type Step struct {
	HPrev, CPrev []float64 // (H)  h' and c', the state before the step

	Z []float64 // (4H) b + x Wx, as Input leaves it; Forward spoils it; Backward leaves dz here

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

// forwardFits reports whether the slices that Forward uses have the lengths for h units.
func (s *Step) forwardFits(h int) bool {
	return len(s.HPrev) == h && len(s.CPrev) == h &&
		len(s.Z) == 4*h && len(s.Gates) == 4*h && len(s.C) == h && len(s.TanhC) == h && len(s.H) == h
}

// backwardFits does so for the slices that only Backward uses.
func (s *Step) backwardFits(h int) bool {
	return len(s.DH) == h && len(s.DC) == h && len(s.DHPrev) == h && len(s.DCPrev) == h
}

// split returns the shares of the four gates in a vector (4H).
func split(z []float64) (i, f, o, g []float64) {
	h := len(z) / 4
	return z[:h:h], z[h : 2*h : 2*h], z[2*h : 3*h : 3*h], z[3*h:]
}
