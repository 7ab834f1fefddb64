package runpage

import (
	"lstm/train/page"
	"lstm/train/proof"
	"lstm/train/rng"
	"lstm/train/task"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// walkOf walks through the sequence. If the gradient is wrong, the right one chooses the units.
func walkOf(s *sequence, p *proof.Proof) *walk.Walk {
	if p != nil {
		if c := p.Way(); c != nil {
			return walk.Wrong(c, "as it is")
		}
	}
	of := plain(s.whole)
	of.Inputs, of.Outputs = s.task.Inputs, s.task.Outputs
	random := rng.New(^s.seed)
	for k := range others {
		x := s.task.NewSequence(len(of.H0))
		x.Fill(s.task.Fresh, random, k)
		of.Others = append(of.Others, plain(x))
	}
	return walk.Run(s.Model, of)
}

const others = 64 // sequences that a walk compares with

func plain(s *task.Sequence) walk.Sequence {
	return walk.Sequence{X: s.X, Target: s.Target, H0: s.H0, C0: s.C0}
}

// walked shows a walk.
func walked(w *walk.Walk, checked bool) page.Panel {
	says := "One unit of the cell over a new sequence. "
	if checked {
		says = "One unit of the cell over the sequence that was checked. "
	}
	if len(w.Cases) > 0 {
		says += "Where the gradient is wrong, the right numbers stand beside it. "
	}
	return page.Panel{ID: "walk", Title: "The way back, step by step", Says: says + "Walk from right to left, as the gradient does.", Body: walkplot.HTML(w)}
}
