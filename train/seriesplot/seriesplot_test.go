package seriesplot

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"lstm/train/plot"
	"lstm/train/series"
)

var future = &series.Future{
	Unit: "ppm", Seen: []float64{1, 2, math.NaN(), 4}, Free: []float64{5, 6, 7}, Half: []float64{0.5, 1, math.NaN()},
}

// TestNext: the data end at step 0, and each forecast has its interval.
func TestNext(t *testing.T) {
	t.Parallel()
	c := Next(future)
	data, forecast := c.Lines[0], c.Lines[1]
	for _, got := range []struct{ got, want []float64 }{
		{data.X, []float64{-3, -2, -1, 0}}, {data.Y, future.Seen}, {forecast.X, []float64{0, 1, 2, 3}}, {forecast.Y, []float64{4, 5, 6, 7}},
		{forecast.Low, []float64{4, 4.5, 5, math.NaN()}}, {forecast.High, []float64{4, 5.5, 7, math.NaN()}},
	} {
		if fmt.Sprint(got.got) != fmt.Sprint(got.want) {
			t.Errorf("%v, want %v", got.got, got.want)
		}
	}
	if c.Y.Label != "ppm" || len(c.Rules) != 1 || c.Rules[0].At != 0 || !c.Rules[0].Vertical {
		t.Errorf("the chart is %+v", c)
	}
	for _, number := range []string{"3", "5", "7", "4.5", "5.5"} {
		if !slices.Contains(strings.FieldsFunc(c.About, func(r rune) bool { return r == ' ' }), number) && !strings.Contains(c.About, number+".") {
			t.Errorf("the description lacks %s: %s", number, c.About)
		}
	}
	if strings.Contains(Next(&series.Future{Seen: []float64{4}, Free: []float64{5}, Half: []float64{math.NaN()}}).About, "NaN") {
		t.Error("the description names an interval that is not there")
	}
}

func Example() {
	svg := string(plot.SVG("next", Next(future)))
	fmt.Println(strings.Count(svg, `network band`), "band")
	// Output: 1 band
}
