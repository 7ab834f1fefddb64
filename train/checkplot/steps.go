package checkplot

import (
	"fmt"
	"math"

	"lstm/check"
	"lstm/train/plot"
)

// bends returns the index of a step size where the error is proportional to δ², so that it comes from
// the curvature of the loss and not from rounding. It returns −1 if there is none.
func bends(at, off []float64) int {
	for i := range len(at) - 2 {
		square := (at[i] / at[i+2]) * (at[i] / at[i+2])
		if ratio := off[i] / off[i+2] / square; ratio > 0.9 && ratio < 1.1 {
			return i + 2
		}
	}
	return -1
}

// StepSizes draws the error of a plain difference over its step size. check.Steps returns at, off and
// rounding for the entry.
func StepSizes(at, off, rounding []float64, entry check.Entry) *plot.Chart {
	low := min(1e-14, max(entry.Error(), 1e-16))
	within := func(f func(i int) float64) (y []float64) {
		for i := range at {
			v := f(i)
			if v < low || v > 10 {
				v = math.NaN()
			}
			y = append(y, v)
		}
		return y
	}
	visible, least := make([]float64, len(off)), 0
	for i, v := range off {
		visible[i] = max(v, low)
		if v < off[least] {
			least = i
		}
	}
	from := bends(at, off)
	lines := []plot.Line{{Name: "error of (L(θ+δ) − L(θ−δ)) / 2δ", X: at, Y: visible}}
	if from >= 0 && entry.Verdict != check.Wrong {
		lines = append(lines, plot.Line{Name: "∝ δ²", X: at, Y: within(func(i int) float64 { return off[from] * (at[i] / at[from]) * (at[i] / at[from]) })})
	}
	chart := &plot.Chart{
		Title: "The error of a plain difference over its step size",
		About: fmt.Sprintf("At %s the error is smallest, %.0e, at step size %.0e. A smaller step divides the rounding error of the loss by a smaller number. Ridders' method is off by %.0e.",
			entry.Name, off[least], at[least], entry.Error()),
		X: plot.Axis{Label: "step size δ", Log: true}, Y: plot.Axis{Label: "relative error", Log: true},
		Lines: append(lines, plot.Line{Name: "rounding of the loss: ε|L|/δ|g|", X: at, Y: within(func(i int) float64 { return rounding[i] })}),
		Rules: []plot.Rule{
			{Name: fmt.Sprintf("usual choice: δ = 1e-05, tolerance %.0e", check.Tolerance), At: 1e-5, Vertical: true},
			{Name: fmt.Sprintf("Ridders: error %.0e, error bar %.0e", entry.Error(), entry.RelativeBar()), At: max(low, entry.Error())},
			{At: check.Tolerance},
		},
	}
	if entry.Verdict == check.Wrong {
		chart.Lines[0].Name = "gradient against (L(θ+δ) − L(θ−δ)) / 2δ"
		chart.Rules[1].Name = fmt.Sprintf("against Ridders: %.0e, error bar %.0e", entry.Error(), entry.RelativeBar())
		chart.About = fmt.Sprintf("At %s the error stays at %.2g.", entry.Name, entry.Error())
	}
	return chart
}
