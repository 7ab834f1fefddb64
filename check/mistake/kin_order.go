package mistake

import (
	"fmt"

	"lstm/check/pass"
	"lstm/check/scalar"
)

// An exchange is two gates that change places.
type exchange struct{ a, b int }

// exchanges returns every exchange of two gates.
func exchanges() (all []exchange) {
	for a := range scalar.Gates {
		for b := range a {
			all = append(all, exchange{b, a})
		}
	}
	return all
}

// order returns the gates in the order that the exchange makes.
func (x exchange) order() [4]int {
	order := [4]int{I, F, O, G}
	order[x.a], order[x.b] = x.b, x.a
	return order
}

// text returns the gates in the order that the exchange makes, as words.
func (x exchange) text() string {
	o := x.order()
	return fmt.Sprintf("%s, %s, %s, %s", gateName(o[0]), gateName(o[1]), gateName(o[2]), gateName(o[3]))
}

// read makes the pass read the value of each of the gates in place of the other.
func (x exchange) read(l *pass.Lines) {
	states := l.States
	l.States = func(p *pass.Place) {
		states(p)
		gate, o := [4]float64{p.I, p.F, p.O, p.G}, x.order()
		p.I, p.F, p.O, p.G = gate[o[I]], gate[o[F]], gate[o[O]], gate[o[G]]
	}
}

// write makes the dz of the gates change places.
func (x exchange) write(l *pass.Lines) {
	l.DZ[x.a], l.DZ[x.b] = l.DZ[x.b], l.DZ[x.a]
	if o := l.DZ[O]; x.a == O || x.b == O { // o comes before dc
		l.DZ[O] = func(p *pass.Place) float64 {
			q := *p
			q.DC = p.Back.DC[p.J] + p.FromH()
			return o(&q)
		}
	}
}

// cell returns the cell that takes the gates in the order that the exchange makes.
func (x exchange) cell(gate [4]float64, cPrev float64) (c, tanhC, h float64) {
	o := x.order()
	return pass.LSTM([4]float64{gate[o[I]], gate[o[F]], gate[o[O]], gate[o[G]]}, cPrev)
}

const inOrder = "i, f, o, g"

// ofOrder adds the gates that are taken in the wrong order on the way back.
func (all *relatives) ofOrder() {
	for _, x := range exchanges() {
		a, b, order := gateName(x.a), gateName(x.b), x.text()
		all.wrap(fmt.Sprintf("the dz of the gates %s and %s change places before they are used", a, b), fmt.Sprintf("dz%s, dz%s = dz%s, dz%s", a, b, b, a),
			"concatenate dz in the order of the weights", x.write)
		all.wrap(fmt.Sprintf("the backward pass takes the values of the gates in the order %s: %s and %s change places", order, a, b), order+" = gates", inOrder+" = gates", x.read)
		all.wrap(fmt.Sprintf("the backward pass takes the gates in the order %s: the values and the dz of %s and %s change places", order, a, b),
			order+" = gates; dz in this order too", inOrder+" = gates", func(l *pass.Lines) { x.read(l); x.write(l) })
	}
}

// Forward has the mistakes in a forward pass whose loss tells them: the exhibits that no check of gradients can see, and
// gates in another order. The backward pass fits the forward pass, or is that of a right one.
func Forward() (all []*Exhibit) {
	for _, e := range unseen {
		if e.Edit != nil {
			all = append(all, e)
		}
	}
	for _, x := range exchanges() {
		if x == (exchange{I, G}) { // i·g is g·i
			continue
		}
		add := func(what string, edit func(l *pass.Lines)) {
			all = append(all, &Exhibit{What: fmt.Sprintf("the forward pass takes the gates in the order %s: %s and %s change places%s", x.text(), gateName(x.a), gateName(x.b), what),
				Wrong: x.text() + " = gates", Right: inOrder + " = gates", See: golden, Edit: edit})
		}
		add(", and the backward pass does not", func(l *pass.Lines) { l.Cell = x.cell })
		add(", and so does the backward pass", func(l *pass.Lines) { l.Cell = x.cell; x.read(l); x.write(l) })
	}
	return all
}
