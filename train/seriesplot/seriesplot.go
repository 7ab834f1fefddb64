// Package seriesplot draws the forecasts of a series, for the report. A chart shows the last values, the forecasts after
// them, and the interval of each forecast as a band.
package seriesplot

import (
	"fmt"
	"math"
	"slices"

	"lstm/train/plot"
	"lstm/train/series"
)

// Next draws forecasts of the values after the last, in a band of their intervals.
func Next(f *series.Future) *plot.Chart {
	low, high := f.Interval()
	n, end := len(f.Free), f.Seen[len(f.Seen)-1:] // the forecasts start at the last value
	about := fmt.Sprintf("The forecasts of %d values go from %.4g to %.4g.", n, f.Free[0], f.Free[n-1])
	if !math.IsNaN(f.Half[0]) {
		about += fmt.Sprintf(" The first interval goes from %.4g to %.4g.", low[0], high[0])
	}
	label, dates := "steps after the end of the data", slices.Concat(f.Before, f.Dates)
	if len(dates) > 0 {
		label = f.When
	}
	return &plot.Chart{
		Title: "Forecasts of the next values", About: about,
		X: plot.Axis{Label: label, Whole: true, Dates: dates, First: 1 - len(f.Seen)}, Y: plot.Axis{Label: f.Unit},
		Lines: []plot.Line{
			{Name: "the data", Role: plot.Target, X: count(1-len(f.Seen), len(f.Seen)), Y: f.Seen},
			{Name: "forecast", Role: plot.Network, X: count(0, 1+n), Y: slices.Concat(end, f.Free), Low: slices.Concat(end, low), High: slices.Concat(end, high)},
		},
		Rules: []plot.Rule{{Name: "end of the data", Role: plot.Target, At: 0, Vertical: true}},
	}
}

// count returns n numbers from first on.
func count(first, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(first + i)
	}
	return x
}
