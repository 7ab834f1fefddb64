// Package museum has the usual mistakes in the gradient of an LSTM, and in a check of it. Each exhibit
// is a wrong line of the pass in package scalar, with its effect on a check and on training.
//
// Diagnose looks at a wrong gradient. It finds where the gradient goes wrong first, and which mistake
// gives exactly these numbers.
//
//	go run . museum              lists the exhibits
//	go run . museum no-forget    shows one exhibit
//	go run . museum all          tries all exhibits
package museum

import "slices"

// Exhibits has all exhibits: mistakes at the loss and the readout, in the gates, in the cell, between the
// steps, in the sums over the steps, in the check, and mistakes that no check of gradients can see.
var Exhibits = slices.Concat(atTheLoss, inTheGates, inTheCell, throughTime, inTheSums, ofCheckers, unseen)

// Known reports whether Show accepts the name.
func Known(name string) bool { return name == "" || name == "all" || exhibit(name) != nil }

func exhibit(name string) *Exhibit {
	for _, e := range Exhibits {
		if e.Name == name {
			return e
		}
	}
	return nil
}
