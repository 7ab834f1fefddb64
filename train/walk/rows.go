package walk

const mostRows = 3 // rows of x, y or dy

// add adds a step to the rows of a name. Without numbers it adds zeros.
func (w *Walk) add(name string, v []float64) {
	n := min(len(v), mostRows)
	if v == nil {
		n = min(w.O, mostRows)
		v = make([]float64, n)
	}
	if w.Numbers[name] == nil {
		w.Numbers[name] = make([][]float64, n)
	}
	for k := range n {
		w.Numbers[name][k] = append(w.Numbers[name][k], v[k])
	}
}

func (n Numbers) add(more Numbers) {
	for name, rows := range more {
		n[name] = rows
	}
}

// hot reports whether an input is a symbol: one of several names has a 1, and the others have 0.
func hot(names []string, x []float64) bool {
	if len(names) < mostRows+1 || len(names) != len(x) {
		return false
	}
	ones := 0
	for _, v := range x {
		switch v {
		case 1:
			ones++
		case 0:
		default:
			return false
		}
	}
	return ones == 1
}

// likeliest returns the index of the greatest number.
func likeliest(x []float64) int {
	best := 0
	for k, v := range x {
		if v > x[best] {
			best = k
		}
	}
	return best
}

// count returns the n numbers from 0.
func count(n int) []int {
	all := make([]int, n)
	for k := range all {
		all[k] = k
	}
	return all
}
