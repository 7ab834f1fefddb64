package runpage

import (
	"lstm/train/page"
	"lstm/train/proof"
	"lstm/train/task"
	"lstm/train/walk"
	"lstm/train/walkplot"
)

// walked walks through the sequence of the check or, without a check, through a new one.
func walked(s *sequence, p *proof.Proof) page.Panel {
	seq := walk.Sequence{X: s.X, Target: s.Target, H0: s.H0, C0: s.C0, Inputs: s.task.Inputs, Outputs: s.task.Outputs}
	says := "One unit of the cell over a new sequence. "
	if x := sequenceOf(p); x != nil {
		seq.X, seq.Target, seq.H0, seq.C0 = x.X, x.Target, x.H0, x.C0
		says = "One unit of the cell over the sequence that was checked. "
	}
	w := walk.Run(s.Model, seq)
	if p != nil {
		if c := p.Way(); c != nil {
			w = walk.Wrong(c, "as it is")
			says += "Where the gradient is wrong, the right numbers stand beside it. "
		}
	}
	return page.Panel{ID: "walk", Title: "The way back, step by step", Says: says + "Walk from right to left, as the gradient does.", Body: walkplot.HTML(w)}
}

// sequenceOf returns the sequence of the check, or nil if there is none.
func sequenceOf(p *proof.Proof) *task.Sequence {
	if p == nil {
		return nil
	}
	return p.Sequence()
}
