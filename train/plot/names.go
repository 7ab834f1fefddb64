package plot

import (
	"cmp"
	"slices"
	"strings"

	"lstm/train/plot/label"
	"lstm/train/plot/path"
)

// A name stands right of the chart, at the height where its line or rule ends, or left of it, where the line begins.
type name struct {
	class, text string
	at          float64 // a result of Axis.at
	sample      bool    // a sample of the line stands before the name, because another name has the same colour
}

// sampled finds the names that need a sample.
func sampled(names []name) {
	colour := func(n name) string { return n.class[strings.LastIndex(n.class, " ")+1:] }
	for i, n := range names {
		for k, other := range names {
			names[i].sample = names[i].sample || i != k && colour(n) == colour(other)
		}
	}
}

const (
	nameRow  = 15.0  // the distance of two names
	nameMost = 150.0 // the greatest width of a name
)

// room returns the width that names need.
func room(names []name) float64 {
	w := 12.0
	for _, n := range names {
		w = max(w, 10+label.Wide(n.text))
		if n.sample {
			w = max(w, 14+sample+label.Wide(n.text))
		}
	}
	return w
}

// place writes names at their heights. It moves names apart that would lie over each other, so a name at the left has a
// sample of its line.
func place(d *drawing, f *frame, names []name, left bool) {
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b name) int { return cmp.Compare(b.at, a.at) })
	low, high := f.top+4, f.top+f.h
	y := make([]float64, len(names))
	for i, n := range names {
		y[i] = min(max(f.py(n.at)+4, low), high)
		low = y[i] + nameRow
	}
	for i := range slices.Backward(y) {
		y[i] = min(y[i], high)
		high = y[i] - nameRow
	}
	for i, n := range names {
		if left {
			d.path(n.class, "M"+path.Pair(f.left-4-sample, y[i]-4)+stroke)
			d.text("end "+n.class, f.left-8-sample, y[i], n.text)
			continue
		}
		x := f.left + f.w + 6
		if n.sample {
			d.path(n.class, "M"+path.Pair(x, y[i]-4)+stroke)
			x += sample + 4
		}
		d.text(n.class, x, y[i], n.text)
	}
}
