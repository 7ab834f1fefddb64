// Package look records the states of a network over a sequence, and the gradient at each step on its
// way back. The report draws these numbers.
//
//	‖dL/dh_t‖, ‖dL/dc_t‖    how strongly the loss depends on the state of step t
//	‖C[t,τ]‖                the part of the gradient of step t's loss that reaches W and b at step τ
//
// The gradient of W and b is the sum of all C[t,τ] with τ ≤ t. Each C[t,τ] is the outer product of two
// vectors, [x_τ; h_(τ−1); 1] and dL_t/dz_τ. Its norm is the product of their Euclidean norms.
package look

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"lstm/bptt"
	"lstm/cell"
	"lstm/check"
	"lstm/tensor"
)

// An Input is a network and a sequence for the network. At only reads it.
type Input struct {
	Model      bptt.Model // after training
	X, Target  []float64  // (T,X), and (M,O) for the last M steps
	H0, C0     []float64  // (H) the state before the first step
	Window     int        // in training, the gradient goes back through this number of steps
	Stride     int        // in training, the number of steps between two backward passes
	Drawn      []float64  // the parameters before training
	ForgetBias float64    // added to the biases of the forget gates in Drawn
}

// A Look holds the last steps of an Input, and the numbers that At records. Steps count from From.
type Look struct {
	Input               // reduced to T steps
	From    int         // the number of the first step, in the whole sequence
	T, M    int         // steps, and steps with a target: the last M
	Y       []float64   // (T,O) the output of every step
	Steps   []cell.Step // (T) after Backward
	DH, DC  []float64   // (T) ‖dL/dh_t‖, ‖dL/dc_t‖
	Share   [][]float64 // (T,T) ‖C[t,τ]‖ in row t
	Through [][]bool    // (T,T) whether truncation keeps C[t,τ], if training began at step From

	// Forget has a row for each of Biases: ‖dL_T/dc_t‖ of the last step's loss, in the untrained network,
	// from the zero state, with this bias in the forget gates. Input.ForgetBias is one of them.
	Biases []float64
	Forget [][]float64 // (len(Biases),T)
}

// At looks at the last steps of a sequence, at most the given number. It runs the earlier steps only to
// compute the state at From.
func At(in Input, most int) *Look {
	X, O := in.Model.Params.X, in.Model.Params.O
	l := &Look{T: len(in.X) / X}
	if over := l.T - most; over > 0 {
		w := in.Model.Window(over)
		w.Forward(in.X[:over*X], nil, in.H0, in.C0)
		l.From, l.T = over, most
		in.X, in.H0, in.C0 = in.X[over*X:], w.HT, w.CT
		in.Target = in.Target[max(0, len(in.Target)-most*O):]
	}
	l.Input, l.M = in, len(in.Target)/O

	w, g := in.Model.Window(l.T), cell.New(X, in.Model.Params.H, O)
	w.Forward(in.X, make([]float64, l.T*O), in.H0, in.C0) // M = T: the outputs of all steps
	l.Y = slices.Clone(w.Y)
	l.shares(w, g)
	w.Forward(in.X, in.Target, in.H0, in.C0)
	w.Backward(g)
	l.Steps, l.DC = w.Steps(), normsDC(w)
	for _, step := range l.Steps {
		l.DH = append(l.DH, math.Sqrt(square(step.DH)))
	}
	l.forget(g)
	return l
}

// shares fills Share and Through. It needs a backward pass for each step.
func (l *Look) shares(w *bptt.Window, g *cell.Params) {
	for t := range l.T {
		share, through := make([]float64, l.T), make([]bool, l.T)
		if row := t - (l.T - l.M); row >= 0 { // L_t alone: the target of the last step of t+1
			w.Forward(l.X[:(t+1)*g.X], l.Target[row*g.O:(row+1)*g.O], l.H0, l.C0)
			w.Backward(g)
			for tau, step := range w.Steps() {
				z := square(l.X[tau*g.X:(tau+1)*g.X]) + square(step.HPrev) + 1
				share[tau] = math.Sqrt(z * square(step.Z)) // Backward leaves dL_t/dz_τ in Z
			}
		}
		end := min((t/l.Stride+1)*l.Stride, l.T) // the pass that includes L_t starts here
		for tau := range t + 1 {
			through[tau] = tau >= end-l.Window
		}
		l.Share, l.Through = append(l.Share, share), append(l.Through, through)
	}
}

// forget fills Biases and Forget.
func (l *Look) forget(g *cell.Params) {
	l.Biases = []float64{0, 1, 3}
	if !slices.Contains(l.Biases, l.ForgetBias) {
		l.Biases = append(l.Biases, l.ForgetBias)
	}
	p, zero := cell.New(g.X, g.H, g.O), make([]float64, g.H)
	w := bptt.Model{Params: p, Loss: l.Model.Loss}.Window(l.T)
	for _, b := range l.Biases {
		copy(p.All, l.Drawn)
		for j := range g.H {
			p.B[g.H+j] += b - l.ForgetBias
		}
		w.Forward(l.X, l.Target[len(l.Target)-g.O:], zero, zero)
		w.Backward(g)
		l.Forget = append(l.Forget, normsDC(w))
	}
}

func square(x []float64) float64 { return tensor.Dot(x, x) }

// normsDC returns ‖dL/dc_t‖ of each step. Two paths lead back to c_t: from step t+1 and from h_t.
//
//	dL/dc_t = dc + dh∘o∘(1 − tanh²(c_t))
func normsDC(w *bptt.Window) (norms []float64) {
	for _, s := range w.Steps() {
		H, sum := len(s.H), 0.0
		for j, o := range s.Gates[2*H : 3*H] {
			d := math.FMA(s.DH[j]*o, math.FMA(-s.TanhC[j], s.TanhC[j], 1), s.DC[j])
			sum = math.FMA(d, d, sum)
		}
		norms = append(norms, math.Sqrt(sum))
	}
	return norms
}

// gradient computes the gradient of the parameters. It also returns the loss, as a function.
func (l *Look) gradient() (loss func() float64, g *cell.Params) {
	p := l.Model.Params
	w, g := l.Model.Window(l.T), cell.New(p.X, p.H, p.O)
	loss = func() float64 { return w.Forward(l.X, l.Target, l.H0, l.C0) }
	loss()
	w.Backward(g)
	return loss, g
}

// Faint returns the index of a parameter where plain differences are inaccurate. Among the parameters with the least
// gradients above a millionth of the greatest, it is the one over which the loss is most curved.
func (l *Look) Faint() (index int, err error) {
	const few = 64
	loss, g := l.gradient()
	greatest, all := 0.0, []int{}
	for i, d := range g.All {
		if !math.IsNaN(d) && !math.IsInf(d, 0) { // else the entry is wrong
			greatest, all = max(greatest, math.Abs(d)), append(all, i)
		}
	}
	all = slices.DeleteFunc(all, func(i int) bool { return math.Abs(g.All[i]) < 1e-6*greatest })
	if len(all) == 0 {
		return -1, errors.New("the gradient is not a number")
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(math.Abs(g.All[a]), math.Abs(g.All[b])) })
	most, middle := -1.0, loss()
	for _, i := range all[:min(few, len(all))] {
		v := &l.Model.Params.All[i]
		saved := *v
		*v = saved + 1
		right := loss()
		*v = saved - 1
		left := loss()
		*v = saved
		if bent := math.Abs(right+left-2*middle) / max(math.Abs(right-left), 1e-12*middle); bent > most {
			index, most = i, bent
		}
	}
	return index, nil
}

// Measure measures the slope of the loss over a parameter. It returns the loss, the parameter that the loss reads, and
// the entry as check.Gradients measured it.
func (l *Look) Measure(index int) (loss func() float64, theta *float64, e check.Entry, err error) {
	p := l.Model.Params
	loss, g := l.gradient()
	results, err := check.Gradients(loss, []check.Param{{Name: p.Name(index), Value: p.All, Grad: g.All, Index: []int{index}, Entry: p.Name}}, check.Options{})
	if err != nil {
		return nil, nil, e, err
	}
	return loss, &p.All[index], results[0].Entries[0], nil
}
