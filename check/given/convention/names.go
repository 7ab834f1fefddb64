package convention

import (
	"slices"
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

// A unit is what takes a role together: one array, or an array for each gate.
type unit struct {
	arrays []int    // indices of the parameters of the file
	gates  []int    // the gate of each array; nil if the names do not tell, or if it is one array
	names  []string // of the arrays
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

// named finds the arrays whose names differ in the word for a gate only, and that have the same shape. What is
// left over is one unit an array.
func named(params []given.Array) []unit {
	type group [5]int // the array for each gate, or any gate, plus 1
	var groups []*group
	find := make(map[string]*group)
	for n, a := range params {
		for from := range a.Name {
			for to := from + 1; to <= len(a.Name); to++ {
				gate, rank := word(a.Name[from:to])
				if gate < 0 {
					continue
				}
				key := a.Name[:from] + "*" + a.Name[to:] + " " + shapeKey(trim(a.Shape))
				g := find[key]
				if g == nil {
					g = new(group)
					find[key], groups = g, append(groups, g)
				}
				if old := g[gate]; old == 0 || rank < rankIn(params[old-1].Name, a.Name[:from], a.Name[to:]) {
					g[gate] = n + 1
				}
			}
		}
	}
	var units []unit
	used := make([]bool, len(params))
	for _, size := range []int{4, 3} {
		for _, g := range groups {
			if u, ok := complete(*g, size, used); ok {
				units = append(units, u)
				for _, n := range u.arrays {
					used[n] = true
				}
			}
		}
	}
	for n := range params {
		if !used[n] {
			units = append(units, unit{arrays: []int{n}})
		}
	}
	return label(units, params)
}

// label sorts units by their first array, and gives them their names.
func label(units []unit, params []given.Array) []unit {
	for k := range units {
		units[k].names = nil
		for _, n := range units[k].arrays {
			units[k].names = append(units[k].names, params[n].Name)
		}
	}
	slices.SortFunc(units, func(a, b unit) int { return slices.Min(a.arrays) - slices.Min(b.arrays) })
	return units
}

func rankIn(name, before, after string) int {
	_, rank := word(name[len(before) : len(name)-len(after)])
	return rank
}

// complete makes a unit of a group with arrays for all gates, or for three of them.
func complete(g [5]int, size int, used []bool) (u unit, ok bool) {
	missing := -1
	for gate, n := range g[:4] {
		switch {
		case n > 0 && !used[n-1]:
			u.arrays, u.gates = append(u.arrays, n-1), append(u.gates, gate)
		default:
			missing = gate
		}
	}
	if n := g[4]; size == 4 && len(u.arrays) == 3 && n > 0 && !used[n-1] && !slices.Contains(u.arrays, n-1) {
		u.arrays, u.gates = append(u.arrays, n-1), append(u.gates, missing)
	}
	sorted := slices.Sorted(slices.Values(u.arrays))
	return u, len(u.arrays) == size && len(slices.Compact(sorted)) == size
}

func shapeKey(shape []int) string {
	var b strings.Builder
	for _, n := range shape {
		b.WriteByte(',')
		b.WriteString(itoa(n))
	}
	return b.String()
}

// A partition makes units of all arrays.
type partition struct {
	units []unit
	cost  int
}

// partitions returns the ways to make units: by names first; then, for names that do not tell, runs of four or three
// arrays of one shape; then the same without names, which costs more if the names tell something.
func partitions(params []given.Array) (all []partition) {
	add := func(units []unit, cost int) {
		if !slices.ContainsFunc(all, func(old partition) bool { return sameUnits(old.units, units) }) {
			all = append(all, partition{units, cost})
		}
	}
	var alone []unit
	for n := range params {
		alone = append(alone, unit{arrays: []int{n}})
	}
	first := named(params)
	add(first, 0)
	cost := 1
	for _, units := range [][]unit{first, label(alone, params)} {
		add(units, cost)
		for _, size := range []int{4, 3} {
			for _, pick := range []func(same []int) [][]int{
				func(same []int) [][]int { return runs(same, size, 0) },
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
func byShape(units []unit, params []given.Array, pick func(same []int) [][]int) (all []unit) {
	shapes := make(map[string][]int)
	var keys []string
	for _, u := range units {
		if len(u.arrays) > 1 {
			all = append(all, u)
			continue
		}
		key := shapeKey(trim(params[u.arrays[0]].Shape)) + string(rune(told(u)))
		if shapes[key] == nil {
			keys = append(keys, key)
		}
		shapes[key] = append(shapes[key], u.arrays[0])
	}
	for _, key := range keys {
		alone := slices.Clone(shapes[key])
		for _, piece := range pick(shapes[key]) {
			all = append(all, unit{arrays: piece})
			alone = slices.DeleteFunc(alone, func(n int) bool { return slices.Contains(piece, n) })
		}
		for _, n := range alone {
			all = append(all, unit{arrays: []int{n}})
		}
	}
	return label(all, params)
}

func sameUnits(a, b []unit) bool {
	return slices.EqualFunc(a, b, func(a, b unit) bool { return slices.Equal(a.arrays, b.arrays) })
}
