package mistake

import (
	"fmt"
	"slices"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

const inOrder = "i, f, o, g"

// ordered returns the gates in the order that an exchange makes, and the names of the two gates.
func ordered(x pass.Exchange) (order, a, b string) {
	o := x.Order()
	return fmt.Sprintf("%s, %s, %s, %s", factor.Name(o[0]), factor.Name(o[1]), factor.Name(o[2]), factor.Name(o[3])), factor.Name(x.A), factor.Name(x.B)
}

// ofOrder adds the gates that are taken in the wrong order on the way back.
func (all *relatives) ofOrder() {
	for _, x := range pass.Exchanges() {
		order, a, b := ordered(x)
		all.wrap(fmt.Sprintf("the dz of the gates %s and %s change places before they are used", a, b), fmt.Sprintf("dz%s, dz%s = dz%s, dz%s", a, b, b, a),
			"concatenate dz in the order of the weights", x.Write)
		all.wrap(fmt.Sprintf("the backward pass takes the values of the gates in the order %s: %s and %s change places", order, a, b), order+" = gates", inOrder+" = gates", x.Read)
		all.wrap(fmt.Sprintf("the backward pass takes the gates in the order %s: the values and the dz of %s and %s change places", order, a, b),
			order+" = gates; dz in this order too", inOrder+" = gates", func(l *pass.Lines) { x.Read(l); x.Write(l) })
	}
}

// Forward has the mistakes in a forward pass whose loss tells them: the exhibits that no check of gradients can see, and
// gates in another order. The backward pass fits the forward pass, or is that of a right one.
func Forward() (all []*Exhibit) {
	all = slices.DeleteFunc(slices.Clone(unseen), func(e *Exhibit) bool { return e.Edit == nil })
	for _, x := range pass.Exchanges() {
		if x == (pass.Exchange{A: I, B: G}) { // i·g is g·i
			continue
		}
		order, a, b := ordered(x)
		add := func(back string, edit func(l *pass.Lines)) {
			all = append(all, &Exhibit{What: fmt.Sprintf("the forward pass takes the gates in the order %s: %s and %s change places, and %s", order, a, b, back),
				Wrong: order + " = gates", Right: inOrder + " = gates", See: golden, Edit: edit})
		}
		add("the backward pass does not", func(l *pass.Lines) { l.Cell = x.Cell })
		add("so does the backward pass", func(l *pass.Lines) { l.Cell = x.Cell; x.Read(l); x.Write(l) })
	}
	return all
}
