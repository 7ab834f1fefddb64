package place

import (
	"slices"

	"lstm/check/given"
)

// Sizes has the sizes of a network, and which of its parts have arrays.
type Sizes struct {
	Seq       *Sequence // sequences and steps
	X, H, O   int       // inputs, units, outputs
	Symbols   int       // the rows of an embedding; 0 without one
	Gates     int       // 4, or 3 if one gate has no arrays
	NoReadout bool      // y is h, or its first units
}

// networks returns the sizes that a network with these parameters can have. lengths has the candidates.
func (s *Sequence) networks(d *given.Dump, lengths []int) (all []Sizes) {
	count := 0
	for _, a := range d.Params {
		count += len(a.Data)
	}
	for _, h := range lengths {
		if !s.holds(d, h) {
			continue
		}
		for _, z := range s.inputs(d.Params, lengths, h) {
			z.H = h
			for _, z.Gates = range []int{4, 3} {
				z.NoReadout, z.O = false, 0
				for _, z.O = range lengths {
					if z.adds(count) && z.answers(d) {
						all = append(all, z)
					}
				}
				z.NoReadout = true
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

// inputs returns the numbers of inputs: that of x; or for symbols what a matrix with h units leaves, or the columns of an
// embedding.
func (s *Sequence) inputs(params []given.Array, lengths []int, h int) (all []Sizes) {
	if !s.Symbols {
		return []Sizes{{Seq: s, X: s.X}}
	}
	add := func(z Sizes) {
		if !slices.Contains(all, z) {
			all = append(all, z)
		}
	}
	most := int(slices.Max(s.Input.Data)) - s.Base
	for _, n := range lengths {
		for _, x := range []int{n, n - h, n - h - 1} { // (X,H), (X+H,H), with a row for the bias
			if x > most && x > 1 {
				add(Sizes{Seq: s, X: x})
			}
		}
	}
	for _, a := range params {
		for _, v := range a.Shape {
			if v > most && v > 1 {
				add(Sizes{Seq: s, X: len(a.Data) / v, Symbols: v})
			}
		}
	}
	return all
}

// holds reports whether the states of the file have h units.
func (s *Sequence) holds(d *given.Dump, h int) bool {
	for _, name := range []string{"h0", "c0"} {
		if a := d.Known[name]; a != nil && s.State(a, h) == nil {
			return false
		}
	}
	for _, name := range []string{"h", "c"} {
		if a := d.Known[name]; a != nil && s.Rows(a, h) == nil {
			return false
		}
	}
	return true
}

// strangers returns a cost for arrays of the backward pass whose shapes do not fit.
func (z *Sizes) strangers(d *given.Dump) int {
	width := map[string]int{"dx": z.X, "dy": z.O}
	for _, name := range []string{"dx", "dy", "dh", "dc", "di", "df", "do", "dg"} {
		k := width[name]
		if k == 0 {
			k = z.H
		}
		a := d.Known[name]
		if a == nil || z.Seq.Rows(a, k) != nil {
			continue
		}
		if m := len(a.Data) / (z.Seq.N * z.O); name != "dy" || z.Seq.Look(a, m, z.O, false) == nil {
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
func (z *Sizes) answers(d *given.Dump) bool {
	if y := d.Known["y"]; y != nil && z.Seq.Rows(y, z.O) == nil {
		return false
	}
	target := d.Known["target"]
	numbers, symbols := z.Target(target)
	return target == nil || numbers != nil || symbols != nil
}

// Target returns views of the targets: as numbers, and as symbols from 0 or 1 on. They are nil if the targets cannot be
// that.
func (z *Sizes) Target(target *given.Array) (numbers, symbols *View) {
	if target == nil {
		return nil, nil
	}
	n := len(target.Data)
	if m := n / (z.Seq.N * z.O); m > 0 && m <= z.Seq.T {
		numbers = Look(target, z.Seq.Axes, z.Seq.N, m, z.O)
	}
	if m := n / z.Seq.N; m > 0 && m <= z.Seq.T && z.O > 1 && whole(target) && slices.Max(target.Data) <= float64(z.O) {
		symbols = Look(target, z.Seq.Axes, z.Seq.N, m, 1)
	}
	return numbers, symbols
}

// adds reports whether a network of these sizes can have so many numbers.
func (z *Sizes) adds(count int) bool {
	count -= z.Gates*z.H*(z.X+z.H) + z.Symbols*z.X
	if !z.NoReadout {
		count -= z.H * z.O
	}
	for biases := range 3 {
		for peepholes := range 2 {
			for readout := range 2 {
				for states := range 3 {
					n := biases*z.Gates*z.H + peepholes*3*z.H + states*z.H
					if !z.NoReadout {
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

// dims returns the numbers that can be sizes of the network: the lengths of axes, and their parts. An array of one
// axis may be a matrix that has lost its shape.
func dims(params []given.Array) (all []int) {
	all = []int{1}
	for _, a := range params {
		parts := []int{1, 2, 3, 4, 6, 8}
		if short := Trim(a.Shape); len(short) == 1 && short[0] <= 1<<16 {
			for n := range short[0] {
				parts = append(parts, n+1)
			}
		}
		for _, n := range append(slices.Clone(a.Shape), len(a.Data)) {
			for _, part := range parts {
				if n%part == 0 && n > 0 {
					all = append(all, n/part)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
