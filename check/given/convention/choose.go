package convention

import (
	"slices"
	"strings"

	"lstm/check/pass"
)

// attempts visits all ways to make the choices that a place leaves open, for one cost.
func (p *place) attempts(cost int, visit func(*attempt)) {
	if p.cost > cost {
		return
	}
	for _, f := range p.families() {
		for _, o := range p.gateOrders(f.family) {
			for _, c := range cells {
				if c.forget != 0 && f.family == noForget {
					continue
				}
				a := &attempt{place: p, family: f.family, gates: o.gates, cell: c.cell, cost: p.cost + f.cost + o.cost + c.cost}
				a.choose(cost, visit)
			}
		}
	}
}

// choose picks a layout for each unit that has none yet.
func (a *attempt) choose(cost int, visit func(*attempt)) {
	k := len(a.pick)
	if a.cost > cost {
		return
	}
	if k == len(a.units) {
		if a.cost+a.turned() == cost {
			done := *a
			done.pick, done.cost = slices.Clone(a.pick), cost
			visit(&done)
		}
		return
	}
	for i, l := range a.units[k].layouts {
		a.pick, a.cost = append(a.pick, i), a.cost+l.order.cost
		a.choose(cost, visit)
		a.pick, a.cost = a.pick[:k], a.cost-l.order.cost
	}
}

// turned returns 1 if one matrix of the gates has its rows where another has its columns.
func (a *attempt) turned() int {
	seen := 0
	for k := range a.units {
		l := &a.units[k].layouts[a.pick[k]]
		n := len(l.size)
		if a.units[k].to != 'g' || l.size[n-1] == 1 || l.size[n-2] == 1 {
			continue
		}
		if slices.Index(l.order.axes, n-2) < slices.Index(l.order.axes, n-1) {
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
func (p *place) families() []familyCost {
	if p.gates == 4 {
		return []familyCost{{full, 0}}
	}
	all := []familyCost{{coupledF, 0}, {noForget, 0}, {coupledI, 1}, {noOutput, 2}}
	return slices.DeleteFunc(all, func(f familyCost) bool {
		return slices.ContainsFunc(p.units, func(u placed) bool {
			return u.rows[0] != "p" && slices.Contains(u.gates, missing[f.family])
		})
	})
}

type gateOrder struct {
	gates []int
	cost  int
}

// gateOrders returns the orders that the gates can have in arrays whose names do not tell.
func (p *place) gateOrders(f family) (all []gateOrder) {
	names, open := "", false
	for _, u := range p.units {
		if u.to == 'g' && len(u.gates) == 0 {
			names, open = names+" "+strings.Join(u.names, " "), true
		}
	}
	if !open {
		return []gateOrder{{}}
	}
	for _, order := range permutations(4) {
		o, letters := gateOrder{}, ""
		for _, gate := range order {
			if gate != missing[f] {
				o.gates, letters = append(o.gates, gate), letters+"ifog"[gate:gate+1]
			}
		}
		if !slices.ContainsFunc(all, func(old gateOrder) bool { return slices.Equal(old.gates, o.gates) }) {
			o.cost = orderCost(letters, names)
			all = append(all, o)
		}
	}
	return all
}

// usualOrders has the orders that libraries and courses use.
const usualOrders = " ifog ifgo iofg igfo figo fiog gifo figo figo "

// orderCost returns 0 for the order that the names tell of, 1 for the other usual ones, and 2.
func orderCost(letters, names string) int {
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
	case letters == hinted || spelt(letters):
		return 0
	case strings.Contains(usualOrders, letters):
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

var _ = pass.I
