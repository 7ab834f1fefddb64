package train

// A Criterion says when a task is learnt: when the last so many sequences were all right
// and little off, or when all of some sets are right.
type Criterion struct {
	Says string // in words

	// Judge returns how far the outputs y (M,O) for a sequence are off, one row for each step
	// that has a target, and whether that is right.
	Judge func(s *Sequence, y []float64) (off float64, right bool)

	Last  int     // the last so many sequences must be right, each judged before it was learnt from,
	Below float64 // and off by less than this in the mean, +Inf for no limit;

	Sets  []*Sequence // or all of these, if there are any,
	Every int         // looked at after every so many sequences

	Fresh int // sequences to test with when it is learnt
}

// A score is how the sequences went until now.
type score struct {
	inARow int       // so many were right, up to the last
	offs   []float64 // how far off the last so many were, in a ring
	n      int       // sequences

	right  int // of the sets, when they were last looked at
	learnt bool
}

func (s *score) add(off float64, right bool) {
	s.inARow++
	if !right {
		s.inARow = 0
	}
	if len(s.offs) > 0 {
		s.offs[s.n%len(s.offs)] = off
	}
	s.n++
}

// off returns how far the last sequences, as many as the criterion asks for, were off in the
// mean.
func (s *score) off() float64 {
	sum := 0.0
	last := s.offs[:min(s.n, len(s.offs))]
	for _, off := range last {
		sum += off
	}
	return sum / float64(len(last))
}

// Learnt reports whether the task's criterion was met when Train last looked.
func (r *Run) Learnt() bool { return r.score.learnt }

// look sees whether the criterion is met: after every sequence, or, where there are sets,
// after every so many.
func (r *Run) look() {
	c, s := r.Task.Criterion, &r.score
	switch {
	case c == nil:
	case len(c.Sets) == 0:
		s.learnt = s.inARow >= c.Last && s.off() < c.Below
	case r.Iter%c.Every == 0:
		s.right = 0
		for _, set := range c.Sets {
			if _, ok := r.judge(set); ok {
				s.right++
			}
		}
		s.learnt = s.right == len(c.Sets)
	}
}

// judge runs the network over s, from the zero state, and judges what it says.
func (r *Run) judge(s *Sequence) (off float64, right bool) {
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

// MeanLoss returns the loss of a fresh sequence, the mean of n. The parameters stay as they are.
func (r *Run) MeanLoss(n int) float64 {
	s, sum := newSequence(r.Task, r.Params.H), 0.0
	w := r.newWindow(r.Task.MaxT)
	for i := range n {
		s.draw(r.rand, r.Task.Fresh, i)
		sum += w.Forward(s.X, s.Target, s.H0, s.C0) / float64(n)
	}
	return sum
}
