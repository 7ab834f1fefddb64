package walk

import (
	"cmp"
	"slices"
)

// Memory returns all units in order, beginning with the one that the last answer depends on most, and the Spot of that
// one. A walk around a fault begins with another unit.
func (w *Walk) Memory() (units []int, s Spot) {
	s = slices.MaxFunc(w.Spots, func(a, b Spot) int { return cmp.Compare(a.Weight, b.Weight) })
	k := slices.Index(w.Spots, s)
	units = append([]int{w.Units[k]}, w.Order...)
	return slices.Delete(units, k+1, k+2), s
}
