package check

// A line goes through the parameters as they are. Along it all entries to compare move at once.
type line struct {
	params      []Param
	index       [][]int     // of each parameter: the entries
	saved, step [][]float64 // of each entry: its value, and how far it moves at h = 1
	all         []int       // the numbers of all parameters
}

// newLine returns the line along which an entry of parameter n with value x moves by step(n, x).
func newLine(params []Param, step func(n int, x float64) float64) line {
	l := line{params: params}
	for n := range params {
		index := params[n].index()
		saved, steps := make([]float64, len(index)), make([]float64, len(index))
		for k, i := range index {
			saved[k] = params[n].Value[i]
			steps[k] = step(n, saved[k])
		}
		l.index, l.saved, l.step, l.all = append(l.index, index), append(l.saved, saved), append(l.step, steps), append(l.all, n)
	}
	return l
}

// move moves the given parameters by h along the line. 0 restores them, by assignment.
func (l *line) move(which []int, h float64) {
	for _, n := range which {
		value := l.params[n].Value
		for k, i := range l.index[n] {
			value[i] = l.saved[n][k]
			if h != 0 {
				value[i] += h * l.step[n][k]
			}
		}
	}
}
