package mark

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// block returns a block of entries. Each takes three numbers: the given gradient, the measured one and the bar.
// Entries whose bar is negative are unresolved.
func block(name string, cols int, numbers ...float64) Block {
	b := Block{Name: name, Cols: cols}
	for row := range slices.Chunk(numbers, 3) {
		e := Entry{Given: row[0], Measured: row[1], Bar: max(row[2], -row[2]), Unresolved: row[2] < 0}
		e.Slack = e.Bar + 1e-7*max(e.Measured, -e.Measured)
		e.Wrong = max(e.Given-e.Measured, e.Measured-e.Given) > e.Slack
		b.Entries = append(b.Entries, e)
	}
	return b
}

// TestLimits: marks that almost fit, or that fit for a reason of their own.
func TestLimits(t *testing.T) {
	const bar = 1e-9
	right := func(name string, bar float64) Block { return block(name, 0, 1.1, 1.1, bar, 2.3, 2.3, bar) }
	twice := func(name string) Block { return block(name, 0, 2.2000001, 1.1, bar, 4.6, 2.3, bar) }
	for _, c := range []struct {
		name   string
		blocks []Block
		want   string
	}{
		{"a zero does not confirm a factor", []Block{block("a", 0, 0, 1.234, bar, 7.77, 3.21, bar)}, ""},
		{"two of three twice", []Block{twice("a"), twice("b"), right("c", bar)}, "a, b twice"},
		{"two of three, and one in between", []Block{twice("a"), twice("b"), right("c", 0.3)}, "a, b twice"},
		{"two of three, and one that says nothing", []Block{twice("a"), twice("b"), right("c", -2)}, "all parameters twice"},
		{"not read, and one number", []Block{block("a", 0, 0.37, 0.8e-9, bar, 0.37, 0, bar), right("b", bar)}, "a unread"},
		{"not read, perhaps", []Block{block("a", 0, 0.037, 0.008, 0.01), right("b", bar)}, ""},
		{"read", []Block{block("a", 0, 0.37, 1.1e-9, bar, 0.37, 0, bar), right("b", bar)}, "a constant"},
		{"a part of another is added", []Block{block("a", 0, 0.9+0.31*1.1, 0.9, bar, 0.4+0.31*2.3, 0.4, bar, 0.2+0.31*0.7, 0.2, bar),
			block("b", 0, 1.1, 1.1, bar, 2.3, 2.3, bar, 0.7, 0.7, bar)}, ""},
		{"only h0", []Block{block("h0", 0, 0.3, 0.7, bar, 0.9, 1.8, bar), right("a", bar), right("b", bar)}, "h0 start"},
		{"h0 and c_init", []Block{block("h0", 0, 0.3, 0.7, bar, 0.9, 1.8, bar), block("c_init", 0, 0.37, 0.7, bar, 0.92, 1.8, bar), right("a", bar), right("b", bar)}, "h0, c_init start"},
		{"h0 of two", []Block{block("h0", 0, 0.3, 0.7, bar, 0.9, 1.8, bar), right("a", bar)}, ""},
		{"h1", []Block{block("h1", 0, 0.3, 0.7, bar, 0.9, 1.8, bar), right("a", bar), right("b", bar)}, ""},
		{"one entry of a row", []Block{matrix(4, 4, func(r, c int) float64 { return cond(r == 1 && c == 2, 0.3) })}, "a entry"},
		{"a row", []Block{matrix(4, 4, func(r, c int) float64 { return cond(r == 1, 0.3/float64(c+1)) })}, "a part"},
		{"a row, and an entry that may be wrong", []Block{unresolved(matrix(4, 4, func(r, c int) float64 { return cond(r == 1, 0.3/float64(c+1)) }))}, ""},
		{"a column, of which an entry is right", []Block{matrix(8, 4, func(r, c int) float64 { return cond(c == 1 && r != 3, 0.3/float64(r+1)) })}, "a part"},
		{"a column, of which half is right", []Block{matrix(8, 4, func(r, c int) float64 { return cond(c == 1 && r%2 == 0, 0.3/float64(r+1)) })}, ""},
		{"1/3, and a round norm", []Block{block("a", 0, 0.3*math.Sin(1), 0.9*math.Sin(1), 1e-4, 0.3*math.Cos(1), 0.9*math.Cos(1), 1e-4, 0.4, 1.2, 1e-4)}, "a clipped"},
		{"reversed, with a factor", []Block{block("a", 0, 7.036800001, 1, 1e-5, 2.3456, 3, 1e-5)}, "a reversed"},
		{"reversed, with a factor, in wide bars", []Block{block("a", 0, 7.036800001, 1, 5e-5, 2.3456, 3, 5e-5)}, ""},
		{"four gates in another order", []Block{gates(0, 2, 3, 1)}, "a exchanged"},
		{"a gate copied over another", []Block{gates(0, 1, 1, 3)}, "a copied"},
		{"two gates copied over others", []Block{gates(0, 0, 1, 1)}, "a part"},
		{"columns with a factor each", []Block{matrix(8, 2, func(r, c int) float64 { return []float64{0.31, -0.43}[c] * entry(r, c) })}, "a lines"},
		{"columns, one without", []Block{matrix(8, 2, func(r, c int) float64 { return []float64{0.31 * entry(r, c), 0.1 / float64(r+1)}[c] })}, ""},
	} {
		if got := said(Explain(c.blocks)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// entry returns an entry of a matrix whose rows and columns have no pattern.
func entry(r, c int) float64 { return float64((r*7+c*c*5+r*r*3)%17) + 0.123 }

func cond(yes bool, v float64) float64 {
	if yes {
		return v
	}
	return 0
}

// matrix returns a matrix with an error at each entry.
func matrix(rows, cols int, off func(r, c int) float64) Block {
	var numbers []float64
	for i := range rows * cols {
		v := entry(i/cols, i%cols)
		numbers = append(numbers, v+off(i/cols, i%cols), v, 1e-9)
	}
	return block("a", cols, numbers...)
}

// gates returns a matrix of four gates, two rows each, with the gradient of these gates in their place.
func gates(from ...int) Block {
	return matrix(8, 3, func(r, c int) float64 { return entry(2*from[r/2]+r%2, c) - entry(r, c) })
}

// unresolved makes a right entry unresolved.
func unresolved(b Block) Block {
	b.Entries[len(b.Entries)-1].Unresolved = true
	return b
}

// TestPartIsNotTheLoss: if a part of a parameter has a factor, the mistake is not in the derivative of the loss.
func TestPartIsNotTheLoss(t *testing.T) {
	whole := Explain([]Block{matrix(4, 4, entry)})
	part := Explain([]Block{matrix(4, 4, func(r, c int) float64 { return cond(r == 1, entry(r, c)) })})
	if len(whole) != 1 || len(part) != 1 || whole[0].Kind != "twice" || part[0].Kind != "twice" || whole[0].Line == part[0].Line || !strings.Contains(part[0].Observed, "1") {
		t.Errorf("%+v and %+v", whole, part)
	}
}

// TestMerge: causes that differ only in the parameter become one.
func TestMerge(t *testing.T) {
	a := Cause{Kind: "k", Param: "a", Observed: "o"}
	b, other := a, a
	b.Param, other.Observed = "b", "p"
	for _, c := range []struct {
		causes []Cause
		params int
		want   string
	}{
		{[]Cause{a, other, b}, 3, "a, b k; a k"},
		{[]Cause{a, b}, 2, "all parameters k"},
		{[]Cause{a, a}, 3, "a k"},
		{[]Cause{a}, 1, "a k"},
	} {
		if got := said(Merge(c.causes, c.params)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
