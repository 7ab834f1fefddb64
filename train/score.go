package train

// A score is how the sequences went so far, by a task's criterion.
type score struct {
	inARow int       // so many were right, up to the last one
	offs   []float64 // the errors of the last so many, in a ring
	n      int       // sequences

	right  int // of the sets, when they were last judged
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

// off returns the mean error of the last sequences, as many as the criterion asks for.
func (s *score) off() float64 {
	sum := 0.0
	last := s.offs[:min(s.n, len(s.offs))]
	for _, off := range last {
		sum += off
	}
	return sum / float64(len(last))
}
