package look

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/train/rng"
)

// draw returns a network of 2 inputs, 4 units and 1 output, and a sequence of T steps.
func draw(T int, forgetBias float64) Input {
	const X, H = 2, 4
	r := rng.New(3)
	numbers := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = r.Float64() - 0.5
		}
		return x
	}
	p := cell.New(X, H, 1)
	copy(p.All, numbers(len(p.All)))
	for j := range H {
		p.B[H+j] += forgetBias
	}
	in := Input{Model: bptt.Model{Params: p, Loss: bptt.SquaredError{}}, Window: 5, Stride: 2, Drawn: slices.Clone(p.All), ForgetBias: forgetBias}
	in.X, in.Target, in.H0, in.C0 = numbers(T*X), numbers(T), numbers(H), numbers(H)
	return in
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestNorms compares the norms at each step with finite differences of the loss of the later steps.
func TestNorms(t *testing.T) {
	t.Parallel()
	const T, H = 12, 4
	in := draw(T, 0)
	l := At(in, T)
	if l.From != 0 || l.T != T || l.M != T || len(l.Y) != T || len(l.Steps) != T {
		t.Fatalf("from step %d, %d steps, %d targets, %d outputs", l.From, l.T, l.M, len(l.Y))
	}
	// loss returns the loss of this step and the later ones as a function of h_t and c_t.
	loss := func(step int, h, c []float64) float64 {
		y := make([]float64, 1)
		in.Model.Params.Read(y, h, 1)
		sum := in.Model.Loss.Measure(make([]float64, 1), y, in.Target[step:step+1], 1)
		if step < T-1 {
			sum += in.Model.Window(T).Forward(in.X[2*(step+1):], in.Target[step+1:], h, c)
		}
		return sum
	}
	for step, s := range l.Steps {
		h, c := slices.Clone(s.H), slices.Clone(s.C)
		var dh, dc []float64
		slope := func(f func(d float64) float64) float64 { return (f(1e-5) - f(-1e-5)) / 2e-5 }
		for j := range H {
			dh = append(dh, slope(func(d float64) float64 {
				h[j] += d
				defer func() { h[j] = s.H[j] }()
				return loss(step, h, c)
			}))
			dc = append(dc, slope(func(d float64) float64 { // h_t follows c_t
				c[j] += d
				h[j] = s.Gates[2*H+j] * math.Tanh(c[j])
				defer func() { h[j], c[j] = s.H[j], s.C[j] }()
				return loss(step, h, c)
			}))
		}
		near(t, "‖dh‖", l.DH[step], math.Sqrt(square(dh)), 1e-8)
		near(t, "‖dc‖", l.DC[step], math.Sqrt(square(dc)), 1e-8)
	}
}

// TestShares compares each share with a gradient to which only one loss and only one step contribute.
func TestShares(t *testing.T) {
	t.Parallel()
	const T, X, H = 12, 2, 4
	in := draw(T, 0)
	l := At(in, T)
	for step := range T {
		w, g := in.Model.Window(T), cell.New(X, H, 1)
		w.Forward(in.X[:(step+1)*X], in.Target[step:step+1], in.H0, in.C0)
		w.Backward(g)
		end := min((step/2+1)*2, T)
		for tau := range T {
			want := 0.0
			if tau <= step {
				one := cell.New(X, H, 1)
				one.Accumulate(in.X[tau*X:(tau+1)*X], w.Steps()[tau].HPrev, w.Steps()[tau].Z, 1)
				want = math.Sqrt(square(one.All))
			}
			near(t, "‖C‖", l.Share[step][tau], want, 1e-12)
			if through := tau <= step && tau >= end-5; l.Through[step][tau] != through {
				t.Errorf("the loss of step %d reaches step %d: %v", step, tau, !through)
			}
		}
	}
}

// TestLastSteps: a Look at the last steps has the same outputs and gradients as a Look at all steps.
func TestLastSteps(t *testing.T) {
	t.Parallel()
	in := draw(20, 0)
	all, last := At(in, 20), At(in, 8)
	if last.From != 12 || last.T != 8 || last.M != 8 {
		t.Fatalf("from step %d, %d steps, %d targets", last.From, last.T, last.M)
	}
	if !slices.Equal(last.Y, all.Y[12:]) || !slices.Equal(last.DH, all.DH[12:]) || !slices.Equal(last.DC, all.DC[12:]) {
		t.Error("other outputs or other norms")
	}
	in.Target = in.Target[19:]
	if last := At(in, 8); last.M != 1 || len(last.Y) != 8 || last.Share[6][6] != 0 || last.Share[7][7] == 0 {
		t.Errorf("%d targets, shares %v", last.M, last.Share)
	}
}

// TestForget: with a bias of 1, a Look has the norms of a network that was drawn with a bias of 1.
func TestForget(t *testing.T) {
	t.Parallel()
	l, raised, other := At(draw(12, 0), 12), At(draw(12, 1), 12), At(draw(12, -2), 12)
	if !slices.Equal(l.Biases, []float64{0, 1, 3}) || !slices.Equal(other.Biases, []float64{0, 1, 3, -2}) || len(other.Forget) != 4 {
		t.Fatalf("biases %v and %v", l.Biases, other.Biases)
	}
	for i := range l.T {
		near(t, "‖dc‖", l.Forget[1][i], raised.Forget[1][i], 1e-12)
	}
	if slices.Equal(l.Forget[0], l.Forget[1]) {
		t.Error("the bias makes no difference")
	}
}

// TestFaint: the entry is right, no plain difference is much better, and Faint restores the network.
func TestFaint(t *testing.T) {
	t.Parallel()
	in := draw(12, 0)
	l := At(in, 12)
	index, err := l.Faint()
	if err != nil {
		t.Fatal(err)
	}
	loss, theta, e, err := l.Measure(index)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(in.Model.Params.All, in.Drawn) || theta != &in.Model.Params.All[e.Index] {
		t.Error("the parameters have changed, or another one is returned")
	}
	g := cell.New(2, 4, 1)
	w := in.Model.Window(12)
	w.Forward(in.X, in.Target, in.H0, in.C0)
	w.Backward(g)
	if e.Verdict != check.Right || e.Analytic != g.All[e.Index] || e.Name != g.Name(e.Index) {
		t.Errorf("%+v, want the gradient %v", e, g.All[e.Index])
	}
	var sizes []float64
	for _, d := range g.All {
		sizes = append(sizes, math.Abs(d))
	}
	greatest := slices.Max(sizes)
	sizes = slices.DeleteFunc(sizes, func(d float64) bool { return d < 1e-6*greatest })
	slices.Sort(sizes)
	if sizes = sizes[:min(64, len(sizes))]; !slices.Contains(sizes, math.Abs(e.Analytic)) {
		t.Errorf("the gradient there is %v, the least are %v", e.Analytic, sizes)
	}
	bent := func(v *float64) float64 {
		saved, middle := *v, loss()
		*v = saved + 1
		right := loss()
		*v = saved - 1
		left := loss()
		*v = saved
		return math.Abs(right+left-2*middle) / math.Abs(right-left)
	}
	for i, d := range g.All {
		if slices.Contains(sizes, math.Abs(d)) && bent(&in.Model.Params.All[i]) > bent(theta)*(1+1e-9) {
			t.Errorf("the loss is more curved over %s than over %s", g.Name(i), e.Name)
		}
	}
	_, off, _ := check.Steps(loss, theta, e.Analytic)
	if least := slices.Min(off); least > 1e-5 || off[0] < 1e-5 || off[len(off)-1] < 100*least {
		t.Errorf("errors of plain differences: %v", off)
	}
}

// The gradient of the last step's loss becomes smaller on the way back. A larger bias of the forget gates
// preserves it.
func Example() {
	p := cell.New(1, 2, 1)
	for i := range p.All {
		p.All[i] = float64(i%5-2) / 4
	}
	const T = 20
	l := At(Input{
		Model: bptt.Model{Params: p, Loss: bptt.SquaredError{}}, X: make([]float64, T), Target: []float64{1},
		H0: make([]float64, 2), C0: make([]float64, 2), Window: T, Stride: T, Drawn: p.All,
	}, T)
	for i, b := range l.Biases {
		fmt.Printf("forget bias %g: after %d steps, %.0e of the gradient is left\n", b, T-1, l.Forget[i][0]/l.Forget[i][T-1])
	}
	// Output:
	// forget bias 0: after 19 steps, 3e-05 of the gradient is left
	// forget bias 1: after 19 steps, 1e-02 of the gradient is left
	// forget bias 3: after 19 steps, 9e-01 of the gradient is left
}
