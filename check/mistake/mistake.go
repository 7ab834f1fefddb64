// Package mistake has the usual mistakes in the gradient of an LSTM, and in a check of it. A mistake is a wrong line of
// the pass in package pass. The exhibits have names and are shown in the museum. Their relatives are the same mistakes at
// other gates and steps, and hundreds of others.
package mistake

import "slices"

// A Room has the exhibits of one part of the backward pass.
type Room struct {
	Name     string     // which part
	Exhibits []*Exhibit // in the order of the pass
}

// Rooms has all exhibits, room by room.
var Rooms = []Room{
	{"At the loss and the readout", atTheLoss}, {"In the gates", inTheGates}, {"In the cell", inTheCell}, {"Between the steps", throughTime},
	{"In the sums over the steps", inTheSums}, {"In the check", ofCheckers}, {"Seen by no check of gradients", unseen},
}

// Exhibits has all exhibits.
var Exhibits = slices.Concat(atTheLoss, inTheGates, inTheCell, throughTime, inTheSums, ofCheckers, unseen)

// Find returns the exhibit of a name, or nil.
func Find(name string) *Exhibit {
	for _, e := range Exhibits {
		if e.Name == name {
			return e
		}
	}
	return nil
}
