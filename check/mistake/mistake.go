// Package mistake has the usual mistakes in the gradient of an LSTM, and in a check of it. A mistake is a wrong line of
// the pass in package pass. The exhibits have names and are shown in the museum. Their relatives are the same mistakes at
// other gates and steps, and hundreds of others.
package mistake

import "slices"

// Rooms has the exhibits in the order of the backward pass: at the loss and the readout, in the gates, in the cell, between
// the steps, in the sums over the steps; then those in the check, and those that no check of gradients can see.
var Rooms = [][]*Exhibit{atTheLoss, inTheGates, inTheCell, throughTime, inTheSums, ofCheckers, unseen}

// Exhibits has all exhibits.
var Exhibits = slices.Concat(Rooms...)

// Find returns the exhibit of a name, or nil.
func Find(name string) *Exhibit {
	for _, e := range Exhibits {
		if e.Name == name {
			return e
		}
	}
	return nil
}
