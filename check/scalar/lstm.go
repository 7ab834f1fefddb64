// Package scalar is a second LSTM. It computes the equations below number by number, without vectors, and
// shares no line with the fast packages. Tests compare the fast packages with it.
//
//   - Forward computes the loss, in real or in complex numbers.
//   - Backward computes the gradient, with each equation above its line.
//   - ComplexStep computes a derivative without backpropagation and without differences. For an
//     analytic function it is Im f(x + ih)/h + O(h²) (Squire and Trapp, SIAM Review 40(1), 1998).
//     Nothing cancels, so h can be 1e-100, and all but the last digits are right.
//   - Fair lists the mistakes that a check at a point cannot show.
//
// Package museum has the same backward pass, and can replace its lines by wrong lines.
//
// # The equations
//
// X inputs, H hidden units, O outputs, T steps. ′ marks the step before. At each step, for unit j
// and each of the gates i, f, o, g:
//
//	z_j = b_j + Σ_k x_k W_kj + Σ_k h′_k W_kj       k over the inputs, then over the units
//	i, f, o = σ(z)   g = tanh(z)
//	c = f·c′ + i·g
//	h = o·tanh(c)
//	y_n = by_n + Σ_j h_j Wy_jn                     n over the outputs
//	L = Σ_t 1/O Σ_n (y_n − target_n)²              t over the steps that have a target
//
// With p_n = e^y_n / Σ_m e^y_m, the softmax of y, the other loss is L = −Σ_t Σ_n target_n ln p_n.
// The backward pass follows. d means the derivative of L, and "next" marks a value that step t+1 hands back:
//
//	dy_n = 2(y_n − target_n)/O                     or p_n − target_n
//	dh_j = Σ_n Wy_jn dy_n + next dh_j
//	dc   = dh·o·(1 − tanh²c) + next dc
//	dz_o = dh·tanh(c)·o(1−o)    dz_i = dc·g·i(1−i)
//	dz_f = dc·c′·f(1−f)         dz_g = dc·i·(1−g²)
//	dc′  = dc·f                 dh′_k = Σ_gates Σ_j W_kj dz_j
package scalar

// A Trace has all numbers of a forward pass. C and H have T+1 rows: row 0 is the state before the first step.
type Trace[N Number] struct {
	Z, Gate [][4][]N // (T) of (H) for each gate
	C, H    [][]N    // (T+1,H)
	TanhC   [][]N    // (T,H)
	Y       [][]N    // (T,O)
	Loss    N        // the sum over the steps that have a target
}

// Forward computes the loss of v, n.Len() numbers in the order of n.Blocks. target (M,O) has the targets of the
// last M steps, row by row, 0 ≤ M ≤ T. Other lengths panic, here and in all functions that take v and target.
func Forward[N Number](n Net, v []N, target []float64) *Trace[N] {
	if len(v) != n.Len() || len(target)%n.O != 0 || len(target) > n.T*n.O {
		panic("scalar: v must have Len entries, and target rows of O numbers for at most T steps")
	}
	tr := &Trace[N]{C: [][]N{v[n.C0(0):n.C0(n.H)]}, H: [][]N{v[n.H0(0):n.H0(n.H)]}}
	for t := range n.T {
		z, gate := gates(n, v, tr.H[t], t)
		c, tanhC, h, y := make([]N, n.H), make([]N, n.H), make([]N, n.H), make([]N, n.O)
		for j := range n.H {
			c[j], tanhC[j] = Cell(gate[I][j], gate[F][j], gate[G][j], tr.C[t][j])
			// h = o·tanh(c)
			h[j] = gate[O][j] * tanhC[j]
		}
		for m := range y {
			// y_n = by_n + Σ_j h_j Wy_jn
			y[m] = v[n.By(m)]
			for j := range h {
				y[m] += h[j] * v[n.Wy(j, m)]
			}
		}
		tr.Loss += loss(n, y, n.Target(target, t))
		tr.Z, tr.Gate = append(tr.Z, z), append(tr.Gate, gate)
		tr.C, tr.TanhC, tr.H, tr.Y = append(tr.C, c), append(tr.TanhC, tanhC), append(tr.H, h), append(tr.Y, y)
	}
	return tr
}

// Cell returns c and tanh(c) of a unit, from its gates and the c of the step before.
func Cell[N Number](i, f, g, cPrev N) (c, tanhC N) {
	// c = f·c′ + i·g
	c = N(f*cPrev) + N(i*g) // N: not fused, so the same on every machine
	return c, Tanh(c)
}

// gates returns z and the gates of step t, (H) each. hPrev (H) is h of the step before.
func gates[N Number](n Net, v, hPrev []N, t int) (z, gate [4][]N) {
	for a := range 4 {
		z[a], gate[a] = make([]N, n.H), make([]N, n.H)
		for j := range n.H {
			// z_j = b_j + Σ_k x_k W_kj + Σ_k h′_k W_kj
			sum := v[n.B(a, j)] + v[n.Z(t, a, j)]
			for k := range n.X {
				sum += v[n.In(t, k)] * v[n.W(a, k, j)]
			}
			for k := range n.H {
				sum += hPrev[k] * v[n.W(a, n.X+k, j)]
			}
			// i, f, o = σ(z), g = tanh(z)
			if z[a][j] = sum; a == G {
				gate[a][j] = Tanh(sum)
			} else {
				gate[a][j] = Sigma(sum)
			}
		}
	}
	return z, gate
}

// Backward returns the loss of Forward, and its gradient with respect to every entry of v: n.Len()
// numbers in the same order, dz among them.
func Backward(n Net, v, target []float64) (loss float64, grad []float64) {
	tr := Forward(n, v, target)
	grad = make([]float64, n.Len())
	dhNext, dcNext := make([]float64, n.H), make([]float64, n.H) // zero at the last step
	for t := n.T - 1; t >= 0; t-- {
		x, hPrev, cPrev, h := v[n.In(t, 0):n.In(t+1, 0)], tr.H[t], tr.C[t], tr.H[t+1]
		dy := lossBackward(n, tr.Y[t], n.Target(target, t))
		var dz [4][]float64
		for a := range dz {
			dz[a] = grad[n.Z(t, a, 0):n.Z(t, a+1, 0)]
		}
		for j := range n.H {
			i, f, o, g, tanhC := tr.Gate[t][I][j], tr.Gate[t][F][j], tr.Gate[t][O][j], tr.Gate[t][G][j], tr.TanhC[t][j]
			// dh_j = Σ_n Wy_jn dy_n + next dh_j
			read := 0.0
			for m, d := range dy {
				read += v[n.Wy(j, m)] * d
			}
			dh := read + dhNext[j]
			// dc = dh·o·(1 − tanh²c) + next dc
			dc := dcNext[j] + dh*o*(1-tanhC*tanhC)
			// dz_i = dc·g·i(1−i), dz_f = dc·c′·f(1−f), dz_o = dh·tanh(c)·o(1−o), dz_g = dc·i·(1−g²)
			dz[I][j] = dc * g * i * (1 - i)
			dz[F][j] = dc * cPrev[j] * f * (1 - f)
			dz[O][j] = dh * tanhC * o * (1 - o)
			dz[G][j] = dc * i * (1 - g*g)
			// dc′ = dc·f
			dcNext[j] = dc * f
			// dWy_jn += h_j dy_n
			for m, d := range dy {
				grad[n.Wy(j, m)] += h[j] * d
			}
		}
		// dby_n += dy_n
		for m, d := range dy {
			grad[n.By(m)] += d
		}
		clear(dhNext)
		for a := range dz {
			for j, d := range dz[a] {
				// db_j += dz_j, dW_kj += x_k dz_j, dx_k = Σ W_kj dz_j
				grad[n.B(a, j)] += d
				for k := range n.X {
					grad[n.W(a, k, j)] += x[k] * d
					grad[n.In(t, k)] += v[n.W(a, k, j)] * d
				}
				// dW_kj += h′_k dz_j, dh′_k = Σ W_kj dz_j
				for k := range n.H {
					grad[n.W(a, n.X+k, j)] += hPrev[k] * d
					dhNext[k] += v[n.W(a, n.X+k, j)] * d
				}
			}
		}
	}
	copy(grad[n.H0(0):], dhNext)
	copy(grad[n.C0(0):], dcNext)
	return tr.Loss, grad
}

// ComplexStep returns the derivative of the loss with respect to entry i of v, 0 ≤ i < n.Len(), from
// one complex forward pass. v and target are as in Forward.
func ComplexStep(n Net, v, target []float64, i int) float64 {
	const h = 1e-100
	z := make([]complex128, len(v))
	for k, x := range v {
		z[k] = complex(x, 0)
	}
	z[i] += complex(0, h)
	return imag(Forward(n, z, target).Loss) / h
}

// loss returns the loss of one step with outputs y (O) and its targets (O). Without targets it is 0.
func loss[N Number](n Net, y []N, target []float64) (sum N) {
	if n.Softmax {
		// −Σ_n target_n ln p_n
		_, logP := Softmax(y)
		for m := range target {
			sum -= number[N](target[m]) * logP[m]
		}
		return sum
	}
	// 1/O Σ_n (y_n − target_n)²
	for m := range target {
		d := y[m] - number[N](target[m])
		sum += d * d
	}
	return sum / number[N](float64(n.O))
}

// lossBackward returns dy, the derivative of loss with respect to y. Without targets it is zero.
func lossBackward(n Net, y, target []float64) []float64 {
	dy := make([]float64, n.O)
	p, _ := Softmax(y)
	for m := range target {
		if n.Softmax {
			dy[m] = p[m] - target[m]
		} else {
			dy[m] = 2 * (y[m] - target[m]) / float64(n.O)
		}
	}
	return dy
}

// Softmax returns the probabilities p_n = e^y_n / Σ_m e^y_m of y (O), and their logarithms. It first subtracts
// the largest y from every y. This changes no p, and no exponential is above 1.
func Softmax[N Number](y []N) (p, logP []N) {
	largest := y[0]
	for _, x := range y {
		if re(x) > re(largest) {
			largest = x
		}
	}
	var sum N
	for _, x := range y {
		p = append(p, exp(x-largest))
		sum += p[len(p)-1]
	}
	logSum := log(sum)
	for m := range p {
		p[m] /= sum
		logP = append(logP, y[m]-largest-logSum)
	}
	return p, logP
}
