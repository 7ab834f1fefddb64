package runpage

import (
	"lstm/train/page"
	"lstm/train/proof"
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
	x := s.whole
	return walk.Run(s.Model, walk.Sequence{X: x.X, Target: x.Target, H0: x.H0, C0: x.C0, Inputs: s.task.Inputs, Outputs: s.task.Outputs})
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
