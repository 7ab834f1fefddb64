package walk

import "slices"

// Memory returns all units in order, beginning with the one that the answer depends on most, and the Spot of that
// one. A walk around a fault begins with another unit.
func (w *Walk) Memory() (units []int, s Spot) {
	k := 0
	for i, s := range w.Spots {
		if s.Weight > w.Spots[k].Weight {
			k = i
		}
	}
	units = append([]int{w.Units[k]}, w.Order...)
	return slices.Delete(units, k+1, k+2), w.Spots[k]
}
