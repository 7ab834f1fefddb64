package table

import "errors"

// zones returns an error if the offsets of times are many, or change often: then 05:00-06:00 is an hour, and no time in a zone.
func zones(offsets []int8) error {
	const most, few = 4, 2 // of one place: in all of its history, and in a year
	seen := make(map[int8]bool)
	changes := 0
	for i, z := range offsets {
		seen[z] = true
		if i > 0 && z != offsets[i-1] {
			changes++
		}
	}
	if len(seen) > most || len(seen) > few && 4*changes > len(offsets) {
		return errors.New("the zones of the times differ: if 05:00-06:00 is an hour from 5 to 6, put spaces around the dash, or leave out its end")
	}
	return nil
}
