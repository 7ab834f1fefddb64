// Package convention reads the arrays of another program as an LSTM. Programs differ in how they store their numbers
// and in what they compute: one matrix a gate or one for all, rows or columns, the order of the gates, the kind of cell, the
// loss and its factors. Read tries what it knows until one reading gives the loss of the file, to the digits
// that the file has. So a file needs to say nothing of its conventions.
//
// # How it reads
//
//  1. Names that differ only in a word for a gate (Wf Wi Wc Wo, forget_gate.bias …) make a unit. Other arrays are
//     units of their own; or, in a second try, four arrays of the same shape are one.
//  2. Each unit gets a form: weights from inputs, from units or from both to the gates, biases, peepholes, the readout,
//     an embedding, states. The shapes and the number of parameters leave few possibilities.
//  3. What is still open is tried: transposed matrices, [x; h] or [h; x], the order of the gates, h = o·c, hard
//     sigmoids, 1 added to the forget gate, i = 1 − f, the loss and its factor. The usual choices come first: each
//     unusual choice costs, and all choices of one cost are tried before those of the next.
//  4. A reading fits if it gives the loss, and y, h and c where the file has them. How far off it may be is measured: all
//     numbers of the file are moved within their bars.
//
// If the loss has few digits, other readings can fit by chance. Then the search goes on for a while, and a reading
// wins whose gradient the file has in some array of the LSTM. If there is none, the cheapest one wins, and the
// reading has the others, too.
//
// # What a reading is
//
// An array of the file is a linear map into the vector of package pass: most entries are one number there; the two biases of
// PyTorch are added into one; with i = 1 − f an entry goes into f, and with a minus into i; a row of an embedding goes
// into each step with its symbol. The transpose of this map gives the gradient in the layout of the file.
package convention

import (
	"fmt"
	"math"
	"slices"

	"lstm/check/chain"
	"lstm/check/given"
	"lstm/check/given/convention/place"
	"lstm/check/pass"
)

// A Reading is a file read as an LSTM.
type Reading struct {
	Dump    *given.Dump   // the file, with the bars that its loss is right for: narrower ones if Exact gave it
	Point   *pass.Point   // the network with the numbers of the file
	Seen    []chain.Array // gradients of parameters, in the order of the file; then dx dh0 dc0; then dy dh dc di df do dg
	Numeric []chain.Array // the program's own numerical gradients
	Words   []string      // what the file was read as, in short sentences
	Others  []string      // what else it could be: readings with the same loss and another gradient
}

// Read reads a file as an LSTM. If no known forward pass gives the loss of the file, the error is a *NoFit.
func Read(d *given.Dump) (*Reading, error) {
	places, err := places(d)
	if err != nil {
		err.Hints = d.Hints()
		return nil, err
	}
	s := newSearch(d, epsilon(d.Precision))
	for _, as := range []*given.Dump{d.Exact(), d} { // short numbers may be rounded, or all that there is to them
		if as != nil {
			s = newSearch(as, epsilon(d.Precision))
			if s.run(places); len(s.fits) > 0 {
				return s.reading(), nil
			}
		}
	}
	single := newSearch(d, epsilon32) // a program may compute in float32 and print more digits
	for _, a := range s.rough {
		single.try(a)
	}
	if len(single.fits) > 0 {
		return single.reading(), nil
	}
	return nil, s.noFit()
}

const epsilon64, epsilon32 = 0x1p-52, 0x1p-23

// epsilon returns the rounding of the arithmetic that a program with numbers of this precision must have.
func epsilon(p given.Precision) float64 {
	if p.Float32 {
		return epsilon32
	}
	return epsilon64
}

// places returns the roles that the arrays can have, for all sizes.
func places(d *given.Dump) (all []*place.Place, err *NoFit) {
	switch {
	case d.Loss == nil:
		return nil, &NoFit{Useless: true, Why: "the file has no loss: it tells what the program computes"}
	case d.Known["x"] == nil:
		return nil, &NoFit{Useless: true, Why: "the file has no x: the loss needs the inputs"}
	case len(d.Params) == 0:
		return nil, &NoFit{Useless: true, Why: "the file has no parameters"}
	}
	needed := slices.Clone(d.Params)
	for _, name := range []string{"x", "target", "h0", "c0"} {
		if a := d.Known[name]; a != nil {
			needed = append(needed, *a)
		}
	}
	for _, a := range append(needed, *d.Loss) {
		if len(a.Data) == 0 {
			return nil, &NoFit{Why: fmt.Sprintf("%s is empty", a.Name)}
		}
		for _, v := range a.Data {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, &NoFit{Why: fmt.Sprintf("%s has an entry that is null, NaN or infinite: the loss needs all of them", a.Name)}
			}
		}
	}
	if all = place.All(d); len(all) > 0 {
		return all, nil
	}
	why, left := place.Missing(d)
	return nil, &NoFit{Why: why, Unplaced: left}
}
