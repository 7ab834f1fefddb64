package trial

import (
	"slices"
	"strings"

	"lstm/check/given/convention/place"
)

// Each visits all ways to make the choices that a place leaves open, for one cost.
func Each(p *place.Place, cost int, visit func(*Trial)) {
	if p.Cost > cost {
		return
	}
	for _, f := range families(p) {
		for _, o := range gateOrders(p, f.family) {
			for _, c := range cells {
				if c.forget != 0 && f.family == noForget {
					continue
				}
				t := &Trial{Place: p, family: f.family, order: o.gates, cell: c.cell, Cost: p.Cost + f.cost + o.cost + c.cost}
				t.choose(cost, 0, visit)
			}
		}
	}
}

// choose picks a layout for each unit that has none yet. An unusual layout costs once: programs have one for all arrays. worst
// is what it costs so far.
func (t *Trial) choose(cost, worst int, visit func(*Trial)) {
	k := len(t.pick)
	if t.Cost+worst > cost {
		return
	}
	if k == len(t.Units) {
		if t.Cost+worst+t.turned() == cost {
			done := *t
			done.pick, done.Cost = slices.Clone(t.pick), cost
			visit(&done)
		}
		return
	}
	for i, l := range t.Units[k].Layouts {
		t.pick = append(t.pick[:k], i)
		t.choose(cost, max(worst, l.Cost), visit)
	}
	t.pick = t.pick[:k]
}

// turned returns 1 if one matrix of the gates has its rows where another has its columns.
func (t *Trial) turned() int {
	seen := 0
	for k := range t.Units {
		l := &t.Units[k].Layouts[t.pick[k]]
		n := len(l.Size)
		if t.Units[k].To != 'g' || l.Size[n-1] == 1 || l.Size[n-2] == 1 {
			continue
		}
		if slices.Index(l.Axes, n-2) < slices.Index(l.Axes, n-1) {
			seen |= 1
		} else {
			seen |= 2
		}
	}
	return seen / 3
}

type familyCost struct {
	family
	cost int
}

// families returns what can have become of the gate without arrays.
func families(p *place.Place) []familyCost {
	if p.Gates == 4 {
		return []familyCost{{full, 0}}
	}
	all := []familyCost{{coupledF, 0}, {noForget, 0}, {coupledI, 1}, {noOutput, 2}}
	return slices.DeleteFunc(all, func(f familyCost) bool {
		return slices.ContainsFunc(p.Units, func(u place.Placed) bool {
			return u.Rows[0] != "p" && slices.Contains(u.Gates, missing[f.family])
		})
	})
}

type gateOrder struct {
	gates []int
	cost  int
}

// gateOrders returns the orders that the gates can have in arrays whose names do not tell.
func gateOrders(p *place.Place, f family) (all []gateOrder) {
	names, open := "", false
	for _, u := range p.Units {
		if u.To == 'g' && len(u.Gates) == 0 {
			names, open = names+" "+strings.Join(u.Names, " "), true
		}
	}
	if !open {
		return []gateOrder{{}}
	}
	for _, order := range place.Permutations(4) {
		o, text := gateOrder{}, ""
		for _, gate := range order {
			if gate != missing[f] {
				o.gates, text = append(o.gates, gate), text+letters[gate]
			}
		}
		if !slices.ContainsFunc(all, func(old gateOrder) bool { return slices.Equal(old.gates, o.gates) }) {
			o.cost = orderCost(text, names)
			all = append(all, o)
		}
	}
	return all
}

// usualOrders has the orders that libraries and courses use.
const usualOrders = " ifog ifgo iofg igfo figo fiog gifo "

// orderCost returns 0 for the order that the names tell of, 1 for the other usual ones, and 2.
func orderCost(order, names string) int {
	hinted := "ifog" // CS231n
	lower := strings.ToLower(names)
	switch {
	case strings.Contains(names, "_l0") || strings.Contains(lower, "weight_ih") || strings.Contains(lower, "kernel"):
		hinted = "ifgo" // PyTorch, Keras
	case strings.Contains(" "+names+" ", " W ") && strings.Contains(" "+names+" ", " R "):
		hinted = "iofg" // ONNX
	}
	spelt := func(order string) bool {
		return strings.Contains(lower, order) || strings.Contains(lower, strings.ReplaceAll(order, "g", "c"))
	}
	switch {
	case order == hinted || spelt(order):
		return 0
	case strings.Contains(usualOrders, order):
		return 1
	}
	return 2
}

type cellCost struct {
	cell
	cost int
}

// cells are the cells to try, the usual one first.
var cells = allCells()

func allCells() (all []cellCost) {
	for _, forget := range []float64{0, 1} {
		for _, hard := range []float64{0, 0.2, 1.0 / 6} {
			for _, linear := range []bool{false, true} {
				c := cellCost{cell: cell{linear, hard, forget}}
				for _, unusual := range []bool{linear, hard != 0, forget != 0} {
					if unusual {
						c.cost++
					}
				}
				all = append(all, c)
			}
		}
	}
	return all
}
