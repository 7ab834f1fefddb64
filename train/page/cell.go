package page

import (
	"fmt"
	"slices"

	"lstm/train/plot"
	"lstm/train/show"
)

const maxUnits = 32 // rows of a gate or state

// A trace holds i, f, o, g, c and h: a row for each unit, a column for each step.
type trace [6][][]float64

// inside draws a trace under the input, or under letters that stand for the input.
func inside(input plot.Strip, above []string, first int, rows trace) panel {
	units := len(rows[0])
	stack := func(title string, low float64, names []string, rows ...[][]float64) *plot.Stack {
		s := &plot.Stack{
			Title: title, About: fmt.Sprintf("%s over %d steps.", show.Count(min(units, maxUnits), "unit"), len(rows[0][0])),
			Columns: above, XLabel: "step", First: first, Scale: plot.Scale{Low: low, High: 1},
		}
		if above == nil {
			s.Strips = append(s.Strips, input)
		}
		for i, name := range names {
			shown := rows[i][:min(units, maxUnits)]
			strip := plot.Strip{Label: name, Rows: shown}
			if most := greatest(1e-9, shown); most < 0.1 && name != "c" { // too pale on the common scale
				strip.Label, strip.Scale = fmt.Sprintf("%s to %.2g", name, most), plot.Scale{Low: low * most, High: most}
			}
			s.Strips = append(s.Strips, strip)
			s.About += fmt.Sprintf(" %s %s.", name, reach(shown))
		}
		return s
	}
	largest := greatest(1e-9, rows[4])
	c := stack("The cell state c", -1, []string{"c"}, rows[4])
	c.Scale = plot.Scale{Low: -largest, High: largest}
	p := panel{
		ID: "cell", Title: "Inside the cell",
		Says: "Each row is a unit and each column a step. Look for units that follow the input, and for forget gates that stay open while the cell keeps a state.",
		Figures: []figure{
			{Caption: "The input, forget and output gates: 0 is shut, 1 is open.", Figure: stack("The gates i, f and o", 0, []string{"i", "f", "o"}, rows[0], rows[1], rows[2])},
			{Caption: "The candidate g and the hidden state h. Negative numbers are striped.", Figure: stack("The candidate g and the hidden state h", -1, []string{"g", "h"}, rows[3], rows[5])},
			{Caption: "The cell state c. Negative numbers are striped.", Figure: c},
		},
	}
	if units > maxUnits {
		p.Says += fmt.Sprintf(" The figures show the first %d of %d units.", maxUnits, units)
	}
	return p
}

// reach describes the numbers of a heat map.
func reach(rows [][]float64) string {
	all, sum := slices.Concat(rows...), 0.0
	for _, v := range all {
		sum += v
	}
	return fmt.Sprintf("goes from %.2g to %.2g, mean %.2g", slices.Min(all), slices.Max(all), sum/float64(len(all)))
}
