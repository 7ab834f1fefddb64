package given

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

var (
	inputNames    = []string{"x", "target", "h0", "c0"}
	forwardNames  = []string{"y", "h", "c"}
	backwardNames = []string{"dy", "dh", "dc", "di", "df", "do", "dg", "dx", "dh0", "dc0"}
)

// isKnown tells whether a name stands in the table of an LSTM's arrays.
func isKnown(name string) bool {
	return slices.Contains(inputNames, name) || slices.Contains(forwardNames, name) || slices.Contains(backwardNames, name)
}

// names sorts the arrays of a file by their names.
type names struct {
	flat, params, grads, numeric map[string]*found // flat: those that are in none of the objects
	roles                        map[*found]role
	plain                        map[string]string // names in small letters, without signs
}

// A role is what an array is, and under which name. The parts of a dump are loss, param, grad, numeric, known and other.
type role struct{ part, name string }

// sortNames finds the role of each array.
func sortNames(all []*found) (map[*found]role, error) {
	n := &names{
		map[string]*found{}, map[string]*found{}, map[string]*found{}, map[string]*found{}, map[*found]role{}, map[string]string{},
	}
	objects := map[string]map[string]*found{"params": n.params, "grads": n.grads, "numeric": n.numeric}
	for _, f := range all {
		object, name := n.flat, f.Name
		if i := strings.IndexAny(name, "/."); i > 0 && objects[name[:i]] != nil {
			object, name = objects[name[:i]], name[i+1:]
		}
		if object[name] != nil {
			return nil, fmt.Errorf("%s: this name appears twice", quote(f.Name))
		}
		object[name] = f
	}
	for name, f := range n.params {
		n.roles[f] = role{"param", name}
	}
	for name, f := range n.flat {
		n.roles[f] = n.role(name)
	}
	for _, f := range all { // in order, so that the first error is always the same
		if r, ok := n.roles[f]; ok && r.part != "orphan" {
			continue
		} else if ok {
			return nil, n.orphan(f.Name, f.Name[1:])
		}
		if err := n.derivative(f); err != nil {
			return nil, err
		}
	}
	return n.roles, n.twice(all)
}

// role returns the role of a name outside the objects.
func (n *names) role(s string) role {
	if s == "loss" {
		return role{"loss", s}
	}
	base, prefix := "", ""
	if len(s) > 1 && (s[0] == 'd' || s[0] == 'n') {
		prefix, base = s[:1], s[1:]
	}
	if len(n.params) > 0 {
		parts, object := map[string]string{"d": "grad", "n": "numeric"}, n.grads
		if prefix == "n" {
			object = n.numeric
		}
		if prefix != "" && n.params[base] != nil && object[base] == nil && (len(object) == 0 || !isKnown(s)) {
			return role{parts[prefix], base}
		}
		if isKnown(s) {
			return role{"known", s}
		}
		return role{"other", s}
	}
	switch {
	case isKnown(s):
		return role{"known", s}
	case n.grads[s] != nil || n.grads["d"+s] != nil:
		return role{"param", s}
	case prefix == "d" && n.isParam(base):
		if n.grads[base] != nil || n.grads[s] != nil {
			return role{"other", s}
		}
		return role{"grad", base}
	case prefix == "n" && n.isParam(base) && n.flat["d"+s] == nil && len(n.flat[s].Data) == len(n.flat[base].Data):
		if n.numeric[base] != nil || n.numeric[s] != nil {
			return role{"other", s}
		}
		return role{"numeric", base}
	case n.flat["d"+s] == nil && (len(n.flat[s].Shape) == 0 || slices.Contains([]string{"i", "f", "o", "g"}, s)):
		return role{"other", s} // a setting, or the values of a gate
	case prefix == "d" && n.flat["d"+s] == nil && n.flat[base] == nil && (len(n.near(base)) > 0 || looksDerived(base)):
		return role{"orphan", s}
	}
	return role{"param", s}
}

// isParam tells whether a name outside the objects is a parameter, and not the derivative of one.
func (n *names) isParam(s string) bool {
	if n.flat[s] == nil || isKnown(s) || s == "loss" {
		return false
	}
	return !(len(s) > 1 && (s[0] == 'd' || s[0] == 'n' && n.flat["d"+s] == nil) && n.isParam(s[1:]))
}

// looksDerived tells whether d + base is meant as the gradient of base: dW, dbf, dweight, and not data.
func looksDerived(base string) bool {
	return base[0] >= 'A' && base[0] <= 'Z' || base[0] == '_' || len(base) <= 3 && strings.Contains("bwuv", base[:1]) ||
		strings.Contains(base, "weight") || strings.Contains(base, "bias") || strings.Contains(base, "kernel")
}

// derivative finds the role of an array in the object grads or numeric. Its name is the parameter's, or has d or n before it.
func (n *names) derivative(f *found) error {
	part, prefix := "grad", "d"
	if strings.HasPrefix(f.Name, "numeric") {
		part, prefix = "numeric", "n"
	}
	name := f.Name[strings.IndexAny(f.Name, "/.")+1:]
	isParam := func(s string) bool {
		return n.params[s] != nil || len(n.params) == 0 && n.flat[s] != nil && n.roles[n.flat[s]].part == "param"
	}
	for _, try := range []string{name, strings.TrimPrefix(name, prefix), strings.TrimPrefix(name, "d")} {
		switch {
		case isParam(try):
			n.roles[f] = role{part, try}
			return nil
		case part == "grad" && isKnown("d"+try):
			n.roles[f] = role{"known", "d" + try} // grads may have x, h0 and c0
			return nil
		case isKnown("d" + try):
			n.roles[f] = role{"other", f.Name}
			return nil
		}
	}
	return n.orphan(f.Name, name)
}

// orphan returns the error of a derivative without its parameter.
func (n *names) orphan(name, base string) error {
	hint := "; a gradient is called d + the parameter's name, or stands under the parameter's name in an object grads"
	if near := n.near(base); len(near) > 0 {
		hint = ": do you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("%s: there is no parameter %s%s", quote(name), quote(base), hint)
}

// near returns names of parameters without a gradient that resemble s, at most three.
func (n *names) near(s string) (near []string) {
	plain := func(s string) string {
		if n.plain[s] == "" {
			n.plain[s] = strings.ToLower(signs.Replace(s))
		}
		return n.plain[s]
	}
	for _, all := range []map[string]*found{n.params, n.flat} {
		for name := range all {
			isFlat := n.flat[name] != nil && n.params[name] == nil
			if isFlat && (!n.isParam(name) || len(n.params) > 0 || strings.HasSuffix(name, s) && len(name) == len(s)+1) || n.flat["d"+name] != nil || n.grads[name] != nil {
				continue
			}
			if plain(name) == plain(s) || len(name) > 1 && len(s) > 1 && oneEdit(name, s) {
				near = append(near, quote(name))
			}
		}
	}
	slices.Sort(near)
	return near[:min(len(near), 3)]
}

var signs = strings.NewReplacer("_", "", ".", "", "/", "", "-", "")

// oneEdit tells whether one inserted, deleted or changed byte makes a of b.
func oneEdit(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	return len(a) == len(b) && i < len(a) && a[i+1:] == b[i+1:] || len(a) == len(b)+1 && a[i+1:] == b[i:]
}

// twice returns an error if two arrays have the same role, if a derivative does not have its parameter's shape, or if
// an array has no numbers.
func (n *names) twice(all []*found) error {
	seen := make(map[role]*found)
	for _, f := range all {
		r := n.roles[f]
		if r.part == "other" {
			continue
		}
		if len(f.Data) == 0 {
			return fmt.Errorf("%s: it is empty", quote(f.Name))
		}
		if seen[r] != nil {
			return fmt.Errorf("%s: it is the same as %s", quote(f.Name), quote(seen[r].Name))
		}
		seen[r] = f
	}
	for _, f := range all {
		r := n.roles[f]
		if r.part != "grad" && r.part != "numeric" {
			continue
		}
		p := seen[role{"param", r.name}]
		if p == nil { // the numerical derivative of a setting
			n.roles[f] = role{"other", f.Name}
		} else if !slices.Equal(squeeze(p.Shape), squeeze(f.Shape)) {
			return fmt.Errorf("%s: it has the shape %s, and %s has %s", quote(f.Name), shape(f.Shape), quote(p.Name), shape(p.Shape))
		}
	}
	return nil
}

// squeeze returns a shape without axes of length 1.
func squeeze(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(n int) bool { return n == 1 })
}

// shape returns a shape as Python writes it.
func shape(s []int) string {
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(s), " ", ","), "[]")
	return "(" + text + ")"
}

// usable returns an error if an array that the forward pass needs has an entry that is no finite number.
func usable(f *found) error {
	for i, v := range f.Data {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			continue
		}
		what := fmt.Sprint(v)
		if f.Null != nil && f.Null[i] {
			what = "null"
		}
		where := quote(f.Name)
		for axis := range f.Shape {
			rest := 1
			for _, n := range f.Shape[axis+1:] {
				rest *= n
			}
			where += fmt.Sprintf("[%d]", i/rest%f.Shape[axis])
		}
		return fmt.Errorf("%s is %s: a loss needs finite numbers here", where, what)
	}
	return nil
}
