package convention

import (
	"fmt"
	"strings"
)

// A NoFit is the error for a file whose loss comes out of no known forward pass.
type NoFit struct {
	Why      string   // what stands in the way of any try; empty if there were tries
	Unplaced []string // the parameters that have no place in an LSTM, if others have one
	File     float64  // the loss of the file
	Loss     float64  // the closest loss
	Words    []string // what the file was read as, for the closest loss
	Differs  string   // the first number of y, h or c that differs
}

// Error returns a line.
func (e *NoFit) Error() string {
	if e.Why != "" {
		return e.Why
	}
	text := fmt.Sprintf("no known forward pass gives this loss, %.8g; the closest gives %.8g (%s)", e.File, e.Loss, strings.Join(e.Words, "; "))
	if e.Differs != "" {
		text += ". " + e.Differs
	}
	return text
}

// noFit returns what came closest.
func (s *search) noFit() error {
	e := &NoFit{File: s.d.Loss.Data[0]}
	if n := s.near; n != nil {
		e.Loss, e.Words = n.loss, words(n.Trial, s.d, n.objective, n.factor)
		if n.differs != nil {
			e.Differs = n.differs.words(n.Seq.N)
		}
		return e
	}
	e.Why = "no known forward pass could be tried: too many numbers"
	return e
}

func (d *difference) words(sequences int) string {
	where := fmt.Sprintf("step %d, unit %d", d.t, d.unit)
	if d.name == "y" {
		where = fmt.Sprintf("step %d, output %d", d.t, d.unit)
	}
	if sequences > 1 {
		where = fmt.Sprintf("sequence %d, %s", d.s, where)
	}
	s := fmt.Sprintf("%s at %s: the file has %.6g, this LSTM %.6g", d.name, where, d.file, d.ours)
	switch len(d.agree) {
	case 0:
		return s
	case 1:
		return s + fmt.Sprintf("; %s is the same", d.agree[0])
	}
	return s + fmt.Sprintf("; %s are the same", strings.Join(d.agree, " and "))
}
