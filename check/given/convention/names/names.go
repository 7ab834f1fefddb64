// Package names tells what the names of a program's arrays say: which arrays belong together because their names differ only
// in the word for a gate (Wf Wi Wc Wo, forget_gate.bias input_gate.bias …), and what an array is likely to be (Why is a
// readout, recurrent_kernel has the weights from the units). Names are hints. The loss decides.
package names

import (
	"slices"
	"strconv"
	"strings"

	"lstm/check/given"
	"lstm/check/pass"
)

// gateWords has the words for each gate, the usual ones first. The gates are those of package pass.
var gateWords = [4][]string{
	pass.I: {"i", "input", "ingate", "ig", "igate", "in", "inp", "input_gate", "write"},
	pass.F: {"f", "forget", "forgetgate", "fg", "fgate", "forget_gate", "remember", "keep"},
	pass.O: {"o", "output", "outgate", "og", "ogate", "out", "output_gate"},
	pass.G: {"g", "c", "cell", "candidate", "cand", "j", "a", "z", "gg", "ggate", "cgate", "cc", "chat", "ctilde", "c_tilde",
		"c_hat", "c_bar", "cbar", "ct", "block", "tanh", "memory", "mem", "state", "new", "modulation"},
}

// anyGate has the words that stand for the one gate that is left, whichever it is.
var anyGate = []string{"u", "update", "n", "s", "k", "m"}

// A Unit is what takes a role together: one array, or an array for each gate.
type Unit struct {
	Arrays []int    // indices of the parameters of the file
	Gates  []int    // the gate of each array; nil if the names do not tell, or if it is one array
	Names  []string // of the arrays
}

// word returns the gate that a word stands for, and how usual the word is (0: most). Gate 4 is any.
func word(s string) (gate, rank int) {
	s = strings.ToLower(s)
	for gate, words := range gateWords {
		if k := slices.Index(words, s); k >= 0 {
			return gate, k
		}
	}
	if k := slices.Index(anyGate, s); k >= 0 {
		return 4, k
	}
	return -1, 0
}

// Named finds the arrays whose names differ in the word for a gate only, and that have the same shape. What is
// left over is one unit an array.
func Named(params []given.Array) (units []Unit) {
	used := make([]bool, len(params))
	all := groups(params)
	for _, size := range []int{4, 3} {
		for _, g := range all {
			if u, ok := complete(*g, size, used); ok {
				units = append(units, u)
				for _, n := range u.Arrays {
					used[n] = true
				}
			}
		}
	}
	for n := range params {
		if !used[n] {
			units = append(units, Unit{Arrays: []int{n}})
		}
	}
	return label(units, params)
}

// A group has the array for each gate, and for any gate, plus 1.
type group [5]int

// groups returns the arrays whose names are the same but for a word for a gate.
func groups(params []given.Array) (all []*group) {
	find := make(map[string]*group)
	for n, a := range params {
		for from := range a.Name {
			for to := from + 1; to <= len(a.Name); to++ {
				gate, rank := word(a.Name[from:to])
				before, after := a.Name[:from], a.Name[to:]
				if gate < 0 || to == from+1 && alphabet(params, before, after) {
					continue
				}
				key := before + "*" + after + " " + shapeKey(a.Shape)
				g := find[key]
				if g == nil {
					g = new(group)
					find[key], all = g, append(all, g)
				}
				if old := g[gate]; old == 0 || rank < rankIn(params[old-1].Name, before, after) {
					g[gate] = n + 1
				}
			}
		}
	}
	return all
}

// alphabet reports whether arrays are called A B C D …: then F, G, I and O are no gates.
func alphabet(params []given.Array, before, after string) bool {
	for _, letter := range "ABCD" {
		if !slices.ContainsFunc(params, func(a given.Array) bool { return strings.EqualFold(a.Name, before+string(letter)+after) }) {
			return false
		}
	}
	return true
}

// label sorts units by their first array, and gives them their names.
func label(units []Unit, params []given.Array) []Unit {
	for k := range units {
		units[k].Names = nil
		for _, n := range units[k].Arrays {
			units[k].Names = append(units[k].Names, params[n].Name)
		}
	}
	slices.SortFunc(units, func(a, b Unit) int { return slices.Min(a.Arrays) - slices.Min(b.Arrays) })
	return units
}

func rankIn(name, before, after string) int {
	_, rank := word(name[len(before) : len(name)-len(after)])
	return rank
}

// complete makes a unit of a group with arrays for all gates, or for three of them.
func complete(g [5]int, size int, used []bool) (u Unit, ok bool) {
	free := func(n int) bool { return n > 0 && !used[n-1] }
	have, missing := 0, 0
	for gate, n := range g[:4] {
		if free(n) {
			have++
		} else {
			missing = gate
		}
	}
	if size == 4 && have == 3 {
		g[missing], have = g[4], 4
	}
	for gate, n := range g[:4] {
		if free(n) && !slices.Contains(u.Arrays, n-1) {
			u.Arrays, u.Gates = append(u.Arrays, n-1), append(u.Gates, gate)
		}
	}
	return u, have == size && len(u.Arrays) == size
}

// shapeKey returns a text for a shape without axes of length 1.
func shapeKey(shape []int) string {
	var b strings.Builder
	for _, n := range shape {
		if n != 1 {
			b.WriteString(" " + strconv.Itoa(n))
		}
	}
	return b.String()
}

// A Partition makes units of all arrays.
type Partition struct {
	Units []Unit // in the order of their first arrays
	Cost  int    // 0 for the units that names tell of
}

// Partitions returns the ways to make units: by names first; then, for names that do not tell, runs of four or three
// arrays of one shape; then the same without names, which costs more if the names tell something.
func Partitions(params []given.Array) (all []Partition) {
	add := func(units []Unit, cost int) {
		if !slices.ContainsFunc(all, func(old Partition) bool { return sameUnits(old.Units, units) }) {
			all = append(all, Partition{units, cost})
		}
	}
	var alone []Unit
	for n := range params {
		alone = append(alone, Unit{Arrays: []int{n}})
	}
	first := Named(params)
	add(first, 0)
	cost := 1
	for _, units := range [][]Unit{first, label(alone, params)} {
		add(units, cost)
		for _, size := range []int{4, 3} {
			for _, pick := range []func(same []int) [][]int{
				func(same []int) [][]int { return runs(same, size, 0) },
				func(same []int) [][]int { return runs(same[:min(size, len(same))], size, 0) },
				func(same []int) [][]int { return runs(same[:min(2*size, len(same))], size, 0) },
				func(same []int) [][]int { return runs(same, size, len(same)%size) },
				func(same []int) [][]int { return strides(same, size) },
			} {
				fours := byShape(units, params, pick)
				add(fours, cost)
				add(byShape(fours, params, func(same []int) [][]int { return runs(same, 3, 0) }), cost) // peepholes
			}
		}
		if len(first) < len(params) {
			cost = 3
		}
	}
	return all
}

// runs cuts a list into pieces of a size, from the first entry on.
func runs(list []int, size, first int) (all [][]int) {
	for first+size <= len(list) {
		all = append(all, list[first:first+size])
		first += size
	}
	return all
}

// strides deals a list out: with two pieces, the entries 0, 2, 4, 6 and 1, 3, 5, 7.
func strides(list []int, size int) [][]int {
	n := len(list) / size
	all := make([][]int, n)
	for k := range n * size {
		all[k%n] = append(all[k%n], list[k])
	}
	return all
}

// byShape makes units of the arrays that are alone in theirs, shape by shape.
func byShape(units []Unit, params []given.Array, pick func(same []int) [][]int) (all []Unit) {
	shapes := make(map[string][]int)
	var keys []string
	for _, u := range units {
		if len(u.Arrays) > 1 {
			all = append(all, u)
			continue
		}
		key := shapeKey(params[u.Arrays[0]].Shape) + string(rune(u.Told()))
		if shapes[key] == nil {
			keys = append(keys, key)
		}
		shapes[key] = append(shapes[key], u.Arrays[0])
	}
	for _, key := range keys {
		alone := slices.Clone(shapes[key])
		for _, piece := range pick(shapes[key]) {
			all = append(all, Unit{Arrays: piece})
			alone = slices.DeleteFunc(alone, func(n int) bool { return slices.Contains(piece, n) })
		}
		for _, n := range alone {
			all = append(all, Unit{Arrays: []int{n}})
		}
	}
	return label(all, params)
}

func sameUnits(a, b []Unit) bool {
	return slices.EqualFunc(a, b, func(a, b Unit) bool { return slices.Equal(a.Arrays, b.Arrays) })
}

// hints has parts of names, and the form that each tells of: the first part that a name has decides. b is a bias, h
// a recurrent matrix, x an input matrix, y a readout, p a peephole, e an embedding.
var hints = []struct {
	part string
	form string
}{
	{"embed", "e"}, {"emb", "e"}, {"wte", "e"}, {"lookup", "e"},
	{"peep", "p"},
	{"weight_ih", "x"}, {"weight_hh", "h"}, {"bias_ih", "b"}, {"bias_hh", "b"},
	{"recurrent", "h"}, {"lstm/kernel", "x"}, {"lstm/bias", "b"},
	{"dense", "y"}, {"linear", "y"}, {"readout", "y"}, {"fc.", "y"}, {"fc_", "y"}, {"head", "y"}, {"decoder", "y"}, {"proj", "y"},
	{"logit", "y"}, {"softmax", "y"}, {"why", "y"}, {"w_hy", "y"}, {"hy", "y"}, {"wy", "y"}, {"w_y", "y"}, {"by", "y"}, {"b_y", "y"},
	{"wv", "y"}, {"w_v", "y"}, {"bv", "y"}, {"b_v", "y"}, {"wout", "y"}, {"w_out", "y"}, {"bout", "y"}, {"b_out", "y"}, {"out_", "y"},
	{"h2o", "y"},
	{"bias", "b"},
	{"h2h", "h"}, {"hh", "h"}, {"wh", "h"}, {"w_h", "h"}, {"rec", "h"},
	{"i2h", "x"}, {"x2h", "x"}, {"ih", "x"}, {"wx", "x"}, {"w_x", "x"}, {"xh", "x"}, {"kernel", "x"},
}

// Told returns what the names of a unit tell of its form; 0 if nothing.
func (u Unit) Told() byte {
	name := strings.ToLower(u.Names[0])
	for _, h := range hints {
		if strings.Contains(name, h.part) && (len(u.Arrays) == 1 || h.form != "y") {
			return h.form[0]
		}
	}
	switch short := name[strings.LastIndexAny(name, "./_")+1:]; {
	case len(u.Gates) == 0 && (short == "v" || short == "d"):
		return 'y'
	case strings.HasPrefix(short, "b"):
		return 'b'
	case strings.HasPrefix(short, "u") || strings.HasPrefix(short, "r"):
		return 'h'
	case strings.HasPrefix(short, "p"):
		return 'p'
	case short == "e":
		return 'e'
	}
	return 0
}

// State returns 'h' or 'c' if the name is one of the h or c before the first step, and else 0.
func (u Unit) State() byte {
	name := strings.ToLower(u.Names[0])
	name = name[strings.LastIndexAny(name, "./")+1:]
	bare := strings.NewReplacer("initial", "", "init", "", "prev", "", "zero", "", "0", "", "_", "", "state", "").Replace(name)
	if bare == name || len(u.Arrays) > 1 {
		return 0
	}
	switch bare {
	case "h", "hidden":
		return 'h'
	case "c", "cell":
		return 'c'
	}
	return 0
}
