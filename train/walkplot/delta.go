package walkplot

import (
	"bytes"
	_ "embed"
	"html/template"
	"math"

	"lstm/train/plot"
	"lstm/train/walk"
)

// A delta is a walk.Delta that is drawn.
type delta struct{ *walk.Delta }

// start returns the index of the step size that the page shows first: the largest whose error is below 2 %, or the
// first.
func (d delta) start() int {
	for k, off := range d.Off {
		if off < 0.02 && k > 0 {
			return k - 1
		}
	}
	return 0
}

// The curve is drawn this wide and this high.
const deltaWide, deltaHigh = 400.0, 200.0

// point returns the place of a point on the curve of the loss, if step size k fills the figure.
func (d delta) point(k int, x, y float64) (px, py float64) {
	most := math.Abs(d.Gradient * d.At[k])
	most = max(most, math.Abs(d.Up[k]), math.Abs(d.Down[k]), math.SmallestNonzeroFloat64)
	return deltaWide / 2 * (1 + x/d.At[k]/1.25), deltaHigh / 2 * (1 - y/most/1.25)
}

// curve returns the path of the loss, of the tangent and of the chord at step size k.
func (d delta) curve(k int) (curve, tangent, chord string) {
	line := func(points ...[2]float64) (path string) {
		for n, p := range points {
			x, y := d.point(k, p[0], p[1])
			path += map[bool]string{true: "M", false: "L"}[n == 0] + place(x) + " " + place(y)
		}
		return path
	}
	var points [][2]float64
	for i, x := range d.X {
		if math.Abs(x) <= d.At[k] {
			points = append(points, [2]float64{x, d.Y[i]})
		}
	}
	wide := 1.2 * d.At[k]
	rise := func(x float64) [2]float64 {
		return [2]float64{x, (d.Up[k]+d.Down[k])/2 + x*(d.Up[k]-d.Down[k])/2/d.At[k]}
	}
	return line(points...), line([2]float64{-wide, -wide * d.Gradient}, [2]float64{wide, wide * d.Gradient}), line(rise(-d.At[k]), rise(d.At[k]))
}

//go:embed delta.html
var deltaSource string

var deltaDocument = template.Must(template.New("delta").Parse(deltaSource))

// drawnDelta is a Delta as the page shows it first.
type drawnDelta struct {
	Name, Gradient, At, Up, Down, Slope, Off string
	Last, Slide                              int
	Wide, High                               float64
	Curve, Tangent, Chord                    string
	Errors                                   template.HTML
	Keys                                     [][2]string // a class and a name
}

// Measured draws the measurement of a derivative: the chord on the curve of the loss, and beside it the errors, a figure
// over the step sizes. With the script of a Walk, a slider moves the step size.
func Measured(d *walk.Delta, errors *plot.Chart) template.HTML {
	by := delta{d}
	k := by.start()
	errors.Framed = true
	errors.Dots = append(errors.Dots, plot.Dot{Role: plot.Measured, X: d.At[k], Y: max(d.Off[k], 1e-14)})
	v := &drawnDelta{
		Name: d.Name, Gradient: bare(d.Gradient), At: bare(d.At[k]), Up: bare(d.Up[k]), Down: bare(d.Down[k]), Slope: bare(d.Slope[k]), Off: bare(d.Off[k]),
		Last: len(d.At) - 1, Slide: len(d.At) - 1 - k, Wide: deltaWide, High: deltaHigh, Errors: plot.SVG("delta-errors", errors),
		Keys: [][2]string{{"curve", "the loss"}, {"tangent", "tangent: its slope by backpropagation"}, {"chord", "chord: the slope as measured"}},
	}
	v.Curve, v.Tangent, v.Chord = by.curve(k)
	var b bytes.Buffer
	if err := deltaDocument.Execute(&b, v); err != nil {
		panic("walkplot: Measured: " + err.Error()) // cannot happen: the fields are strings and numbers
	}
	b.WriteString(data("delta-data", deltaOf{deltaWide, deltaHigh, number(d.Gradient), numbers(d.At), numbers(d.Up), numbers(d.Down), numbers(d.Slope), numbers(d.Off), numbers(d.X), numbers(d.Y)}))
	return template.HTML(b.String())
}
