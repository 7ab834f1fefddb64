package convention

import (
	"fmt"
	"strings"

	"lstm/check/given"
)

// A NoFit is the error of a file whose loss comes out of no known forward pass.
type NoFit struct {
	Why      string   // what stands in the way of any try; or empty
	Unplaced []string // the parameters that have no role
	File     float64  // the loss of the file
	Loss     float64  // the closest loss
	Words    []string // what the closest reading is
	Differs  string   // the first number of y, h or c that differs
}

func (e *NoFit) Error() string {
	if e.Why != "" {
		return e.Why
	}
	text := fmt.Sprintf("no known forward pass gives this loss, %v; the closest gives %v (%s)", e.File, e.Loss, strings.Join(e.Words, "; "))
	if e.Differs != "" {
		text += ". " + e.Differs
	}
	return text
}

// noFit returns what came closest.
func (s *search) noFit() error {
	e := &NoFit{File: s.d.Loss.Data[0]}
	if s.near == nil {
		e.Why = "no known forward pass could be tried: the target fits no output"
		return e
	}
	n := s.near
	e.Loss, e.Words = n.loss, n.words(s.d, n.objective, n.factor)
	if d := n.differs; d != nil {
		place := fmt.Sprintf("step %d, %s %d", d.t, map[string]string{"y": "output"}[d.name]+"", d.unit)
		if d.name != "y" {
			place = fmt.Sprintf("step %d, unit %d", d.t, d.unit)
		}
		if n.seq.N > 1 {
			place = fmt.Sprintf("sequence %d, %s", d.s, place)
		}
		e.Differs = fmt.Sprintf("%s at %s: the file has %.6g, this LSTM %.6g", d.name, place, d.file, d.ours)
		if len(d.agree) > 0 {
			e.Differs += fmt.Sprintf("; %s is the same", strings.Join(d.agree, " and "))
		}
	}
	return e
}

// unplaced tells which parameters are in the way.
func unplaced(d *given.Dump) error {
	return &NoFit{Why: "no LSTM's parameters are found"}
}
