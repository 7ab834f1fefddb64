package train

import (
	"math"

	"lstm/tensor"
	"lstm/train/settings"
)

// The optimizers move the parameters θ by the gradient g. m and v start at 0.
//
//	sgd        θ ← θ − rate·g
//	momentum   m ← βm + g           θ ← θ − rate·m                   β = 0.9
//	nesterov   m ← βm + g           θ ← θ − rate·(g + βm)
//	adam       m ← βm + (1−β)g      v ← γv + (1−γ)g²                 γ = 0.999
//	           θ ← θ − rate·m̂/(√v̂ + ε)                               ε = 1e-8
//	adamw      θ ← θ − rate·λθ, then as adam                         λ = 0.01
//
// m̂ = m/(1−βᵗ) and v̂ = v/(1−γᵗ) after t steps: m and v are divided by the sum of the weights of the
// gradients so far. PyTorch's optimizers have the same rules and constants. Sources: Polyak, USSR Comp.
// Math. 4(5), 1964; Sutskever et al., ICML 2013; Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR
// 2019.
const (
	beta    = 0.9
	gamma   = 0.999
	epsilon = 1e-8
	lambda  = 0.01
)

// An optimizer moves parameters, and keeps the moments m and v.
type optimizer struct {
	name   string
	rate   float64
	decay  float64 // after each step, the rate is multiplied by decay
	m, v   []float64
	mw, vw float64 // the sum of the weights in m, and in v
}

func newOptimizer(c settings.Config, n int) *optimizer {
	o := &optimizer{name: c.Optimizer, rate: c.Rate, decay: 1, m: make([]float64, n), v: make([]float64, n)}
	if c.Halve > 0 {
		decay := []float64{-math.Ln2 / float64(c.Halve)}
		tensor.Exp(decay, decay)
		o.decay = decay[0]
	}
	return o
}

// update moves the parameters p by the gradient g.
func (o *optimizer) update(p []float64, g *gradient) {
	var adam tensor.AdamStep
	if o.name == "adam" || o.name == "adamw" {
		o.mw = math.FMA(beta, o.mw, 1-beta)
		o.vw = math.FMA(gamma, o.vw, 1-gamma)
		adam = tensor.AdamStep{NewM: 1 - beta, OldV: gamma, NewV: 1 - gamma, Rate: o.rate / o.mw, Root: math.Sqrt(o.vw), Epsilon: epsilon}
	}
	at := 0
	for from, to := range g.spans {
		for ; at < from; at += len(g.zero) {
			if o.drifts(g.moved[at/len(g.zero)]) {
				o.move(p, g.zero, at, &adam)
			}
		}
		o.move(p, g.All[from:to], from, &adam)
		at = to
	}
	o.rate *= o.decay
}

// drifts reports whether a parameter, or its m or v, changes if its gradient is 0. moved says whether its gradient was
// ever not 0.
func (o *optimizer) drifts(moved bool) bool {
	switch o.name {
	case "sgd":
		return false
	case "adamw":
		return true
	}
	return moved
}

// move moves the parameters from p[from] on by their gradient g.
func (o *optimizer) move(p, g []float64, from int, adam *tensor.AdamStep) {
	to := from + len(g)
	p, m, v := p[from:to], o.m[from:to], o.v[from:to]
	switch o.name {
	case "sgd":
		tensor.Axpy(p, -o.rate, g)
	case "momentum":
		for i := range m {
			m[i] = math.FMA(beta, m[i], g[i])
		}
		tensor.Axpy(p, -o.rate, m)
	case "nesterov":
		for i := range m {
			m[i] = math.FMA(beta, m[i], g[i])
			p[i] = math.FMA(-o.rate, math.FMA(beta, m[i], g[i]), p[i])
		}
	case "adamw":
		keep := 1 - float64(o.rate*lambda)
		for i := range p {
			p[i] *= keep
		}
		fallthrough
	case "adam":
		tensor.Adam(p, m, v, g, adam)
	default:
		panic("train: no rule for optimizer " + o.name)
	}
}
