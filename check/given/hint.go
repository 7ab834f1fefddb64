package given

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// alike has other names that programs give to the loss, the inputs and the targets, in small letters and without signs.
var alike = map[string][]string{
	"loss":   {"cost", "losses", "lossvalue", "err", "error"},
	"x":      {"inputs", "input", "xs", "data"},
	"target": {"targets", "label", "labels", "ytrue", "yt", "expected", "t"},
}

// Hints names what may be missing from a file that cannot be read as an LSTM: a loss, x or target, perhaps under another
// name; and arrays whose names look like those of gradients.
func (d *Dump) Hints() (all []string) {
	free := d.ungraded()
	for _, name := range []string{"loss", "x", "target"} {
		if name == "loss" && d.Loss != nil || d.Known[name] != nil {
			continue
		}
		k := slices.IndexFunc(free, func(a Array) bool { return means(a, name) })
		switch {
		case k >= 0:
			all = append(all, fmt.Sprintf("there is no %s; if %s is that, call it %s", name, quote(free[k].Name), name))
		case name == "target":
			all = append(all, "there is no target; add it, unless the loss is a sum of y, h or c")
		case name == "x":
			all = append(all, "there is no x: add the inputs")
		default:
			all = append(all, "there is no loss: add the one that the program computes at these numbers")
		}
	}
	for _, a := range free {
		if p := d.gradientOf(a); p != "" {
			all = append(all, fmt.Sprintf("if %s is the gradient of %s, call it d%s", quote(a.Name), quote(p), p))
		}
	}
	if x := d.Known["x"]; x != nil {
		if least, whole := lowest(x.Data); least < 0 && whole {
			all = append(all, fmt.Sprintf("x has %g; if x has symbols, they are numbers from 0 or from 1 on", least))
		}
	}
	return all
}

// ungraded returns the arrays that are no gradients and have none.
func (d *Dump) ungraded() (all []Array) {
	for _, a := range slices.Concat(d.Params, d.Other) {
		if d.Grad(a.Name) == nil {
			all = append(all, a)
		}
	}
	return all
}

// means reports whether an array may be meant by a name.
func means(a Array, name string) bool {
	if (name == "loss") != (len(a.Data) == 1) {
		return false
	}
	plain := strings.ToLower(signs.Replace(a.Name))
	return plain == name || slices.Contains(alike[name], plain)
}

// gradientOf returns the parameter whose gradient an array may be: that of the same shape without a gradient, whose name is
// a part of the array's name.
func (d *Dump) gradientOf(a Array) (best string) {
	for _, p := range d.Params {
		longer := len(p.Name) > len(best) && len(p.Name) < len(a.Name)
		if !longer || d.Grad(p.Name) != nil || !slices.Equal(squeeze(p.Shape), squeeze(a.Shape)) {
			continue
		}
		before, isEnd := strings.CutSuffix(a.Name, p.Name)
		after, isBegin := strings.CutPrefix(a.Name, p.Name)
		if isEnd && derives(before) || isBegin && derives(after) {
			best = p.Name
		}
	}
	return best
}

// derivatives are what programs write before or after the name of a parameter, for its gradient.
var derivatives = []string{"g", "d", "grad", "grads", "gradient", "dl", "dld", "dloss", "dlossd", "dj", "djd", "de", "ded", "delta", "nabla", "deriv", "diff"}

func derives(s string) bool { return slices.Contains(derivatives, strings.ToLower(signs.Replace(s))) }

// lowest returns the lowest number, and whether all are whole.
func lowest(data []float64) (least float64, whole bool) {
	whole = true
	for _, v := range data {
		least = min(least, v)
		whole = whole && v == math.Trunc(v)
	}
	return least, whole
}
