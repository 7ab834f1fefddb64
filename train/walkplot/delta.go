package walkplot

import (
	"math"

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

// The figures of a Delta are this wide and this high, with this margin.
const (
	deltaWide, deltaHigh = 360.0, 220.0
	deltaSide            = 44.0
)

// at returns the place of a point on the curve of the loss, if step size k fills the figure.
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
	for i := k; i < len(d.At); i++ {
		points = append(points, [2]float64{-d.At[i], d.Down[i]})
	}
	points = append(points, [2]float64{0, 0})
	for i := len(d.At) - 1; i >= k; i-- {
		points = append(points, [2]float64{d.At[i], d.Up[i]})
	}
	wide := 1.2 * d.At[k]
	rise := func(x float64) [2]float64 {
		return [2]float64{x, (d.Up[k]+d.Down[k])/2 + x*(d.Up[k]-d.Down[k])/2/d.At[k]}
	}
	return line(points...), line([2]float64{-wide, -wide * d.Gradient}, [2]float64{wide, wide * d.Gradient}), line(rise(-d.At[k]), rise(d.At[k]))
}

// spot returns the place of the error of step size k on the picture of the step sizes.
func (d delta) spot(k int) (x, y float64) {
	low, high := math.Log10(d.At[len(d.At)-1]), math.Log10(d.At[0])
	x = deltaSide + (deltaWide-deltaSide-12)*(math.Log10(d.At[k])-low)/(high-low)
	y = 12 + (deltaHigh-52)*-max(-16, min(0.3, math.Log10(max(d.Off[k], 1e-300))))/16
	return x, y
}

// errors returns the path of the errors over the step sizes.
func (d delta) errors() (path string) {
	for k := range d.At {
		x, y := d.spot(k)
		path += map[bool]string{true: "M", false: "L"}[k == 0] + place(x) + " " + place(y)
	}
	return path
}

// drawnDelta is a Delta as the page shows it first.
type drawnDelta struct {
	Name, Gradient, At, Up, Down, Slope, Off string
	Last, Slide                              int
	Curve, Tangent, Chord, Errors, X, Y      string
	Ticks                                    []tickOf
}

type tickOf struct{ Class, X, Y, Text string }

func (d delta) drawn() *drawnDelta {
	k := d.start()
	v := &drawnDelta{
		Name: d.Name, Gradient: Text(d.Gradient), At: Text(d.At[k]), Up: Text(d.Up[k]), Down: Text(d.Down[k]), Slope: Text(d.Slope[k]), Off: Text(d.Off[k]),
		Last: len(d.At) - 1, Slide: len(d.At) - 1 - k, Errors: d.errors(),
	}
	v.Curve, v.Tangent, v.Chord = d.curve(k)
	x, y := d.spot(k)
	v.X, v.Y = place(x), place(y)
	for e := 0; e >= -16; e -= 4 {
		v.Ticks = append(v.Ticks, tickOf{"end", place(deltaSide - 4), place(16 + (deltaHigh-52)*float64(-e)/16), power(e)})
	}
	for i := 4; i < len(d.At); i += 12 {
		x, _ := d.spot(i)
		v.Ticks = append(v.Ticks, tickOf{"mid", place(x), "196", power(int(math.Round(math.Log10(d.At[i]))))})
	}
	return v
}
