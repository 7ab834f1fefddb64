package given

import (
	"fmt"
	"slices"
)

// newDump returns the dump of the arrays of a file.
func newDump(all []*found) (*Dump, error) {
	roles, err := sortNames(all)
	if err != nil {
		return nil, err
	}
	var loss *found
	for _, f := range all {
		r := roles[f]
		if r.part == "loss" {
			loss = f
			if len(f.Data) != 1 {
				return nil, fmt.Errorf("%s: it has the shape %s, and must be a single number", quote(f.Name), shape(f.Shape))
			}
		}
		if r.part == "loss" || r.part == "param" || slices.Contains(inputNames, r.name) && r.part == "known" {
			if err := usable(f); err != nil {
				return nil, err
			}
		}
		f.setWhole()
	}
	d := &Dump{Known: make(map[string]*Array)}
	d.finest, d.Precision = decide(groups(all, roles), loss)
	for _, f := range all {
		a, r := f.finish(), roles[f]
		if r.part != "other" {
			a.Name = r.name
		}
		switch r.part {
		case "loss":
			d.Loss = &a
		case "param":
			d.Params = append(d.Params, a)
		case "grad":
			d.Grads = append(d.Grads, a)
		case "numeric":
			d.Numeric = append(d.Numeric, a)
		case "known":
			d.Known[a.Name] = &a
		default:
			d.Other = append(d.Other, a)
		}
	}
	return d, nil
}

// groups returns the arrays that programs print alike: parameters, gradients, numerical gradients, inputs, the forward
// and the backward pass, and all others.
func groups(all []*found, roles map[*found]role) []*group {
	kinds := []string{"param", "grad", "numeric", "input", "forward", "backward", "other"}
	groups := make([]*group, len(kinds))
	for k, kind := range kinds {
		groups[k] = &group{input: kind == "input", given: kind == "input" || kind == "param", other: kind == "other"}
	}
	for _, f := range all {
		r := roles[f]
		kind := r.part
		switch {
		case kind == "loss":
			continue
		case kind == "known" && slices.Contains(inputNames, r.name):
			kind = "input"
		case kind == "known" && slices.Contains(forwardNames, r.name):
			kind = "forward"
		case kind == "known":
			kind = "backward"
		}
		g := groups[slices.Index(kinds, kind)]
		g.arrays = append(g.arrays, f)
	}
	return groups
}

// finish returns the array with its bars. A text with all digits of a float32 gives exactly this float32.
func (f *found) finish() Array {
	if p := f.Precision; f.text && p.Float32 && p.Decimals < 0 && p.Digits >= full[24] {
		for i, v := range f.Data {
			f.Data[i] = float64(float32(v))
		}
	}
	f.setBar()
	return f.Array
}
