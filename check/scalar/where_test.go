package scalar

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestLocate: the place is the first wrong dz on the way back, with the gates in the order o, i, f, g. Unknown dz count
// up to it. Unknown numbers of a block do not count.
func TestLocate(t *testing.T) {
	t.Parallel()
	n := Net{X: 2, H: 2, O: 3, T: 3}
	for name, c := range map[string]struct {
		wrong, unknown []int
		want           Place
	}{
		"none":               {nil, nil, Place{Step: -1}},
		"one weight":         {[]int{n.W(F, 1, 1)}, nil, Place{Step: -1, Blocks: []Count{{"Wf", 1, 8}}}},
		"first and last":     {[]int{0, n.By(2), n.In(2, 1)}, nil, Place{Step: -1, Blocks: []Count{{"Wi", 1, 8}, {"by", 1, 3}, {"x", 1, 6}}}},
		"two of a block":     {[]int{n.Wy(0, 0), n.Wy(1, 2), n.C0(1)}, nil, Place{Step: -1, Blocks: []Count{{"Wy", 2, 6}, {"c0", 1, 2}}}},
		"dz alone":           {[]int{n.Z(2, F, 1)}, nil, Place{Step: 2, Gate: F, Unit: 1}},
		"the first of all":   {[]int{n.Z(0, I, 0), n.Z(0, G, 1)}, nil, Place{Step: 0, Gate: I, Unit: 0}},
		"the last of all":    {[]int{n.Z(0, G, 1)}, nil, Place{Step: 0, Gate: G, Unit: 1}},
		"two steps":          {[]int{n.Z(1, O, 0), n.Z(2, G, 0)}, nil, Place{Step: 2, Gate: G, Unit: 0}},
		"o before i":         {[]int{n.Z(1, I, 0), n.Z(1, O, 1)}, nil, Place{Step: 1, Gate: O, Unit: 1}},
		"i before f":         {[]int{n.Z(1, F, 0), n.Z(1, I, 1)}, nil, Place{Step: 1, Gate: I, Unit: 1}},
		"f before g":         {[]int{n.Z(1, G, 0), n.Z(1, F, 1)}, nil, Place{Step: 1, Gate: F, Unit: 1}},
		"with a block":       {[]int{n.B(O, 0), n.Z(1, G, 0)}, nil, Place{Step: 1, Gate: G, Blocks: []Count{{"bo", 1, 2}}}},
		"unknown weights":    {[]int{n.W(I, 0, 0), n.W(I, 0, 1)}, []int{n.W(I, 0, 0), n.W(G, 0, 0)}, Place{Step: -1, Blocks: []Count{{"Wi", 1, 8}}}},
		"unknown dz":         {[]int{n.Z(2, O, 0), n.Z(1, O, 1)}, []int{n.Z(2, O, 0), n.Z(2, G, 1), n.Z(1, O, 0), n.Z(1, I, 0)}, Place{Step: 1, Gate: O, Unit: 1, Unknown: 3}},
		"unknown, not wrong": {nil, []int{n.Z(2, O, 0), n.Z(0, G, 1)}, Place{Step: -1, Unknown: 2}},
	} {
		grad := make([]float64, n.Len())
		for _, i := range c.unknown {
			grad[i] = math.NaN()
		}
		c.want.Steps = 3
		dz := 0
		p := Locate(n, grad, func(i int) bool {
			if i >= n.Z(0, 0, 0) {
				dz++
			}
			if math.IsNaN(grad[i]) {
				t.Errorf("%s: %s is not known, but measured", name, n.Name(i))
			}
			return slices.Contains(c.wrong, i)
		})
		if p.Step != c.want.Step || p.Gate != c.want.Gate || p.Unit != c.want.Unit || p.Unknown != c.want.Unknown || p.Steps != 3 || !slices.Equal(p.Blocks, c.want.Blocks) {
			t.Errorf("%s: %+v, want %+v", name, p, c.want)
		}
		if most := 8*(3-max(0, p.Step)) - p.Unknown; dz > most {
			t.Errorf("%s: %d dz measured, want at most %d", name, dz, most)
		}
	}
}

// TestWhere: the words tell a wrong dz from wrong sums, and what is not known from what is right.
func TestWhere(t *testing.T) {
	t.Parallel()
	block := []Count{{"Wf", 1, 2}}
	dz, dzUnknown := Place{Step: 0, Steps: 3}, Place{Step: 0, Steps: 3, Unknown: 2}
	sums, sumsUnknown := Place{Step: -1, Steps: 3, Blocks: block}, Place{Step: -1, Steps: 3, Blocks: block, Unknown: 1}
	none, noneUnknown := Place{Step: -1, Steps: 3}, Place{Step: -1, Steps: 3, Unknown: 1}
	if strings.HasPrefix(sums.Where(), none.Where()) {
		t.Errorf("%q for no place", none.Where())
	}
	all := []Place{dz, dzUnknown, sums, sumsUnknown, none, noneUnknown}
	for k, p := range all {
		for m, q := range all[:k] {
			sameWhere := p.Step == q.Step && (p.Step >= 0 || (p.Blocks == nil) == (q.Blocks == nil) && (p.Blocks == nil || p.Unknown == q.Unknown))
			sameKnown := p.Step == q.Step && p.Unknown == q.Unknown
			if (p.Where() == q.Where()) != sameWhere || (p.Known() == q.Known()) != sameKnown {
				t.Errorf("places %d and %d: %q and %q, %q and %q", m, k, q.Where(), p.Where(), q.Known(), p.Known())
			}
		}
		if strings.Contains(p.Where(), "t0 of t0 to t2") != (p.Step == 0) || strings.Contains(p.Where(), "Wf") != (p.Blocks != nil) || p.Where() == "" {
			t.Errorf("place %d: %s", k, p.Where())
		}
		if strings.ContainsAny(p.Known(), "0123456789") != (p.Unknown > 0) || p.Known() == "" {
			t.Errorf("place %d: %s", k, p.Known())
		}
	}
}

// TestShort: the short names of places, as the labels of package museum use them.
func TestShort(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]Place{
		"last f": {Step: 4, Gate: F, Steps: 5}, "2nd o": {Step: 3, Gate: O, Steps: 5}, "3rd g": {Step: 2, Gate: G, Steps: 5},
		"t1 i": {Step: 1, Gate: I, Steps: 5}, "t0 i": {Step: 0, Gate: I, Steps: 5}, "last i": {Step: 0, Gate: I, Steps: 1},
		"W by": {Step: -1, Steps: 5, Blocks: []Count{{"Wi", 1, 1}, {"Wf", 1, 1}, {"Wo", 1, 1}, {"Wg", 1, 1}, {"by", 1, 1}}},
		"bi":   {Step: -1, Steps: 1, Blocks: []Count{{"bi", 1, 1}}}, "nowhere": {Step: -1, Steps: 2},
	} {
		if got := p.Short(); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}

// TestSame: two gradients are the same if no known entry is off by more than a billionth of the largest of its block.
func TestSame(t *testing.T) {
	t.Parallel()
	n := Net{X: 2, H: 2, O: 3, T: 3}
	nan, inf := math.NaN(), math.Inf(1)
	from := n.B(G, 0) // a block of two entries
	for name, c := range map[string]struct {
		a, b [2]float64
		want bool
	}{
		"equal":                   {[2]float64{1, -2}, [2]float64{1, -2}, true},
		"zeros":                   {[2]float64{0, 0}, [2]float64{0, 0}, true},
		"off a little":            {[2]float64{1, -3}, [2]float64{1 + 2.9e-9, -3}, true},
		"off too much":            {[2]float64{1, -3}, [2]float64{1 + 3.1e-9, -3}, false},
		"above too much":          {[2]float64{1 + 3.1e-9, -3}, [2]float64{1, -3}, false},
		"the second, a little":    {[2]float64{-3, 1}, [2]float64{-3, 1 - 2.9e-9}, true},
		"the second, too much":    {[2]float64{-3, 1}, [2]float64{-3, 1 - 3.1e-9}, false},
		"opposite signs":          {[2]float64{1, 2}, [2]float64{-1, 2}, false},
		"one in a billion":        {[2]float64{1e9, 0}, [2]float64{1e9 - 1, 0}, true},
		"zero and not zero":       {[2]float64{0, 0}, [2]float64{0, 1e-300}, false},
		"unknown":                 {[2]float64{nan, 1}, [2]float64{7, 1}, true},
		"unknown beside an error": {[2]float64{nan, 1}, [2]float64{1e9, 1 + 1e-6}, false},
		"an error beside unknown": {[2]float64{1, nan}, [2]float64{1 + 1e-6, 1e9}, false},
		"infinite":                {[2]float64{inf, 1}, [2]float64{2, 1}, false},
		"both infinite":           {[2]float64{inf, 1}, [2]float64{inf, 1}, false},
		"below":                   {[2]float64{2, -inf}, [2]float64{2, 1}, false},
	} {
		a, b := make([]float64, n.Len()), make([]float64, n.Len())
		a[from-1], b[from-1], a[from+2], b[from+2] = 1e6, 1e6, 1e6, 1e6 // the largest entries of other blocks do not matter
		copy(a[from:], c.a[:])
		copy(b[from:], c.b[:])
		if got := Same(n, a, b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
