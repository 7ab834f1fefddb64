package pass

// FirstStep returns the sums of a backward pass g over the first step alone, of the sequences from number s on. The first
// step of the readout is the first one with a target.
func (p *Point) FirstStep(g []float64, s int) []float64 {
	sums, read := make([]float64, p.Params()), p.Net.T-len(p.Target)/(p.O*p.N)
	for ; s < p.N; s++ {
		tr, own := p.Traces[s], p.Sequence(s)
		for a := range 4 {
			for j := range p.Net.H {
				dz := g[p.Z(0, a, j)+own]
				for k := range p.X {
					sums[p.W(a, k, j)] += p.V[p.In(0, k)+own] * dz
				}
				for k, h := range tr.H[0] {
					sums[p.W(a, p.X+k, j)] += h * dz
				}
				sums[p.B(a, j)] += dz
			}
		}
		for m := range p.O {
			dy := g[p.DY(s, read, m)]
			for j, h := range tr.H[read+1] {
				sums[p.Wy(j, m)] += h * dy
			}
			sums[p.By(m)] += dy
		}
	}
	return sums
}
