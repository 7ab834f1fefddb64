package panel

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lstm/check"
	"lstm/train/checkplot"
	"lstm/train/page"
	"lstm/train/plot"
	"lstm/train/plot/label"
	"lstm/train/show"
)

// Blocks is the table of a check: for each block its worst entry. If only some blocks are wrong or not proven, it has
// these alone.
func Blocks(results []check.Result, share func(e check.Entry) float64) *page.Table {
	worse := check.Wrong
	if !slices.ContainsFunc(results, func(r check.Result) bool { return len(r.With(check.Wrong)) > 0 }) {
		worse = check.Unresolved
	}
	t := &page.Table{Head: []string{"block", "wrong", "worst entry", "gradient", "measured", "error ÷ allowed"}}
	bad := func(r check.Result) bool { return len(r.With(check.Right)) < len(r.Entries) }
	some := slices.ContainsFunc(results, bad)
	switch {
	case some && worse == check.Unresolved:
		return unproven(results)
	case worse == check.Unresolved:
		t.Head[1] = "not proven"
	}
	for _, r := range results {
		if some && !bad(r) {
			continue
		}
		e := worst(r, share)
		says := label.Rough(share(e))
		if len(r.With(check.Wrong)) == 0 && len(r.With(check.Unresolved)) > 0 {
			e, says = r.With(check.Unresolved)[0], "not proven"
		}
		gradient, measured := label.Fixed(e.Analytic, 3), label.Fixed(e.Numeric, 3)
		if e.Verdict != check.Right {
			gradient, measured = label.Apart(e.Analytic, e.Numeric)
		}
		t.Rows = append(t.Rows, []string{r.Name, fmt.Sprintf("%s of %s", show.Thousands(len(r.With(worse))), show.Thousands(len(r.Entries))), e.Name, gradient, measured, says})
	}
	return t
}

// unproven is the table of the blocks with entries that are not proven: for each block the entry with the widest error bar.
func unproven(results []check.Result) *page.Table {
	t := &page.Table{Head: []string{"block", "not proven", "entry", "measured", "± error bar", "allowed bar"}}
	for _, r := range results {
		open := r.With(check.Unresolved)
		if len(open) == 0 {
			continue
		}
		e := slices.MaxFunc(open, func(a, b check.Entry) int { return cmp.Compare(a.Bar, b.Bar) })
		allowed := check.Tolerance * r.Scale
		if e.Bar <= allowed { // a strict check measures each entry against itself
			allowed = check.Tolerance * math.Abs(e.Numeric)
		}
		t.Rows = append(t.Rows, []string{r.Name, fmt.Sprintf("%s of %s", show.Thousands(len(open)), show.Thousands(len(r.Entries))), e.Name,
			label.Fixed(e.Numeric, 3), label.Fixed(e.Bar, 2), label.Fixed(allowed, 2)})
	}
	return t
}

// worst returns the entry with the largest error ÷ allowed.
func worst(r check.Result, share func(e check.Entry) float64) check.Entry {
	return slices.MaxFunc(r.Entries, func(a, b check.Entry) int {
		switch x, y := share(a), share(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// Worst returns the entry of all blocks with the largest error ÷ allowed.
func Worst(results []check.Result, share func(e check.Entry) float64) check.Entry {
	all := check.Result{}
	for _, r := range results {
		all.Entries = append(all.Entries, r.Entries...)
	}
	return worst(all, share)
}

// Lines returns the lines to change, one for each cause, numbered as the command numbers them. What is no line of code is a
// sentence.
func Lines(causes []check.Cause) (all []page.Line) {
	for _, c := range causes {
		wrong, right, known := strings.Cut(c.Line, "→")
		says := Sentence(label.Pretty(c.Likely))
		if !known && c.Observed != "" {
			says += " " + Sentence(Readable(c.Observed))
		}
		if !known && wrong != "" && !strings.Contains(wrong, "=") {
			wrong, says = "", says+" What to do: "+strings.TrimSuffix(wrong, ".")+"."
		}
		all = append(all, page.Line{Wrong: strings.TrimSpace(wrong), Right: strings.TrimSpace(right), Says: says})
	}
	return all
}

// long matches a number with more digits than a sentence needs.
var long = regexp.MustCompile(`-?\d+\.\d{5,}\b`)

// Readable writes the numbers of a text with at most four digits, a true minus and a power of ten.
func Readable(text string) string { return label.Pretty(long.ReplaceAllStringFunc(text, short)) }

func short(text string) string {
	v, _ := strconv.ParseFloat(text, 64)
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// Sentence makes a sentence of a text. The names of numbers, as dzf, keep their small letters.
func Sentence(text string) string {
	text = strings.TrimSuffix(text, ".")
	first, _, _ := strings.Cut(text, " ")
	if text == "" || number.MatchString(first) {
		return text + "."
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

var number = regexp.MustCompile(`^(d(y|h|c|z[iofg]?|[WbhxcN]\w*)|[b-z]|tanh.*|.*[(=′].*)$`)

// A Net has the sizes of a network.
type Net struct {
	X, H, O int // inputs, hidden units, outputs
	T       int // steps
}

// Check shows error ÷ allowed of every entry. whole begins with all entries of Wi Wf Wo Wg bi bf bo bg Wy by, and goes on
// with h0, c0 and x if they were checked.
func Check(says string, results, whole []check.Result, n Net) page.Panel {
	figure, note := checkplot.Map("Error ÷ allowed of every entry of the gradient", check.Entry.Share, matrices(whole, n)...)
	return page.Panel{
		ID: "check", Title: "The check", Says: says,
		Figures: []page.Figure{
			{Caption: strings.TrimSpace("Every entry: rows are inputs x, hidden units h and the bias b; columns are units. " + note), Figure: figure},
			{Caption: "Every entry over its measured slope: right ones lie on the diagonal.", Figure: checkplot.Scatter(results)},
		},
		More: &page.Panel{ID: "blocks", Title: "The worst entry of each block", Table: Blocks(results, check.Entry.Share)},
	}
}

// matrices lays the blocks out: the gates side by side, each with its bias below the weights; then the readout and the
// initial states; then the inputs over the steps.
func matrices(whole []check.Result, n Net) (all []checkplot.Matrix) {
	row := func(inputs, hidden int) func(int) string {
		return func(i int) string {
			switch {
			case i < inputs:
				return "x" + subscript(i)
			case i < inputs+hidden:
				return "h" + subscript(i-inputs)
			}
			return "b"
		}
	}
	join := func(k, bias, cols int, rows func(int) string) checkplot.Matrix {
		return checkplot.Matrix{Name: whole[k].Name + ", " + whole[bias].Name, Cols: cols, Entries: slices.Concat(whole[k].Entries, whole[bias].Entries), Row: rows, Col: show.Thousands}
	}
	for k := range 4 {
		m := join(k, k+4, n.H, nil)
		if len(all) == 0 {
			m.Row = row(n.X, n.H)
		}
		all = append(all, m)
	}
	all = append(all, join(8, 9, n.O, row(0, n.H)))
	all[4].Break = true
	if len(whole) > 12 {
		for _, r := range whole[10:12] {
			all = append(all, checkplot.Matrix{Name: r.Name, Entries: r.Entries, Cols: n.H, Col: show.Thousands})
		}
		x := checkplot.Matrix{Name: "the inputs x, step by step", Cols: n.T, Break: true, Col: show.Thousands, Row: row(n.X, 0)}
		for i := range n.X {
			for t := range n.T {
				x.Entries = append(x.Entries, whole[12].Entries[t*n.X+i])
			}
		}
		all = append(all, x)
	}
	return all
}

// Steps shows how the slope of the loss at theta was measured, and why a plain difference does not do: the loss over
// theta, and the error of a plain difference over its step size. It also returns the second figure.
func Steps(loss func() float64, theta *float64, e check.Entry) (page.Panel, *plot.Chart) {
	at, off, rounding := check.Steps(loss, theta, e.Analytic)
	chart := checkplot.StepSizes(at, off, rounding, e)
	change, losses := around(loss, theta, 1)
	p := page.Panel{
		ID: "steps", Title: "How the slope is measured",
		Figures: []page.Figure{
			{Caption: "The loss over " + e.Name + ". The tangent has the slope of backpropagation; the chord joins the losses at −δ and +δ.", Figure: checkplot.Slope(change, losses, len(change)*3/4, e)},
			{Caption: "The error of such a chord, for every δ.", Figure: chart},
		},
		Says: fmt.Sprintf("At %s backpropagation gives %s, and %s was measured. A right gradient comes closer as δ shrinks; this one stays %s off at every step size.",
			e.Name, label.Number(e.Analytic), label.Number(e.Numeric), label.Digits(e.Error(), 2)),
	}
	return p, chart
}

// around returns the loss at theta plus each of some changes, from −most to most. It restores theta.
func around(loss func() float64, theta *float64, most float64) (change, losses []float64) {
	const n = 32
	saved := *theta
	defer func() { *theta = saved }()
	for k := -n; k <= n; k += 2 {
		d := most * float64(k) / n
		*theta = saved + d
		l := loss()
		if math.IsInf(l, 0) {
			l = math.NaN()
		}
		change, losses = append(change, d), append(losses, l)
	}
	return change, losses
}

// Entries counts the entries of all blocks.
func Entries(results []check.Result) (n int) {
	for _, r := range results {
		n += len(r.Entries)
	}
	return n
}
