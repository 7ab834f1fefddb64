package proof

import (
	"lstm/cell"
	"lstm/check"
	"lstm/check/cause"
	"lstm/check/chain"
	"lstm/check/pass"
	"lstm/train/task"
)

// Sequence returns the sequence that was checked: its last T steps, from the state before them. The caller must not
// change it.
func (p *Proof) Sequence() *task.Sequence { return p.seq }

// Way returns every number of the backward pass, if the gradient is wrong and the network is small enough for package
// pass. Otherwise it returns nil.
func (p *Proof) Way() *chain.Chain {
	if p.Panic != "" || p.Count(check.Wrong) == 0 {
		return nil
	}
	net := p.model.Params
	grad := cell.New(net.X, net.H, net.O)
	p.loss()
	p.window.Backward(grad)
	pt := newPoint(p.model, p.T, p.parameters(grad), p.window.DZ, p.seq.Target)
	if pt == nil {
		return nil
	}
	for _, c := range chain.Find(pass.New(pass.Standard(pt.Net), pt.v, pt.target), cause.Arrays(pt.Net, pt.grad)) {
		return c
	}
	return nil
}
