package check

import (
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// A Param is a parameter, a vector or a matrix, with the gradient to judge.
type Param struct {
	Name        string             // no two parameters have the same name
	Value, Grad []float64          // two slices of the same length; the loss reads Value
	Index       []int              // the entries to compare; nil means all
	Entry       func(i int) string // returns the name of entry i; nil means Name[i]
	Cols        int                // the columns of a matrix whose entries are all compared; 0 for a vector
}

func (p *Param) entry(i int) string {
	if p.Entry != nil {
		return p.Entry(i)
	}
	return fmt.Sprintf("%s[%d]", p.Name, i)
}

// index returns the entries to compare.
func (p *Param) index() []int {
	if p.Index != nil {
		return p.Index
	}
	all := make([]int, len(p.Value))
	for i := range all {
		all[i] = i
	}
	return all
}

// gradient returns Grad at the entries to compare.
func (p *Param) gradient() []float64 {
	var g []float64
	for _, i := range p.index() {
		g = append(g, p.Grad[i])
	}
	return g
}

// validate returns an error unless every parameter has its own name and some entries to compare, and no entry
// is compared twice. All values must be finite. Gradients must be finite at entries that are not compared.
func validate(params []Param) error {
	if len(params) == 0 {
		return errors.New("check: there are no parameters, so there is nothing to compare")
	}
	names := make(map[string]bool)
	for n := range params {
		p := &params[n]
		index := p.index()
		switch {
		case p.Name == "":
			return fmt.Errorf("check: parameter %d has no name", n)
		case names[p.Name]:
			return fmt.Errorf("check: %s: two parameters have this name", p.Name)
		case len(p.Value) != len(p.Grad):
			return fmt.Errorf("check: %s: Value has %d entries, Grad has %d", p.Name, len(p.Value), len(p.Grad))
		case len(index) == 0:
			return fmt.Errorf("check: %s has no entries, so there is nothing to compare", p.Name)
		case p.Cols < 0 || p.Cols > 0 && len(index)%p.Cols != 0:
			return fmt.Errorf("check: %s: %d entries do not fill rows of %d columns", p.Name, len(index), p.Cols)
		}
		names[p.Name] = true
		for _, i := range index {
			if i < 0 || i >= len(p.Value) {
				return fmt.Errorf("check: %s: Index has %d, but Value has %d entries", p.Name, i, len(p.Value))
			}
		}
		for i, v := range p.Value {
			if !finite(v) {
				return fmt.Errorf("check: %s is %v", p.entry(i), v)
			}
		}
	}
	return apart(params)
}

// apart returns an error if two compared entries are the same memory, if a Value and a Grad share memory, or if the
// gradient of an entry that is not compared is NaN or Inf.
func apart(params []Param) error {
	compared := make(map[*float64][]*Param) // [first element of Value][i]: the parameter that compares entry i
	for n := range params {
		p := &params[n]
		owner := compared[&p.Value[0]]
		owner = append(owner, make([]*Param, max(0, len(p.Value)-len(owner)))...)
		for _, i := range p.index() {
			if owner[i] != nil {
				return fmt.Errorf("check: %s is the same memory as %s", p.entry(i), owner[i].entry(i))
			}
			owner[i] = p
		}
		compared[&p.Value[0]] = owner
	}
	for n := range params {
		p := &params[n]
		for i, g := range p.Grad {
			if !finite(g) && compared[&p.Value[0]][i] == nil {
				return fmt.Errorf("check: the gradient of %s is %v", p.entry(i), g)
			}
		}
		for m := range params {
			q := &params[m]
			if _, _, shared := overlap(p.Value, q.Grad); shared {
				return fmt.Errorf("check: the Value of %s and the Grad of %s share memory", p.Name, q.Name)
			}
			if i, k, shared := overlap(p.Value, q.Value); shared && &p.Value[0] != &q.Value[0] {
				return fmt.Errorf("check: %s is the same memory as %s", p.entry(i), q.entry(k))
			}
		}
	}
	return nil
}

// overlap returns the first elements of a and b that are the same memory.
func overlap(a, b []float64) (i, k int, shared bool) {
	d := int(uintptr(unsafe.Pointer(&b[0]))-uintptr(unsafe.Pointer(&a[0]))) / 8 // entries from a to b
	return max(0, d), max(0, -d), -len(b) < d && d < len(a)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// A line goes through the current parameters. All entries to compare move along it at once.
type line struct {
	params      []Param
	index       [][]int     // for each parameter: the entries
	saved, step [][]float64 // for each entry: its value, and its move at h = 1
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

// move moves the given parameters by h along the line. h = 0 restores them, by assignment.
func (l *line) move(which []int, h float64) {
	for _, n := range which {
		value := l.params[n].Value
		for k, i := range l.index[n] {
			value[i] = l.saved[n][k]
			if h != 0 {
				value[i] += float64(h * l.step[n][k]) // float64: not fused, so the same on every machine
			}
		}
	}
}
