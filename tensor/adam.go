package tensor

import "math"

// An AdamStep has the numbers of one step of Adam. 1−γ is a number of its own, because the difference of two
// float64 would be rounded again.
type AdamStep struct {
	NewM       float64 // 1−β, the weight of g in m
	OldV, NewV float64 // γ and 1−γ, the weights of v and of g² in v
	Rate, Root float64 // m is multiplied by Rate ≥ 0; √v is divided by Root
	Epsilon    float64 // ε > 0
}

// Adam moves the parameters p by the gradient g, and their moments m and v. All have the same length.
//
//	m_j ← fma(1−β, g_j − m_j, m_j)
//	v_j ← fma(γ, v_j, (1−γ) g_j g_j)
//	p_j ← p_j − rate m_j / (√v_j/root + ε)
func Adam(p, m, v, g []float64, s *AdamStep) {
	n := len(p)
	if len(m) != n || len(v) != n || len(g) != n {
		panic("tensor: Adam: lengths differ")
	}
	done := 0
	if hasAVX2 && n >= 4 {
		done = n &^ 3
		adamAVX2(&p[0], &m[0], &v[0], &g[0], done, s, 0x1p55*s.Rate/s.Epsilon)
	}
	adamGeneric(p[done:], m[done:], v[done:], g[done:], s)
}

func adamGeneric(p, m, v, g []float64, s *AdamStep) {
	m, v, g = m[:len(p)], v[:len(p)], g[:len(p)]
	for j, d := range g {
		m[j] = math.FMA(s.NewM, d-m[j], m[j])
		v[j] = math.FMA(s.OldV, v[j], float64(s.NewV*d*d))
		p[j] -= s.Rate * m[j] / (math.Sqrt(v[j])/s.Root + s.Epsilon)
	}
}
