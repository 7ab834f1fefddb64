package table

import "errors"

// zones returns an error if the offsets of times are many, or change often: then 05:00-06:00 is an hour, and no time in a zone.
func zones(offsets []int8) error {
	const most, few = 4, 2 // of one place: in all of its history, and in a year
	var seen [256]bool
	kinds, changes := 0, 0
	for i, z := range offsets {
		if !seen[uint8(z)] {
			seen[uint8(z)] = true
			kinds++
		}
		if i > 0 && z != offsets[i-1] {
			changes++
		}
	}
	if kinds > most || kinds > few && 4*changes > len(offsets) {
		return errors.New("the zones of the times differ: if 05:00-06:00 is an hour from 5 to 6, put spaces around the dash, or leave out its end")
	}
	return nil
}

// strays returns the index of the first date that is out of order, if few are. Otherwise it returns 0.
func strays(micros []int64) (first int) {
	up, down := 0, 0
	upAt, downAt := 0, 0
	for i := 1; i < len(micros); i++ {
		switch {
		case micros[i] > micros[i-1]:
			if up++; upAt == 0 {
				upAt = i
			}
		case micros[i] < micros[i-1]:
			if down++; downAt == 0 {
				downAt = i
			}
		}
	}
	few := max(2, len(micros)/50)
	switch {
	case down <= few:
		return downAt
	case up <= few:
		return upAt
	}
	return 0
}
