package slope

import "math"

// sharp is the least size of a corner, as a part of the slope. A smooth loss may bend as much within a small step.
const sharp = 1e-5

// bends is a triangle like that of ridders. The bend of a smooth loss is δL″/2 + δ³L⁗/24 + …, so it goes to zero
// with the step. That of a loss with a corner goes to the size of the corner.
type bends struct {
	est, noise [levels]float64
	limit, bar float64 // the best estimate of the bend at the step 0
	known      bool
}

// add adds row i.
func (b *bends) add(i int, d difference) {
	prev, prevNoise := b.est, b.noise
	b.est[0], b.noise[0] = d.bend, 2*d.noise
	for j, fac := 1, 2.0; j <= i; j, fac = j+1, 4*fac {
		b.est[j] = (float64(fac*b.est[j-1]) - prev[j-1]) / (fac - 1)
		b.noise[j] = (float64(fac*b.noise[j-1]) + prevNoise[j-1]) / (fac - 1)
		away := max(math.Abs(b.est[j]-b.est[j-1]), math.Abs(b.est[j]-prev[j-1]))
		if bar := float64(3.5*away) + b.noise[j]; !b.known || bar < b.bar {
			b.limit, b.bar, b.known = b.est[j], bar, true
		}
	}
}

// corner returns the size of the corner that the triangle shows, or 0. d is the derivative.
func (b *bends) corner(d float64) float64 {
	if !(math.Abs(b.limit) > 2*b.bar+float64(sharp*math.Abs(d))) {
		return 0
	}
	return math.Abs(b.limit) + b.bar
}

// corner returns the size of a corner, from a plain difference and from the size that wider steps have shown.
func (c *curve) corner(plain difference, corner float64) float64 {
	bend := math.Abs(plain.bend)
	bends := bend > float64(sharp*math.Abs(plain.d))+2*plain.noise
	if !bends && corner == 0 {
		return 0
	}
	near := c.difference(plain.step / 16)
	nearer := math.Abs(near.bend)
	switch {
	case bends && nearer-2*near.noise > bend/2:
		return max(bend, nearer) + math.Abs(nearer-bend) + 2*near.noise // the slopes bend too, or the corner is just beside x
	case min(bend+2*plain.noise, nearer+2*near.noise) < corner/2:
		return 0
	}
	return corner
}
