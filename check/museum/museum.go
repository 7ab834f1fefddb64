// Package museum has mistakes that people make in the gradient of an LSTM, and in checking it. Each
// exhibit is a wrong line of the pass in package scalar, with what it does to a check and to training.
//
// Diagnose looks at a wrong gradient. It finds where the gradient goes wrong first, and which mistake
// gives exactly these numbers.
//
//	go run . museum              lists the exhibits
//	go run . museum no-forget    shows one
//	go run . museum all          tries them all
package museum

import "slices"

// Exhibits has all exhibits: mistakes at the loss and the readout, in the gates, in the cell, on the way from
// step to step, in the sums over the steps, in the check, and mistakes that no check of gradients can see.
var Exhibits = slices.Concat(atTheLoss, inTheGates, inTheCell, throughTime, inTheSums, ofCheckers, unseen)

// Known reports whether Show takes a name.
func Known(name string) bool { return name == "" || name == "all" || exhibit(name) != nil }

func exhibit(name string) *Exhibit {
	for _, e := range Exhibits {
		if e.Name == name {
			return e
		}
	}
	return nil
}
