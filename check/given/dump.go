package given

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"lstm/check/given/digits"
)

// A found array is one that a file has.
type found struct {
	Name  string
	Shape []int
	Null  []bool
	*digits.Numbers
}

// unknown returns a gradient without known entries for each null that stands in the place of a gradient.
func (p *parser) unknown() (all []*found) {
	for _, f := range p.nulls {
		base, inside := strings.CutPrefix(f.Name, "grads/")
		if !inside && strings.HasPrefix(f.Name, "d") {
			base = f.Name[1:]
		}
		for _, a := range p.arrays {
			if base == f.Name || a.Name != base && a.Name != "params/"+base {
				continue
			}
			for range a.Data {
				f.Null = append(f.Null, true)
				f.Add([]byte("null"), math.NaN())
			}
			f.Shape = a.Shape
			all = append(all, f)
			break
		}
	}
	return all
}

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
	}
	d := &Dump{Known: make(map[string]*Array)}
	var numbers *digits.Numbers
	if loss != nil {
		numbers = loss.Numbers
	}
	d.Precision, d.exact = digits.Decide(groups(all, roles), numbers)
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
func groups(all []*found, roles map[*found]role) []*digits.Group {
	kinds := []string{"param", "grad", "numeric", "input", "forward", "backward", "other"}
	groups := make([]*digits.Group, len(kinds))
	for k, kind := range kinds {
		groups[k] = &digits.Group{Given: kind == "input" || kind == "param", Inputs: kind == "input", Unused: kind == "other", Judged: kind == "grad"}
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
		g.Arrays = append(g.Arrays, f.Numbers)
	}
	return groups
}

// finish returns the array with its bars.
func (f *found) finish() Array {
	a := Array{Name: f.Name, Shape: f.Shape, Data: f.Data, Null: f.Null, Precision: f.Precision, Typed: f.Typed}
	a.setBar()
	return a
}

// EntryName returns the name of an entry, with an index for each axis, from 0.
func EntryName(name string, shape []int, i int) string {
	for len(shape) > 1 && shape[len(shape)-1] == 1 { // an axis of length 1 at the end says nothing
		shape = shape[:len(shape)-1]
	}
	index := make([]string, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		if shape[k] > 0 {
			index[k] = fmt.Sprint(i % shape[k])
			i /= shape[k]
		}
	}
	if len(index) == 0 {
		return name
	}
	return name + "[" + strings.Join(index, ",") + "]"
}
