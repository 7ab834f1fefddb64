package check

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// A normNet is a dense layer, a batch normalization, tanh and a dense layer. The loss is half the mean square.
type normNet struct {
	W1, b1, gamma, beta, W2, b2 []float64 // W1 (3,4), W2 (4,4)
	x, y                        [6][]float64
}

func newNormNet(rng *rand.Rand) *normNet {
	normal := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		return v
	}
	n := &normNet{normal(12), normal(4), normal(4), normal(4), normal(16), normal(4), [6][]float64{}, [6][]float64{}}
	for i := range n.x {
		n.x[i], n.y[i] = normal(3), normal(4)
	}
	for j := range n.gamma {
		n.gamma[j] = 1 + 0.5*math.Tanh(n.gamma[j])
	}
	return n
}

// pass returns the loss. If grad is not nil, pass sets grad to the gradient, of the parameters in their order. If
// forget is set, gamma is left out on the way back to W1 and b1.
func (n *normNet) pass(grad [][]float64, forget bool) (loss float64) {
	var a, dy [6][4]float64
	var d [6][4]float64
	for s := range a {
		for j := range 4 {
			a[s][j] = n.b1[j]
			for k := range 3 {
				a[s][j] += n.x[s][k] * n.W1[4*k+j]
			}
		}
	}
	var mean, inv [4]float64
	var h [6][4]float64
	for j := range 4 {
		for s := range a {
			mean[j] += a[s][j] / 6
		}
		v := 0.0
		for s := range a {
			v += (a[s][j] - mean[j]) * (a[s][j] - mean[j]) / 6
		}
		inv[j] = 1 / math.Sqrt(v+1e-5)
		for s := range a {
			a[s][j] = (a[s][j] - mean[j]) * inv[j]
			h[s][j] = math.Tanh(n.gamma[j]*a[s][j] + n.beta[j])
		}
	}
	for s := range a {
		for k := range 4 {
			d[s][k] = n.b2[k] - n.y[s][k]
			for j := range 4 {
				d[s][k] += h[s][j] * n.W2[4*j+k]
			}
			loss += d[s][k] * d[s][k] / 12
		}
	}
	if grad == nil {
		return loss
	}
	for s := range a {
		for j := range 4 {
			for k := range 4 {
				grad[4][4*j+k] += h[s][j] * d[s][k] / 6
				dy[s][j] += n.W2[4*j+k] * d[s][k] / 6
			}
			grad[5][j] += d[s][j] / 6
			dy[s][j] *= 1 - h[s][j]*h[s][j]
			grad[2][j] += dy[s][j] * a[s][j]
			grad[3][j] += dy[s][j]
		}
	}
	for j := range 4 {
		scale := n.gamma[j]
		if forget {
			scale = 1
		}
		for s := range a {
			da := scale * inv[j] * (dy[s][j] - grad[3][j]/6 - a[s][j]*grad[2][j]/6)
			grad[1][j] += da
			for k := range 3 {
				grad[0][4*k+j] += n.x[s][k] * da
			}
		}
	}
	return loss
}

// explained checks the gradient of a network, with a mistake, and returns what Explain says. round is what the
// program does to the loss and the gradient.
func (n *normNet) explained(t *testing.T, round func(v float64) float64, forget bool, spoil func(p []Param)) string {
	t.Helper()
	params := []Param{{Name: "W1", Value: n.W1, Cols: 4}, {Name: "b1", Value: n.b1}, {Name: "gamma", Value: n.gamma},
		{Name: "beta", Value: n.beta}, {Name: "W2", Value: n.W2, Cols: 4}, {Name: "b2", Value: n.b2}}
	var grad [][]float64
	for k := range params {
		params[k].Grad = make([]float64, len(params[k].Value))
		grad = append(grad, params[k].Grad)
	}
	n.pass(grad, forget)
	if spoil != nil {
		spoil(params)
	}
	for _, g := range grad {
		for i := range g {
			g[i] = round(g[i])
		}
	}
	results, err := Gradients(func() float64 { return round(n.pass(nil, false)) }, params, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, c := range Explain(params, results) {
		if c.Kind != "noisy" {
			said = append(said, c.Param+" "+c.Kind)
		}
	}
	return strings.Join(said, "; ")
}

// TestExplainModel: Explain names a mistake in a whole model, from losses and gradients with all digits, with eight
// or in float32. Nothing but rounding is left of the gradient of b1.
func TestExplainModel(t *testing.T) {
	each := func(f func(v, g float64) float64) func(p []Param) {
		return func(params []Param) {
			for _, p := range params {
				for i := range p.Grad {
					p.Grad[i] = f(p.Value[i], p.Grad[i])
				}
			}
		}
	}
	for name, round := range map[string]func(v float64) float64{
		"float64":  func(v float64) float64 { return v },
		"8 digits": func(v float64) float64 { v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 8, 64), 64); return v },
		"float32":  func(v float64) float64 { return float64(float32(v)) },
	} {
		for what, c := range map[string]struct {
			forget bool
			spoil  func(p []Param)
			want   string
		}{
			"right":             {want: "b1 cancels"},
			"gamma is left out": {true, nil, "b1 cancels; W1 scaled"},
			"twice":             {false, each(func(_, g float64) float64 { return 2 * g }), "b1 cancels; all parameters twice"},
			"penalty":           {false, each(func(v, g float64) float64 { return g + 0.1*v }), "all parameters penalty"},
			"transposed": {false, func(p []Param) {
				for i := range 4 {
					for j := range i {
						p[4].Grad[4*i+j], p[4].Grad[4*j+i] = p[4].Grad[4*j+i], p[4].Grad[4*i+j]
					}
				}
			}, "b1 cancels; W2 transposed"},
		} {
			for seed := range uint64(5) {
				n := newNormNet(rand.New(rand.NewPCG(4, seed)))
				if got := n.explained(t, round, c.forget, c.spoil); got != c.want {
					t.Errorf("%s, %s, seed %d: %q, want %q", name, what, seed, got, c.want)
				}
			}
		}
	}
}
