package plot

import (
	"strconv"
)

const (
	tints = 16
	gap   = -tints - 1 // in place of a tint: there is no number
)

// tinted draws a path in tint k of a scale's role. Tint 0 is white and needs no path.
func (d *drawing) tinted(role Role, k int, trace string) {
	if k == 0 || trace == "" {
		return
	}
	class := map[Role][2]string{Backward: {"back", "back"}, Within: {"in", "out"}}[role]
	if class[0] == "" {
		class = [2]string{"plus", "minus"}
	}
	i := 0
	if k < 0 {
		i, k = 1, -k
	}
	d.Elements = append(d.Elements, element{Class: class[i], Path: trace, Opacity: strconv.FormatFloat(float64(k)/tints, 'f', 2, 64)})
}
