package cause

import (
	"math"

	"lstm/check"
	"lstm/check/cause/plain"
	"lstm/check/chain/forward"
	"lstm/check/mistake"
	"lstm/check/pass"
	"lstm/check/scalar"
)

// DiagnoseForward is Diagnose for a program whose forward pass may be wrong. tr has the numbers of its forward pass.
// It finds the line of the forward pass that is wrong. As long as there is one, the backward pass is not judged. progress is
// as for Causes.
func DiagnoseForward(n scalar.Net, v, target, grad []float64, tr *pass.Trace, wrong func(i int) bool, progress func(done, total int)) *Diagnosis {
	p := pass.New(pass.Standard(n), v, target)
	faults := forward.Find(p, tr)
	if len(faults) == 0 {
		return diagnose(n, v, target, grad, wrong, progress)
	}
	d := &Diagnosis{Place: scalar.Locate(n, grad, wrong), Forward: faults[0].Where()}
	if c, where, ok := plain.Kept(p, tr); ok {
		d.Forward, d.Causes = where, []check.Cause{c}
		return d
	}
	for _, e := range mistake.Forward() {
		if loss := e.Pass(n, v, target).Loss; math.Abs(loss-tr.Loss) <= 1e-9*math.Abs(loss) && scalar.Same(n, grad, e.Gradient(n, v, target)) {
			d.Causes = append(d.Causes, causeOf(e, known(grad), 1))
			return d
		}
	}
	for _, f := range faults {
		d.Causes = append(d.Causes, f.Cause())
	}
	return d
}
