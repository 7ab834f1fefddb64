package convention

import (
	"slices"

	"lstm/check/given"
)

// sizes has the sizes of a network, and which of its parts have arrays.
type sizes struct {
	seq       *sequence
	X, H, O   int
	symbols   int // the rows of an embedding; 0 without one
	gates     int // 4, or 3 if one gate has no arrays
	noReadout bool
}

// networks returns the sizes that a network with these parameters can have. lengths has the candidates.
func (s *sequence) networks(d *given.Dump, params []given.Array, lengths []int) (all []sizes) {
	count, longest := 0, 0
	for _, a := range params {
		count += len(a.Data)
		longest = max(longest, slices.Max(append(a.Shape, 1)))
	}
	for _, h := range lengths {
		if !s.holds(d, h) {
			continue
		}
		for _, z := range s.inputs(params, longest) {
			z.H = h
			for _, z.gates = range []int{4, 3} {
				z.noReadout, z.O = false, 0
				for _, z.O = range lengths {
					if z.adds(count) && z.answers(d) {
						all = append(all, z)
					}
				}
				z.noReadout = true
				for _, z.O = range outputs(d, h) {
					if z.adds(count) && z.answers(d) {
						all = append(all, z)
					}
				}
			}
		}
	}
	return all
}

// inputs returns the numbers of inputs: that of x, or for symbols any, or the columns of an embedding.
func (s *sequence) inputs(params []given.Array, longest int) (all []sizes) {
	if !s.symbols {
		return []sizes{{seq: s, X: s.X}}
	}
	most := int(largest(s.x.Data))
	for x := max(most+1, 2); x <= longest; x++ {
		all = append(all, sizes{seq: s, X: x})
	}
	for _, a := range params {
		for _, v := range a.Shape {
			if v > most && v > 1 {
				z := sizes{seq: s, X: len(a.Data) / v, symbols: v}
				if !slices.Contains(all, z) {
					all = append(all, z)
				}
			}
		}
	}
	return all
}

// holds reports whether the states of the file have h units.
func (s *sequence) holds(d *given.Dump, h int) bool {
	for _, name := range []string{"h0", "c0"} {
		if a := d.Known[name]; a != nil && s.state(a, h) == nil {
			return false
		}
	}
	for _, name := range []string{"h", "c"} {
		if a := d.Known[name]; a != nil && s.rows(a, h) == nil {
			return false
		}
	}
	return true
}

// strangers returns a cost for arrays of the backward pass whose shapes do not fit.
func (z *sizes) strangers(d *given.Dump) int {
	width := map[string]int{"dx": z.X, "dy": z.O}
	for _, name := range []string{"dx", "dy", "dh", "dc", "di", "df", "do", "dg"} {
		k := width[name]
		if k == 0 {
			k = z.H
		}
		a := d.Known[name]
		if a == nil || z.seq.rows(a, k) != nil {
			continue
		}
		if m := len(a.Data) / (z.seq.N * z.O); name != "dy" || look(a, z.seq.axes, z.seq.N, m, z.O) == nil {
			return 4
		}
	}
	return 0
}

// outputs returns how many units can be the outputs of a network without readout.
func outputs(d *given.Dump, h int) (all []int) {
	if d.Known["target"] == nil {
		return []int{h}
	}
	for o := h; o > 0; o-- {
		all = append(all, o)
	}
	return all
}

// answers reports whether target and y fit the outputs.
func (z *sizes) answers(d *given.Dump) bool {
	if y := d.Known["y"]; y != nil && z.seq.rows(y, z.O) == nil {
		return false
	}
	return len(z.objectives(d.Known["target"])) > 0
}

// adds reports whether a network of these sizes can have so many numbers.
func (z *sizes) adds(count int) bool {
	count -= z.gates*z.H*(z.X+z.H) + z.symbols*z.X
	if !z.noReadout {
		count -= z.H * z.O
	}
	for biases := range 3 {
		for peepholes := range 2 {
			for readout := range 2 {
				for states := range 3 {
					n := biases*z.gates*z.H + peepholes*3*z.H + states*z.H
					if !z.noReadout {
						n += readout * z.O
					}
					if n == count {
						return true
					}
				}
			}
		}
	}
	return false
}

// dims returns the numbers that can be sizes of the network: the lengths of axes, and their parts.
func dims(params []given.Array) (all []int) {
	all = []int{1}
	for _, a := range params {
		for _, n := range append(slices.Clone(a.Shape), len(a.Data)) {
			for _, parts := range []int{1, 2, 3, 4, 6, 8} {
				if n%parts == 0 {
					all = append(all, n/parts)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
