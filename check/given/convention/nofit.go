package convention

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A NoFit is the error for a file whose loss comes out of no known forward pass.
type NoFit struct {
	Hints    []string // what may be missing, or have another name
	Useless  bool     // the file lacks what no file can do without
	Why      string   // what stands in the way of any try; empty if there were tries
	Unplaced []string // the parameters that have no place in an LSTM, if others have one
	File     float64  // the loss of the file
	Loss     float64  // the closest loss
	Words    []string // what the file was read as, for the closest loss
	Differs  string   // the first number of y, h or c that differs
	NoTarget bool     // the file has no target: then the closest reading says little
	Own      bool     // the gradient in the file is that of the closest reading
}

// Error returns a line.
func (e *NoFit) Error() string { return strings.Join(e.Lines(), ". ") }

// Lines returns the reasons: first the hints. What has another name has no place either, so the hints stand alone then.
func (e *NoFit) Lines() []string {
	all := slices.Clone(e.Hints)
	switch {
	case e.Why == "" && e.NoTarget:
		all = append(all, fmt.Sprintf("no known sum of y, h or c gives the loss of the file, %.8g", e.File))
	case e.Why == "":
		text := fmt.Sprintf("the loss of the file is %.8g; the closest reading gives %.8g", e.File, e.Loss)
		if e.Loss != 0 {
			text += fmt.Sprintf(", and yours is %.4g times that", e.File/e.Loss)
		}
		all = append(all, text+" ("+strings.Join(e.Words, "; ")+")")
	case len(all) == 0:
		all = append(all, e.Why)
	}
	if e.Own && !e.NoTarget {
		all = append(all, "the gradient of the file is that of this reading, so only the loss is of something else")
	}
	if e.Differs != "" {
		all = append(all, e.Differs)
	}
	return all
}

// noFit returns what came closest.
func (s *search) noFit() error {
	e := &NoFit{File: s.d.Loss.Data[0], Hints: s.hints(), NoTarget: s.d.Known["target"] == nil}
	if n := s.closest(); n != nil {
		e.Loss, e.Words = n.loss, words(n.Trial, s.d, n.objective, n.factor)
		if n.differs != nil {
			e.Differs = n.differs.words(n.Seq.N)
		}
		e.Own = n.own
		return e
	}
	e.Why = "no known forward pass could be tried: too many numbers"
	return e
}

// hints returns what may be wrong with a file that has the form of an LSTM.
func (s *search) hints() (all []string) {
	all = s.d.Hints()
	if n := s.near; n != nil && n.Gates == 3 {
		all = append(all, "the arrays have three gates; a GRU is not known")
	}
	if s.d.Known["h0"] == nil && s.d.Known["c0"] == nil {
		return all
	}
	zero := *s.d
	zero.Known = maps.Clone(s.d.Known)
	delete(zero.Known, "h0")
	delete(zero.Known, "c0")
	if _, err := Read(&zero); err == nil {
		all = append(all, "the loss is that of a pass that starts from a state of zeros, and not from h0 and c0")
	}
	return all
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
