package train

// A Criterion says when a task is learnt: when the last so many sequences were all right
// and little off, or when all of some sets are right.
type Criterion struct {
	Says string // in words

	// Judge returns how far the outputs y (M,O) for a sequence are off, and whether that is
	// right.
	Judge func(s *Sequence, y []float64) (off float64, right bool)

	Last  int     // so many sequences on end must be right, before they were learnt from,
	Below float64 // and off by less than this in the mean;

	Sets  []*Sequence // or all of these, if there are any,
	Every int         // looked at after every so many sequences

	Fresh int // sequences to test with when it is learnt
}

// A Score is how the sequences went until now.
type Score struct {
	Right int // so many on end, up to the last

	offs []float64 // of the last so many
	n    int       // sequences
	sets bool      // whether the sets were right when they were last looked at
}

func (s *Score) add(off float64, right bool) {
	s.Right++
	if !right {
		s.Right = 0
	}
	if len(s.offs) > 0 {
		s.offs[s.n%len(s.offs)] = off
	}
	s.n++
}

// Off returns how far the last sequences, as many as the criterion asks for, were off in the
// mean.
func (s *Score) Off() float64 {
	sum := 0.0
	last := s.offs[:min(s.n, len(s.offs))]
	for _, off := range last {
		sum += off
	}
	return sum / float64(len(last))
}

// Learnt reports whether the task's criterion is met.
func (r *Run) Learnt() bool {
	c := r.Task.Criterion
	switch {
	case c == nil:
		return false
	case len(c.Sets) == 0:
		return r.Score.Right >= c.Last && r.Score.Off() < c.Below
	case r.Iter%c.Every == 0:
		r.Score.sets = r.right(c.Sets) == len(c.Sets)
	}
	return r.Score.sets
}

// right returns how many of the sequences the network gets right.
func (r *Run) right(sets []*Sequence) (n int) {
	for _, s := range sets {
		if _, ok := r.judge(s); ok {
			n++
		}
	}
	return n
}

// judge runs the network over s, from the zero state, and judges what it says.
func (r *Run) judge(s *Sequence) (off float64, right bool) {
	if r.tester == nil {
		r.tester, r.zero = r.newWindow(r.Task.MaxT), make([]float64, r.Params.H)
	}
	r.tester.Forward(s.X, s.Target, r.zero, r.zero)
	return r.Task.Criterion.Judge(s, r.tester.Y)
}

// Test returns how many of so many fresh sequences the network gets wrong, and how far it is
// off in the mean. The parameters stay as they are.
func (r *Run) Test() (wrong int, off float64) {
	s := newSequence(r.Task, r.Params.H)
	n := r.Task.Criterion.Fresh
	for i := range n {
		s.draw(r.rand, r.Task.Fresh, i)
		o, right := r.judge(s)
		off += o
		if !right {
			wrong++
		}
	}
	return wrong, off / float64(n)
}
